// SPDX-License-Identifier: GPL-3.0-or-later

/// Puts values in place of a statement's `?` and makes of its terms what the expressions of other requests are made of.
///
/// Faults come from left to right, in the service's words. [DDB.partiql.errors]
struct PartiQLBinder {
  let parameters: [AttributeValue]

  /// What a fault of an expression is called in a statement, which says no parameter's name.
  private static func wording<T>(
    _ body: () throws(ExpressionFault) -> T
  ) throws(ExpressionError) -> T {
    do { return try body() } catch { throw .validation(error.text) }
  }

  private func parameter(_ position: Int) throws(ExpressionError) -> AttributeValue {
    guard parameters.indices.contains(position) else {
      throw .validation("Number of parameters in request and statement don't match.")
    }
    return parameters[position]
  }

  static func unsupported(_ node: PartiQLNode) -> ExpressionError {
    .validation("Unsupported operation: \(node.term.kindName)")
  }
}

// MARK: - Conditions

extension PartiQLBinder {
  /// The condition a WHERE clause stands for.
  func condition(_ node: PartiQLNode) throws(ExpressionError) -> BoundCondition {
    let bound: BoundCondition
    switch node.term {
    case .or(let parts): return .or(try conditions(parts))
    case .and(let parts): return .and(try conditions(parts))
    case .not(let part): return .not(try condition(part))
    case .infix(let left, "in", let right): bound = try isIn(left, right)
    case .infix(let left, let symbol, let right):
      guard let comparator = Comparator(rawValue: symbol) else {
        throw .validation(
          "Unsupported operator in Condition Expression. Operator: \(symbol)")
      }
      bound = .comparison(try operand(left), comparator, try operand(right))
    case .between(let value, let low, let high):
      bound = .between(try operand(value), try operand(low), try operand(high))
    case .isType(let value, let type): return try typeTest(value, type, of: node)
    case .call: bound = .call(try conditionCall(node))
    default: throw Self.unsupported(node)
    }
    return try checked(bound)
  }

  private func checked(_ bound: BoundCondition) throws(ExpressionError) -> BoundCondition {
    try Self.wording { () throws(ExpressionFault) in try bound.requireValidOperands() }
    return bound
  }

  private func conditions(_ nodes: [PartiQLNode]) throws(ExpressionError) -> [BoundCondition] {
    var bound: [BoundCondition] = []
    for node in nodes { bound.append(try condition(node)) }
    return bound
  }

  private func isIn(
    _ left: PartiQLNode, _ right: PartiQLNode
  ) throws(ExpressionError) -> BoundCondition {
    let choices: [PartiQLNode] =
      switch right.term {
      case .list(let elements), .bag(let elements): elements
      // One value in parentheses is not told from a value.
      case .literal, .number: [right]
      default: throw Self.unsupported(right)
      }
    var bound: [BoundOperand] = []
    let operand = try operand(left)
    for choice in choices { bound.append(try self.operand(choice)) }
    return .isIn(operand, bound)
  }

  /// IS [NOT] MISSING, NULL, or one of the types that the service has.
  private func typeTest(
    _ value: PartiQLNode, _ type: String, of node: PartiQLNode
  ) throws(ExpressionError) -> BoundCondition {
    let operand = try operand(value)
    if type == "missing" {
      return try checked(
        .call(
          BoundCall(function: ConditionFunction.attributeNotExists.rawValue, arguments: [operand])))
    }
    let types: [String: AttributeType] = [
      "null": .null, "bool": .bool, "boolean": .bool, "string": .string, "numeric": .number,
      "blob": .binary, "struct": .map, "tuple": .map, "list": .list,
    ]
    guard let found = types[type] else { throw Self.unsupported(node) }
    return try checked(
      .call(
        BoundCall(
          function: ConditionFunction.attributeType.rawValue,
          arguments: [operand, .value(.string(found.rawValue))])))
  }

  private func conditionCall(_ node: PartiQLNode) throws(ExpressionError) -> BoundCall {
    let call = try call(node)
    guard call.function != ConditionFunction.size.rawValue else {
      throw .validation(ExpressionFault.misusedFunction(call.function).text)
    }
    return call
  }

