// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation
package import TableStore

/// A DynamoDB table: its settings, its contents, and what is happening to it.
package struct Table: Sendable, Codable {
  let identity: TableID
  let createdAt: Instant
  var status: Status = .creating
  /// In a box, for backups share them.
  private var boxedSettings: Box<TableSettings>
  var store: StoredTable

  /// Where the backup machinery stands with this table; it trails the table by seconds.
  var backupReadiness: BackupReadiness = .unknown
  var pointInTimeRecovery: PointInTimeRecovery?
  /// Present from a restore's start until the table is ACTIVE.
  var restore: RestoreOrigin?
  /// Present while the table belongs to a global table.
  var replication: Replication?

  /// A change of key under way.
  var encryptionChange: EncryptionChange?
  /// The keys it was under before, oldest first, for as long as recovery may reach back.
  var formerEncryptions: [FormerEncryption] = []
  /// Present while the key cannot be used, and until the service has noticed that it can again.
  var keyLoss: KeyLoss?
  /// Present once the table has been put away for good.
  var archival: Archival?

  /// What will expire and when; nil while time to live is off.
  var expiries: Expiries?

  /// The table's own policy; a backup does not record it. [DDB.policy]
  var resourcePolicy: ResourcePolicy?
  /// What a backup does not record either; nil until first asked for. [DDB.insights] [DDB.kinesis]
  var contributorInsights: [ContributorInsights]?
  var kinesisDestinations: [KinesisDestination]?

  var statistics = TableStatistics()
  var statisticsAreStale = false
  /// The size this table stands for, when a scenario declares one larger than its few real items.
  var declaredByteCount: Int64?

  init(identity: TableID, createdAt: Instant, settings: TableSettings, store: StoredTable) {
    self.identity = identity
    self.createdAt = createdAt
    boxedSettings = Box(settings)
    self.store = store
  }

  private enum CodingKeys: String, CodingKey {
    case identity, createdAt, status
    case boxedSettings = "settings"
    case store, backupReadiness, pointInTimeRecovery, restore, replication, encryptionChange
    case formerEncryptions, keyLoss, archival, expiries, resourcePolicy, contributorInsights
    case kinesisDestinations, statistics, statisticsAreStale, declaredByteCount
  }

  /// Read and changed where they lie.
  var settings: TableSettings {
    unsafeAddress { boxedSettings.address }
    unsafeMutableAddress { boxedSettings.mutableAddress() }
  }

  /// The table's lifecycle. [DDB.table.status]
  enum Status: String, Sendable, Codable {
    case creating = "CREATING"
    case updating = "UPDATING"
    case deleting = "DELETING"
    case active = "ACTIVE"
    /// Its key is lost. [DDB.kms.states]
    case inaccessible = "INACCESSIBLE_ENCRYPTION_CREDENTIALS"
    case archiving = "ARCHIVING"
    /// Its items are in a backup alone. [DDB.kms.archived]
    case archived = "ARCHIVED"
  }

  enum BackupReadiness: String, Sendable, Codable {
    /// Requests on backups answer as if the table did not exist.
    case unknown
    case beingEnabled
    case ready
  }
}

/// What a table is made of besides its items.
struct TableSettings: Sendable, Hashable, Codable {
  var name: String
  var attributeDefinitions: [AttributeDefinition]
  var keySchema: [KeySchemaElement]
  var localIndexes: [LocalIndex] = []
  var globalIndexes: [GlobalIndex] = []
  var billingMode: BillingMode
  var throughput: Throughput
  var throughputChanges = ThroughputChanges()
  var lastUpdateToPayPerRequest: Instant?
  var onDemandThroughput: OnDemandThroughput?
  /// The most the table could ever take at once, where that is more than its billing gives now.
  var raisedWarmThroughput: Throughput?
  /// What it is being raised to.
  var warmThroughputTarget: Throughput?
  var encryption: Encryption?
  var encryptionChanges = EncryptionChanges()
  var stream: StreamSetting?
  var latestStreamLabel: String?
  var tableClass: TableClass = .standard
  var deletionProtection = false
  var tags: [Tag] = []
  var timeToLive: TimeToLive = .off
  var lastTimeToLiveChange: Instant?
  var lastDeletionProtectionChange: Instant?
  var tableClassChanges: [Instant] = []
}

/// Item count and size as the service shows them: refreshed about every six hours.
struct TableStatistics: Sendable, Hashable, Codable {
  /// How often the service brings them up to date. [DDB.table.statistics]
  static let interval: Duration = .hours(6)

  var itemCount: Int64 = 0
  var byteCount: Int64 = 0
  var indexes: [String: IndexStatistics] = [:]

