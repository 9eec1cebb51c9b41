// SPDX-License-Identifier: GPL-3.0-or-later

/// Words that look like another: the AWS CLI's "Maybe you meant", and our own "Did you mean".
enum CloseMatches {
  /// The three most similar words by the share of characters in common blocks (Ratcliff–Obershelp).
  ///
  /// - Parameters:
  ///   - word: What was typed.
  ///   - choices: What could have been meant.
  ///   - cutoff: The least similarity, from 0 to 1.
  /// - Returns: The best first; of equals the one that comes later by code points.
  /// - Complexity: O(choices × length²).
  static func matches(to word: String, among choices: [String], cutoff: Double) -> [String] {
    let target = Array(word.unicodeScalars)
    guard target.count <= 256 else { return [] }
    var scored: [(ratio: Double, choice: String)] = []
    for choice in choices {
      let candidate = Array(choice.unicodeScalars)
      let total = target.count + candidate.count
      let bound = total == 0 ? 1 : 2 * Double(min(target.count, candidate.count)) / Double(total)
      guard bound >= cutoff else { continue }
      let ratio = total == 0 ? 1 : 2 * Double(common(candidate[...], target[...])) / Double(total)
      if ratio >= cutoff { scored.append((ratio, choice)) }
    }
    scored.sort { left, right in
      left.ratio == right.ratio
        ? PythonText.precedes(right.choice, left.choice) : left.ratio > right.ratio
    }
    return scored.prefix(3).map(\.choice)
  }

  /// The characters in the longest common block and, on either side of it, in further blocks.
  private static func common(
    _ a: ArraySlice<Unicode.Scalar>, _ b: ArraySlice<Unicode.Scalar>
  ) -> Int {
    guard !a.isEmpty, !b.isEmpty else { return 0 }
    var best = (a: a.startIndex, b: b.startIndex, length: 0)
    var lengths = [Int](repeating: 0, count: b.count + 1)
    for i in a.indices {
      var previous = 0
      for j in b.indices {
        let slot = j - b.startIndex + 1
        let above = lengths[slot]
        lengths[slot] = a[i] == b[j] ? previous + 1 : 0
        previous = above
        if lengths[slot] > best.length {
          best = (i - lengths[slot] + 1, j - lengths[slot] + 1, lengths[slot])
        }
      }
    }
    guard best.length > 0 else { return 0 }
    return best.length + common(a[..<best.a], b[..<best.b])
      + common(a[(best.a + best.length)...], b[(best.b + best.length)...])
  }
}

/// The choice that a mistyped word most likely meant, or nil when none is near.
///
/// Near means at most a third of the letters wrong, missing, added or swapped, letter case aside; to a
/// single letter nothing is near.
///
/// - Parameters:
///   - word: What was typed.
///   - choices: What could have been meant.
/// - Returns: The nearest; of equals the first in the order given.
/// - Complexity: O(choices × length²).
package func suggest(_ word: String, among choices: [String]) -> String? {
  let target = Array(word.lowercased().unicodeScalars)
  // One letter is a slip away from any other.
  guard target.count > 1, target.count <= 512 else { return nil }
  var best: (distance: Int, choice: String)?
  for choice in choices where choice != word {
    let candidate = Array(choice.lowercased().unicodeScalars)
    guard candidate.count <= 512 else { continue }
    let allowed = max(1, max(target.count, candidate.count) / 3)
    guard abs(target.count - candidate.count) <= allowed else { continue }
    let distance = editDistance(target, candidate)
    if distance <= allowed, distance < best?.distance ?? .max { best = (distance, choice) }
  }
  return best?.choice
}

/// Letters to change, insert, drop or swap with a neighbour to turn one word into the other.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1] + [Int](repeating: 0, count: b.count)
    for j in b.indices {
      let substitution = last[j] + (a[i] == b[j] ? 0 : 1)
      row[j + 1] = min(substitution, last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1)
      }
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}
