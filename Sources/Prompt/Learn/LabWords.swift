// SPDX-License-Identifier: GPL-3.0-or-later

import ContentFormat
import Documents
import Scenarios
import Simulation
import StateStore
import Terminal
import Worlds

extension Console {
  /// `lab`: list, start, resume, leave, result, or the name of a lab.
  func lab(_ call: Call) throws -> Int32 {
    var arguments = Array(call.arguments)
    let seed = try call.takeSeed(&arguments, settings)
    guard arguments.count <= 2 else { throw call.misuse() }
    switch (arguments.first, arguments.dropFirst().first) {
    case (nil, _), ("list", nil): return try listLabs()
    case ("start", let name?): return try startLab(name, seed: seed)
    case ("resume", let name): return try resumeLab(name)
    case ("leave", nil): return try leaveLab()
    case ("result", nil): return try showResults()
    case ("check", nil), ("task", nil), ("hint", nil):
      return try runCommand([arguments[0]], settings: [], typed: arguments[0])
    case ("start", nil): throw call.misuse("Which one? \"lab list\" shows them.")
    case (let name?, nil):
      if try runningWorld(of: name) != nil { return try resumeLab(name) }
      return try startLab(name, seed: seed)
    default: throw call.misuse()
    }
  }

  // MARK: Listing

  private func listLabs() throws -> Int32 {
    let library = try shelf.scenarios(settings)
    let results = try labResultsIfAny()
    let rows = try library.labs.compactMap { file -> LabLine? in
      guard let scenario = file.scenario else { return nil }
      let own = results.filter { $0.scenario == scenario.id }
      return LabLine(
        scenario: scenario, best: own.map(\.points).max(),
        hasPassed: own.contains(where: \.hasPassed),
        isRunning: try runningWorld(of: scenario.id) != nil)
    }
    if settings.printsJSON {
      answer(.array(rows.map(\.document)))
      return 0
    }
    for line in rows {
      let state = line.state.isEmpty ? "" : "  " + line.state
      say(
        "  \(TerminalText.padded(line.scenario.id, to: 16)) "
          + "\(TerminalText.aligned(String(line.scenario.minutes), to: 3)) min  "
          + "\(TerminalText.aligned(String(line.scenario.points), to: 3)) points\(state)")
      tell(plain(line.scenario.title), first: "      ")
    }
    let broken = library.files.filter { $0.scenario == nil }
    for file in broken { talk("\(file.name) has errors; \"rewind author check\" shows them.") }
    if rows.isEmpty { say("There are no labs here.") } else { say("\n\"lab NAME\" starts one.") }
    return 0
  }

  /// Results so far; none, without making anything, for a learner who has done nothing.
  func labResultsIfAny() throws -> [LabResult] {
    try hasProgress ? progress().labResults() : []
  }

  /// The world of a lab that was begun and not ended.
  func runningWorld(of lab: String) throws -> String? {
    guard try hasProgress, let state = try progress().value(.lab, lab),
      state["state"]?.string == "running", let world = state["world"]?.string,
      try learner.world(world).exists
    else { return nil }
    return world
  }

  // MARK: Starting and leaving

  private func scenario(_ name: String) throws -> ScenarioFile {
    let library = try shelf.scenarios(settings)
    if let file = library[name] { return file }
    if let broken = library.files.first(where: { $0.scenario == nil && $0.name == name + ".yaml" }),
      let first = broken.errors.first
    {
      throw PromptRefusal(plain(first.description), status: 3)
    }
    let advice = library.suggestion(for: name).map { "Did you mean \($0)?" }
    throw PromptRefusal(
      "There is no lab \(plain(name)).", advice: advice ?? "\"lab list\" shows them.", status: 2)
  }

  private func startLab(_ name: String, seed: UInt64?) throws -> Int32 {
    let file = try scenario(name)
    let seed = seed ?? settings.newSeed()
    let run: LabRun
    do {
      run = try LabRun(file, seed: seed)
    } catch {
      throw PromptRefusal(error, status: 3)
    }
    let start = StartDescription(
      seed: seed, clock: run.start.clock, engineVersion: EngineVersion.current, origin: run.origin)
    StartCloud.keep(run, for: start)
    let id = try newWorldID(run.scenario.id)
    // Nobody else can reach it before this word has ended.
    let session = try open(learner.world(id), start: start)
    try learner.setCurrentWorld(id)
    let now = try settings.hostNow()
    try progress().setValue(
      .lab, run.scenario.id,
      to: [
        "state": "running", "world": .string(id), "startedAt": .integer(now.milliseconds),
      ])
    try showBrief(run, session)
    return 0
  }

