// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Prompt

/// A command of the outer command line that is no word of the prompt.
protocol OuterCommand: ParsableCommand {
  /// Does it.
  ///
  /// - Returns: The exit status.
  mutating func run(_ globals: Globals, _ environment: [String: String]) throws -> Int32
}

/// The outer command line; words of the prompt and `aws` are taken before it is asked.
struct OuterCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rewind",
    abstract: "Learn DynamoDB backup, PITR and AWS Backup by doing it, simulated on this machine.",
    discussion: """
      rewind            the prompt; where standard input is no terminal, its lines
      rewind aws …      one AWS command against the current world
      rewind WORD …     any word of the prompt, once: rewind lab list, rewind quiz 5,
                        rewind exam mini, rewind time +1m, rewind fidelity
      rewind serve      the endpoint for the AWS CLI, boto3 and other clients; also
                        serve -- CMD, shell, env
      rewind world …    list, use, copy, remove, export FILE, import FILE
      rewind help all   every word; rewind help WORD, or WORD --help: one of them

      What another rewind has open is done there: several terminals share a world,
      its undo and its what-if.

      Exit status: 0 passed, 1 not passed, 2 usage, 3 content invalid, 4 cannot
      verify, 5 machine or state, 130 interrupted; aws has the AWS CLI's own.
      """,
    subcommands: [
      AuthorCommand.self, VerifyCommand.self, DoctorCommand.self, CompletionsCommand.self,
    ])

  @OptionGroup var globals: GlobalOptions

  /// The names that are not words of the prompt.
  static let names: Set<String> = ["author", "verify", "doctor", "completions"]
}
