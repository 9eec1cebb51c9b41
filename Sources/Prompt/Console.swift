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
/// Nothing durable is opened before a word needs it. A console is used by the main thread alone.
package final class Console {
  package let settings: ConsoleSettings
  package let out: OutputChannel
  package let err: OutputChannel
  package let learner: LearnerFolder
  package var profile: TerminalProfile
  package var lines: any LineEditor

  /// The world in use; nil until a word needs one.
  private(set) var session: Session?
  private var openedWorld = ""
  private var progressStore: ProgressStore?
  /// True once a word asked to leave.
  package internal(set) var isLeaving = false
  /// What the labs keep in memory about the run that is open.
  let labDesk = LabDesk()
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
    learner = try StateHome.locate(environment: settings.environment).learner(settings.learner)
  }

  // MARK: The world

  /// The id of the world the words act on.
  func currentWorldID() throws -> String {
    session == nil ? try learner.currentWorld() : openedWorld
  }

  /// The world the words act on, opened, and made if it is the sandbox and not there yet.
  ///
  /// - Throws: `StateError`; a refusal for content that cannot be read.
  package func world() throws -> Session {
    if let session { return session }
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
  @discardableResult
  func open(_ folder: WorldFolder, start: StartDescription?) throws -> Session {
    try closeWorld()
    if start != nil { try learner.make() }
    let opened = try Session(
      folder, engineVersion: EngineVersion.current, start: start, makeCloud: StartCloud.make)
    session = opened
    openedWorld = folder.id
    report(opened.opening)
    return opened
  }

  /// Saves and gives the world back, if one is open.
  package func closeWorld() throws {
    guard let open = session else { return }
    session = nil
    labDesk.forget()
    try open.close()
  }

  /// Gives the world to somebody who serves it to many; the next word opens it again.
  func lendWorld(pace: Pace, drive: ClockDrive?) throws -> SharedSession {
    // Nothing else refers to it from here on.
    nonisolated(unsafe) let lent = try world()
    session = nil
    labDesk.forget()
    return SharedSession(lent, door: "endpoint", pace: pace, drive: drive)
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
