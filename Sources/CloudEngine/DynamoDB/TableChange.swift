// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

/// The outcome of an `UpdateTable` request, worked out before anything changes.
struct TableChange {
  var settings: TableSettings
  let identity: TableID
  let now: Instant
  /// How long the table will be UPDATING; nil if it stays ACTIVE.
  var duration: Duration?
  /// The key to come; nil in it is the AWS owned one, nil itself no change.
  var newEncryption: Encryption??
  var createdIndexes: [String] = []
  var deletedIndexes: [String] = []

  init(settings: TableSettings, identity: TableID, now: Instant) {
    self.settings = settings
    self.identity = identity
    self.now = now
  }

  /// A second change of protection within this time is refused. [DDB.constants]
  private static let protectionCooldown: Duration = .seconds(15)
  private static let tableClassWindow: Duration = .days(30)

  mutating func setDeletionProtection(_ enabled: Bool) throws(ServiceError) {
    if let last = settings.lastDeletionProtectionChange, now - last < Self.protectionCooldown {
      let again = (last + Self.protectionCooldown).rfc3339
      throw .throttled(
        "Deletion protection setting for table \(settings.name) modified within the previous "
          + "15000 milliseconds. Please try again after \(again)")
    }
    settings.deletionProtection = enabled
    settings.lastDeletionProtectionChange = now
  }

  mutating func setTableClass(_ tableClass: TableClass) throws(ServiceError) {
    let recent = settings.tableClassChanges.filter { now - $0 < Self.tableClassWindow }
    guard recent.count < 2 else {
      throw .limitExceeded(
        "Subscriber limit exceeded: Updates to TableClass are limited to 2 times in 30 day(s).")
    }
    guard tableClass != settings.tableClass else { return }
    settings.tableClass = tableClass
    settings.tableClassChanges = recent + [now]
    duration = Delays.updating
  }

  /// Works out a change of key.
  ///
  /// To name the very key the table is under by its ARN is refused; in any other spelling it is
  /// a change like another, and counts as one. [DDB.sse.change] [DDB.sse.limit]
  mutating func setEncryption(
    _ specification: SSESpecification, of table: Table, in cloud: Cloud, for caller: Caller
  ) throws(ServiceError) {
    try specification.check()
    let current = settings.encryption
    let isOn = specification.enabled ?? false
    if let running = table.encryptionChange {
      // The same again changes nothing; anything else must wait.
      let asked = try cloud.encryption(specification, current: current, for: caller)
      guard asked == running.target else {
        throw .inUse("Server-Side Encryption is still being updated")
      }
      return
    }
    if !isOn, current == nil { throw .invalidValues("Table is already encrypted by default") }
    if let current, isOn, specification.kmsMasterKeyId == current.keyARN {
      throw .invalidValues(
        "Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if "
          + "you want to change Master Key")
    }
    try settings.encryptionChanges.note(at: now, isLimited: isOn)
    try cloud.requireUsable(current)
    newEncryption = .some(
      try cloud.encryption(specification, current: current, for: caller))
  }

  mutating func setStream(_ specification: StreamSpecification) throws(ServiceError) {
    switch (specification.streamEnabled, settings.stream) {
    case (true, _?):
      throw .validation("Table already has an enabled stream: TableName: \(settings.name)")
    case (false, nil):
      throw .validation("Table has no stream to disable: TableName: \(settings.name)")
    case (true, nil):
      guard let viewType = specification.streamViewType else {
        throw .invalidValues("If stream is being enabled then UpdateViewType is required")
      }
      settings.stream = StreamSetting(viewType: viewType)
      settings.latestStreamLabel = now.streamLabel
    case (false, _?):
      guard specification.streamViewType == nil else {
        throw .invalidValues(
          "If stream is being disabled, then UpdateViewType must not be specified")
      }
      settings.stream = nil
    }
    duration = Delays.togglingStream
  }

