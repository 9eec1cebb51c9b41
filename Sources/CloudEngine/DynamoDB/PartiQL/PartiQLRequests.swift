// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
import Documents
import ItemModel

/// The words of refusals of statements. [DDB.partiql.errors]
extension ServiceError {
  static let keyNotDemanded = ServiceError.validation(
    "Where clause does not contain a mandatory equality on all key attributes")
  static let duplicateItem = ServiceError(
    code: "DuplicateItemException", message: "Duplicate primary key exists in table")
  static let invalidStatementToken = ServiceError.validation("Invalid NextToken")
  static let otherStatementToken = ServiceError.validation("NextToken does not match request")

  static func readNeedsKey(in operation: String) -> ServiceError {
    .validation(
      "Select statements within \(operation) must specify the primary key in the where clause.")
  }

  static func mixedStatements(in operation: String) -> ServiceError {
    .validation(
      "\(operation) API does not support both read and write operations in the same request.")
  }
}

extension [AttributeValue] {
  /// The parameters of a statement, which are looked at before its text.
  static func requested(_ parameters: [Document]?) throws(ServiceError) -> [AttributeValue] {
    var values: [AttributeValue] = []
    for parameter in parameters ?? [] {
      values.append(
        try wording(ServiceError.init) { () throws(ItemError) in
          try AttributeValue(json: parameter)
        })
    }
    return values
  }
}

extension PartiQLStatement {
  /// Reads a statement of a request.
  static func requested(
    _ text: String, _ parameters: [AttributeValue]
  ) throws(ServiceError) -> PartiQLStatement {
    try wording(ServiceError.init) { () throws(ExpressionError) in
      try PartiQLStatement(text, parameters: parameters)
    }
  }
}

/// The token by which the next page of a SELECT is asked for: which statement it belongs to, and where that stands.
///
/// It holds all that is needed, so that it outlives the process that gave it. [DDB.partiql.pages]
struct StatementToken {
  private let request: SHA256Digest

  /// - Parameters:
  ///   - statement: The statement as the request gives it.
  ///   - parameters: Its parameters likewise.
  init(of statement: String, parameters: [Document]?) {
    request = Digests.digest(
      of: Document.array([.string(statement), .array(parameters ?? [])]).json())
  }

  func text(of position: StatementPosition) -> String {
    let place = Document.array([
      .integer(Int64(position.range)), position.after?.json ?? .null,
    ])
    return Base64.text(of: request.bytes + Array(place.json().utf8))
  }

  /// - Throws: A validation error for what is no token, and for another statement's.
  func position(in text: String) throws(ServiceError) -> StatementPosition {
    guard let bytes = try? Base64.bytes(of: text), bytes.count > SHA256Digest.byteCount,
      let owner = SHA256Digest(bytes: bytes.prefix(SHA256Digest.byteCount)),
      let place = try? Document.parse(
        String(decoding: bytes.dropFirst(SHA256Digest.byteCount), as: UTF8.self)),
      let parts = place.array, parts.count == 2, let range = parts[0].integer
    else { throw .invalidStatementToken }
    guard owner == request else { throw .otherStatementToken }
    if parts[1].isNull { return StatementPosition(range: Int(range)) }
    guard let after = try? AttributeMap(json: parts[1]) else { throw .invalidStatementToken }
    return StatementPosition(range: Int(range), after: after)
  }
}
