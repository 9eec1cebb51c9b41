// SPDX-License-Identifier: GPL-3.0-or-later

/// Stops the program where a rule of a structure does not hold.
func hold(_ isKept: Bool, _ rule: StaticString) { precondition(isKept, "Broken: \(rule)") }

extension OrderedMap {
  /// Stops the program where the tree is not as it should be: order, separators, fill, count.
  ///
  /// For tests; nothing in the product calls it.
  ///
  /// - Complexity: O(n).
  public func _invariantCheck() {
    guard let root else {
      hold(count == 0, "An empty tree has no entries.")
      return
    }
    hold(root.height == 0 || root.count > 1, "The root has several children.")
    let total = Self.check(root, lower: nil, upper: nil, isRoot: true, isRightEdge: true)
    hold(total == count, "The tree counts the entries it holds.")
  }

  private static func check(
    _ node: Node, lower: Key?, upper: Key?, isRoot: Bool, isRightEdge: Bool
  ) -> Int {
    hold(
      node.count > 0 && node.count <= node.slotCapacity,
      "A node has from one slot up to what it has room for.")
    hold(
      isRoot || (node.slotCapacity == Node.fullCapacity), "A node below the root is full-sized."
    )
    hold(
      isRightEdge || node.count >= Node.minimum, "A node inside the tree is filled to the minimum.")
    let firstCompared = node.height == 0 ? 0 : 1
    for slot in firstCompared..<Swift.max(firstCompared, node.count) {
      let key = node.keys[slot]
      if slot > firstCompared { hold(node.keys[slot - 1] < key, "Keys are in order.") }
      if let lower { hold(!(key < lower), "A key is not before its separator.") }
      if let upper { hold(key < upper, "A key is before its node's end.") }
    }
    guard node.height > 0 else { return node.count }
    var total = 0
    for slot in 0..<node.count {
      let child = node.children[slot]
      hold(child.height == node.height - 1, "A child is one level lower.")
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
