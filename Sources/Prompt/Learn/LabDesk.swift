// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import CommandLanguage
import ContentFormat
import Documents
import Scenarios
import Simulation
import StateStore
import Terminal
import Worlds

/// The lab that runs in the open world, if one does.
///
/// What a lab knows is in the world's journal: its scenario in the first entry, what happened in
/// notes. The desk keeps the run made from them for as long as the world is open.
final class LabDesk {
  private var opened: (session: ObjectIdentifier, run: LabRun?)?
  /// What the world has said since it was last asked.
  private var messages: [String] = []
  /// The words of an incident that ended the lab.
  private var ending: String?

  // MARK: The run

  /// The lab of a world as its journal has it; nil for a world that is no lab's.
  ///
  /// - Throws: A refusal where the journal's scenario cannot be read.
  func run(_ session: Session) throws -> LabRun? {
    if let opened, opened.session == ObjectIdentifier(session) { return opened.run }
    let start = session.opening.start
    guard start.origin["kind"]?.string == "lab" else {
      opened = (ObjectIdentifier(session), nil)
      return nil
    }
    var run = try StartCloud.lab(start)
    for note in session.notes where note.kind == LabEvent.noteKind {
      guard let event = LabEvent(note.document) else {
        throw StateError.damaged(
          path: session.folder.databasePath, what: "row \(note.row) holds no event of a lab")
      }
      run.apply(event)
    }
    opened = (ObjectIdentifier(session), run)
    return run
  }

  /// Saves what happened in the lab, then counts it.
  func record(_ event: LabEvent, in session: Session) throws {
    guard var run = try run(session) else { return }
    try session.note(LabEvent.noteKind, event.document)
    run.apply(event)
    opened = (ObjectIdentifier(session), run)
  }

  private func known(_ session: Session) -> LabRun? { (try? run(session)) ?? nil }

  /// The lab's id.
  func title(_ session: Session) -> String? { known(session)?.scenario.id }
  func profile(_ session: Session) -> Profile? { known(session)?.start.learner }
  func profiles(_ session: Session) -> [String: Profile] { known(session)?.start.profiles ?? [:] }

  /// What the learner was told and when; the rest of the story is theirs to find.
  func incidents(_ session: Session) -> [(at: Instant, what: String)] {
    guard let run = known(session) else { return [] }
    let start = Instant(milliseconds: 0)
    return run.start.schedule.incidents(after: start, through: session.now).compactMap {
      at, incident in
      switch incident.event {
      case .say(let words)?: (at, run.text(words))
      case .end(let words)?: (at, run.text(words))
      default: nil
      }
    }
  }

  /// - Throws: A refusal where the lab allows no undo.
  func checkUndo(_ session: Session) throws {
    guard let run = try run(session), run.scenario.undo == .off, run.finish == nil else { return }
    throw PromptRefusal("This lab allows no undo.", advice: "\"reset\" begins it again.")
  }

  /// The learner's world as checks look at it.
  func world(_ session: Session, _ run: LabRun) -> WorldRun {
    run.present(session.cloud, through: session.states.map(\.cloud))
  }

  // MARK: Time

  /// Lets virtual time pass in the command under way; traffic and incidents happen at their instants.
  ///
  /// - Throws: A refusal if Ctrl-C stopped it; the command is then given up by whoever began it.
  func letPass(
    _ duration: Duration, in session: Session, unless interruption: Interruption
  ) throws {
    var jump = Jump(interruption)
    let target = min(session.now + duration, Cloud.lastInstant)
    if let run = try run(session) {
      let schedule = run.start.schedule
      while let next = schedule.nextInstant(after: session.now, through: target) {
        if next > session.now { try jump.pass(next - session.now, in: session) }
        for happening in schedule.happenings(at: next) {
          happen(happening, run, session)
          try jump.count(in: session)
        }
      }
    }
    if target > session.now { try jump.pass(target - session.now, in: session) }
  }

  private func happen(_ happening: Schedule.Happening, _ run: LabRun, _ session: Session) {
    switch happening {
    case .setUp: break
    case .write(_, let request): _ = session.answer(request)
    case .incident(let incident): happen(incident, run, session)
    }
  }

  private func happen(_ incident: Incident, _ run: LabRun, _ session: Session) {
    let world = run.present(session.cloud, through: [session.cloud])
    switch incident.event {
    case .say(let words)?: messages.append(run.text(words))
    case .end(let words)?:
      messages.append(run.text(words))
      ending = words
    case .run(let commands)?:
      let profile = (try? run.start.profile(incident.runAs)) ?? run.start.learner
      var runner = CommandRunner(profile: profile, profiles: run.start.profiles)
      runner.takesTime = false
      let door = Door(
        perform: { session.answer($0) }, now: { session.now }, advance: { _ in },
        pending: { session.pendingTransitions.map { ($0.at, $0.what) } })
      // What somebody else does wrong is a part of the story; it stays as the cloud took it.
      for command in commands { _ = try? runner.run(command.text, world.bindings, door: door) }
    default:
      for request in incident.requests(in: session.cloud, run.start) { _ = session.answer(request) }
    }
  }

  /// What the world said since the last call, and whether it ended the lab.
  func takeNews() -> (messages: [String], isEnd: Bool) {
    defer {
      messages = []
      ending = nil
    }
    return (messages, ending != nil)
  }

  // MARK: Status

  func statusRows(_ console: Console, _ session: Session) throws -> [[String]] {
    guard let run = try run(session) else { return [] }
    let score = run.score
    var state = "\(score.points) of \(score.outOf) points"
    if run.finish != nil {
      state += ", done"
    } else if let task = run.currentTask {
      state += ", task \(task + 1) of \(run.tasks.count)"
    }
    if score.isSeen { state += ", solution seen" }
    return [["lab", plain(run.scenario.title)], ["score", state]]
  }

  func statusDocument(_ console: Console, _ session: Session) throws -> Document {
    guard let run = try run(session) else { return .null }
    let score = run.score
    return [
      "id": .string(run.scenario.id), "points": .integer(Int64(score.points)),
      "outOf": .integer(Int64(score.outOf)), "passed": .bool(score.hasPassed),
      "seen": .bool(score.isSeen), "finished": .bool(run.finish != nil),
      "task": run.currentTask.map { .integer(Int64($0 + 1)) } ?? .null,
    ]
  }

  /// What may follow `lab`.
  func names(_ console: Console) -> [String] {
    let labs = (try? console.shelf.scenarios(console.settings))?.labs.compactMap { $0.scenario?.id }
    return (labs ?? []) + ["list", "start", "resume", "leave", "result"]
  }
}
