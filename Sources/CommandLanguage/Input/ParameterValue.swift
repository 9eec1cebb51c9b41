// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
package import OrderedCollections

/// A value on its way from the command line to a request.
///
/// It differs from `Document` in one thing: bytes read from a file are bytes, not text, until it is
/// known whether the member takes a blob.
package enum ParameterValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case double(Double)
  case string(String)
  case bytes([UInt8])
  case list([ParameterValue])
  case map(OrderedDictionary<String, ParameterValue>)

  /// The bytes that a base64 text stands for; nil for a text that is none.
  package static func bytes(ofBase64 text: String) -> ParameterValue? {
    Base64.decode(text).map { .bytes($0) }
  }

  /// The value as the request carries it; bytes as base64.
  ///
  /// - Complexity: O(n).
  var document: Document {
    switch self {
    case .null: .null
    case .bool(let flag): .bool(flag)
    case .integer(let number): .integer(number)
    case .double(let number): .double(number)
    case .string(let text): .string(text)
    case .bytes(let bytes): .string(Base64.encode(bytes))
    case .list(let elements): .array(elements.map(\.document))
    case .map(let members): .object(members.mapValues(\.document))
    }
  }

  /// What Python calls the kind of value, for messages that quote it.
  var pythonType: String {
    switch self {
    case .null: "NoneType"
    case .bool: "bool"
    case .integer: "int"
    case .double: "float"
    case .string: "str"
    case .bytes: "bytes"
    case .list: "list"
    case .map: "dict"
    }
  }
}