  mutating func setBilling(
    mode: BillingMode?, throughput: ProvisionedThroughput?, onDemand: OnDemandThroughput?,
    indexes: [UpdateTable.GlobalIndexUpdate]
  ) throws(ServiceError) {
    let unfinished = settings.globalIndexes.filter(\.status.isBeingCreated).map(\.name)
    guard unfinished.isEmpty else {
      throw .inUse(
        "Can't change table IOPS when an index is being created. Table: \(settings.name) Indexes: "
          + "[\(unfinished.joined(separator: ", "))]")
    }
    let target = mode ?? settings.billingMode
    try onDemand?.check(mode: target)
    // Whatever the table could take once it can take for good.
    settings.raisedWarmThroughput = settings.warmThroughput
    switch target {
    case .payPerRequest:
      guard throughput == nil else {
        throw .invalidValues(
          "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
            + "PAY_PER_REQUEST")
      }
      if settings.billingMode == .provisioned { switchToPayPerRequest() }
      if let onDemand {
        settings.onDemandThroughput = onDemand.merged(into: settings.onDemandThroughput)
      }
    case .provisioned:
      try setProvisioned(throughput, indexes: indexes)
    }
    duration = Delays.updating
  }

  private mutating func switchToPayPerRequest() {
    settings.billingMode = .payPerRequest
    settings.lastUpdateToPayPerRequest = now
    settings.throughput = .none
    for index in settings.globalIndexes.indices {
      settings.globalIndexes[index].throughput = .none
    }
  }

  private mutating func setProvisioned(
    _ throughput: ProvisionedThroughput?, indexes: [UpdateTable.GlobalIndexUpdate]
  ) throws(ServiceError) {
    let switches = settings.billingMode == .payPerRequest
    guard let throughput else {
      throw .invalidValues(
        "ProvisionedThroughput must be specified when BillingMode is PROVISIONED")
    }
    try Limits.check(throughput, region: identity.place.region)
    if switches {
      for index in settings.globalIndexes
      where !indexes.contains(where: {
        $0.update?.indexName == index.name && $0.update?.provisionedThroughput != nil
      }) {
        throw .invalidValues("ProvisionedThroughput must be specified for index: \(index.name)")
      }
    }
    settings.billingMode = .provisioned
    settings.onDemandThroughput = nil
    for index in settings.globalIndexes.indices {
      settings.globalIndexes[index].onDemandThroughput = nil
    }
    let (asked, current) = (throughput.throughput, settings.throughput)
    guard asked != current || switches else { throw .unchanged(current, asked) }
    try settings.throughputChanges.note(from: current, to: asked, at: now)
    settings.throughput = asked
  }

  mutating func setIndex(
    _ update: UpdateTable.GlobalIndexUpdate, definitions: [AttributeDefinition]?
  ) throws(ServiceError) {
    if let create = update.create { try createIndex(create, definitions: definitions) }
    if let delete = update.delete { try deleteIndex(delete.indexName) }
    guard let change = update.update else { return }
    guard let position = settings.globalIndex(named: change.indexName) else {
      throw unknownIndex(change.indexName, verb: "update")
    }
    if let units = change.provisionedThroughput {
      guard settings.billingMode == .provisioned else {
        throw .invalidValues(
          "ProvisionedThroughput should not be specified for index: \(change.indexName) when "
            + "BillingMode is PAY_PER_REQUEST")
      }
      try Limits.check(units, region: identity.place.region)
      let current = settings.globalIndexes[position].throughput
      guard units.throughput != current else { throw .unchanged(current, units.throughput) }
      try settings.globalIndexes[position].throughputChanges.note(
        from: current, to: units.throughput, at: now)
      settings.globalIndexes[position].throughput = units.throughput
    }
    if let onDemand = change.onDemandThroughput {
      try onDemand.check(mode: settings.billingMode, index: change.indexName)
      settings.globalIndexes[position].onDemandThroughput = onDemand.merged(
        into: settings.globalIndexes[position].onDemandThroughput)
    }
    duration = Delays.updating
  }

