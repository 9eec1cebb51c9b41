// SPDX-License-Identifier: GPL-3.0-or-later

import CommandLanguage
import Documents
import Simulation
import StateStore
import Terminal

extension Console {
  /// `time`, `time +5m`, `time aws …`.
  func time(_ call: Call) throws -> Int32 {
    guard let first = call.arguments.first else { return try showTime() }
    if first == "aws" {
      let run = try sendAWS(Array(call.arguments), settings: [], typed: call.typed)
      passOnAnswer(run.outcome)
      try? out.flush()
      passOn(run.outcome.stderr, to: err)
      if settings.coaches, !run.outcome.coaching.isEmpty {
        talk(run.outcome.coaching.joined(separator: " "))
      }
      talk("virtual \(run.virtual.spoken), real \(decimal(run.real.milliseconds, 1)) ms")
      try noticeLab()
      return run.outcome.status
    }
    guard first.hasPrefix("+"), call.arguments.count == 1,
      let duration = try? Duration(short: String(first.dropFirst()))
    else { throw call.misuse("\"\(first)\" is no length of time.") }
    return try move(by: duration, call)
  }

  private func showTime() throws -> Int32 {
    let session = try world()
    let pending = session.pendingTransitions
    if settings.printsJSON {
      answer([
        "now": .string(session.now.rfc3339Milliseconds),
        "pending": .array(
          pending.map {
            ["at": .string($0.at.rfc3339Milliseconds), "what": .string($0.what)]
          }),
      ])
      return 0
    }
    say("\(session.now.promptText)   \(session.now.rfc3339)")
    for (instant, what) in pending.prefix(10) {
      say("  in \((instant - session.now).spoken): \(plain(what))")
    }
    if pending.count > 10 { say("  and \(pending.count - 10) more") }
    if pending.isEmpty { say("  Nothing is under way. \"time +5m\" moves the clock.") }
    return 0
  }

  /// `date`: the clock alone.
  func date(_ call: Call) throws -> Int32 {
    try call.takesNothing()
    let now = try world().now
    say(settings.printsJSON ? Document.string(now.rfc3339).json(.compact) : now.rfc3339)
    return 0
  }

  /// `sleep 60`, `sleep 5m`: as in a shell, on the virtual clock.
  func sleep(_ call: Call) throws -> Int32 {
    guard let text = try call.onlyArgument() else { throw call.misuse() }
    let digits = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    guard let duration = try? Duration(short: digits ? text + "s" : text) else {
      throw call.misuse("\"\(text)\" is no length of time.")
    }
    return try move(by: duration, call)
  }

  private func move(by duration: Duration, _ call: Call) throws -> Int32 {
    let session = try world()
    let room = Instant(milliseconds: 253_402_300_799_000) - session.now
    guard duration <= room else {
      throw PromptRefusal("The clock ends with the year 9999.", status: 2)
    }
    let before = session.pendingTransitions
    try inCommand(session, call.typed) {
      session.commandMovesClock()
      try self.letPass(duration, in: session)
    }
    report(session, before: before)
    try noticeLab()
    return 0
  }

  /// `wait`: until nothing is pending.
  func wait(_ call: Call) throws -> Int32 {
    try call.takesNothing()
    let session = try world()
    let before = session.pendingTransitions
    guard !before.isEmpty else {
      say("Nothing is under way. \"time +5m\" moves the clock.")
      return 0
    }
    let start = session.now
    try inCommand(session, call.typed) {
      session.commandMovesClock()
      // One transition may begin the next; what never ends is left after a while.
      for _ in 0..<10_000 {
        guard let last = session.pendingTransitions.map(\.at).max() else { return }
        try self.letPass(last - session.now, in: session)
      }
    }
    say("Waited \((session.now - start).spoken).")
    report(session, before: before)
    try noticeLab()
    return 0
  }

  /// What was under way and is done.
  private func report(
    _ session: Session, before: [(at: Instant, what: String)]
  ) {
    let now = session.now
    say("\(now.promptText)   \(now.rfc3339)")
    let done = before.filter { $0.at <= now }
    for (instant, what) in done.prefix(10) { say("  \(instant.promptText)  \(plain(what))") }
    if done.count > 10 { say("  and \(done.count - 10) more") }
  }

  /// Lets virtual time pass in the command under way, with everything a lab has planned for it.
  func letPass(_ duration: Duration, in session: Session) throws {
    try labDesk.letPass(duration, in: session, unless: interruption)
  }

  /// Runs something as one typed command: saved whole, or given up whole.
  func inCommand(_ session: Session, _ typed: String, _ body: () throws -> Void) throws {
    try session.beginCommand(typed)
    do {
      try body()
    } catch {
      session.abandonCommand()
      throw error
    }
    try session.endCommand(status: 0)
  }
}

extension Duration {
  /// This length as people say it: `3 min 20 s`, `35 days`, `0.5 s`.
  var spoken: String {
    let total = wholeMilliseconds
    guard total >= 1000 else { return total == 0 ? "0 s" : "\(decimal(Double(total) / 1000, 3)) s" }
    var seconds = total / 1000
    var parts: [String] = []
    for (unit, name) in [(Int64(86_400), "day"), (3600, "h"), (60, "min"), (1, "s")] {
      let count = seconds / unit
      seconds %= unit
      guard count > 0 else { continue }
      parts.append(name == "day" ? counted(Int(count), "day") : "\(count) \(name)")
    }
    return parts.prefix(3).joined(separator: " ")
  }

  /// This length in milliseconds, with fractions.
  var milliseconds: Double {
    let parts = components
    return Double(parts.seconds) * 1000 + Double(parts.attoseconds) / 1e15
  }
}
