// SPDX-License-Identifier: GPL-3.0-or-later

import Documents

/// A node of an expression's tree; children are places in the tree's array.
///
/// A flat array has no depth of its own: it is freed without recursion.
enum Node: Sendable {
  typealias Place = Int

  enum Comparator: Sendable {
    case equal, unequal, less, lessOrEqual, greater, greaterOrEqual
  }

  /// The value itself: an absent left or right side.
  case identity
  case current
  case field(String)
  case literal(Document)
  case index(Int)
  case slice(start: Int?, stop: Int?, step: Int?)
  /// `a.b.c`: each evaluated against what the one before gave.
  case subexpression([Place])
  /// `a[0][1]`, likewise.
  case indexExpression([Place])
  /// `a | b | c`, likewise; a pipe ends projections.
  case pipe([Place])
  case projection(Place, each: Place)
  case valueProjection(Place, each: Place)
  case filterProjection(Place, each: Place, condition: Place)
  case flatten(Place)
  case comparison(Comparator, Place, Place)
  case or([Place])
  case and([Place])
  case not(Place)
  case multiSelectList([Place])
  case multiSelectHash([(name: String, value: Place)])
  case function(String, [Place])
  /// `&a`: an expression handed to a function.
  case expressionReference(Place)

  var children: [Place] {
    switch self {
    case .identity, .current, .field, .literal, .index, .slice: []
    case .subexpression(let all), .indexExpression(let all), .pipe(let all), .or(let all),
      .and(let all), .multiSelectList(let all), .function(_, let all):
      all
    case .projection(let base, let each), .valueProjection(let base, let each): [base, each]
    case .filterProjection(let base, let each, let condition): [base, each, condition]
    case .flatten(let inner), .not(let inner), .expressionReference(let inner): [inner]
    case .comparison(_, let left, let right): [left, right]
    case .multiSelectHash(let pairs): pairs.map(\.value)
    }
  }
}

/// A parsed expression: its nodes and which of them is the whole.
struct Tree: Sendable {
  private(set) var nodes: [Node] = []
  private var depths: [Int] = []
  var root: Node.Place = 0

  /// Adds a node over children that are here already.
  ///
  /// - Returns: Its place, or nil when the tree would be deeper than the limit.
  mutating func add(_ node: Node, depthLimit: Int) -> Node.Place? {
    let depth = 1 + (node.children.map { depths[$0] }.max() ?? 0)
    guard depth <= depthLimit else { return nil }
    nodes.append(node)
    depths.append(depth)
    return nodes.count - 1
  }

  /// Puts a changed node where another was; same limit as `add`.
  mutating func replace(_ place: Node.Place, by node: Node, depthLimit: Int) -> Node.Place? {
    let depth = 1 + (node.children.map { depths[$0] }.max() ?? 0)
    guard depth <= depthLimit else { return nil }
    nodes[place] = node
    depths[place] = depth
    return place
  }

  subscript(place: Node.Place) -> Node { nodes[place] }
}
