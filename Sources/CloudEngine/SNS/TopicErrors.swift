// SPDX-License-Identifier: GPL-3.0-or-later

/// The words of the notification service's refusals. [SNS.errors]
extension ServiceError {
  static let topicNotFound = ServiceError(
    code: "NotFound", message: "Topic does not exist", status: 404)

  static func invalidParameter(_ what: String) -> ServiceError {
    ServiceError(code: "InvalidParameter", message: "Invalid parameter: \(what)")
  }
}
