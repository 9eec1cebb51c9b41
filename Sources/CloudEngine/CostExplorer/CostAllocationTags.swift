// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Which tags an organization's bill is split by. [CE.tags]
///
/// A tag splits what is used from a day after its activation on, and nothing before.
struct CostAllocationTags: Sendable, Codable {
  struct Status: Sendable, Codable, Hashable {
    var isActive: Bool
    var changedAt: Instant
    /// The stretches in which the tag splits the bill; the last one may have no end.
    var active: [Stretch] = []
  }

  struct Stretch: Sendable, Codable, Hashable {
    let from: Instant
    var until: Instant?
  }

  /// How long an activation takes at the most, which is what it takes here.
  static let delay: Duration = .hours(24)

  var statuses: OrderedMap<String, Status> = OrderedMap()

  /// The instants from which on a tag counts or counts no more.
  var activeFrom: [Instant] {
    statuses.flatMap { entry in
      entry.value.active.flatMap { [$0.from] + ($0.until.map { [$0] } ?? []) }
    }
  }

  func isActive(_ key: String, at instant: Instant) -> Bool {
    statuses[key]?.active.contains { $0.from <= instant && instant < $0.until ?? .forever } ?? false
  }

  mutating func set(_ key: String, isActive: Bool, at now: Instant) {
    var status = statuses[key] ?? Status(isActive: false, changedAt: now)
    if isActive, !status.isActive {
      status.active.append(Stretch(from: now + Self.delay))
    } else if !isActive, status.isActive, let last = status.active.popLast(), last.from < now {
      status.active.append(Stretch(from: last.from, until: now))
    }
    status.isActive = isActive
    status.changedAt = now
    statuses[key] = status
  }
}

extension Instant {
  fileprivate static let forever = Instant(milliseconds: .max)
}

extension Cloud {
  /// The account that pays for another: the management account of its organization, or itself.
  private func payer(for account: String) -> String {
    guard let organization, organization.includes(account) else { return account }
    return organization.managementAccount
  }

  /// The tags that the bill an account belongs to is split by.
  func costAllocationTags(payingFor account: String) -> CostAllocationTags {
    costTags?[payer(for: account)] ?? CostAllocationTags()
  }

  /// The tag keys that the tables, recovery points and vaults of an account's organization bear.
  fileprivate func tagKeys(paidBy account: String) -> [String] {
    var keys: Set<String> = []
    for entry in places where payer(for: entry.key.account) == account {
      for table in entry.value.tables.values { keys.formUnion(table.settings.tags.map(\.key)) }
      guard let backup = entry.value.backup?.value else { continue }
      for point in backup.recoveryPoints.oldestFirst { keys.formUnion(point.tags.keys) }
      for vault in backup.vaults.values { keys.formUnion(vault.tags.keys) }
    }
    return keys.sorted()
  }

  fileprivate func requirePayer(_ caller: Caller) throws(ServiceError) {
    guard payer(for: caller.account) == caller.account else {
      throw .accessDenied("Linked account doesn't have access to cost allocation tags.")
    }
  }
}

/// Activates or deactivates tags for the bill, each by itself. [CE.tags]
package struct UpdateCostAllocationTagsStatus: CostOperation {
  let costAllocationTagsStatus: [Entry]

  struct Entry: Decodable, Sendable {
    let tagKey: String
    let status: String
  }

  package struct Output: Encodable, Sendable { let errors: [Failure] }

  struct Failure: Encodable, Sendable {
    let tagKey: String
    let code: String
    let message: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    try cloud.requirePayer(caller)
    var known = cloud.costAllocationTags(payingFor: caller.account)
    let keys = cloud.tagKeys(paidBy: caller.account)
    var errors: [Failure] = []
    for entry in costAllocationTagsStatus {
      guard keys.contains(entry.tagKey) || known.statuses[entry.tagKey] != nil else {
        errors.append(
          Failure(
            tagKey: entry.tagKey, code: "TagKeysNotFoundException",
            message: "Tag keys not found: \(entry.tagKey)"))
        continue
      }
      known.set(entry.tagKey, isActive: entry.status == "Active", at: cloud.now)
    }
    // A request that changes no tag changes nothing.
    guard errors.count < costAllocationTagsStatus.count else { return Output(errors: errors) }
    var all = cloud.costTags ?? OrderedMap()
    all[caller.account] = known
    cloud.costTags = all
    return Output(errors: errors)
  }
}

/// Lists the tags that the bill could be split by, by key. [CE.tags]
package struct ListCostAllocationTags: CostOperation {
  let status: String?
  let tagKeys: [String]?
  let type: String?
  let nextToken: String?
  let maxResults: Int?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let costAllocationTags: [Entry]
    let nextToken: String?
  }

  struct Entry: Encodable, Sendable {
    let tagKey: String
    let type: String
    let status: String
    let lastUpdatedDate: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    try cloud.requirePayer(caller)
    let known = cloud.costAllocationTags(payingFor: caller.account)
    let keys = Set(cloud.tagKeys(paidBy: caller.account) + known.statuses.map(\.key)).sorted()
    let entries = keys.map { key in
      let status = known.statuses[key]
      return Entry(
        tagKey: key, type: "UserDefined",
        status: status?.isActive ?? false ? "Active" : "Inactive",
        lastUpdatedDate: status?.changedAt.flooredToSecond.rfc3339)
    }.filter { entry in
      status ?? entry.status == entry.status && type ?? entry.type == entry.type
        && (tagKeys?.contains(entry.tagKey) ?? true)
    }
    let page = try Page(
      entries, limit: maxResults ?? 100, token: nextToken,
      otherwise: .validation("Invalid NextToken"),
      name: \.tagKey)
    return Output(costAllocationTags: page.shown, nextToken: page.nextToken)
  }
}
