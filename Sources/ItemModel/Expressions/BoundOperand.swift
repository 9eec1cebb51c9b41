// SPDX-License-Identifier: GPL-3.0-or-later

/// An operand with its placeholders replaced.
enum BoundOperand: Hashable, Sendable {
  case path(DocumentPath)
  case value(AttributeValue)
  case call(BoundCall)
  /// A condition whose truth is compared; PartiQL alone has it.
  case condition(BoundCondition)

  /// The type known without an item; nil for what only an item decides.
  var literalType: AttributeType? {
    switch self {
    case .value(let value): value.type
    case .condition: .bool
    case .path, .call: nil
    }
  }

  var path: DocumentPath? {
    if case .path(let path) = self { path } else { nil }
  }

  /// The paths in the order in which they are written.
  var paths: [DocumentPath] {
    switch self {
    case .path(let path): [path]
    case .value: []
    case .call(let call): call.arguments.flatMap(\.paths)
    case .condition(let condition): condition.paths
    }
  }

  /// The calls, arguments before the call that holds them.
  var calls: [BoundCall] {
    guard case .call(let call) = self else { return [] }
    return call.arguments.flatMap(\.calls) + [call]
  }
}

/// A call with its placeholders replaced.
struct BoundCall: Hashable, Sendable {
  let function: String
  let arguments: [BoundOperand]
}

extension ExpressionContext {
  /// The operand with its placeholders replaced, in the order in which they are written.
  mutating func resolve(_ operand: OperandSyntax) throws(ExpressionFault) -> BoundOperand {
    switch operand {
    case .path(let path): return .path(try resolve(path))
    case .value(let placeholder): return .value(try useValue(placeholder))
    case .call(let call): return .call(try resolve(call))
    }
  }

  mutating func resolve(_ call: CallSyntax) throws(ExpressionFault) -> BoundCall {
    var arguments: [BoundOperand] = []
    for argument in call.arguments { arguments.append(try resolve(argument)) }
    return BoundCall(function: call.function, arguments: arguments)
  }
}

extension Sequence<PathSyntax> {
  /// Refuses the first bare name that is a reserved word.
  func requireNoReservedWords() throws(ExpressionFault) {
    for path in self {
      for case .bare(let name) in path.names where ReservedWords.contains(name) {
        throw .reservedWord(name)
      }
    }
  }
}
