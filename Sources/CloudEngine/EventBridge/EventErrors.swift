// SPDX-License-Identifier: GPL-3.0-or-later

/// The words of the event bus's refusals. [EVENTS.errors]
extension ServiceError {
  static func ruleNotFound(_ name: String) -> ServiceError {
    ServiceError(
      code: "ResourceNotFoundException",
      message: "Rule \(name) does not exist on EventBus default.")
  }

  static func eventBusNotFound(_ name: String) -> ServiceError {
    ServiceError(
      code: "ResourceNotFoundException", message: "Event bus \(name) does not exist.")
  }

  static func invalidEventPattern(_ reason: String) -> ServiceError {
    ServiceError(
      code: "InvalidEventPatternException",
      message: "Event pattern is not valid. Reason: \(reason)")
  }

  static let tooManyOfThese = ServiceError(
    code: "LimitExceededException",
    message: "The requested resource exceeds the maximum number allowed.")
}
