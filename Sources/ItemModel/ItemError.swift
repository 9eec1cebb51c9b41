// SPDX-License-Identifier: GPL-3.0-or-later

/// Why an attribute value is refused, in the service's words.
package enum ItemError: Error, Hashable, Sendable {
  /// A `ValidationException`: the JSON has the right shape, its content is not a value.
  case validation(String)
  /// A `SerializationException`: the JSON does not have the shape of an attribute value.
  case serialization(String)

  /// The text that follows the error's code.
  package var message: String {
    switch self {
    case .validation(let text), .serialization(let text): text
    }
  }

  /// The same error as the service words it for a value inside ExpressionAttributeValues.
  /// [DDB.value.errors]
  ///
  /// - Parameter key: The placeholder with its colon, such as ":x".
  /// - Returns: The reworded validation error, or the same serialization error.
  package func inExpressionAttributeValues(key: String) -> ItemError {
    guard case .validation(let text) = self else { return self }
    return .validation(
      "ExpressionAttributeValues contains invalid value: \(text) for key \(key)")
  }
}

extension ItemError {
  /// The refusal of a number's text.
  init(_ error: NumberError) { self = .validation(error.message) }
}
