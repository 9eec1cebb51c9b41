// SPDX-License-Identifier: GPL-3.0-or-later

import ContentFormat

/// The heads of labs and the ids of questions, read line by line: quick enough for the start screen.
///
/// It trusts the layout that the formats' own examples have (`id:` and the like at the left edge,
/// questions as `  - id:`), and reads no file with care: that is done when a lab or a quiz begins.
struct ContentIndex {
  struct Lab {
    var id = ""
    var minutes = 10
    var level = 0
    var needs: [String] = []
  }

  private(set) var labs: [Lab] = []
  private(set) var questions: [String] = []

  /// - Throws: `ContentProblem` for a folder or file that cannot be read.
  init(_ root: ContentRoot) throws(ContentProblem) {
    for name in try root.scenarios.yamlFiles() {
      if let lab = Self.lab(try root.scenarios.bytes(of: name)) { labs.append(lab) }
    }
    for name in try root.questions.yamlFiles() {
      questions += Self.questions(try root.questions.bytes(of: name))
    }
    labs.sort { ($0.level, $0.minutes, $0.id) < ($1.level, $1.minutes, $1.id) }
  }

  /// The first lab to do: not passed, and nothing it needs is left out if that can be.
  func next(passed: Set<String>) -> Lab? {
    let open = labs.filter { !passed.contains($0.id) }
    return open.first { $0.needs.allSatisfy(passed.contains) } ?? open.first
  }

  private static let levels = ["basic", "advanced", "expert"]

  static func lab(_ bytes: [UInt8]) -> Lab? {
    var lab = Lab()
    var isScenario = false
    var field: [UInt8] = []
    forEachLine(bytes) { line in
      guard let first = line.first, first != UInt8(ascii: "#") else { return }
      guard first != 0x20, first != UInt8(ascii: "-") else {
        if field.elementsEqual("needs".utf8), let item = dashed(line) { lab.needs.append(item) }
        return
      }
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
      field = Array(line[..<colon])
      let value = trimmed(line[(colon + 1)...])
      switch String(decoding: field, as: UTF8.self) {
      case "rewind": isScenario = value == "scenario/1"
      case "id": lab.id = value
      case "minutes": lab.minutes = Int(value) ?? 10
      case "level": lab.level = levels.firstIndex(of: value) ?? 0
      case "needs":
        lab.needs = value.split { "[], ".contains($0) }.map(String.init)
      default: break
      }
    }
    return isScenario && !lab.id.isEmpty ? lab : nil
  }

  static func questions(_ bytes: [UInt8]) -> [String] {
    let mark = Array("- id:".utf8)
    var ids: [String] = []
    var edge: Int?
    forEachLine(bytes) { line in
      let blanks = line.prefix { $0 == 0x20 }.count
      let text = line.dropFirst(blanks)
      guard text.starts(with: mark), edge == nil || edge == blanks else { return }
      // Deeper lists may have ids of their own.
      edge = blanks
      ids.append(trimmed(text.dropFirst(mark.count)))
    }
    return ids
  }

  private static func dashed(_ line: ArraySlice<UInt8>) -> String? {
    let text = line.drop { $0 == 0x20 }
    guard text.first == UInt8(ascii: "-") else { return nil }
    return trimmed(text.dropFirst())
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
    let text = String(decoding: bytes.prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self)
    return text.split { " \"'\r".contains($0) }.joined(separator: " ")
  }

  private static func forEachLine(_ bytes: [UInt8], _ body: (ArraySlice<UInt8>) -> Void) {
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      body(bytes[start..<end])
      start = end + 1
    }
  }
}
