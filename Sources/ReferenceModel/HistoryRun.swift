// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import ItemModel
import Simulation
import TableStore

/// A history run on the engine and on the model at once, which must agree after every command.
package struct HistoryRun {
  /// The first difference between engine and model.
  package struct Difference: Error, CustomStringConvertible {
    package let step: Int
    package let command: HistoryCommand
    package let what: String

    package var description: String { "after command \(step) (\(command)): \(what)" }
  }

  /// Items, windows and listings are compared after each command, the contents of all backups after
  /// each so many.
  private static let thoroughEvery = 8
  private static let account = "111122223333"
  private static let start: Int64 = 1_772_818_800_123

  private var cloud: Cloud
  private var model: ReferenceModel
  private var backupARNs: [Int: String] = [:]

  private init(seed: UInt64) {
    cloud = Cloud(seed: seed, clock: Instant(milliseconds: Self.start))
    model = ReferenceModel(now: Self.start)
  }

  /// Runs a history.
  ///
  /// A snapshot of the cloud is taken half way; it must not change until the end.
  ///
  /// - Parameters:
  ///   - history: The commands.
  ///   - seed: Decides the cloud's identifiers.
  /// - Returns: The first difference, or nil if engine and model agree throughout.
  package static func difference(_ history: [HistoryCommand], seed: UInt64) -> Difference? {
    var run = HistoryRun(seed: seed)
    var snapshot: HistoryRun?
    for (step, command) in history.enumerated() {
      if step == history.count / 2 { snapshot = run }
      if step == history.count / 3, let what = run.reopen() {
        return Difference(step: step, command: command, what: what)
      }
      let isThorough = step % thoroughEvery == 0 || step == history.count - 1
      if let what = run.perform(command) ?? run.disagreement(thorough: isThorough) {
        return Difference(step: step, command: command, what: what)
      }
    }
    guard let last = history.last, let what = snapshot?.disagreement(thorough: true) else {
      return nil
    }
    return Difference(step: history.count, command: last, what: "a snapshot changed: \(what)")
  }

  /// Goes on with the cloud as a checkpoint of it brings it back.
  private mutating func reopen() -> String? {
    do {
      let back = try Checkpoint.decode(Cloud.self, from: Checkpoint.encode(cloud))
      guard back.fullFingerprint() == cloud.fullFingerprint() else {
        return "a checkpoint brings back another cloud"
      }
      cloud = back
      return nil
    } catch {
      return "a checkpoint does not come back: \(error)"
    }
  }

  /// The shortest history found that still fails, by leaving commands out.
  ///
  /// - Parameters:
  ///   - history: One that fails.
  ///   - fails: Whether a history still shows what is looked for.
  /// - Returns: A history that fails and of which no single command can be left out.
  /// - Complexity: O(n²) runs.
  package static func shortened(
    _ history: [HistoryCommand], while fails: ([HistoryCommand]) -> Bool
  ) -> [HistoryCommand] {
    var result = history
    var length = max(1, result.count / 2)
    while true {
      let before = result.count
      var position = 0
      while position < result.count {
        let shorter = Array(
          result[..<position] + result[min(position + length, result.count)...])
        if fails(shorter) { result = shorter } else { position += length }
      }
      if length == 1, result.count == before { return result }
      length = max(1, length / 2)
    }
  }

  // MARK: One command on both

  /// Performs a command on both sides; a text if one refuses what the other does not.
  private mutating func perform(_ command: HistoryCommand) -> String? {
    if case .advance(let milliseconds) = command {
      cloud.advance(by: .milliseconds(milliseconds))
      model.advance(to: model.now + milliseconds)
      noteSystemBackups()
      return nil
    }
    let moment = restoreMoment(of: command)
    guard let request = request(for: command, at: moment) else { return nil }
    var expected: String?
    var made: Int?
    do throws(ReferenceModel.Refusal) {
      made = try model.perform(command, at: moment, backups: backupARNs.count)
    } catch {
      expected = error.code
    }
    do throws(ServiceError) {
      let answer = try cloud.perform(request)
      if let made { backupARNs[made] = answer["BackupDetails"]?["BackupArn"]?.string }
      return expected.map { "the engine accepts what the model refuses with \($0)" }
    } catch {
      if error.code == expected { return nil }
      return "the engine refuses with \(error.code) (\(error.message)), the model says "
        + (expected ?? "yes")
    }
  }

  private func restoreMoment(of command: HistoryCommand) -> Int64? {
    guard case .restorePoint(let source, let moment, _, _) = command else { return nil }
    let window =
      model.find(source.name, source.region).flatMap { model.window($0) } ?? (model.now...model.now)
    return switch moment {
    case .latest: nil
    case .fromEarliest(let seconds): window.lowerBound + seconds * 1000
    case .fromLatest(let seconds): window.upperBound + seconds * 1000
    case .ago(let seconds): (model.now / 1000 - seconds) * 1000
    }
  }

  /// System backups come by themselves; their ids follow from the instant of the deletion.
  private mutating func noteSystemBackups() {
    for (number, backup) in model.backups.enumerated() where backupARNs[number] == nil {
      let table = model.tables[backup.table]
      let digits = String(backup.at)
      let id = String(repeating: "0", count: 14 - digits.count) + digits + "-00000000"
      backupARNs[number] = "\(arn(table.name, table.region))/backup/\(id)"
    }
  }

  private func arn(_ table: String, _ region: String) -> String {
    ARN.table(table, in: Place(account: Self.account, region: region))
  }

  // MARK: Agreement

  /// The first thing on which engine and model differ now; nil if they agree.
  private func disagreement(thorough: Bool) -> String? {
    for region in HistoryCommand.regions {
      let place = cloud[Place(account: Self.account, region: region)]
      let expected = model.tables.indices.filter { number in
        model.tables[number].region == region
          && model.find(model.tables[number].name, region) == number
      }
      let names = expected.map { model.tables[$0].name }.sorted()
      guard place.tableNames == names else {
        return "tables of \(region): engine \(place.tableNames), model \(names)"
      }
      for number in expected {
        if let what = disagreement(on: number, in: place) { return what }
      }
      if let what = disagreementOnBackups(of: region, in: place, thorough: thorough) { return what }
    }
    return nil
  }

  private func disagreement(on number: Int, in place: Region) -> String? {
    let name = model.tables[number].name
    guard let table = place.table(named: name) else { return "\(name) is missing" }
    let expected = model.fold(number, upTo: model.now)
    let items = HistoryRun.contents(of: table.image)
    guard items == expected else {
      return "items of \(name): engine \(items.sorted { $0.key < $1.key }), model "
        + "\(expected.sorted { $0.key < $1.key })"
    }
    for index in table.image.indexes where index.count != expected.count {
      return "index of \(name): \(index.count) entries for \(expected.count) items"
    }
    guard table.image.count == expected.count else { return "count of \(name)" }
    let bytes = table.image.items.reduce(0) { $0 + $1.byteCount }
    guard table.image.byteCount == bytes else {
      return "size of \(name): \(table.image.byteCount), recomputed \(bytes)"
    }
    let window = table.restoreWindow(at: cloud.now)
      .map { $0.lowerBound.milliseconds...$0.upperBound.milliseconds }
    guard window == model.window(number) else {
      return "window of \(name): engine \(window as Any), model \(model.window(number) as Any)"
    }
    return nil
  }

  private func disagreementOnBackups(
    of region: String, in place: Region, thorough: Bool
  ) -> String? {
    let listed = place.listedBackups(at: cloud.now)
    let expected = model.backups.indices.filter {
      model.isListed(model.backups[$0]) && model.tables[model.backups[$0].table].region == region
    }
    let arns = Set(expected.compactMap { backupARNs[$0] })
    guard Set(listed.map(\.arn)) == arns else {
      return "backups of \(region): engine \(listed.map(\.arn)), model \(arns.sorted())"
    }
    guard thorough else { return nil }
    let images = Dictionary(listed.map { ($0.arn, $0.image) }) { first, _ in first }
    for number in expected {
      let backup = model.backups[number]
      let items = model.fold(backup.table, upTo: backup.at, writes: backup.writes)
      guard let image = backupARNs[number].flatMap({ images[$0] }),
        HistoryRun.contents(of: image) == items
      else { return "contents of backup #\(number)" }
    }
    return nil
  }

  private static func contents(of image: TableImage) -> [String: String] {
    var result: [String: String] = [:]
    for item in image.items {
      guard case .string(let key)? = item["id"], case .number(let value)? = item["v"] else {
        continue
      }
      result[key] = value.description
    }
    return result
  }
}

