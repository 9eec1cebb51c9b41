// SPDX-License-Identifier: GPL-3.0-or-later

extension SourceText {
  /// The place of a key's second occurrence in a block mapping whose first is known.
  ///
  /// The library names only the first. Flow mappings are searched on the same line.
  ///
  /// - Complexity: O(n).
  func secondPlace(ofKey key: String, after first: Mark) -> Mark? {
    let wanted = Array(key.unicodeScalars)
    guard lines.indices.contains(first.line - 1), !wanted.isEmpty else { return nil }
    let rest = lines[first.line - 1].dropFirst(first.column)
    var column = first.column
    var remaining = rest
    while !remaining.isEmpty {
      column += 1
      if Self.startsKey(remaining, wanted) { return Mark(line: first.line, column: column) }
      remaining = remaining.dropFirst()
    }
    for number in lines.indices.dropFirst(first.line) {
      let line = lines[number]
      let indent = line.prefix(while: Self.isBlank).count
      if indent == first.column - 1, Self.startsKey(line.dropFirst(indent), wanted) {
        return Mark(line: number + 1, column: indent + 1)
      }
    }
    return nil
  }

  /// Whether a colon that follows no key stands at a place, or begins its line.
  func hasEmptyKey(at mark: Mark) -> Bool {
    guard lines.indices.contains(mark.line - 1) else { return false }
    let line = lines[mark.line - 1]
    func isLoneColon(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
      text.first == ":" && (text.count == 1 || Self.isBlank(text[text.startIndex + 1]))
    }
    return isLoneColon(line.drop(while: Self.isBlank))
      || isLoneColon(line.dropFirst(mark.column - 1))
        && line.prefix(mark.column - 1).last { !Self.isBlank($0) }.map { $0 == "{" || $0 == "," }
          == true
  }

  private static func startsKey(
    _ text: ArraySlice<Unicode.Scalar>, _ key: [Unicode.Scalar]
  ) -> Bool {
    var text = text
    let quote = text.first.flatMap { $0 == "\"" || $0 == "'" ? $0 : nil }
    if quote != nil { text = text.dropFirst() }
    guard text.starts(with: key) else { return false }
    text = text.dropFirst(key.count)
    if let quote {
      guard text.first == quote else { return false }
      text = text.dropFirst()
    }
    return text.drop(while: isBlank).first == ":"
  }

  /// The first line whose nesting, counted generously, is far beyond the limit.
  ///
  /// A key that is itself nested a thousand levels deep costs the library the square of its size, so
  /// absurd depth is refused before it reads anything. Brackets inside text count too: the bound is
  /// many times the real limit, which the walk applies exactly.
  ///
  /// - Complexity: O(n).
  func firstLineTooDeep() -> Mark? {
    let bound = Limit.depth * 4
    for (number, line) in lines.enumerated() {
      let content = line.drop(while: Self.isBlank)
      var run = 0
      var longest = 0
      for scalar in content {
        switch scalar {
        case "[", "{": run += 1
        case "]", "}": run = max(0, run - 1)
        default: break
        }
        longest = max(longest, run)
      }
      let dashes = content.prefix { $0 == "-" || $0 == "?" || $0 == " " }.count / 2
      if longest > bound || dashes > bound {
        return Mark(line: number + 1, column: line.count - content.count + 1)
      }
    }
    return nil
  }
}
