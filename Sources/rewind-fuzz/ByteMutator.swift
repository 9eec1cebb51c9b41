// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

/// Makes new inputs from seeds: pieces put in, taken out, doubled and swapped, bits turned over.
///
/// The input of an execution follows from the seed and its number alone, so any one can be made again.
struct ByteMutator: Sendable {
  let seeds: [[UInt8]]
  let pieces: [[UInt8]]

  /// Beyond this many bytes an input grows no further.
  private static let byteLimit = 4096

  /// - Parameters:
  ///   - seeds: Texts to begin with, at least one.
  ///   - pieces: Words of the language that put together mean something.
  init(seeds: [String], pieces: [String]) {
    self.seeds = seeds.map { Array($0.utf8) }
    self.pieces = (pieces + Self.everywhere).map { Array($0.utf8) } + Self.rawPieces
  }

  /// The input of an execution.
  func input(seed: UInt64, number: UInt64) -> [UInt8] {
    var random = SplitMix64(seed: seed &* 0x9E37_79B9_7F4A_7C15 ^ number)
    var bytes = seeds[Int.random(in: 0..<seeds.count, using: &random)]
    for _ in 0..<Int.random(in: 0...8, using: &random) { change(&bytes, &random) }
    return Array(bytes.prefix(Self.byteLimit))
  }

  private func change(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
    func place() -> Int { Int.random(in: 0...bytes.count, using: &random) }
    let start = place()
    let length = Int.random(in: 0...min(12, bytes.count - start), using: &random)
    let range = start..<(start + length)
    switch Int.random(in: 0..<10, using: &random) {
    case 0, 1, 2, 3:
      bytes.replaceSubrange(range, with: pieces[Int.random(in: 0..<pieces.count, using: &random)])
    case 4: bytes.removeSubrange(range)
    case 5:
      let count = Int.random(in: 1...64, using: &random)
      let repeated = Array(repeating: bytes[range], count: count).joined()
      if bytes.count < Self.byteLimit { bytes.insert(contentsOf: repeated, at: start) }
    case 6:
      let other = seeds[Int.random(in: 0..<seeds.count, using: &random)]
      let cut = Int.random(in: 0...other.count, using: &random)
      bytes.replaceSubrange(start..., with: other[cut...])
    case 7:
      if start < bytes.count { bytes[start] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
    case 8: if start < bytes.count { bytes[start] = .random(in: 0...255, using: &random) }
    default: bytes.insert(contentsOf: bytes[range].reversed(), at: start)
    }
  }

  private static let everywhere = [
    "", " ", "\n", "\t", "\r\n", "\u{0}", "\u{FEFF}", "\u{202E}", "\u{1B}[31m", "é", "e\u{301}",
    "🙂", "\u{10FFFF}", "-", "--", "0", "-0", "1e400", "9223372036854775808", "1E-130", "NaN",
    "{", "}", "[", "]", "(", ")", "\"", "'", "\\", "\\u0000", "\\ud800", ",", ":", "=", "`", "#",
    "null", "true", "<", ">", "&", "|", "@", "*", ".", "..", "/", "%", "$", "!",
  ]
  private static let rawPieces: [[UInt8]] = [
    [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80],
    Array(repeating: UInt8(ascii: "["), count: 600),
    Array(repeating: UInt8(ascii: "("), count: 600),
  ]
}
