// SPDX-License-Identifier: GPL-3.0-or-later

extension BoundCondition {
  /// Whether the condition holds for an item.
  ///
  /// - Complexity: O(n) in the size of the condition and of the values it looks at.
  func holds(for item: AttributeMap) -> Bool {
    switch self {
    case .or(let parts): parts.contains { $0.holds(for: item) }
    case .and(let parts): parts.allSatisfy { $0.holds(for: item) }
    case .not(let part): !part.holds(for: item)
    case .comparison(let left, let comparator, let right):
      comparator.holds(left.value(in: item), right.value(in: item))
    case .between(let operand, let low, let high):
      Comparator.greaterOrEqual.holds(operand.value(in: item), low.value(in: item))
        && Comparator.lessOrEqual.holds(operand.value(in: item), high.value(in: item))
    case .isIn(let operand, let choices):
      choices.contains { Comparator.equal.holds(operand.value(in: item), $0.value(in: item)) }
    case .call(let call): call.holds(for: item)
    }
  }
}

extension BoundOperand {
  /// The operand's value for an item; nil for a missing attribute and for the size of what has none.
  fileprivate func value(in item: AttributeMap) -> AttributeValue? {
    switch self {
    case .path(let path): item.value(at: path)
    case .value(let value): value
    case .call(let call):
      // Binding lets no other function than `size`, with one operand, stand as an operand.
      call.arguments[0].value(in: item)?.elementCount.map { .number(DecimalNumber($0)) }
    case .condition(let condition): .bool(condition.holds(for: item))
    }
  }
}

extension BoundCall {
  fileprivate func holds(for item: AttributeMap) -> Bool {
    guard let function = ConditionFunction(rawValue: function),
      let first = arguments[0].value(in: item)
    else { return function == ConditionFunction.attributeNotExists.rawValue }
    switch function {
    case .attributeExists: return true
    case .attributeNotExists, .size: return false
    case .attributeType, .beginsWith, .contains: break
    }
    guard let second = arguments[1].value(in: item) else { return false }
    switch function {
    case .attributeType: return second == .string(first.type.rawValue)
    case .beginsWith: return first.begins(with: second)
    default: return first.holds(second)
    }
  }
}

extension Comparator {
  /// Whether the comparison holds; nil is a missing attribute, which differs from everything.
  func holds(_ left: AttributeValue?, _ right: AttributeValue?) -> Bool {
    guard let left, let right else { return self == .notEqual }
    switch self {
    case .equal: return left == right
    case .notEqual: return left != right
    case .less, .lessOrEqual, .greater, .greaterOrEqual: break
    }
    guard let order = left.order(to: right) else { return false }
    switch self {
    case .less: return order < 0
    case .lessOrEqual: return order <= 0
    case .greater: return order > 0
    default: return order >= 0
    }
  }
}

extension AttributeValue {
  /// Negative, zero or positive as this value comes before, equals or follows another of the same ordered type;
  /// nil for all others.
  ///
  /// - Complexity: O(n) in the length of the shorter value.
  package func order(to other: AttributeValue) -> Int? {
    switch (self, other) {
    case (.string(let a), .string(let b)): ByteOrder.compare(a, b)
    case (.binary(let a), .binary(let b)): ByteOrder.compare(a, b)
    case (.number(let a), .number(let b)): a < b ? -1 : a == b ? 0 : 1
    default: nil
    }
  }

  /// What `size` answers: the bytes of a string or a binary value, the elements of a set, a list or a map; nil for
  /// other types. [DDB.expressions.functions]
  fileprivate var elementCount: Int? {
    switch self {
    case .string(let text): text.utf8.count
    case .binary(let bytes): bytes.count
    case .stringSet(let elements): elements.count
    case .numberSet(let elements): elements.count
    case .binarySet(let elements): elements.count
    case .map(let map): map.count
    case .list(let values): values.count
    case .number, .null, .bool: nil
    }
  }

  /// Whether a string or a binary value starts with another of its type.
  package func begins(with prefix: AttributeValue) -> Bool {
    switch (self, prefix) {
    case (.string(let text), .string(let prefix)): text.utf8.starts(with: prefix.utf8)
    case (.binary(let bytes), .binary(let prefix)): bytes.starts(with: prefix)
    default: false
    }
  }

  /// Whether a string or a binary value has another as a part, or a set or a list has it as an element.
  fileprivate func holds(_ part: AttributeValue) -> Bool {
    switch (self, part) {
    case (.string(let text), .string(let part)):
      Array(text.utf8).containsRun(Array(part.utf8))
    case (.binary(let bytes), .binary(let part)): bytes.containsRun(part)
    case (.stringSet(let elements), .string(let part)):
      elements.contains { ByteOrder.equal($0, part) }
    case (.numberSet(let elements), .number(let part)): elements.contains(part)
    case (.binarySet(let elements), .binary(let part)): elements.contains(part)
    case (.list(let values), _): values.contains(part)
    default: false
    }
  }
}

extension [UInt8] {
  /// Whether these bytes have others as an unbroken run; an empty run is everywhere.
  ///
  /// - Complexity: O(n + m), also for hostile input (Knuth, Morris, Pratt).
  func containsRun(_ run: [UInt8]) -> Bool {
    guard !run.isEmpty else { return true }
    guard run.count <= count else { return false }
    // borders[i]: the length of the longest proper prefix of run[...i] that also ends there.
    var borders = [Int](repeating: 0, count: run.count)
    var length = 0
    for index in run.indices.dropFirst() {
      while length > 0, run[index] != run[length] { length = borders[length - 1] }
      if run[index] == run[length] { length += 1 }
      borders[index] = length
    }
    var matched = 0
    for byte in self {
      while matched > 0, byte != run[matched] { matched = borders[matched - 1] }
      if byte == run[matched] { matched += 1 }
      if matched == run.count { return true }
    }
    return false
  }
}
