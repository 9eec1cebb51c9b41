// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat
package import Documents

/// One file of questions.
package struct Bank: Sendable {
  package var id = ""
  package var title = ""
  /// The day up to which its statements about the service were checked, `YYYY-MM-DD`.
  package var asOf = ""
  package var license: String?
  package var questions: [Question] = []
  private var marker = ""

  package static let format = Format.record(
    "questions", "A bank of questions.", Bank(),
    [
      .required("rewind", \.marker, .constant("questions/1"), "The format and its version."),
      .required("bank", \.id, .identifier, "The bank's name."),
      .required("title", \.title, .text, "What it is called on the screen."),
      .required("as-of", \.asOf, .day, "The day on which its facts were last looked up."),
      .optional("license", \.license, .text, "An SPDX licence expression."),
      .required(
        "questions", \.questions, .list(Question.format, count: 1...1_000), "The questions."),
    ])

  /// The JSON Schema (draft-07) of a bank's file.
  package static var schema: Document {
    format.schema.file(id: "questions-1.schema.json", title: "Rewind questions")
  }

  /// Reads a bank; its questions know their file.
  ///
  /// - Complexity: O(n) in the number of bytes.
  package static func read(_ bytes: [UInt8], file: String) -> ContentFile<Bank> {
    ContentFile(bytes: bytes, file: file, as: located(in: file))
  }

  static func located(in file: String) -> Format<Bank> {
    format.map { bank in
      var bank = bank
      for index in bank.questions.indices {
        bank.questions[index].bank = bank.id
        bank.questions[index].file = file
      }
      return bank
    }
  }
}
