// SPDX-License-Identifier: GPL-3.0-or-later

/// The functions of SET.
enum UpdateFunction: String, CaseIterable {
  case ifNotExists = "if_not_exists"
  case listAppend = "list_append"

  /// How many operands each takes.
  static let operandCount = 2
}

/// The right-hand side of a SET action with its placeholders replaced.
enum BoundSetValue: Hashable, Sendable {
  case operand(BoundOperand)
  case arithmetic(BoundOperand, subtracts: Bool, BoundOperand)

  var operands: [BoundOperand] {
    switch self {
    case .operand(let operand): [operand]
    case .arithmetic(let left, _, let right): [left, right]
    }
  }
}

/// One action of an update with its placeholders replaced.
struct BoundAction: Hashable, Sendable {
  enum Change: Hashable, Sendable {
    case set(BoundSetValue)
    case remove
    case add(AttributeValue)
    case delete(AttributeValue)
  }

  let path: DocumentPath
  let change: Change
}

extension BoundAction {
  /// Reads, checks and binds the actions of an update expression, in the order in which they are written.
  ///
  /// Faults come in the service's order: syntax, reserved word, unknown function, repeated section, undefined name,
  /// undefined value, overlap, conflict, operand of ADD or DELETE, operands of functions.
  static func actions(
    _ text: String, context: inout ExpressionContext
  ) throws(ExpressionFault) -> [BoundAction] {
    var parser = try ExpressionParser(text, keywords: ExpressionParser.updateKeywords)
    let sections = try parser.parseUpdate()
    let syntax = sections.flatMap(\.actions)
    try syntax.flatMap { [$0.path] + $0.operands.flatMap(\.paths) }.requireNoReservedWords()
    try requireKnownFunctions(syntax.flatMap(\.operands))
    try requireOnce(sections.map(\.section))
    // All names come before any value, though names and values alternate in the text.
    for action in syntax {
      _ = try context.resolve(action.path)
      for path in action.operands.flatMap(\.paths) { _ = try context.resolve(path) }
    }
    for placeholder in syntax.flatMap(\.valuePlaceholders) {
      _ = try context.useValue(placeholder)
    }
    var actions: [BoundAction] = []
    for action in syntax { actions.append(try BoundAction(action, context: &context)) }
    try ExpressionPaths(actions.map(\.path)).requireSeparate()
    for action in actions { try action.requireActionOperand() }
    for action in actions { try action.requireFunctionOperands() }
    return actions
  }

  private init(
    _ syntax: UpdateActionSyntax, context: inout ExpressionContext
  ) throws(ExpressionFault) {
    path = try context.resolve(syntax.path)
    change =
      switch syntax.change {
      case .set(.operand(let operand)): .set(.operand(try context.resolve(operand)))
      case .set(.arithmetic(let left, let subtracts, let right)):
        .set(
          .arithmetic(
            try context.resolve(left), subtracts: subtracts, try context.resolve(right)))
      case .remove: .remove
      case .add(let placeholder): .add(try context.useValue(placeholder))
      case .delete(let placeholder): .delete(try context.useValue(placeholder))
      }
  }

  private static func requireKnownFunctions(
    _ operands: [OperandSyntax]
  ) throws(ExpressionFault) {
    for call in operands.flatMap(\.calls) {
      if UpdateFunction(rawValue: call.function) != nil { continue }
      throw ConditionFunction(rawValue: call.function) == nil
        ? .unknownFunction(call.function)
        : .functionNotAllowed(call.function, inUpdate: true)
    }
  }

  private static func requireOnce(_ sections: [UpdateSection]) throws(ExpressionFault) {
    for (index, section) in sections.enumerated() where sections[..<index].contains(section) {
      throw .repeatedSection(section.rawValue)
    }
  }

  /// ADD takes a number or a set, DELETE a set.
  private func requireActionOperand() throws(ExpressionFault) {
    switch change {
    case .add(let value) where !value.type.isSet && value.type != .number:
      throw .actionOperandType(action: UpdateSection.add.rawValue, type: value.type)
    case .delete(let value) where !value.type.isSet:
      throw .actionOperandType(action: UpdateSection.delete.rawValue, type: value.type)
    default: break
    }
  }

  /// Refuses values that no function or sum of a SET takes.
  func requireFunctionOperands() throws(ExpressionFault) {
    guard case .set(let value) = change else { return }
    for call in value.operands.flatMap(\.calls) { try call.requireUpdateOperands() }
    if case .arithmetic(let left, let subtracts, let right) = value {
      try BoundCall.require(.number, of: [left, right], for: subtracts ? "-" : "+")
    }
  }
}

extension BoundCall {
  fileprivate func requireUpdateOperands() throws(ExpressionFault) {
    guard arguments.count == UpdateFunction.operandCount else {
      throw .operandCount(function: function, count: arguments.count)
    }
    switch UpdateFunction(rawValue: function) {
    case .ifNotExists:
      if arguments[0].path == nil { throw .needsPath(function: function) }
    case .listAppend: try Self.require(.list, of: arguments, for: function)
    case nil: break
    }
  }

  /// Refuses values given in the request that have not the one type an operator works on.
  fileprivate static func require(
    _ type: AttributeType, of operands: [BoundOperand], for name: String
  ) throws(ExpressionFault) {
    for found in operands.compactMap(\.literalType) where found != type {
      throw .operandType(function: name, type: found.rawValue)
    }
  }
}
