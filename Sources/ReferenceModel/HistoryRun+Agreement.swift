// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import ItemModel
import Simulation
import TableStore

/// What must be so after every command that may change something.
extension HistoryRun {
  /// The first thing on which engine and model differ now; nil if they agree.
  ///
  /// All tables, indexes, windows, listings and backups; images that are those of
  /// the command before are not read again. Restores of one table in turn, the bill at the end.
  mutating func disagreement(after step: Int, of count: Int) -> String? {
    if step == count - 1 {
      // A kept image would change with one that is wrongly shared: at the end all is read again.
      verifiedTables = [:]
      verifiedBackups = [:]
    }
    for region in HistoryCommand.regions.indices {
      let place = cloud[Self.place(region)]
      let expected = tables(in: region)
      let names = expected.map { model.tables[$0].name.text }
      guard place.tableNames == names else {
        return "tables of \(HistoryCommand.regions[region]): engine \(place.tableNames), "
          + "model \(names)"
      }
      for number in expected {
        guard let table = place.table(named: model.tables[number].name.text) else {
          return "a table is missing"
        }
        if let what = disagreement(on: number, table) { return what }
        if (step + number) % 4 == 0, let what = restoreDisagreement(on: number, table, step) {
          return what
        }
      }
      if let what = backupDisagreement(region, place) { return what }
    }
    guard step == count - 1 else { return nil }
    return agendaDisagreement() ?? billDisagreement()
  }

  /// The tables of a Region that are there, in the order of their names.
  func tables(in region: Int) -> [Int] {
    (0..<HistoryCommand.names).compactMap { model.find(TableName(number: $0, region: region)) }
  }

  private mutating func disagreement(on number: Int, _ table: Table) -> String? {
    let name = table.name
    let window = table.restoreWindow(at: cloud.now)
      .map { $0.lowerBound.milliseconds...$0.upperBound.milliseconds }
    guard window == model.window(number) else {
      return "window of \(name): engine \(window as Any), model \(model.window(number) as Any)"
    }
    let writes = model.writes.reduce(0) { $0 + ($1.table == number ? 1 : 0) }
    if let seen = verifiedTables[number], seen.writes == writes,
      seen.image.map({ $0 == table.image }) ?? (writes % 8 != 0)
    {
      return nil
    }
    let items = model.fold(number, upTo: model.now)
    if let what = difference(table.image, items, model.tables[number].indexes) {
      return "\(what) of \(name)"
    }
    verifiedTables[number] = (writes, keepsImages ? table.image : nil)
    return nil
  }

  /// What an image and the model's contents differ in: items, counts, sizes, the entries of indexes.
  private func difference(
    _ image: TableImage, _ expected: ReferenceModel.Items, _ indexes: [ModelIndex]
  ) -> String? {
    if let what = difference(image.items, expected) { return "items: \(what): contents" }
    guard image.count == expected.count else { return "count" }
    guard image.byteCount == expected.size else { return "size" }
    let names = image.indexes.map(\.definition.name)
    guard names == indexes.map(\.name) else {
      return "indexes: engine \(names), model \(indexes.map(\.name)): list"
    }
    for (index, wanted) in zip(image.indexes, indexes) {
      let expected = expected.entries(of: wanted)
      if let what = difference(index.entries().lazy.map { $0.value }, expected) {
        return "index \(wanted.name): \(what): entries"
      }
      guard index.count == expected.count else { return "count of index \(wanted.name)" }
      guard index.byteCount == expected.size else { return "size of index \(wanted.name)" }
    }
    return nil
  }

  /// Restores to both edges of the window and one second beyond, and to a second between.
  private mutating func restoreDisagreement(
    on number: Int, _ table: Table, _ step: Int
  ) -> String? {
    guard let window = model.window(number) else { return nil }
    let length = (window.upperBound - window.lowerBound) / 1000
    let between = window.lowerBound + Int64(step) * 7919 % (length + 1) * 1000
    for moment in [
      window.lowerBound - 1000, window.lowerBound, between, window.upperBound,
      window.upperBound + 1000,
    ] {
      let restored = table.image(at: Instant(milliseconds: moment), now: cloud.now)
      guard window.contains(moment) else {
        if restored != nil { return "a restore of \(table.name) outside of its window" }
        continue
      }
      guard let restored else { return "no restore of \(table.name) inside of its window" }
      let expected = model.fold(number, upTo: moment)
      if let what = difference(restored, expected, model.tables[number].indexes) {
        return "restore of \(table.name) to \(moment): \(what)"
      }
    }
    return nil
  }