// MARK: - Commands in each side's terms

extension ReferenceModel {
  /// Performs a command; the number of the backup it makes, if it makes one.
  fileprivate mutating func perform(
    _ command: HistoryCommand, at moment: Milliseconds?, backups count: Int
  ) throws(Refusal) -> Int? {
    switch command {
    case .advance(let milliseconds): advance(to: now + milliseconds)
    case .create(let table, let indexed):
      try create(table.name, table.region, indexed: indexed)
    case .drop(let table): try drop(table.name, table.region)
    case .put(let table, let key, let value):
      try write(table.name, table.region, "k\(key)", String(value))
    case .delete(let table, let key): try write(table.name, table.region, "k\(key)", nil)
    case .recovery(let table, let on, let days):
      try setRecovery(table.name, table.region, on: on, days: days)
    case .backUp(let table): return try backUp(table.name, table.region)
    case .deleteBackup(let number, let region):
      try deleteBackup(number % count, HistoryCommand.regions[region])
    case .restoreBackup(let number, let target, let encrypted):
      try restore(backup: number % count, target.name, target.region, encrypted: encrypted)
    case .restorePoint(let source, _, let target, let encrypted):
      try restore(
        source.name, from: source.region, at: moment, target.name, target.region,
        encrypted: encrypted)
    }
    return nil
  }
}

