// SPDX-License-Identifier: GPL-3.0-or-later

/// Where a price comes from, the surest first. [PRICE.sources]
package enum PriceSource: String, Sendable, CaseIterable {
  /// A price list or a price page of the service.
  case list
  /// Several sources that are not the service's and agree.
  case secondary
  /// Another Region's price times the known ratio between the two.
  case derived
  /// Nothing confirms it.
  case assumed
}

/// What a unit of something costs in a Region, and how we know.
package struct Price: Sendable, Hashable {
  /// Millionths of a dollar for a GB, a GB-month, a key-month or a request.
  package let millionths: Int64
  package let source: PriceSource
  /// When it was read, as `2026-11-22`.
  package let date: String
}

/// Prices in USD by Region: data, each with its source. [PRICE.ddb]
package enum PriceTable {
  /// A GB is 2^30 bytes.
  package static let bytesPerGB = 1_073_741_824.0

  private static let read = "2026-11-22"
  /// The date of the price list of eu-west-1.
  private static let listed = "2026-09-11"
  private static let cheapest = ["us-east-1", "us-east-2", "us-west-2"]
  /// Everywhere else costs so many percent of it, where nothing better is known.
  private static let percentElsewhere: Int64 = 110

  /// The prices of us-east-1, which are those of us-east-2 and us-west-2.
  private static let base: [BillLine: Price] = [
    .pitr: Price(millionths: 200_000, source: .list, date: read),
    .backup: Price(millionths: 100_000, source: .list, date: read),
    .export: Price(millionths: 100_000, source: .list, date: read),
    .incrementalExport: Price(millionths: 100_000, source: .list, date: read),
    .import: Price(millionths: 150_000, source: .secondary, date: read),
    .restore: Price(millionths: 150_000, source: .list, date: read),
    .transfer: Price(millionths: 20_000, source: .secondary, date: read),
    .warmBackup: Price(millionths: 100_000, source: .list, date: read),
    .coldBackup: Price(millionths: 30_000, source: .secondary, date: read),
    .warmRestore: Price(millionths: 150_000, source: .list, date: read),
    .coldRestore: Price(millionths: 200_000, source: .secondary, date: read),
    .earlyDeletion: Price(millionths: 30_000, source: .secondary, date: read),
    .copyTransfer: Price(millionths: 20_000, source: .assumed, date: read),
    .table: Price(millionths: 250_000, source: .list, date: read),
    .infrequentTable: Price(millionths: 100_000, source: .secondary, date: read),
    .key: Price(millionths: 1_000_000, source: .list, date: read),
    .keyRequest: Price(millionths: 3, source: .list, date: read),
    .storage: Price(millionths: 23_000, source: .secondary, date: read),
    .archive: Price(millionths: 990, source: .secondary, date: read),
  ]

  /// What is known of single lines elsewhere.
  private static let known: [String: [BillLine: Price]] = [
    "eu-west-1": [
      .pitr: Price(millionths: 220_000, source: .list, date: listed),
      .table: Price(millionths: 283_000, source: .list, date: listed),
      .infrequentTable: Price(millionths: 113_000, source: .derived, date: read),
    ],
    "us-west-1": [
      .backup: Price(millionths: 112_000, source: .secondary, date: read),
      .restore: Price(millionths: 168_000, source: .secondary, date: read),
    ],
    "ap-northeast-2": [
      .incrementalExport: Price(millionths: 108_300, source: .secondary, date: read)
    ],
  ]

  /// The lines whose price is the same in every Region.
  private static let everywhere: [BillLine] = [.transfer, .copyTransfer, .key, .keyRequest]

  /// What a unit of a line costs in a Region.
  package static func entry(for line: BillLine, in region: String) -> Price {
    if let price = known[region]?[line] { return price }
    guard let price = base[line] else { preconditionFailure("every line has a price: \(line)") }
    if cheapest.contains(region) || everywhere.contains(line) { return price }
    let isKnown = price.source == .list
    return Price(
      millionths: price.millionths * percentElsewhere / 100,
      source: isKnown ? .derived : price.source, date: price.date)
  }

  /// USD per GB-month, or per GB of what is paid once.
  package static func price(of line: BillLine, in region: String) -> Double {
    Double(entry(for: line, in: region).millionths) / 1_000_000
  }

  /// False for a price that is derived from another Region's, or that no list confirms.
  package static func isListed(_ line: BillLine, in region: String) -> Bool {
    entry(for: line, in: region).source == .list
  }
}
