// SPDX-License-Identifier: GPL-3.0-or-later

/// Where inside a literal a fault is, printed as the service does: "root.a[0]".
private struct LiteralPath: CustomStringConvertible {
  var description = "root"
  var depth = 0

  func member(_ name: String) -> LiteralPath {
    LiteralPath(description: "\(description).\(name)", depth: depth + 1)
  }

  func element(_ index: Int) -> LiteralPath {
    LiteralPath(description: "\(description)[\(index)]", depth: depth + 1)
  }
}

extension PartiQLBinder {
  /// The value a literal stands for. [DDB.partiql.literals]
  func value(_ node: PartiQLNode) throws(ExpressionError) -> AttributeValue {
    try literal(node, at: LiteralPath())
  }

  /// The attributes of an item to be inserted: a tuple whose members may be parameters.
  func attributes(_ node: PartiQLNode) throws(ExpressionError) -> AttributeMap {
    switch node.term {
    case .tuple(let members):
      var attributes = AttributeMap()
      for member in members {
        let name = try key(member.key, at: LiteralPath())
        guard attributes[name] == nil else { throw duplicate(name, at: LiteralPath()) }
        if case .parameter = member.value.term {
          attributes[name] = try given(member.value)
        } else {
          attributes[name] = try value(member.value)
        }
      }
      return attributes
    case .parameter:
      guard case .map(let attributes) = try given(node) else { throw Self.unsupported(node) }
      return attributes
    default: throw Self.unsupported(node)
    }
  }

  /// The value of a `?`.
  private func given(_ node: PartiQLNode) throws(ExpressionError) -> AttributeValue {
    guard case .parameter(let position) = node.term, parameters.indices.contains(position) else {
      throw .validation("Number of parameters in request and statement don't match.")
    }
    return parameters[position]
  }

  private func key(
    _ node: PartiQLNode, at path: LiteralPath
  ) throws(ExpressionError) -> String {
    guard case .literal(.string(let name)) = node.term else {
      throw .validation(
        "Unsupported data type: \(node.term.kindName) under key \(path) at \(node.place)")
    }
    return name
  }

  private func duplicate(_ name: String, at path: LiteralPath) -> ExpressionError {
    .validation("A name stands twice in one map: \(name) under \(path)")
  }

  private func literal(
    _ node: PartiQLNode, at path: LiteralPath
  ) throws(ExpressionError) -> AttributeValue {
    guard path.depth < AttributeValue.maximumLevels else {
      throw .validation("Nesting Levels have exceeded supported limits under \(path)")
    }
    switch node.term {
    case .literal(let value): return value
    case .number(let text): return .number(try number(text, at: path))
    case .bag(let elements): return try bag(elements, at: path)
    case .list(let elements):
      var values: [AttributeValue] = []
      for (index, element) in elements.enumerated() {
        values.append(try literal(element, at: path.element(index)))
      }
      return .list(values)
    case .tuple(let members):
      var map = AttributeMap()
      for member in members {
        let name = try key(member.key, at: path)
        guard map[name] == nil else { throw duplicate(name, at: path) }
        map[name] = try literal(member.value, at: path.member(name))
      }
      return .map(map)
    default:
      throw .validation(
        "Unsupported data type: \(node.term.kindName) under key \(path) at \(node.place)")
    }
  }

  private func number(
    _ text: String, at path: LiteralPath
  ) throws(ExpressionError) -> DecimalNumber {
    do {
      return try DecimalNumber(parsing: text)
    } catch {
      throw .validation("\(error.message) under \(path)")
    }
  }

