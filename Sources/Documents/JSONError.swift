// SPDX-License-Identifier: GPL-3.0-or-later

/// Why and where a text is not the JSON we accept.
///
/// `description` is the text Python's `json` module prints for the same mistake, because the AWS CLI
/// shows it; the refusals Python does not know (duplicate keys, depth, …) are worded alike.
///
/// ```swift
/// do { _ = try Document.parse("[1,]") } catch { print(error) }
/// // Expecting value: line 1 column 4 (char 3)
/// ```
package struct JSONError: Error, Hashable, Sendable {
  /// What is wrong at the place.
  package enum Reason: Hashable, Sendable {
    case expectedValue
    case expectedPropertyName
    case expectedColon
    case expectedComma
    case extraData
    case unterminatedString
    case invalidControlCharacter
    case invalidEscape
    case invalidUnicodeEscape
    case byteOrderMark
    /// A `\uD800`…`\uDFFF` escape without its other half.
    case loneSurrogate
    /// The bytes are not UTF-8.
    case invalidUTF8
    /// An object has this key twice; keys that differ only by Unicode normalisation count as one.
    case duplicateKey(String)
    /// Arrays and objects are nested deeper than the limit.
    case tooDeep(limit: Int)
    /// A number beyond the range of a double.
    case numberOutOfRange
  }

  package let reason: Reason
  /// Bytes before the place.
  package let offset: Int
  /// Characters (Unicode scalars) before the place.
  package let character: Int
  /// Line of the place, from 1; lines end at `\n` alone.
  package let line: Int
  /// Characters from the start of the line, from 1.
  package let column: Int

  /// Finds line and column of a byte offset.
  ///
  /// - Complexity: O(n) in the offset.
  init(_ reason: Reason, at offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
    var line = 1
    var character = 0
    var lineStart = 0
    for byte in bytes.prefix(offset) where byte & 0xC0 != 0x80 {
      character += 1
      if byte == UInt8(ascii: "\n") {
        line += 1
        lineStart = character
      }
    }
    self.reason = reason
    self.offset = offset
    self.character = character
    self.line = line
    self.column = character - lineStart + 1
  }

  /// What is wrong, without the place.
  package var message: String {
    switch reason {
    case .expectedValue: "Expecting value"
    case .expectedPropertyName: "Expecting property name enclosed in double quotes"
    case .expectedColon: "Expecting ':' delimiter"
    case .expectedComma: "Expecting ',' delimiter"
    case .extraData: "Extra data"
    case .unterminatedString: "Unterminated string starting at"
    case .invalidControlCharacter: "Invalid control character at"
    case .invalidEscape: "Invalid \\escape"
    case .invalidUnicodeEscape: "Invalid \\uXXXX escape"
    case .byteOrderMark: "Unexpected UTF-8 BOM (decode using utf-8-sig)"
    case .loneSurrogate: "Unpaired surrogate in string"
    case .invalidUTF8: "Invalid UTF-8"
    case .duplicateKey(let key): "Duplicate key \(Document.string(key).json())"
    case .tooDeep(let limit): "Nested deeper than \(limit) levels"
    case .numberOutOfRange: "Number out of range"
    }
  }
}

extension JSONError: CustomStringConvertible {
  package var description: String {
    "\(message): line \(line) column \(column) (char \(character))"
  }
}
