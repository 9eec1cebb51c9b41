// SPDX-License-Identifier: GPL-3.0-or-later

import OrderedCollections

extension Document {
  /// The layout of written JSON.
  package enum JSONLayout: Hashable, Sendable {
    /// No white space: `{"a":1,"b":[]}`.
    case compact
    /// One line with a space after each comma and colon: `{"a": 1, "b": []}`.
    case spaced
    /// A line for each member and element, each level this many spaces further in.
    case indented(Int)
  }

  /// This value as JSON text, byte for byte as Python's `json.dumps` writes it.
  ///
  /// A double that is not finite, which no parse makes, is written as `null`.
  ///
  /// - Parameters:
  ///   - layout: Where white space goes.
  ///   - ascii: Writes every character beyond ASCII as an escape.
  /// - Returns: The text, without a line end after it.
  /// - Complexity: O(n) in the size of the value.
  package func json(_ layout: JSONLayout = .compact, ascii: Bool = false) -> String {
    String(decoding: jsonBytes(layout, ascii: ascii), as: UTF8.self)
  }

  /// This value as the UTF-8 bytes of its JSON text; see `json(_:ascii:)`.
  ///
  /// - Parameters:
  ///   - layout: Where white space goes.
  ///   - ascii: Writes every character beyond ASCII as an escape.
  /// - Returns: The bytes, without a line end after them.
  /// - Complexity: O(n) in the size of the value.
  package func jsonBytes(_ layout: JSONLayout = .compact, ascii: Bool = false) -> [UInt8] {
    var writer = JSONWriter(layout: layout, ascii: ascii)
    writer.write(self, depth: 0)
    return writer.bytes
  }
}

/// Appends the JSON of values to a byte array.
struct JSONWriter {
  let layout: Document.JSONLayout
  let ascii: Bool
  private(set) var bytes: [UInt8] = []

  init(layout: Document.JSONLayout, ascii: Bool) {
    self.layout = layout
    self.ascii = ascii
    // Room for a usual request at once, where growing step by step would copy it many times.
    bytes.reserveCapacity(512)
  }

  mutating func write(_ value: Document, depth: Int) {
    switch value {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    case .integer(let number): bytes.append(contentsOf: String(number).utf8)
    case .double(let number):
      bytes.append(contentsOf: (number.isFinite ? number.shortestText : "null").utf8)
    case .string(let text): write(text)
    case .array(let elements):
      guard !elements.isEmpty else { return bytes.append(contentsOf: "[]".utf8) }
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        separate(isFirst: index == 0, depth: depth + 1)
        write(element, depth: depth + 1)
      }
      breakLine(depth: depth)
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      guard !members.isEmpty else { return bytes.append(contentsOf: "{}".utf8) }
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in members.elements.enumerated() {
        separate(isFirst: index == 0, depth: depth + 1)
        write(member.key)
        bytes.append(UInt8(ascii: ":"))
        if layout != .compact { bytes.append(UInt8(ascii: " ")) }
        write(member.value, depth: depth + 1)
      }
      breakLine(depth: depth)
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private mutating func separate(isFirst: Bool, depth: Int) {
    if !isFirst {
      bytes.append(UInt8(ascii: ","))
      if layout == .spaced { bytes.append(UInt8(ascii: " ")) }
    }
    breakLine(depth: depth)
  }

  private mutating func breakLine(depth: Int) {
    guard case .indented(let width) = layout else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: width * depth))
  }

  private mutating func write(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    let isWritten: Void? = text.utf8.withContiguousStorageIfAvailable { writeContents($0) }
    if isWritten == nil { Array(text.utf8).withUnsafeBufferPointer { writeContents($0) } }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func writeContents(_ buffer: UnsafeBufferPointer<UInt8>) {
    var (start, index) = (0, 0)
    while index < buffer.count {
      if index + 8 <= buffer.count, isPlainWord(at: index, in: buffer) {
        index += 8
        continue
      }
      let byte = buffer[index]
      if needsEscape(byte) {
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[start..<index]))
        start = index + 1
        if byte < 0x80 {
          writeEscape(of: UInt16(byte))
        } else if byte & 0xC0 != 0x80 {
          writeEscapes(ofScalarAt: index, in: buffer)
        }
      }
      index += 1
    }
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[start...]))
  }

  @inline(__always)
  private func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || ascii && byte >= 0x7F
  }

  /// Whether none of the eight bytes from an index on needs an escape.
  @inline(__always)
  private func isPlainWord(at index: Int, in buffer: UnsafeBufferPointer<UInt8>) -> Bool {
    let word = ByteWord(loading: buffer, at: index)
    return word.isPlain && !(ascii && word.isBeyondPrintableASCII)
  }

  private mutating func writeEscapes(
    ofScalarAt index: Int, in buffer: UnsafeBufferPointer<UInt8>
  ) {
    let length = buffer[index] < 0xE0 ? 2 : buffer[index] < 0xF0 ? 3 : 4
    let scalar = String(
      decoding: UnsafeBufferPointer(rebasing: buffer[index..<index + length]), as: UTF8.self)
    for unit in scalar.utf16 { writeEscape(of: unit) }
  }

  private mutating func writeEscape(of unit: UInt16) {
    let short: UInt8
    switch unit {
    case 0x22: short = UInt8(ascii: "\"")
    case 0x5C: short = UInt8(ascii: "\\")
    case 0x08: short = UInt8(ascii: "b")
    case 0x09: short = UInt8(ascii: "t")
    case 0x0A: short = UInt8(ascii: "n")
    case 0x0C: short = UInt8(ascii: "f")
    case 0x0D: short = UInt8(ascii: "r")
    default:
      let digits = String(unit, radix: 16)
      bytes.append(contentsOf: "\\u".utf8)
      bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count))
      bytes.append(contentsOf: digits.utf8)
      return
    }
    bytes.append(UInt8(ascii: "\\"))
    bytes.append(short)
  }
}
