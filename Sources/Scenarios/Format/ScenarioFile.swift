// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat
package import Digests
internal import Documents

/// A scenario file that was read: its scenario if nothing is wrong with it, and all that is.
package struct ScenarioFile: Sendable {
  /// The name printed in errors.
  package let name: String
  /// The file's text: what a world's journal keeps, so that edits reach new runs only.
  package let text: String
  package let scenario: Scenario?
  package let errors: [ContentError]
  /// SHA-256 of the file's bytes: what results follow.
  package let digest: SHA256Digest

  /// Reads a scenario from its bytes.
  ///
  /// - Complexity: O(n) in the number of bytes.
  package init(bytes: [UInt8], name: String) {
    let file = ContentFile(bytes: bytes, file: name, as: Scenario.format)
    self.name = name
    text = String(decoding: bytes, as: UTF8.self)
    scenario = file.value
    errors = file.errors
    digest = file.digest
  }

  /// Reads a scenario file below a folder; a file that cannot be read is an error of the file.
  package init(name: String, in folder: ContentFolder) {
    do throws(ContentProblem) {
      self.init(bytes: try folder.bytes(of: name), name: name)
    } catch {
      self.init(name: name, problem: error)
    }
  }

  private init(name: String, problem: ContentProblem) {
    self.name = name
    text = ""
    scenario = nil
    digest = Digests.digest(of: [])
    errors = [
      ContentError(
        file: name, mark: .start, code: problem.code, message: problem.message, fix: problem.fix)
    ]
  }
}

/// The scenarios of a folder.
package struct ScenarioLibrary: Sendable {
  /// The files in the order of their names.
  package let files: [ScenarioFile]

  /// Reads every scenario of a folder.
  ///
  /// - Throws: `ContentProblem` for a folder that cannot be listed.
  package init(_ folder: ContentFolder) throws(ContentProblem) {
    files = try folder.yamlFiles().map { name in ScenarioFile(name: name, in: folder) }
  }

  /// The labs in the order in which they are best done: what a lab needs comes first, then shorter
  /// ones, then by id.
  package var labs: [ScenarioFile] {
    var waiting = files.filter { $0.scenario != nil }.sorted { left, right in
      guard let a = left.scenario, let b = right.scenario else { return false }
      return (a.level.order, a.minutes, a.id) < (b.level.order, b.minutes, b.id)
    }
    let ids = Set(waiting.compactMap { $0.scenario?.id })
    var result: [ScenarioFile] = []
    var done: Set<String> = []
    while !waiting.isEmpty {
      // A circle of needs is broken at its first lab.
      let index =
        waiting.firstIndex { file in
          file.scenario?.needs.allSatisfy { done.contains($0) || !ids.contains($0) } ?? true
        } ?? 0
      let next = waiting.remove(at: index)
      if let id = next.scenario?.id { done.insert(id) }
      result.append(next)
    }
    return result
  }

  /// The file of a lab.
  package subscript(id: String) -> ScenarioFile? { files.first { $0.scenario?.id == id } }

  /// The nearest lab to a mistyped id.
  package func suggestion(for id: String) -> String? {
    Suggestion.nearest(to: id, among: files.compactMap { $0.scenario?.id })
  }
}

extension Scenario.Level {
  fileprivate var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
