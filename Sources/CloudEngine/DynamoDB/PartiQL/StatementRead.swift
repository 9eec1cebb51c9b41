// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import TableStore

/// A SELECT together with the table or index it reads. [DDB.partiql.reads]
///
/// A whole key is looked up; values for the partition key are read as ranges of keys, one after the other; otherwise
/// everything is read. What a range cannot say is asked of each item.
struct StatementRead {
  /// How many ranges one page reads. [DDB.partiql.reads]
  static let readsPerPage = 10

  private enum Plan {
    case item(ItemKey)
    case ranges([Range<ItemKey>], isForward: Bool)
    case everything
  }

  private let selection: PartiQLSelection
  private let condition: PartiQLCondition?
  private let source: ReadSource
  private let isConsistent: Bool
  private let plan: Plan

  init(
    _ statement: PartiQLStatement, _ selection: PartiQLSelection, in table: Table,
    isConsistent: Bool
  ) throws(ServiceError) {
    self.selection = selection
    self.isConsistent = isConsistent
    condition = statement.condition
    if let name = statement.index {
      guard let index = table.store.image.indexes.first(where: { $0.definition.name == name })
      else { throw .validation("The table does not have the specified index") }
      guard !isConsistent || index.definition.kind == .local else {
        throw .validation("Strongly consistent read is not supported on Global Secondary Indexes")
      }
    }
    source = try ReadSource(table, index: statement.index, consistentRead: isConsistent)
    try source.checkProjection(of: selection)
    plan = try Self.plan(selection, condition, in: source)
  }

  /// Whether the statement reads one item by its whole key and asks nothing else of it.
  var isOfOneItem: Bool { if case .item = plan { true } else { false } }

  /// The key of the one item the statement reads, if it reads one of the table and asks nothing else of it.
  static func soleKey(of statement: PartiQLStatement, in image: TableImage) -> AttributeMap? {
    guard statement.index == nil else { return nil }
    return statement.condition?.soleKey(on: image.keySchema)
  }

  private static func plan(
    _ selection: PartiQLSelection, _ condition: PartiQLCondition?, in source: ReadSource
  ) throws(ServiceError) -> Plan {
    let schema = source.keySchema
    let reads = try condition.flatMap { (condition) throws(ServiceError) in
      try wording(ServiceError.init) { () throws(ExpressionError) in
        try condition.reads(on: schema)
      }
    }
    try checkOrder(selection.order, condition, reads, on: schema)
    guard let reads else { return .everything }
    let branches = try branches(reads, in: source)
    if source.index == nil, let key = condition?.soleKey(on: schema) {
      return .item(
        try wording(ServiceError.inKey) { () throws(KeyError) in try schema.key(exactly: key) })
    }
    let order = selection.order
    let partition = Set(schema.partition.map(\.name))
    // With an order of the partition key alone the sort key descends, as the service does it.
    let isForward =
      order.isEmpty || order.contains { !partition.contains($0.attribute) && !$0.isDescending }
    let descends = order.contains { partition.contains($0.attribute) && $0.isDescending }
    var groups = branches.grouped(by: \.partition)
    if descends { groups.reverse() }
    if !isForward { groups = groups.map { $0.reversed() } }
    return .ranges(groups.flatMap { $0 }.map(\.range), isForward: isForward)
  }
}

// MARK: - Ranges

extension StatementRead {
  private struct Branch {
    let partition: [AttributeValue]
    let range: Range<ItemKey>
    let filtered: ExpressionPaths
  }

  /// The ranges in the order of their keys.
  ///
  /// - Throws: A validation error for ranges that overlap and for a filter that an index does not hold.
  private static func branches(
    _ reads: [PartiQLRead], in source: ReadSource
  ) throws(ServiceError) -> [Branch] {
    var branches: [Branch] = []
    for read in reads {
      branches.append(
        Branch(
          partition: read.partition, range: try range(of: read, on: source.keySchema),
          filtered: read.filtered))
    }
    branches.sort { left, right in
      for (a, b) in zip(left.partition, right.partition) where a != b {
        return (a.order(to: b) ?? 0) < 0
      }
      return left.range.lowerBound < right.range.lowerBound
    }
    for group in branches.grouped(by: \.partition) {
      var reach: ItemKey?
      for branch in group where !branch.range.isEmpty {
        if let reach, branch.range.lowerBound < reach {
          throw .validation(
            "Overlapping conditions with range keys are not supported in where clause")
        }
        reach = branch.range.upperBound
      }
    }
    try source.checkFilters(branches.map(\.filtered))
    return branches
  }

