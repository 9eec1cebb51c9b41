// SPDX-License-Identifier: GPL-3.0-or-later

import Documents

/// The words of AWS Backup's own refusals. [BKP.errors]
extension ServiceError {
  static func missingBackupParameter(_ name: String) -> ServiceError {
    ServiceError(
      code: "MissingParameterValueException", message: "Missing required parameter: \(name)")
  }

  static func invalidBackupParameter(_ message: String) -> ServiceError {
    ServiceError(code: "InvalidParameterValueException", message: message)
  }

  /// A value that the service refuses under a number and with what it is about. [BKP.lifecycle]
  static func invalidBackupParameter(
    _ message: String, number: String, context: [String]
  ) -> ServiceError {
    ServiceError(
      code: "InvalidParameterValueException", message: message,
      members: [
        "Code": .string(number),
        "Context": .string(Document.array(context.map(Document.string)).json()),
      ])
  }

  static func invalidBackupRequest(_ message: String) -> ServiceError {
    ServiceError(code: "InvalidRequestException", message: message)
  }

  static func invalidBackupState(_ message: String) -> ServiceError {
    ServiceError(code: "InvalidResourceStateException", message: message)
  }

  static func backupConflict(_ message: String) -> ServiceError {
    ServiceError(code: "ConflictException", message: message)
  }

  /// Something of a name or a token that is there already.
  static func backupAlreadyExists(
    _ message: String, arn: String, creatorRequestId: String
  ) -> ServiceError {
    ServiceError(
      code: "AlreadyExistsException", message: message,
      members: ["CreatorRequestId": .string(creatorRequestId), "Arn": .string(arn)])
  }

  static func backupResourceNotFound(_ message: String) -> ServiceError {
    ServiceError(code: "ResourceNotFoundException", message: message)
  }

  static func backupLimitExceeded(_ message: String) -> ServiceError {
    ServiceError(code: "LimitExceededException", message: message)
  }

  // MARK: Vaults

  /// DescribeBackupVault hides whether a vault exists. [BKP.vault]
  static let vaultHidden = ServiceError(
    code: "AccessDeniedException", message: "Insufficient privileges to perform this action.",
    status: 403)

  static let vaultNotFound = backupResourceNotFound(
    "Backup vault with the specified name does not exist")

  static func vaultAlreadyExists(_ vault: BackupVault) -> ServiceError {
    ServiceError(
      code: "AlreadyExistsException", message: "Backup vault with the same name already exists",
      members: [
        "CreatorRequestId": .string(vault.creatorRequestId), "Arn": .string(vault.arn),
      ])
  }

  static func vaultNotEmpty(_ count: Int) -> ServiceError {
    ServiceError(
      code: "InvalidRequestException",
      message: "Backup vault cannot be deleted because it contains recovery points.",
      members: ["Code": "ERROR_9101", "Context": .string(String(count))])
  }

  static let vaultHasNoPolicy = backupResourceNotFound(
    "The backup vault does not have an access policy.")

  static let vaultHasNoNotifications = backupResourceNotFound(
    "The backup vault does not have notification configurations.")

  // MARK: Recovery points

  static let recoveryPointNotFound = backupResourceNotFound("Cannot find recovery point.")

  static let recoveryPointLocked = invalidBackupRequest(
    "RecoveryPoint cannot be deleted or updated (Backup vault configured with Lock)")

  static let recoveryPointHeld = invalidBackupRequest(
    "The recovery point cannot be deleted because it has active legal hold(s)")

  static func roleNotAssumed(_ arn: String) -> ServiceError {
    .invalidBackupParameter("IAM Role \(arn) cannot be assumed by AWS Backup")
  }
}
