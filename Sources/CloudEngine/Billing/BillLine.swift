// SPDX-License-Identifier: GPL-3.0-or-later

/// What is metered, each a line of the bill. [PRICE.lines]
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
  /// Table storage of both classes: items, indexes and what each item adds. [PRICE.storage]
  case table
  case infrequentTable = "table-ia"
  /// A customer managed key, while it is not waiting for its deletion. [PRICE.keys]
  case key
  /// What tables ask of their keys, customer managed or AWS managed. [PRICE.keyRequests]
  case keyRequest = "key-requests"
  /// The objects of a bucket in S3 Standard. [PRICE.objects]
  case storage = "s3-storage"
  /// Those in S3 Glacier Deep Archive.
  case archive = "s3-deep-archive"

  /// What a line's heading bears the name of.
  package enum Subject: String { case table, key, bucket }

  package var subject: Subject {
    switch self {
    case .key, .keyRequest: .key
    case .storage, .archive: .bucket
    default: .table
    }
  }

  /// Its place in the order of the names, which is asked for far too often to compare them.
  private var rank: Int {
    switch self {
    case .backup: 0
    case .coldBackup: 1
    case .coldRestore: 2
    case .copyTransfer: 3
    case .earlyDeletion: 4
    case .export: 5
    case .import: 6
    case .incrementalExport: 7
    case .key: 8
    case .keyRequest: 9
    case .pitr: 10
    case .restore: 11
    case .archive: 12
    case .storage: 13
    case .table: 14
    case .infrequentTable: 15
    case .transfer: 16
    case .warmBackup: 17
    case .warmRestore: 18
    }
  }

  package static func < (left: BillLine, right: BillLine) -> Bool { left.rank < right.rank }

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
    case .table, .storage: "TimedStorage-ByteHrs"
    case .archive: "TimedStorage-GDA-ByteHrs"
    case .infrequentTable: "IA-TimedStorage-ByteHrs"
    case .key: "KMS-Keys"
    case .keyRequest: "KMS-Requests"
    }
  }

  /// True for what is paid by the GB moved or by the request, not by the GB held and its time.
  package var isPaidOnce: Bool {
    switch self {
    case .pitr, .backup, .warmBackup, .coldBackup, .table, .infrequentTable, .key, .storage,
      .archive:
      false
    case .export, .incrementalExport, .import, .restore, .transfer, .warmRestore, .coldRestore,
      .copyTransfer, .earlyDeletion, .keyRequest:
      true
    }
  }

  /// The section of the bill it stands in, as Cost Explorer names services. [PRICE.usage]
  package var service: String {
    switch self {
    case .pitr, .backup, .export, .incrementalExport, .import, .restore, .transfer, .table,
      .infrequentTable:
      "Amazon DynamoDB"
    case .warmBackup, .coldBackup, .warmRestore, .coldRestore, .earlyDeletion, .copyTransfer:
      "AWS Backup"
    case .key, .keyRequest: "AWS Key Management Service"
    case .storage, .archive: "Amazon Simple Storage Service"
    }
  }

  /// True for what a table costs by itself, backed up or not.
  package var isTableStorage: Bool { self == .table || self == .infrequentTable }

  /// The bytes, keys or requests that make one priced unit.
  package var unitSize: Int128 { subject == .key ? 1 : 1 << 30 }

  /// What is priced, as a bill writes it.
  package var unit: String {
    switch self {
    case .key: "Keys"
    case .keyRequest: "Requests"
    case _ where isPaidOnce && self != .earlyDeletion: "GB"
    default: "GB-Mo"
    }
  }
}
