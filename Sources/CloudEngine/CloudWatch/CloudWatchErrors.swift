// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ServiceModel

/// An operation of Amazon CloudWatch.
protocol CloudWatchOperation: Operation {}

extension CloudWatchOperation {
  package static var service: String { "cloudwatch" }

  /// Refuses what the model does not admit in this service's own words. [CW.errors]
  package static func check(_ input: Document) throws(ServiceError) {
    guard let shape = Catalog.entry(service: service, name: name)?.input else { return }
    if let missing = shape.members.first(where: { $0.isRequired && input[$0.name]?.isNull ?? true })
    {
      throw .missingMetricParameter(missing.name)
    }
    if let text = violations(of: input, as: shape) { throw .invalidMetricRequest(text) }
  }
}

/// The words of CloudWatch's refusals. [CW.errors]
extension ServiceError {
  static func invalidMetricRequest(_ message: String) -> ServiceError {
    ServiceError(code: "ValidationError", message: message)
  }

  static func missingMetricParameter(_ name: String) -> ServiceError {
    ServiceError(code: "MissingParameter", message: "The parameter \(name) is required.")
  }

  static func invalidMetricParameter(_ message: String) -> ServiceError {
    ServiceError(code: "InvalidParameterValue", message: message)
  }

  static func invalidMetricCombination(_ message: String) -> ServiceError {
    ServiceError(code: "InvalidParameterCombination", message: message)
  }

  static func alarmNotFound(_ names: [String]) -> ServiceError {
    ServiceError(
      code: "ResourceNotFound", message: "Alarms not found: \(names.joined(separator: ", "))",
      status: 404)
  }

  static let invalidMetricToken = ServiceError(
    code: "InvalidNextToken", message: "The next token is invalid.")
}