  private func newWorldID(_ lab: String) throws -> String {
    let worlds = Set(try learner.worlds())
    for number in 1...100_000 {
      let id = "\(lab.prefix(56))-\(number)"
      if !worlds.contains(id) { return id }
    }
    throw PromptRefusal("There are too many worlds of this lab.", status: 5)
  }

  private func resumeLab(_ name: String?) throws -> Int32 {
    let (lab, world) = try begun(name)
    if try currentWorldID() != world {
      do {
        try open(learner.world(world), start: nil)
      } catch is HeldElsewhere {
        // It is gone on with where it is open.
      }
      try learner.setCurrentWorld(world)
    }
    let words = ["lab", "resume", lab]
    return try atWorld(
      { try send(.command(words, settings: [], typed: Self.typed(words)), to: $0) },
      here: {
        let session = try self.world()
        try learner.setCurrentWorld(world)
        if let run = try labDesk.run(session) { try showBrief(run, session) }
        return 0
      })
  }

  /// Whether a command is what `resumeLab` sends to the process that has the lab open.
  static func isResumption(_ words: [String]) -> Bool {
    words.count == 3 && words.starts(with: ["lab", "resume"])
  }

  /// A lab that was begun and not ended, the last one unless one is named, and its world.
  private func begun(_ name: String?) throws -> (lab: String, world: String) {
    if let name {
      guard let world = try runningWorld(of: name) else {
        throw PromptRefusal(
          "The lab \(plain(name)) was not begun.", advice: "\"lab start \(plain(name))\" begins it."
        )
      }
      return (name, world)
    }
    let running =
      try hasProgress
      ? progress().values(.lab).filter { $0.value["state"]?.string == "running" } : []
    guard let last = running.last, let world = try runningWorld(of: last.name) else {
      throw PromptRefusal("No lab was begun.", advice: "\"lab list\" shows them.")
    }
    return (last.name, world)
  }

  private func leaveLab() throws -> Int32 {
    let lab = try atWorld(
      { try $0.look().lab },
      here: { try labDesk.run(try world())?.scenario.id })
    guard let lab else {
      throw PromptRefusal("This is no lab.", advice: "\"lab list\" shows the labs.")
    }
    try closeWorld()
    try learner.setCurrentWorld(LearnerFolder.sandbox)
    say("Left \(lab); \"lab resume \(lab)\" comes back. This is the sandbox.")
    try atWorld({ _ in }, here: { _ = try world() })
    return 0
  }

  // MARK: What is asked

  /// The lab of the open world.
  ///
  /// - Throws: A refusal outside a lab.
  func openLab() throws -> (session: Session, run: LabRun) {
    let session = try world()
    guard let run = try labDesk.run(session) else {
      throw PromptRefusal("This is no lab.", advice: "\"lab list\" shows the labs.")
    }
    return (session, run)
  }

  private func showBrief(_ run: LabRun, _ session: Session) throws {
    let head = plain(run.scenario.id)
    let facts =
      "\(run.scenario.minutes) min, \(run.scenario.points) points, seed \(run.seed.seedText)"
    let room = max(2, min(columns, 78) - head.count - facts.count)
    say()
    say(profile.styled(head, .bold) + String(repeating: " ", count: room) + facts)
    tell(plain(run.text(run.scenario.story.value), keepsLines: true), first: "  ")
    for message in labDesk.incidents(session) { tell(plain(message.what), first: "  ") }
    say()
    showTask(run)
  }

  private func showTask(_ run: LabRun) {
    guard let index = run.currentTask else {
      say(run.finish == nil ? "Every task is done." : "This lab is done: \(scoreText(run)).")
      return
    }
    let task = run.scenario.tasks[index]
    tell(
      plain(run.text(task.brief.value), keepsLines: true),
      first: profile.styled("Task \(index + 1)", .bold) + "  ", rest: "        ")
    for (number, check) in task.checks.enumerated() {
      let passes = run.tasks[index].verdict?.checks[safely: number]?.passes ?? false
      tell(
        plain(run.text(check.goal)),
        first: "  [\(passes ? "x" : " ")] \(TerminalText.aligned(String(check.points), to: 2))  ",
        rest: "          ")
    }
  }

  /// `task`: the story's present task and what is still to come.
  func labTask(_ call: Call) throws -> Int32 {
    try call.takesNothing()
    let (session, run) = try openLab()
    if settings.printsJSON {
      answer(try labDesk.statusDocument(self, session))
      return 0
    }
    showTask(run)
    let rest = run.tasks.indices.filter { !run.tasks[$0].isPassed && $0 != run.currentTask }
    if !rest.isEmpty { say("\n\(counted(rest.count, "more task")), \(scoreText(run)) so far.") }
    return 0
  }

  func scoreText(_ run: LabRun) -> String { "\(run.score.points) of \(run.score.outOf)" }

  // MARK: Help on the way

