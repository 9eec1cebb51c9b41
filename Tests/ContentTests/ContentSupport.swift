// SPDX-License-Identifier: GPL-3.0-or-later

import ContentFormat
import Foundation
import Scenarios
import Worlds

/// Where the repository and this folder of tests are.
enum Place {
  static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  /// The folder of the scenarios, or what `REWIND_CONTENT` names for a copy of the tests elsewhere.
  static let root: String = {
    if let named = ProcessInfo.processInfo.environment["REWIND_CONTENT"] { return named }
    return tests.deletingLastPathComponent().deletingLastPathComponent()
      .resolvingSymlinksInPath().path
  }()
  static let scenarios = ContentFolder(path: root + "/scenarios")
  static let broken = ContentFolder(path: tests.appendingPathComponent("Broken").path)
  static let otherPaths = tests.appendingPathComponent("OtherPaths")

  /// The names in a folder, sorted.
  static func names(in folder: URL) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }

  /// The scenario file of a lab.
  static func lab(_ id: String) -> ScenarioFile {
    ScenarioFile(name: id + ".yaml", in: scenarios)
  }

  /// The ids of the labs.
  static let labs: [String] = ((try? scenarios.yamlFiles()) ?? []).map {
    String($0.dropLast(".yaml".count))
  }

  /// How many seeds content is proved over; `REWIND_SEEDS` asks for others.
  static let seeds: ClosedRange<UInt64> = {
    let asked = ProcessInfo.processInfo.environment["REWIND_SEEDS"].flatMap(UInt64.init) ?? 20
    return 1...max(1, asked)
  }()
}
