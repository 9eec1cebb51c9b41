// SPDX-License-Identifier: GPL-3.0-or-later

import ContentFormat
import Foundation
import Scenarios
import Testing
import Worlds

/// A way through a lab that its authors did not write down: `OtherPaths/LAB/NAME.txt`, one line a
/// command as at the prompt, `#` for comments, placeholders for what the seed decides.
private struct OtherPath: Sendable, CustomTestStringConvertible {
  let lab: String
  let name: String
  let lines: [String]

  var testDescription: String { "\(lab)/\(name)" }

  static let all: [OtherPath] = Place.names(in: Place.otherPaths).flatMap { lab in
    let folder = Place.otherPaths.appendingPathComponent(lab)
    return Place.names(in: folder).map { name in
      let text =
        (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? ""
      let lines = text.split(whereSeparator: \.isNewline).map(String.init)
        .filter { !$0.hasPrefix("#") }
      return OtherPath(lab: lab, name: name, lines: lines)
    }
  }
}

@Suite("Ways that no reference solution goes")
struct OtherPathsTests {
  @Test("get full marks", arguments: OtherPath.all, [1, 2, 3])
  private func marks(_ path: OtherPath, seed: UInt64) throws {
    var bench = LabBench(try LabRun(Place.lab(path.lab), seed: seed))
    for line in path.lines { _ = try bench.play(line) }
    #expect(try bench.lab.recognisedTrap(in: bench.world) == nil)
    _ = try bench.finish()
    let failed = bench.lab.tasks.flatMap { $0.verdict?.checks ?? [] }.filter { !$0.passes }
    #expect(failed == [])
    #expect(bench.lab.score.points == bench.lab.score.outOf)
    #expect(bench.lab.score.hasPassed)
  }

  @Test("exist for every lab, and are no reference solution", arguments: Place.labs)
  func exist(lab: String) throws {
    let paths = OtherPath.all.filter { $0.lab == lab }
    #expect(!paths.isEmpty)
    let scenario = try #require(Place.lab(lab).scenario)
    for path in paths {
      let operations = Set(path.lines.map(Self.operation))
      for solution in scenario.solutions {
        #expect(Set(solution.value.run.map { Self.operation($0.text) }) != operations)
      }
    }
  }

  /// `create-backup` of a line that creates one.
  private static func operation(_ line: String) -> String {
    let words = line.split(separator: " ")
    guard let aws = words.firstIndex(where: { $0.hasSuffix("aws") }), words.count > aws + 2 else {
      return words.first.map(String.init) ?? ""
    }
    return String(words[aws + 2])
  }
}
