// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Glibc
import Prompt
import Terminal

/// The process: what the environment and the arguments say, then one thing done, then its status.
@main
enum Main {
  static func main() {
    Signals.ignoreOutputSignals()
    // Everything kept is for its owner's eyes only.
    umask(0o077)
    exit(run(Array(CommandLine.arguments.dropFirst()), environment: hostEnvironment()))
  }

  /// Runs the program.
  ///
  /// - Parameters:
  ///   - arguments: The words after the program's name.
  ///   - environment: The process's environment.
  /// - Returns: The exit status.
  static func run(_ arguments: [String], environment: [String: String]) -> Int32 {
    do {
      var (globals, words) = try Globals.leading(arguments)
      guard let first = words.first else { return try prompt(globals, environment) }
      if first == "aws" { return try runAWS(words, globals, environment) }
      if !OuterCommands.names.contains(first), !first.hasPrefix("-") || first == "-" {
        words = try globals.takeFrom(words)
        return try Runner(globals, environment).runWords(words)
      }
      return try outer(words, globals, environment)
    } catch {
      return report(error)
    }
  }

  /// The prompt, or the lines of standard input where that is no terminal.
  private static func prompt(
    _ globals: Globals, _ environment: [String: String]
  ) throws -> Int32 {
    try Runner(globals, environment).runPrompt()
  }

  /// One AWS command: its own bytes and its own status, nothing beside it.
  private static func runAWS(
    _ words: [String], _ globals: Globals, _ environment: [String: String]
  ) throws -> Int32 {
    try Runner(globals, environment, coaches: false).runWords(words)
  }

  private static func outer(
    _ words: [String], _ globals: Globals, _ environment: [String: String]
  ) throws -> Int32 {
    do {
      var command = try OuterCommands.parseAsRoot(words)
      if var runnable = command as? any OuterCommand {
        return try runnable.run(globals, environment)
      }
      try command.run()
      return 0
    } catch let error where !(error is PromptRefusal) {
      let message = OuterCommands.fullMessage(for: error)
      let isHelp = OuterCommands.exitCode(for: error).isSuccess
      let channel = OutputChannel(descriptor: isHelp ? STDOUT_FILENO : STDERR_FILENO)
      if !message.isEmpty { channel.write(TerminalText.escaped(message, keepsLines: true) + "\n") }
      try channel.flush()
      return isHelp ? 0 : 2
    }
  }

  /// One line and a status for whatever was thrown: nothing ends in a stack trace.
  private static func report(_ error: any Error) -> Int32 {
    let refusal = PromptRefusal(error)
    let channel = OutputChannel(descriptor: STDERR_FILENO)
    channel.write("rewind: \(TerminalText.escaped(refusal.line))\n")
    try? channel.flush()
    return refusal.status
  }

  private static func hostEnvironment() -> [String: String] {
    var result: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text)
      if let equals = pair.utf8.firstIndex(of: UInt8(ascii: "=")) {
        let name = String(decoding: pair.utf8[..<equals], as: UTF8.self)
        result[name] = String(decoding: pair.utf8[pair.utf8.index(after: equals)...], as: UTF8.self)
      }
      entry += 1
    }
    return result
  }
}