  private func call(_ node: PartiQLNode) throws(ExpressionError) -> BoundCall {
    guard case .call(let name, let nodes) = node.term else { throw Self.unsupported(node) }
    guard let function = ConditionFunction(rawValue: name) else {
      throw .validation("Unrecognized function: \(name) at \(node.place)")
    }
    var arguments: [BoundOperand] = []
    for argument in nodes { arguments.append(try operand(argument)) }
    guard arguments.count == function.operandCount else {
      throw .validation(
        ExpressionFault.operandCount(function: name, count: arguments.count).text)
    }
    return BoundCall(function: name, arguments: arguments)
  }

  private func operand(_ node: PartiQLNode) throws(ExpressionError) -> BoundOperand {
    switch node.term {
    case .path(let path): return .path(try self.path(path))
    case .parameter(let position): return .value(try parameter(position))
    case .literal, .number, .list, .bag, .tuple: return .value(try value(node))
    case .call(ConditionFunction.size.rawValue, _): return .call(try call(node))
    case .signed(let sign, _):
      throw .validation(ExpressionFault.operandCount(function: sign, count: 1).text)
    case .infix(_, let symbol, _) where Comparator(rawValue: symbol) == nil && symbol != "in":
      throw .validation("Unsupported operator in Condition Expression. Operator: \(symbol)")
    case .call, .or, .and, .not, .infix, .between, .isType:
      return .condition(try condition(node))
    case .missing, .star, .select, .change: throw Self.unsupported(node)
    }
  }
}

// MARK: - Paths

extension PartiQLBinder {
  /// The place in an item that a path names.
  func path(_ path: PartiQLPath) throws(ExpressionError) -> DocumentPath {
    var steps: [DocumentPath.Element] = []
    for step in path.steps {
      switch step {
      case .name(let name): steps.append(.name(name))
      case .index(let digits, let place):
        guard let index = Int(digits), (0...ExpressionLimits.listIndex).contains(index) else {
          throw .validation(
            ExpressionFault.listIndexOutOfRange(digits).text + " at \(place)")
        }
        steps.append(.index(index))
      case .other(let place): throw .validation("Unexpected path component at \(place)")
      }
    }
    return DocumentPath(path.head, steps)
  }

  /// What a SELECT shows, and under which names: those of the last steps. [DDB.partiql.select]
  func columns(_ nodes: [PartiQLNode]) throws(ExpressionError) -> [PartiQLColumn] {
    var columns: [PartiQLColumn] = []
    for node in nodes {
      guard case .path(let written) = node.term else {
        throw .validation("Unexpected path component at \(node.place)")
      }
      let column = PartiQLColumn(path: try path(written))
      guard !columns.contains(where: { ByteOrder.equal($0.name, column.name) }) else {
        throw .validation("Duplicate identifiers in select clause: \(column.name)")
      }
      columns.append(column)
    }
    return columns
  }

  /// The table and perhaps the index that a path names.
  func source(_ path: PartiQLPath) throws(ExpressionError) -> (table: String, index: String?) {
    var names = [path.head]
    for step in path.steps {
      switch step {
      case .name(let name): names.append(name)
      case .index(_, let place), .other(let place):
        throw .validation("Unexpected path component at \(place)")
      }
    }
    guard names.count <= 2 else {
      throw .validation("A path may contain at most 2 components in the FROM clause")
    }
    guard !names.contains("") else {
      throw .validation("Path component cannot be an empty string")
    }
    return (names[0], names.count == 2 ? names[1] : nil)
  }
}

/// One of the things a SELECT shows of an item.
package struct PartiQLColumn: Hashable, Sendable {
  /// Where it is in the item.
  package let path: DocumentPath

  /// What it is called in the answer: the last name of the path and the indexes behind it.
  package var name: String {
    var name = path.attribute
    for step in path.steps {
      switch step {
      case .name(let member): name = member
      case .index(let index): name += "[\(index)]"
      }
    }
    return name
  }
}