extension HistoryRun {
  /// The request a command makes; nil for one that needs a backup when there is none.
  private func request(for command: HistoryCommand, at moment: Int64?) -> ServiceRequest? {
    switch command {
    case .advance: return nil
    case .create(let table, let indexed): return create(table, indexed: indexed)
    case .drop(let table): return make("DeleteTable", table, [])
    case .put(let table, let key, let value):
      return make(
        "PutItem", table,
        [("Item", ["id": ["S": .string("k\(key)")], "v": ["N": .string(String(value))]])])
    case .delete(let table, let key):
      return make("DeleteItem", table, [("Key", ["id": ["S": .string("k\(key)")]])])
    case .recovery(let table, let on, let days):
      var specification: Document = ["PointInTimeRecoveryEnabled": .bool(on)]
      if let days { specification = specification.with("RecoveryPeriodInDays", .integer(days)) }
      return make(
        "UpdateContinuousBackups", table, [("PointInTimeRecoverySpecification", specification)])
    case .backUp(let table): return make("CreateBackup", table, [("BackupName", "backup")])
    case .deleteBackup(let number, let region):
      guard let arn = backupARN(number) else { return nil }
      return make("DeleteBackup", in: HistoryCommand.regions[region], [("BackupArn", .string(arn))])
    case .restoreBackup(let number, let target, let encrypted):
      guard let arn = backupARN(number) else { return nil }
      return make(
        "RestoreTableFromBackup", in: target.region,
        [("TargetTableName", .string(target.name)), ("BackupArn", .string(arn))]
          + encryption(encrypted))
    case .restorePoint(let source, _, let target, let encrypted):
      let time: (String, Document) =
        moment.map { ("RestoreDateTime", .double(Double($0) / 1000)) }
        ?? ("UseLatestRestorableTime", true)
      return make(
        "RestoreTableToPointInTime", in: target.region,
        [
          ("SourceTableArn", .string(arn(source.name, source.region))),
          ("TargetTableName", .string(target.name)), time,
        ] + encryption(encrypted))
    }
  }

  private func backupARN(_ number: Int) -> String? {
    backupARNs.isEmpty ? nil : backupARNs[number % backupARNs.count]
  }

  private func encryption(_ encrypted: Bool) -> [(String, Document)] {
    encrypted ? [("SSESpecificationOverride", ["Enabled": true])] : []
  }

  private func create(_ table: HistoryCommand.TableName, indexed: Bool) -> ServiceRequest {
    var members: [(String, Document)] = [
      (
        "AttributeDefinitions",
        .array(
          [["AttributeName": "id", "AttributeType": "S"]]
            + (indexed ? [["AttributeName": "v", "AttributeType": "N"]] : []))
      ),
      ("KeySchema", [["AttributeName": "id", "KeyType": "HASH"]]),
      ("BillingMode", "PAY_PER_REQUEST"),
    ]
    if indexed {
      members.append(
        (
          "GlobalSecondaryIndexes",
          [
            [
              "IndexName": "by-v", "KeySchema": [["AttributeName": "v", "KeyType": "HASH"]],
              "Projection": ["ProjectionType": "ALL"],
            ]
          ]
        ))
    }
    return make("CreateTable", table, members)
  }

  private func make(
    _ operation: String, _ table: HistoryCommand.TableName, _ members: [(String, Document)]
  ) -> ServiceRequest {
    make(operation, in: table.region, [("TableName", .string(table.name))] + members)
  }

  private func make(
    _ operation: String, in region: String, _ members: [(String, Document)]
  ) -> ServiceRequest {
    ServiceRequest(
      service: "dynamodb", operation: operation, input: Document(members: members),
      caller: Caller(account: Self.account, region: region))
  }
}
