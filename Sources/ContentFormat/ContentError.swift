// SPDX-License-Identifier: GPL-3.0-or-later

/// A place in a content file: line and column, both counted from 1, columns in Unicode scalars.
package struct Mark: Hashable, Comparable, Sendable {
  package var line: Int
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The first character of a file.
  package static let start = Mark(line: 1, column: 1)

  /// Earlier in the file is smaller.
  package static func < (left: Mark, right: Mark) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// One thing wrong with a content file: where, what, and how to put it right.
///
/// Errors are collected, never stopped at the first, and print as
/// `file:line:column: error CODE: message (fix)`.
package struct ContentError: Error, Hashable, Sendable {
  /// What kind of thing is wrong.
  ///
  /// Open: each module that reads content adds its own codes.
  package struct Code: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(stringLiteral value: String) { self.rawValue = value }
  }

  package var file: String
  package var mark: Mark
  package var code: Code
  package var message: String
  /// What to do next; nil where the message says it already.
  package var fix: String?

  package init(
    file: String, mark: Mark, code: Code, message: String, fix: String? = nil
  ) {
    self.file = file
    self.mark = mark
    self.code = code
    self.message = message
    self.fix = fix
  }

  package var line: Int { mark.line }
  package var column: Int { mark.column }
}

extension ContentError: CustomStringConvertible {
  /// The line printed for an author, without a line end.
  package var description: String {
    let place = "\(file):\(mark.line):\(mark.column)"
    let end = fix.map { " (\($0))" } ?? ""
    return "\(place): error \(code.rawValue): \(message)\(end)"
  }
}

extension ContentError: Comparable {
  /// By file, then by place, then by code and words, so that a list of errors has one order.
  package static func < (left: ContentError, right: ContentError) -> Bool {
    if left.file != right.file { return left.file < right.file }
    if left.mark != right.mark { return left.mark < right.mark }
    return (left.code.rawValue, left.message) < (right.code.rawValue, right.message)
  }
}

extension ContentError.Code {
  /// The bytes are not UTF-8.
  package static let encoding: Self = "encoding"
  /// The file cannot be opened, or lies outside its folder.
  package static let file: Self = "file"
  /// A limit on size, depth, count or length is exceeded.
  package static let limit: Self = "limit"
  /// A control or text direction character.
  package static let control: Self = "control-character"
  /// YAML that does not parse.
  package static let syntax: Self = "yaml-syntax"
  package static let anchor: Self = "yaml-anchor"
  package static let alias: Self = "yaml-alias"
  package static let tag: Self = "yaml-tag"
  package static let mergeKey: Self = "yaml-merge-key"
  package static let documents: Self = "yaml-documents"
  package static let duplicateKey: Self = "duplicate-key"
  package static let nullKey: Self = "null-key"
  /// A key that is itself a list or a mapping.
  package static let complexKey: Self = "complex-key"
  /// A field this format does not have.
  package static let unknownField: Self = "unknown-field"
  package static let missingField: Self = "missing-field"
  /// Another kind of value than the field holds.
  package static let wrongType: Self = "wrong-type"
  /// The right kind of value, outside what is allowed.
  package static let badValue: Self = "bad-value"
  /// Fields that do not go together.
  package static let conflict: Self = "conflict"
  /// A command that YAML has changed: folded, cut at a comment, or split at a colon.
  package static let command: Self = "command"
  /// A `<name>` that nothing declares.
  package static let placeholder: Self = "placeholder"
  /// A name that refers to nothing.
  package static let unknownName: Self = "unknown-name"
  /// Something real that this program does not simulate.
  package static let notSimulated: Self = "not-simulated"
}
