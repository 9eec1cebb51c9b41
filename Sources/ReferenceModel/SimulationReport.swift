// SPDX-License-Identifier: GPL-3.0-or-later

/// The outcome of many random histories: how many agreed, and the first that did not, shortened.
package struct SimulationReport: CustomStringConvertible {
  package struct Failure {
    package let seed: UInt64
    package let difference: HistoryRun.Difference
    package let shortened: [HistoryCommand]
  }

  package private(set) var histories: UInt64 = 0
  package let commands: Int
  package let firstSeed: UInt64
  package private(set) var failure: Failure?

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
      if let difference = HistoryRun.difference(history, seed: seed) {
        report.failure = Failure(
          seed: seed, difference: difference,
          shortened: HistoryRun.shortened(history) {
            HistoryRun.difference($0, seed: seed) != nil
          })
        return report
      }
      report.histories += 1
    }
    return report
  }

  private init(commands: Int, firstSeed: UInt64) {
    self.commands = commands
    self.firstSeed = firstSeed
  }

  package var description: String {
    guard let failure else {
      return "\(histories) histories of \(commands) commands agree with the model, "
        + "first seed \(firstSeed)"
    }
    return
      (["seed \(failure.seed): \(failure.difference)", "shortened:"]
      + failure.shortened.map { "  \($0)" }).joined(separator: "\n")
  }
}
