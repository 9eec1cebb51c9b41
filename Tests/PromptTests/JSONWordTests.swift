// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Prompt
import Testing

@Suite("Words that answer with JSON")
struct JSONWordTests {
  /// What a word answers after `threeOrders`, PITR, a mark and a name, line by line.
  private func answers(_ line: String, in lab: String = "") throws -> [Any] {
    let world =
      lab.isEmpty
      ? threeOrders + """

        aws dynamodb update-continuous-backups --table-name orders --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true --query none
        mark here
        X=1
        time +1h
        """ : lab
    let before = try Bench().run(world) { $0.printsJSON = true }.out
    let whole = try Bench().run(world + "\n" + line) { $0.printsJSON = true }
    #expect(whole.out.hasPrefix(before))
    return try whole.out.dropFirst(before.count).split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8), options: .fragmentsAllowed)
    }
  }

  @Test(
    "each is one document, which holds what the text says",
    arguments: [
      ("status", "undoable", "5"), ("status", "marks", "[\"here\"]"), ("status", "fork", "false"),
      ("status", "owner", "\"this process\""), ("status", "tables", "[\"orders\"]"),
      ("status", "lab", "null"), ("time", "pending", "[]"),
      ("time", "now", "\"2026-05-01T10:00:26.000Z\""), ("variables", "X", "\"1\""),
      ("bill orders", "currency", "\"USD\""),
      ("timeline orders", "earliest", "\"2026-05-01T09:00:25Z\""),
      ("timeline orders", "writes", "0"), ("env --port 9", "AWS_REGION", "\"us-east-1\""),
    ] as [(String, String, String)])
  func members(line: String, member: String, value: String) throws {
    let found = try answers(line)
    #expect(found.count == 1)
    let object = try #require(found.first as? [String: Any])
    let bytes = try JSONSerialization.data(
      withJSONObject: object[member] ?? "absent", options: .fragmentsAllowed)
    #expect(String(decoding: bytes, as: UTF8.self) == value, "\(line) \(object)")
  }

  @Test("lists are arrays, logs and trails a document a line")
  func lists() throws {
    #expect(try answers("mark").first as? [String] == ["here"])
    #expect(try answers("date").first as? String == "2026-05-01T10:00:26Z")
    let changes = try #require(try answers("diff").first as? [[String: String]])
    #expect(changes.map { $0["sign"] } == ["+"])
    #expect(changes[0]["text"]?.hasPrefix("table orders, 3 items") == true)
    let log = try answers("log 3").compactMap { $0 as? [String: Any] }
    #expect(log.count == 3)
    #expect(log.last?["text"] as? String == "time +1h")
    #expect(log.last?["standing"] as? String == "in effect")
    let events = try answers("events").compactMap { $0 as? [String: Any] }
    let written = events.filter { $0["readOnly"] as? Bool == false }
    #expect(
      written.map { $0["event"] as? String } == ["CreateTable", "UpdateContinuousBackups"])
    let fidelity = try #require(try answers("fidelity").first as? [String: Any])
    let services = try #require(fidelity["services"] as? [[String: Any]])
    #expect(services.contains { $0["service"] as? String == "dynamodb" })
  }

  @Test("a lab's list, task, check and results")
  func lab() throws {
    let lab = "lab first-backup"
    let list = try #require(try answers("lab list", in: lab).last as? [[String: Any]])
    #expect(
      list.filter { $0["begun"] as? Bool == true }.map { $0["id"] as? String } == [
        "first-backup"
      ])
    let task = try #require(try answers("task", in: lab).first as? [String: Any])
    #expect(task["task"] as? Int == 1 && task["outOf"] as? Int == 10)
    let check = try #require(try answers("check", in: lab).first as? [String: Any])
    #expect(check["check"] != nil)
    let done =
      lab
      + "\naws dynamodb create-backup --table-name orders --backup-name pre-release --query none\ncheck"
    let results = try #require(try answers("lab result", in: done).first as? [[String: Any]])
    #expect(results.map { $0["points"] as? Int } == [10])
  }
}
