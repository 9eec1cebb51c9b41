// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
internal import OrderedCollections

/// One value of a content file as it was written: untyped text, lists and mappings with their places.
///
/// Nothing is guessed: `no`, `0007`, `1:30` and `1.10` are the text that stands in the file until a
/// `Format` says what the field holds.
package struct ContentNode: Hashable, Sendable {
  package enum Value: Hashable, Sendable {
    case scalar(Scalar)
    case sequence([ContentNode])
    case mapping([Member])
  }

  /// How a scalar was written, which decides whether it may be a number.
  package enum Style: Hashable, Sendable {
    /// Without quotes: `500`, `true`, `some words`.
    case plain
    /// Within single or double quotes; always text.
    case quoted
    /// After `|`: lines are kept.
    case literal
    /// After `>`: lines are joined.
    case folded
  }

  package struct Scalar: Hashable, Sendable {
    package var text: String
    package var style: Style
    /// Whether ` #` follows a plain scalar: YAML took the rest of the line for a comment.
    package var cutByComment: Bool

    package init(text: String, style: Style, cutByComment: Bool = false) {
      self.text = text
      self.style = style
      self.cutByComment = cutByComment
    }
  }

  /// One entry of a mapping, in the order of the file.
  package struct Member: Hashable, Sendable {
    package var name: String
    package var nameMark: Mark
    package var node: ContentNode

    package init(name: String, nameMark: Mark, node: ContentNode) {
      self.name = name
      self.nameMark = nameMark
      self.node = node
    }
  }

  package var value: Value
  package var mark: Mark

  package init(value: Value, mark: Mark) {
    self.value = value
    self.mark = mark
  }
}

extension ContentNode {
  package var scalar: Scalar? { if case .scalar(let value) = value { value } else { nil } }
  package var sequence: [ContentNode]? {
    if case .sequence(let value) = value { value } else { nil }
  }
  package var mapping: [Member]? { if case .mapping(let value) = value { value } else { nil } }

  /// The member of a mapping with this name, compared byte by byte.
  ///
  /// - Complexity: O(n) in the number of members.
  package subscript(name: String) -> ContentNode? {
    mapping?.first { $0.name.utf8.elementsEqual(name.utf8) }?.node
  }

  /// Whether this is nothing at all: an empty plain scalar, `null` or `~`.
  package var isNull: Bool {
    guard case .scalar(let scalar) = value, scalar.style == .plain else { return false }
    return scalar.text.isEmpty || scalar.text == "null" || scalar.text == "~"
  }

  /// What this is, for a message: `text`, `a list`, `a mapping`, `nothing`.
  package var kindName: String {
    switch value {
    case .scalar where isNull: "nothing"
    case .scalar(let scalar): "\"\(scalar.text.shortened(to: 40))\""
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }

  /// This value by JSON's rules: an unquoted scalar that is a JSON number, `true`, `false` or `null`
  /// is that; every other scalar is text.
  ///
  /// - Complexity: O(n) in the number of values held.
  package var document: Document {
    switch value {
    case .scalar(let scalar):
      guard scalar.style == .plain else { return .string(scalar.text) }
      if isNull { return .null }
      if scalar.text == "true" { return .bool(true) }
      if scalar.text == "false" { return .bool(false) }
      return JSONNumber.parse(scalar.text) ?? .string(scalar.text)
    case .sequence(let nodes): return .array(nodes.map(\.document))
    case .mapping(let members):
      var object: OrderedDictionary<String, Document> = [:]
      for member in members { object[member.name] = member.node.document }
      return .object(object)
    }
  }
}

/// The number grammar of RFC 8259, which decides what an unquoted scalar is.
package enum JSONNumber {
  /// The number a text spells, or nil where the text is no JSON number (`0007`, `+1`, `1.`, `.5`).
  ///
  /// - Complexity: O(n) in the length of the text.
  package static func parse(_ text: String) -> Document? {
    let bytes = Array(text.utf8)
    var index = 0
    func digits() -> Bool {
      let start = index
      while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
      return index > start
    }
    if index < bytes.count, bytes[index] == UInt8(ascii: "-") { index += 1 }
    let first = index
    guard digits() else { return nil }
    if bytes[first] == UInt8(ascii: "0"), index > first + 1 { return nil }
    var isInteger = true
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      index += 1
      isInteger = false
      guard digits() else { return nil }
    }
    if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      isInteger = false
      if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+")
      {
        index += 1
      }
      guard digits() else { return nil }
    }
    guard index == bytes.count else { return nil }
    if isInteger, let integer = Int64(text) { return .integer(integer) }
    guard let double = Double(text), double.isFinite else { return nil }
    return .double(double)
  }
}

extension String {
  /// The text itself, or its first characters and an ellipsis, on one line.
  func shortened(to limit: Int) -> String {
    let line = split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count <= limit ? line : String(line.prefix(limit - 1)) + "…"
  }
}
