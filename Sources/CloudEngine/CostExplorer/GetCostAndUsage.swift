// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
import Simulation

/// An operation of Cost Explorer, which is the same from every Region.
package protocol CostOperation: Operation {}

extension CostOperation {
  package static var service: String { "ce" }
}

/// Answers what was used and what it cost, by month, day or hour. [CE.usage]
///
/// The ledger's own lines, under the service's names; backups of DynamoDB's own stand where the
/// service posts them, a month in advance. The management account sees its organization, everybody
/// else one account.
package struct GetCostAndUsage: CostOperation {
  let timePeriod: Interval
  let granularity: Granularity
  let filter: CostExpression?
  let metrics: [String]
  let groupBy: [Group]?
  let nextPageToken: String?

  package static var isReadOnly: Bool { true }

  struct Interval: Codable, Sendable {
    let start: String
    let end: String
  }

  enum Granularity: String, Decodable, Sendable {
    case monthly = "MONTHLY"
    case daily = "DAILY"
    case hourly = "HOURLY"
  }

  struct Group: Codable, Sendable {
    let type: String?
    let key: String?
  }

  package struct Output: Encodable, Sendable {
    let groupDefinitions: [Group]?
    let resultsByTime: [Result]
    let dimensionValueAttributes: [DimensionValue]
  }

  struct Result: Encodable, Sendable {
    let timePeriod: Interval
    let total: [String: Metric]
    let groups: [Values]
    let estimated: Bool
  }

  struct Values: Encodable, Sendable {
    let keys: [String]
    let metrics: [String: Metric]
  }

  struct Metric: Encodable, Sendable {
    let amount: String
    let unit: String
  }

  struct DimensionValue: Encodable, Sendable {
    let value: String
    let attributes: [String: String]
  }

  /// Refuses spellings of times before the model's pattern can. [CE.errors]
  package static func check(_ input: Document) throws(ServiceError) {
    for (member, what) in [("Start", "Start"), ("End", "End")] {
      guard let text = input["TimePeriod"]?[member]?.string else { continue }
      guard CostPeriod.instant(text) != nil else { throw .costTimeInvalid(what, text) }
    }
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let period = try CostPeriod(timePeriod, by: granularity, at: cloud.now)
    let metrics = try metrics.map { name throws(ServiceError) in try CostMetric(checking: name) }
    let groups = try (groupBy ?? []).map { group throws(ServiceError) in
      try CostGrouping(group)
    }
    guard groups.count <= 2 else { throw .validation("Only two values for GroupBy are allowed") }
    try filter?.check()
    guard nextPageToken == nil else {
      throw ServiceError(code: "InvalidNextTokenException", message: "Invalid NextPageToken")
    }
    let view = CostView(cloud, for: caller)
    let entries = view.entries(of: period).filter { entry in
      filter?.admits(entry, in: view) ?? true
    }
    let byPeriod = Dictionary(grouping: entries) { period.index(of: $0.from) }
    let results = period.stretches.indices.map { index in
      result(
        byPeriod[index] ?? [], in: period.stretches[index], metrics: metrics, groups: groups,
        view: view)
    }
    return Output(
      groupDefinitions: groupBy, resultsByTime: results,
      dimensionValueAttributes: groups.contains(.dimension(.account))
        ? view.accounts.map { .init(value: $0, attributes: ["description": "Account \($0)"]) } : [])
  }

  private func result(
    _ entries: [BillEntry], in stretch: CostPeriod.Stretch, metrics: [CostMetric],
    groups: [CostGrouping], view: CostView
  ) -> Result {
    var values: [Values] = []
    if !groups.isEmpty {
      let byKeys = Dictionary(grouping: entries) { entry in groups.map { $0.key(of: entry, view) } }
      values = byKeys.keys.sorted { $0.lexicographicallyPrecedes($1) }.map { keys in
        Values(keys: keys, metrics: Self.values(of: byKeys[keys] ?? [], metrics))
      }
    }
    return Result(
      timePeriod: stretch.shown, total: groups.isEmpty ? Self.values(of: entries, metrics) : [:],
      groups: values, estimated: stretch.isEstimated)
  }

  private static func values(
    of entries: [BillEntry], _ metrics: [CostMetric]
  ) -> [String: Metric] {
    Dictionary(metrics.map { ($0.rawValue, $0.value(of: entries)) }) { first, _ in first }
  }
}

/// What Cost Explorer adds up. [CE.metrics]
enum CostMetric: String, CaseIterable {
  case amortizedCost = "AmortizedCost"
  case blendedCost = "BlendedCost"
  case netAmortizedCost = "NetAmortizedCost"
  case netUnblendedCost = "NetUnblendedCost"
  case normalizedUsageAmount = "NormalizedUsageAmount"
  case unblendedCost = "UnblendedCost"
  case usageQuantity = "UsageQuantity"

  init(checking name: String) throws(ServiceError) {
    guard let metric = Self(rawValue: name) else {
      throw .validation(
        "Metrics are invalid. Valid values for metrics are "
          + Self.allCases.map(\.rawValue).joined(separator: ", "))
    }
    self = metric
  }

  /// Nothing here is reserved, discounted or credited, so all costs are the same one.
  func value(of entries: [BillEntry]) -> GetCostAndUsage.Metric {
    switch self {
    case .normalizedUsageAmount: return .init(amount: "0", unit: "N/A")
    case .usageQuantity:
      let units = Set(entries.map(\.heading.line.unit))
      let sum = entries.reduce(Int128(0)) { $0 + $1.quantity }
      return .init(
        amount: Self.text(sum), unit: units.count == 1 ? units.first ?? "N/A" : "N/A")
    default:
      return .init(
        amount: Self.text(entries.reduce(.zero) { $0 + $1.cost }.tenBillionths), unit: "USD")
    }
  }

  /// Up to ten decimals, without the zeros at the end.
  private static func text(_ value: Int128) -> String {
    var text = ScaledNumber.text(value, digits: 10, places: 10)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }
}
