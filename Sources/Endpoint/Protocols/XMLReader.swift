// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ServiceModel

/// An element of an XML document, namespaces and attributes left out.
struct XMLElement: Hashable, Sendable {
  let name: String
  fileprivate(set) var text = ""
  fileprivate(set) var children: [XMLElement] = []

  /// The element's content by a shape.
  func document(as shape: Shape) -> Document {
    switch shape.kind {
    case .structure:
      return Document(
        members: shape.members.compactMap { member in
          let name = member.locationName ?? member.name
          let found = children.filter { $0.name == name }
          guard let first = found.first else { return nil }
          if member.shape.kind == .list, member.shape.wire.isFlattened {
            return member.shape.element.map { element in
              (member.name, .array(found.map { $0.document(as: element) }))
            }
          }
          return (member.name, first.document(as: member.shape))
        })
    case .list:
      guard let element = shape.element else { return [] }
      return .array(children.map { $0.document(as: element) })
    default: return WireText.value(text, as: shape.kind)
    }
  }
}

/// Reads the XML that requests bring: elements and text.
///
/// What declares types or entities is refused.
struct XMLReader {
  private var rest: ArraySlice<UInt8>

  /// Elements in one another at most.
  private static let depthLimit = 32

  /// The root element; nil for what is no well-formed document.
  ///
  /// - Complexity: O(n)
  static func root(of bytes: [UInt8]) -> XMLElement? {
    guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
    var reader = XMLReader(rest: bytes[...])
    reader.skipMisc()
    guard let root = reader.element(depth: 0) else { return nil }
    reader.skipMisc()
    return reader.rest.isEmpty ? root : nil
  }

  // MARK: Pieces

  private mutating func skipMisc() {
    while true {
      skipSpace()
      if rest.starts(with: "<?".utf8) {
        skip(past: "?>")
      } else if rest.starts(with: "<!--".utf8) {
        skip(past: "-->")
      } else {
        return
      }
    }
  }

  private mutating func skipSpace() {
    rest = rest.drop { Self.isSpace($0) }
  }

  /// Goes on after a mark; at its lack, at the end.
  private mutating func skip(past mark: String) {
    let mark = Array(mark.utf8)
    while !rest.isEmpty, !rest.starts(with: mark) { rest = rest.dropFirst() }
    rest = rest.dropFirst(mark.count)
  }

  private mutating func take(_ text: String) -> Bool {
    guard rest.starts(with: text.utf8) else { return false }
    rest = rest.dropFirst(text.utf8.count)
    return true
  }

  /// An element from its `<`; nil where there is none, or it is not closed as it was opened.
  private mutating func element(depth: Int) -> XMLElement? {
    guard depth < Self.depthLimit, take("<"), let name = name(), skipAttributes() else {
      return nil
    }
    var element = XMLElement(name: Self.localName(name))
    if take("/>") { return element }
    guard take(">") else { return nil }
    var text: [UInt8] = []
    while let byte = rest.first {
      guard byte == UInt8(ascii: "<") else {
        guard let piece = character() else { return nil }
        text += piece
        continue
      }
      if rest.starts(with: "<!--".utf8) {
        skip(past: "-->")
      } else if take("</") {
        guard self.name() == name else { return nil }
        skipSpace()
        element.text = String(decoding: text, as: UTF8.self)
        return take(">") ? element : nil
      } else {
        guard let child = self.element(depth: depth + 1) else { return nil }
        element.children.append(child)
      }
    }
    return nil
  }

  private mutating func name() -> String? {
    let bytes = rest.prefix { !Self.isSpace($0) && !"<>/=&\"'!?".utf8.contains($0) }
    rest = rest.dropFirst(bytes.count)
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  /// Goes to the end of a tag; false where its attributes are none.
  private mutating func skipAttributes() -> Bool {
    while true {
      skipSpace()
      guard let byte = rest.first else { return false }
      if byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") { return true }
      guard name() != nil else { return false }
      skipSpace()
      guard take("=") else { return false }
      skipSpace()
      guard let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
        let end = rest.dropFirst().firstIndex(of: quote)
      else { return false }
      rest = rest[(end + 1)...]
    }
  }

  /// A byte of text, or what an escape stands for; nil for an escape of none that are built in.
  private mutating func character() -> [UInt8]? {
    guard let byte = rest.popFirst() else { return nil }
    guard byte == UInt8(ascii: "&") else { return [byte] }
    let escape = rest.prefix(12).prefix { $0 != UInt8(ascii: ";") }
    rest = rest.dropFirst(escape.count)
    guard take(";") else { return nil }
    let name = String(decoding: escape, as: UTF8.self)
    if let known = Self.escapes[name] { return Array(known.utf8) }
    guard name.hasPrefix("#") else { return nil }
    let number =
      name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
    return number.flatMap(Unicode.Scalar.init).map { Array(String(Character($0)).utf8) }
  }

  private static let escapes = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]

  private static func localName(_ name: String) -> String {
    String(name.split(separator: ":").last ?? "")
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
  }
}