  private static func range(
    of read: PartiQLRead, on schema: KeySchema
  ) throws(ServiceError) -> Range<ItemKey> {
    try wording(ServiceError.inKey) { () throws(KeyError) in
      var range = try schema.range(partition: read.partition, equalTo: read.leading)
      for condition in read.conditions {
        let other = try schema.range(
          partition: read.partition, equalTo: read.leading, condition: condition)
        let lower = max(range.lowerBound, other.lowerBound)
        range = lower..<max(lower, min(range.upperBound, other.upperBound))
      }
      return range
    }
  }

  private static func checkOrder(
    _ order: [PartiQLSelection.Order], _ condition: PartiQLCondition?, _ reads: [PartiQLRead]?,
    on schema: KeySchema
  ) throws(ServiceError) {
    guard !order.isEmpty else { return }
    guard condition != nil else {
      throw .validation("Must have WHERE clause in the statement when using ORDER BY clause.")
    }
    for term in order where !schema.contains(name: term.attribute) {
      throw .validation(
        "Attribute \(term.attribute) in ORDER BY clause must be part of the primary key")
    }
    guard let reads else {
      throw .validation(
        "Must have at least one non-optional hash key condition in WHERE clause when using "
          + "ORDER BY clause.")
    }
    let partition = Set(schema.partition.map(\.name))
    guard
      Set(reads.map(\.partition)).count == 1
        || order.contains(where: { partition.contains($0.attribute) })
    else {
      throw .validation(
        "Must have hash key in ORDER BY clause when more than one hash key condition specified in "
          + "WHERE clause.")
    }
  }
}

// MARK: - Pages

/// Where a page of a SELECT begins: in which of its ranges, and behind which item there.
struct StatementPosition: Equatable {
  var range = 0
  var after: AttributeMap?
}

extension StatementRead {
  struct Page {
    var items: [Document] = []
    var next: StatementPosition?
  }

  /// The next items, at most `limit` of them before the filter and 1 MB.
  ///
  /// - Throws: A validation error for a position that is none of this statement's.
  func page(
    limit: Int?, from position: StatementPosition?, meter: inout CapacityMeter
  ) throws(ServiceError) -> Page {
    switch plan {
    case .item(let key):
      guard position == nil else { throw .invalidStatementToken }
      let item = source.image.item(key)
      meter.add(Capacity.read(byteCount: item?.byteCount ?? 0, consistent: isConsistent))
      return Page(items: item.map { [shown($0)] } ?? [])
    case .ranges(let ranges, let isForward):
      return try page(ranges, isForward, limit: limit, from: position, meter: &meter)
    case .everything:
      return try page([nil], true, limit: limit, from: position, meter: &meter)
    }
  }

  private func page(
    _ ranges: [Range<ItemKey>?], _ isForward: Bool, limit: Int?, from position: StatementPosition?,
    meter: inout CapacityMeter
  ) throws(ServiceError) -> Page {
    let first = position?.range ?? 0
    guard ranges.indices.contains(first) else { throw .invalidStatementToken }
    var start = try position?.after.map { (key) throws(ServiceError) in
      try startKey(key, in: ranges[first])
    }
    var page = ReadPage(limit: limit, filter: condition?.expression)
    var place = first
    while place < ranges.count, place - first < Self.readsPerPage, page.lastEvaluated == nil {
      let read = page.byteCount
      let entries = source.entries(in: ranges[place], after: start, forward: isForward)
      page.fill(from: entries, of: source) { entry in
        guard reachesBack, let item = tableItem(of: entry) else { return }
        meter.add(Capacity.read(byteCount: item.byteCount, consistent: isConsistent))
      }
      meter.add(
        Capacity.read(byteCount: page.byteCount - read, consistent: isConsistent),
        toIndex: source.index?.definition.name)
      start = nil
      place += 1
    }
    let items = page.items.map(shown)
    if let last = page.lastEvaluated {
      return Page(
        items: items, next: StatementPosition(range: place - 1, after: source.startKey(after: last))
      )
    }
    return Page(
      items: items, next: place < ranges.count ? StatementPosition(range: place) : nil)
  }

