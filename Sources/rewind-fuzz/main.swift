// SPDX-License-Identifier: GPL-3.0-or-later

// Feeds made-up input to everything that reads text from outside:
//   rewind-fuzz [SECONDS] [SEED] [TARGET]       all targets, or one, for so long
//   rewind-fuzz show SEED TARGET NUMBER         the input of one execution, on standard output
// A trap ends the process; the line before says which execution it was.

import Glibc

let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.first == "show" {
  exit(FuzzRun.show(Array(arguments.dropFirst())))
}
let seconds = arguments.isEmpty ? 30 : Double(arguments[0])
let seed = arguments.count < 2 ? 1 : UInt64(arguments[1])
let targets = FuzzTarget.all.filter { arguments.count < 3 || $0.name == arguments[2] }
guard let seconds, seconds > 0, let seed, !targets.isEmpty else {
  print("usage: rewind-fuzz [SECONDS] [SEED] [TARGET]")
  print("targets: " + FuzzTarget.all.map(\.name).joined(separator: " "))
  exit(2)
}
exit(FuzzRun.run(targets, seconds: seconds, seed: seed))
