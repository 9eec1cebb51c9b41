// SPDX-License-Identifier: GPL-3.0-or-later

internal import CloudEngine
internal import ContentFormat
internal import Documents
internal import ItemModel
internal import OrderedCollections
internal import Simulation

/// One step of a world's beginning, done at its own instant so that histories are real.
package struct SetUp: Sendable {
  enum Action: Sendable {
    case request(ServiceRequest)
    case load([AttributeMap], table: String, place: Place)
    case size(Int64, table: String, place: Place)
    case form(Organization)
    case declare(Role)
  }

  let at: Instant
  let action: Action
  let mark: Mark

  /// How long before the clock tables were made, and recovery switched on, unless they say.
  static let age: Duration = .days(60)
  static let recoveryAge: Duration = .days(40)
  /// From a table's creation until it takes items and settings.
  static let pause: Duration = .minutes(1)

  static func steps(
    of world: WorldDescription, seed: UInt64, clock: Instant, _ bindings: Bindings
  ) throws(ContentProblem) -> [SetUp] {
    var steps: [SetUp] = []
    for table in world.tables {
      steps += try Self.steps(of: table, in: world, seed: seed, clock: clock, bindings)
    }
    steps += configuration(of: world, clock: clock)
    for history in world.backups {
      steps += try Self.steps(of: history, in: world, clock: clock, bindings)
    }
    steps += try world.governing(clock: clock, bindings)
    for step in steps where step.at > clock {
      throw ContentProblem(
        .badValue, "line \(step.mark.line): a part of the world lies after its clock",
        fix: "use a time before \(clock.rfc3339)")
    }
    return steps
  }

  private static func steps(
    of table: Named<TableDescription>, in world: WorldDescription, seed: UInt64, clock: Instant,
    _ bindings: Bindings
  ) throws(ContentProblem) -> [SetUp] {
    let description = table.value
    let mark = description.mark
    let place = try world.place(description.place)
    let caller = Caller(
      account: place.account, region: place.region, principal: StartWorld.platform)
    let created = try description.created?.instant(from: clock, bindings) ?? clock - age
    let ready = created + pause
    func request(_ operation: String, _ input: Document) -> Action {
      .request(
        ServiceRequest(service: "dynamodb", operation: operation, input: input, caller: caller))
    }
    var steps = [
      SetUp(
        at: created, action: request("CreateTable", description.request(named: table.name)),
        mark: mark)
    ]
    let items: [AttributeMap]
    switch description.items {
    case .written(let written): items = written
    case .generated(let count):
      let generator = description.generator(named: table.name, seed: seed, clock: clock)
      items = (0..<count).map { generator.item($0) }
    }
    if !items.isEmpty {
      steps.append(
        SetUp(at: ready, action: .load(items, table: table.name, place: place), mark: mark))
    }
    if let size = description.size {
      steps.append(
        SetUp(at: ready, action: .size(size, table: table.name, place: place), mark: mark))
    }
    if let attribute = description.ttl {
      steps.append(
        SetUp(
          at: ready,
          action: request(
            "UpdateTimeToLive",
            [
              "TableName": .string(table.name),
              "TimeToLiveSpecification": ["Enabled": true, "AttributeName": .string(attribute)],
            ]), mark: mark))
    }
    if let pitr = description.pitr, pitr.isOn {
      let since = try pitr.since?.instant(from: clock, bindings) ?? max(ready, clock - recoveryAge)
      guard since >= ready else {
        throw ContentProblem(
          .badValue, "line \(mark.line): recovery begins before the table is ready",
          fix: "pitr.since at least a minute after created")
      }
      steps.append(
        SetUp(
          at: since,
          action: request(
            "UpdateContinuousBackups",
            [
              "TableName": .string(table.name),
              "PointInTimeRecoverySpecification": [
                "PointInTimeRecoveryEnabled": true,
                "RecoveryPeriodInDays": .integer(Int64(pitr.periodDays)),
              ],
            ]), mark: mark))
    }
    return steps
  }

  /// The tables that tell applications which table to read.
  private static func configuration(of world: WorldDescription, clock: Instant) -> [SetUp] {
    var steps: [SetUp] = []
    let home = world.allAccounts[0].value
    let place = Place(account: home.id, region: home.region)
    let caller = Caller(
      account: place.account, region: place.region, principal: StartWorld.platform)
    let tables = world.tables.map(\.name)
    var made: [String] = []
    for app in world.apps {
      let created = clock - age
      if !tables.contains(app.value.config), !made.contains(app.value.config) {
        made.append(app.value.config)
        var table = TableDescription()
        table.key = KeyAttribute(name: AppDescription.keyAttribute, type: .string)
        let input = table.request(named: app.value.config)
        steps.append(
          SetUp(
            at: created,
            action: .request(
              ServiceRequest(
                service: "dynamodb", operation: "CreateTable", input: input, caller: caller)),
            mark: app.value.mark))
      }
      let item: AttributeMap = [
        AppDescription.keyAttribute: .string(app.name),
        AppDescription.tableAttribute: .string(app.value.uses),
      ]
      steps.append(
        SetUp(
          at: created + pause, action: .load([item], table: app.value.config, place: place),
          mark: app.value.mark))
    }
    return steps
  }

  private static func steps(
    of history: BackupHistory, in world: WorldDescription, clock: Instant, _ bindings: Bindings
  ) throws(ContentProblem) -> [SetUp] {
    let table = world.tables.first { $0.name == history.of }
    let place = try world.place(table?.value.place)
    let caller = Caller(
      account: place.account, region: place.region, principal: StartWorld.platform)
    var instants: [Instant] = []
    if let at = history.at {
      instants = [try at.instant(from: clock, bindings)]
    } else if let every = history.every, let from = history.from {
      var next = try from.instant(from: clock, bindings)
      while next < clock {
        guard instants.count < 1_000 else {
          throw ContentProblem(.limit, "more than 1,000 backups of \(history.of)")
        }
        instants.append(next)
        next = next + every
      }
    }
    return instants.map { instant in
      let name = history.name ?? history.id ?? "\(history.of)-\(instant.rfc3339.prefix(10))"
      return SetUp(
        at: instant,
        action: .request(
          ServiceRequest(
            service: "dynamodb", operation: "CreateBackup",
            input: ["TableName": .string(history.of), "BackupName": .string(name)],
            caller: caller)),
        mark: history.mark)
    }
  }
}

