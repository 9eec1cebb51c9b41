// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
internal import OrderedCollections

/// Turns what an operation answers into a document with the model's names in the model's order.
///
/// Properties are written the Swift way and meet the model's members without regard to case; those
/// that are nil are left out. A property of type `Document` goes in as it is. A property that the
/// model does not know is our mistake and stops the program. The entries of a map keep their order
/// in `OrderedEntries`; those of a `Dictionary`, which has none, are sorted by their names' bytes.
///
/// ```swift
/// let answer = try ResponseEncoder.encode(CreateBackup.Output(…), as: shape)
/// ```
package enum ResponseEncoder {
  /// Encodes an answer.
  ///
  /// - Parameters:
  ///   - value: The output of an operation, or the members of an exception.
  ///   - shape: Its shape in the model.
  /// - Returns: The document as it goes on the wire.
  /// - Throws: What a type of its own throws while it encodes itself.
  /// - Complexity: O(n) in the number of values and of members that their shapes have.
  package static func encode<Answer: Encodable>(_ value: Answer, as shape: Shape) throws -> Document
  {
    try encodedDocument(value, shape) ?? .null
  }
}

/// The document of a value, or nil for one that encodes itself as nil.
@inline(__always)
func encodedDocument<Value: Encodable>(_ value: Value, _ shape: Shape?) throws -> Document? {
  if let scalar = scalarDocument(value) { return scalar }
  let node = AnswerNode(shape: shape)
  try value.encode(to: node)
  if shape?.kind == .map, value is any StringKeyed { node.sortEntries() }
  return node.finish()
}

/// A dictionary with texts as keys, whose order must not show.
private protocol StringKeyed {}
extension Dictionary: StringKeyed where Key == String {}

/// One value of the answer while it encodes itself.
final class AnswerNode: Encoder {
  /// Where a value made in a nested container belongs.
  enum Place {
    case member(Int)
    case entry(String)
    case element(Int)
    case whole
  }

  let shape: Shape?
  private var members: [Document?]
  private var entries: OrderedDictionary<String, Document> = [:]
  private(set) var elements: [Document] = []
  private var whole: Document?
  /// Values made in nested containers, which are whole only when this one is.
  private var nested: [(place: Place, node: AnswerNode)] = []

  init(shape: Shape?) {
    self.shape = shape
    members = Array(repeating: nil, count: shape?.members.count ?? 0)
  }

  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    requireKind("members", shape.map { $0.kind == .structure || $0.kind == .map })
    return KeyedEncodingContainer(AnswerMembers<Key>(node: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    requireKind("elements", shape.map { $0.kind == .list })
    return AnswerElements(node: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { AnswerValue(node: self) }

  private func requireKind(_ what: String, _ isRight: Bool?) {
    precondition(
      isRight ?? true, "The model's \(shape?.name ?? "") is not a shape with \(what).")
  }
}

extension AnswerNode {
  /// The place and the shape of what a property or a map's key names.
  func place(of key: some CodingKey) -> (place: Place, shape: Shape?) {
    guard let shape, shape.kind == .structure else {
      return (.entry(key.stringValue), shape?.value)
    }
    guard let index = shape.memberIndex(folding: key.stringValue) else {
      preconditionFailure("The model's \(shape.name) has no member for “\(key.stringValue)”.")
    }
    return (.member(index), shape.members[index].shape)
  }

  func put(_ value: Document?, at place: Place) {
    guard let value else { return }
    switch place {
    case .member(let index): members[index] = value
    case .entry(let name): entries[name] = value
    case .element(let index): elements[index] = value
    case .whole: whole = value
    }
  }

  func append(_ value: Document) { elements.append(value) }

  /// A value that is made in a nested container and comes to its place when this one is whole.
  func nest(_ shape: Shape?, at place: Place) -> AnswerNode {
    let node = AnswerNode(shape: shape)
    nested.append((place, node))
    return node
  }

  func sortEntries() {
    entries.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }

  /// What has been encoded: a structure's members in model order, nothing for nil.
  func finish() -> Document? {
    for (place, node) in nested { put(node.finish(), at: place) }
    // A bare `nil` would be read as `Document.null` here.
    if let whole { return whole.isNull ? Document?.none : whole }
    switch shape?.kind {
    case .structure: return structure()
    case .map: return .object(entries)
    case .list: return .array(elements)
    case nil: return elements.isEmpty ? .object(entries) : .array(elements)
    default: return nil
    }
  }

  private func structure() -> Document {
    var result: OrderedDictionary<String, Document> = [:]
    guard let shape else { return .object(result) }
    result.reserveCapacity(members.count { $0 != nil })
    for (member, value) in zip(shape.members, members) {
      if let value { result[member.name] = value }
    }
    return .object(result)
  }
}

extension Document: Encodable {
  /// Goes into an answer as it is; into any other encoder's output value by value.
  package func encode(to encoder: any Encoder) throws {
    if case .object = self, !(encoder is AnswerNode) {
      var pairs = encoder.container(keyedBy: MemberName.self)
      for (name, value) in members { try pairs.encode(value, forKey: MemberName(name)) }
      return
    }
    var container = encoder.singleValueContainer()
    guard !(encoder is AnswerNode) else { return try container.encode(self) }
    switch self {
    case .null, .object: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .double(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let elements): try container.encode(elements)
    }
  }

  private struct MemberName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
