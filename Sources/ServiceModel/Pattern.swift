// SPDX-License-Identifier: GPL-3.0-or-later

/// A regular expression of a model, which a whole text satisfies or not.
///
/// It reads what the models write: sets, groups, alternatives, counts, anchors and looks around, in
/// the dialect of the services' own language (`\p{L}`, `\p{Print}`, `\u00FF`). Nothing is captured,
/// so a lazy count is an eager one.
struct Pattern: Sendable {
  /// The texts of one character each that a set stands for.
  struct Scalars: Sendable {
    enum Class: Sendable { case digit, word, space, letter, number, separator, print }

    var isNegated = false
    var ranges: [ClosedRange<UInt32>] = []
    var classes: [(class: Class, isNegated: Bool)] = []
  }

  indirect enum Node: Sendable {
    case scalars(Scalars)
    case start
    case end
    case group([[Node]])
    case repetition(Node, least: Int, most: Int)
    case look(ahead: Bool, isNegated: Bool, [[Node]])
  }

  let alternatives: [[Node]]
  /// The set and its count, when the pattern is no more than that: most are.
  let counted: (scalars: Scalars, least: Int, most: Int)?

  /// Reads a pattern; nil when it is not one that this reader knows.
  ///
  /// - Complexity: O(n) in the length of the pattern.
  init?(_ text: String) {
    var parser = PatternParser(text)
    guard let alternatives = parser.alternatives(), parser.isAtEnd else { return nil }
    self.alternatives = alternatives
    counted = Self.counted(alternatives)
  }

  private static func counted(_ alternatives: [[Node]]) -> (Scalars, Int, Int)? {
    guard alternatives.count == 1, var nodes = alternatives.first?[...] else { return nil }
    if case .start? = nodes.first { nodes.removeFirst() }
    if case .end? = nodes.last { nodes.removeLast() }
    guard nodes.count == 1,
      case .repetition(.scalars(let scalars), let least, let most)? = nodes.first
    else { return nil }
    return (scalars, least, most)
  }
}

extension Pattern.Scalars {
  func contains(_ scalar: UInt32) -> Bool {
    let isListed =
      ranges.contains { $0.contains(scalar) }
      || classes.contains { $0.class.contains(scalar) != $0.isNegated }
    return isListed != isNegated
  }
}

extension Pattern.Scalars.Class {
  func contains(_ scalar: UInt32) -> Bool {
    switch self {
    case .digit: return (0x30...0x39).contains(scalar)
    case .word:
      return (0x30...0x39).contains(scalar) || (0x41...0x5A).contains(scalar)
        || (0x61...0x7A).contains(scalar) || scalar == 0x5F
    case .space: return (0x09...0x0D).contains(scalar) || scalar == 0x20
    case .print: return (0x20...0x7E).contains(scalar)
    case .letter: return category(scalar, .letter)
    case .number: return category(scalar, .number)
    case .separator: return category(scalar, .separator)
    }
  }

  private func category(_ scalar: UInt32, _ wanted: Self) -> Bool {
    guard let scalar = Unicode.Scalar(scalar) else { return false }
    return switch (scalar.properties.generalCategory, wanted) {
    case (.uppercaseLetter, .letter), (.lowercaseLetter, .letter), (.titlecaseLetter, .letter),
      (.modifierLetter, .letter), (.otherLetter, .letter), (.decimalNumber, .number),
      (.letterNumber, .number), (.otherNumber, .number), (.spaceSeparator, .separator),
      (.lineSeparator, .separator), (.paragraphSeparator, .separator):
      true
    default: false
    }
  }
}

/// Reads the text of a pattern from left to right; every reading answers nil at what it does not
/// know.
private struct PatternParser {
  private let text: [UInt32]
  private var position = 0

  init(_ text: String) { self.text = text.unicodeScalars.map(\.value) }

  var isAtEnd: Bool { position == text.count }

  private func peek(_ ahead: Int = 0) -> UInt32? {
    position + ahead < text.count ? text[position + ahead] : nil
  }

  private mutating func take(_ wanted: String) -> Bool {
    let scalars = wanted.unicodeScalars.map(\.value)
    guard text[position...].starts(with: scalars) else { return false }
    position += scalars.count
    return true
  }

  mutating func alternatives() -> [[Pattern.Node]]? {
    var result: [[Pattern.Node]] = []
    repeat {
      guard let sequence = sequence() else { return nil }
      result.append(sequence)
    } while take("|")
    return result
  }

  private mutating func sequence() -> [Pattern.Node]? {
    var nodes: [Pattern.Node] = []
    while let next = peek(), next != bar, next != closingParenthesis {
      guard let atom = atom(), let node = counted(atom) else { return nil }
      nodes.append(node)
    }
    return nodes
  }

  private mutating func atom() -> Pattern.Node? {
    if take("^") { return .start }
    if take("$") { return .end }
    if take(".") {
      // A dot stands for anything but the end of a line.
      return .scalars(.init(isNegated: true, ranges: [0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029]))
    }
    if take("[") { return set().map(Pattern.Node.scalars) }
    if take("(") { return group() }
    if let next = peek().flatMap(Unicode.Scalar.init), "*+?{".unicodeScalars.contains(next) {
      return nil
    }
    return scalars().map(Pattern.Node.scalars)
  }

