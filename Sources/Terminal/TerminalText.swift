// SPDX-License-Identifier: GPL-3.0-or-later

/// Text made fit for a terminal.
///
/// Everything that comes from content, items, names, arguments or errors passes `escaped`: it can
/// then neither move the cursor, nor colour, nor turn the reading direction.
package enum TerminalText {
  /// The text with every control written out, so that it prints as itself and does nothing.
  ///
  /// C0, DEL, C1, bidirectional controls, line and paragraph separators, tags and the byte order mark
  /// become `\u{…}`. Line ends and tabs stay where `keepsLines` is true.
  ///
  /// - Complexity: O(n).
  package static func escaped(_ text: String, keepsLines: Bool = false) -> String {
    guard text.unicodeScalars.contains(where: { isControl($0, keepsLines: keepsLines) }) else {
      return text
    }
    var result = ""
    result.reserveCapacity(text.utf8.count + 16)
    for scalar in text.unicodeScalars {
      if isControl(scalar, keepsLines: keepsLines) {
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isControl(_ scalar: Unicode.Scalar, keepsLines: Bool) -> Bool {
    switch scalar.value {
    case 0x0A, 0x09: !keepsLines
    case 0x00...0x1F, 0x7F...0x9F: true
    // Bidirectional marks, embeddings, overrides, isolates; line and paragraph separators.
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    // Invisible: the byte order mark, annotation anchors, language tags.
    case 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F: true
    default: false
    }
  }

  // MARK: Width

  /// The columns a text takes on a terminal; controls take none.
  ///
  /// - Complexity: O(n).
  package static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + width($1) }
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x300 { return value < 0x20 || (0x7F...0x9F).contains(value) ? 0 : 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: return isWide(value) ? 2 : 1
    }
  }

  /// The blocks of Unicode 15 that terminals draw two columns wide.
  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0, 0x23F3,
      0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x267F, 0x2693, 0x26A1,
      0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5, 0x26CE, 0x26D4, 0x26EA,
      0x26F2...0x26F3, 0x26F5, 0x26FA, 0x26FD, 0x2705, 0x270A...0x270B, 0x2728, 0x274C, 0x274E,
      0x2753...0x2755, 0x2757, 0x2795...0x2797, 0x27B0, 0x27BF, 0x2B1B...0x2B1C, 0x2B50, 0x2B55,
      0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18AFF, 0x1B000...0x1B2FF,
      0x1F004, 0x1F0CF, 0x1F18E, 0x1F191...0x1F19A, 0x1F200...0x1F320, 0x1F32D...0x1F335,
      0x1F337...0x1F37C, 0x1F37E...0x1F393, 0x1F3A0...0x1F3CA, 0x1F3CF...0x1F3D3,
      0x1F3E0...0x1F3F0, 0x1F3F4, 0x1F3F8...0x1F43E, 0x1F440, 0x1F442...0x1F4FC,
      0x1F4FF...0x1F53D, 0x1F54B...0x1F54E, 0x1F550...0x1F567, 0x1F57A, 0x1F595...0x1F596,
      0x1F5A4, 0x1F5FB...0x1F64F, 0x1F680...0x1F6C5, 0x1F6CC, 0x1F6D0...0x1F6D2,
      0x1F6D5...0x1F6D7, 0x1F6DC...0x1F6DF, 0x1F6EB...0x1F6EC, 0x1F6F4...0x1F6FC,
      0x1F7E0...0x1F7EB, 0x1F7F0, 0x1F90C...0x1F93A, 0x1F93C...0x1F945, 0x1F947...0x1F9FF,
      0x1FA70...0x1FAFF, 0x20000...0x2FFFD, 0x30000...0x3FFFD:
      true
    default: false
    }
  }

  /// The text with blanks after it up to a width; longer text stays as it is.
  package static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - Self.width(text)))
  }

  /// The text with blanks before it up to a width; longer text stays as it is.
  package static func aligned(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - Self.width(text))) + text
  }

  /// The text cut to a width, with `~` for what was cut off.
  package static func cut(_ text: String, to width: Int) -> String {
    guard Self.width(text) > width else { return text }
    var result = ""
    var used = 0
    for character in text {
      let columns = Self.width(String(character))
      if used + columns > width - 1 { break }
      result.append(character)
      used += columns
    }
    return width > 0 ? result + "~" : ""
  }

  // MARK: Wrapping

  /// Breaks running text at blanks into lines of at most a width.
  ///
  /// Line ends in the text are kept. A word that is longer than a line stands alone and is not broken:
  /// it may be a command or an ARN that somebody wants to copy.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - width: Columns of a line, indentation included.
  ///   - first: What the first line begins with.
  ///   - rest: What the other lines begin with; nil for blanks as wide as `first`.
  /// - Returns: At least one line, none ending in blanks.
  /// - Complexity: O(n).
  package static func wrapped(
    _ text: String, to width: Int, first: String = "", rest: String? = nil
  ) -> [String] {
    let rest = rest ?? String(repeating: " ", count: Self.width(first))
    var lines: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = lines.isEmpty ? first : rest
      var used = Self.width(line)
      var isEmpty = true
      for word in paragraph.split(separator: " ") {
        let columns = Self.width(String(word))
        if !isEmpty, used + 1 + columns > width {
          lines.append(line)
          line = rest
          used = Self.width(rest)
          isEmpty = true
        }
        line += (isEmpty ? "" : " ") + word
        used += columns + (isEmpty ? 0 : 1)
        isEmpty = false
      }
      lines.append(isEmpty ? trimmed(line) : line)
    }
    return lines
  }

  private static func trimmed(_ line: String) -> String {
    var line = line
    while line.hasSuffix(" ") { line.removeLast() }
    return line
  }
}