  struct IndexStatistics: Sendable, Hashable, Codable {
    var itemCount: Int64 = 0
    var byteCount: Int64 = 0
  }
}

/// How a table pays for requests.
enum BillingMode: String, Sendable, Codable {
  case provisioned = "PROVISIONED"
  case payPerRequest = "PAY_PER_REQUEST"
}

/// Read and write capacity units; 0 and 0 under on-demand billing.
struct Throughput: Sendable, Hashable, Codable {
  var readUnits: Int64
  var writeUnits: Int64

  static let none = Throughput(readUnits: 0, writeUnits: 0)
}

struct ThroughputChanges: Sendable, Hashable, Codable {
  var lastIncrease: Instant?
  var lastDecrease: Instant?
  var decreasesToday: Int64 = 0
}

enum TableClass: String, Sendable, Codable {
  case standard = "STANDARD"
  case infrequentAccess = "STANDARD_INFREQUENT_ACCESS"
}

struct StreamSetting: Sendable, Hashable, Codable {
  let viewType: String
}

enum TimeToLive: Sendable, Hashable, Codable {
  case off
  case on(attribute: String)
}

/// A secondary index that is created with its table and shares its partition key.
struct LocalIndex: Sendable, Hashable, Codable {
  let name: String
  let keySchema: [KeySchemaElement]
  let projection: Projection
}

/// A secondary index with keys and throughput of its own.
struct GlobalIndex: Sendable, Hashable, Codable {
  var name: String
  let keySchema: [KeySchemaElement]
  let projection: Projection
  var throughput: Throughput
  var throughputChanges = ThroughputChanges()
  var onDemandThroughput: OnDemandThroughput?
  var status: Status
  /// When an index that is being filled will be done; tells it from an earlier one of its name.
  var activeFrom: Instant?

  enum Status: String, Sendable, Codable {
    /// Being made together with its table, or restored: not shown yet.
    case creating = "CREATING"
    /// Added to an existing table: first its capacity is allocated, then it is filled.
    case allocating
    case backfilling
    case updating = "UPDATING"
    case deleting = "DELETING"
    case active = "ACTIVE"
  }
}

/// Where a restored table's contents came from.
struct RestoreOrigin: Sendable, Hashable, Codable {
  let backupARN: String?
  let tableARN: String
  let instant: Instant
}

// MARK: - Settings a table keeps

extension Table {
  package var name: String { identity.name }
  package var arn: String { ARN.table(identity.name, in: identity.place) }
  package var id: String { identity.id }

  /// The settings as a backup records them, shared where that is all of them.
  var recordedSettings: Box<TableSettings> {
    settings.globalIndexes.allSatisfy(\.isRecorded) ? boxedSettings : Box(settings.recorded)
  }

  /// The table's present contents.
  package var image: TableImage { store.image }

  package var isActive: Bool { status == .active }

  /// The size that bills and backups go by: the declared one, else the last statistics.
  ///
  /// Local secondary indexes count, global ones do not. [PRICE.size]
  var backedUpByteCount: Int64 {
    if let declaredByteCount { return declaredByteCount }
    let local = settings.localIndexes.reduce(Int64(0)) {
      $0 + (statistics.indexes[$1.name]?.byteCount ?? 0)
    }
    return statistics.byteCount + local
  }

  /// What the table's storage is billed by: the declared size, else items, 100 bytes more for each,
  /// and all indexes. [PRICE.storage]
  var storedByteCount: Int64 {
    if let declaredByteCount { return declaredByteCount }
    return statistics.indexes.values.reduce(
      statistics.byteCount + 100 * statistics.itemCount
    ) { $0 + $1.byteCount + 100 * $1.itemCount }
  }

  /// What the table is metered under in a place.
  func billed(in place: Place) -> Ledger.Subject {
    let tags = settings.tags.map { ($0.key, $0.value) }
    return Ledger.Subject(
      resource: arn, name: name, place: place,
      tags: tags.isEmpty ? nil : Dictionary(tags) { first, _ in first })
  }

  /// Brings the shown counts and sizes up to date.
  ///
  /// - Complexity: O(number of indexes).
  mutating func refreshStatistics() {
    statisticsAreStale = false
    statistics.itemCount = Int64(store.image.count)
    statistics.byteCount = Int64(store.image.byteCount)
    var indexes: [String: TableStatistics.IndexStatistics] = [:]
    for index in store.image.indexes {
      indexes[index.definition.name] = .init(
        itemCount: Int64(index.count), byteCount: Int64(index.byteCount))
    }
    statistics.indexes = indexes
  }
}
