// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
import ItemModel
import PersistentCollections
import Simulation
import TableStore

/// Adds a new table to the caller's account and Region.
///
/// The answer shows it `CREATING`; it takes items once it is `ACTIVE`, seconds later, and backups a
/// few seconds after that. [DDB.table.create]
package struct CreateTable: DynamoDBOperation {
  let attributeDefinitions: [AttributeDefinition]?
  let tableName: TableReference
  let keySchema: [KeySchemaElement]?
  let localSecondaryIndexes: [LocalIndexSpecification]?
  let globalSecondaryIndexes: [IndexSpecification]?
  let billingMode: BillingMode?
  let provisionedThroughput: ProvisionedThroughput?
  let streamSpecification: StreamSpecification?
  let sseSpecification: SSESpecification?
  let tags: [Tag]?
  let tableClass: String?
  let deletionProtectionEnabled: Bool?
  let onDemandThroughput: OnDemandThroughput?
  let warmThroughput: WarmThroughput?
  let resourcePolicy: String?

  package struct Output: Encodable, Sendable { let tableDescription: TableDescription }

  package static func check(_ input: Document) throws(ServiceError) {
    _ = try TableClass.requested(input["TableClass"]?.string)
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let name = try tableName.name(for: caller)
    let settings = try checkedSettings(named: name, in: cloud, for: caller)
    let policy = try resourcePolicy.map { text throws(ServiceError) in
      ResourcePolicy(
        text: try PolicyDocument.canonical(text, forStream: false), changedAt: cloud.now)
    }
    if let existing = cloud[caller.place].tables[name] {
      if existing.restore != nil {
        throw .inUse("Table is being used: \(name)")
      }
      throw existing.status == .creating
        ? .inUse("Table is being created: \(name)") : .tableAlreadyExistsForCreate(name)
    }
    guard cloud[caller.place].tables.count < Limits.tablesPerRegion else { throw .tooManyTables }
    // Every refusal is above this line; from here on the cloud changes.
    var table = Table(
      identity: TableID(place: caller.place, name: name, id: cloud.identifiers.uuid("table")),
      createdAt: cloud.now, settings: settings,
      store: StoredTable(keySchema: settings.storedKeySchema, indexes: settings.storedIndexes))
    table.resourcePolicy = policy
    cloud.insert(
      table,
      becomesActiveAfter: settings.hasIndexes
        ? Delays.creatingWithIndexes : Delays.creating)
    return Output(tableDescription: cloud[caller.place][table.identity].description)
  }

  /// What the table will be.
  ///
  /// - Throws: The refusals of what the request says of the table, whatever exists already.
  func checkedSettings(
    named name: String, in cloud: Cloud, for caller: Caller
  ) throws(ServiceError) -> TableSettings {
    let definitions = (attributeDefinitions ?? []).sorted {
      $0.attributeName.utf8.lexicographicallyPrecedes($1.attributeName.utf8)
    }
    let schema = keySchema ?? []
    let local = localSecondaryIndexes ?? []
    let global = globalSecondaryIndexes ?? []
    try KeySchemaRules.check(
      table: schema, definitions: definitions, local: localSecondaryIndexes,
      global: globalSecondaryIndexes)
    let mode = billingMode ?? .provisioned
    try checkThroughput(mode: mode, global: global, region: caller.region)
    let encryption = try cloud.encryption(sseSpecification, current: nil, for: caller)
    var settings = TableSettings(
      name: name, attributeDefinitions: definitions, keySchema: schema,
      billingMode: mode, throughput: provisionedThroughput?.throughput ?? .none)
    settings.localIndexes = local.map {
      LocalIndex(
        name: $0.indexName, keySchema: $0.keySchema, projection: $0.projection.sorted)
    }
    settings.globalIndexes = global.map { GlobalIndex($0, status: .creating) }
    settings.onDemandThroughput = onDemandThroughput?.merged(into: nil)
    try warmThroughput?.checkInitial(mode: mode, throughput: settings.throughput)
    settings.raisedWarmThroughput = warmThroughput?.applied(to: settings.warmThroughput)
    settings.encryption = encryption
    settings.lastUpdateToPayPerRequest = mode == .payPerRequest ? cloud.now : nil
    settings.deletionProtection = deletionProtectionEnabled ?? false
    settings.tableClass = try TableClass.requested(tableClass) ?? .standard
    settings.tags = try Tag.checked(tags ?? [])
    try applyStream(to: &settings, at: cloud.now)
    return settings
  }

  private func applyStream(to settings: inout TableSettings, at now: Instant) throws(ServiceError) {
    guard let stream = streamSpecification else { return }
    let subject = "Table is being created with a stream"
    guard stream.streamEnabled else {
      if stream.streamViewType != nil {
        throw .invalidValues("\(subject) disabled, UpdateViewType should not be specified")
      }
      return
    }
    guard let viewType = stream.streamViewType else {
      throw .invalidValues("\(subject) enabled, UpdateViewType is required")
    }
    settings.stream = StreamSetting(viewType: viewType)
    settings.latestStreamLabel = now.streamLabel
  }

  private func checkThroughput(
    mode: BillingMode, global: [IndexSpecification], region: String
  ) throws(ServiceError) {
    try onDemandThroughput?.check(mode: mode)
    for index in global {
      try index.onDemandThroughput?.check(mode: mode, index: index.indexName)
    }
    switch mode {
    case .provisioned:
      guard let units = provisionedThroughput else {
        throw .invalidValues(
          "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is "
            + "PROVISIONED")
      }
      try Limits.check(units, region: region)
      for index in global {
        try Limits.checkThroughput(of: index, mode: mode)
        if let units = index.provisionedThroughput { try Limits.check(units, region: region) }
      }
    case .payPerRequest:
      guard provisionedThroughput == nil else {
        throw .invalidValues(
          "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
            + "PAY_PER_REQUEST")
      }
      for index in global { try Limits.checkThroughput(of: index, mode: mode) }
    }
  }
}

