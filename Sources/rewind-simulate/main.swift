// SPDX-License-Identifier: GPL-3.0-or-later

// Runs random histories on the engine and on the reference model, on all cores, and compares them
// after every command:
//   rewind-simulate [HISTORIES] [COMMANDS] [FIRST-SEED]
//   rewind-simulate replay SEED COMMANDS POSITION,POSITION,...

import Glibc
import ReferenceModel

func usage() -> Never {
  print("usage: rewind-simulate [HISTORIES] [COMMANDS] [FIRST-SEED]")
  print("       rewind-simulate replay SEED COMMANDS POSITION,POSITION,...")
  exit(2)
}

let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.first == "replay" {
  guard arguments.count == 4, let seed = UInt64(arguments[1]), let commands = Int(arguments[2])
  else { usage() }
  let positions = arguments[3].split(separator: ",").compactMap { Int($0) }
  let difference = SimulationReport.replay(seed: seed, commands: commands, positions: positions)
  print(difference.map { "seed \(seed): \($0)" } ?? "engine and model agree")
  exit(difference == nil ? 0 : 1)
}

let numbers = arguments.map { UInt64($0) }
guard numbers.allSatisfy({ $0 != nil }), numbers.count <= 3 else { usage() }
let values = numbers.compactMap { $0 }
let histories = values.first ?? 20_000
let commands = Int(values.dropFirst().first ?? 100)
let firstSeed = values.dropFirst(2).first ?? 1

/// Batches of consecutive seeds, each on one core; the first failure by seed ends the run.
func runAll() async -> SimulationReport {
  let batch: UInt64 = 500
  var total = SimulationReport(commands: commands, firstSeed: firstSeed)
  let started = ContinuousClock.now
  await withTaskGroup(of: SimulationReport.self) { group in
    var next = firstSeed
    let end = firstSeed + histories
    func addTask() {
      guard next < end else { return }
      let (from, count) = (next, min(batch, end - next))
      next += count
      group.addTask {
        SimulationReport.run(histories: count, commands: commands, firstSeed: from)
      }
    }
    for _ in 0..<max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) { addTask() }
    for await report in group {
      total.add(report)
      guard total.failure == nil else { continue }
      addTask()
      if total.histories >= 50_000, total.histories % 50_000 < batch, total.histories < histories {
        print("\(total.histories) histories, \(ContinuousClock.now - started)")
        fflush(nil)
      }
    }
  }
  return total
}

let report = await runAll()
print(report)
exit(report.failure == nil ? 0 : 1)
