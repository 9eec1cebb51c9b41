// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

/// One step of a random history, complete in itself, so that histories can be shortened.
package enum HistoryCommand: Sendable, Hashable, CustomStringConvertible {
  case advance(milliseconds: Int64)
  case create(TableName, indexed: Bool)
  case drop(TableName)
  case put(TableName, key: Int, value: Int)
  case delete(TableName, key: Int)
  case recovery(TableName, on: Bool, days: Int64?)
  case backUp(TableName)
  /// Backups are numbered in the order of their making; a number beyond the last wraps around.
  case deleteBackup(Int, region: Int)
  case restoreBackup(Int, to: TableName, encrypted: Bool)
  case restorePoint(TableName, at: Moment, to: TableName, encrypted: Bool)

  /// A table's name and Region, by number.
  package struct TableName: Sendable, Hashable {
    package let number: Int
    package let regionNumber: Int
    package var name: String { "table-\(number)" }
    package var region: String { HistoryCommand.regions[regionNumber] }
  }

  /// Which second a restore asks for, as seen when it is asked.
  package enum Moment: Sendable, Hashable {
    case latest
    case fromEarliest(seconds: Int64)
    case fromLatest(seconds: Int64)
    case ago(seconds: Int64)
  }

  package static let regions = ["us-east-1", "eu-west-1"]
  private static let names = 3
  private static let keys = 6

  package var description: String {
    switch self {
    case .advance(let milliseconds): "advance \(milliseconds) ms"
    case .create(let table, let indexed): "create \(table.name) \(table.region) indexed=\(indexed)"
    case .drop(let table): "drop \(table.name) \(table.region)"
    case .put(let table, let key, let value): "put \(table.name) \(table.region) k\(key)=\(value)"
    case .delete(let table, let key): "delete \(table.name) \(table.region) k\(key)"
    case .recovery(let table, let on, let days):
      "recovery \(table.name) \(table.region) on=\(on) days=\(days.map(String.init) ?? "-")"
    case .backUp(let table): "back up \(table.name) \(table.region)"
    case .deleteBackup(let number, let region):
      "delete backup #\(number) in \(Self.regions[region])"
    case .restoreBackup(let number, let target, let encrypted):
      "restore backup #\(number) to \(target.name) \(target.region) encrypted=\(encrypted)"
    case .restorePoint(let source, let moment, let target, let encrypted):
      "restore \(source.name) \(source.region) at \(moment) to \(target.name) \(target.region) "
        + "encrypted=\(encrypted)"
    }
  }

  /// A random history: a table or two first, then anything.
  ///
  /// - Parameters:
  ///   - seed: The same seed gives the same history.
  ///   - count: How many commands.
  /// - Returns: The commands, in order.
  package static func history(seed: UInt64, count: Int) -> [HistoryCommand] {
    var random = SplitMix64(seed: seed)
    var result: [HistoryCommand] = [
      .create(TableName(number: 0, regionNumber: 0), indexed: seed % 2 == 0),
      .advance(milliseconds: 20_000),
      .recovery(TableName(number: 0, regionNumber: 0), on: true, days: nil),
    ]
    while result.count < count { result.append(draw(&random)) }
    return result
  }

  private static func draw(_ random: inout SplitMix64) -> HistoryCommand {
    func number(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
    func table() -> TableName {
      // Most commands meet on one table, so that histories become long.
      let busy = number(10) < 6
      return TableName(
        number: busy ? 0 : number(names), regionNumber: busy ? 0 : number(regions.count))
    }
    switch number(100) {
    case 0..<24: return .advance(milliseconds: length(&random))
    case 24..<56: return .put(table(), key: number(keys), value: number(1000))
    case 56..<64: return .delete(table(), key: number(keys))
    case 64..<70: return .create(table(), indexed: number(2) == 0)
    case 70..<74: return .drop(table())
    case 74..<80:
      let periods: [Int64?] = [nil, nil, 1, 2, 35, 0, 36]
      let days = periods[number(periods.count)]
      return .recovery(table(), on: number(5) > 0, days: days)
    case 80..<86: return .backUp(table())
    case 86..<88: return .deleteBackup(number(8), region: number(regions.count))
    case 88..<93: return .restoreBackup(number(8), to: table(), encrypted: number(2) == 0)
    default:
      let seconds = Int64(number(7)) - 2
      let moment: Moment =
        switch number(4) {
        case 0: .latest
        case 1: .fromEarliest(seconds: seconds)
        case 2: .fromLatest(seconds: seconds)
        default: .ago(seconds: Int64(number(7200)))
        }
      return .restorePoint(table(), at: moment, to: table(), encrypted: number(3) > 0)
    }
  }

  private static func length(_ random: inout SplitMix64) -> Int64 {
    func below(_ bound: Int64) -> Int64 { Int64(random.next() % UInt64(bound)) }
    return switch below(10) {
    case 0: 0
    case 1, 2: below(2000)
    case 3, 4, 5: below(600_000)
    case 6, 7: below(86_400_000)
    case 8: below(3 * 86_400_000)
    default: 35 * 86_400_000 - 1000 + below(2000)
    }
  }
}
