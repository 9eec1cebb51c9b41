// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents

/// Commands that look: what the service answers, page by page, against what the model holds.
extension HistoryRun {
  /// What a reading command's answer differs in; nil if it is what the model says.
  mutating func readDisagreement(_ command: HistoryCommand) -> String? {
    do throws(ServiceError) {
      switch command {
      case .describe(let name): return try described(name)
      case .describeBackup(let number, let region): return try describedBackup(number, region)
      case .scan(let name, let index, let limit): return try scanned(name, index, limit)
      case .query(let name, let index, let value, let limit, let forward):
        return try queried(name, index, value, limit, forward)
      case .listBackups(let region, let limit, let kind):
        return try listedBackups(region, limit, kind)
      case .listTables(let region, let limit): return try listedTables(region, limit)
      default: return nil
      }
    } catch {
      return "the engine refuses with \(error.code) (\(error.message)), the model says yes"
    }
  }

  /// The table a command reads; nil if it is not there, and then the engine must say so too.
  private mutating func table(
    _ name: TableName, readable: Bool, or request: ServiceRequest
  ) -> (number: Int?, what: String?) {
    if let number = model.find(name), !readable || model.isActive(number) { return (number, nil) }
    do throws(ServiceError) {
      _ = try cloud.perform(request)
      return (nil, "the engine reads a table that is not there")
    } catch {
      return (nil, error.code == "ResourceNotFoundException" ? nil : "read: \(error.code)")
    }
  }

  private mutating func described(_ name: TableName) throws(ServiceError) -> String? {
    let request = make("DescribeTable", name, [])
    let (found, what) = table(name, readable: false, or: request)
    guard let number = found else { return what }
    let answer = try cloud.perform(request)["Table"] ?? .null
    let table = model.tables[number]
    let counted = model.counted(number, at: model.now)
    let isMade = model.now >= table.activeAt
    let isDeleted = table.deletedAt != nil
    var expected = [
      "TableStatus \(isDeleted ? "DELETING" : isMade ? "ACTIVE" : "CREATING")",
      "ItemCount \(counted.count)", "TableSizeBytes \(counted.size)",
      "encrypted \(model.isEncrypted(number) || model.isChangingKey(number))",
      "protected \(table.isProtected)",
      "restoring \(table.isRestored && !isMade) \(isMade ? "-" : table.source.flatMap { backupARNs[$0] } ?? "-")",
    ]
    for index in table.indexes where !isDeleted {
      let entries = counted.entries(of: index)
      expected.append(
        "\(index.name) \(entries.count) \(entries.size) \(index.projection.rawValue)")
    }
    var actual = ["TableStatus \(answer["TableStatus"]?.string ?? "-")"]
    actual += ["ItemCount", "TableSizeBytes"].map { "\($0) \(answer[$0]?.integer ?? -1)" }
    actual.append("encrypted \(answer["SSEDescription"] != nil)")
    actual.append("protected \(answer["DeletionProtectionEnabled"]?.bool ?? false)")
    actual.append(
      "restoring \(answer["RestoreSummary"] != nil) "
        + (answer["RestoreSummary"]?["SourceBackupArn"]?.string ?? "-"))
    for member in ["LocalSecondaryIndexes", "GlobalSecondaryIndexes"] {
      for index in answer[member]?.array ?? [] {
        actual.append(
          "\(index["IndexName"]?.string ?? "-") \(index["ItemCount"]?.integer ?? -1) "
            + "\(index["IndexSizeBytes"]?.integer ?? -1) "
            + (index["Projection"]?["ProjectionType"]?.string ?? "-"))
      }
    }
    return actual == expected ? nil : "description: engine \(actual), model \(expected)"
  }

