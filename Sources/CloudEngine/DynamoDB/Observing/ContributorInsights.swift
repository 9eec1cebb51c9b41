// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// How Contributor Insights stand with a table or one of its global indexes. [DDB.insights]
///
/// The rules it stands for are CloudWatch's, which is not simulated: they are named and counted, and
/// see no traffic.
struct ContributorInsights: Hashable, Sendable, Codable {
  /// The global index; nil for the table itself.
  let index: String?
  var mode: Mode
  var status: Status
  /// When the rules were asked for, which is part of their names.
  var rulesSince: Instant
  /// When the status settled last; nil before it ever did.
  var changedAt: Instant?
  /// When the change under way will be done.
  var settlesAt: Instant?
  /// True from a refusal for want of rules until the status is DISABLED or ENABLED.
  var lacksRules = false

  enum Mode: String, Hashable, Sendable, Codable {
    case accessedAndThrottled = "ACCESSED_AND_THROTTLED_KEYS"
    case throttled = "THROTTLED_KEYS"
  }

  enum Status: String, Hashable, Sendable, Codable {
    case enabling = "ENABLING"
    case enabled = "ENABLED"
    case disabling = "DISABLING"
    case disabled = "DISABLED"
    case failed = "FAILED"
  }

  /// How many rules a Region's account may have. [DDB.insights]
  static let rulesPerRegion = 100

  /// The names of the rules, each for what is accessed (C) or throttled (T) most by partition key
  /// (PK) or by both keys (SK).
  func rules(of table: Table) -> [String] {
    let schema = table.settings.keySchema(ofIndex: index)
    let kinds = mode == .throttled ? ["T"] : ["C", "T"]
    let keys = schema.count > 1 ? ["PK", "SK"] : ["PK"]
    let target = table.name + (index.map { "-\($0)" } ?? "")
    return kinds.flatMap { kind in
      keys.map { "DynamoDBContributorInsights-\($0)\(kind)-\(target)-\(rulesSince.milliseconds)" }
    }
  }
}

extension TableSettings {
  /// The key of the table, or of a global index that exists.
  fileprivate func keySchema(ofIndex name: String?) -> [KeySchemaElement] {
    guard let name, let position = globalIndex(named: name) else { return keySchema }
    return globalIndexes[position].keySchema
  }
}

extension Delays {
  /// Both were measured at one to three seconds, the first once at sixteen. [DDB.insights]
  static let togglingInsights: Duration = .seconds(2)
}

extension Table {
  /// How insights stand with the table or an index; nil if they were never asked for.
  func insights(ofIndex index: String?) -> ContributorInsights? {
    contributorInsights?.first { $0.index == index }
  }

  /// Keeps an entry in the order of lists: the table, then its indexes as they were asked for.
  mutating func keep(_ entry: ContributorInsights) {
    var entries = contributorInsights ?? []
    if let position = entries.firstIndex(where: { $0.index == entry.index }) {
      entries[position] = entry
    } else {
      entries.insert(entry, at: entry.index == nil ? 0 : entries.count)
    }
    contributorInsights = entries
  }

  /// An index's rules go with it.
  mutating func dropInsights(ofIndex index: String) {
    contributorInsights?.removeAll { $0.index == index }
  }
}

extension Cloud {
  /// The change of insights under way is done, unless another one came in between.
  mutating func insightsSettle(_ id: TableID, index: String?) {
    guard exists(id), var entry = self[id.place][id].insights(ofIndex: index),
      entry.settlesAt == now
    else { return }
    entry.settlesAt = nil
    entry.changedAt = now
    switch entry.status {
    case .disabling:
      entry.status = .disabled
      entry.lacksRules = false
    default:
      let needed = entry.rules(of: self[id.place][id]).count
      let used = insightRuleCount(in: id.place, except: id, index: index)
      entry.lacksRules = used + needed > ContributorInsights.rulesPerRegion
      entry.status = entry.lacksRules ? .failed : .enabled
    }
    self[id.place][id].keep(entry)
  }

  /// The rules in force in a place, those of one entry left out.
  private func insightRuleCount(in place: Place, except id: TableID, index: String?) -> Int {
    var count = 0
    for table in self[place].tables.values {
      for entry in table.contributorInsights ?? [] where entry.status == .enabled {
        if table.identity == id, entry.index == index { continue }
        count += entry.rules(of: table).count
      }
    }
    return count
  }
}
