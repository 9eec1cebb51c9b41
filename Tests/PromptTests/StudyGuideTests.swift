// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Prompt
import Terminal
import Testing

/// A session as a person types it, with all that it printed: `StudyGuide/CLAIM.txt`.
///
/// The file begins with comment lines (`#`): the claim it shows, `# after: NAME` for a session
/// (`NAME.setup`) that comes first and is not shown, and `# breaks-with: ID` for the planted bug
/// that makes it fail. Then come the lines typed, each after `> `, with what they printed.
///
/// `REWIND_RECORD=1` writes the files anew instead of comparing them.
struct ClaimTranscript: Sendable, CustomTestStringConvertible {
  let claim: String
  let text: String

  var testDescription: String { claim }

  static let folder = Bench.root + "/Tests/PromptTests/StudyGuide/"

  static let all: [ClaimTranscript] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".txt") }.sorted().map { name in
      ClaimTranscript(claim: String(name.dropLast(4)), text: read(name))
    }
  }()

  private static func read(_ name: String) -> String {
    (try? String(contentsOfFile: folder + name, encoding: .utf8)) ?? ""
  }

  var head: [String] { lines.filter { $0.hasPrefix("#") } }

  var setUp: [String] {
    let after = head.first { $0.hasPrefix("# after: ") }?.dropFirst("# after: ".count)
    return after.map { Self.read($0 + ".setup").split(separator: "\n").map(String.init) } ?? []
  }

  var typed: [String] { lines.filter { $0.hasPrefix("> ") }.map { String($0.dropFirst(2)) } }

  private var lines: [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// Types the lines at a new prompt and writes down everything.
  func played() throws -> String {
    let bench = Bench()
    bench.environment["REWIND_CONTENT"] = Self.folder + "content"
    let lines = RecordedLines(setUp: setUp, shown: typed)
    var settings = ConsoleSettings(environment: bench.environment)
    settings.seed = 7
    let console = try Console(
      settings: settings, profile: bench.profile, lines: lines, out: .memory(), err: .memory())
    lines.console = console
    _ = console.runLines()
    lines.take()
    return head.joined(separator: "\n") + "\n" + lines.transcript
  }
}

/// Hands out lines, and before each one takes down what was printed since the last.
private final class RecordedLines: LineEditor {
  weak var console: Console?
  private(set) var transcript = ""
  private var waiting: [(line: String, isShown: Bool)]
  private var showsOutput = false

  init(setUp: [String], shown: [String]) {
    waiting = (setUp.map { ($0, false) } + shown.map { ($0, true) }).reversed()
  }

  func take() {
    guard let console else { return }
    let (out, err) = (console.out.taken(), console.err.taken())
    if showsOutput { transcript += out + err }
  }

  func readLine(prompt: String, isCommand: Bool) -> LineReading {
    take()
    guard let next = waiting.popLast() else { return .endOfInput }
    showsOutput = next.isShown
    if next.isShown { transcript += "> \(next.line)\n" }
    return .line(next.line)
  }

  func remember(_ line: String) {}
}

@Suite("The study guide's claims, shown at the prompt")
struct StudyGuideTests {
  /// The ids of all claims, in the order of `questions/claims.yaml`.
  static func claims() throws -> [String] {
    let text = try String(contentsOfFile: Bench.root + "/questions/claims.yaml", encoding: .utf8)
    return text.split(separator: "\n").compactMap { line in
      let id = line.drop { $0 == " " }.prefix { $0 != ":" }
      let parts = id.split(separator: "-")
      guard line.hasPrefix("  "), parts.count == 2, Int(parts[1]) != nil else { return nil }
      return String(id)
    }
  }

  @Test("come out as written down", arguments: ClaimTranscript.all)
  func transcript(_ transcript: ClaimTranscript) throws {
    let played = try transcript.played()
    if ProcessInfo.processInfo.environment["REWIND_RECORD"] == "1" {
      try played.write(
        toFile: ClaimTranscript.folder + transcript.claim + ".txt", atomically: true,
        encoding: .utf8)
    }
    let expected = transcript.text.split(separator: "\n", omittingEmptySubsequences: false)
    let actual = played.split(separator: "\n", omittingEmptySubsequences: false)
    let difference = zip(actual, expected).first { $0 != $1 }
    #expect(
      played == transcript.text,
      "line \(difference.map { "\"\($0.0)\", written down \"\($0.1)\"" } ?? "missing or added")")
  }

  @Test("are all shown, and each transcript says what it shows and what breaks it")
  func complete() throws {
    let claims = try Self.claims()
    #expect(claims.count == 56)
    let shown = ClaimTranscript.all
    #expect(shown.map(\.claim) == claims.sorted())
    for transcript in shown {
      #expect(transcript.head.first?.hasPrefix("# \(transcript.claim) ") == true)
      #expect(transcript.head.contains { $0.hasPrefix("# breaks-with: ") }, "\(transcript.claim)")
      #expect(!transcript.typed.isEmpty)
    }
  }
}