/// How long transitions take, as measured on small tables. [DDB.constants]
enum Delays {
  static let creating: Duration = .seconds(6)
  static let creatingWithIndexes: Duration = .seconds(16)
  /// A restore of a table of next to no size, without its size's share.
  static let restoring: Duration = .seconds(240)
  static let restoringAcrossRegions: Duration = .seconds(480)
  static let deleting: Duration = .seconds(5)
  static let updating: Duration = .seconds(5)
  static let togglingStream: Duration = .seconds(4)
  static let knownToBackups: Duration = .seconds(3)
  static let readyForBackups: Duration = .seconds(3)
  static let forgottenByBackups: Duration = .seconds(1)
  static let systemBackupListed: Duration = .seconds(8)
  static let raisingWarmThroughput: Duration = .seconds(390)
  static let backupAvailable: Duration = .milliseconds(50)
  static let allocatingIndex: Duration = .seconds(40)
  static let backfillingIndex: Duration = .seconds(480)
  static let deletingIndex: Duration = .seconds(40)
}

extension Delays {
  /// A share for each GB, a quarter more with each index that comes back, ten hours at most.
  ///
  /// The service says only that nearly all restores end within the hour and that leaving indexes out
  /// makes them faster; the rate is ours, so that 500 GB take a third of an hour. [DDB.restore.time]
  private static let restoringGB: Duration = .seconds(2)
  private static let restoringAtMost: Duration = .hours(10)

  /// How long a restore takes.
  ///
  /// - Parameters:
  ///   - byteCount: The size of what is restored, the declared one where there is one.
  ///   - indexes: How many secondary indexes come back.
  ///   - crossingRegions: Whether it goes to another Region.
  /// - Returns: The time from the request until the table is ACTIVE.
  static func restoring(
    byteCount: Int64, indexes: Int, crossingRegions: Bool
  ) -> Duration {
    let gigabytes = byteCount / Int64(PriceTable.bytesPerGB)
    let share = gigabytes * restoringGB.wholeMilliseconds * Int64(4 + indexes) / 4
    let base = crossingRegions ? restoringAcrossRegions : restoring
    return min(base + .milliseconds(share), restoringAtMost)
  }
}

/// The account's and tables' limits. [DDB.limits]
enum Limits {
  static let tablesPerRegion = 2_500
  static let globalIndexes = 20
  static let localIndexes = 5
  static let unitsPerTable: Int64 = 40_000
  static let unitsPerAccount: Int64 = 80_000
  static let concurrentRestores = 50
  static let tagsPerResource = 50
  static let nonKeyAttributesPerIndex = 20
  static let nonKeyAttributes = 100

  static func check(
    _ units: ProvisionedThroughput, region: String
  ) throws(ServiceError) {
    let asked = [
      ("ReadCapacityUnits", units.readCapacityUnits),
      ("WriteCapacityUnits", units.writeCapacityUnits),
    ]
    for (name, value) in asked where value > unitsPerTable {
      throw .limitExceeded(
        "The requested \(name), \(value), is above the per table maximum for the account in "
          + "\(region). Per table maximum: \(unitsPerTable). \(guide)")
    }
  }

  /// A provisioned table's index needs its own throughput, an on-demand table's must have none.
  static func checkThroughput(
    of index: IndexSpecification, mode: BillingMode
  ) throws(ServiceError) {
    switch (mode, index.provisionedThroughput) {
    case (.provisioned, nil):
      throw .invalidValues(
        "ProvisionedThroughput is not specified for index: \(index.indexName)")
    case (.payPerRequest, _?):
      throw .invalidValues(
        "ProvisionedThroughput should not be specified for index: \(index.indexName) when "
          + "BillingMode is PAY_PER_REQUEST")
    default: break
    }
  }

  static let guide =
    "Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher "
    + "limits."
}

// MARK: - A table's beginning

extension Cloud {
  /// Puts a new or restored table in its place and schedules what happens to it next.
  mutating func insert(_ table: Table, becomesActiveAfter delay: Duration) {
    let id = table.identity
    self[id.place].tables[id.name] = table
    noteUse(of: table.settings.encryption, in: id.place)
    let active = now + delay
    agenda.schedule(.tableBecomesActive(id), at: active)
    openStream(of: id, enabledAfter: delay)
    if table.restore == nil {
      agenda.schedule(.tableBecomesKnownToBackups(id), at: now + Delays.knownToBackups)
    }
    agenda.schedule(.tableBecomesReadyForBackups(id), at: active + Delays.readyForBackups)
  }
}

extension Instant {
  /// A stream's label: the instant it was switched on, without a zone.
  var streamLabel: String { String(rfc3339Milliseconds.dropLast()) }
}
