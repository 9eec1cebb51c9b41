// SPDX-License-Identifier: GPL-3.0-or-later

import ContentFormat
import Documents
import Scenarios
import Testing
import Worlds

@Suite("A scenario file")
struct ScenarioFormatTests {
  @Test("names its tasks and checks where the author does not")
  func names() throws {
    let text = """
      rewind: scenario/1
      id: plain
      title: Plain
      teaches: [OND-1]
      story: Back up orders.
      world: { tables: { orders: { key: id, items: 1 } } }
      tasks:
        - do: One.
          checks: [{ goal: A backup of orders, backup: { of: orders } }]
      solutions: { native: aws dynamodb create-backup --table-name orders --backup-name one }
      traps:
        recovery:
          run: >
            aws dynamodb update-continuous-backups --table-name orders
            --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true
          says: That is PITR.
      """
    let scenario = try #require(Sample.file(text).scenario)
    #expect(scenario.tasks[0].id == "task-1")
    #expect(scenario.checks[0].id == "task-1-check-1")
    #expect(scenario.traps[0].value.fails.map(\.value) == ["task-1-check-1"])
    #expect(scenario.points == 10)
    #expect(scenario.par == 1)
  }

  private static let trapCommands =
    "run: |\n      aws dynamodb create-backup --table-name notes --backup-name one\n"
    + "      answer <name>"

  /// A change to the sample, and what is then said first.
  struct Change: Sendable, CustomTestStringConvertible {
    let old: String
    let new: String
    let code: ContentError.Code

    var testDescription: String { new }

    init(_ old: String, _ new: String, _ code: ContentError.Code) {
      self.old = old
      self.new = new
      self.code = code
    }
  }

  @Test(
    "is refused where its parts do not fit",
    arguments: [
      Change("needs: first", "needs: third", .unknownName),
      Change("id: second", "id: first", .duplicateID),
      Change("id: alone", "id: said", .duplicateID),
      Change("cost: 9", "cost: 12", .badValue),
      Change("fails: orders-backup", "fails: order-backup", .unknownName),
      Change("commands: { points: 4 }", "rpo: { table: orders, points: 4 }", .conflict),
      Change("commands: { points: 4 }", "cost: { table: orders }", .conflict),
      Change(
        "commands: { points: 4 }", "rto: { from: +1m, until: nothing, max: 3m }", .unknownName),
      Change("answer <name>", "answer <nome>", .placeholder),
      Change("says: These are notes.", "says: These are <notice>.", .placeholder),
      Change("teaches: [OND-1]", "teaches: [OND-1, OND-1]", .duplicateID),
      Change("teaches: [OND-1]", "teaches: [ond1]", .badValue),
      Change("id: two\n", "id: Two\n", .badValue),
      Change(
        Self.trapCommands,
        "after: plain", .missingField),
      Change(
        Self.trapCommands,
        "after: plain\n    without: 4", .unknownName),
      Change(
        Self.trapCommands,
        "after: other\n    without: 1", .unknownName),
      Change("untouched: orders }", "untouched: basket }", .unstated),
      Change("  plain: |", "  plain: |\n    # only a comment\n  bare: |", .badValue),
      Change("scenario/1", "scenario/2", .badValue),
    ])
  func refused(_ change: Change) throws {
    #expect(Sample.two.contains(change.old))
    let text = Sample.two.replacing(change.old, with: change.new)
    let errors = Sample.file(text).errors
    #expect(errors.first?.code == change.code)
  }

  @Test(
    "names the line of an undeclared placeholder, in checks and in what others do as well",
    arguments: [
      ("is: \"<name>\"", "is: \"<nome>\"", 27),
      ("answer <name>\ntraps", "answer <nome>\ntraps", 36),
      (
        "tasks:\n",
        "timeline:\n  - { id: odd, at: +1m, run: aws dynamodb delete-table --table-name <gone> }\n"
          + "tasks:\n",
        14
      ),
    ])
  func placeholders(old: String, new: String, line: Int) throws {
    #expect(Sample.two.contains(old))
    let errors = Sample.file(Sample.two.replacing(old, with: new)).errors
    #expect(errors.map(\.code) == [.placeholder])
    #expect(errors.map(\.line) == [line])
  }

