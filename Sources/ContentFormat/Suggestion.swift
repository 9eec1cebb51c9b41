// SPDX-License-Identifier: GPL-3.0-or-later

/// "Did you mean": the nearest of a closed set of names.
package enum Suggestion {
  /// The name nearest to a mistyped one, or nil where none is near enough to be meant.
  ///
  /// Near is one slip (a letter more, less, other, or two exchanged) for each three letters; the
  /// first of equally near names wins, so the answer follows the order of the names.
  ///
  /// - Complexity: O(n · m²) in the number of names and the length of the word.
  package static func nearest(to word: String, among names: some Sequence<String>) -> String? {
    let wanted = Array(word.lowercased().unicodeScalars.prefix(80))
    var best: (name: String, distance: Int)?
    for name in names where name != word {
      let candidate = Array(name.lowercased().unicodeScalars.prefix(80))
      let distance = slips(wanted, candidate)
      let allowed = max(1, max(wanted.count, candidate.count) / 3)
      if distance <= allowed, distance < best?.distance ?? .max { best = (name, distance) }
    }
    return best?.name
  }

  /// A fix that names the nearest name, or lists the names when they are few.
  package static func fix(for word: String, among names: [String]) -> String? {
    if let near = nearest(to: word, among: names) { return "did you mean \(near)?" }
    guard !names.isEmpty, names.count <= 24 else { return nil }
    return "one of: \(names.joined(separator: ", "))"
  }

  /// The optimal string alignment distance.
  private static func slips(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
    var before: [Int] = []
    var previous = Array(0...right.count)
    for row in 1...left.count {
      var current = [row] + Array(repeating: 0, count: right.count)
      for column in 1...right.count {
        let same = left[row - 1] == right[column - 1]
        current[column] = min(
          previous[column] + 1, current[column - 1] + 1, previous[column - 1] + (same ? 0 : 1))
        if row > 1, column > 1, left[row - 1] == right[column - 2],
          left[row - 2] == right[column - 1]
        {
          current[column] = min(current[column], before[column - 2] + 1)
        }
      }
      before = previous
      previous = current
    }
    return previous[right.count]
  }
}
