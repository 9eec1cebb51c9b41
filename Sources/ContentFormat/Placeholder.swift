// SPDX-License-Identifier: GPL-3.0-or-later

package import Simulation

/// A `<name>`, `<name.part>` or `<name - 1s>` within a text.
package struct Placeholder: Hashable, Sendable {
  /// As written, with the angle brackets.
  package let text: String
  package let name: String
  package let part: String?
  /// What is added to the time; negative after `-`.
  package let shift: Duration?
  /// Where it stands in the UTF-8 of the text it was found in.
  package let range: Range<Int>

  /// Every placeholder of a text in order.
  ///
  /// Anything else between angle brackets is literal.
  /// The spelling is `<[a-z][a-z0-9-]*(\.[a-z]+)?( [+-] [0-9]+(ms|s|m|h|d))?>`.
  ///
  /// - Complexity: O(n).
  package static func occurrences(in text: String) -> [Placeholder] {
    let bytes = Array(text.utf8)
    var found: [Placeholder] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "<"), let placeholder = scan(bytes, from: index) {
        found.append(placeholder)
        index = placeholder.range.upperBound
      } else {
        index += 1
      }
    }
    return found
  }

  private static func scan(_ bytes: [UInt8], from start: Int) -> Placeholder? {
    var index = start + 1
    func take(while allowed: (UInt8) -> Bool) -> String {
      let first = index
      while index < bytes.count, allowed(bytes[index]) { index += 1 }
      return String(decoding: bytes[first..<index], as: UTF8.self)
    }
    func next(_ byte: Unicode.Scalar) -> Bool {
      guard index < bytes.count, bytes[index] == UInt8(ascii: byte) else { return false }
      index += 1
      return true
    }
    let isLetter = { (byte: UInt8) in (0x61...0x7A).contains(byte) }
    let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
    guard index < bytes.count, isLetter(bytes[index]) else { return nil }
    let name = take { isLetter($0) || isDigit($0) || $0 == 0x2D }
    var part: String?
    if next(".") {
      let word = take(while: isLetter)
      guard !word.isEmpty else { return nil }
      part = word
    }
    var shift: Duration?
    if next(" ") {
      let isMinus = next("-")
      guard isMinus || next("+"), next(" ") else { return nil }
      let length = take { isDigit($0) || isLetter($0) }
      guard let amount = TimeText.length(length) else { return nil }
      shift = isMinus ? .zero - amount : amount
    }
    guard next(">") else { return nil }
    return Placeholder(
      text: String(decoding: bytes[start..<index], as: UTF8.self), name: name, part: part,
      shift: shift, range: start..<index)
  }
}

/// What a placeholder's name stands for.
package enum Binding: Hashable, Sendable {
  /// A parameter or any plain text.
  case text(String)
  /// A moment; takes arithmetic and the parts `epoch` and `date`.
  case time(Instant)
  /// A named thing of the world: what the bare name prints, and its parts such as `arn` or `id`.
  case thing(text: String, parts: [String: Binding])
}

/// The names that placeholders may use at one moment.
package struct Bindings: Hashable, Sendable {
  private var values: [String: Binding]

  /// - Parameter values: Each name with what it stands for.
  package init(_ values: [String: Binding] = [:]) { self.values = values }

  package subscript(name: String) -> Binding? {
    get { values[name] }
    set { values[name] = newValue }
  }

  /// The declared names in order.
  ///
  /// - Complexity: O(n log n).
  package var names: [String] { values.keys.sorted() }

  /// These names and others; the others win.
  package func adding(_ others: [String: Binding]) -> Bindings {
    Bindings(values.merging(others) { _, other in other })
  }

  /// What a placeholder stands for, time arithmetic done.
  ///
  /// - Throws: `ContentProblem` with a suggestion for an undeclared name or part, or arithmetic on
  ///   something that is no time.
  package func resolve(_ placeholder: Placeholder) throws(ContentProblem) -> Binding {
    guard var value = values[placeholder.name] else {
      throw ContentProblem(
        .placeholder, "nothing is called \(placeholder.text)",
        fix: Suggestion.fix(for: placeholder.name, among: names))
    }
    var rendering: String?
    if let part = placeholder.part {
      switch value {
      case .time where part == "epoch" || part == "date": rendering = part
      case .thing(_, let parts):
        guard let found = parts[part] else {
          throw ContentProblem(
            .placeholder, "\(placeholder.name) has no \(part)",
            fix: Suggestion.fix(for: part, among: parts.keys.sorted()))
        }
        value = found
      default:
        throw ContentProblem(.placeholder, "\(placeholder.name) has no \(part)")
      }
    }
    if let shift = placeholder.shift {
      guard case .time(let instant) = value else {
        throw ContentProblem(.placeholder, "\(placeholder.text): \(placeholder.name) is no time")
      }
      value = .time(instant + shift)
    }
    guard let rendering, case .time(let instant) = value else { return value }
    if rendering == "date" { return .text(String(instant.rfc3339.prefix(10))) }
    let whole = instant.milliseconds / 1000
    let rest = abs(instant.milliseconds % 1000)
    let fraction = String(repeating: "0", count: 3 - String(rest).count) + String(rest)
    return .text(rest == 0 ? "\(whole)" : "\(whole).\(fraction)")
  }

  /// A text with every placeholder replaced; what is put in is not looked at again.
  ///
  /// To keep substitution within a word, split a command first and substitute in each word.
  ///
  /// - Throws: `ContentProblem` for the first placeholder that cannot be resolved.
  /// - Complexity: O(n).
  package func substitute(_ text: String) throws(ContentProblem) -> String {
    let found = Placeholder.occurrences(in: text)
    guard !found.isEmpty else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var position = 0
    for placeholder in found {
      result += bytes[position..<placeholder.range.lowerBound]
      result += Self.text(try resolve(placeholder)).utf8
      position = placeholder.range.upperBound
    }
    result += bytes[position...]
    return String(decoding: result, as: UTF8.self)
  }

  /// How a value prints.
  package static func text(_ value: Binding) -> String {
    switch value {
    case .text(let text), .thing(let text, _): text
    case .time(let instant): TimeText.text(instant)
    }
  }

  /// Every undeclared placeholder of a text, in order: for checking content before it runs.
  package func problems(in text: String) -> [ContentProblem] {
    Placeholder.occurrences(in: text).compactMap { placeholder in
      do throws(ContentProblem) {
        _ = try resolve(placeholder)
        return nil
      } catch {
        return error
      }
    }
  }
}
