// SPDX-License-Identifier: GPL-3.0-or-later

/// A name as written: bare, or a placeholder with its `#`.
enum NameSyntax: Hashable, Sendable {
  case bare(String)
  case placeholder(String)
}

/// A document path as written.
struct PathSyntax: Hashable, Sendable {
  enum Step: Hashable, Sendable {
    case name(NameSyntax)
    case index(Int)
  }

  var head: NameSyntax
  var steps: [Step] = []

  /// The names in the order in which they are written.
  var names: [NameSyntax] {
    [head]
      + steps.compactMap { step in
        if case .name(let name) = step { name } else { nil }
      }
  }
}

/// A function's name and what stands in its parentheses.
struct CallSyntax: Hashable, Sendable {
  let function: String
  let arguments: [OperandSyntax]
}

/// An operand as written.
///
/// The parser bounds how deep calls nest.
enum OperandSyntax: Hashable, Sendable {
  case path(PathSyntax)
  /// A value's placeholder with its `:`.
  case value(String)
  case call(CallSyntax)

  /// The paths in the order in which they are written.
  var paths: [PathSyntax] {
    switch self {
    case .path(let path): [path]
    case .value: []
    case .call(let call): call.arguments.flatMap(\.paths)
    }
  }

  /// The placeholders of values in the order in which they are written.
  var valuePlaceholders: [String] {
    switch self {
    case .path: []
    case .value(let placeholder): [placeholder]
    case .call(let call): call.arguments.flatMap(\.valuePlaceholders)
    }
  }

  /// The calls, arguments before the call that holds them.
  var calls: [CallSyntax] {
    guard case .call(let call) = self else { return [] }
    return call.arguments.flatMap(\.calls) + [call]
  }
}

/// The six comparisons; raw values are as written.
package enum Comparator: String, CaseIterable, Hashable, Sendable {
  case equal = "="
  case notEqual = "<>"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="

  /// Whether it needs values that have an order.
  var needsOrder: Bool { self != .equal && self != .notEqual }

  /// The comparison that says the same with its operands exchanged.
  var mirrored: Comparator {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}

/// A condition as written; chains of AND and OR are flat, so only parentheses nest.
indirect enum ConditionSyntax: Hashable, Sendable {
  case or([ConditionSyntax])
  case and([ConditionSyntax])
  case not(ConditionSyntax)
  case comparison(OperandSyntax, Comparator, OperandSyntax)
  case between(OperandSyntax, OperandSyntax, OperandSyntax)
  case isIn(OperandSyntax, [OperandSyntax])
  case call(CallSyntax)

  /// The comparisons and calls in the order in which they are written.
  var leaves: [ConditionSyntax] {
    switch self {
    case .or(let parts), .and(let parts): parts.flatMap(\.leaves)
    case .not(let part): part.leaves
    default: [self]
    }
  }

  /// The operands of a leaf; a call is its own operand.
  var operands: [OperandSyntax] {
    switch self {
    case .or, .and, .not: []
    case .comparison(let left, _, let right): [left, right]
    case .between(let operand, let low, let high): [operand, low, high]
    case .isIn(let operand, let choices): [operand] + choices
    case .call(let call): [.call(call)]
    }
  }
}

/// The sections of an update expression; raw values are as the service prints them.
enum UpdateSection: String, CaseIterable, Hashable, Sendable {
  case set = "SET"
  case remove = "REMOVE"
  case add = "ADD"
  case delete = "DELETE"
}

/// The right-hand side of one SET action as written.
enum SetValueSyntax: Hashable, Sendable {
  case operand(OperandSyntax)
  /// A sum, or a difference when `subtracts`.
  case arithmetic(OperandSyntax, subtracts: Bool, OperandSyntax)

  var operands: [OperandSyntax] {
    switch self {
    case .operand(let operand): [operand]
    case .arithmetic(let left, _, let right): [left, right]
    }
  }
}

/// One action of an update expression as written.
struct UpdateActionSyntax: Hashable, Sendable {
  enum Change: Hashable, Sendable {
    case set(SetValueSyntax)
    case remove
    case add(value: String)
    case delete(value: String)
  }

  let path: PathSyntax
  let change: Change

  /// The operands of a SET action; none for others.
  var operands: [OperandSyntax] {
    if case .set(let value) = change { value.operands } else { [] }
  }

  /// The placeholders of values in the order in which they are written.
  var valuePlaceholders: [String] {
    switch change {
    case .set(let value): value.operands.flatMap(\.valuePlaceholders)
    case .remove: []
    case .add(let placeholder), .delete(let placeholder): [placeholder]
    }
  }
}
