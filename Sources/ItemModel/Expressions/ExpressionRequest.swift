// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents

/// The expression parameters of one request, checked and bound together.
///
/// ```swift
/// let request = ExpressionRequest(
///   accepting: ExpressionRequest.query, texts: [.keyCondition: "pk = :p"], values: [":p": ["S": "a"]])
/// let bound = try request.bind()
/// bound.keyCondition?.condition(on: schema)
/// ```
package struct ExpressionRequest: Sendable {
  /// The expressions each operation takes, in the order in which the service names them.
  package static let getItem: [ExpressionParameter] = [.projection]
  package static let putItem: [ExpressionParameter] = [.condition]
  package static let deleteItem: [ExpressionParameter] = [.condition]
  package static let updateItem: [ExpressionParameter] = [.update, .condition]
  package static let query: [ExpressionParameter] = [.projection, .filter, .keyCondition]
  package static let scan: [ExpressionParameter] = [.projection, .filter]

  private let accepted: [ExpressionParameter]
  private let texts: [ExpressionParameter: String]
  private let names: Document?
  private let values: Document?
  let legacy: [LegacyParameter: Document]

  /// Gathers what one request gives.
  ///
  /// - Parameters:
  ///   - accepted: The expressions the operation takes, such as `ExpressionRequest.query`.
  ///   - texts: Those the request gives; an empty text is given and refused.
  ///   - names: ExpressionAttributeNames as it came.
  ///   - values: ExpressionAttributeValues as it came.
  ///   - legacy: The parameters of the older kind that the request gives, as they came.
  package init(
    accepting accepted: [ExpressionParameter], texts: [ExpressionParameter: String],
    names: Document? = nil, values: Document? = nil, legacy: [LegacyParameter: Document] = [:]
  ) {
    self.accepted = accepted
    self.texts = texts
    // Not `nil`: a document can be written so too, and would be JSON's null.
    self.names = names?.isNull == true ? Document?.none : names
    self.values = values?.isNull == true ? Document?.none : values
    self.legacy = legacy
  }

  /// Whether the request gives the parameters together that belong together.
  ///
  /// The service asks this before it looks at keys, items and placeholders.
  ///
  /// - Throws: `.validation`: expressions mixed with older parameters, placeholders without an expression, a
  ///   ConditionalOperator without two conditions.
  package func requireConsistentParameters() throws(ExpressionError) {
    if isEmpty { return }
    let given = accepted.filter { texts[$0] != nil }
    // KeyConditions may go with the other expressions, but not with KeyConditionExpression.
    let older = LegacyParameter.allCases.filter {
      legacy[$0] != nil && ($0 != .keyConditions || texts[.keyCondition] != nil)
    }
    if !given.isEmpty, !older.isEmpty {
      throw .validation(
        "Can not use both expression and non-expression parameters in the same request: "
          + "Non-expression parameters: {\(older.map(\.rawValue).joined(separator: ", "))} "
          + "Expression parameters: {\(given.map(\.rawValue).joined(separator: ", "))}")
    }
    if names != nil, given.isEmpty {
      throw .validation(
        "ExpressionAttributeNames can only be specified when using expressions")
    }
    // Projections hold no values, so they do not count as using any.
    let users = accepted.filter { $0 != .projection }
    if values != nil, !users.isEmpty, users.allSatisfy({ texts[$0] == nil }) {
      throw .validation(
        "ExpressionAttributeValues can only be specified when using expressions: "
          + users.map(\.rawValue).joined(separator: " and ")
          + (users.count > 1 ? " are null" : " is null"))
    }
    try requireJoinedConditions()
  }

  /// Whether the request gives nothing of all this, as many do.
  private var isEmpty: Bool {
    texts.isEmpty && names == nil && values == nil && legacy.isEmpty
  }

  /// Reads, checks and binds all that the request gives, in whichever form.
  ///
  /// - Throws: As `requireConsistentParameters()`, `bindOlder()` and `bindExpressions(into:)`.
  package func bind() throws(ExpressionError) -> BoundExpressions {
    try requireConsistentParameters()
    var bound = try bindOlder()
    try bindExpressions(into: &bound)
    return bound
  }

  /// Reads, checks and binds the expressions and KeyConditions of a request whose parameters belong together.
  ///
  /// - Parameter bound: What `bindOlder()` gave; the expressions are added.
  /// - Throws: The first fault of the placeholders, then of the expressions (update, condition, key condition,
  ///   filter, projection), then unused placeholders, then a key condition that is a condition but not one on keys,
  ///   then the first fault of KeyConditions.
  package func bindExpressions(into bound: inout BoundExpressions) throws(ExpressionError) {
    if isEmpty { return }
    var context = try ExpressionContext(names: names, values: values)
    if let text = texts[.update] { bound.update = try UpdateExpression(text, context: &context) }
    if let text = texts[.condition] {
      bound.condition = try ConditionExpression(text, as: .condition, context: &context)
    }
    if let text = texts[.keyCondition] {
      bound.keyCondition = try KeyConditionExpression(text, context: &context)
    }
    if let text = texts[.filter] {
      bound.filter = try ConditionExpression(text, as: .filter, context: &context)
    }
    if let text = texts[.projection] {
      bound.projection = try ProjectionExpression(text, context: &context)
    }
    try context.requireAllUsed()
    try bound.keyCondition?.requireKeyConditions()
    try bindKeyConditions(into: &bound)
  }
}

/// The expressions of one request, ready to be used on items.
package struct BoundExpressions: Hashable, Sendable {
  package internal(set) var update: UpdateExpression?
  package internal(set) var condition: ConditionExpression?
  package internal(set) var keyCondition: KeyConditionExpression?
  /// KeyConditions, the older form of a key condition.
  var keyConditions: [AttributeCondition]?
  package internal(set) var filter: ConditionExpression?
  package internal(set) var projection: ProjectionExpression?

  /// What the request asks of a key, in either form; nil where it asks nothing.
  ///
  /// - Throws: As `KeyConditionExpression.condition(on:)`.
  package func keyCondition(on schema: KeySchema) throws(ExpressionError) -> KeyCondition? {
    if let keyConditions {
      try schema.requireCount(of: keyConditions)
      return try KeyCondition(keyConditions, on: schema)
    }
    return try keyCondition?.condition(on: schema)
  }

  /// No expressions.
  init() {}

  /// The expressions of a write whose parts are known already.
  package init(update: UpdateExpression?, condition: ConditionExpression?) {
    (self.update, self.condition) = (update, condition)
  }
}
