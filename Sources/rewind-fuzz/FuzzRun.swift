// SPDX-License-Identifier: GPL-3.0-or-later

import Glibc

/// Runs targets, and says which execution it was if one ends the process.
enum FuzzRun {
  /// No input may take longer than this.
  private static let secondsLimit = 1.0

  /// Runs each target for its share of the time.
  ///
  /// - Returns: 0, or 1 if something did not hold or took too long.
  static func run(_ targets: [FuzzTarget], seconds: Double, seed: UInt64) -> Int32 {
    for signal in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT] {
      sayWhereOnTrap(signal)
    }
    var total: UInt64 = 0
    for target in targets {
      var number: UInt64 = 0
      var slowest = 0.0
      let end = now() + seconds / Double(targets.count)
      while now() < end {
        CurrentExecution.set(target: target.name, seed: seed, number: number)
        let input = target.mutator.input(seed: seed, number: number)
        let start = now()
        let problem = target.run(input)
        let taken = now() - start
        slowest = max(slowest, taken)
        if let problem = problem ?? (taken > secondsLimit ? "takes \(taken) s" : nil) {
          print("\(target.name): seed \(seed), execution \(number): \(problem)")
          return 1
        }
        number += 1
      }
      total += number
      print("\(target.name): \(number) executions, the slowest \(Int(slowest * 1_000_000)) µs")
    }
    print("\(total) executions, seed \(seed): nothing found")
    return 0
  }

  /// Prints the input of one execution.
  static func show(_ arguments: [String]) -> Int32 {
    guard arguments.count == 3, let seed = UInt64(arguments[0]), let number = UInt64(arguments[2]),
      let target = FuzzTarget.all.first(where: { $0.name == arguments[1] })
    else {
      print("usage: rewind-fuzz show SEED TARGET NUMBER")
      return 2
    }
    let input = target.mutator.input(seed: seed, number: number)
    return input.withUnsafeBytes { write(1, $0.baseAddress, $0.count) } == input.count ? 0 : 1
  }

  private static let start = ContinuousClock.now

  /// Seconds since the run began.
  private static func now() -> Double {
    let duration = start.duration(to: .now)
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
  }
}

/// What is being run, as text that a signal handler can write.
private enum CurrentExecution {
  // Only this thread writes it, and the handler runs on this thread.
  nonisolated(unsafe) static let line = UnsafeMutablePointer<CChar>.allocate(capacity: capacity)
  static let capacity = 160

  static func set(target: String, seed: UInt64, number: UInt64) {
    let text = "trapped: rewind-fuzz show \(seed) \(target) \(number)\n"
    _ = text.withCString { strncpy(line, $0, capacity - 1) }
  }
}

private func sayWhereOnTrap(_ number: Int32) {
  signal(number) { caught in
    _ = write(2, CurrentExecution.line, strlen(CurrentExecution.line))
    signal(caught, SIG_DFL)
    raise(caught)
  }
}
