// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Prompt
import Terminal

/// Looks whether the state is sound.
struct DoctorCommand: OuterCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract:
      "Look whether the state is sound; exit 1 names what is not, 5 what could not be read.")

  @OptionGroup var globals: GlobalOptions
  @Flag(name: .long, help: "Read every byte and replay every world.")
  var verify = false

  mutating func run(_ globals: Globals, _ environment: [String: String]) throws -> Int32 {
    let runner = try Runner(self.globals.over(globals), environment)
    return runner.console.runDoctor(verifies: verify)
  }
}

/// Shell completion scripts.
struct CompletionsCommand: OuterCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions", abstract: "Print a completion script for a shell.")

  enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

  @OptionGroup var globals: GlobalOptions
  @Argument(help: "bash, zsh or fish.")
  var shell: Shell

  mutating func run(_ globals: Globals, _ environment: [String: String]) throws -> Int32 {
    let runner = try Runner(self.globals.over(globals), environment)
    let script: String =
      switch shell {
      case .bash: OuterCommands.completionScript(for: .bash)
      case .zsh: OuterCommands.completionScript(for: .zsh)
      case .fish: OuterCommands.completionScript(for: .fish)
      }
    runner.console.out.write(script + "\n")
    try runner.console.flush()
    return 0
  }
}
