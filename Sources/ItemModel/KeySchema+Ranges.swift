// SPDX-License-Identifier: GPL-3.0-or-later

/// What a query asks of one sort key attribute.
package enum SortCondition: Hashable, Sendable {
  case equal(AttributeValue)
  case less(AttributeValue)
  case lessOrEqual(AttributeValue)
  case greater(AttributeValue)
  case greaterOrEqual(AttributeValue)
  /// Both ends belong to it; nothing matches when the first is greater than the second.
  case between(AttributeValue, AttributeValue)
  /// Strings and binary values alone.
  case beginsWith(AttributeValue)
}

extension KeySchema {
  /// The positions of one partition, those of an index's entries included.
  ///
  /// - Parameter values: A value for each partition attribute, in schema order.
  /// - Returns: A half-open range of positions.
  /// - Throws: `.typeMismatch`, `.emptyValue`, `.partitionTooLong`.
  /// - Complexity: O(n) in the bytes of the values.
  package func partitionRange(_ values: [AttributeValue]) throws(KeyError) -> Range<ItemKey> {
    try range(partition: values)
  }

  /// The positions in one partition whose sort key fulfils a condition.
  ///
  /// - Parameters:
  ///   - values: A value for each partition attribute, in schema order.
  ///   - leading: Values that the first sort attributes must equal.
  ///   - condition: What the next sort attribute must fulfil; nil for nothing more.
  /// - Returns: A half-open range of positions, empty where nothing can match.
  /// - Throws: `.typeMismatch`, `.emptyValue`, `.partitionTooLong`, `.sortTooLong`,
  ///   `.unsupportedCondition`.
  /// - Complexity: O(n) in the bytes of the values.
  package func range(
    partition values: [AttributeValue], equalTo leading: [AttributeValue] = [],
    condition: SortCondition? = nil
  ) throws(KeyError) -> Range<ItemKey> {
    precondition(
      values.count == partition.count, "A query gives each partition attribute one value.")
    precondition(
      leading.count + (condition == nil ? 0 : 1) <= sort.count,
      "A query has at most one condition for each sort attribute.")
    var builder = KeyBuilder()
    for (attribute, value) in zip(partition, values) { try builder.append(value, for: attribute) }
    let hash = ItemKey.hash(builder.bytes)
    try builder.checkPartitionSize()
    for (attribute, value) in zip(sort, leading) { try builder.append(value, for: attribute) }
    try builder.checkSortSize()
    let base = KeyBase(builder: builder, hash: hash)
    guard let condition else { return base.start..<base.end }
    return try base.range(of: condition, on: sort[leading.count])
  }
}

/// The part of a key that all positions of a query share.
private struct KeyBase {
  let builder: KeyBuilder
  let hash: UInt64

  var start: ItemKey { ItemKey(partitionHash: hash, bytes: builder.bytes) }
  var end: ItemKey { .end(ofPrefix: builder.bytes, partitionHash: hash) }

  func range(
    of condition: SortCondition, on attribute: KeyAttribute
  ) throws(KeyError) -> Range<ItemKey> {
    switch condition {
    case .equal(let value):
      let exact = try appending(value, for: attribute)
      return exact.start..<exact.end
    case .less(let value): return start..<(try appending(value, for: attribute).start)
    case .lessOrEqual(let value): return start..<(try appending(value, for: attribute).end)
    case .greater(let value): return (try appending(value, for: attribute).end)..<end
    case .greaterOrEqual(let value): return (try appending(value, for: attribute).start)..<end
    case .between(let low, let high):
      let (lower, upper) = (
        try appending(low, for: attribute).start, try appending(high, for: attribute).end
      )
      return lower < upper ? lower..<upper : lower..<lower
    case .beginsWith(let prefix):
      // Appending checks type and size; the prefix itself has no end mark.
      _ = try appending(prefix, for: attribute)
      var builder = builder
      switch prefix {
      case .string(let text): builder.append(escaping: text.utf8)
      case .binary(let run): builder.append(escaping: run)
      default: throw .unsupportedCondition(attribute: attribute.name, type: prefix.type)
      }
      let begun = KeyBase(builder: builder, hash: hash)
      return begun.start..<begun.end
    }
  }

  private func appending(
    _ value: AttributeValue, for attribute: KeyAttribute
  ) throws(KeyError) -> KeyBase {
    var builder = builder
    try builder.append(value, for: attribute)
    try builder.checkSortSize()
    return KeyBase(builder: builder, hash: hash)
  }
}
