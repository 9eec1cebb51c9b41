// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
internal import OrderedCollections

extension Document {
  /// How a value reads in a sentence: text as it is, all else as JSON; cut after 200 characters.
  package var shown: String {
    switch self {
    case .string(let text): text.isEmpty ? "\"\"" : text.shortened(to: 200)
    case .null: "nothing"
    default: json(.compact).shortened(to: 200)
    }
  }

  /// The elements of a list, or the value itself as the only one.
  var alternatives: [Document] { array ?? [self] }

  /// Every text within, in order.
  ///
  /// - Complexity: O(n).
  package var texts: [String] {
    switch self {
    case .string(let text): [text]
    case .array(let elements): elements.flatMap(\.texts)
    case .object(let members): members.flatMap { $0.value.texts }
    default: []
    }
  }

  /// The value with the placeholders in its texts replaced; member names stay.
  ///
  /// - Throws: `ContentProblem` for an undeclared one.
  /// - Complexity: O(n).
  package func substituting(_ bindings: Bindings) throws(ContentProblem) -> Document {
    switch self {
    case .string(let text):
      return .string(try bindings.substitute(text))
    case .array(let elements):
      var result: [Document] = []
      for element in elements { result.append(try element.substituting(bindings)) }
      return .array(result)
    case .object(let members):
      var result: OrderedDictionary<String, Document> = [:]
      for (name, value) in members { result[name] = try value.substituting(bindings) }
      return .object(result)
    default:
      return self
    }
  }
}
