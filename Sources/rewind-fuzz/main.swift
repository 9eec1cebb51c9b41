// SPDX-License-Identifier: GPL-3.0-or-later

// Feeds made-up input to everything that reads text from outside:
//   rewind-fuzz [SECONDS] [SEED] [TARGET]       all targets, or one, for so long
//   rewind-fuzz show SEED TARGET NUMBER         the input of one execution, on standard output
//   rewind-fuzz requests [COUNT] [SEED]         broken requests to the endpoint, so many
// A trap ends the process; the line before says which execution it was.

import Glibc

let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.first == "show" {
  exit(FuzzRun.show(Array(arguments.dropFirst())))
}
if arguments.first == "requests" {
  let numbers = arguments.dropFirst().map { UInt64($0) }
  guard numbers.count <= 2, !numbers.contains(nil) else {
    print("usage: rewind-fuzz requests [COUNT] [SEED]")
    exit(2)
  }
  let count = numbers.first.flatMap { $0 } ?? 100_000
  exit(RequestRun.run(Int(count), seed: numbers.dropFirst().first.flatMap { $0 } ?? 1))
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
