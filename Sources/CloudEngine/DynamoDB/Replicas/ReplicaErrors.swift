// SPDX-License-Identifier: GPL-3.0-or-later

/// What the service says about global tables. [DDB.global.errors]
extension ServiceError {
  static let noReplicaAction = ServiceError.validation(
    "There are no actions specified in the Replica Update Action of the request.")

  static let mixedReplicaActions = ServiceError.validation(
    "Update table operation with more than one type of replica actions not allowed.")

  static let severalReplicaActions = ServiceError.validation(
    "Update table operation with more than one create or delete replica actions not allowed")

  static let localReplica = ServiceError.validation(
    "Cannot add or delete the local region through ReplicaUpdates. Use CreateTable, DeleteTable, "
      + "or UpdateTable as required.")

  /// The Regions named are those a world may use.
  static func replicaRegion(_ region: String, supported: [String]) -> ServiceError {
    .validation(
      "Region \(region) is not supported. The latest version of global tables are only supported "
        + "in the following regions: [\(supported.joined(separator: ", "))]")
  }

  /// Also for a table of the same name that has nothing to do with this one, and for a replica that
  /// is not quite gone yet.
  static func replicaExists(_ table: String) -> ServiceError {
    .validation(
      "Failed to create a the new replica of table with name: ‘\(table)’ because one or more "
        + "replicas already existed as tables.")
  }

  static func notReplicas(_ regions: [String]) -> ServiceError {
    .validation(
      "Update global table operation failed because one or more replicas were not part of the "
        + "global table. Please retry the request without these replicas: "
        + "[\(regions.joined(separator: ", "))].")
  }

  static func replicaBeingAdded(_ table: String, in region: String) -> ServiceError {
    .validation(
      "Create/Update/Delete of replica is not allowed while the replica is being added to table "
        + "with name: \(table) in region \(region).")
  }

  static let replicaIsSource = ServiceError.validation(
    "Replica cannot be deleted because it has acted as a source region for new replica(s) being "
      + "added to the table in the last 24 hours.")

  static func replicaIsProtected(_ table: String, in region: String) -> ServiceError {
    .validation(
      "Cannot delete table \(table) in region \(region) because it has deletion protection "
        + "enabled. Disable deletion protection first.")
  }

  static let replicaCapacity = ServiceError.validation(
    "Table write capacity should either be Pay-Per-Request or AutoScaled.")

  static let replicaUnits = ServiceError.validation(
    "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
      + "PAY_PER_REQUEST")

  static let replicaKeyMissing = ServiceError.invalidValues(
    "KMSMasterKeyId must be specified for each replica.")

  static let replicaKeysDiffer = ServiceError.invalidValues(
    "All replica keys must either be Customer Managed CMK or AWS Managed CMK.")

  static let replicaStream = ServiceError.invalidValues(
    "Disabling Stream is not allowed for a Global Table replica.")

  static func replicaClassLimit(in region: String) -> ServiceError {
    .limitExceeded(
      "Limit exceeded for replica in \(region). Updates to TableClass are limited to 2 times in 30 "
        + "day(s)")
  }

  static let consistencyOfExisting = ServiceError.validation(
    "MultiRegionConsistency parameter is unsupported on existing global table")

  static let createsOnlyWithConsistency = ServiceError.validation(
    "Only Replica Create actions are supported when MultiRegionConsistency parameter is provided.")

  /// The one thing a member of a global table says while it or its group is being changed.
  static let replicaInUse = ServiceError(
    code: "ResourceInUseException",
    message: "The resource which you are attempting to change is in use.")

  // MARK: Version 2017.11.29

  static let legacyGlobalTable = ServiceError.invalidValues(
    "DynamoDB global tables version 2017.11.29 is not supported. We recommend using DynamoDB "
      + "global tables version 2019.11.21, instead of version 2017.11.29 (Legacy).")

  static func globalTableNotFound(_ name: String, prefix: String = "") -> ServiceError {
    ServiceError(
      code: "GlobalTableNotFoundException",
      message: "\(prefix)Global table with name: '\(name)' does not exist.")
  }
}