  private mutating func describedBackup(
    _ number: Int, _ region: Int
  ) throws(ServiceError) -> String? {
    guard let arn = backupARN(number) else { return nil }
    let found = model.found(number % backupARNs.count, in: region)
    let request = make("DescribeBackup", in: region, [("BackupArn", .string(arn))])
    let answer: Document
    do throws(ServiceError) {
      guard let described = try ask(request) else { return nil }
      answer = described["BackupDescription"] ?? .null
    } catch {
      return found == nil && error.code == "BackupNotFoundException" ? nil : "backup: \(error.code)"
    }
    guard let backup = found.map({ model.backups[$0] }) else {
      return "the engine describes a backup that is not there"
    }
    let details = answer["BackupDetails"] ?? .null
    let source = answer["SourceTableDetails"] ?? .null
    let features = answer["SourceTableFeatureDetails"] ?? .null
    let isAvailable = backup.isSystem || model.now >= backup.at + 50
    let expiry = backup.expires.map { String(Double($0) / 1000) } ?? "-"
    let expected = [
      "\(isAvailable ? "AVAILABLE" : "CREATING") \(backup.size) \(backup.size) \(backup.count)",
      "expires \(expiry)", "encrypted \(backup.isEncrypted && !backup.isSystem)",
      "indexes \(backup.isSystem ? [] : backup.indexes.map(\.name))",
    ]
    let indexes = ["LocalSecondaryIndexes", "GlobalSecondaryIndexes"].flatMap {
      (features[$0]?.array ?? []).compactMap { $0["IndexName"]?.string }
    }
    let shownExpiry = details["BackupExpiryDateTime"]?.number.map { String($0) } ?? "-"
    let actual = [
      "\(details["BackupStatus"]?.string ?? "-") \(details["BackupSizeBytes"]?.integer ?? -1) "
        + "\(source["TableSizeBytes"]?.integer ?? -1) \(source["ItemCount"]?.integer ?? -1)",
      "expires \(shownExpiry)", "encrypted \(features["SSEDescription"] != nil)",
      "indexes \(indexes)",
    ]
    return actual == expected ? nil : "backup #\(number): engine \(actual), model \(expected)"
  }

  // MARK: Pages

  /// All elements of a paged answer, or those of the pages before one that was asked for too fast; a
  /// text if a page but the last is not full.
  private mutating func pages(
    _ operation: String, in region: Int, _ members: [(String, Document)], limit: Int,
    list: String, token: String, start: String
  ) throws(ServiceError) -> (all: [Document], isWhole: Bool, what: String?) {
    var all: [Document] = []
    var next: [(String, Document)] = []
    for _ in 0..<100 {
      let request = make(
        operation, in: region, members + [("Limit", .integer(Int64(limit)))] + next)
      guard let answer = try ask(request) else { return (all, false, nil) }
      let page = answer[list]?.array ?? []
      all += page
      guard let token = answer[token] else {
        // Only a page of items that stops exactly at its limit may be followed by nothing.
        let isEmpty = page.isEmpty && !next.isEmpty && list != "Items"
        let what = page.count <= limit && !isEmpty ? nil : "a last page of \(page.count)"
        return (all, true, what.map { "\(operation): \($0)" })
      }
      guard page.count == limit else { return (all, true, "\(operation): a short page") }
      next = [(start, token)]
    }
    return (all, true, "\(operation): pages without end")
  }

  private mutating func listedTables(_ region: Int, _ limit: Int) throws(ServiceError) -> String? {
    let (all, _, what) = try pages(
      "ListTables", in: region, [], limit: limit, list: "TableNames",
      token: "LastEvaluatedTableName", start: "ExclusiveStartTableName")
    let expected = tables(in: region).map { model.tables[$0].name.text }
    let names = all.compactMap(\.string)
    return what ?? (names == expected ? nil : "tables: engine \(names), model \(expected)")
  }

