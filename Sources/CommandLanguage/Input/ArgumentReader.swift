// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import OrderedCollections
import ServiceModel

/// Turns the words of an option into the value of a member: text, number, JSON or shorthand.
struct ArgumentReader {
  let readFile: (String) throws(FileFailure) -> [UInt8]

  /// The value of a member.
  ///
  /// - Parameters:
  ///   - option: The option's name, for errors.
  ///   - shape: The member's shape.
  ///   - words: One word, or several for a list.
  /// - Returns: The value, its blobs and times still as written.
  /// - Throws: `.parameter` for what cannot be read, `.general` for texts that are not numbers.
  func value(
    of option: String, shape: Shape, words: [String]
  ) throws(CommandError) -> ParameterValue {
    if words.count == 1, let only = words.first, let content = try load(only, option: option) {
      guard case .string(let text) = content else { return content }
      return try value(option, shape, [text], isOneText: true)
    }
    return try value(option, shape, words, isOneText: false)
  }

  private func value(
    _ option: String, _ shape: Shape, _ words: [String], isOneText: Bool
  ) throws(CommandError) -> ParameterValue {
    if Self.takesShorthand(shape), let first = words.first, !Self.looksLikeJSON(first) {
      return try shorthand(option, shape, words, isOneText: isOneText)
    }
    guard shape.kind == .list else {
      return try single(option, shape, words.first ?? "")
    }
    if words.count == 1, let only = words.first,
      PythonText.stripped(only).utf8.first == UInt8(ascii: "[")
    {
      return try json(only, option: option)
    }
    guard let element = shape.element else { return .list(words.map { .string($0) }) }
    var elements: [ParameterValue] = []
    for word in words {
      do throws(CommandError) {
        elements.append(try single(option, element, word))
      } catch {
        guard case .general = error else { throw error }
        throw .parsing(option, words.first ?? "")
      }
    }
    return .list(elements)
  }

  private func single(
    _ option: String, _ shape: Shape, _ word: String
  ) throws(CommandError) -> ParameterValue {
    switch shape.kind {
    case .structure, .map:
      guard PythonText.stripped(word).utf8.first == UInt8(ascii: "{") else {
        throw .parsing(option, "Invalid JSON:\n\(word)")
      }
      return try json(word, option: option)
    case .list:
      guard PythonText.stripped(word).utf8.first == UInt8(ascii: "[") else {
        return .list(word.unicodeScalars.map { .string(String($0)) })
      }
      return try json(word, option: option)
    case .integer, .long: return try PythonNumber.integer(.string(word))
    case .float, .double: return try PythonNumber.real(.string(word))
    case .boolean: return .bool(word.lowercased() != "false" && !word.isEmpty)
    case .string, .timestamp, .blob: return .string(word)
    }
  }

  private func json(_ text: String, option: String) throws(CommandError) -> ParameterValue {
    do throws(CommandJSONError) {
      return try CommandJSON.parse(text)
    } catch {
      throw .parsing(option, "Invalid JSON: \(error.message)\nJSON received: \(text)")
    }
  }

  /// The members that `--cli-input-json` or `--cli-input-yaml` holds.
  ///
  /// - Parameters:
  ///   - option: The option.
  ///   - word: Its value: the text itself or `file://…`.
  ///   - kind: What the text is written in, for errors.
  ///   - parse: Reads the text; nil for one that cannot be read.
  /// - Returns: The members, as written.
  /// - Throws: `.parameter` for a file or a text that cannot be read, and for what is no map.
  func inputMembers(
    _ option: String, _ word: String, kind: String, parse: (String) -> ParameterValue?
  ) throws(CommandError) -> OrderedDictionary<String, ParameterValue> {
    var text = word
    if let content = try load(word, option: option) {
      guard case .string(let read) = content else {
        throw .parsing(option, "Invalid type: expecting text, received bytes")
      }
      text = read
    }
    guard let value = parse(text) else {
      // The CLI names these options without their hyphens, here alone.
      throw .parsing(option.withoutPrefix("--"), "Invalid \(kind) received.")
    }
    guard case .map(let members) = value else {
      throw .parsing(
        option, "Invalid type: expecting map, received <class '\(value.pythonType)'>")
    }
    return members
  }

  // MARK: Shorthand

  /// Structures, maps and lists of them; lists of plain values take words.
  static func takesShorthand(_ shape: Shape) -> Bool {
    switch shape.kind {
    case .structure, .map: true
    case .list:
      switch shape.element?.kind {
      case .structure, .map, .list: true
      default: false
      }
    default: false
    }
  }

  private static func looksLikeJSON(_ word: String) -> Bool {
    let first = PythonText.stripped(word).utf8.first
    return first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
  }

  private func shorthand(
    _ option: String, _ shape: Shape, _ words: [String], isOneText: Bool
  ) throws(CommandError) -> ParameterValue {
    var parsed: [ParameterValue] = []
    for word in words {
      do throws(ShorthandError) {
        parsed.append(try Shorthand.parse(word, readFile: shorthandFile))
      } catch {
        throw .parsing(option, error.message)
      }
    }
    if shape.kind == .list, !isOneText { return try ShorthandTyping.fit(.list(parsed), to: shape) }
    guard let only = parsed.first else { return .list([]) }
    return shape.kind == .list ? only : try ShorthandTyping.fit(only, to: shape)
  }

  private func shorthandFile(_ word: String) throws(ShorthandError) -> ParameterValue? {
    do throws(CommandError) {
      return try load(word, option: "")
    } catch {
      if case .parameter(let message) = error {
        throw .file(message.withoutPrefix("Error parsing parameter '': "))
      }
      throw .file("Unable to load paramfile \(word)")
    }
  }

  // MARK: Files

  /// The bytes of the file whose path an option for a streamed body takes, without a scheme.
  func streamed(_ path: String, option: String) throws(CommandError) -> [UInt8] {
    do throws(FileFailure) {
      return try readFile(path)
    } catch .notFound {
      throw .parsing(option, "Blob values must be a path to a file.")
    } catch {
      throw .parsing(option, error.message(path: path))
    }
  }

  /// The content that `file://` (text) or `fileb://` (bytes) names, nil for any other word.
  func load(_ word: String, option: String) throws(CommandError) -> ParameterValue? {
    let isText = word.utf8.starts(with: "file://".utf8)
    guard isText || word.utf8.starts(with: "fileb://".utf8) else { return nil }
    let path = word.withoutPrefix(isText ? "file://" : "fileb://")
    let bytes: [UInt8]
    do throws(FileFailure) {
      bytes = try readFile(path)
    } catch {
      throw .parsing(option, "Unable to load paramfile \(word): \(error.message(path: path))")
    }
    guard isText else { return .bytes(bytes) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .parsing(
        option,
        "Unable to load paramfile (\(path)), text contents could not be decoded.  "
          + "If this is a binary file, please use the fileb:// prefix instead of the "
          + "file:// prefix.")
    }
    return .string(text)
  }
}

extension String {
  /// The rest of the text after a prefix that it has.
  func withoutPrefix(_ prefix: String) -> String {
    utf8.starts(with: prefix.utf8)
      ? String(decoding: utf8.dropFirst(prefix.utf8.count), as: UTF8.self) : self
  }
}
