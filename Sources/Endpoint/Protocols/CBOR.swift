// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import ServiceModel

/// Documents as CBOR (RFC 8949), as far as services use it: bytes are base64 in a document, instants
/// seconds since 1970.
enum CBOR {
  // MARK: Writing

  /// The bytes of a value, its instants and its blobs told by its shape.
  static func bytes(of value: Document, as shape: Shape?) -> [UInt8] {
    var bytes: [UInt8] = []
    write(value, shape, &bytes)
    return bytes
  }

  private static func write(_ value: Document, _ shape: Shape?, _ bytes: inout [UInt8]) {
    switch value {
    case .null: bytes.append(0xf6)
    case .bool(let value): bytes.append(value ? 0xf5 : 0xf4)
    case .integer, .double:
      if shape?.kind == .timestamp { bytes.append(0xc1) }
      if case .integer(let number) = value {
        writeHead(number < 0 ? 1 : 0, UInt64(number < 0 ? ~number : number), &bytes)
      } else {
        bytes.append(0xfb)
        withUnsafeBytes(of: (value.number ?? 0).bitPattern.bigEndian) { bytes += $0 }
      }
    case .string(let text):
      if shape?.kind == .blob, let blob = try? Base64.bytes(of: text) {
        writeHead(2, UInt64(blob.count), &bytes)
        bytes += blob
      } else {
        writeText(text, &bytes)
      }
    case .array(let elements):
      writeHead(4, UInt64(elements.count), &bytes)
      for element in elements { write(element, shape?.element, &bytes) }
    case .object(let members):
      writeHead(5, UInt64(members.count), &bytes)
      for (name, value) in members {
        writeText(name, &bytes)
        write(value, shape?.member(named: name)?.shape ?? shape?.value, &bytes)
      }
    }
  }

  private static func writeText(_ text: String, _ bytes: inout [UInt8]) {
    writeHead(3, UInt64(text.utf8.count), &bytes)
    bytes += text.utf8
  }

  private static func writeHead(_ kind: UInt8, _ number: UInt64, _ bytes: inout [UInt8]) {
    func put(_ mark: UInt8, _ number: some FixedWidthInteger) {
      bytes.append(kind << 5 | mark)
      withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
    }
    switch number {
    case 0..<24: bytes.append(kind << 5 | UInt8(number))
    case ...0xff: put(24, UInt8(number))
    case ...0xffff: put(25, UInt16(number))
    case ...0xffff_ffff: put(26, UInt32(number))
    default: put(27, number)
    }
  }

  // MARK: Reading

  /// The value that bytes are, to their end; nil for what is none, or nested too deep.
  ///
  /// - Complexity: O(n)
  static func document(_ bytes: [UInt8]) -> Document? {
    var reader = Reader(rest: bytes[...])
    guard let value = reader.value(depth: 0), reader.rest.isEmpty else { return nil }
    return value
  }

  private struct Reader {
    var rest: ArraySlice<UInt8>

    private enum Head {
      case item(kind: UInt8, mark: UInt8, number: UInt64)
      case open(kind: UInt8)
      case end
    }

    private mutating func head() -> Head? {
      guard let byte = rest.popFirst() else { return nil }
      let (kind, mark) = (byte >> 5, byte & 0x1f)
      switch mark {
      case 0..<24: return .item(kind: kind, mark: mark, number: UInt64(mark))
      case 24...27:
        let count = 1 << Int(mark - 24)
        guard rest.count >= count else { return nil }
        let number = rest.prefix(count).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        rest = rest.dropFirst(count)
        return .item(kind: kind, mark: mark, number: number)
      case 31: return kind == 7 ? .end : .open(kind: kind)
      default: return nil
      }
    }

    mutating func value(depth: Int) -> Document? {
      guard depth < Document.depthLimit, let head = head() else { return nil }
      switch head {
      case .item(let kind, let mark, let number):
        return value(kind, mark, number, depth)
      case .open(let kind): return open(kind, depth)
      case .end: return nil
      }
    }

    private mutating func value(
      _ kind: UInt8, _ mark: UInt8, _ number: UInt64, _ depth: Int
    ) -> Document? {
      switch kind {
      case 0: return Int64(exactly: number).map(Document.integer) ?? .double(Double(number))
      case 1:
        return Int64(exactly: number).map { .integer(~$0) } ?? .double(-1 - Double(number))
      case 2: return take(number).map { .string(Base64.text(of: Array($0))) }
      case 3:
        return take(number).flatMap { String(validating: $0, as: UTF8.self) }.map(Document.string)
      case 4, 5: return collection(kind, count: number, depth)
      // A tag says what the value after it means; of those in use, none changes how it reads.
      case 6: return value(depth: depth + 1)
      default: return simple(mark, number)
      }
    }

    private mutating func take(_ count: UInt64) -> ArraySlice<UInt8>? {
      guard count <= UInt64(rest.count) else { return nil }
      defer { rest = rest.dropFirst(Int(count)) }
      return rest.prefix(Int(count))
    }

    private mutating func collection(_ kind: UInt8, count: UInt64, _ depth: Int) -> Document? {
      // Each element takes a byte at least, so a count beyond the rest is none.
      guard count <= UInt64(rest.count) else { return nil }
      var elements: [Document] = []
      var members: [(String, Document)] = []
      for _ in 0..<count {
        guard add(kind, &elements, &members, depth) else { return nil }
      }
      return kind == 4 ? .array(elements) : Document(members: members)
    }

    private mutating func add(
      _ kind: UInt8, _ elements: inout [Document], _ members: inout [(String, Document)],
      _ depth: Int
    ) -> Bool {
      guard kind == 5 else {
        guard let element = value(depth: depth + 1) else { return false }
        elements.append(element)
        return true
      }
      guard let byte = rest.first, byte >> 5 == 3, case .string(let name) = value(depth: depth + 1),
        let member = value(depth: depth + 1)
      else { return false }
      members.append((name, member))
      return true
    }

    /// What has no length: its end is marked.
    private mutating func open(_ kind: UInt8, _ depth: Int) -> Document? {
      var elements: [Document] = []
      var members: [(String, Document)] = []
      var pieces: [UInt8] = []
      while let byte = rest.first {
        if byte == 0xff {
          rest = rest.dropFirst()
          switch kind {
          case 2: return .string(Base64.text(of: pieces))
          case 3: return String(validating: pieces, as: UTF8.self).map(Document.string)
          case 4: return .array(elements)
          case 5: return Document(members: members)
          default: return nil
          }
        }
        switch kind {
        case 2, 3:
          guard byte >> 5 == kind, case .item(_, _, let count) = head(), let piece = take(count)
          else { return nil }
          pieces += piece
        case 4, 5:
          guard add(kind, &elements, &members, depth) else { return nil }
        default: return nil
        }
      }
      return nil
    }

    private func simple(_ mark: UInt8, _ number: UInt64) -> Document? {
      let value: Double
      switch mark {
      case 20: return false
      case 21: return true
      case 22, 23: return .null
      case 25: value = Double(Float16(bitPattern: UInt16(number)))
      case 26: value = Double(Float(bitPattern: UInt32(number)))
      case 27: value = Double(bitPattern: number)
      default: return nil
      }
      return value.isFinite ? .double(value) : nil
    }
  }
}
