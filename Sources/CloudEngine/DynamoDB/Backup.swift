// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
package import Simulation
package import TableStore

/// What tells the backups of one place apart, in the order of their creation.
///
/// Tables deleted in the same millisecond leave system backups with the same id.
struct BackupKey: Hashable, Comparable, Sendable, Codable {
  let id: String
  let table: String

  static func < (left: BackupKey, right: BackupKey) -> Bool {
    (left.id, left.table) < (right.id, right.table)
  }
}

/// An on-demand or system backup: a table's contents and settings at one instant, for ever.
///
/// It holds a snapshot of the table's image, so making one costs the same for any size, and shares
/// all that the live table has not changed since.
package struct Backup: Sendable, Codable {
  package enum Kind: String, Sendable, Codable {
    case user = "USER"
    case system = "SYSTEM"
    /// Made by AWS Backup without advanced features, and deleted by it alone. [BKP.advanced]
    case awsBackup = "AWS_BACKUP"
  }

  /// Id and name are empty in what AWS Backup stores itself, which DynamoDB knows nothing of.
  let id: String
  package let name: String
  package let kind: Kind
  package let createdAt: Instant
  /// Nil for a backup that stays until somebody deletes it.
  package let expiresAt: Instant?
  /// A system backup can be seen only some seconds after the table's deletion.
  let listedFrom: Instant
  var isAvailable: Bool

  package let table: TableID
  let tableCreatedAt: Instant
  private let boxedSettings: Box<TableSettings>
  package let image: TableImage
  let itemCount: Int64
  let byteCount: Int64
  let declaredByteCount: Int64?

  /// How long the backup of a deleted table is kept, whatever its recovery period. [DDB.PITR.delete]
  static let systemBackupLife: Duration = .days(35)

  private enum CodingKeys: String, CodingKey {
    case id, name, kind, createdAt, expiresAt, listedFrom, isAvailable, table, tableCreatedAt
    case boxedSettings = "settings"
    case image, itemCount, byteCount, declaredByteCount
  }

  /// A backup of a table as it is now.
  init(
    of table: Table, id: String, name: String, kind: Kind, at now: Instant
  ) {
    self.id = id
    self.name = name
    self.kind = kind
    createdAt = now
    expiresAt = kind == .system ? now + Self.systemBackupLife : nil
    listedFrom = kind == .system ? now + Delays.systemBackupListed : now
    isAvailable = kind == .system
    self.table = table.identity
    tableCreatedAt = table.createdAt
    boxedSettings = table.recordedSettings
    let (local, global) = (
      boxedSettings.value.localIndexes, boxedSettings.value.globalIndexes
    )
    image = table.store.image.reconciled(
      with: local.isEmpty && global.isEmpty ? [] : boxedSettings.value.storedIndexes)
    itemCount = table.statistics.itemCount
    byteCount = table.backedUpByteCount
    declaredByteCount = table.declaredByteCount
  }

  /// Read where they lie.
  var settings: TableSettings { unsafeAddress { boxedSettings.address } }
  package var arn: String { ARN.backup(id, of: table.name, in: table.place) }
  var tableARN: String { ARN.table(table.name, in: table.place) }
  var key: BackupKey { BackupKey(id: id, table: table.name) }

  func isListed(at now: Instant) -> Bool { now >= listedFrom }

  /// Fourteen digits of milliseconds, a dash, and eight hexadecimal digits. [DDB.backup.id]
  static func id(at instant: Instant, suffix: String) -> String {
    let digits = String(instant.milliseconds)
    let zeros = String(repeating: "0", count: max(0, 14 - digits.utf8.count))
    return String(joining: zeros, digits, "-", suffix)
  }
}

// MARK: - How the service shows a backup

struct BackupDetails: Encodable, Sendable {
  let backupArn: String
  let backupName: String
  let backupSizeBytes: Int64
  let backupStatus: String
  let backupType: String
  let backupCreationDateTime: Timestamp
  let backupExpiryDateTime: Timestamp?
}

struct BackupSummary: Encodable, Sendable {
  let tableName: String
  let tableId: String
  let tableArn: String
  let backupArn: String
  let backupName: String
  let backupCreationDateTime: Timestamp
  let backupExpiryDateTime: Timestamp?
  let backupStatus: String
  let backupType: String
  let backupSizeBytes: Int64
}

struct BackupDescription: Encodable, Sendable {
  let backupDetails: BackupDetails
  let sourceTableDetails: SourceTableDetails
  let sourceTableFeatureDetails: SourceTableFeatureDetails

