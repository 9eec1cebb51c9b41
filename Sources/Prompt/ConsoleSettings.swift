// SPDX-License-Identifier: GPL-3.0-or-later

internal import CommandLanguage
internal import Glibc
package import Simulation

/// What the outer command line and the environment say, before any world is opened.
package struct ConsoleSettings {
  package var learner = "default"
  /// Decides identifiers and draws of what is started now; nil draws one from the host.
  package var seed: UInt64?
  /// The first instant of a new sandbox; nil for the host's second.
  package var clock: Instant?
  /// Whether a script ends at its first failed command.
  package var isStrict = false
  /// Whether words answer with one JSON object instead of text.
  package var printsJSON = false
  /// Whether coaching lines follow failed commands.
  package var coaches = true
  /// Whether questions and labs not in the usual place were named.
  package var contentPath: String?
  /// How the program was called, as it can be called again in the same folder.
  package var calledAs = "rewind"
  package var environment: [String: String]
  /// Where paths begin that are not absolute.
  package var workingDirectory: String

  package init(environment: [String: String]) {
    self.environment = environment
    workingDirectory = Self.hostFolder
  }

  /// The folder that this process works in.
  private static var hostFolder: String {
    guard let folder = getcwd(nil, 0) else { return "/" }
    defer { free(folder) }
    return String(cString: folder)
  }

  /// The file of this program; nil where the system does not tell.
  static var program: String? {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }

  /// What the environment says of a command that stands alone, as settings before it.
  ///
  /// `AWS_REGION=eu-west-1 rewind aws …` is such a command. Keys are not among it: they may be real.
  var commandSettings: [Line.Setting] {
    ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_DEFAULT_OUTPUT"].compactMap { name in
      environment[name].flatMap { $0.isEmpty ? nil : Line.Setting(name: name, value: $0) }
    }
  }

  /// Sets the seed from what was typed after `--seed`.
  ///
  /// - Throws: A refusal for what is no seed.
  package mutating func setSeed(_ text: String) throws {
    guard let value = UInt64(seedText: text) else {
      throw PromptRefusal(
        "--seed is no seed.", advice: "Digits, or as shown: 41ad-0007.", status: 2)
    }
    seed = value
  }

  /// Sets the first instant of a new sandbox from what was typed after `--clock`.
  ///
  /// - Throws: A refusal for what is no instant.
  package mutating func setClock(_ text: String) throws {
    guard let instant = try? Instant(rfc3339: text) else {
      throw PromptRefusal(
        "--clock is no instant.", advice: "Write it as 2026-03-06T17:40:00Z.", status: 2)
    }
    clock = instant
  }

  /// The host's clock in UTC; `REWIND_NOW` stands in for it in tests.
  ///
  /// - Throws: A refusal where `REWIND_NOW` is no instant.
  package func hostNow() throws -> Instant {
    if let text = environment["REWIND_NOW"], !text.isEmpty {
      guard let instant = try? Instant(rfc3339: text) else {
        throw PromptRefusal(
          "REWIND_NOW is no instant.", advice: "Write it as 2026-03-06T17:40:00Z.", status: 2)
      }
      return instant
    }
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// The seed of something that is started now: the given one, else one that differs each time.
  package func newSeed() -> UInt64 {
    if let seed { return seed }
    var generator = SystemRandomNumberGenerator()
    // Short enough to be read aloud: it is shown as 41ad-0007.
    return UInt64(UInt32.random(in: 0 ... .max, using: &generator))
  }

  /// A monotonic clock for what a person waits for.
  static func ticks() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
  }
}

/// The version whose outcomes have to replay exactly.
package enum EngineVersion {
  package static let current = "10"
}
