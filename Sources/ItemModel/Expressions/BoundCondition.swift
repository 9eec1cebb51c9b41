// SPDX-License-Identifier: GPL-3.0-or-later

/// A condition with its placeholders replaced and everything checked that needs no item.
indirect enum BoundCondition: Hashable, Sendable {
  case or([BoundCondition])
  case and([BoundCondition])
  case not(BoundCondition)
  case comparison(BoundOperand, Comparator, BoundOperand)
  case between(BoundOperand, BoundOperand, BoundOperand)
  case isIn(BoundOperand, [BoundOperand])
  case call(BoundCall)

  /// The operands of a leaf; a call is its own operand.
  var operands: [BoundOperand] {
    switch self {
    case .or, .and, .not: []
    case .comparison(let left, _, let right): [left, right]
    case .between(let operand, let low, let high): [operand, low, high]
    case .isIn(let operand, let choices): [operand] + choices
    case .call(let call): [.call(call)]
    }
  }

  /// The paths in the order in which they are written.
  var paths: [DocumentPath] {
    switch self {
    case .or(let parts), .and(let parts): parts.flatMap(\.paths)
    case .not(let part): part.paths
    default: operands.flatMap(\.paths)
    }
  }

  /// Reads, checks and binds a condition.
  ///
  /// Faults come in the service's order: syntax, redundant parentheses, unknown function, misused function,
  /// reserved word; then per comparison or call, from left to right: undefined placeholder, number of operands,
  /// repeated operand, types.
  init(_ text: String, context: inout ExpressionContext) throws(ExpressionFault) {
    var parser = try ExpressionParser(text, keywords: ExpressionParser.conditionKeywords)
    let syntax = try parser.parseCondition()
    if parser.hasRedundantParentheses { throw .redundantParentheses }
    let leaves = syntax.leaves
    for leaf in leaves { try leaf.requireKnownFunctions() }
    for leaf in leaves { try leaf.requireFunctionsInPlace() }
    for leaf in leaves { try leaf.operands.flatMap(\.paths).requireNoReservedWords() }
    try self.init(syntax, context: &context)
  }

  private init(
    _ syntax: ConditionSyntax, context: inout ExpressionContext
  ) throws(ExpressionFault) {
    switch syntax {
    case .or(let parts): self = .or(try Self.bind(parts, context: &context))
    case .and(let parts): self = .and(try Self.bind(parts, context: &context))
    case .not(let part): self = .not(try BoundCondition(part, context: &context))
    case .comparison(let left, let comparator, let right):
      self = .comparison(try context.resolve(left), comparator, try context.resolve(right))
    case .between(let operand, let low, let high):
      self = .between(
        try context.resolve(operand), try context.resolve(low), try context.resolve(high))
    case .isIn(let operand, let choices):
      let operand = try context.resolve(operand)
      var bound: [BoundOperand] = []
      for choice in choices { bound.append(try context.resolve(choice)) }
      self = .isIn(operand, bound)
    case .call(let call): self = .call(try context.resolve(call))
    }
    try requireValidOperands()
  }

  private static func bind(
    _ parts: [ConditionSyntax], context: inout ExpressionContext
  ) throws(ExpressionFault) -> [BoundCondition] {
    var bound: [BoundCondition] = []
    for part in parts { bound.append(try BoundCondition(part, context: &context)) }
    return bound
  }
}

/// The functions of conditions and how many operands each takes.
enum ConditionFunction: String, CaseIterable {
  case attributeExists = "attribute_exists"
  case attributeNotExists = "attribute_not_exists"
  case attributeType = "attribute_type"
  case beginsWith = "begins_with"
  case contains = "contains"
  case size = "size"

  var operandCount: Int {
    switch self {
    case .attributeExists, .attributeNotExists, .size: 1
    case .attributeType, .beginsWith, .contains: 2
    }
  }
}

extension ConditionSyntax {
  fileprivate func requireKnownFunctions() throws(ExpressionFault) {
    for call in operands.flatMap(\.calls) {
      if ConditionFunction(rawValue: call.function) != nil { continue }
      throw UpdateFunction(rawValue: call.function) == nil
        ? .unknownFunction(call.function)
        : .functionNotAllowed(call.function, inUpdate: false)
    }
  }

