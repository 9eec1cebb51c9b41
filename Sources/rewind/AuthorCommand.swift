// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Prompt

/// The instructor's bench.
struct AuthorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "author", abstract: "Check, prove and describe labs and questions.",
    subcommands: [AuthorCheck.self, AuthorProve.self, AuthorClaims.self, AuthorSchema.self])
}

/// Labs and questions looked over.
struct AuthorCheck: OuterCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract:
      "Look over files and folders: schema, names, solutions and traps; exit 3 names faults.")

  @OptionGroup var globals: GlobalOptions
  @Option(name: .long, help: "Over how many seeds solutions and traps are run.")
  var seeds = 20
  @Argument(help: "Files and folders; the program's own content if left out.")
  var paths: [String] = []

  mutating func validate() throws {
    guard (1...10_000).contains(seeds) else { throw ValidationError("--seeds is 1 to 10000.") }
  }

  mutating func run(_ globals: Globals, _ environment: [String: String]) throws -> Int32 {
    let runner = try Runner(self.globals.over(globals), environment)
    return runner.console.runAuthorCheck(paths, seeds: seeds)
  }
}

/// Answer keys proved on the engine.
struct AuthorProve: OuterCommand {
  static let configuration = CommandConfiguration(
    commandName: "prove", abstract: "Run every choice of every question on the engine.")

  @OptionGroup var globals: GlobalOptions
  @Option(name: .long, help: "Over how many seeds.")
  var seeds = 1
  @Argument(help: "Files and folders; the program's own questions if left out.")
  var paths: [String] = []

  mutating func validate() throws {
    guard (1...10_000).contains(seeds) else { throw ValidationError("--seeds is 1 to 10000.") }
  }

  mutating func run(_ globals: Globals, _ environment: [String: String]) throws -> Int32 {
    let runner = try Runner(self.globals.over(globals), environment)
    return runner.console.runAuthorProve(paths, seeds: seeds)
  }
}

/// What is taught by what.
struct AuthorClaims: OuterCommand {
  static let configuration = CommandConfiguration(
    commandName: "claims",
    abstract: "List each claim's questions, labs and transcript; exit 1: one has no question.")

  @OptionGroup var globals: GlobalOptions

  mutating func run(_ globals: Globals, _ environment: [String: String]) throws -> Int32 {
    let runner = try Runner(self.globals.over(globals), environment)
    return runner.console.runAuthorClaims()
  }
}

/// The JSON Schema of a format.
struct AuthorSchema: OuterCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON Schema of a file format.")

  @OptionGroup var globals: GlobalOptions
  @Argument(help: "scenario, questions or claims.")
  var format: String

  mutating func run(_ globals: Globals, _ environment: [String: String]) throws -> Int32 {
    let runner = try Runner(self.globals.over(globals), environment)
    return runner.console.runAuthorSchema(format)
  }
}

/// Results played again.
struct VerifyCommand: OuterCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Play results again: exit 0 the same score, 1 a step differs, 4 it cannot be done.")

  @OptionGroup var globals: GlobalOptions
  @Argument(help: "Files or ids; all of the learner's results if left out.")
  var results: [String] = []

  mutating func run(_ globals: Globals, _ environment: [String: String]) throws -> Int32 {
    let runner = try Runner(self.globals.over(globals), environment)
    return runner.console.runVerify(results)
  }
}
