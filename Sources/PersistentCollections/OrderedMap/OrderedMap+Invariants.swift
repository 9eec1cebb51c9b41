// SPDX-License-Identifier: GPL-3.0-or-later

extension OrderedMap {
  /// Stops the program where the tree is not as it should be: order, separators, fill, count.
  ///
  /// For tests; nothing in the product calls it.
  ///
  /// - Complexity: O(n).
  public func _invariantCheck() {
    guard let root else {
      precondition(count == 0, "An empty tree counts \(count) entries.")
      return
    }
    precondition(root.height == 0 || root.count > 1, "The root has a single child.")
    let total = Self.check(root, lower: nil, upper: nil, isRoot: true, isRightEdge: true)
    precondition(total == count, "The tree holds \(total) entries and counts \(count).")
  }

  private static func check(
    _ node: Node, lower: Key?, upper: Key?, isRoot: Bool, isRightEdge: Bool
  ) -> Int {
    precondition(
      node.count > 0 && node.count <= node.slotCapacity, "A node holds \(node.count) slots.")
    precondition(
      isRoot || (node.slotCapacity == Node.fullCapacity), "A node below the root is not full-sized."
    )
    precondition(
      isRightEdge || node.count >= Node.minimum, "A node inside the tree holds \(node.count).")
    let firstCompared = node.height == 0 ? 0 : 1
    for slot in firstCompared..<Swift.max(firstCompared, node.count) {
      let key = node.keys[slot]
      if slot > firstCompared { precondition(node.keys[slot - 1] < key, "Keys are out of order.") }
      if let lower { precondition(!(key < lower), "A key is before its separator.") }
      if let upper { precondition(key < upper, "A key is after its node's end.") }
    }
    guard node.height > 0 else { return node.count }
    var total = 0
    for slot in 0..<node.count {
      let child = node.children[slot]
      precondition(child.height == node.height - 1, "A child is at the wrong height.")
      let isLast = slot == node.count - 1
      total += check(
        child, lower: slot == 0 ? lower : node.keys[slot],
        upper: isLast ? upper : node.keys[slot + 1],
        isRoot: false, isRightEdge: isRightEdge && isLast)
    }
    return total
  }

  /// The number of nodes in the tree.
  ///
  /// - Complexity: O(n).
  public var nodeCount: Int { countNodes(notSharedWith: OrderedMap()) }

  /// The number of this map's nodes that the other map does not share: what it costs to keep both.
  ///
  /// - Complexity: O(n) of both maps; for measurements and tests.
  public func countNodes(notSharedWith other: OrderedMap) -> Int {
    var known: Set<ObjectIdentifier> = []
    Self.visit(other.root) { known.insert(ObjectIdentifier($0)).inserted }
    var number = 0
    Self.visit(root) { node in
      guard !known.contains(ObjectIdentifier(node)) else { return false }
      number += 1
      return true
    }
    return number
  }

  /// Visits nodes from the top; below a node only if `body` says so.
  private static func visit(_ root: Node?, _ body: (Node) -> Bool) {
    var pending = root.map { [$0] } ?? []
    while let node = pending.popLast() {
      guard body(node), node.height > 0 else { continue }
      for slot in 0..<node.count { pending.append(node.children[slot]) }
    }
  }
}
