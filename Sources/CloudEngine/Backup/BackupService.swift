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
  /// Jobs by the token they were asked for with.
  var tokens: OrderedMap<String, String> = OrderedMap()

  init() {}
}

/// Something that is known by a name of its own and came into being at an instant.
protocol Registered: Codable, Sendable {
  var id: String { get }
  var createdAt: Instant { get }
}

/// Things in the order in which they came into being, found by their ids as well.
package struct Register<Element: Codable & Sendable>: Codable, Sendable {
  private var entries: OrderedMap<Int, Element> = OrderedMap()
  private var positions: OrderedMap<String, Int> = OrderedMap()
  private var next = 0

  init() {}

  /// All of them, oldest first.
  package var oldestFirst: [Element] { entries.map(\.value) }

  /// The element of an id; nil if there is none.
  ///
  /// - Complexity: O(log n).
  package subscript(id: String) -> Element? {
    guard let position = positions[id] else { return nil }
    return entries[position]
  }
}

extension Register where Element: Registered {
  /// Adds one that was not there before.
  ///
  /// - Complexity: O(log n).
  mutating func append(_ element: Element) {
    entries[next] = element
    positions[element.id] = next
    next += 1
  }

  /// Changes one in place; nothing happens if it is gone.
  mutating func change(_ id: String, _ change: (inout Element) -> Void) {
    guard let position = positions[id] else { return }
    change(&entries[existing: position])
  }

  mutating func remove(_ id: String) {
    guard let position = positions.removeValue(forKey: id) else { return }
    entries[position] = nil
  }

  /// Forgets those that came into being before an instant.
  ///
  /// - Complexity: O(log n) for each one forgotten.
  mutating func forget(before instant: Instant) {
    while let first = entries.first, first.value.createdAt < instant { remove(first.value.id) }
  }
}

extension Region {
  /// The names of all vaults, in byte order.
  package var backupVaultNames: [String] { backup?.vaults.map(\.key) ?? [] }

  /// The ARNs of all recovery points, oldest first.
  package var recoveryPointARNs: [String] {
    backup?.recoveryPoints.oldestFirst.map(\.arn) ?? []
  }

  /// The ids of all plans that are not deleted, oldest first.
  package var backupPlanIDs: [String] {
    backup?.plans.oldestFirst.filter { $0.deletedAt == nil }.map(\.id) ?? []
  }

  /// What AWS Backup keeps here, as if it had always kept something; changed in place.
  var awsBackup: BackupService {
    _read { yield backup ?? BackupService() }
    _modify {
      var service = backup ?? BackupService()
      backup = nil
      defer { backup = service }
      yield &service
    }
  }
}

// MARK: - One page of a listing

/// One page of a listing of AWS Backup, whose token names the last element shown. [BKP.paging]
struct BackupPage<Element> {
  let shown: [Element]
  let nextToken: String?

  /// - Parameters:
  ///   - all: Everything, in the order of the listing.
  ///   - limit: How many make a page; 1,000 if the request names no number.
  ///   - token: The page before's; nil for the first page.
  ///   - id: What tells the elements apart.
  /// - Throws: InvalidParameterValue for a token that names nothing in the listing.
  init(
    _ all: [Element], limit: Int?, token: String?, id: (Element) -> String
  ) throws(ServiceError) {
    var rest = all[...]
    if let token {
      guard let last = all.firstIndex(where: { Self.token(for: id($0)) == token }) else {
        throw .invalidBackupParameter("Invalid NextToken")
      }
      rest = all[(last + 1)...]
    }
    shown = Array(rest.prefix(limit ?? 1_000))
    nextToken = shown.count < rest.count ? shown.last.map { Self.token(for: id($0)) } : nil
  }

  private static func token(for id: String) -> String { UUIDText.derived(from: "page after " + id) }
}
