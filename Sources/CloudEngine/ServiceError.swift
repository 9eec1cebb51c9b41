// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents

/// A service's refusal of a request: its exact code and words.
///
/// A refused request leaves the cloud as it was; only observations (the audit trail, throttles)
/// remember it. Instances are made by the factories in each service's `Errors.swift`.
package struct ServiceError: Error, Sendable, Hashable {
  /// The code clients match on, such as `TableNotFoundException`.
  package let code: String
  package let message: String
  /// Further modelled members of the error, an object; empty for most.
  package let members: Document
  /// The HTTP status the service answers with: 400, or 500 for its own failures.
  package let status: Int

  package init(
    code: String, message: String, members: Document = .emptyObject, status: Int = 400
  ) {
    self.code = code
    self.message = message
    self.members = members
    self.status = status
  }
}

extension ServiceError {
  /// The answer to what the services do and this engine does not; never given for a plain mistake.
  ///
  /// The text names the operation, member or value as the learner would.
  package static func notSimulated(_ what: String) -> ServiceError {
    ServiceError(
      code: notSimulatedCode, message: "\(what) is not simulated by Rewind. Nothing was changed.")
  }

  package static let notSimulatedCode = "NotSimulated"

  static func validation(_ message: String) -> ServiceError {
    ServiceError(code: "ValidationException", message: message)
  }

  static func serialization(_ message: String) -> ServiceError {
    ServiceError(code: "SerializationException", message: message)
  }

  static func accessDenied(_ message: String = "Access is denied") -> ServiceError {
    ServiceError(code: "AccessDeniedException", message: message)
  }
}
