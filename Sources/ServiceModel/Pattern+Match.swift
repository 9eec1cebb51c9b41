// SPDX-License-Identifier: GPL-3.0-or-later

extension Pattern {
  /// Steps after which a text counts as not matching, so that no text can hold the program up.
  static let stepLimit = 1_000_000
  /// Choices that may be open at once, so that no text can use up the stack.
  static let depthLimit = 4_000

  /// Whether the whole text satisfies the pattern.
  ///
  /// - Complexity: O(n) for a counted set, which most patterns are; never more than `stepLimit`
  ///   steps.
  func matches(_ text: String) -> Bool {
    if let (scalars, least, most) = counted {
      let text = text.unicodeScalars
      return text.allSatisfy { scalars.contains($0.value) } && (least...most).contains(text.count)
    }
    var matcher = Matcher(text: text.unicodeScalars.map(\.value))
    return matcher.matchesWhole(alternatives)
  }
}

/// A walk over one text with a list of what is still to be met, tried again from the last choice on
/// failure.
private struct Matcher {
  /// What remains to be met after the present node, innermost first.
  indirect enum Rest {
    case done
    /// The end of what a look or the whole pattern asks for must be here.
    case endsAt(Int)
    case nodes(ArraySlice<Pattern.Node>, then: Rest)
    /// Another round of a repeated group; `from` is where the last one began.
    case rounds(Pattern.Node, least: Int, most: Int, from: Int, then: Rest)
  }

  let text: [UInt32]
  private var steps = 0
  private var depth = 0

  init(text: [UInt32]) { self.text = text }

  mutating func matchesWhole(_ alternatives: [[Pattern.Node]]) -> Bool {
    any(alternatives, at: 0, then: .endsAt(text.count))
  }

  private mutating func any(_ alternatives: [[Pattern.Node]], at position: Int, then rest: Rest)
    -> Bool
  {
    for sequence in alternatives where match(.nodes(sequence[...], then: rest), at: position) {
      return true
    }
    return false
  }

  private mutating func match(_ rest: Rest, at position: Int) -> Bool {
    steps += 1
    depth += 1
    defer { depth -= 1 }
    guard steps <= Pattern.stepLimit, depth <= Pattern.depthLimit else { return false }
    switch rest {
    case .done: return true
    case .endsAt(let end): return position == end
    case .nodes(let nodes, let then):
      guard let node = nodes.first else { return match(then, at: position) }
      return match(node, at: position, then: .nodes(nodes.dropFirst(), then: then))
    case .rounds(let node, let least, let most, let from, let then):
      // A round that met nothing would go on for ever.
      guard position > from || least > 0 else { return match(then, at: position) }
      return repeated(node, least: least, most: most, at: position, then: then)
    }
  }

  private mutating func match(_ node: Pattern.Node, at position: Int, then rest: Rest) -> Bool {
    switch node {
    case .scalars(let scalars):
      guard position < text.count, scalars.contains(text[position]) else { return false }
      return match(rest, at: position + 1)
    case .start: return position == 0 && match(rest, at: position)
    case .end: return position == text.count && match(rest, at: position)
    case .group(let alternatives): return any(alternatives, at: position, then: rest)
    case .repetition(.scalars(let scalars), let least, let most):
      return counted(scalars, least: least, most: most, at: position, then: rest)
    case .repetition(let node, let least, let most):
      return repeated(node, least: least, most: most, at: position, then: rest)
    case .look(let ahead, let isNegated, let alternatives):
      let isMet =
        ahead
        ? any(alternatives, at: position, then: .done)
        : (0...position).contains { any(alternatives, at: $0, then: .endsAt(position)) }
      return isMet != isNegated && match(rest, at: position)
    }
  }

  /// A counted set needs no choice before its end: as many as there are, then fewer.
  private mutating func counted(
    _ scalars: Pattern.Scalars, least: Int, most: Int, at position: Int, then rest: Rest
  ) -> Bool {
    var end = position
    while end < text.count, end - position < most, scalars.contains(text[end]) { end += 1 }
    while end - position >= least {
      if match(rest, at: end) { return true }
      end -= 1
    }
    return false
  }

  private mutating func repeated(
    _ node: Pattern.Node, least: Int, most: Int, at position: Int, then rest: Rest
  ) -> Bool {
    if most > 0 {
      let next = Rest.rounds(
        node, least: max(least - 1, 0), most: most == .max ? .max : most - 1, from: position,
        then: rest)
      if match(node, at: position, then: next) { return true }
    }
    return least == 0 && match(rest, at: position)
  }
}
