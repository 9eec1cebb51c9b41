// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat
internal import Documents
internal import Simulation

/// Where something stands that the engine cannot decide.
package struct Citation: Hashable, Sendable {
  /// The title of the page or book.
  package var title = ""
  /// The heading within it.
  package var section = ""
  /// The day on which it was read, `YYYY-MM-DD`.
  package var read = ""

  /// One source, or a list of them.
  package static let format = Format<[Citation]>.oneOrMany(one, count: 1...10)

  private static let one = Format.record(
    "citation", "A source.", Citation(),
    [
      .required("title", \.title, .text, "The title of the page."),
      .required("section", \.section, .text, "The heading within it."),
      .required("read", \.read, .day, "The day it was read, such as 2026-04-18."),
    ])

  /// `Title, "Section", read 2026-04-18`.
  package var text: String { "\(title), \"\(section)\", read \(read)" }
}

extension Format where Value == String {
  /// A day, `2026-04-18`.
  static let day = Format.text.parsed { text throws(ContentProblem) in
    guard text.utf8.count == 10, TimeText.instant(text + "T00:00:00Z") != nil else {
      throw ContentProblem(.badValue, "\"\(text)\" is no day", fix: "such as 2026-04-18")
    }
    return text
  }.annotated("pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
}
