// SPDX-License-Identifier: GPL-3.0-or-later

import CommandLanguage
import Testing
import Worlds

@Suite("YAML on a command line")
struct CommandYAMLTests {
  @Test(
    "plain words mean what YAML 1.2 says",
    arguments: [
      ("a: 5", ["a": .integer(5)]), ("a: -0x1F", ["a": .integer(-31)]),
      ("a: 0o17", ["a": .integer(15)]), ("a: 1_000", ["a": .integer(1000)]),
      ("a: 1.50", ["a": .double(1.5)]), ("a: .5", ["a": .double(0.5)]),
      ("a: 5e3", ["a": .double(5000)]), ("a: 1.2.3", ["a": .string("1.2.3")]),
      ("a: '5'", ["a": .string("5")]), ("a: yes", ["a": .string("yes")]),
      ("a: True", ["a": .bool(true)]), ("a: ~", ["a": .null]), ("a:", ["a": .null]),
      ("a: 2026-03-06", ["a": .string("2026-03-06")]),
      ("a: !!binary 'aGk='", ["a": .bytes([0x68, 0x69])]),
      ("a: [x, [5]]", ["a": .list([.string("x"), .list([.integer(5)])])]),
    ] as [(String, [String: ParameterValue])])
  func words(yaml: String, expected: [String: ParameterValue]) throws {
    guard case .map(let members)? = CommandYAML.read(yaml) else {
      Issue.record("\(yaml) is a mapping")
      return
    }
    #expect(Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value) }) == expected)
  }

  @Test(
    "what cannot be read safely is refused",
    arguments: ["{a", "a: &x 1\nb: *x", "a: !!python/object 1", "a: 1\na: 2"])
  func refusals(yaml: String) {
    #expect(CommandYAML.read(yaml) == nil)
  }

  @Test("a command takes its input from it, and options win")
  func input() throws {
    var run = try start(ordersWorld)
    let command =
      "aws dynamodb create-backup --backup-name won --cli-input-yaml "
      + "'{TableName: orders, BackupName: lost}' --query BackupDetails.BackupName"
    #expect(try run.run(command).stdout == "\"won\"\n")
  }
}
