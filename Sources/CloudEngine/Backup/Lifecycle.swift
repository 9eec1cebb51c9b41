// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

/// When a recovery point moves to cold storage and when it is deleted, in days. [BKP.lifecycle]
struct Lifecycle: Codable, Hashable, Sendable {
  var moveToColdStorageAfterDays: Int?
  var deleteAfterDays: Int?

  /// How long a recovery point stays in cold storage at the least.
  static let coldDays = 90
  static let deletionDays = 1...36_500

  /// No members at all mean: warm, for ever.
  static let forever = Lifecycle()

  /// The same with -1, which is never, left out.
  var normalized: Lifecycle {
    Lifecycle(
      moveToColdStorageAfterDays: moveToColdStorageAfterDays == -1
        ? nil : moveToColdStorageAfterDays,
      deleteAfterDays: deleteAfterDays == -1 ? nil : deleteAfterDays)
  }

  /// What is wrong with it, in the service's words; nil if nothing is.
  var fault: String? {
    if let deleteAfterDays, !Self.deletionDays.contains(deleteAfterDays) {
      return "Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 36500 days"
    }
    guard let moveToColdStorageAfterDays else { return nil }
    guard moveToColdStorageAfterDays >= 1 else {
      return "Invalid lifecycle. MoveToColdStorageAfterDays cannot be less than 1 day"
    }
    guard moveToColdStorageAfterDays <= Self.deletionDays.upperBound else {
      return "Invalid lifecycle. MoveToColdStorageAfterDays cannot be more than 36500 days"
    }
    guard let deleteAfterDays, deleteAfterDays < moveToColdStorageAfterDays + Self.coldDays else {
      return nil
    }
    return "Invalid lifecycle. DeleteAfterDays cannot be less than 90 days apart from "
      + "MoveToColdStorageAfterDays"
  }
}

extension Lifecycle? {
  /// A request's lifecycle without what means never.
  ///
  /// - Throws: InvalidParameterValue for days that cannot be. [BKP.lifecycle]
  func checked() throws(ServiceError) -> Lifecycle {
    let lifecycle = (self ?? .forever).normalized
    if let fault = lifecycle.fault { throw .invalidBackupParameter(fault) }
    return lifecycle
  }
}

/// The instants that follow from a lifecycle. [BKP.lifecycle]
struct CalculatedLifecycle: Encodable, Sendable {
  let moveToColdStorageAt: Timestamp?
  let deleteAt: Timestamp?
}
