// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import ContentFormat
import Documents
import Scenarios
import Simulation
import Worlds

/// Small labs, and a learner who types lines into them.
enum Sample {
  /// Two tasks, a hint of each kind, a trap, a guard and a target.
  static let two = """
    rewind: scenario/1
    id: two
    title: Two tasks
    teaches: [OND-1]
    story: Back up orders and notes as <name>, by <limit>.
    params:
      name: { pick: [alpha, beta, gamma] }
      limit: { time: [+10m, +20m] }
    world:
      tables:
        orders: { key: order_id, items: 12 }
        notes: { key: note_id, items: 4 }
    tasks:
      - id: first
        do: Back up orders.
        checks:
          - { goal: A backup of orders exists, id: orders-backup, backup: { of: orders, min: 2 } }
          - { goal: orders is left alone, id: alone, points: 4, untouched: orders }
        hints:
          - Look at create-backup.
          - { cost: 3, text: Twice. }
          - { cost: 9, text: aws dynamodb create-backup }
      - id: second
        do: Say the name.
        needs: first
        checks:
          - { goal: You said the name, id: said, answer: { kind: name, is: "<name>" } }
    guards:
      - { goal: notes is never deleted, points: 2, table: { name: notes, max: 0 }, never: true }
    targets:
      commands: { points: 4 }
    solutions:
      plain: |
        aws dynamodb create-backup --table-name orders --backup-name one
        aws dynamodb create-backup --table-name orders --backup-name two
        answer <name>
    traps:
      wrong-table:
        run: |
          aws dynamodb create-backup --table-name notes --backup-name one
          answer <name>
        fails: orders-backup
        when: { backup: { of: notes } }
        says: These are notes.
    """

  static func file(_ text: String = two, name: String = "two.yaml") -> ScenarioFile {
    ScenarioFile(bytes: Array(text.utf8), name: name)
  }

  static func run(seed: UInt64 = 7) throws -> LabRun { try LabRun(file(), seed: seed) }
}

/// A learner at the prompt: commands, the words of a lab, and the log that comes of them.
struct Learner {
  var lab: LabRun
  var log: [LabAttempt.Line] = []
  private var player: LabPlayer

  init(_ lab: LabRun) {
    self.lab = lab
    player = LabPlayer(lab.opening)
  }

  var world: WorldRun { player.world }
  var entries: [Int] {
    log.indices.filter { log[$0].standing == .inEffect }
  }

  mutating func type(_ line: String) throws {
    let outcome = try player.play(line)
    log.append(
      LabAttempt.Line(
        at: outcome.at, command: line, door: nil, status: Int(outcome.result.status),
        outcomes: outcome.digests, isChange: outcome.isChange, standing: .inEffect))
    if let event = try lab.noticeRecovery(world, entries: entries) { lab.apply(event) }
  }

  /// Goes back to the start; what was typed stays in the log as undone.
  mutating func reset() {
    player = LabPlayer(lab.opening)
    for index in log.indices { log[index].standing = .undone }
  }

  @discardableResult
  mutating func check(task: Int? = nil) throws -> CheckRecord {
    let record = try lab.check(world, task: task, entries: entries)
    lab.apply(.check(record))
    return record
  }

  mutating func finish() throws {
    let changes = entries.filter { log[$0].isChange }.count
    lab.apply(.finish(try lab.finishing(world, entries: entries, changes: changes)))
  }

  func attempt() -> LabAttempt {
    LabAttempt(
      lab, log: log, engine: "test", learner: "default", ordinal: 1, keyboardSeconds: 12)
  }
}

extension String {
  static let backUpOrders = "aws dynamodb create-backup --table-name orders --backup-name safe"
}
