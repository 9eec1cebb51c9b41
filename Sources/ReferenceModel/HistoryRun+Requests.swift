// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents

extension HistoryCommand {
  /// True for a command that only looks.
  var isRead: Bool {
    switch self {
    case .describe, .describeBackup, .scan, .query, .listBackups, .listTables: true
    default: false
    }
  }
}

/// Commands as the engine is asked to do them.
extension HistoryRun {
  /// The request a command makes; nil for one that needs a backup when there is none.
  func request(for command: HistoryCommand, at moment: Int64?) -> ServiceRequest? {
    switch command {
    case .create(let table, let indexes): create(table, indexes)
    case .drop(let table): make("DeleteTable", table, [])
    case .put(let table, let key, let item):
      make("PutItem", table, [("Item", Self.item(key, item))])
    case .delete(let table, let key): make("DeleteItem", table, [("Key", Self.key(key))])
    case .batch(let table, let entries): batch(table, entries)
    case .update(let table, let key, let change): update(table, key, change)
    case .protect(let table, let on):
      make("UpdateTable", table, [("DeletionProtectionEnabled", .bool(on))])
    case .encrypt(let table, let on):
      make("UpdateTable", table, [("SSESpecification", ["Enabled": .bool(on)])])
    case .recovery(let table, let on, let days):
      make(
        "UpdateContinuousBackups", table,
        [
          (
            "PointInTimeRecoverySpecification",
            Document(
              members: [("PointInTimeRecoveryEnabled", .bool(on))]
                + (days.map { [("RecoveryPeriodInDays", .integer($0))] } ?? []))
          )
        ])
    case .backUp(let table): make("CreateBackup", table, [("BackupName", "backup")])
    case .deleteBackup(let number, let region):
      backupARN(number).map { make("DeleteBackup", in: region, [("BackupArn", .string($0))]) }
    case .restoreBackup(let number, let target, let override):
      backupARN(number).map { arn in
        make(
          "RestoreTableFromBackup", in: target.region,
          [("TargetTableName", .string(target.text)), ("BackupArn", .string(arn))]
            + overrides(override, of: model.backups[number % backupARNs.count].indexes))
      }
    case .restorePoint(let source, _, let target, let override):
      make(
        "RestoreTableToPointInTime", in: target.region,
        [
          ("SourceTableArn", .string(arn(source))), ("TargetTableName", .string(target.text)),
          moment.map { ("RestoreDateTime", .double(Double($0) / 1000)) }
            ?? ("UseLatestRestorableTime", true),
        ] + overrides(override, of: model.find(source).map { model.tables[$0].indexes } ?? []))
    default: nil
    }
  }

  func backupARN(_ number: Int) -> String? {
    backupARNs.isEmpty ? nil : backupARNs[number % backupARNs.count]
  }

  static func item(_ key: Int, _ item: ModelItem) -> Document {
    items[key * 64 + item.v * 16 + item.w * 4 + item.u]
  }

  private static let items: [Document] = (0..<(ModelItem.keys * 64)).map { number in
    let item = ModelItem(v: number / 16 % 4, w: number / 4 % 4, u: number % 4)
    return Document(
      members: item.attributes(key: number / 64).map { ($0.name, ["S": .string($0.value)]) })
  }

  static func key(_ key: Int) -> Document { keys[key] }

  private static let keys: [Document] = (0..<ModelItem.keys).map { key in
    ["p": ["S": .string(ModelItem.partition(key))], "s": ["S": .string(ModelItem.sort(key))]]
  }

  private func batch(
    _ table: TableName, _ entries: [HistoryCommand.BatchEntry]
  ) -> ServiceRequest {
    let requests: [Document] = entries.map { entry in
      entry.item.map { ["PutRequest": ["Item": Self.item(entry.key, $0)]] }
        ?? ["DeleteRequest": ["Key": Self.key(entry.key)]]
    }
    return make(
      "BatchWriteItem", in: table.region,
      [("RequestItems", Document(members: [(table.text, .array(requests))]))])
  }