  @Test("keeps the sample without a complaint")
  func sample() {
    #expect(Sample.file().errors == [])
    let errors = ScenarioChecker(seeds: 1...5).check(Sample.file())
    #expect(errors.map(\.description) == [])
  }

  @Test("takes traffic and timeline beside the world or in it, not in both")
  func traffic() throws {
    let stream = "[{ id: writes, put: orders, rate: 5/h }]"
    let beside = Sample.two.replacing("tasks:\n", with: "traffic: \(stream)\ntasks:\n")
    #expect(try #require(Sample.file(beside).scenario).world.traffic.map(\.id) == ["writes"])
    let within = Sample.two.replacing("world:\n", with: "world:\n  traffic: \(stream)\n")
    #expect(try #require(Sample.file(within).scenario).world.traffic.map(\.id) == ["writes"])
    let both = within.replacing("tasks:\n", with: "traffic: \(stream)\ntasks:\n")
    #expect(Sample.file(both).errors.first?.code == .conflict)
  }

  @Test("lays variants over the world; the seed chooses one of them")
  func variants() throws {
    let text = Sample.two.replacing(
      "tasks:\n",
      with: """
        variants:
          few: { tables: { orders: { items: 2 } } }
          with-tags: { tables: { orders: { tags: { team: shop } } } }
        tasks:

        """)
    let file = Sample.file(text)
    #expect(file.errors == [])
    let scenario = try #require(file.scenario)
    #expect(scenario.variants.map(\.name) == ["few", "with-tags"])
    let few = scenario.variants[0].value.tables
    #expect(few.map(\.name) == ["orders", "notes"])
    guard case .generated(2) = few[0].value.items else {
      Issue.record("the variant has other items")
      return
    }
    let chosen = Set(try (UInt64(1)...20).map { try LabRun(file, seed: $0).variant })
    #expect(chosen == ["few", "with-tags"])
    #expect(ScenarioChecker(seeds: 1...2).check(file).map(\.description) == [])
  }

  @Test("names an unknown claim when the claims are known")
  func claims() {
    let checker = ScenarioChecker(seeds: 1...1, claims: ["OND-2", "OND-3"])
    #expect(checker.check(Sample.file()).map(\.code) == [.unknownClaim])
  }

  @Test("a solution that leaves something out is told with the check it fails")
  func shortSolution() {
    let text = Sample.two.replacing(
      "    aws dynamodb create-backup --table-name orders --backup-name two\n", with: "")
    let errors = ScenarioChecker(seeds: 1...1).check(Sample.file(text))
    #expect(errors.map(\.code) == [.solution])
    #expect(errors[0].message.contains("orders-backup"))
    #expect(errors[0].message.contains("seed 1"))
  }

  @Test("a refused command of a debrief is told")
  func debrief() {
    let text =
      Sample.two + "\ndebrief: |\n  See:\n    aws dynamodb describe-table --table-name gone\n"
    let errors = ScenarioChecker(seeds: 1...1).check(Sample.file(text))
    #expect(errors.map(\.code) == [.debrief])
  }

  @Test("a trap that fails another check than it says is told")
  func trap() {
    let text = Sample.two.replacing("fails: orders-backup", with: "fails: said")
    let errors = ScenarioChecker(seeds: 1...1).check(Sample.file(text))
    #expect(errors.map(\.code).contains(.trap))
  }

  @Test("has a schema whose references lead somewhere")
  func schema() throws {
    let schema = Scenario.schemaFile
    let definitions = try #require(schema["definitions"]?.object)
    func references(_ document: Document) -> [String] {
      switch document {
      case .object(let members):
        members.flatMap { name, value in
          name == "$ref" ? [value.string ?? ""] : references(value)
        }
      case .array(let elements): elements.flatMap(references)
      default: []
      }
    }
    let found = Set(references(schema))
    #expect(found.count > 20)
    for reference in found {
      #expect(definitions[String(reference.dropFirst("#/definitions/".count))] != nil)
    }
    let properties = definitions["scenario"]?["properties"]?.object
    for name in ["params", "traffic", "timeline", "variants", "guards", "targets", "traps"] {
      #expect(properties?[name] != nil)
    }
  }
}
