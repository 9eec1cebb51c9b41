// SPDX-License-Identifier: GPL-3.0-or-later

package import ItemModel
import PersistentCollections

/// What the contents of a checkpoint are made of; `docs/CHECKPOINTS.md` describes the bytes.
///
/// A tree of settings refers to images, logs and items by number. Here they stand one after another, each
/// item's bytes once, and an image that differs little from an earlier one as its differences.
enum ContentsFormat {
  /// An image with all its items.
  static let wholeImage: UInt8 = 1
  /// An image as what differs from an earlier one.
  static let changedImage: UInt8 = 2
  static let log: UInt8 = 3
  static let item: UInt8 = 4

  /// What an image is besides its items.
  struct Header: Codable, Hashable {
    let keySchema: KeySchema
    let indexes: [IndexDefinition]
  }

  /// Images that a new one is compared with, the newest first.
  static let candidates = 24
  /// Items that are looked up in a candidate.
  static let sampleCount = 16

  static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// Why the contents of a checkpoint cannot be read.
package enum ContentsError: Error, Hashable, Sendable {
  /// The bytes are not as they are written.
  case malformed
  /// Something refers to contents that are not there.
  case dangling
  /// A table is coded outside of a checkpoint.
  case outsideCheckpoint
}

// MARK: - What refers to contents

extension TableImage: Codable {
  /// Reads the number of an image.
  package init(from decoder: any Decoder) throws {
    let number = try decoder.singleValueContainer().decode(Int.self)
    self = try ContentsReader.of(decoder).image(number)
  }

  /// Hands the image over and writes its number.
  package func encode(to encoder: any Encoder) throws {
    let number = try ContentsWriter.of(encoder).add(self)
    var container = encoder.singleValueContainer()
    try container.encode(number)
  }
}

extension ChangeLog: Codable {
  /// Reads the number of a log.
  package init(from decoder: any Decoder) throws {
    let number = try decoder.singleValueContainer().decode(Int.self)
    self = try ContentsReader.of(decoder).log(number)
  }

  /// Hands the log over and writes its number.
  package func encode(to encoder: any Encoder) throws {
    let number = try ContentsWriter.of(encoder).add(self)
    var container = encoder.singleValueContainer()
    try container.encode(number)
  }
}

extension Item: Codable {
  /// Reads the number of an item.
  package init(from decoder: any Decoder) throws {
    let number = try decoder.singleValueContainer().decode(Int.self)
    self = try ContentsReader.of(decoder).item(number)
  }

  /// Hands the item over and writes its number.
  package func encode(to encoder: any Encoder) throws {
    let number = try ContentsWriter.of(encoder).add(self)
    var container = encoder.singleValueContainer()
    try container.encode(number)
  }
}
