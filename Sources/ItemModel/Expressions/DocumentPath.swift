// SPDX-License-Identifier: GPL-3.0-or-later

/// A place inside an item: a top-level attribute, then map members and list elements.
///
/// Placeholders are already replaced: an element `.name` may hold any bytes.
///
/// ```swift
/// let path = DocumentPath("orders", [.index(0), .name("total")])   // orders[0].total
/// item.value(at: path)
/// ```
package struct DocumentPath: Hashable, Sendable {
  /// One step into a map or a list.
  package enum Element: Hashable, Sendable {
    case name(String)
    case index(Int)

    package static func == (left: Element, right: Element) -> Bool {
      switch (left, right) {
      case (.name(let a), .name(let b)): ByteOrder.equal(a, b)
      case (.index(let a), .index(let b)): a == b
      default: false
      }
    }

    package func hash(into hasher: inout Hasher) {
      switch self {
      case .name(let name): name.hashBytes(into: &hasher)
      case .index(let index): hasher.combine(index)
      }
    }
  }

  /// The top-level attribute's name.
  package let attribute: String
  /// The steps below that attribute; empty for the attribute itself.
  package let steps: [Element]

  /// Creates a path from an attribute's name and the steps below it.
  package init(_ attribute: String, _ steps: [Element] = []) {
    self.attribute = attribute
    self.steps = steps
  }

  /// Whether the path goes below a top-level attribute.
  package var isNested: Bool { !steps.isEmpty }

  /// All steps, the attribute's name first.
  var elements: [Element] { [.name(attribute)] + steps }
}

extension DocumentPath: CustomStringConvertible {
  /// The path as the service prints it in its refusals: "[a, [0], b]".
  package var description: String {
    let parts = elements.map { element in
      switch element {
      case .name(let name): name
      case .index(let index): "[\(index)]"
      }
    }
    return "[\(parts.joined(separator: ", "))]"
  }
}

extension DocumentPath {
  /// How two paths of one expression stand to each other.
  enum Relation {
    case separate
    /// One is the other, or lies below it.
    case overlap
    /// At the same place one takes a map member and the other a list element.
    case conflict
  }

  /// How this path stands to another one.
  ///
  /// - Complexity: O(n) in the length of the shorter path.
  func relation(to other: DocumentPath) -> Relation {
    for (mine, theirs) in zip(elements, other.elements) where mine != theirs {
      switch (mine, theirs) {
      case (.name, .index), (.index, .name): return .conflict
      default: return .separate
      }
    }
    return .overlap
  }
}

extension AttributeMap {
  /// The value at a path, or nil where the path leads nowhere.
  ///
  /// - Complexity: O(d log n) for d steps.
  package func value(at path: DocumentPath) -> AttributeValue? {
    guard var value = self[path.attribute] else { return nil }
    for step in path.steps {
      switch (step, value) {
      case (.name(let name), .map(let map)):
        guard let member = map[name] else { return nil }
        value = member
      case (.index(let index), .list(let list)):
        guard list.indices.contains(index) else { return nil }
        value = list[index]
      default: return nil
      }
    }
    return value
  }
}

extension AttributeValue {
  /// The value as the service prints it in the refusals of BETWEEN: "N:1".
  var brief: String {
    switch self {
    case .string(let text): "S:\(text)"
    case .number(let number): "N:\(number)"
    case .binary(let bytes): "B:\(Base64.text(of: bytes))"
    case .bool(let value): "BOOL:\(value)"
    case .null: "NULL:true"
    default: "\(type.rawValue):…"
    }
  }
}