  private mutating func group() -> Pattern.Node? {
    let kinds: [(String, (([[Pattern.Node]]) -> Pattern.Node))] = [
      ("?:", { .group($0) }),
      ("?=", { .look(ahead: true, isNegated: false, $0) }),
      ("?!", { .look(ahead: true, isNegated: true, $0) }),
      ("?<=", { .look(ahead: false, isNegated: false, $0) }),
      ("?<!", { .look(ahead: false, isNegated: true, $0) }),
    ]
    let kind = kinds.first { take($0.0) }?.1
    guard let alternatives = alternatives(), take(")") else { return nil }
    return kind?(alternatives) ?? .group(alternatives)
  }

  /// What follows an atom: `*`, `+`, `?`, `{2}`, `{2,}` or `{2,50}`, eager or lazy.
  private mutating func counted(_ atom: Pattern.Node) -> Pattern.Node? {
    let bounds: (least: Int, most: Int)
    if take("*") {
      bounds = (0, .max)
    } else if take("+") {
      bounds = (1, .max)
    } else if take("?") {
      bounds = (0, 1)
    } else if take("{") {
      guard let least = integer() else { return nil }
      let most = take(",") ? (peek() == closingBrace ? .max : integer()) : least
      guard let most, most >= least, take("}") else { return nil }
      bounds = (least, most)
    } else {
      return atom
    }
    _ = take("?")
    return .repetition(atom, least: bounds.least, most: bounds.most)
  }

  private mutating func integer() -> Int? {
    var digits = ""
    while let next = peek(), (0x30...0x39).contains(next), let scalar = Unicode.Scalar(next) {
      digits.unicodeScalars.append(scalar)
      position += 1
    }
    return Int(digits)
  }

  /// The inside of brackets, after the opening one.
  private mutating func set() -> Pattern.Scalars? {
    var result = Pattern.Scalars(isNegated: take("^"))
    repeat {
      guard let first = scalars() else { return nil }
      guard let low = first.single, peek() == minus, let after = peek(1), after != closingBracket
      else {
        result.ranges += first.ranges
        result.classes += first.classes
        continue
      }
      position += 1
      guard let high = scalars()?.single, low <= high else { return nil }
      result.ranges.append(low...high)
    } while !take("]")
    return result
  }

  /// One character or one class: `a`, `\.`, `\d`, `\p{L}`, `\u00FF`.
  private mutating func scalars() -> Pattern.Scalars? {
    guard let scalar = peek() else { return nil }
    position += 1
    guard scalar == backslash else { return .init(ranges: [scalar...scalar]) }
    guard let escaped = peek().flatMap(Unicode.Scalar.init) else { return nil }
    position += 1
    switch escaped {
    case "d": return .init(classes: [(.digit, false)])
    case "D": return .init(classes: [(.digit, true)])
    case "w": return .init(classes: [(.word, false)])
    case "W": return .init(classes: [(.word, true)])
    case "s": return .init(classes: [(.space, false)])
    case "S": return .init(classes: [(.space, true)])
    case "p": return property()
    case "u": return unicode()
    case "x": return hexadecimal(digits: 2).map { .init(ranges: [$0...$0]) }
    case "t": return .init(ranges: [0x09...0x09])
    case "n": return .init(ranges: [0x0A...0x0A])
    case "r": return .init(ranges: [0x0D...0x0D])
    case "a"..."z", "A"..."Z", "0"..."9": return nil
    default: return .init(ranges: [escaped.value...escaped.value])
    }
  }

  private mutating func property() -> Pattern.Scalars? {
    let names: [(String, Pattern.Scalars.Class)] = [
      ("{L}", .letter), ("{N}", .number), ("{Z}", .separator), ("{Print}", .print),
    ]
    return names.first { take($0.0) }.map { .init(classes: [($0.1, false)]) }
  }

  /// Four digits, and four more where the two are a surrogate pair.
  private mutating func unicode() -> Pattern.Scalars? {
    guard let first = hexadecimal(digits: 4) else { return nil }
    let start = position
    guard (0xD800...0xDBFF).contains(first), take("\\u"), let second = hexadecimal(digits: 4),
      (0xDC00...0xDFFF).contains(second)
    else {
      position = start
      return .init(ranges: [first...first])
    }
    let scalar = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
    return .init(ranges: [scalar...scalar])
  }

  private mutating func hexadecimal(digits: Int) -> UInt32? {
    guard position + digits <= text.count else { return nil }
    let scalars = text[position..<position + digits].compactMap(Unicode.Scalar.init)
    position += digits
    return UInt32(String(String.UnicodeScalarView(scalars)), radix: 16)
  }
}

extension Pattern.Scalars {
  /// The character, when the set is one character and no more.
  fileprivate var single: UInt32? {
    guard classes.isEmpty, ranges.count == 1, let range = ranges.first, range.count == 1 else {
      return nil
    }
    return range.lowerBound
  }
}

private let bar = UInt32(UInt8(ascii: "|"))
private let minus = UInt32(UInt8(ascii: "-"))
private let backslash = UInt32(UInt8(ascii: "\\"))
private let closingBrace = UInt32(UInt8(ascii: "}"))
private let closingBracket = UInt32(UInt8(ascii: "]"))
private let closingParenthesis = UInt32(UInt8(ascii: ")"))
