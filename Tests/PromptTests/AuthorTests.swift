// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Prompt
import Terminal
import Testing

@Suite("Authors' commands")
struct AuthorTests {
  /// Runs one and gives what it printed, what it said beside it, and its status.
  private func run(
    json: Bool = false, _ body: (Console) -> Int32
  ) throws -> (out: String, err: String, status: Int32) {
    let console = try Bench().console { $0.printsJSON = json }
    let status = body(console)
    return (console.out.taken(), console.err.taken(), status)
  }

  @Test("a fault is named by file, line and column, with what to do")
  func broken() throws {
    let file = Bench.root + "/Tests/ContentTests/Broken/anchor.yaml"
    let text = try run { $0.runAuthorCheck([file], seeds: 1) }
    #expect(text.status == 3)
    #expect(text.out.hasPrefix(file + ":4:10: error yaml-anchor: anchors are not allowed ("))
    #expect(text.err.hasSuffix("anchor.yaml: 1 lab, 1 error\n"))
    let json = try run(json: true) { $0.runAuthorCheck([file], seeds: 1) }
    let fault = try #require(
      try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any])
    #expect(fault["line"] as? Int == 4 && fault["code"] as? String == "yaml-anchor")
  }

  @Test("one lab and one bank are checked by themselves")
  func one() throws {
    let lab = try run { $0.runAuthorCheck([Bench.root + "/scenarios/first-backup.yaml"], seeds: 1) }
    #expect(lab.status == 0 && lab.out.isEmpty)
    #expect(lab.err.hasSuffix("first-backup.yaml: 1 lab, 0 errors\n"))
    let bank = try run { $0.runAuthorCheck([Bench.root + "/questions/document.yaml"], seeds: 1) }
    #expect(bank.status == 0)
    #expect(bank.err.replacing("\n", with: " ").contains("document.yaml: 7 questions for "))
  }

  @Test("proofs are run, and told from what only cites")
  func prove() throws {
    let proved = try run { $0.runAuthorProve([Bench.root + "/questions/document.yaml"], seeds: 2) }
    #expect(proved.status == 0)
    let lines = proved.out.split(separator: "\n")
    #expect(lines.count == 7)
    #expect(lines.contains { $0.hasPrefix("doc-1: proved: ") })
    #expect(lines.contains { $0.contains(": proved: ") }, "\(proved.out)")
    let json = try run(json: true) {
      $0.runAuthorProve([Bench.root + "/questions/document.yaml"], seeds: 1)
    }
    #expect(json.out.isEmpty && json.status == 0)
  }

  @Test("what is no content is refused in one line")
  func nothing() throws {
    let bench = Bench()
    let empty = try run { $0.runAuthorCheck([bench.home], seeds: 1) }
    #expect(empty.status == 3)
    #expect(empty.err.replacing("\n", with: " ").contains("holds no .yaml files."))
    let missing = try run { $0.runAuthorCheck(["/nowhere/x.yaml"], seeds: 1) }
    #expect(missing.status == 3 && missing.err.contains("x.yaml cannot be found."))
  }

  @Test("schemas are JSON Schema", arguments: ["scenario", "questions", "claims"])
  func schemas(format: String) throws {
    let schema = try run { $0.runAuthorSchema(format) }
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(schema.out.utf8)) as? [String: Any])
    #expect(object["$schema"] as? String == "http://json-schema.org/draft-07/schema#")
    #expect(schema.status == 0)
    let unknown = try run { $0.runAuthorSchema(format + "s?") }
    #expect(unknown.status == 2)
    #expect(unknown.err == "There is no format \(format)s?. scenario, questions or claims.\n")
  }

  @Test("the doctor says where state is, and names what is damaged")
  func doctor() throws {
    let bench = Bench()
    _ = try bench.run(["quiz 1", "a", "q", "mark x"])
    func doctor(json: Bool = false) throws -> (out: String, status: Int32) {
      let console = try bench.console { $0.printsJSON = json }
      let status = console.runDoctor(verifies: true)
      return (console.out.taken(), status)
    }
    let sound = try doctor()
    #expect(sound.status == 0)
    #expect(
      sound.out == """
        State    \(bench.home)
        Learner  default
        Worlds   sandbox
        All is as it was written.

        """)
    let world = bench.home + "/learners/default/worlds/sandbox/world.sqlite"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: world))
    bytes.removeLast(5_000)
    try bytes.write(to: URL(fileURLWithPath: world))
    let damaged = try doctor()
    #expect(damaged.status == 1)
    #expect(damaged.out.contains("Damaged  \(world): "), "\(damaged.out)")
    let json = try doctor(json: true)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any])
    let findings = try #require(object["findings"] as? [[String: Any]])
    #expect(findings.first?["damaged"] as? Bool == true && json.status == 1)
  }
}