  private mutating func backupDisagreement(_ region: Int, _ place: Region) -> String? {
    let listed = place.listedBackups(at: cloud.now)
    let expected = model.backups.indices.filter {
      model.isListed(model.backups[$0])
        && model.tables[model.backups[$0].table].name.region == region
    }
    guard listed.count == expected.count else {
      return "backups of \(HistoryCommand.regions[region]): engine \(listed.map(\.arn)), "
        + "model \(expected.compactMap { backupARNs[$0] })"
    }
    // As many on both sides, and each of the model's has an ARN of its own among the engine's.
    for number in expected {
      guard let place = listed.firstIndex(where: { $0.arn == backupARNs[number] }) else {
        return "backup #\(number) (\(backupARNs[number] ?? "-")) is not among "
          + "\(listed.map(\.arn))"
      }
      let image = listed[place].image
      if let seen = verifiedBackups[number], seen == image { continue }
      let backup = model.backups[number]
      let items = model.fold(backup.table, upTo: backup.at, writes: backup.writes)
      if let what = difference(image, items, backup.indexes) { return "backup #\(number): \(what)" }
      verifiedBackups[number] = image
    }
    return nil
  }

  private func agendaDisagreement() -> String? {
    let instants = cloud.pendingTransitions.map(\.at)
    let isOrdered = instants == instants.sorted() && instants.allSatisfy { $0 > cloud.now }
    return isOrdered ? nil : "the agenda is out of order: \(instants)"
  }

  /// The bytes metered, each times the milliseconds it was held.
  private func billDisagreement() -> String? {
    var metered: [BillLine: Int64] = [:]
    let start = Instant(milliseconds: 0)
    for charge in cloud.ledger.charges(from: start, until: cloud.now) {
      metered[charge.line, default: 0] +=
        charge.bytes * (charge.until - charge.from).wholeMilliseconds
    }
    let (recovery, backups) = model.billed
    guard metered[.pitr, default: 0] == recovery else {
      return "bill of recovery: engine \(metered[.pitr, default: 0]), model \(recovery)"
    }
    guard metered[.backup, default: 0] == backups else {
      return "bill of backups: engine \(metered[.backup, default: 0]), model \(backups)"
    }
    return nil
  }

  // MARK: Items

  /// What a walk over items and the model's differ in: each of the model's must come once, and no other.
  private func difference(
    _ found: some Sequence<Item>, _ expected: ReferenceModel.Items
  ) -> String? {
    var missing = expected.count
    var seen = 0
    for item in found {
      let (key, content) = Self.decode(item)
      guard key >= 0, seen & 1 << key == 0, expected[key] == content else { missing = -1; break }
      (seen, missing) = (seen | 1 << key, missing - 1)
    }
    return missing == 0 ? nil : "engine \(found.map(Self.decode)), model \(expected)"
  }

  /// Each item that histories can write, as its attributes read.
  private static let decoded: [Item: (key: Int, item: ModelItem)] = {
    var result: [Item: (key: Int, item: ModelItem)] = [:]
    for number in 0..<(ModelItem.keys * 64) {
      let content = ModelItem(v: number / 16 % 4, w: number / 4 % 4, u: number % 4)
      let attributes = content.attributes(key: number / 64).map {
        (name: $0.name, value: AttributeValue.string($0.value))
      }
      let item = Item(AttributeMap(attributes))
      result[item] = readAttributes(of: item)
    }
    return result
  }()

  private static func decode(_ item: Item) -> (key: Int, item: ModelItem) {
    decoded[item] ?? readAttributes(of: item)
  }

  private static func readAttributes(of item: Item) -> (key: Int, item: ModelItem) {
    decode { name in
      guard case .string(let text)? = item[name] else { return nil }
      return text
    }
  }

  /// An item by its attributes' texts; the key -1 for one that the histories never write.
  static func decode(_ text: (String) -> String?) -> (key: Int, item: ModelItem) {
    let key = (0..<ModelItem.keys).first {
      ModelItem.partition($0) == text("p") && ModelItem.sort($0) == text("s")
    }
    let item = ModelItem(
      v: text("v").flatMap { Int($0) } ?? 0, w: text("w").flatMap { Int($0) } ?? 0,
      u: (text("u")?.utf8.count ?? 0) / 9)
    return (key ?? -1, item)
  }
}
