// SPDX-License-Identifier: GPL-3.0-or-later

/// The specification of tables, backups and recovery, as one list of writes: naive and obviously right.
///
/// No caches, no trees, O(n) everywhere. Times are milliseconds since the epoch. A refusal is the code
/// the service answers with. [DDB.PITR.window] [DDB.constants]
package struct ReferenceModel: Sendable {
  package typealias Milliseconds = Int64
  typealias Items = ModelItems
  package struct Refusal: Error, Equatable { package let code: String }

  struct Recovery { let enabledAt: Milliseconds, start: Milliseconds, days: Int64 }
  struct Table {
    let name: TableName, createdAt: Milliseconds, activeAt: Milliseconds, base: Items
    var source: Int? = nil, isRestored = false, indexes: [ModelIndex], isEncrypted = false
    var keyChanges: [(at: Milliseconds, on: Bool, before: Bool)] = []
    var isProtected = false, protectedAt: Milliseconds? = nil
    var deletedAt: Milliseconds? = nil, recovery: Recovery? = nil
  }
  struct Write { let at: Milliseconds, table: Int, key: Int, item: ModelItem? }
  struct Backup {
    let table: Int, at: Milliseconds, writes: Int, isSystem: Bool, count: Int, size: Int
    let indexes: [ModelIndex], isEncrypted: Bool
    var isDeleted = false, deletedAt: Milliseconds? = nil
    var listedFrom: Milliseconds { isSystem ? at + 8000 : at }
    var expires: Milliseconds? { isSystem ? at + 35 * day : nil }
  }

  package var now: Milliseconds
  var writes: [Write] = [], tables: [Table] = [], backups: [Backup] = []
  /// When recovery was on, by table; open at the end while it is.
  var meters: [(table: Int, from: Milliseconds, until: Milliseconds?)] = []

  /// Requests that may still come at once, by operation and Region, in thousandths.
  var requests: [String: (left: Int64, at: Milliseconds)] = [:]

  package init(now: Milliseconds) { self.now = now }

  /// Whether a request comes slowly enough: a second's requests at once, then evenly. [DDB.rates]
  mutating func admit(_ operation: String, _ region: String) -> Bool {
    let rates: [String: Int64] = ["ListBackups": 5, "DescribeBackup": 10, "DeleteBackup": 10]
    guard let rate = rates[operation] else { return true }
    let (left, at) = requests[operation + region] ?? (rate * 1000, now)
    let filled = min(rate * 1000, left + (now - at) * rate)
    requests[operation + region] = (filled < 1000 ? filled : filled - 1000, now)
    return filled >= 1000
  }

  /// A table's contents: its base, then each write up to an instant, in order.
  func fold(_ table: Int, upTo instant: Milliseconds, writes count: Int = .max) -> Items {
    var items = tables[table].base
    for (number, write) in writes.enumerated()
    where write.table == table && write.at <= instant && number < count {
      items[write.key] = write.item
    }
    return items
  }
  func find(_ name: TableName) -> Int? {
    tables.firstIndex { $0.name == name && ($0.deletedAt.map { now < $0 + 5000 } ?? true) }
  }
  func existing(_ name: TableName) throws(Refusal) -> Int {
    guard let table = find(name) else { throw Refusal(code: "ResourceNotFoundException") }
    return table
  }
  func isActive(_ table: Int) -> Bool {
    now >= tables[table].activeAt && tables[table].deletedAt == nil
  }
  func isForgotten(_ table: Int) -> Bool {
    tables[table].deletedAt.map { now >= $0 + 1000 } ?? false
  }
  func start(of recovery: Recovery) -> Milliseconds {
    max(recovery.start, now - recovery.days * day)
  }
  func window(_ table: Int) -> ClosedRange<Milliseconds>? {
    guard let recovery = tables[table].recovery, !isForgotten(table) else { return nil }
    func ceil(_ time: Milliseconds) -> Milliseconds { (time + 999) / 1000 * 1000 }
    let earliest = ceil(start(of: recovery))
    let latest = max(ceil(recovery.enabledAt), (now - 300_000) / 1000 * 1000)
    return earliest...max(earliest, latest)
  }
  /// What was counted last: the items at the last full six hours of the table's life.
  func counted(_ table: Int, at now: Milliseconds) -> Items {
    let age = now - tables[table].createdAt
    return age < 6 * hour ? Items() : fold(table, upTo: now - age % (6 * hour) - 1)
  }
  mutating func advance(to instant: Milliseconds) {
    for (number, table) in tables.enumerated() {
      guard let deletedAt = table.deletedAt, table.recovery != nil else { continue }
      guard now < deletedAt + 1000, deletedAt + 1000 <= instant else { continue }
      backups.append(backup(of: number, at: deletedAt, isSystem: true))
    }
    now = max(now, instant)
  }
  mutating func create(_ name: TableName, _ indexes: [ModelIndex]) throws(Refusal) {
    if find(name) != nil { throw Refusal(code: "ResourceInUseException") }
    let active = now + (indexes.isEmpty ? 6000 : 16_000)
    tables.append(
      Table(name: name, createdAt: now, activeAt: active, base: Items(), indexes: indexes))
  }
  /// Writes items one after the other; no item deletes.
  mutating func write(_ name: TableName, _ batch: [(key: Int, item: ModelItem?)]) throws(Refusal) {
    guard let table = find(name), isActive(table) else {
      throw Refusal(code: "ResourceNotFoundException")
    }
    if Set(batch.map(\.key)).count < batch.count { throw Refusal(code: "ValidationException") }
    writes += batch.map { Write(at: now, table: table, key: $0.key, item: $0.item) }
  }
  mutating func update(_ name: TableName, _ key: Int, _ change: ModelChange) throws(Refusal) {
    let old = find(name).flatMap { fold($0, upTo: now)[key] }
    let isThere = find(name).map { isActive($0) } ?? false
    if isThere, old == nil, change.needsItem {
      throw Refusal(code: "ConditionalCheckFailedException")
    }
    let item = change.applied(to: old ?? ModelItem(v: 0, w: 0, u: 0))
    // What only removes makes no item.
    try write(name, old == nil && change.onlyRemoves ? [] : [(key, item)])
  }
  mutating func drop(_ name: TableName) throws(Refusal) {
    let table = try existing(name)
    guard isActive(table), !isChangingKey(table) else {
      throw Refusal(code: "ResourceInUseException")
    }
    if tables[table].isProtected { throw Refusal(code: "ValidationException") }
    tables[table].deletedAt = now
    meter(table, until: now)
  }
  mutating func setRecovery(_ name: TableName, on: Bool, days: Int64?) throws(Refusal) {
    if let days, !on || !(1...35).contains(days) { throw Refusal(code: "ValidationException") }
    let table = try known(name, ready: true)
    let old = on ? tables[table].recovery : nil
    if old == nil { meter(table, until: now) }
    if on, old == nil, tables[table].deletedAt == nil { meters.append((table, now, nil)) }
    let period = days ?? old?.days ?? 35
    let start = old.map { max(self.start(of: $0), now - period * day) } ?? now
    tables[table].recovery =
      on ? Recovery(enabledAt: old?.enabledAt ?? now, start: start, days: period) : nil
  }
}
