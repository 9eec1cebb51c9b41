// SPDX-License-Identifier: GPL-3.0-or-later

// Who holds a document needs its members: this floor hands the ordered dictionary on.
@_exported public import OrderedCollections

/// A JSON-shaped value: what requests, responses, content and results are made of.
///
/// Objects keep the order in which their members were written, but equality ignores it, as JSON does.
/// Numbers without a fraction or exponent that fit 64 bits are `.integer`; all others are `.double`.
///
/// ```swift
/// let request: Document = ["TableName": "orders", "Limit": 10]
/// request["TableName"]?.string   // "orders"
/// ```
public enum Document: Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case double(Double)
  case string(String)
  case array([Document])
  case object(OrderedDictionary<String, Document>)
}

extension Document {
  /// The member of an object, or nil for another kind of value or an absent member.
  ///
  /// - Complexity: O(1) on average.
  public subscript(member: String) -> Document? {
    guard case .object(let members) = self else { return nil }
    return members[member]
  }

  /// The element of an array, or nil for another kind of value or an index outside it.
  public subscript(index: Int) -> Document? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  /// The text of a string, or nil for another kind of value.
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  /// The truth value, or nil for another kind of value.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// The elements of an array, or nil for another kind of value.
  public var array: [Document]? { if case .array(let value) = self { value } else { nil } }
  /// The members of an object in the order written, or nil for another kind of value.
  public var object: OrderedDictionary<String, Document>? {
    if case .object(let value) = self { value } else { nil }
  }
  /// The number if it was written without fraction and exponent and fits 64 bits, else nil.
  public var integer: Int64? { if case .integer(let value) = self { value } else { nil } }

  /// The number as a double, whether written with a fraction or without.
  public var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }

  /// Whether this is null.
  public var isNull: Bool { if case .null = self { true } else { false } }
}

extension Document: Hashable {
  /// Equal values of the same kind; 1 and 1.0 are equal, members compare without regard to order.
  ///
  /// Strings are equal when their bytes are: a letter written precomposed is not the decomposed one.
  ///
  /// - Complexity: O(n) in the number of values held.
  public static func == (left: Document, right: Document) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.string(let a), .string(let b)): a == b && a.utf8.elementsEqual(b.utf8)
    case (.integer(let a), .integer(let b)): a == b
    case (.double(let a), .double(let b)): a == b
    case (.integer(let a), .double(let b)), (.double(let b), .integer(let a)):
      Int64(exactly: b) == a
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)):
      a.count == b.count && a.allSatisfy { b[$0.key] == $0.value }
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value)
    case .integer(let value): hasher.combine(Double(value))
    case .double(let value): hasher.combine(value)
    case .string(let value): hasher.combine(value)
    case .array(let value): hasher.combine(value)
    case .object(let value): hasher.combine(value.count)
    }
  }
}

extension Document: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .double(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: Document...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, Document)...) {
    self = .object(OrderedDictionary(elements) { _, last in last })
  }
  public init(nilLiteral: ()) { self = .null }
}
