// SPDX-License-Identifier: GPL-3.0-or-later

/// The words of the key service's refusals. [KMS.errors]
extension ServiceError {
  static func keyNotFound(_ arn: String) -> ServiceError {
    ServiceError(code: "NotFoundException", message: "Key '\(arn)' does not exist")
  }

  static func keyInvalidID(_ text: String) -> ServiceError {
    ServiceError(code: "NotFoundException", message: "Invalid keyId \(text)")
  }

  /// A key or alias of another Region.
  static func keyInvalidARN(region: String) -> ServiceError {
    ServiceError(code: "NotFoundException", message: "Invalid arn \(region)")
  }

  static func aliasNotFound(_ arn: String) -> ServiceError {
    ServiceError(code: "NotFoundException", message: "Alias \(arn) is not found.")
  }

  static func aliasAlreadyExists(_ arn: String) -> ServiceError {
    ServiceError(
      code: "AlreadyExistsException", message: "An alias with the name \(arn) already exists")
  }

  static let aliasNameInvalid = ServiceError(
    code: "InvalidAliasNameException",
    message: "The request was rejected because the specified alias name is not valid.")

  static let keyMarkerInvalid = ServiceError(
    code: "InvalidMarkerException",
    message: "The request was rejected because the marker that specifies where pagination should "
      + "next begin is not valid.")

  static func keyDisabled(_ arn: String) -> ServiceError {
    ServiceError(code: "DisabledException", message: "\(arn) is disabled.")
  }

  static func keyPendingDeletion(_ arn: String) -> ServiceError {
    ServiceError(code: "KMSInvalidStateException", message: "\(arn) is pending deletion.")
  }

  static func keyNotPendingDeletion(_ arn: String) -> ServiceError {
    ServiceError(code: "KMSInvalidStateException", message: "\(arn) is not pending deletion.")
  }

  static func keyAccessDenied(
    _ arn: String, to action: String, for caller: Caller
  ) -> ServiceError {
    .accessDenied(
      "User: \(caller.arn) is not authorized to perform: kms:\(action) on resource: \(arn) because "
        + "no resource-based policy allows the kms:\(action) action")
  }
}
