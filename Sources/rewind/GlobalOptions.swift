// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Prompt

/// The options every command takes, before its name or after it.
struct GlobalOptions: ParsableArguments {
  @Option(name: .long, help: "Whose progress and worlds.")
  var learner: String?
  @Flag(name: .long, help: "Answer with JSON.")
  var json = false
  @Option(name: .long, help: "Repeat what this seed gave.")
  var seed: String?
  @Flag(name: .customLong("no-color"), help: "No colour; NO_COLOR does the same.")
  var noColor = false
  @Flag(name: .long, help: "A script ends at its first failed command.")
  var strict = false
  @Option(name: .long, help: "The first instant of a new sandbox, as 2026-03-06T17:40:00Z.")
  var clock: String?
  @Option(name: .long, help: "The folder that holds scenarios/ and questions/.")
  var content: String?

  /// These options over others: what is said here counts.
  func over(_ other: Globals) -> Globals {
    Globals(
      learner: learner ?? other.learner, json: json || other.json, seed: seed ?? other.seed,
      noColor: noColor || other.noColor, strict: strict || other.strict,
      clock: clock ?? other.clock, content: content ?? other.content)
  }
}

/// The values of the options that every command takes.
///
/// Taken from the arguments without the parser: it costs milliseconds, and a word needs none of it.
struct Globals {
  var learner: String?
  var json = false
  var seed: String?
  var noColor = false
  var strict = false
  var clock: String?
  var content: String?

  /// Takes these options off the front of the arguments, up to the first other word.
  static func leading(_ arguments: [String]) throws -> (globals: Globals, rest: [String]) {
    var globals = Globals()
    var rest = arguments[...]
    while try globals.take(&rest) {}
    return (globals, Array(rest))
  }

  /// Takes these options out of a word's arguments, wherever they stand before `--`.
  ///
  /// - Returns: The other words.
  mutating func takeFrom(_ words: [String]) throws -> [String] {
    var rest = words[...]
    var kept: [String] = []
    while let word = rest.first {
      // Behind it stands, after `serve`, another program's command line.
      if word == "--" { return kept + (words.first == "serve" ? rest : rest.dropFirst()) }
      if try !take(&rest) {
        kept.append(word)
        rest.removeFirst()
      }
    }
    return kept
  }

  /// Takes one option off the front; false if there is none.
  private mutating func take(_ rest: inout ArraySlice<String>) throws -> Bool {
    guard let first = rest.first else { return false }
    switch first {
    case "--json": json = true
    case "--no-color": noColor = true
    case "--strict": strict = true
    default:
      let parts = first.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = parts.first.map(String.init), Self.valued.contains(name) else {
        return false
      }
      var value = parts.count == 2 ? String(parts[1]) : nil
      if value == nil {
        rest.removeFirst()
        value = rest.first
      }
      guard let value else {
        throw PromptRefusal("\(name) needs a value.", advice: "rewind -h shows how.", status: 2)
      }
      set(name, value)
    }
    rest.removeFirst()
    return true
  }

  private static let valued = ["--learner", "--seed", "--clock", "--content"]

  private mutating func set(_ name: String, _ value: String) {
    switch name {
    case "--learner": learner = value
    case "--seed": seed = value
    case "--clock": clock = value
    default: content = value
    }
  }

  /// What they mean for a console.
  ///
  /// - Throws: A refusal for a value that is none.
  func settings(environment: [String: String]) throws -> ConsoleSettings {
    var settings = ConsoleSettings(environment: environment)
    if let learner { settings.learner = learner }
    if let seed { try settings.setSeed(seed) }
    if let clock { try settings.setClock(clock) }
    settings.isStrict = strict
    settings.printsJSON = json
    settings.contentPath = content
    if let name = CommandLine.arguments.first, !name.isEmpty { settings.calledAs = name }
    return settings
  }
}
