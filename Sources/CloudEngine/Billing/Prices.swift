// SPDX-License-Identifier: GPL-3.0-or-later

/// What is metered for backups, each a line of the bill. [PRICE.lines]
package enum BillLine: String, Sendable, CaseIterable, Comparable, Codable {
  /// Point-in-time recovery: the size of the table and its local secondary indexes.
  case pitr
  /// On-demand backup storage: the same size at the backup's instant, for each backup.
  case backup
  /// A full export: the size of the table and its local secondary indexes at its instant.
  case export
  /// An incremental export: what it processed, 10 MB at least. [PRICE.export]
  case incrementalExport = "incremental-export"
  /// An import: what it read, after decompression.
  case `import`
  /// The data that a restore brings, indexes included.
  case restore
  /// The data that a restore takes into another Region, in the Region it leaves.
  case transfer
  /// A recovery point that AWS Backup stores itself, in warm and in cold storage. [PRICE.recovery]
  case warmBackup = "warm"
  case coldBackup = "cold"
  /// The data that a restore of such a recovery point brings.
  case warmRestore = "warm-restore"
  case coldRestore = "cold-restore"
  /// The GB-months that what left cold storage too early still owes.
  case earlyDeletion = "early-deletion"
  /// The data that a copy takes into another Region, in the Region it leaves. [PRICE.recovery]
  case copyTransfer = "copy-transfer"

  package static func < (left: BillLine, right: BillLine) -> Bool { left.rawValue < right.rawValue }

  /// The usage type as Cost Explorer names it, without the Region's prefix. [PRICE.usage]
  package var usageType: String {
    switch self {
    case .pitr: "TimedPITRStorage-ByteHrs"
    case .backup: "TimedBackupStorage-ByteHrs"
    case .export: "ExportDataSize-Bytes"
    case .incrementalExport: "IncrementalExportDataSize-Bytes"
    case .import: "ImportDataSize-Bytes"
    case .restore: "RestoreDataSize-Bytes"
    case .transfer: "AWS-Out-Bytes"
    case .warmBackup: "WarmStorage-ByteHrs-DynamoDB"
    case .coldBackup: "ColdStorage-ByteHrs-DynamoDB"
    case .warmRestore: "Restore-WarmBytes-DynamoDB"
    case .coldRestore: "Restore-ColdBytes-DynamoDB"
    case .copyTransfer: "CrossRegion-WarmBytes-DynamoDB"
    case .earlyDeletion: "EarlyDelete-ColdByteHrs-DynamoDB"
    }
  }

  /// True for what is paid by the GB moved, not by the GB held and its time.
  package var isPaidOnce: Bool {
    switch self {
    case .pitr, .backup, .warmBackup, .coldBackup: false
    case .export, .incrementalExport, .import, .restore, .transfer, .warmRestore, .coldRestore,
      .copyTransfer, .earlyDeletion:
      true
    }
  }
}

/// Prices in USD by Region, per GB-month or GB. [PRICE.ddb]
///
/// The figures for us-east-1, and PITR in eu-west-1, are listed prices; every other one is those of
/// us-east-1 times the known ratio between Regions, and `isListed` says which is which.
package enum PriceTable {
  /// A GB is 2^30 bytes.
  package static let bytesPerGB = 1_073_741_824.0

  private static let cheapest = ["us-east-1", "us-east-2", "us-west-2"]
  private static let ratioElsewhere = 1.10

  /// USD per GB-month, or per GB of what is paid once.
  package static func price(of line: BillLine, in region: String) -> Double {
    let base: Double
    switch line {
    case .pitr, .coldRestore: base = 0.20
    case .backup, .export, .incrementalExport, .warmBackup: base = 0.10
    case .import, .restore, .warmRestore: base = 0.15
    case .coldBackup, .earlyDeletion: base = 0.03
    // A typical figure, the same everywhere.
    case .transfer, .copyTransfer: return 0.02
    }
    return cheapest.contains(region) ? base : base * ratioElsewhere
  }

  /// False for a price that is derived from another Region's, or that no list confirms.
  package static func isListed(_ line: BillLine, in region: String) -> Bool {
    ![.transfer, .copyTransfer, .coldBackup, .coldRestore, .earlyDeletion].contains(line)
      && cheapest.contains(region) || (line == .pitr && region == "eu-west-1")
  }
}
