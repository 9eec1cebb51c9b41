// SPDX-License-Identifier: GPL-3.0-or-later

/// The outcome of many random histories: how many agreed, and the first that did not, shortened.
package struct SimulationReport: Sendable, CustomStringConvertible {
  package struct Failure: Sendable {
    package let seed: UInt64
    package let difference: HistoryRun.Difference
    /// The positions of the commands that cannot be left out.
    package let kept: [Int]
    package let shortened: [HistoryCommand]
  }

  package internal(set) var histories: UInt64 = 0
  package let commands: Int
  package let firstSeed: UInt64
  package internal(set) var failure: Failure?

  /// Runs histories with consecutive seeds until one shows a difference.
  ///
  /// - Parameters:
  ///   - histories: How many.
  ///   - commands: The length of each.
  ///   - firstSeed: The seed of the first; it is printed, so that a failure can be run again.
  /// - Returns: What was found.
  package static func run(histories: UInt64, commands: Int, firstSeed: UInt64) -> SimulationReport {
    var report = SimulationReport(commands: commands, firstSeed: firstSeed)
    for seed in firstSeed..<(firstSeed + histories) {
      let history = HistoryCommand.history(seed: seed, count: commands)
      if HistoryRun.difference(history, seed: seed) != nil {
        report.failure = failure(of: history, seed: seed)
        return report
      }
      report.histories += 1
    }
    return report
  }

  /// Shortens a history that fails.
  private static func failure(of history: [HistoryCommand], seed: UInt64) -> Failure? {
    let kept = HistoryRun.shortened(history) { HistoryRun.difference($0, seed: seed) != nil }
    let shortened = kept.map { history[$0] }
    return HistoryRun.difference(shortened, seed: seed).map {
      Failure(seed: seed, difference: $0, kept: kept, shortened: shortened)
    }
  }

  /// Runs the commands of one history that are named by their positions.
  ///
  /// - Parameters:
  ///   - seed: The history's seed.
  ///   - commands: Its full length.
  ///   - positions: The commands to run.
  /// - Returns: The first difference, or nil if engine and model agree.
  package static func replay(
    seed: UInt64, commands: Int, positions: [Int]
  ) -> HistoryRun.Difference? {
    let history = HistoryCommand.history(seed: seed, count: commands)
    return HistoryRun.difference(
      positions.filter(history.indices.contains).map { history[$0] }, seed: seed)
  }

  package init(commands: Int, firstSeed: UInt64) {
    self.commands = commands
    self.firstSeed = firstSeed
  }

  package var description: String {
    guard let failure else {
      return "\(histories) histories of \(commands) commands agree with the model, "
        + "first seed \(firstSeed)"
    }
    let positions = failure.kept.map(String.init).joined(separator: ",")
    return
      (["seed \(failure.seed): \(failure.difference)", "shortened to \(failure.kept.count):"]
      + failure.shortened.map { "  \($0.source)," }
      + ["again: rewind-simulate replay \(failure.seed) \(commands) \(positions)"])
      .joined(separator: "\n")
  }
}

extension SimulationReport {
  /// Takes in what another run found; of two failures that of the lower seed stays.
  package mutating func add(_ other: SimulationReport) {
    histories += other.histories
    guard let found = other.failure else { return }
    if let failure, failure.seed < found.seed { return }
    failure = found
  }
}
