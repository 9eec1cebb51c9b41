// SPDX-License-Identifier: GPL-3.0-or-later

import ContentFormat
import Foundation
import Testing

struct Script: Sendable {
  var run: [ContentCommand] = []
  static let format = Format.record(
    "script", "Commands.", Script(), [.required("run", \.run, .commands, "What to run.")])
}

@Suite("Commands in content")
struct CommandTests {
  private func load(_ text: String) -> ContentFile<Script> {
    ContentFile(bytes: Array(text.utf8), file: "f", as: Script.format)
  }

  @Test(
    "one or several commands, in every way they may be written",
    arguments: [
      ("run: aws dynamodb list-tables", ["1: aws dynamodb list-tables"]),
      (
        "run: aws dynamodb describe-table\n  --table-name t",
        ["1: aws dynamodb describe-table --table-name t"]
      ),
      (
        "run: >\n  aws dynamodb describe-table\n  --table-name t\n",
        ["1: aws dynamodb describe-table --table-name t"]
      ),
      ("run:\n  - aws a b\n  - aws c d", ["2: aws a b", "3: aws c d"]),
      ("run:\n  - |\n    aws a b\n    aws c d\n  - wait", ["3: aws a b", "4: aws c d", "5: wait"]),
      (
        "run: |\n  aws a b \\\n    --c d\n\n  # note\n  aws e f # rest\n",
        ["2: aws a b   --c d", "6: aws e f # rest"]
      ),
      ("run: |\n  aws a 'b: c'\n", ["2: aws a 'b: c'"]),
      ("run: |\n  aws a b\\\\\n  wait\n", ["2: aws a b\\\\", "3: wait"]),
      ("run: time aws a b", ["1: time aws a b"]),
      ("run: ARN=$(aws a b)", ["1: ARN=$(aws a b)"]),
      ("run: let N = aws a b", ["1: let N = aws a b"]),
      ("run: aws a b#c", ["1: aws a b#c"]),
    ])
  func forms(_ text: String, _ expected: [String]) throws {
    let script = try #require(load(text).value, "\(load(text).errors)")
    #expect(script.run.map { "\($0.mark.line): \($0.text)" } == expected)
  }

  @Test(
    "a command that YAML changed is refused with the way out",
    arguments: [
      ("run: aws a b\n  aws c d", "1:6 command"), ("run: wait\n  aws c d", "1:6 command"),
      ("run: >\n  aws a b\n  aws c d\n", "1:6 command"), ("run: aws a b # note", "1:6 command"),
      ("run:\n  - aws a b\n  - aws c d # x", "3:5 command"),
      ("run: |\n  aws a \\\n", "2:1 command"),
      ("run:", "1:5 wrong-type"), ("run: |\n  # only\n", "1:6 bad-value"),
      ("run: ''", "1:6 bad-value"),
      ("run: []", "1:6 bad-value"), ("run: {a: b}", "1:6 wrong-type"),
      ("run: {: b}", "1:7 null-key"),
      ("run: aws a b: c", "1:13 yaml-syntax"),
    ])
  func refused(_ text: String, _ expected: String) {
    let errors = load(text).errors
    #expect(errors.map { "\($0.line):\($0.column) \($0.code.rawValue)" } == [expected])
    if expected.hasSuffix("command"), !text.contains("\\") {
      #expect(errors.first?.fix == "use run: | and one command a line")
    }
    if expected.hasSuffix("null-key") || expected.hasSuffix("syntax") {
      #expect(errors.first?.fix?.contains("use run: |") == true)
    }
  }
}

@Suite("Content folders")
struct ContentFolderTests {
  /// A folder of its own, removed at the end.
  private func withFolder(_ body: (String) throws -> Void) throws {
    let path = NSTemporaryDirectory() + "content-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: path + "/root/scenarios/parts", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(URL(fileURLWithPath: path).standardizedFileURL.path)
  }

  private func write(_ text: String, _ path: String) {
    _ = FileManager.default.createFile(atPath: path, contents: Data(text.utf8))
  }

