// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import CommandLanguage
import Documents
import Simulation

/// A cloud that answers what it is told to, one answer after another, the last one for ever.
final class Rehearsal {
  var answers: [Result<Document, ServiceError>]
  private(set) var requests: [ServiceRequest] = []
  private(set) var now = Instant(seconds: 1_772_818_800)
  private(set) var pauses: [Duration] = []

  init(_ answers: [Result<Document, ServiceError>] = [.success([:])]) { self.answers = answers }

  var door: Door {
    Door(
      perform: { request in
        self.requests.append(request)
        let index = min(self.requests.count, self.answers.count) - 1
        return self.answers[index]
      },
      now: { self.now },
      advance: { duration in
        self.pauses.append(duration)
        self.now = self.now + duration
      },
      pending: { [] })
  }

  /// The inputs of the requests, as compact JSON.
  var inputs: [String] { requests.map { $0.input.json(.compact) } }
}

/// The context of most tests: one account, one Region, two files, two tables.
func context(
  region: String? = "us-east-1", environment: [String: String] = [:], tables: [String] = []
) -> CommandContext {
  var live = LiveNames()
  live.tables = tables
  return CommandContext(
    profile: Profile(account: "123456789012", region: region),
    profiles: ["audit": Profile(account: "210987654321", region: "eu-west-1")],
    environment: environment,
    readFile: { path throws(FileFailure) in
      switch path {
      case "key.json": Array("{\"id\":{\"S\":\"k\"}}".utf8)
      case "name.txt": Array("from-file".utf8)
      case "bytes.bin": [0xFF, 0xFE]
      case "dir": throw .isDirectory
      default: throw .notFound
      }
    },
    liveNames: live)
}

/// Runs one line, which must be a whole command.
func run(
  _ line: String, _ rehearsal: Rehearsal = Rehearsal(), context: CommandContext = context()
) -> CommandOutcome {
  guard case .command(let words, _) = Words.read(line, value: { _ in nil }) else {
    return CommandOutcome(stderr: "not a command", status: -1)
  }
  return AWSCommand.run(words: words, context: context, door: rehearsal.door)
}

/// The block that follows every line that does not parse.
let usage = """
  usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]
  To see help text, you can run:

    aws help
    aws <command> help
    aws <command> <subcommand> help

  """
