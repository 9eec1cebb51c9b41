// SPDX-License-Identifier: GPL-3.0-or-later

// Measures the engine, each figure beside its aim and beside something else in the same process.

import Glibc

let usage = """
  usage: rewind-bench [--smoke] [--markdown] [structures] [baselines] [histories] [engine]
                    [checkpoints] [durability]
         rewind-bench month [--smoke]
         rewind-bench year [--smoke]
  --smoke     sizes that take seconds, to see that everything works; its figures mean nothing
  --markdown  the table as the README shows it
  month       a month of a large table, restored at random seconds and compared with a fold
  year        a year of hourly plans over 200 tables, compared with a calculation of its own
  """
let parts = [
  "structures", "baselines", "histories", "engine", "checkpoints", "durability", "month", "year",
]
let options = ["--smoke", "--markdown"]
let words = Array(CommandLine.arguments.dropFirst())
guard words.allSatisfy({ parts.contains($0) || options.contains($0) }) else {
  print(usage)
  exit(2)
}
let chosen = words.filter(parts.contains)
let scale = Scale(isSmoke: words.contains("--smoke"))
exit(Benchmarks.run(chosen, scale, isMarkdown: words.contains("--markdown")))