  @Test("reads below the folder and refuses everything else")
  func reading() throws {
    try withFolder { path in
      let folder = ContentRoot(path: path + "/root").scenarios
      write("inside", folder.path + "/a.yaml")
      write("deep", folder.path + "/parts/b.yaml")
      write("outside", path + "/secret.yaml")
      let manager = FileManager.default
      try manager.createSymbolicLink(
        atPath: folder.path + "/link.yaml", withDestinationPath: path + "/secret.yaml")
      try manager.createSymbolicLink(
        atPath: folder.path + "/linked", withDestinationPath: folder.path + "/parts")
      let (near, deep) = (try folder.bytes(of: "a.yaml"), try folder.bytes(of: "parts/b.yaml"))
      #expect(near == Array("inside".utf8) && deep == Array("deep".utf8))
      for name in [
        "../a.yaml", "parts/../../../secret.yaml", path + "/secret.yaml", "link.yaml",
        "linked/b.yaml", "", ".", "parts", "none.yaml", "parts//b.yaml", "a.yaml/x", "a\u{0}.yaml",
      ] {
        #expect(throws: ContentProblem.self, "\(name)") { try folder.bytes(of: name) }
      }
      #expect(throws: ContentProblem.self) { try folder.bytes(of: "a.yaml", limit: 5) }
      let exact = try folder.bytes(of: "a.yaml", limit: 6)
      #expect(exact.count == 6)
    }
  }

  @Test("lists YAML files in order, 256 at most")
  func listing() throws {
    try withFolder { path in
      let folder = ContentRoot(path: path + "/root").scenarios
      for name in ["b.yaml", "a.yaml", "c.txt", ".hidden.yaml"] {
        write("", folder.path + "/\(name)")
      }
      let few = try folder.yamlFiles()
      #expect(few == ["a.yaml", "b.yaml"])
      for number in 0..<254 { write("", folder.path + "/x\(number).yaml") }
      let many = try folder.yamlFiles()
      #expect(many.count == 256)
      write("", folder.path + "/y.yaml")
      #expect(throws: ContentProblem.self) { try folder.yamlFiles() }
    }
  }

  @Test("finds the content by flag, environment, executable, working directory")
  func finding() throws {
    try withFolder { path in
      let root = path + "/root"
      func find(
        _ flag: String?, _ environment: [String: String], _ executable: String, _ directory: String
      ) -> String? {
        try? ContentRoot.find(
          flag: flag, environment: environment, executable: executable,
          workingDirectory: directory
        ).path
      }
      #expect(find(root, [:], "/bin/x", "/") == root)
      #expect(find("root", [:], "/bin/x", path) == root)
      #expect(find(nil, ["REWIND_CONTENT": root], "/bin/x", "/") == root)
      #expect(find(path, ["REWIND_CONTENT": root], "/bin/x", "/") == nil)
      #expect(find(nil, ["REWIND_CONTENT": ""], root + "/.build/debug/rewind", "/") == root)
      #expect(find(nil, [:], root + "/rewind", "/") == root)
      #expect(find(nil, [:], "/bin/x", root) == root)
      #expect(find(nil, [:], "/bin/x", "/") == nil)
    }
  }

  @Test("a file that cannot be read is an error of that file")
  func missingFile() throws {
    try withFolder { path in
      let folder = ContentFolder(path: path)
      let file = ContentFile(name: "none.yaml", in: folder, as: Script.format)
      #expect(file.errors.map(\.code) == [.file] && file.value == nil)
      #expect(file.errors.first?.description.hasPrefix("none.yaml:1:1: error file: ") == true)
    }
  }
}

@Suite("Did you mean")
struct SuggestionTests {
  @Test(
    "the nearest name within one slip for three letters",
    arguments: [
      ("odrers", "orders"), ("order", "orders"), ("ORDERS", "orders"), ("customer", "customers"),
      ("xyz", nil), ("", nil), ("orders", nil),
    ] as [(String, String?)])
  func nearest(_ word: String, _ expected: String?) {
    #expect(Suggestion.nearest(to: word, among: ["customers", "orders", "parts"]) == expected)
  }
}
