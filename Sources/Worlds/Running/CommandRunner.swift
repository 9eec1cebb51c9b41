// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
package import CommandLanguage
package import ContentFormat
package import Documents
internal import Simulation

/// What became of one command of content.
package struct RunResult: Sendable {
  package var stdout = ""
  package var stderr = ""
  /// The AWS CLI's status; 0 for a word such as `wait`.
  package var status: Int32 = 0
  package var isAccepted = false
  package var isChange = false
  /// The last refusal of a service, for `refused: CODE`.
  package var refusal: ServiceError?

  /// The answer as a value; null where nothing, or no JSON, was printed.
  package var answer: Document {
    stdout.isEmpty ? .null : (try? Document.parse(stdout)) ?? .string(stdout)
  }
}

/// Runs the command lines of content the way a learner's are run, placeholders bound.
///
/// `aws …`, `NAME=$(aws …)`, `NAME=value`, `wait`, `sleep 60`, `time +3h` and `time aws …` are known.
/// A value put in for a placeholder stays within its word, whatever it holds.
package struct CommandRunner {
  package var context: CommandContext
  /// Names set by `NAME=$(…)`, as at the prompt.
  package var names: [String: String] = [:]
  /// Whether an accepted command takes its second; not so for what happens by itself.
  package var takesTime = true

  package init(profile: Profile, profiles: [String: Profile] = [:]) {
    context = CommandContext(profile: profile, profiles: profiles)
    context.readYAML = CommandYAML.read
  }

  /// Runs one line through a door.
  ///
  /// - Throws: `ContentProblem` for an undeclared placeholder or a line that is no command.
  package mutating func run(
    _ line: String, _ bindings: Bindings, door: Door
  ) throws(ContentProblem) -> RunResult {
    let (masked, values) = try Self.mask(line, bindings)
    let known = names
    switch Words.read(masked, value: { known[$0] }) {
    case .empty: return RunResult()
    case .command(let words, let settings):
      let words = words.map { Self.unmask($0, values) }
      var changed = context
      for setting in settings {
        changed.environment[setting.name] = Self.unmask(setting.value, values)
      }
      return try run(words, changed, door)
    case .assign(let setting):
      names[setting.name] = Self.unmask(setting.value, values)
      return RunResult()
    case .export(let setting):
      context.environment[setting.name] = Self.unmask(setting.value, values)
      return RunResult()
    case .capture(let name, let command):
      var result = aws(command.map { Self.unmask($0, values) }, context, door)
      var text = result.stdout[...]
      while text.last?.isNewline == true { text = text.dropLast() }
      names[name] = String(text)
      result.stdout = ""
      return result
    case .refused(let refusal):
      throw ContentProblem(.command, refusal.message)
    case .incomplete:
      throw ContentProblem(.command, "the line is not finished: \(line)", fix: "use run: |")
    }
  }

  private mutating func run(
    _ words: [String], _ context: CommandContext, _ door: Door
  ) throws(ContentProblem) -> RunResult {
    switch words.first {
    case "aws": return aws(words, context, door)
    case "time" where words.dropFirst().first == "aws":
      return aws(Array(words.dropFirst()), context, door)
    case "time" where words.count == 2:
      guard case .offset(let length)? = FieldTime(words[1]), length > .zero else { break }
      door.advance(length)
      return RunResult(isAccepted: true)
    case "sleep" where words.count == 2:
      guard let seconds = Int64(words[1]), (0...10_000_000).contains(seconds) else { break }
      door.advance(.seconds(seconds))
      return RunResult(isAccepted: true)
    case "wait" where words.count == 1:
      // Each turn ends at least one transition; a bound keeps a faulty agenda from running for ever.
      for _ in 0..<10_000 {
        guard let next = door.pending().first else { break }
        door.advance(max(next.0 - door.now(), .milliseconds(1)))
      }
      return RunResult(isAccepted: true)
    default: break
    }
    throw ContentProblem(
      .command, "\"\(words.joined(separator: " "))\" cannot be run here",
      fix: "aws …, wait, sleep SECONDS or time +3h")
  }

  private mutating func aws(_ words: [String], _ context: CommandContext, _ door: Door) -> RunResult
  {
    var refusal: ServiceError?
    var watched = door
    watched.perform = { request in
      let answer = door.perform(request)
      if case .failure(let error) = answer { refusal = error }
      return answer
    }
    var context = context
    context.configuration = Configuration(names: names)
    let outcome = AWSCommand.run(words: words, context: context, door: watched)
    for change in outcome.configured { names[change.worldName] = change.value }
    if outcome.isAccepted, takesTime { door.advance(.seconds(1)) }
    return RunResult(
      stdout: outcome.stdout, stderr: outcome.stderr, status: outcome.status,
      isAccepted: outcome.isAccepted, isChange: outcome.isChange, refusal: refusal)
  }

  // MARK: Placeholders

  // Two private-use characters that no shell gives a meaning stand around the number of a value until
  // the line has been cut into words; content files cannot hold control characters, and these are
  // replaced wherever they come from.
  private static let open: Unicode.Scalar = "\u{E0F8}"
  private static let close: Unicode.Scalar = "\u{E0F9}"

  private static func mask(
    _ line: String, _ bindings: Bindings
  ) throws(ContentProblem) -> (masked: String, values: [String]) {
    let bytes = Array(line.utf8)
    var masked = ""
    var values: [String] = []
    var position = 0
    for placeholder in Placeholder.occurrences(in: line) {
      masked += String(decoding: bytes[position..<placeholder.range.lowerBound], as: UTF8.self)
      masked.unicodeScalars.append(open)
      masked += String(values.count)
      masked.unicodeScalars.append(close)
      values.append(Bindings.text(try bindings.resolve(placeholder)))
      position = placeholder.range.upperBound
    }
    masked += String(decoding: bytes[position...], as: UTF8.self)
    return (masked, values)
  }

  private static func unmask(_ word: String, _ values: [String]) -> String {
    guard word.unicodeScalars.contains(open) else { return word }
    var result = ""
    var number: String?
    for scalar in word.unicodeScalars {
      if scalar == open {
        number = ""
      } else if scalar == close, let digits = number {
        if let index = Int(digits), values.indices.contains(index) { result += values[index] }
        number = nil
      } else if number != nil {
        number?.unicodeScalars.append(scalar)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
