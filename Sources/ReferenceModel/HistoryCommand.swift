// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

/// One step of a random history, complete in itself, so that histories can be shortened.
package enum HistoryCommand: Sendable, Hashable {
  case advance(milliseconds: Int64)
  case create(TableName, [ModelIndex])
  case drop(TableName)
  case put(TableName, key: Int, ModelItem)
  case delete(TableName, key: Int)
  /// Keys and items; no item deletes.
  case batch(TableName, [BatchEntry])
  case update(TableName, key: Int, ModelChange)
  case protect(TableName, on: Bool)
  case encrypt(TableName, on: Bool)
  case recovery(TableName, on: Bool, days: Int64?)
  case backUp(TableName)
  /// Backups are numbered in the order of their making; a number beyond the last wraps around.
  case deleteBackup(Int, region: Int)
  case restoreBackup(Int, to: TableName, ModelOverride)
  case restorePoint(TableName, at: Moment, to: TableName, ModelOverride)
  case describe(TableName)
  case describeBackup(Int, region: Int)
  /// Reads a table or its index of a number, page by page.
  case scan(TableName, index: Int?, limit: Int)
  /// Reads a partition of a table or an index of it, page by page.
  case query(TableName, index: Int?, value: Int, limit: Int, forward: Bool)
  case listBackups(region: Int, limit: Int, kind: Kind)
  case listTables(region: Int, limit: Int)
  /// A step on one large table, below the requests.
  case store(StoreCommand)

  package struct BatchEntry: Sendable, Hashable {
    let key: Int
    let item: ModelItem?

    /// Describes a put, or without an item a deletion.
    package init(key: Int, item: ModelItem?) {
      self.key = key
      self.item = item
    }
  }

  /// Which backups a listing asks for.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case user = "USER"
    case system = "SYSTEM"
    case all = "ALL"
    /// Says nothing, which means user.
    case unsaid = ""
  }

  /// Which second a restore asks for, as seen when it is asked.
  package enum Moment: Sendable, Hashable {
    case latest
    case fromEarliest(seconds: Int64)
    case fromLatest(seconds: Int64)
    case ago(seconds: Int64)
  }

  package static let regions = ["us-east-1", "eu-west-1"]
  static let names = 3

  /// A random history: a table and its recovery first, then anything; each eighth is one of a single
  /// large table, with a third of the commands.
  ///
  /// - Parameters:
  ///   - seed: The same seed gives the same history.
  ///   - count: How many commands.
  /// - Returns: The commands, in order.
  package static func history(seed: UInt64, count: Int) -> [HistoryCommand] {
    if seed % 8 == 7 {
      var random = SplitMix64(seed: seed)
      return (0..<max(1, count / 3)).map { _ in .store(.draw(&random)) }
    }
    var draw = CommandDraw(random: SplitMix64(seed: seed))
    let first = TableName(number: 0, region: 0)
    var result: [HistoryCommand] = [
      .create(first, draw.indexes()), .advance(milliseconds: 20_000),
      .recovery(first, on: true, days: nil),
    ]
    while result.count < count { result.append(draw.command()) }
    return result
  }
}

/// Draws commands, each kind as often as it finds something.
private struct CommandDraw {
  var random: SplitMix64

  mutating func number(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
  mutating func chance(_ one: Int) -> Bool { number(one) == 0 }

  /// Most commands meet on one table, so that histories become long.
  mutating func table() -> TableName {
    let busy = number(10) < 7
    return TableName(
      number: busy ? 0 : number(HistoryCommand.names),
      region: busy ? 0 : number(HistoryCommand.regions.count))
  }

  mutating func item() -> ModelItem { ModelItem(v: number(4), w: number(4), u: number(4)) }

  mutating func indexes() -> [ModelIndex] {
    let projections = ModelIndex.Projection.allCases
    var result: [ModelIndex] = []
    if chance(2) {
      result.append(ModelIndex(name: "local", isLocal: true, projection: projections[number(3)]))
    }
    for name in ["by-v", "also-by-v"] where chance(2) {
      result.append(ModelIndex(name: name, isLocal: false, projection: projections[number(3)]))
    }
    return result
  }

  mutating func override() -> ModelOverride {
    let changes = ModelOverride.Indexes.allCases
    return ModelOverride(
      change: chance(2) ? .same : changes[number(changes.count)],
      encrypted: [nil, true, true, false][number(4)])
  }

  mutating func command() -> HistoryCommand {
    switch number(100) {
    case 0..<22: .advance(milliseconds: length())
    case 22..<55: write()
    case 55..<60: .create(table(), indexes())
    case 60..<64: .drop(table())
    case 64..<66: .protect(table(), on: chance(3))
    case 66..<67: .encrypt(table(), on: chance(2))
    case 67..<73:
      .recovery(table(), on: !chance(5), days: [nil, nil, 1, 2, 35, 0, 36][number(7)])
    case 73..<79: .backUp(table())
    case 79..<81: .deleteBackup(number(8), region: number(2))
    case 81..<86: .restoreBackup(number(8), to: table(), override())
    case 86..<92: .restorePoint(table(), at: moment(), to: table(), override())
    default: read()
    }
  }

  private mutating func write() -> HistoryCommand {
    let key = number(ModelItem.keys)
    switch number(10) {
    case 0..<5: return .put(table(), key: key, item())
    case 5..<7: return .delete(table(), key: key)
    case 7..<9:
      let change = ModelChange(
        v: chance(2) ? number(4) : nil, w: chance(2) ? number(4) : nil, needsItem: chance(2))
      return .update(table(), key: key, change)
    default:
      let entries = (0...number(3)).map { _ in
        HistoryCommand.BatchEntry(
          key: number(ModelItem.keys), item: chance(3) ? nil : item())
      }
      return .batch(table(), entries)
    }
  }

  private mutating func read() -> HistoryCommand {
    let index = chance(3) ? nil : number(3)
    switch number(6) {
    case 0: return .describe(table())
    case 1: return .describeBackup(number(8), region: number(2))
    case 2: return .scan(table(), index: index, limit: 1 + number(4))
    case 3:
      return .listBackups(
        region: number(2), limit: 1 + number(3),
        kind: HistoryCommand.Kind.allCases[number(4)])
    case 4: return .listTables(region: number(2), limit: 1 + number(2))
    default:
      return .query(
        table(), index: index, value: 1 + number(3), limit: 1 + number(3), forward: chance(2))
    }
  }

  private mutating func moment() -> HistoryCommand.Moment {
    let seconds = Int64(number(7)) - 2
    return switch number(4) {
    case 0: .latest
    case 1: .fromEarliest(seconds: seconds)
    case 2: .fromLatest(seconds: seconds)
    default: .ago(seconds: Int64(number(chance(2) ? 600 : 7200)))
    }
  }

  private mutating func length() -> Int64 {
    switch number(12) {
    case 0: 0
    case 1, 2: Int64(number(2000))
    case 3: Int64(number(20_000))
    case 4, 5, 6: Int64(number(600_000))
    case 7, 8: Int64(number(86_400_000))
    // To the second, so that commands meet the bounds of windows and counts exactly.
    case 9: 1000 * Int64(number(400))
    case 10: Int64(number(3 * 86_400_000))
    default: 35 * 86_400_000 - 1000 + Int64(number(2000))
    }
  }
}

extension HistoryCommand {
  /// The command as Swift, so that a shortened history can be pasted into a test.
  package var source: String {
    "." + String(describing: self).replacing("ReferenceModel.", with: "")
  }
}