  private func update(_ table: TableName, _ key: Int, _ change: ModelChange) -> ServiceRequest {
    let parts = [("v", change.v), ("w", change.w)]
    let set = parts.filter { ($0.1 ?? 0) != 0 }
    let removed = parts.filter { $0.1 == 0 }.map(\.0)
    var text = set.isEmpty ? "" : "SET " + set.map { "\($0.0) = :\($0.0)" }.joined(separator: ", ")
    if !removed.isEmpty { text += " REMOVE " + removed.joined(separator: ", ") }
    var members: [(String, Document)] = [("Key", Self.key(key))]
    if !text.isEmpty { members.append(("UpdateExpression", .string(text))) }
    if change.needsItem { members.append(("ConditionExpression", "attribute_exists(p)")) }
    if !set.isEmpty {
      members.append(
        (
          "ExpressionAttributeValues",
          Document(members: set.map { (":\($0.0)", ["S": .string(String($0.1 ?? 0))]) })
        ))
    }
    return make("UpdateItem", table, members)
  }

  private func create(_ table: TableName, _ indexes: [ModelIndex]) -> ServiceRequest {
    let used =
      ["p", "s"] + (indexes.contains { !$0.isLocal } ? ["v"] : [])
      + (indexes.contains(where: \.isLocal) ? ["w"] : [])
    var members: [(String, Document)] = [
      (
        "AttributeDefinitions",
        .array(used.map { ["AttributeName": .string($0), "AttributeType": "S"] })
      ),
      ("KeySchema", Self.keySchema(["p", "s"])), ("BillingMode", "PAY_PER_REQUEST"),
    ]
    let (local, global) = Self.specifications(indexes)
    if !local.isEmpty { members.append(("LocalSecondaryIndexes", .array(local))) }
    if !global.isEmpty { members.append(("GlobalSecondaryIndexes", .array(global))) }
    return make("CreateTable", table, members)
  }

  private func overrides(
    _ override: ModelOverride, of source: [ModelIndex]
  ) -> [(String, Document)] {
    var members: [(String, Document)] = []
    let (local, global) = Self.specifications(override.indexes(source))
    switch override.change {
    case .same: break
    case .noGlobal: members.append(("GlobalSecondaryIndexOverride", .array(global)))
    case .none, .renamed:
      members.append(("GlobalSecondaryIndexOverride", .array(global)))
      members.append(("LocalSecondaryIndexOverride", .array(local)))
    }
    if let encrypted = override.encrypted {
      members.append(("SSESpecificationOverride", ["Enabled": .bool(encrypted)]))
    }
    return members
  }

  private static func specifications(
    _ indexes: [ModelIndex]
  ) -> (local: [Document], global: [Document]) {
    func specification(_ index: ModelIndex) -> Document {
      var projection: [(String, Document)] = [
        ("ProjectionType", .string(index.projection.rawValue))
      ]
      if index.projection == .include { projection.append(("NonKeyAttributes", ["u"])) }
      return [
        "IndexName": .string(index.name),
        "KeySchema": keySchema(index.isLocal ? ["p", "w"] : ["v"]),
        "Projection": Document(members: projection),
      ]
    }
    return (
      indexes.filter(\.isLocal).map(specification),
      indexes.filter { !$0.isLocal }.map(specification)
    )
  }

  private static func keySchema(_ names: [String]) -> Document {
    .array(
      zip(names, ["HASH", "RANGE"]).map {
        ["AttributeName": .string($0.0), "KeyType": .string($0.1)]
      })
  }

  func make(
    _ operation: String, _ table: TableName, _ members: [(String, Document)]
  ) -> ServiceRequest {
    make(operation, in: table.region, [("TableName", .string(table.text))] + members)
  }

  func make(
    _ operation: String, in region: Int, _ members: [(String, Document)]
  ) -> ServiceRequest {
    ServiceRequest(
      service: "dynamodb", operation: operation, input: Document(members: members),
      caller: Self.callers[region])
  }

  private static let callers = HistoryCommand.regions.map {
    Caller(account: account, region: $0)
  }
}
