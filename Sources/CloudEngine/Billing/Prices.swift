// SPDX-License-Identifier: GPL-3.0-or-later

/// What is metered for backups, each a line of the bill. [PRICE.lines]
package enum BillLine: String, Sendable, CaseIterable, Comparable, Codable {
  /// Point-in-time recovery: the size of the table and its local secondary indexes.
  case pitr
  /// On-demand backup storage: the same size at the backup's instant, for each backup.
  case backup

  package static func < (left: BillLine, right: BillLine) -> Bool { left.rawValue < right.rawValue }

  /// The usage type as Cost Explorer names it, without the Region's prefix. [PRICE.usage]
  package var usageType: String {
    switch self {
    case .pitr: "TimedPITRStorage-ByteHrs"
    case .backup: "TimedBackupStorage-ByteHrs"
    }
  }
}

/// Prices in USD per GB-month, by Region. [PRICE.ddb]
///
/// The figures for us-east-1, and PITR in eu-west-1, are listed prices; every other one is those of
/// us-east-1 times the known ratio between Regions, and `isListed` says which is which.
package enum PriceTable {
  /// A GB is 2^30 bytes.
  package static let bytesPerGB = 1_073_741_824.0

  private static let cheapest = ["us-east-1", "us-east-2", "us-west-2"]
  private static let ratioElsewhere = 1.10

  package static func pricePerGBMonth(of line: BillLine, in region: String) -> Double {
    let base =
      switch line {
      case .pitr: 0.20
      case .backup: 0.10
      }
    return cheapest.contains(region) ? base : base * ratioElsewhere
  }

  /// False for a price that is derived from another Region's.
  package static func isListed(_ line: BillLine, in region: String) -> Bool {
    cheapest.contains(region) || (line == .pitr && region == "eu-west-1")
  }
}
