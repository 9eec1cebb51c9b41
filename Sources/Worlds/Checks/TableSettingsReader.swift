// SPDX-License-Identifier: GPL-3.0-or-later

internal import CloudEngine
internal import CommandLanguage
internal import ContentFormat
internal import Documents
internal import Simulation

/// The settings of tables in the words of `settings` checks.
struct TableSettingsReader {
  private let reader: CloudReader

  init(_ run: WorldRun, _ place: Place) { reader = CloudReader(run.cloud, place) }

  /// Each setting of a table; empty where there is none.
  func settings(
    of name: String, except tags: [String] = []
  ) -> [SettingsMeasure.Aspect: Document] {
    let input: Document = ["TableName": .string(name)]
    guard let table = reader.ask("DescribeTable", input)?["Table"] else { return [:] }
    var result: [SettingsMeasure.Aspect: Document] = [:]
    let recovery = reader.ask("DescribeContinuousBackups", input)?["ContinuousBackupsDescription"]?[
      "PointInTimeRecoveryDescription"]
    result[.pitr] = .bool(recovery?["PointInTimeRecoveryStatus"]?.string == "ENABLED")
    result[.period] = recovery?["RecoveryPeriodInDays"] ?? false
    let expiry = reader.ask("DescribeTimeToLive", input)?["TimeToLiveDescription"]
    result[.ttl] = expiry?["AttributeName"] ?? false
    let stream = table["StreamSpecification"]
    result[.stream] =
      stream?["StreamEnabled"]?.bool == true ? stream?["StreamViewType"] ?? false : false
    result[.billing] = table["BillingModeSummary"]?["BillingMode"] ?? "PROVISIONED"
    result[.tableClass] = table["TableClassSummary"]?["TableClass"] ?? "STANDARD"
    result[.deletionProtection] = .bool(table["DeletionProtectionEnabled"]?.bool ?? false)
    let indexes = ["LocalSecondaryIndexes", "GlobalSecondaryIndexes"].flatMap {
      table[$0]?.array?.compactMap { $0["IndexName"]?.string } ?? []
    }
    result[.indexes] = .array(indexes.sorted().map { .string($0) })
    let arn = table["TableArn"]?.string ?? ""
    let listed = reader.ask("ListTagsOfResource", ["ResourceArn": .string(arn)])?["Tags"]?.array
    let pairs: [(String, Document)] = (listed ?? []).compactMap { tag in
      guard let key = tag["Key"]?.string, !tags.contains(key) else { return nil }
      return (key, tag["Value"] ?? "")
    }
    result[.tags] = Document(members: pairs)
    return result
  }
}

extension SettingsMeasure {
  func evaluate(in run: WorldRun) throws(ContentProblem) -> Verdict {
    let found: FoundTable
    switch try table.find(in: run) {
    case .success(let table): found = table
    case .failure(let nothing):
      return Verdict(
        false, expected: "a table \(table.words)", actual: nothing.what, nearest: nothing.nearest)
    }
    let actual = TableSettingsReader(found.run, found.place).settings(of: found.name)
    var wanted = wanted
    if let like {
      switch try like.find(in: run) {
      case .success(let model):
        let settings = TableSettingsReader(model.run, model.place).settings(of: model.name)
        for aspect in of.isEmpty ? Aspect.allCases : of { wanted[aspect] = settings[aspect] }
      case .failure(let nothing):
        return Verdict(false, expected: "like \(like.words)", actual: nothing.what)
      }
    }
    var (expected, differing, agreeing) = ([String](), [String](), 0)
    let checked = Aspect.allCases.filter { wanted[$0] != nil }
    for aspect in checked {
      let want = try (wanted[aspect] ?? .null).substituting(run.bindings)
      let have = actual[aspect] ?? .null
      if holds(aspect, have, want) {
        agreeing += 1
      } else {
        expected.append("\(aspect.rawValue) \(want.shown)")
        differing.append("\(aspect.rawValue) \(have.shown)")
      }
    }
    guard !differing.isEmpty else {
      let all = checked.map { "\($0.rawValue) \((wanted[$0] ?? .null).shown)" }
      let words = all.joined(separator: ", ")
      return Verdict(true, expected: words, actual: words)
    }
    return Verdict(
      false, share: Double(agreeing) / Double(checked.count),
      expected: expected.joined(separator: ", "), actual: differing.joined(separator: ", "))
  }

  /// Equal; but where tags are named one by one, others may be there too, and indexes have no order.
  private func holds(_ aspect: Aspect, _ have: Document, _ want: Document) -> Bool {
    var comparison = Comparison()
    switch aspect {
    case .tags where like == nil: comparison.has = want
    case .indexes:
      let names = (want.array ?? []).compactMap(\.string).sorted()
      comparison.equal = .array(names.map { .string($0) })
    default: comparison.equal = want
    }
    return comparison.evaluate(have).passes
  }
}

extension WorldRun {
  /// Tries every modelled way to get rid of a table and its backups, as an administrator would who
  /// means harm: protection off first, then the table, then each backup.
  mutating func attack(_ name: String, as runAs: String?) {
    guard let place = try? place(nil, of: name) else { return }
    let profile = (try? world.profile(runAs)) ?? world.learner
    let caller = Caller(
      account: profile.account, region: place.region, principal: profile.principal)
    func request(_ operation: String, _ input: Document) -> ServiceRequest {
      ServiceRequest(service: "dynamodb", operation: operation, input: input, caller: caller)
    }
    let table: Document = .string(name)
    _ = perform(
      request("UpdateTable", ["TableName": table, "DeletionProtectionEnabled": false]))
    advance(by: .minutes(1))
    _ = perform(request("DeleteTable", ["TableName": table]))
    advance(by: .minutes(1))
    for backup in CloudReader(cloud, place).backups(of: name) {
      guard let arn = backup["BackupArn"] else { continue }
      _ = perform(request("DeleteBackup", ["BackupArn": arn]))
    }
  }
}
