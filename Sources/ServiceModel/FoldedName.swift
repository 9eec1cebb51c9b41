// SPDX-License-Identifier: GPL-3.0-or-later

/// A name compared without regard to the case of its ASCII letters.
///
/// Members of the models and properties of our types meet through it: `tableName` is `TableName`,
/// `sseSpecification` is `SSESpecification`. Comparing and hashing make no copy of the text.
struct FoldedName: Hashable, Sendable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (left: FoldedName, right: FoldedName) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8) { folded($0) == folded($1) }
  }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(Self.folded(byte)) }
  }

  private static func folded(_ byte: UInt8) -> UInt8 {
    UInt8(ascii: "A") <= byte && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
  }
}
