// SPDX-License-Identifier: GPL-3.0-or-later

import Documents

/// The words of AWS Organizations' own refusals. [ORG.errors]
extension ServiceError {
  static let organizationNotInUse = ServiceError(
    code: "AWSOrganizationsNotInUseException",
    message: "Your account is not a member of an organization.")
  static let organizationDenied = ServiceError(
    code: "AccessDeniedException",
    message: "You don't have permissions to access this resource.")
  static let accountUnknown = ServiceError(
    code: "AccountNotFoundException", message: "You specified an account that doesn't exist.")
  static let rootUnknown = ServiceError(
    code: "RootNotFoundException", message: "You specified a root that doesn't exist.")
  static let policyTargetUnknown = ServiceError(
    code: "TargetNotFoundException", message: "You specified a target that doesn't exist.")
  static let organizationPolicyUnknown = ServiceError(
    code: "PolicyNotFoundException", message: "You specified a policy that doesn't exist.")
  static let handshakeUnknown = ServiceError(
    code: "HandshakeNotFoundException", message: "You specified a handshake that doesn't exist.")

  /// A refusal that no reason need be given for beside the words.
  static func organization(_ code: String, _ message: String) -> ServiceError {
    ServiceError(code: code, message: message)
  }

  static func invalidOrganizationInput(_ message: String, reason: String) -> ServiceError {
    ServiceError(
      code: "InvalidInputException", message: message, members: ["Reason": .string(reason)])
  }
}
