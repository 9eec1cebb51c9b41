// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

/// The words of DynamoDB's own refusals. [DDB.errors]
extension ServiceError {
  // MARK: Not found: each family of operations has its own words.

  static func tableNotFoundByTables(_ name: String) -> ServiceError {
    ServiceError(
      code: "ResourceNotFoundException",
      message: "Requested resource not found: Table: \(name) not found")
  }

  static func tableNotFoundByTags(_ arn: String) -> ServiceError {
    ServiceError(
      code: "ResourceNotFoundException",
      message: "Requested resource not found: ResourceArn: \(arn) not found")
  }

  static let tableNotFoundByItems = ServiceError(
    code: "ResourceNotFoundException", message: "Requested resource not found")

  static func tableNotFoundByBackups(_ name: String) -> ServiceError {
    ServiceError(code: "TableNotFoundException", message: "Table not found: \(name)")
  }

  static func indexNotFound(_ index: String, of table: String) -> ServiceError {
    ServiceError(
      code: "ResourceNotFoundException",
      message: "Requested resource not found: Index \(index) for table \(table)")
  }

  static func backupNotFound(_ arn: String) -> ServiceError {
    ServiceError(code: "BackupNotFoundException", message: "Backup not found: \(arn)")
  }

  // MARK: In use

  static func inUse(_ detail: String) -> ServiceError {
    ServiceError(
      code: "ResourceInUseException",
      message: "Attempt to change a resource which is still in use: \(detail)")
  }

  static func tableAlreadyExistsForCreate(_ name: String) -> ServiceError {
    ServiceError(code: "ResourceInUseException", message: "Table already exists: \(name)")
  }

  static func tableAlreadyExistsForRestore(_ name: String) -> ServiceError {
    ServiceError(code: "TableAlreadyExistsException", message: "Table already exists: \(name)")
  }

  static func alreadyBeingRestored(_ name: String, from source: String) -> ServiceError {
    ServiceError(
      code: "TableInUseException",
      message: "Table: \(name) is already being restored from backup: \(source)")
  }

  static func backupFeedsAnotherRestore(_ arn: String) -> ServiceError {
    ServiceError(
      code: "BackupInUseException",
      message: "Backup is being used to restore another table: \(arn)")
  }

  static func backupInUse(_ arn: String) -> ServiceError {
    ServiceError(
      code: "BackupInUseException", message: "Backup is being used to restore table: \(arn)")
  }

  // MARK: Point-in-time recovery

  static func backupsBeingEnabled(_ name: String) -> ServiceError {
    ServiceError(
      code: "ContinuousBackupsUnavailableException",
      message: "Backups are being enabled for the table: \(name). Please retry later")
  }

  static func recoveryNotEnabled(_ name: String) -> ServiceError {
    ServiceError(
      code: "PointInTimeRecoveryUnavailableException",
      message: "Point in time recovery is not enabled for table '\(name)'")
  }

  static func invalidRestoreTime(
    _ instant: Instant, outside window: ClosedRange<Instant>
  ) -> ServiceError {
    ServiceError(
      code: "InvalidRestoreTimeException",
      message: "RestoreDateTime '\(instant.flooredToSecond.rfc3339)' must be within "
        + "EarliestRestorableDateTime '\(window.lowerBound.rfc3339)' and "
        + "LatestRestorableDateTime '\(window.upperBound.rfc3339)'")
  }

  // MARK: Limits

  static func limitExceeded(_ message: String) -> ServiceError {
    ServiceError(code: "LimitExceededException", message: message)
  }

  static let tooManyTables = limitExceeded(
    "Subscriber limit exceeded: The number of tables exceeds the account limit of "
      + "\(Limits.tablesPerRegion)")

  static func throttled(_ message: String) -> ServiceError {
    ServiceError(code: "ThrottlingException", message: message)
  }

  // MARK: Parameters

  static func invalidValues(_ detail: String) -> ServiceError {
    .validation("One or more parameter values were invalid: \(detail)")
  }

  static func invalidRequest(_ detail: String) -> ServiceError {
    .validation("Invalid Request: \(detail)")
  }
}