  private func startKey(
    _ key: AttributeMap, in range: Range<ItemKey>?
  ) throws(ServiceError) -> ItemKey {
    let start: ItemKey
    do {
      start = try source.position(of: key, inScan: false)
    } catch {
      throw .invalidStatementToken
    }
    guard range?.contains(start) ?? true else { throw .invalidStatementToken }
    return start
  }

  private func shown(_ entry: Item) -> Document {
    if selection.columns == nil { return entry.json }
    let item = reachesBack ? tableItem(of: entry) ?? entry : entry
    return selection.project(item.attributes).json
  }

  /// Whether columns are asked for that a local index does not hold and its table does.
  private var reachesBack: Bool {
    guard let columns = selection.columns, source.index?.definition.kind == .local,
      let held = source.heldAttributes
    else { return false }
    return !columns.allSatisfy { held.contains($0.path.attribute) }
  }

  private func tableItem(of entry: Item) -> Item? {
    (try? source.image.keySchema.key(of: entry)).flatMap { source.image.item($0) }
  }
}

// MARK: - What an index holds

extension ReadSource {
  /// The attributes that the index read holds; nil for all.
  fileprivate var heldAttributes: Set<String>? {
    (index?.definition.projectedNames(with: image.keySchema)).map(Set.init)
  }

  /// Refuses columns that a global index does not hold: it has no way back to the table.
  fileprivate func checkProjection(of selection: PartiQLSelection) throws(ServiceError) {
    guard let index, index.definition.kind == .global, let held = heldAttributes,
      let columns = selection.columns
    else { return }
    let missing = columns.map(\.path.attribute).filter { !held.contains($0) }
    guard missing.isEmpty else {
      throw .invalidValues(
        "Global secondary index \(index.definition.name) does not project "
          + "[\(missing.joined(separator: ", "))]")
    }
  }

  /// Refuses a read by key that filters by what the index does not hold in each of its ranges.
  fileprivate func checkFilters(_ filters: [ExpressionPaths]) throws(ServiceError) {
    guard let index, let held = heldAttributes else { return }
    let missing = filters.map { $0.attributes.filter { !held.contains($0) } }
    guard let last = missing.last, missing.allSatisfy({ !$0.isEmpty }) else { return }
    throw .invalidValues(
      "Secondary index \(index.definition.name) does not project one or more filter attributes: "
        + "[\(last.inHashOrder.joined(separator: ", "))]")
  }
}

extension [String] {
  /// The names, which are unique, in the order in which the service's sets list them: that of Java's hash tables.
  fileprivate var inHashOrder: [String] {
    var capacity: UInt32 = 16
    while count > Int(capacity) * 3 / 4 { capacity *= 2 }
    let placed = enumerated().map { position, name in
      let hash = name.utf16.reduce(UInt32(0)) { $0 &* 31 &+ UInt32($1) }
      return (bucket: (hash ^ hash >> 16) & (capacity - 1), position: position, name: name)
    }
    return placed.sorted { ($0.bucket, $0.position) < ($1.bucket, $1.position) }.map(\.name)
  }
}

extension Array {
  /// Neighbours with equal values together.
  fileprivate func grouped<Value: Equatable>(by value: (Element) -> Value) -> [[Element]] {
    var groups: [[Element]] = []
    for element in self {
      if let last = groups.last?.last, value(last) == value(element) {
        groups[groups.count - 1].append(element)
      } else {
        groups.append([element])
      }
    }
    return groups
  }
}
