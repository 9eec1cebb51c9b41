// SPDX-License-Identifier: GPL-3.0-or-later

/// Paths merged into one tree, so that what they select from an item keeps its nesting.
///
/// Of a list only the selected elements remain, in their order and without gaps; a map or list of which nothing is
/// selected disappears.
struct ProjectionTree {
  /// The steps from one place, indexes in order; below a node that is taken whole nothing counts.
  private final class Node {
    var isWhole = false
    var names: [(name: String, node: Node)] = []
    var indexes: [(index: Int, node: Node)] = []

    func child(_ step: DocumentPath.Element) -> Node {
      switch step {
      case .name(let name):
        if let known = names.first(where: { ByteOrder.equal($0.name, name) }) { return known.node }
        let node = Node()
        names.append((name, node))
        return node
      case .index(let index):
        if let known = indexes.first(where: { $0.index == index }) { return known.node }
        let node = Node()
        let place = indexes.firstIndex { $0.index > index } ?? indexes.count
        indexes.insert((index, node), at: place)
        return node
      }
    }
  }

  private let root = Node()

  /// Merges paths; where one lies below another the shorter one counts.
  ///
  /// - Complexity: O(n²) in the number of paths, which the length of an expression bounds.
  init(_ paths: [DocumentPath]) {
    // No item nests deeper, so longer paths select nothing; leaving them out bounds the tree.
    for path in paths where path.steps.count < AttributeValue.maximumLevels {
      var node = root
      for step in path.elements { node = node.child(step) }
      node.isWhole = true
    }
  }

  /// What the paths select of an item.
  ///
  /// - Complexity: O(p log n) for p paths and n attributes.
  func project(_ item: AttributeMap) -> AttributeMap {
    guard case .map(let selected) = Self.select(root, of: .map(item)) else { return AttributeMap() }
    return selected
  }

  /// What a node selects of a value; nil for nothing.
  private static func select(_ node: Node, of value: AttributeValue) -> AttributeValue? {
    if node.isWhole { return value }
    switch value {
    case .map(let map):
      let members = node.names.compactMap { child in
        map[child.name].flatMap { select(child.node, of: $0) }.map { (name: child.name, value: $0) }
      }
      return members.isEmpty ? nil : .map(AttributeMap(members))
    case .list(let list):
      let elements = node.indexes.compactMap { child in
        list.indices.contains(child.index) ? select(child.node, of: list[child.index]) : nil
      }
      return elements.isEmpty ? nil : .list(elements)
    default: return nil
    }
  }
}
