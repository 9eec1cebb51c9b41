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
    // FNV-1a; the hasher takes one word much faster than twenty bytes.
    var hash: UInt64 = 14_695_981_039_346_656_037
    for byte in text.utf8 { hash = (hash ^ UInt64(Self.folded(byte))) &* 1_099_511_628_211 }
    hasher.combine(hash)
  }

  private static func folded(_ byte: UInt8) -> UInt8 {
    UInt8(ascii: "A") <= byte && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
  }
}
