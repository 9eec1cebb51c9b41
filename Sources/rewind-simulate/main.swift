// SPDX-License-Identifier: GPL-3.0-or-later

// Runs random histories on the engine and on the reference model, and compares them after every
// command: rewind-simulate [HISTORIES] [COMMANDS] [FIRST-SEED]

import Glibc
import ReferenceModel

let numbers = CommandLine.arguments.dropFirst().map { UInt64($0) }
guard numbers.allSatisfy({ $0 != nil }), numbers.count <= 3 else {
  print("usage: rewind-simulate [HISTORIES] [COMMANDS] [FIRST-SEED]")
  exit(2)
}
let values = numbers.compactMap { $0 }
let report = SimulationReport.run(
  histories: values.first ?? 20_000, commands: Int(values.dropFirst().first ?? 100),
  firstSeed: values.dropFirst(2).first ?? 1)
print(report)
exit(report.failure == nil ? 0 : 1)