  /// `hint`: the next hint, and what it costs.
  func labHint(_ call: Call) throws -> Int32 {
    try call.takesNothing()
    let (session, run) = try openLab()
    guard let hint = run.nextHint() else {
      throw PromptRefusal(
        "There are no more hints for this task.", advice: "\"solution\" shows a way.")
    }
    try labDesk.record(hint.event, in: session)
    let cost = hint.cost > 0 ? ", costs \(counted(hint.cost, "point"))" : ""
    tell(
      plain(hint.text, keepsLines: true), first: "Hint \(hint.number) of \(hint.count)\(cost): ",
      rest: "  ")
    return 0
  }

  /// `answer VALUE`: says what a task asked for.
  func labAnswer(_ call: Call) throws -> Int32 {
    guard !call.arguments.isEmpty else { throw call.misuse() }
    let (session, run) = try openLab()
    let value = call.arguments.joined(separator: " ")
    guard value.utf8.count <= 1000 else { throw call.misuse("An answer has at most 1,000 bytes.") }
    // Events and not the log hold what was said: it is played again from there.
    try labDesk.record(run.answering(value), in: session)
    say(
      run.scenario.checks.contains(where: \.condition.asksForAnswer)
        ? "Noted. \"check\" tells whether it is right."
        : "Noted, but no task of this lab asks for an answer: it looks at what was done.")
    return 0
  }

  /// `solution [NAME]`: a reference solution; the lab then counts as seen.
  func labSolution(_ call: Call) throws -> Int32 {
    let (session, run) = try openLab()
    let name = try call.onlyArgument()
    guard let solution = run.solution(named: name) else {
      throw PromptRefusal(
        "There is no such solution.",
        advice: "There is \(run.solutionNames.joined(separator: ", ")).", status: 2)
    }
    if !run.isSeen { try labDesk.record(solution.event, in: session) }
    say("\(plain(solution.name)): one of \(counted(run.solutionNames.count, "known way"))")
    for command in solution.commands { say("  " + TerminalText.escaped(command, keepsLines: true)) }
    tell(
      "The lab counts as seen now. \"lab start \(plain(run.scenario.id))\" begins a new attempt.")
    return 0
  }

  /// `skip`: the task is left for later.
  func labSkip(_ call: Call) throws -> Int32 {
    try call.takesNothing()
    let (session, run) = try openLab()
    guard let event = run.skipping else { throw PromptRefusal("Every task is done.") }
    try labDesk.record(event, in: session)
    let (_, after) = try openLab()
    showTask(after)
    return 0
  }

  /// `reset`: back to the start of the world.
  func reset(_ call: Call) throws -> Int32 {
    try call.takesNothing()
    let session = try world()
    try inCommand(session, call.typed) { try session.reset() }
    say("Back at the start, \(session.now.promptText). \"undo\" takes this back.")
    return 0
  }
}

/// A lab in the list.
private struct LabLine {
  let scenario: Scenario
  let best: Int?
  let hasPassed: Bool
  let isRunning: Bool

  var state: String {
    var parts: [String] = []
    if hasPassed { parts.append("passed") }
    if let best { parts.append("best \(best)") }
    if isRunning { parts.append("begun") }
    return parts.joined(separator: ", ")
  }

  var document: Document {
    [
      "id": .string(scenario.id), "title": .string(scenario.title),
      "minutes": .integer(Int64(scenario.minutes)), "points": .integer(Int64(scenario.points)),
      "best": best.map { .integer(Int64($0)) } ?? .null, "passed": .bool(hasPassed),
      "begun": .bool(isRunning),
    ]
  }
}

extension Array {
  /// The element at an index, or nil outside.
  subscript(safely index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}

extension Call {
  /// Takes `--seed S` out of the arguments.
  ///
  /// - Returns: The seed; nil where none is given here or on the outer command line.
  func takeSeed(_ arguments: inout [String], _ settings: ConsoleSettings) throws -> UInt64? {
    guard let text = try take("--seed", from: &arguments) else { return settings.seed }
    guard let seed = UInt64(seedText: text) else {
      throw misuse("\"\(text)\" is no seed. A seed is digits, or as shown: 41ad-0007.")
    }
    return seed
  }

  /// Takes an option with its value out of the arguments.
  func take(_ option: String, from arguments: inout [String]) throws -> String? {
    if let index = arguments.firstIndex(where: { $0.hasPrefix(option + "=") }) {
      return String(arguments.remove(at: index).dropFirst(option.count + 1))
    }
    guard let index = arguments.firstIndex(of: option) else { return nil }
    guard index + 1 < arguments.count else { throw misuse("\(option) needs a value.") }
    let value = arguments[index + 1]
    arguments.removeSubrange(index...(index + 1))
    return value
  }
}