  struct SourceTableDetails: Encodable, Sendable {
    let tableName: String
    let tableId: String
    let tableArn: String
    let tableSizeBytes: Int64
    let keySchema: [KeySchemaElement]
    let tableCreationDateTime: Timestamp
    let provisionedThroughput: Units
    let onDemandThroughput: OnDemandThroughput?
    let itemCount: Int64
    let billingMode: BillingMode
  }

  struct Units: Encodable, Sendable {
    let readCapacityUnits: Int64
    let writeCapacityUnits: Int64

    init(_ throughput: Throughput) {
      readCapacityUnits = throughput.readUnits
      writeCapacityUnits = throughput.writeUnits
    }
  }

  struct SourceTableFeatureDetails: Encodable, Sendable {
    let localSecondaryIndexes: [LocalIndexInfo]?
    let globalSecondaryIndexes: [GlobalIndexInfo]?
    let streamDescription: StreamSpecification?
    let timeToLiveDescription: TimeToLiveDescription?
    let sseDescription: SSEDescription?
  }

  struct LocalIndexInfo: Encodable, Sendable {
    let indexName: String
    let keySchema: [KeySchemaElement]
    let projection: Projection
  }

  struct GlobalIndexInfo: Encodable, Sendable {
    let indexName: String
    let keySchema: [KeySchemaElement]
    let projection: Projection
    let provisionedThroughput: Units
    let onDemandThroughput: OnDemandThroughput?
  }
}

extension Backup {
  private var shownStatus: String { isAvailable ? "AVAILABLE" : "CREATING" }

  /// How the service shows this backup, under the status and the ARN given or its own.
  func details(status: String? = nil, arn: String? = nil) -> BackupDetails {
    BackupDetails(
      backupArn: arn ?? self.arn, backupName: name, backupSizeBytes: byteCount,
      backupStatus: status ?? shownStatus, backupType: kind.rawValue,
      backupCreationDateTime: Timestamp(createdAt),
      backupExpiryDateTime: expiresAt.map(Timestamp.init))
  }

  var summary: BackupSummary {
    BackupSummary(
      tableName: table.name, tableId: table.id, tableArn: tableARN, backupArn: arn,
      backupName: name, backupCreationDateTime: Timestamp(createdAt),
      backupExpiryDateTime: expiresAt.map(Timestamp.init), backupStatus: shownStatus,
      backupType: kind.rawValue, backupSizeBytes: byteCount)
  }

  /// The backup with what it recorded of its table.
  ///
  /// A system backup shows no features.
  func description(status: String? = nil, arn: String? = nil) -> BackupDescription {
    BackupDescription(
      backupDetails: details(status: status, arn: arn),
      sourceTableDetails: .init(
        tableName: table.name, tableId: table.id, tableArn: tableARN, tableSizeBytes: byteCount,
        keySchema: settings.keySchema, tableCreationDateTime: Timestamp(tableCreatedAt),
        provisionedThroughput: .init(settings.throughput),
        onDemandThroughput: settings.onDemandThroughput, itemCount: itemCount,
        billingMode: settings.billingMode),
      sourceTableFeatureDetails: kind == .system ? .none : features)
  }

  private var features: BackupDescription.SourceTableFeatureDetails {
    let timeToLive: TimeToLiveDescription? =
      settings.timeToLive == .off ? nil : TimeToLiveDescription(settings.timeToLive)
    return .init(
      localSecondaryIndexes: settings.localIndexes.isEmpty
        ? nil
        : settings.localIndexes.map {
          .init(indexName: $0.name, keySchema: $0.keySchema, projection: $0.projection)
        },
      globalSecondaryIndexes: settings.globalIndexes.isEmpty
        ? nil
        : settings.globalIndexes.map {
          .init(
            indexName: $0.name, keySchema: $0.keySchema, projection: $0.projection,
            provisionedThroughput: .init($0.throughput), onDemandThroughput: $0.onDemandThroughput)
        },
      streamDescription: settings.stream.map {
        StreamSpecification(streamEnabled: true, streamViewType: $0.viewType)
      },
      timeToLiveDescription: timeToLive,
      sseDescription: settings.encryption.map(SSEDescription.init))
  }
}

extension BackupDescription.SourceTableFeatureDetails {
  static let none = Self(
    localSecondaryIndexes: nil, globalSecondaryIndexes: nil, streamDescription: nil,
    timeToLiveDescription: nil, sseDescription: nil)
}
