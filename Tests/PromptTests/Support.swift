// SPDX-License-Identifier: GPL-3.0-or-later

import Glibc
import Prompt
import Terminal

/// A learner with a folder of their own and a clock that stands still.
final class Bench {
  let home: String
  var environment: [String: String]
  var profile = TerminalProfile.plain

  /// The repository, where the labs and questions are.
  static let root: String = {
    var parts = #filePath.split(separator: "/").map(String.init)
    parts.removeLast(3)
    return "/" + parts.joined(separator: "/")
  }()

  init() {
    var template = Array("/tmp/rewind-prompt-XXXXXX\0".utf8CString.dropLast())
    home = String(cString: mkdtemp(&template))
    environment = [
      "REWIND_HOME": home, "REWIND_NOW": "2026-05-01T09:00:00Z", "REWIND_CONTENT": Self.root,
    ]
  }

  deinit { Self.remove(home) }

  /// What a session printed, and its status.
  struct Transcript {
    let out: String
    let err: String
    let status: Int32
  }

  func console(
    _ lines: [String] = [], change: (inout ConsoleSettings) -> Void = { _ in }
  ) throws -> Console {
    var settings = ConsoleSettings(environment: environment)
    settings.seed = 7
    settings.clock = nil
    change(&settings)
    return try Console(
      settings: settings, profile: profile, lines: ScriptedLines(lines), out: .memory(),
      err: .memory())
  }

  /// Runs lines as a script on standard input would.
  func run(
    _ lines: [String], change: (inout ConsoleSettings) -> Void = { _ in }
  ) throws -> Transcript {
    let console = try console(lines, change: change)
    let status = console.runLines()
    return Transcript(out: console.out.taken(), err: console.err.taken(), status: status)
  }

  /// Runs lines given as one text.
  func run(_ text: String, change: (inout ConsoleSettings) -> Void = { _ in }) throws -> Transcript
  {
    try run(
      text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init),
      change: change)
  }

  private static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFDIR, let stream = opendir(path) {
      while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { remove(path + "/" + name) }
      }
      closedir(stream)
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}

/// Commands that make a table `orders` and put three items in it.
let threeOrders = """
  aws dynamodb create-table --table-name orders --attribute-definitions AttributeName=id,AttributeType=S --key-schema AttributeName=id,KeyType=HASH --billing-mode PAY_PER_REQUEST --query TableDescription.TableStatus
  aws dynamodb wait table-exists --table-name orders
  aws dynamodb put-item --table-name orders --item '{"id":{"S":"a"}}'
  aws dynamodb put-item --table-name orders --item '{"id":{"S":"b"}}'
  aws dynamodb put-item --table-name orders --item '{"id":{"S":"c"}}'
  """
