// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import CommandLanguage
import Documents
import Simulation
import StateStore
import Terminal
import Worlds

/// What one `aws` command did, and how long it took on both clocks.
struct AWSRun {
  let outcome: CommandOutcome
  let virtual: Duration
  let real: Duration
}

extension Console {
  /// Virtual time an accepted command takes, added after its answer.
  static let commandTime: Duration = .seconds(1)

  /// Runs an `aws` command and prints its answer once it is saved.
  func runAWS(_ words: [String], settings: [Line.Setting], typed: String) throws -> Int32 {
    let run = try sendAWS(words, settings: settings, typed: typed)
    show(run.outcome)
    try noticeLab()
    return run.outcome.status
  }

  /// Runs an `aws` command and keeps what it would have printed under a name.
  func capture(_ name: String, command: [String], typed: String) throws -> Int32 {
    let run = try sendAWS(command, settings: [], typed: typed, under: name)
    var outcome = run.outcome
    if outcome.status == 0 { (outcome.stdout, outcome.contents) = ("", []) }
    show(outcome)
    try noticeLab()
    return outcome.status
  }

  /// Sends an `aws` command through the session: all of it is saved when this returns, or none.
  ///
  /// - Parameters:
  ///   - words: The command.
  ///   - settings: What stands before it.
  ///   - typed: The line as typed, for the log.
  ///   - name: Keeps the answer under this name, in the same commit.
  /// - Returns: What to print, and what it took.
  /// - Throws: `StateError`; a refusal after Ctrl-C.
  func sendAWS(
    _ words: [String], settings: [Line.Setting], typed: String, under name: String? = nil
  ) throws -> AWSRun {
    let session = try world()
    let context = context(session, settings: settings)
    let began = ConsoleSettings.ticks()
    let virtualStart = session.now
    _ = interruption.take()
    try session.beginCommand(typed)
    var problem: (any Error)?
    var door = Door(
      perform: { session.answer($0) }, now: { session.now },
      advance: { duration in
        guard problem == nil, !self.interruption.isRaised() else { return }
        do { try self.letPass(duration, in: session) } catch { problem = error }
      },
      pending: { session.pendingTransitions.map { ($0.at, $0.what) } })
    door.roleSession = { session.cloud.roleSession(forKey: $0) }
    let outcome = AWSCommand.run(words: words, context: context, door: door)
    if let files, !files.missing.isEmpty {
      session.abandonCommand()
      throw MissingFiles(paths: files.missing)
    }
    if interruption.take() {
      session.abandonCommand()
      throw PromptRefusal("Interrupted. Nothing was changed.", status: 130)
    }
    if let problem {
      session.abandonCommand()
      throw problem
    }
    do {
      if outcome.isAccepted { try letPass(Self.commandTime, in: session) }
      for change in outcome.configured {
        try session.setVariable(change.worldName, to: change.value)
      }
      if let name, outcome.status == 0 {
        try session.setVariable(name, to: Self.withoutLineEnds(outcome.stdout))
      }
    } catch {
      session.abandonCommand()
      throw error
    }
    try session.endCommand(status: outcome.status)
    return AWSRun(
      outcome: outcome, virtual: session.now - virtualStart,
      real: ConsoleSettings.ticks() - began)
  }

  private static func withoutLineEnds(_ text: String) -> String {
    var text = text[...]
    while text.last?.isNewline == true { text = text.dropLast() }
    return String(text)
  }

  /// Prints what a command answered: contents of objects byte by byte, but never onto a terminal.
  func passOnAnswer(_ outcome: CommandOutcome) {
    if profile.showsOnTerminal {
      passOn(String(decoding: outcome.contents, as: UTF8.self), to: out)
    } else {
      out.write(bytes: outcome.contents)
    }
    passOn(outcome.stdout, keepingColour: outcome.hasColour)
  }

