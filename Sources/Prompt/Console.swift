// SPDX-License-Identifier: GPL-3.0-or-later

internal import CloudEngine
internal import CommandLanguage
internal import Simulation
package import StateStore
package import Terminal

/// The prompt: a learner, the world the words act on, and where lines come from and go to.
///
/// ```swift
/// let console = try Console(settings: settings, profile: .plain, lines: lines, out: out, err: err)
/// let status = console.runLines()
/// ```
///
/// Nothing durable is opened before a word needs it. A console is used by one thread alone. What needs the
/// world goes through `atWorld`, so that it is alone with it, or is done by the process that owns it.
package final class Console {
  package let settings: ConsoleSettings
  package let out: OutputChannel
  package let err: OutputChannel
  package let learner: LearnerFolder
  package var profile: TerminalProfile
  package var lines: any LineEditor

  /// The world in use, if this process owns it; nil until a word needs one.
  private(set) var owned: OwnedWorld?
  /// The world in use, if another process owns it.
  private(set) var held: HeldWorld?
  /// Whether other processes may reach the world that this one owns: a prompt, a script, an endpoint.
  var isReachable = false
  /// True for the console of another process's lines; it neither opens nor closes worlds.
  let isGuest: Bool
  /// The files that came with a guest's line.
  var files: RequestFiles?
  var interruption = Interruption.ofSignals
  private var isInTurn = false
  private var progressStore: ProgressStore?
  /// True once a word asked to leave.
  package internal(set) var isLeaving = false
  private let idleDesk = LabDesk()
  /// Questions and labs.
  let shelf = ContentShelf()

  /// - Throws: A refusal where no folder for state can be found or the learner's name is none.
  package init(
    settings: ConsoleSettings, profile: TerminalProfile, lines: any LineEditor,
    out: OutputChannel, err: OutputChannel
  ) throws {
    self.settings = settings
    self.profile = profile
    self.lines = lines
    self.out = out
    self.err = err
    isGuest = false
    learner = try StateHome.locate(environment: settings.environment).learner(settings.learner)
  }

  /// A console for another process's lines at a world that this process owns.
  init(
    guestOf world: OwnedWorld, _ learner: LearnerFolder, settings: ConsoleSettings,
    profile: TerminalProfile, out: OutputChannel, err: OutputChannel
  ) {
    self.settings = settings
    self.profile = profile
    self.lines = ScriptedLines([])
    self.out = out
    self.err = err
    self.learner = learner
    isGuest = true
    owned = world
  }

  deinit { if !isGuest { try? owned?.close() } }

  // MARK: The world

  /// The session of the world that this process owns; touched in turns only.
  var session: Session? { owned?.session }
  /// What the labs keep in memory about the run that is open.
  var labDesk: LabDesk { owned?.labDesk ?? idleDesk }

  /// The id of the world the words act on.
  func currentWorldID() throws -> String {
    try owned?.session.folder.id ?? held?.folder.id ?? learner.currentWorld()
  }

  /// The world the words act on, opened, and made if it is the sandbox and not there yet.
  ///
  /// - Throws: `StateError`; a refusal for content that cannot be read; `HeldElsewhere`.
  package func world() throws -> Session {
    if let owned { return owned.session }
    if let held { throw HeldElsewhere(world: held.folder.id, owner: held.owner) }
    let id = try learner.currentWorld()
    let folder = try learner.world(id)
    var start: StartDescription?
    if id == LearnerFolder.sandbox, !folder.exists {
      start = StartDescription(
        seed: settings.newSeed(), clock: try (settings.clock ?? settings.hostNow()).flooredToSecond,
        engineVersion: EngineVersion.current)
    }
    return try open(folder, start: start)
  }

  /// Opens a world in place of the one in use.
  ///
  /// - Throws: `HeldElsewhere` if another process owns it, which is in use from then on.
  @discardableResult
  func open(_ folder: WorldFolder, start: StartDescription?) throws -> Session {
    try closeWorld()
    if start != nil { try learner.make() }
    let reach = try WorldReach.find(
      folder, hello: GuestHello(settings, profile).document, engineVersion: EngineVersion.current,
      start: start, makeCloud: StartCloud.make)
    switch reach {
    case .owned(let session):
      let world = OwnedWorld(session)
      owned = world
      report(session.opening)
      return session
    case .held(let link):
      held = HeldWorld(folder, link)
      throw HeldElsewhere(world: folder.id, owner: link.owner)
    }
  }

  /// Saves and gives the world back, if one is open.
  package func closeWorld() throws {
    guard !isGuest else {
      throw PromptRefusal("This is for the process that it is typed in.", status: 2)
    }
    held = nil
    guard let open = owned else { return }
    owned = nil
    try open.close()
  }

  /// Forgets the process that owned the world; the next word opens the world, or finds its next owner.
  func letGo() { held = nil }

  /// Lets other processes reach the world, if this process owns one and stays for more than a word.
  func listen() {
    guard isReachable, !isGuest, let owned else { return }
    do {
      try owned.listen(for: learner)
    } catch {
      isReachable = false
      talk("Other terminals cannot reach this world. \(PromptRefusal(error).line)")
    }
  }

  /// Does something with the world while no other process's line and no request is under way; within
  /// itself, and where no world is open, it is done as it is.
  ///
  /// - Throws: What the body throws; a refusal after Ctrl-C; `WorldIsClosed` in a guest's console.
  func inTurn<T>(_ body: () throws -> T) throws -> T {
    guard let owned, !isInTurn else { return try body() }
    let result = try owned.shared.exclusively(unless: interruption.isRaised) { _ in
      guard owned.isOpen else { throw WorldIsClosed() }
      isInTurn = true
      defer { isInTurn = false }
      return try body()
    }
    guard let result else {
      _ = interruption.take()
      throw PromptRefusal("Interrupted. Nothing was changed.", status: 130)
    }
    return result
  }

  /// What a learner has to know about a world that was opened.
  private func report(_ opening: OpeningReport) {
    if opening.differences > 0 {
      talk(
        "This world was made by engine \(opening.recordedEngine); "
          + "\(opening.differences) answers differ in this one. What is shown is this one's.")
    }
    if opening.lostRows > 0 {
      talk("The end of this world's journal is missing: \(opening.lostRows) rows.")
    }
  }

  /// The learner's progress, opened at the first call.
  func progress() throws -> ProgressStore {
    if let progressStore { return progressStore }
    let opened = try ProgressStore(learner)
    progressStore = opened
    return opened
  }

  /// Whether the learner has done anything that is kept; looking makes nothing.
  var hasProgress: Bool {
    get throws { progressStore != nil || HostFile.exists(learner.progressPath) }
  }

  /// The Region and credentials of commands that name none.
  func defaultProfile(_ session: Session) -> Profile {
    labDesk.profile(session) ?? Profile(account: StartCloud.account, region: StartCloud.region)
  }
}

/// The first state of a world, from what its journal's first entry says.
package enum StartCloud {
  /// The account and Region of a sandbox, as the endpoint's default.
  package static let account = "123456789012"
  package static let region = "us-east-1"
}
