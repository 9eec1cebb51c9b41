// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ServiceModel
import Simulation

/// Inputs made from a model: what must be given, some of what may be, and one member for certain.
struct RequestSample {
  /// What names refer to in the world that is asked, by the ends of members' names.
  let names: [(suffix: String, value: String)]
  var random: SplitMix64

  /// Structures in one another at most.
  private static let depthLimit = 6

  /// The members of an operation's input, and of what is in them, each by the names on the way there.
  static func paths(of shape: Shape?, depth: Int = 0) -> [[String]] {
    guard let shape, depth < 3, shape.name != "AttributeValue" else { return [] }
    return (inner(of: shape)?.members ?? []).flatMap { member in
      [[member.name]] + paths(of: member.shape, depth: depth + 1).map { [member.name] + $0 }
    }
  }

  /// The structure that a value is, or that its elements are.
  private static func inner(of shape: Shape) -> Shape? {
    switch shape.kind {
    case .structure: shape
    case .list: shape.element.flatMap(inner)
    case .map: shape.value.flatMap(inner)
    default: nil
    }
  }

  /// A value of a shape that has the members of a path.
  mutating func value(
    of shape: Shape, with path: ArraySlice<String>, named name: String = "", depth: Int = 0
  ) -> Document {
    switch shape.kind {
    case .structure where shape.name == "AttributeValue": return ["S": "a"]
    case .structure:
      guard depth < Self.depthLimit else { return .emptyObject }
      let wanted = shape.members.filter { member in
        member.isRequired || member.name == path.first
          || (!shape.isUnion && path.isEmpty && Int.random(in: 0..<8, using: &random) == 0)
      }
      let members = wanted.map { member in
        (
          member.name,
          value(
            of: member.shape, with: member.name == path.first ? path.dropFirst() : [],
            named: member.name, depth: depth + 1)
        )
      }
      return Document(members: members)
    case .list:
      guard let element = shape.element else { return [] }
      let count = max(1, min(shape.minimum ?? 1, 3))
      return .array(
        (0..<count).map { _ in value(of: element, with: path, named: name, depth: depth + 1) })
    case .map:
      guard let inner = shape.value else { return .emptyObject }
      let key = inner.name == "AttributeValue" ? "id" : shape.key?.enumeration.first ?? "orders"
      return Document(
        members: [(key, value(of: inner, with: path, named: name, depth: depth + 1))])
    case .string: return .string(text(of: shape, named: name))
    case .blob: return "aGVsbG8="
    case .boolean: return .bool(Bool.random(using: &random))
    case .timestamp: return 1_772_818_000
    case .integer, .long, .float, .double: return .integer(Int64(max(shape.minimum ?? 1, 1)))
    }
  }

  private mutating func text(of shape: Shape, named name: String) -> String {
    if let known = names.first(where: { name.hasSuffix($0.suffix) }) { return known.value }
    if !shape.enumeration.isEmpty {
      return shape.enumeration[Int.random(in: 0..<shape.enumeration.count, using: &random)]
    }
    let text = "orders-1"
    let least = shape.minimum ?? 1
    return least <= text.count ? text : text + String(repeating: "1", count: min(least, 4_096))
  }
}
