// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
package import PersistentCollections
import ServiceModel
import Simulation

/// An operation of AWS Backup.
package protocol BackupOperation: Operation {}

extension BackupOperation {
  package static var service: String { "backup" }

  /// Refuses what the model does not admit in this service's own words. [BKP.errors]
  package static func check(_ input: Document) throws(ServiceError) {
    try checkMembers(of: input)
  }

  static func checkMembers(of input: Document) throws(ServiceError) {
    guard let shape = Catalog.entry(service: service, name: name)?.input else { return }
    if let missing = shape.members.first(where: { $0.isRequired && input[$0.name]?.isNull ?? true })
    {
      throw .missingBackupParameter(missing.name)
    }
    if let text = violations(of: input, as: shape) { throw .invalidBackupParameter(text) }
  }
}

/// What AWS Backup keeps of one account in one Region; nil in a place that never used it.
package struct BackupService: Sendable, Codable {
  var settings = BackupSettings()
  /// Vaults by name.
  package internal(set) var vaults: OrderedMap<String, BackupVault> = OrderedMap()
  /// Recovery points by ARN.
  var recoveryPoints = Register<RecoveryPoint>()
  var backupJobs = Register<BackupJob>()
  var restoreJobs = Register<RestoreJob>()
  var copies = Register<CopyJob>()
  /// Plans by id, deleted ones included.
  var plans = Register<BackupPlan>()
  /// Resources that a job has backed up, by ARN. [BKP.protected]
  var protectedResources: OrderedMap<String, ProtectedResource> = OrderedMap()
  /// The job that is at work on a resource, by the resource's ARN: there is one at most.
  var busyResources: OrderedMap<String, String> = OrderedMap()
  /// Jobs by their kind and the token they were asked for with, as long as the jobs are kept.
  var tokens: OrderedMap<String, String> = OrderedMap()
  /// Each of these is nil before its first element.
  var legalHolds: Register<LegalHold>?
  /// By name.
  var restoreTestingPlans: OrderedMap<String, RestoreTestingPlan>?
  var reportPlans: OrderedMap<String, ReportPlan>?
  var reportJobs: Register<ReportJob>?
  var frameworks: OrderedMap<String, Framework>?

  init() {}

  /// What a place keeps that never used it.
  fileprivate static let empty = Box(BackupService())

  /// A job is done with a resource: the next one may have it.
  mutating func release(_ resourceARN: String, from jobID: String) {
    if busyResources[resourceARN] == jobID { busyResources[resourceARN] = nil }
  }
}

extension Region {
  /// The names of all vaults, in byte order.
  package var backupVaultNames: [String] { backup?.value.vaults.map(\.key) ?? [] }

  /// The ARNs of all recovery points, oldest first.
  package var recoveryPointARNs: [String] {
    backup?.value.recoveryPoints.oldestFirst.map(\.arn) ?? []
  }

  /// The ids of all plans that are not deleted, oldest first.
  package var backupPlanIDs: [String] {
    backup?.value.plans.oldestFirst.filter { $0.deletedAt == nil }.map(\.id) ?? []
  }

  /// What AWS Backup keeps here, as if it had always kept something; changed in place.
  var awsBackup: BackupService {
    unsafeAddress { backup?.address ?? BackupService.empty.address }
    unsafeMutableAddress {
      if backup == nil { backup = Box(BackupService()) }
      guard let address = backup?.mutableAddress() else { preconditionFailure("It was just made.") }
      return address
    }
  }
}

extension Cloud {
  /// Where what AWS Backup keeps of a place lies, for looking at parts of it while the cloud is not
  /// changed: a Region or a service that is copied costs a reference count for each of its maps.
  func backupService(in place: Place) -> UnsafePointer<BackupService> {
    guard let region = places.address(of: place), let box = region.pointee.backup else {
      return BackupService.empty.address
    }
    return box.address
  }
}
