// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel

/// The words of refusals about items, keys and expressions. [DDB.items.errors]
extension ServiceError {
  init(_ error: ItemError) {
    self =
      switch error {
      case .validation(let text): .validation(text)
      case .serialization(let text): .serialization(text)
      }
  }

  init(_ error: ExpressionError) {
    self =
      switch error {
      case .validation(let text): .validation(text)
      case .serialization(let text): .serialization(text)
      }
  }

  static let keyDoesNotMatchSchema = ServiceError.validation(
    "The provided key element does not match the schema")

  /// What is wrong with an ExclusiveStartKey.
  static func invalidStartKey(_ reason: String? = nil) -> ServiceError {
    .validation("The provided starting key is invalid" + (reason.map { ": \($0)" } ?? ""))
  }

  static let itemTooLarge = ServiceError.validation(
    "Item size has exceeded the maximum allowed size")
  static let updatedItemTooLarge = ServiceError.validation(
    "Item size to update has exceeded the maximum allowed size")

  static let duplicateKeys = ServiceError.validation(
    "Provided list of item keys contains duplicates")

  /// A false condition; with the item as it stands where the request asks for it.
  static func conditionFailed(showing item: Item?) -> ServiceError {
    ServiceError(
      code: "ConditionalCheckFailedException", message: "The conditional request failed",
      members: item.map { ["Item": $0.attributes.json] } ?? .emptyObject)
  }

  /// What a key's fault is called in a put.
  static func inPut(_ error: KeyError) -> ServiceError {
    switch error {
    case .missing(let attribute):
      .invalidValues("Missing the key \(attribute) in the item")
    case .typeMismatch(let attribute, let expected, let actual):
      .invalidValues(
        "Type mismatch for key \(attribute) expected: \(expected.rawValue) actual: "
          + actual.rawValue)
    case .emptyValue(let attribute, let type):
      .validation(
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
          + "contain an empty \(type == .binary ? "binary" : "string") value. Key: \(attribute)")
    default: tooLong(error)
    }
  }

  /// What a key's fault is called in a Key parameter.
  static func inKey(_ error: KeyError) -> ServiceError {
    switch error {
    case .emptyValue: inPut(error)
    case .partitionTooLong, .sortTooLong: tooLong(error)
    default: keyDoesNotMatchSchema
    }
  }

  /// What the fault of a secondary index's key is called in a put.
  static func inIndexKey(_ error: KeyError, index: String) -> ServiceError {
    switch error {
    case .typeMismatch(let attribute, let expected, let actual):
      .invalidValues(
        "Type mismatch for Index Key \(attribute) Expected: \(expected.rawValue) Actual: "
          + "\(actual.rawValue) IndexName: \(index)")
    case .emptyValue(let attribute, let type):
      .validation(
        "One or more parameter values are not valid. A value specified for a secondary index key "
          + "is not supported. The AttributeValue for a key attribute cannot contain an empty "
          + "\(type == .binary ? "binary" : "string") value. IndexName: \(index), IndexKey: "
          + attribute)
    default: tooLong(error)
    }
  }

  /// What the fault of a secondary index's key is called in an update.
  static func inUpdatedIndexKey(_ error: KeyError) -> ServiceError {
    switch error {
    case .typeMismatch:
      .validation(
        "The update expression attempted to update the secondary index key to unsupported type")
    case .emptyValue(_, let type):
      .validation(
        "One or more parameter values are not valid. The update expression attempted to update a "
          + "secondary index key to a value that is not supported. The AttributeValue for a key "
          + "attribute cannot contain an empty \(type == .binary ? "binary" : "string") value.")
    default: tooLong(error)
    }
  }

  private static func tooLong(_ error: KeyError) -> ServiceError {
    switch error {
    case .partitionTooLong:
      .invalidValues(
        "Size of hashkey has exceeded the maximum size limit of"
          + "\(KeySchema.maximumPartitionByteCount) bytes")
    case .sortTooLong:
      .invalidValues(
        "Aggregated size of all range keys has exceeded the size limit of "
          + "\(KeySchema.maximumSortByteCount) bytes")
    default: keyDoesNotMatchSchema
    }
  }
}

/// Runs a part that refuses in the item model's terms and words the refusal as the service does.
func wording<T, E: Error>(
  _ word: (E) -> ServiceError, _ body: () throws(E) -> T
) throws(ServiceError) -> T {
  do {
    return try body()
  } catch {
    throw word(error)
  }
}
