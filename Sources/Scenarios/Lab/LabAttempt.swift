// SPDX-License-Identifier: GPL-3.0-or-later

internal import ContentFormat
package import Documents
package import Simulation
internal import Worlds

/// The result of one attempt at a lab: what it takes to see what was done and to grade it again.
///
/// It is written once, when the lab ends; `LabVerification` plays it again to the same score.
package struct LabAttempt: Hashable, Sendable {
  /// The name and version of result files.
  package static let formatName = "rewind-result/1"

  /// One line of the command log.
  package struct Line: Hashable, Sendable {
    package enum Standing: String, Sendable { case inEffect = "in effect", undone, discarded }

    /// Virtual time when it began.
    package var at: Instant
    /// What was typed; for a request from another door, its service and operation.
    package var command: String
    /// nil for the prompt, else such as `endpoint`.
    package var door: String?
    package var status: Int
    /// SHA-256 of each answer or refusal, in order.
    package var outcomes: [String]
    package var isChange: Bool
    package var standing: Standing

    package init(
      at: Instant, command: String, door: String?, status: Int, outcomes: [String],
      isChange: Bool, standing: Standing
    ) {
      self.at = at
      self.command = command
      self.door = door
      self.status = status
      self.outcomes = outcomes
      self.isChange = isChange
      self.standing = standing
    }
  }

  package var engine: String
  package var learner: String
  package var seed: UInt64
  package var lab: String
  package var file: String
  /// SHA-256 of the scenario's file.
  package var digest: String
  package var variant: String?
  /// Counts attempts at the same content and seed, from 1.
  package var ordinal: Int
  package var mode: String
  package var log: [Line]
  package var events: [LabEvent]
  package var score: LabScore
  /// The points of each task.
  package var tasks: [Int]
  /// Virtual time of the start and the end.
  package var startedAt: Instant
  package var endedAt: Instant
  /// Time at the keyboard, in seconds; shown, not scored.
  package var keyboardSeconds: Int

  /// The result of a lab that has ended.
  ///
  /// - Parameters:
  ///   - run: The lab.
  ///   - log: Its commands, undone ones too.
  ///   - engine: The engine's version.
  ///   - learner: Who did it.
  ///   - ordinal: Counts attempts at the same content and seed, from 1.
  ///   - mode: `practice`, or how else it was done.
  ///   - keyboardSeconds: Host time from the first to the last line.
  package init(
    _ run: LabRun, log: [Line], engine: String, learner: String, ordinal: Int,
    mode: String = "practice", keyboardSeconds: Int
  ) {
    self.engine = engine
    self.learner = learner
    seed = run.seed
    lab = run.scenario.id
    file = run.source.name
    digest = run.source.digest
    variant = run.variant
    self.ordinal = ordinal
    self.mode = mode
    self.log = log
    events = run.events
    score = run.score
    tasks = run.tasks.indices.map { run.points(ofTask: $0) }
    startedAt = run.start.clock
    endedAt = run.finish?.at ?? log.last?.at ?? run.start.clock
    self.keyboardSeconds = keyboardSeconds
  }

  /// The result's id, also its file's name: the lab, the seed and the ordinal.
  package var id: String { "\(lab)-\(String(seed, radix: 16))-\(ordinal)" }
}

extension LabRun {
  /// How many commands of a log count: those in effect that changed something, and the undone ones
  /// too where the lab says `undo: counted`.
  package func changes(in log: [LabAttempt.Line]) -> Int {
    log.filter { line in
      line.isChange && (line.standing == .inEffect || scenario.undo == .counted)
    }.count
  }
}

extension LabAttempt {
  /// The result as JSON.
  package var document: Document {
    let hints = events.filter { if case .hint = $0 { true } else { false } }
    return [
      "format": .string(Self.formatName), "engine": .string(engine),
      "learner": .string(learner), "seed": .string(String(seed)), "lab": .string(lab),
      "content": [
        "file": .string(file), "digest": .string(digest),
        "variant": variant.map(Document.string) ?? .null,
      ],
      "ordinal": .integer(Int64(ordinal)), "mode": .string(mode),
      "times": [
        "started": .instant(startedAt), "ended": .instant(endedAt),
        "virtualSeconds": .integer((endedAt - startedAt).wholeMilliseconds / 1000),
        "keyboardSeconds": .integer(Int64(keyboardSeconds)),
      ],
      "score": [
        "points": .integer(Int64(score.points)), "outOf": .integer(Int64(score.outOf)),
        "passed": .bool(score.hasPassed), "seen": .bool(score.isSeen),
        "tasks": .integers(tasks), "hints": .integer(Int64(hints.count)),
      ],
      "log": .array(log.map(\.document)), "events": .array(events.map(\.document)),
    ]
  }

  /// Reads a result; nil for a document that is none of this format.
  package init?(_ document: Document) {
    guard document["format"]?.string == Self.formatName,
      let engine = document["engine"]?.string, let learner = document["learner"]?.string,
      let seed = document["seed"]?.string.flatMap(UInt64.init),
      let lab = document["lab"]?.string, let file = document["content"]?["file"]?.string,
      let digest = document["content"]?["digest"]?.string,
      let ordinal = document["ordinal"]?.integer, let mode = document["mode"]?.string,
      let times = document["times"], let started = times["started"]?.instant,
      let ended = times["ended"]?.instant, let keyboard = times["keyboardSeconds"]?.integer,
      let score = document["score"], let points = score["points"]?.integer,
      let outOf = score["outOf"]?.integer, let passed = score["passed"]?.bool,
      let seen = score["seen"]?.bool, let tasks = score["tasks"]?.integers,
      let log = document["log"]?.array, let events = document["events"]?.array
    else { return nil }
    self.engine = engine
    self.learner = learner
    self.seed = seed
    self.lab = lab
    self.file = file
    self.digest = digest
    variant = document["content"]?["variant"]?.string
    self.ordinal = Int(ordinal)
    self.mode = mode
    self.log = log.compactMap(Line.init)
    self.events = events.compactMap(LabEvent.init)
    self.score = LabScore(
      points: Int(points), outOf: Int(outOf), hasPassed: passed, isSeen: seen)
    self.tasks = tasks
    startedAt = started
    endedAt = ended
    keyboardSeconds = Int(keyboard)
    guard self.log.count == log.count, self.events.count == events.count else { return nil }
  }
}

extension LabAttempt.Line {
  var document: Document {
    [
      "at": .instant(at), "command": .string(command),
      "door": door.map(Document.string) ?? .null, "status": .integer(Int64(status)),
      "outcomes": .array(outcomes.map(Document.string)), "change": .bool(isChange),
      "standing": .string(standing.rawValue),
    ]
  }

  init?(_ document: Document) {
    guard let at = document["at"]?.instant, let command = document["command"]?.string,
      let status = document["status"]?.integer, let outcomes = document["outcomes"]?.array,
      let isChange = document["change"]?.bool,
      let standing = document["standing"]?.string.flatMap(Standing.init)
    else { return nil }
    self.at = at
    self.command = command
    door = document["door"]?.string
    self.status = Int(status)
    self.outcomes = outcomes.compactMap(\.string)
    self.isChange = isChange
    self.standing = standing
  }
}
