// SPDX-License-Identifier: GPL-3.0-or-later

/// The text of a content file before YAML sees it: checked characters, and indicators put out of reach.
///
/// The YAML library copies what an alias names, so nine lines can grow to gigabytes, and it forgets
/// anchors when it is done. We therefore hand it the text with `*`, `&` and `!` exchanged for three
/// private-use characters. They then carry no meaning in YAML; a plain scalar that *begins* with one
/// would have been an alias, an anchor or a tag, and is refused at its exact place; everywhere else
/// the walker puts the character back.
struct SourceText {
  /// The limits of one file, stated to authors and tested at their edges.
  enum Limit {
    static let bytes = 1 << 20
    static let depth = 64
    static let nodes = 50_000
    static let stringBytes = 64 << 10
  }

  static let aliasMask: Unicode.Scalar = "\u{E0F1}"
  static let anchorMask: Unicode.Scalar = "\u{E0F2}"
  static let tagMask: Unicode.Scalar = "\u{E0F3}"

  /// The lines as written, without their ends.
  let lines: [ArraySlice<Unicode.Scalar>]
  /// What the YAML library gets to read.
  let masked: String

  /// Takes a text whose characters `characterErrors` found no fault with.
  ///
  /// - Complexity: O(n).
  init(_ text: String) {
    // Slices of one array: a line of a megabyte is then indexed by column in constant time.
    lines = Array(text.unicodeScalars).split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.last == "\r" ? $0.dropLast() : $0 }
    var masked = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "*": masked.append(Self.aliasMask)
      case "&": masked.append(Self.anchorMask)
      case "!": masked.append(Self.tagMask)
      default: masked.append(scalar)
      }
    }
    self.masked = String(masked)
  }

  /// A text as it was before masking.
  ///
  /// - Complexity: O(n).
  static func unmasked(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { (aliasMask...tagMask).contains($0) }) else {
      return text
    }
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case aliasMask: scalars.append("*")
      case anchorMask: scalars.append("&")
      case tagMask: scalars.append("!")
      default: scalars.append(scalar)
      }
    }
    return String(scalars)
  }

  /// Whether a character may not stand in content: it would steer a terminal, hide text, or turn its
  /// direction, or it is one of the three that stand for masked indicators.
  static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0A, 0x09: false
    case 0..<0x20, 0x7F...0x9F: true
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    case 0x2028, 0x2029, 0xFEFF, 0xFFF9...0xFFFB: true
    case 0xE0F1...0xE0F3: true
    case 0xFFFE, 0xFFFF: true
    default: false
    }
  }

  /// Every forbidden character with its place; at most twenty, since a binary file has thousands.
  ///
  /// - Complexity: O(n).
  static func forbiddenCharacters(in text: String) -> [(mark: Mark, scalar: Unicode.Scalar)] {
    var found: [(Mark, Unicode.Scalar)] = []
    var mark = Mark.start
    var previousWasReturn = false
    for scalar in text.unicodeScalars {
      if previousWasReturn, scalar != "\n" { found.append((mark, "\r")) }
      previousWasReturn = scalar == "\r"
      if scalar == "\n" {
        mark = Mark(line: mark.line + 1, column: 1)
        continue
      }
      if !previousWasReturn, isForbidden(scalar) { found.append((mark, scalar)) }
      if found.count >= 20 { break }
      mark.column += 1
    }
    return found
  }

  /// Whether the words of a plain scalar are followed by ` #` on their last line.
  ///
  /// - Complexity: O(n) in the length of the scalar as written.
  func isCutByComment(_ text: String, at mark: Mark) -> Bool {
    var line = mark.line - 1
    guard lines.indices.contains(line) else { return false }
    var rest = lines[line].dropFirst(mark.column - 1)
    for scalar in text.unicodeScalars where !Self.isBlank(scalar) && scalar != "\n" {
      rest = rest.drop(while: Self.isBlank)
      while rest.isEmpty {
        line += 1
        guard lines.indices.contains(line) else { return false }
        rest = lines[line].drop(while: Self.isBlank)
      }
      guard rest.first == scalar else { return false }
      rest = rest.dropFirst()
    }
    let tail = rest.drop(while: Self.isBlank)
    return tail.first == "#" && tail.count < rest.count
  }

  /// The first place that looks like an anchor, an alias or a tag, for a text that did not parse.
  ///
  /// - Complexity: O(n).
  func firstIndicator() -> (mark: Mark, code: ContentError.Code)? {
    for (number, line) in lines.enumerated() {
      var opensNode = true
      for index in line.indices {
        let scalar = line[index]
        let isLast = index + 1 == line.endIndex
        let isBeforeBlank = isLast || Self.isBlank(line[index + 1])
        if scalar == "#", opensNode { break }
        if opensNode, !isBeforeBlank, let code = Self.indicators[scalar] {
          return (Mark(line: number + 1, column: index - line.startIndex + 1), code)
        }
        switch scalar {
        case " ", "\t": break
        case "[", "{", ",": opensNode = true
        case "-", "?", ":": opensNode = isBeforeBlank
        default: opensNode = false
        }
      }
    }
    return nil
  }

  private static let indicators: [Unicode.Scalar: ContentError.Code] = [
    "&": .anchor, "*": .alias, "!": .tag,
  ]

  static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }
}
