// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat
internal import Documents

/// The id of one claim of the study guide, such as `PITR-8`: the unit of coverage.
package struct ClaimID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The capital letters before the hyphen.
  package let topic: String
  package let number: Int

  /// Reads `PITR-8`; nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, (2...6).contains(parts[0].utf8.count),
      parts[0].utf8.allSatisfy({ (0x41...0x5A).contains($0) }),
      (1...3).contains(parts[1].utf8.count),
      parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), parts[1].utf8.first != 0x30,
      let number = Int(parts[1])
    else { return nil }
    topic = String(parts[0])
    self.number = number
  }

  package var description: String { "\(topic)-\(number)" }

  /// By topic, then by number.
  package static func < (left: ClaimID, right: ClaimID) -> Bool {
    (left.topic, left.number) < (right.topic, right.number)
  }

  static let pattern = "^[A-Z]{2,6}-[1-9][0-9]{0,2}$"

  /// The ids of a `teaches` list, each with its place.
  package static let listFormat = Format<[Located<ClaimID>]>.list(format.located, count: 1...20)

  package static let format = Format<String>.text.parsed { text throws(ContentProblem) in
    guard let id = ClaimID(text) else {
      throw ContentProblem(.badValue, "\"\(text)\" is no claim's id", fix: "such as PITR-8")
    }
    return id
  }.annotated("pattern", .string(pattern))
}

/// What the study guide claims: `questions/claims.yaml`.
package struct ClaimCatalog: Sendable {
  /// What the parts of the subject are called, by the letters before the hyphen.
  package private(set) var topics: [Named<String>] = []
  /// Each claim in a sentence, by id.
  package private(set) var claims: [Named<String>] = []
  private var marker = ""

  /// A catalogue of nothing.
  package init() {}

  /// The name of the file in the folder of questions.
  package static let fileName = "claims.yaml"

  package static let format = Format.record(
    "claims", "The claims that questions and labs teach.", ClaimCatalog(),
    [
      .required("rewind", \.marker, .constant("claims/1"), "The format and its version."),
      .required(
        "topics", \.topics, .named(topicRule, .text, count: 1...40),
        "The parts of the subject, by the letters that their claims' ids begin with."),
      .required(
        "claims", \.claims, .named(claimRule, .text, count: 1...1_000), "The claims by id."),
    ]
  ).validated { catalog, _, reading in
    let names = catalog.topics.map(\.name)
    for claim in catalog.claims {
      guard let id = ClaimID(claim.name), !names.contains(id.topic) else { continue }
      reading.report(
        .unknownName, "there is no topic \(id.topic)",
        fix: Suggestion.fix(for: id.topic, among: names), at: claim.mark)
    }
  }

  private static let topicRule = NameRule(pattern: "^[A-Z]{2,6}$", words: "2 to 6 capitals") {
    (2...6).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x41...0x5A).contains($0) }
  }

  private static let claimRule = NameRule(pattern: ClaimID.pattern, words: "such as PITR-8") {
    ClaimID($0) != nil
  }

  /// The ids in the order of the file.
  package var ids: [ClaimID] { claims.compactMap { ClaimID($0.name) } }

  /// What a claim says; nil for an id that does not exist.
  ///
  /// - Complexity: O(n).
  package func text(of id: ClaimID) -> String? {
    claims.first { $0.name == id.description }?.value
  }

  /// What a topic is called; its letters where the catalogue does not say.
  ///
  /// - Complexity: O(n).
  package func title(ofTopic topic: String) -> String {
    topics.first { $0.name == topic }?.value ?? topic
  }
}