  /// A set of strings or of numbers.
  private func bag(
    _ elements: [PartiQLNode], at path: LiteralPath
  ) throws(ExpressionError) -> AttributeValue {
    if elements.isEmpty { throw .validation("Empty bags are not supported") }
    var strings: [String] = []
    var numbers: [DecimalNumber] = []
    var written: [String] = []
    for element in elements {
      switch element.term {
      case .literal(.string(let text)): strings.append(text)
      case .number(let text):
        numbers.append(try number(text, at: path))
        written.append(text)
      default: break
      }
    }
    let set: AttributeValue
    if strings.count == elements.count {
      set = .strings(strings)
      if case .stringSet(let unique) = set, unique.count < strings.count {
        throw .validation(repeated(strings) + ".")
      }
    } else if numbers.count == elements.count {
      set = .numbers(numbers)
      if case .numberSet(let unique) = set, unique.count < numbers.count {
        throw .validation(repeated(written) + "! under \(path)")
      }
    } else {
      throw .validation(
        "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags")
    }
    return set
  }

  private func repeated(_ elements: [String]) -> String {
    "One or more parameter values were invalid: Input collection "
      + "[\(elements.joined(separator: ", "))] contains duplicates"
  }
}

// MARK: - Updates

extension PartiQLBinder {
  /// The update that SET and REMOVE stand for.
  func update(_ assignments: [PartiQLAssignment]) throws(ExpressionError) -> UpdateExpression {
    var actions: [BoundAction] = []
    for assignment in assignments {
      let path = try path(assignment.path)
      let change = try assignment.value.map { (node) throws(ExpressionError) in
        try self.change(node, of: path)
      }
      actions.append(BoundAction(path: path, change: change ?? .remove))
    }
    do throws(ExpressionFault) {
      try ExpressionPaths(actions.map(\.path)).requireSeparate()
      for action in actions { try action.requireFunctionOperands() }
    } catch {
      throw .validation(error.text)
    }
    return UpdateExpression(actions: actions, isOlder: false)
  }

  private func change(
    _ node: PartiQLNode, of path: DocumentPath
  ) throws(ExpressionError) -> BoundAction.Change {
    switch node.term {
    case .call("set_add", let arguments):
      return .add(try set(node, "SET_ADD", arguments, of: path))
    case .call("set_delete", let arguments):
      return .delete(try set(node, "SET_DELETE", arguments, of: path))
    case .infix(let left, let symbol, let right) where symbol == "+" || symbol == "-":
      return .set(
        .arithmetic(
          try setOperand(left), subtracts: symbol == "-", try setOperand(right)))
    case .infix(_, let symbol, _):
      throw .validation("Unsupported operator in Update Expression. Operator: \(symbol)")
    default: return .set(.operand(try setOperand(node)))
    }
  }

  private func setOperand(_ node: PartiQLNode) throws(ExpressionError) -> BoundOperand {
    switch node.term {
    case .path(let path): return .path(try self.path(path))
    case .parameter: return .value(try given(node))
    case .literal, .number, .list, .bag, .tuple: return .value(try value(node))
    case .call(let name, let nodes):
      guard name == UpdateFunction.listAppend.rawValue else {
        throw .validation("Unrecognized function: \(name) at \(node.place)")
      }
      var arguments: [BoundOperand] = []
      for argument in nodes { arguments.append(try setOperand(argument)) }
      return .call(BoundCall(function: name, arguments: arguments))
    case .signed(let sign, _):
      throw .validation(ExpressionFault.operandCount(function: sign, count: 1).text)
    default: throw Self.unsupported(node)
    }
  }

  /// The set that SET_ADD or SET_DELETE, which must be of the very attribute it is assigned to, works with.
  private func set(
    _ node: PartiQLNode, _ name: String, _ arguments: [PartiQLNode], of path: DocumentPath
  ) throws(ExpressionError) -> AttributeValue {
    guard arguments.count == 2 else {
      throw .validation("\(name) must have exactly two arguments at \(node.place)")
    }
    guard case .path(let first) = arguments[0].term, try self.path(first) == path else {
      throw .validation(
        "The first argument to \(name) must equal the assignment value at \(node.place)")
    }
    let value: AttributeValue? =
      switch arguments[1].term {
      case .bag: try self.value(arguments[1])
      case .parameter: try given(arguments[1])
      default: nil
      }
    guard let value, value.type.isSet else {
      throw .validation(
        "The second argument to \(name) must be a value with type SET at \(arguments[0].place)")
    }
    return value
  }
}