  /// Prints an answer; on a terminal nothing but the colours of tables gets through to it as control.
  private func passOn(_ text: String, keepingColour: Bool) {
    let codes = TableColour.allCases.map(\.rawValue) + [TableColour.end]
    var rest = text[...]
    while keepingColour, let start = rest.utf8.firstIndex(of: 0x1B) {
      passOn(String(rest[..<start]), to: out)
      rest = rest[start...]
      let code = codes.first { rest.utf8.starts(with: $0.utf8) }
      if let code { out.write(code) } else { passOn("\u{1B}", to: out) }
      rest = rest[rest.utf8.index(start, offsetBy: code?.utf8.count ?? 1)...]
    }
    passOn(String(rest), to: out)
  }

  private func show(_ outcome: CommandOutcome) {
    passOnAnswer(outcome)
    guard !outcome.stderr.isEmpty || !outcome.coaching.isEmpty else { return }
    try? out.flush()
    passOn(outcome.stderr, to: err)
    guard settings.coaches, !outcome.coaching.isEmpty else { return }
    let arrow = profile.isInteractive && outcome.status != 0 ? ["Up arrow edits the line."] : []
    talk((outcome.coaching + arrow).joined(separator: " "))
  }

  /// Everything a command line may refer to: profiles, names set here, files, live names.
  func context(
    _ session: Session, settings: [Line.Setting], looksUpNames: Bool = true
  ) -> CommandContext {
    let profile = defaultProfile(session)
    var environment: [String: String] = [:]
    for name in CommandContext.readVariables { environment[name] = session.variables[name] }
    for setting in settings { environment[setting.name] = setting.value }
    var context = CommandContext(
      profile: profile, profiles: labDesk.profiles(session), environment: environment,
      readFile: { path throws(FileFailure) in try self.readFile(path) },
      terminalWidth: columns,
      liveNames: looksUpNames && self.settings.coaches
        ? LiveWorld(session.cloud, profile).names : LiveNames())
    context.showsColour = self.profile.showsOnTerminal && self.profile.hasColour
    context.configuration = Configuration(names: session.variables)
    // A command that stands alone has the shell's AWS_PROFILE, which mostly names an account of the
    // user's own. Like their files, it does not count where the world knows nothing of it.
    if !self.settings.coaches, let name = context.environment["AWS_PROFILE"],
      !context.profileNames.contains(name)
    {
      context.environment["AWS_PROFILE"] = session.variables["AWS_PROFILE"]
    }
    context.readYAML = CommandYAML.read
    context.writeFile = { path, bytes throws(FileFailure) in
      try self.writeFile(bytes, to: path)
    }
    return context
  }

  /// A file that `file://` names, from the process that the command was typed in.
  func readFile(_ path: String) throws(FileFailure) -> [UInt8] {
    guard let files else {
      return try HostFile.read(path, home: settings.environment["HOME"])
    }
    return try files.read(path)
  }

  /// Writes what a command brings down, where the process is at work that it was typed in.
  private func writeFile(_ bytes: [UInt8], to path: String) throws(FileFailure) {
    var path = path
    if isGuest {
      // These are not the other process's here.
      if path != "/dev/null", path.hasPrefix("/dev/") || path.hasPrefix("/proc/") { throw .denied }
      if !path.isEmpty, !path.hasPrefix("/"), !path.hasPrefix("~/") {
        path = settings.workingDirectory + "/" + path
      }
    }
    try HostFile.write(bytes, to: path, home: settings.environment["HOME"])
  }

  /// The caller of what the prompt itself looks up.
  func caller(_ session: Session) -> Caller {
    let profile = defaultProfile(session)
    let usual = Caller(
      account: profile.account, region: profile.region ?? StartCloud.region,
      principal: profile.principal)
    return context(session, settings: [], looksUpNames: false)
      .caller { session.cloud.roleSession(forKey: $0) } ?? usual
  }

  /// Refuses to keep what may be a key of the real world.
  func checkCredential(_ setting: Line.Setting) throws {
    let cloud = try world().cloud
    guard
      !RealCredentials.mayBe(
        setting.name, setting.value, isIssued: { cloud.roleSession(forKey: $0) != nil })
    else { throw PromptRefusal(RealCredentials.refusal, status: 2) }
  }
}
