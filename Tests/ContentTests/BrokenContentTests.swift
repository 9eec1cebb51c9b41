// SPDX-License-Identifier: GPL-3.0-or-later

import ContentFormat
import Foundation
import Scenarios
import Testing

/// A broken file and the first thing `author check` says of it.
private struct Broken: Sendable, CustomTestStringConvertible {
  let name: String
  let place: String
  let code: String

  var testDescription: String { name }

  init(_ name: String, _ place: String, _ code: String) {
    self.name = name
    self.place = place
    self.code = code
  }

  static let all = [
    Broken("anchor", "4:10", "yaml-anchor"),
    Broken("cut-comment", "15:11", "command"),
    Broken("duplicate-id", "15:9", "duplicate-id"),
    Broken("duplicate-key", "4:1", "duplicate-key"),
    Broken("folded-commands", "15:11", "command"),
    Broken("free-task", "10:5", "untouched-start"),
    Broken("missing-goal", "12:9", "missing-field"),
    Broken("not-simulated", "7:3", "not-simulated"),
    Broken("refused-solution", "15:11", "solution"),
    Broken("start-is-a-trap", "18:5", "untouched-start"),
    Broken("traps-alike", "23:3", "trap"),
    Broken("undeclared-placeholder", "5:8", "placeholder"),
    Broken("unknown-check", "21:13", "unknown-name"),
    Broken("unknown-field", "8:30", "unknown-field"),
    Broken("unstated-name", "12:9", "unstated"),
  ]
}

@Suite("Broken content")
struct BrokenContentTests {
  @Test("is told with its place and what kind of thing is wrong", arguments: Broken.all)
  private func told(_ broken: Broken) throws {
    let file = ScenarioFile(name: broken.name + ".yaml", in: Place.broken)
    let errors = ScenarioChecker(seeds: 1...1).check(file)
    let first = try #require(errors.first)
    #expect(
      first.description.hasPrefix("\(broken.name).yaml:\(broken.place): error \(broken.code): "))
    #expect(errors.count == 1)
  }

  @Test("stands in the table, every file of it")
  func complete() {
    let files = Place.names(in: Place.tests.appendingPathComponent("Broken"))
      .filter { $0.hasSuffix(".yaml") && !$0.hasPrefix("questions-") }
    #expect(files == Broken.all.map { $0.name + ".yaml" }.sorted())
  }
}
