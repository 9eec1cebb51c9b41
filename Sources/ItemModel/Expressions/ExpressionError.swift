// SPDX-License-Identifier: GPL-3.0-or-later

/// Why an expression, its placeholders or its effect on an item is refused, in the service's words.
///
/// A condition that does not hold is no error: evaluation answers false.
package enum ExpressionError: Error, Hashable, Sendable {
  /// A `ValidationException` with this text.
  case validation(String)
  /// A `SerializationException` with this text: a placeholder's value does not have the JSON shape of one.
  case serialization(String)

  /// The text that follows the error's code.
  package var message: String {
    switch self {
    case .validation(let text), .serialization(let text): text
    }
  }
}

extension ExpressionError {
  /// The refusal of a whole expression: the parameter's name, then what is wrong. [DDB.expressions.errors]
  static func invalid(_ parameter: ExpressionParameter, _ fault: ExpressionFault) -> Self {
    .validation("Invalid \(parameter.rawValue): \(fault.text)")
  }

  /// An update names a place whose parent is absent or of another type.
  static let documentPathInvalidForUpdate = Self.validation(
    "The document path provided in the update expression is invalid for update")

  /// An update reads an attribute the item does not have.
  static let missingAttribute = Self.validation(
    "The provided expression refers to an attribute that does not exist in the item")

  /// An update meets a value of a type it cannot work on.
  static let incorrectDataType = Self.validation(
    "An operand in the update expression has an incorrect data type")

  /// The same where AttributeUpdates asks for it.
  static let typeMismatch = Self.validation("Type mismatch for attribute to update")

  /// KeyConditions of a number that no key of one or two attributes can use.
  static let conditionCount = Self.validation("Conditions can be of length 1 or 2 only")

  /// An update would nest values deeper than an item may.
  static let tooManyLevels = Self.validation("Nesting Levels have exceeded supported limits")

  /// Sums and values that are no number of the service.
  init(_ error: NumberError) { self = .validation(error.message) }

  init(_ error: ItemError) {
    self =
      switch error {
      case .validation(let text): .validation(text)
      case .serialization(let text): .serialization(text)
      }
  }
}

/// What is wrong inside one expression; `text` is what the service says after "Invalid <parameter>: ".
enum ExpressionFault: Error, Hashable, Sendable {
  case empty
  case tooLong(bytes: Int)
  case syntax(token: String, near: String)
  case tooDeep
  case tooManyOperators(Int)
  case tooManyInOperands(Int)
  case listIndexOutOfRange(String)
  case reservedWord(String)
  case undefinedName(String)
  case undefinedValue(String)
  case unknownFunction(String)
  case functionNotAllowed(String, inUpdate: Bool)
  case misusedFunction(String)
  case operandCount(function: String, count: Int)
  case needsPath(function: String)
  case operandType(function: String, type: String)
  case actionOperandType(action: String, type: AttributeType)
  case unknownTypeName(String)
  case repeatedPath(operator: String, path: DocumentPath)
  case betweenTypes(AttributeValue, AttributeValue)
  case betweenOrder(AttributeValue, AttributeValue)
  case redundantParentheses
  case repeatedSection(String)
  case overlap(DocumentPath, DocumentPath)
  case conflict(DocumentPath, DocumentPath)

  /// The service's words. [DDB.expressions.errors]
  var text: String {
    switch self {
    case .empty: "The expression can not be empty;"
    case .tooLong(let bytes):
      "Expression size has exceeded the maximum allowed size; expression size: \(bytes)"
    case .syntax(let token, let near): "Syntax error; token: \"\(token)\", near: \"\(near)\""
    case .tooDeep: "The expression is nested too deeply; maximum depth: \(ExpressionLimits.depth)"
    case .tooManyOperators(let count):
      "The expression contains too many operators; operator count: \(count)"
    case .tooManyInOperands(let count):
      "The IN operator is provided with too many operands; number of operands: \(count)"
    case .listIndexOutOfRange(let digits):
      "List index is not within the allowable range; index: [\(digits)]"
    case .reservedWord(let word):
      "Attribute name is a reserved keyword; reserved keyword: \(word)"
    case .undefinedName(let name):
      "An expression attribute name used in the document path is not defined; attribute name: \(name)"
    case .undefinedValue(let name):
      "An expression attribute value used in expression is not defined; attribute value: \(name)"
    case .unknownFunction(let name): "Invalid function name; function: \(name)"
    case .functionNotAllowed(let name, let inUpdate):
      "The function is not allowed in \(inUpdate ? "an update" : "a condition") expression; "
        + "function: \(name)"
    case .misusedFunction(let name):
      "The function is not allowed to be used this way in an expression; function: \(name)"
    default: operandText
    }
  }

  /// The words for what is wrong with operands and paths.
  private var operandText: String {
    switch self {
    case .operandCount(let function, let count):
      "Incorrect number of operands for operator or function; "
        + "operator or function: \(function), number of operands: \(count)"
    case .needsPath(let function):
      "Operator or function requires a document path; operator or function: \(function)"
    case .operandType(let function, let type):
      "Incorrect operand type for operator or function; "
        + "operator or function: \(function), operand type: \(type)"
    case .actionOperandType(let action, let type):
      "Incorrect operand type for operator or function; "
        + "operator: \(action), operand type: \(type.longName)"
    case .unknownTypeName(let name):
      "Invalid attribute type name found; type: \(name), "
        + "valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"
    case .repeatedPath(let name, let path):
      "The first operand must be distinct from the remaining operands for this operator or function; "
        + "operator: \(name), first operand: \(path)"
    case .betweenTypes(let low, let high):
      "The BETWEEN operator requires same data type for lower and upper bounds; "
        + Self.bounds(low, high)
    case .betweenOrder(let low, let high):
      "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
        + Self.bounds(low, high)
    case .redundantParentheses: "The expression has redundant parentheses;"
    case .repeatedSection(let name):
      "The \"\(name)\" section can only be used once in an update expression;"
    case .overlap(let one, let two):
      "Two document paths overlap with each other; " + Self.pair(one, two)
    case .conflict(let one, let two):
      "Two document paths conflict with each other; " + Self.pair(one, two)
    default: preconditionFailure("texts without operands are in `text`")
    }
  }

  private static func bounds(_ low: AttributeValue, _ high: AttributeValue) -> String {
    "lower bound operand: AttributeValue: {\(low.brief)}, "
      + "upper bound operand: AttributeValue: {\(high.brief)}"
  }

  private static func pair(_ one: DocumentPath, _ two: DocumentPath) -> String {
    "must remove or rewrite one of these paths; path one: \(one), path two: \(two)"
  }
}

extension AttributeType {
  /// The word the service uses for a type in the refusals of ADD and DELETE.
  fileprivate var longName: String {
    switch self {
    case .string: "STRING"
    case .number: "NUMBER"
    case .binary: "BINARY"
    case .stringSet: "STRING_SET"
    case .numberSet: "NUMBER_SET"
    case .binarySet: "BINARY_SET"
    case .map: "MAP"
    case .list: "LIST"
    case .null: "NULL"
    case .bool: "BOOLEAN"
    }
  }
}