  private mutating func listedBackups(
    _ region: Int, _ limit: Int, _ kind: HistoryCommand.Kind
  ) throws(ServiceError) -> String? {
    let (all, isWhole, what) = try pages(
      "ListBackups", in: region,
      kind == .unsaid ? [] : [("BackupType", .string(kind.rawValue))], limit: limit,
      list: "BackupSummaries", token: "LastEvaluatedBackupArn", start: "ExclusiveStartBackupArn")
    let expected = model.backups.indices.filter {
      let backup = model.backups[$0]
      return model.isListed(backup) && model.tables[backup.table].name.region == region
        && (kind == .all || (kind == .system) == backup.isSystem)
    }
    // Table names are of one length, so that the order by table and id is that of the texts.
    let wanted = expected.compactMap { backupARNs[$0] }.sorted()
    let arns = all.compactMap { $0["BackupArn"]?.string }
    let isRight = isWhole ? arns == wanted : wanted.starts(with: arns)
    return what ?? (isRight ? nil : "backups listed: engine \(arns), model \(wanted)")
  }

  private mutating func scanned(
    _ name: TableName, _ index: Int?, _ limit: Int
  ) throws(ServiceError) -> String? {
    let (found, what) = table(name, readable: true, or: make("Scan", name, []))
    guard let number = found else { return what }
    return try read("Scan", number, chosen(index, of: number), [], limit) { _, _ in true }
  }

  private mutating func queried(
    _ name: TableName, _ index: Int?, _ value: Int, _ limit: Int, _ forward: Bool
  ) throws(ServiceError) -> String? {
    let chosen = model.find(name).flatMap { self.chosen(index, of: $0) }
    let isByPartition = chosen?.isLocal ?? true
    let asked = isByPartition ? ModelItem.partition(value) : String(value)
    let condition: [(String, Document)] = [
      ("KeyConditionExpression", isByPartition ? "p = :x" : "v = :x"),
      ("ExpressionAttributeValues", [":x": ["S": .string(asked)]]),
      ("ScanIndexForward", .bool(forward)),
    ]
    let (found, what) = table(name, readable: true, or: make("Query", name, condition))
    guard let number = found else { return what }
    return try read("Query", number, chosen, condition, limit) { key, item in
      isByPartition ? ModelItem.partition(key) == asked : item.v == value
    }
  }

  private func chosen(_ index: Int?, of number: Int) -> ModelIndex? {
    let indexes = model.tables[number].indexes
    guard let index, !indexes.isEmpty else { return nil }
    return indexes[index % indexes.count]
  }

  /// Reads all pages and compares them with the entries that `belongs` picks, and their order.
  private mutating func read(
    _ operation: String, _ number: Int, _ index: ModelIndex?, _ members: [(String, Document)],
    _ limit: Int, belongs: (Int, ModelItem) -> Bool
  ) throws(ServiceError) -> String? {
    let name = model.tables[number].name
    var members = members + [("TableName", .string(name.text))]
    if let index { members.append(("IndexName", .string(index.name))) }
    let (all, _, what) = try pages(
      operation, in: name.region, members, limit: limit, list: "Items",
      token: "LastEvaluatedKey", start: "ExclusiveStartKey")
    if let what { return what }
    let read = all.map { entry in Self.decode { entry[$0]?["S"]?.string } }
    let items = model.fold(number, upTo: model.now)
    let entries = index.map { items.entries(of: $0) } ?? items
    let expected = entries.keys.filter { key in entries[key].map { belongs(key, $0) } ?? false }
    guard read.map(\.key).sorted() == expected, read.allSatisfy({ entries[$0.key] == $0.item })
    else { return "\(operation): engine \(read), model \(expected)" }
    guard operation == "Query", index?.isLocal ?? true else { return nil }
    var order = read.map { (index == nil ? 0 : $0.item.w, $0.key) }
    if members.contains(where: { $0.0 == "ScanIndexForward" && $0.1 == false }) { order.reverse() }
    let isOrdered = zip(order, order.dropFirst()).allSatisfy { $0 < $1 }
    return isOrdered ? nil : "\(operation) out of order: \(read)"
  }
}
