// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// `./test` says by its exit status whether all went well, and CI hears nothing else of it.
@Suite("The exit status of ./test")
struct TestScriptTests {
  /// Runs what `./test` does once the program is built, with `checks` in place of the checks.
  private func run(checks: String) throws -> (status: Int32, output: String) {
    let script = try String(contentsOf: TidyTests.root.appending(path: "test"), encoding: .utf8)
    let start = try #require(script.range(of: "# The program waits"))
    let stand =
      "set -euo pipefail; step() { echo \"$1\"; }; program() { \(checks); }\n"
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", stand + script[start.lowerBound...]]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = try #require(try pipe.fileHandleForReading.readToEnd())
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  @Test("zero where every check passed, another where the program's failed")
  func status() throws {
    let passed = try run(checks: "echo asked")
    #expect(passed.status == 0)
    #expect(passed.output == "test build\nasked\ntests\n")
    let failed = try run(checks: "echo asked; false")
    #expect(failed.status == 1)
    #expect(failed.output == "test build\nasked\n")
  }
}