extension TableDescription {
  func generator(named name: String, seed: UInt64, clock: Instant) -> ItemGenerator {
    let keys = indexes.flatMap { [$0.value.key, $0.value.sort].compactMap { $0 } }
    let own = [key.name, sort?.name]
    return ItemGenerator(
      table: name, key: key, sort: sort, indexed: keys.filter { !own.contains($0.name) },
      kind: like, seed: seed, before: clock - SetUp.age)
  }

  /// The `CreateTable` input that makes this table.
  func request(named name: String) -> Document {
    var attributes = [key] + [sort].compactMap { $0 }
    for index in indexes {
      for attribute in [index.value.key, index.value.sort].compactMap({ $0 })
      where !attributes.contains(where: { $0.name == attribute.name }) {
        attributes.append(attribute)
      }
    }
    var input: OrderedDictionary<String, Document> = [
      "TableName": .string(name), "KeySchema": Self.keySchema(key, sort),
      "AttributeDefinitions": .array(
        attributes.map {
          [
            "AttributeName": .string($0.name),
            "AttributeType": .string($0.type.attributeType.rawValue),
          ]
        }), "BillingMode": "PAY_PER_REQUEST",
    ]
    for (kind, member) in [
      (IndexDescription.Kind.local, "LocalSecondaryIndexes"), (.global, "GlobalSecondaryIndexes"),
    ] {
      let chosen = indexes.filter { $0.value.kind == kind }
      guard !chosen.isEmpty else { continue }
      input[member] = .array(
        chosen.map { index in
          [
            "IndexName": .string(index.name),
            "KeySchema": Self.keySchema(index.value.key ?? key, index.value.sort),
            "Projection": Self.projection(index.value.projection),
          ]
        })
    }
    if let stream {
      input["StreamSpecification"] = [
        "StreamEnabled": true, "StreamViewType": .string(stream.rawValue),
      ]
    }
    if !tags.isEmpty {
      input["Tags"] = .array(
        tags.map { ["Key": .string($0.name), "Value": .string($0.value)] })
    }
    if isDeletionProtected { input["DeletionProtectionEnabled"] = true }
    return .object(input)
  }

  private static func keySchema(_ key: KeyAttribute, _ sort: KeyAttribute?) -> Document {
    var elements: [Document] = [["AttributeName": .string(key.name), "KeyType": "HASH"]]
    if let sort { elements.append(["AttributeName": .string(sort.name), "KeyType": "RANGE"]) }
    return .array(elements)
  }

  private static func projection(_ projection: IndexDescription.Projection) -> Document {
    switch projection {
    case .all: ["ProjectionType": "ALL"]
    case .keysOnly: ["ProjectionType": "KEYS_ONLY"]
    case .include(let names):
      ["ProjectionType": "INCLUDE", "NonKeyAttributes": .array(names.map { .string($0) })]
    }
  }
}
