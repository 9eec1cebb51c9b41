// SPDX-License-Identifier: GPL-3.0-or-later

/// Attribute values by name: an item's attributes, or the value of type M.
///
/// Names are unique by their UTF-8 bytes and the map is always in the order of those bytes,
/// whatever order it was built in. Lookup is a binary search over one array.
///
/// ```swift
/// var order: AttributeMap = ["pk": .string("a"), "total": .number(12)]
/// order["total"] = nil
/// ```
package struct AttributeMap: Sendable {
  private var entries: [Element] = []

  /// Creates an empty map.
  package init() {}

  /// Creates a map from pairs in any order; of pairs with the same name the last one counts.
  ///
  /// - Complexity: O(n log n), O(n) when the pairs are in order.
  package init(_ pairs: some Sequence<(name: String, value: AttributeValue)>) {
    entries.reserveCapacity(pairs.underestimatedCount)
    for pair in pairs { self[pair.name] = pair.value }
  }

  /// Creates an empty map with room for this many values.
  init(capacity: Int) { entries.reserveCapacity(capacity) }

  /// Takes entries known to be in order of their names and unique.
  init(sortedUnique entries: [Element]) { self.entries = entries }

  /// The value with this name, by bytes; setting nil removes it.
  ///
  /// - Complexity: O(log n) to read or replace, O(n) to insert out of order or remove.
  package subscript(name: String) -> AttributeValue? {
    get {
      let (index, found) = position(of: name)
      return found ? entries[index].value : nil
    }
    set {
      let (index, found) = position(of: name)
      switch (newValue, found) {
      case (let value?, true): entries[index].value = value
      case (let value?, false): entries.insert((name, value), at: index)
      case (nil, true): entries.remove(at: index)
      case (nil, false): break
      }
    }
  }

  /// The names, in order of their UTF-8 bytes.
  ///
  /// - Complexity: O(n).
  package var names: [String] { entries.map(\.name) }

  /// Whether there is a value with this name.
  ///
  /// - Complexity: O(log n).
  package func contains(name: String) -> Bool { position(of: name).found }

  /// The bytes the service counts for the names and values held, as for an item's attributes.
  /// [DDB.item.size]
  ///
  /// - Complexity: O(n) in the number of values held.
  package var byteCount: Int {
    entries.reduce(0) { $0 + $1.name.utf8.count + $1.value.byteCount }
  }

  private func position(of name: String) -> (index: Int, found: Bool) {
    // Building in order is the common case: look at the end first.
    guard let last = entries.last else { return (0, false) }
    let order = ByteOrder.compare(last.name, name)
    if order < 0 { return (entries.count, false) }
    if order == 0 { return (entries.count - 1, true) }
    var (low, high) = (0, entries.count - 1)
    while low < high {
      let middle = (low + high) / 2
      let order = ByteOrder.compare(entries[middle].name, name)
      if order == 0 { return (middle, true) }
      if order < 0 { low = middle + 1 } else { high = middle }
    }
    return (low, false)
  }
}

extension AttributeMap: RandomAccessCollection {
  package typealias Element = (name: String, value: AttributeValue)

  package var startIndex: Int { 0 }
  package var endIndex: Int { entries.count }
  package subscript(position: Int) -> Element { entries[position] }
}

extension AttributeMap: Hashable {
  /// Whether two maps hold the same values under the same names, by bytes.
  ///
  /// - Complexity: O(n) in the number of bytes held.
  package static func == (left: AttributeMap, right: AttributeMap) -> Bool {
    left.entries.count == right.entries.count
      && zip(left.entries, right.entries).allSatisfy {
        ByteOrder.equal($0.name, $1.name) && $0.value == $1.value
      }
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(entries.count)
    for entry in entries {
      entry.name.hashBytes(into: &hasher)
      hasher.combine(entry.value)
    }
  }
}

extension AttributeMap: ExpressibleByDictionaryLiteral {
  /// Creates a map from a literal; of members with the same name the last one counts.
  package init(dictionaryLiteral elements: (String, AttributeValue)...) {
    self.init(elements.lazy.map { (name: $0.0, value: $0.1) })
  }
}