  /// Only `size` gives an operand, and only the others give a condition.
  fileprivate func requireFunctionsInPlace() throws(ExpressionFault) {
    let size = ConditionFunction.size.rawValue
    var calls = operands.flatMap(\.calls)
    if case .call(let call) = self {
      calls.removeLast()
      if call.function == size, calls.allSatisfy({ $0.function == size }) {
        throw .misusedFunction(size)
      }
    }
    if let call = calls.first(where: { $0.function != size }) {
      throw .misusedFunction(call.function)
    }
  }
}

// MARK: - Checks of one leaf

extension BoundCondition {
  /// Refuses operands that no item could make right, with the first fault in the service's order.
  func requireValidOperands() throws(ExpressionFault) {
    let calls = operands.flatMap(\.calls)
    for call in calls {
      guard let function = ConditionFunction(rawValue: call.function) else { continue }
      guard call.arguments.count == function.operandCount else {
        throw .operandCount(function: call.function, count: call.arguments.count)
      }
    }
    if case .isIn(_, let choices) = self, choices.count > ExpressionLimits.inOperands {
      throw .tooManyInOperands(choices.count)
    }
    for call in calls where call.arguments.count == 2 {
      try Self.requireDistinct(call.function, call.arguments[0], call.arguments[1])
    }
    if case .comparison(let left, let comparator, let right) = self {
      try Self.requireDistinct(comparator.rawValue, left, right)
    }
    for call in calls { try call.requireConditionTypes() }
    switch self {
    case .comparison(let left, let comparator, let right) where comparator.needsOrder:
      try Self.requireOrdered([left, right], for: comparator.rawValue)
    case .between(let operand, let low, let high):
      try Self.requireBounds(low, high)
      try Self.requireOrdered([operand, low, high], for: "BETWEEN")
      try Self.requireOrder(low, high)
    default: break
    }
  }

  private static func requireDistinct(
    _ name: String, _ first: BoundOperand, _ second: BoundOperand
  ) throws(ExpressionFault) {
    guard let path = first.path, path == second.path else { return }
    throw .repeatedPath(operator: name, path: path)
  }

  /// Only strings, numbers and binary values have an order.
  private static func requireOrdered(
    _ operands: [BoundOperand], for name: String
  ) throws(ExpressionFault) {
    for type in operands.compactMap(\.literalType) where !type.isOrdered {
      throw .operandType(function: name, type: type.rawValue)
    }
  }

  private static func requireBounds(
    _ low: BoundOperand, _ high: BoundOperand
  ) throws(ExpressionFault) {
    guard case .value(let low) = low, case .value(let high) = high, low.type != high.type
    else { return }
    throw .betweenTypes(low, high)
  }

  private static func requireOrder(
    _ low: BoundOperand, _ high: BoundOperand
  ) throws(ExpressionFault) {
    guard case .value(let low) = low, case .value(let high) = high,
      let order = low.order(to: high), order > 0
    else { return }
    throw .betweenOrder(low, high)
  }
}

extension BoundCall {
  /// Refuses operands of a type the function can never take, as far as no item is needed to know.
  fileprivate func requireConditionTypes() throws(ExpressionFault) {
    switch ConditionFunction(rawValue: function) {
    case .attributeExists, .attributeNotExists:
      if arguments[0].path == nil { throw .needsPath(function: function) }
    case .attributeType: try requireTypeName()
    case .beginsWith:
      for argument in arguments {
        guard let type = argument.staticType, type != .string, type != .binary else { continue }
        throw .operandType(function: function, type: type.rawValue)
      }
    case .size:
      guard let type = arguments[0].staticType, !type.hasSize else { return }
      throw .operandType(function: function, type: type.rawValue)
    case .contains, nil: break
    }
  }

  private func requireTypeName() throws(ExpressionFault) {
    guard case .value(.string(let name)) = arguments[1] else {
      // An operand without a known type could be of any of the ten, which is how the service prints it.
      throw .operandType(
        function: function,
        type: arguments[1].staticType?.rawValue ?? "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}")
    }
    guard AttributeType(rawValue: name) != nil else { throw .unknownTypeName(name) }
  }
}

extension BoundOperand {
  /// The type known without an item: a value's own, or that of what `size` gives.
  fileprivate var staticType: AttributeType? {
    if case .call = self { .number } else { literalType }
  }
}

extension AttributeType {
  /// Whether values of this type can be compared by `<` and BETWEEN.
  var isOrdered: Bool { self == .string || self == .number || self == .binary }

  /// Whether `size` has an answer for values of this type.
  var hasSize: Bool { self != .number && self != .bool && self != .null }

  /// Whether values of this type are sets.
  var isSet: Bool { self == .stringSet || self == .numberSet || self == .binarySet }
}