  private mutating func createIndex(
    _ index: IndexSpecification, definitions: [AttributeDefinition]?
  ) throws(ServiceError) {
    guard settings.globalIndex(named: index.indexName) == nil,
      !settings.localIndexes.contains(where: { $0.name == index.indexName })
    else { throw .validation("Attempting to create an index which already exists") }
    guard settings.globalIndexes.allSatisfy({ $0.status == .active }), createdIndexes.isEmpty,
      deletedIndexes.isEmpty
    else {
      throw .limitExceeded(
        "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously "
          + "per table")
    }
    guard settings.globalIndexes.count < Limits.globalIndexes else {
      throw .limitExceeded(
        "Subscriber limit exceeded: Number of global secondary indexes exceeds per-table limit of "
          + "\(Limits.globalIndexes)")
    }
    var all = settings.attributeDefinitions
    for definition in definitions ?? []
    where !all.contains(where: { $0.attributeName == definition.attributeName }) {
      all.append(definition)
    }
    try KeySchemaRules.checkAdded(index, definitions: all)
    try Limits.checkThroughput(of: index, mode: settings.billingMode)
    try index.onDemandThroughput?.check(mode: settings.billingMode, index: index.indexName)
    if let units = index.provisionedThroughput {
      try Limits.check(units, region: identity.place.region)
    }
    let used = Set(index.keySchema.map(\.attributeName))
    settings.attributeDefinitions =
      all.filter { definition in
        used.contains(definition.attributeName)
          || settings.attributeDefinitions.contains(definition)
      }
      .sorted { $0.attributeName.utf8.lexicographicallyPrecedes($1.attributeName.utf8) }
    settings.globalIndexes.append(GlobalIndex(index, status: .allocating))
    createdIndexes.append(index.indexName)
    duration = Delays.allocatingIndex
  }

  private mutating func deleteIndex(_ name: String) throws(ServiceError) {
    guard let position = settings.globalIndex(named: name) else {
      throw unknownIndex(name, verb: "delete")
    }
    switch settings.globalIndexes[position].status {
    case .active, .backfilling: break
    default: throw .inUse("Index is being deleted. Table: \(settings.name) Index: \(name)")
    }
    guard createdIndexes.isEmpty, deletedIndexes.isEmpty else {
      throw .limitExceeded(
        "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously "
          + "per table")
    }
    settings.globalIndexes[position].status = .deleting
    deletedIndexes.append(name)
    duration = Delays.updating
  }

  /// A local index has other words than one that is not there.
  private func unknownIndex(_ name: String, verb: String) -> ServiceError {
    settings.localIndexes.contains { $0.name == name }
      ? .validation("Cannot \(verb) an index that is not a GlobalSecondaryIndex: \(name)")
      : .indexNotFound(name, of: settings.name)
  }
}

extension ThroughputChanges {
  /// Remembers a change of throughput: four decreases a UTC day are free, then one an hour.
  fileprivate mutating func note(
    from current: Throughput, to asked: Throughput, at now: Instant
  ) throws(ServiceError) {
    if asked.readUnits > current.readUnits || asked.writeUnits > current.writeUnits {
      lastIncrease = now
    }
    guard asked.readUnits < current.readUnits || asked.writeUnits < current.writeUnits else {
      return
    }
    let day = Duration.days(1).wholeMilliseconds
    let isSameDay =
      lastDecrease.map { $0.milliseconds / day == now.milliseconds / day } ?? false
    let count = isSameDay ? decreasesToday : 0
    if count >= 4, let lastDecrease, now - lastDecrease < .hours(1) {
      throw .limitExceeded(
        "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given "
          + "UTC day. After the first 4 decreases, each subsequent decrease in the same UTC day "
          + "can be performed at most once every 3600 seconds. Number of decreases today: "
          + "\(count). Last decrease at \(lastDecrease.rfc3339).")
    }
    decreasesToday = count + 1
    lastDecrease = now
  }
}

extension ServiceError {
  fileprivate static func unchanged(_ current: Throughput, _ asked: Throughput) -> ServiceError {
    .validation(
      "The provisioned throughput for the table will not change. The requested value equals the "
        + "current value. Current ReadCapacityUnits provisioned for the table: "
        + "\(current.readUnits). Requested ReadCapacityUnits: \(asked.readUnits). Current "
        + "WriteCapacityUnits provisioned for the table: \(current.writeUnits). Requested "
        + "WriteCapacityUnits: \(asked.writeUnits). \(Limits.guide)")
  }
}
