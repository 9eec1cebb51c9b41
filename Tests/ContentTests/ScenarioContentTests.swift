// SPDX-License-Identifier: GPL-3.0-or-later

import ContentFormat
import Documents
import Scenarios
import Testing
import Worlds

@Suite("The labs of this repository")
struct ScenarioContentTests {
  @Test("there are labs, each in a file of its own id")
  func labs() throws {
    #expect(Place.labs.contains("first-backup"))
    #expect(Place.labs.count >= 8)
    for id in Place.labs { #expect(Place.lab(id).scenario?.id == id) }
  }

  @Test("every solution earns everything and every trap fails as it says", arguments: Place.labs)
  func proof(id: String) {
    // Each variant is a lab of its own; together they get as many runs as a lab without.
    let variants = UInt64(max(1, Place.lab(id).scenario?.variants.count ?? 1))
    let seeds = 1...max(1, Place.seeds.upperBound / variants)
    let errors = ScenarioChecker(seeds: seeds).check(Place.lab(id))
    #expect(errors.map(\.description) == [])
  }

  @Test("a lab has two solutions, two traps, hints that cost, and a debrief", arguments: Place.labs)
  func furnished(id: String) throws {
    let scenario = try #require(Place.lab(id).scenario)
    #expect(scenario.solutions.count >= 2)
    #expect(scenario.traps.count >= 2)
    #expect(scenario.tasks.allSatisfy { task in task.hints.contains { $0.cost > 0 } })
    #expect(scenario.checks.allSatisfy { $0.why != nil })
    #expect(scenario.debrief != nil)
    #expect(!scenario.objectives.isEmpty)
  }

  @Test("labs come in an order in which what is needed comes first")
  func order() throws {
    let order = try ScenarioLibrary(Place.scenarios).labs.compactMap { $0.scenario }
    for (index, lab) in order.enumerated() {
      for need in lab.needs { #expect(order[..<index].contains { $0.id == need }) }
    }
    #expect(order.first?.id == "first-backup")
  }

  @Test("ids of labs are unique and what they need exists")
  func library() throws {
    let library = try ScenarioLibrary(Place.scenarios)
    #expect(ScenarioChecker(seeds: 1...1).check(library).map(\.description) == [])
    #expect(!ScenarioChecker.coverage(library).isEmpty)
  }

  @Test("an untouched start earns nothing and no trap speaks", arguments: Place.labs)
  func untouched(id: String) throws {
    var lab = try LabRun(Place.lab(id), seed: 3)
    let record = try lab.check(lab.opening, entries: [])
    #expect(record.trap == nil)
    #expect(record.tasks.allSatisfy { !$0.passes })
    lab.apply(.check(record))
    lab.apply(.finish(try lab.finishing(lab.opening, entries: [], changes: 0)))
    #expect(lab.score.points == 0)
    #expect(!lab.score.hasPassed)
  }

  @Test("the schema beside the labs is the one that the code prints")
  func schema() throws {
    // `rewind author schema scenario` writes it again after a change of the format.
    let bytes = try Place.scenarios.bytes(of: "scenario-1.schema.json")
    #expect(String(decoding: bytes, as: UTF8.self) == Scenario.schemaFile.json(.indented(2)) + "\n")
  }

  @Test("each trap gets its own words at the first check", arguments: Place.labs)
  func traps(id: String) throws {
    for seed in UInt64(1)...2 {
      let lab = try LabRun(Place.lab(id), seed: seed)
      for trap in lab.scenario.traps {
        var bench = LabBench(lab)
        for command in try #require(trap.value.commands(in: lab.scenario)) {
          #expect(try bench.play(command.text) == nil)
        }
        #expect(try bench.lab.check(bench.world, entries: []).trap == trap.name)
        let words = try #require(lab.words(ofTrap: trap.name))
        #expect(!words.contains("<"))
      }
    }
  }

  @Test(
    "another seed is another lab",
    arguments: ["bad-deploy", "dropped-table", "other-region", "nightly-plan"])
  func seeds(id: String) throws {
    let stories = try (UInt64(1)...6).map { seed in
      let lab = try LabRun(Place.lab(id), seed: seed)
      return lab.text(lab.scenario.solutions[0].value.run.map(\.text).joined(separator: "\n"))
    }
    #expect(Set(stories).count > 1)
    #expect(stories.allSatisfy { !$0.contains("<") })
  }
}

@Suite("Mutants of the reference solutions")
struct MutantTests {
  /// Steps that are there to look or to tidy up: nobody loses points without them.
  private static let unneeded = [
    "dropped-table/looked-at-first/3", "dropped-table/looked-at-first/7",
  ]

  @Test("lose points, every one that leaves out what was asked for", arguments: Place.labs)
  func noticed(id: String) throws {
    let mutants = try ScenarioMutator().mutants(Place.lab(id))
    #expect(!mutants.isEmpty)
    let survivors = mutants.filter { $0.lost == 0 }.map { "\(id)/\($0.solution)/\($0.step)" }
    #expect(survivors == Self.unneeded.filter { $0.hasPrefix(id + "/") })
  }
}
