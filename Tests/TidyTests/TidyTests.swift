// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// Rules of the house that a reader can check, checked.
@Suite("The sources keep the rules of the house")
struct TidyTests {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  struct SourceFile: CustomStringConvertible, Sendable {
    let path: String
    let text: String
    var description: String { path }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    var module: String { String(path.split(separator: "/").dropFirst().first ?? "") }
  }

  /// All Swift files below a folder of the repository, in order.
  static func files(below folder: String) -> [SourceFile] {
    let base = root.appendingPathComponent(folder)
    let names = FileManager.default.enumerator(atPath: base.path)?.allObjects as? [String] ?? []
    return names.filter { $0.hasSuffix(".swift") }.sorted().compactMap { name in
      let text = try? String(contentsOf: base.appendingPathComponent(name), encoding: .utf8)
      return text.map { SourceFile(path: "\(folder)/\(name)", text: $0) }
    }
  }

  static let sources = files(below: "Sources")
  /// Made by `Scripts/embed-service-models`: data, not code.
  static let written = sources.filter { !$0.path.contains("/Embedded/") }
  static let quietFloors = [
    "PersistentCollections", "Simulation", "Documents", "CanonicalCoding", "JMESPath", "ItemModel",
    "TableStore",
    "ServiceModel", "CloudEngine",
  ]

  /// Lines that hold code, without comments; a text that looks like a comment ends the line early.
  static func code(of file: SourceFile) -> [(number: Int, text: Substring)] {
    file.lines.enumerated().map { number, line in
      (number + 1, line.range(of: "//").map { line[..<$0.lowerBound] } ?? line)
    }
  }

  @Test("there are sources to look at")
  func found() {
    #expect(Self.written.count > 150)
  }

  @Test("every file begins with the licence")
  func licence() {
    for file in Self.written + Self.files(below: "Tests") {
      #expect(file.text.hasPrefix("// SPDX-License-Identifier: GPL-3.0-or-later\n"), "\(file)")
    }
    for file in Self.sources where file.path.contains("/Embedded/Model+") {
      #expect(file.text.hasPrefix("// SPDX-License-Identifier: Apache-2.0\n"), "\(file)")
    }
  }

  @Test("floors 0 to 2 do without Foundation, and only the terminal's floors print")
  func imports() {
    let printing = [
      "Terminal", "Prompt", "rewind", "rewind-simulate", "rewind-fuzz", "rewind-bench",
    ]
    for file in Self.written {
      for (number, line) in Self.code(of: file) {
        if Self.quietFloors.contains(file.module) {
          #expect(!line.contains("import Foundation"), "\(file):\(number)")
        }
        let prints = line.contains(" print(") && !line.contains("func print(")
        #expect(!prints || printing.contains(file.module), "\(file):\(number)")
      }
    }
  }

  @Test(
    "nothing asks the host for time, chance or names, and nothing is forced",
    arguments: ["Date()", "UUID()", ".random(", ".shuffled()", "try!", "fatalError("])
  func banned(_ call: String) {
    for file in Self.written {
      for (number, line) in Self.code(of: file) where !line.contains("using: &") {
        #expect(!line.contains(call), "\(file):\(number) uses \(call)")
      }
    }
  }

  @Test("files stay short enough to read in one go")
  func lengths() {
    for file in Self.written {
      #expect(file.lines.count <= 400, "\(file) has \(file.lines.count) lines")
    }
  }

  @Test("every source cited in a comment is listed in docs/SOURCES.md")
  func citations() throws {
    let listed = try String(
      contentsOf: Self.root.appendingPathComponent("docs/SOURCES.md"), encoding: .utf8)
    let key = /\[((?:DDB|BKP|KMS|S3|SNS|EVENTS|PRICE|CE|TRAIL|STS|CLI|AWS|EXAM)\.[A-Za-z0-9.]+)\]/
    var cited = 0
    for file in Self.written {
      for (number, line) in file.lines.enumerated() {
        for match in line.matches(of: key) {
          cited += 1
          #expect(listed.contains(match.1), "\(file):\(number + 1) cites \(match.1)")
        }
      }
    }
    #expect(cited > 50)
  }

  @Test("no work is left unsaid in the sources or the content")
  func unfinished() throws {
    for file in Self.written {
      for (number, line) in file.lines.enumerated() {
        for word in ["TO" + "DO", "FIX" + "ME", "not " + "implemented"] {
          #expect(!line.contains(word), "\(file):\(number + 1)")
        }
      }
    }
  }
}
