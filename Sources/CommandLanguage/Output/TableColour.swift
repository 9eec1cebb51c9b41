// SPDX-License-Identifier: GPL-3.0-or-later

/// The two colours of tables, as the AWS CLI sets them.
package enum TableColour: String, CaseIterable, Sendable {
  /// Bright blue.
  case cell = "\u{1B}[1m\u{1B}[34m"
  /// Dim yellow.
  case bar = "\u{1B}[2m\u{1B}[33m"

  /// What ends either.
  package static let end = "\u{1B}[0m"

  /// A text in this colour.
  func around(_ text: String) -> String { rawValue + text + Self.end }
}
