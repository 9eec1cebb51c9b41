// SPDX-License-Identifier: GPL-3.0-or-later

import Documents

/// The functions every expression may call.
enum Builtin: String, CaseIterable {
  case abs, avg, ceil, contains
  case endsWith = "ends_with"
  case floor, join, keys, length, map, max
  case maxBy = "max_by"
  case merge, min
  case minBy = "min_by"
  case notNull = "not_null"
  case reverse, sort
  case sortBy = "sort_by"
  case startsWith = "starts_with"
  case sum
  case toArray = "to_array"
  case toNumber = "to_number"
  case toString = "to_string"
  case type, values

  /// The types each parameter accepts, by the specification's names in the order messages show them; no
  /// types means any.
  var parameters: [[String]] {
    switch self {
    case .abs, .ceil, .floor: [["number"]]
    case .avg, .sum: [["array-number"]]
    case .contains: [["array", "string"], []]
    case .endsWith, .startsWith: [["string"], ["string"]]
    case .join: [["string"], ["array-string"]]
    case .keys, .values, .merge: [["object"]]
    case .length: [["string", "array", "object"]]
    case .map: [["expref"], ["array"]]
    case .max, .min: [["array-number", "array-string"]]
    case .sort: [["array-string", "array-number"]]
    case .maxBy, .minBy, .sortBy: [["array"], ["expref"]]
    case .notNull, .toArray, .toNumber, .toString, .type: [[]]
    case .reverse: [["array", "string"]]
    }
  }

  /// Whether the last parameter may be given more than once.
  var isVariadic: Bool { self == .merge || self == .notNull }
}

/// What a call passes: a value, or an expression to be applied by the function.
enum Argument {
  case value(Document)
  case expression(Node.Place)
}

// MARK: Checking a call

extension Builtin {
  /// - Throws: `.invalidArity` or `.invalidType` in the library's words.
  func check(_ arguments: [Argument]) throws(JMESPathError) {
    let expected = parameters.count
    guard isVariadic ? arguments.count >= expected : arguments.count == expected else {
      throw JMESPathError(
        .invalidArity,
        "Expected \(isVariadic ? "at least " : "")\(expected) argument\(expected == 1 ? "" : "s") "
          + "for function \(rawValue)(), received \(arguments.count)")
    }
    for (index, argument) in arguments.enumerated() {
      let types = parameters[Swift.min(index, expected - 1)]
      if !types.isEmpty { try check(argument, types) }
    }
  }

  private func check(_ argument: Argument, _ types: [String]) throws(JMESPathError) {
    let bases = types.map { $0.split(separator: "-")[0] }
    guard case .value(let value) = argument else {
      if types == ["expref"] { return }
      throw invalidType(text: "<jmespath.visitor._Expression object>", types, received: "expref")
    }
    guard bases.contains(where: { $0 == value.jmespathType }) else {
      throw invalidType(value, types, received: value.jmespathType)
    }
    let elementTypes = types.compactMap { type in
      type.split(separator: "-").dropFirst().first.map(String.init)
    }
    guard let first = elementTypes.first, case .array(let elements) = value else { return }
    // With a choice of element types, the first element chooses for all.
    let chosen =
      elementTypes.count == 1
      ? first : elementTypes.first { $0 == elements.first?.jmespathType } ?? ""
    for element in elements where element.jmespathType != chosen {
      throw invalidType(element, types, received: element.pythonTypeName)
    }
  }

  /// The library's words for a value of the wrong type; the limit's, if showing the value is too much.
  func invalidType(_ value: Document, _ types: [String], received: String) -> JMESPathError {
    let limit = JMESPathExpression.stepLimit
    if Evaluator.weight(of: value, limit: limit) > limit { return .tooManySteps }
    return invalidType(text: value.pythonText, types, received: received)
  }

  private func invalidType(text: String, _ types: [String], received: String) -> JMESPathError {
    let expected = types.map { "'\($0)'" }.joined(separator: ", ")
    return JMESPathError(
      .invalidType,
      "In function \(rawValue)(), invalid type for value: \(text), "
        + "expected one of: [\(expected)], received: \"\(received)\"")
  }
}

extension Document {
  /// The specification's name of this value's type.
  var jmespathType: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .integer, .double: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}
