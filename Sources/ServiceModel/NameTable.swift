// SPDX-License-Identifier: GPL-3.0-or-later

/// The places of a few fixed names, found by the names' bytes with or without regard to the case of
/// ASCII letters.
///
/// Every member of every request is looked up in one: it looks at a name's length and three of its
/// bytes where a dictionary would feed all of them to a hash that resists attackers, and compares
/// runs of bytes where it would compare texts.
struct NameTable: Sendable {
  private let ignoresCase: Bool
  /// The names' bytes, one after the other.
  private var bytes: ContiguousArray<UInt8> = []
  /// Where each name begins in `bytes`, and where the last one ends.
  private var starts: ContiguousArray<Int> = [0]
  /// For each value of the hash, and from there on, one more than the place of a name; 0 for none.
  private var slots: ContiguousArray<Int>

  /// A table of names, all of them different; the places are those of the list.
  init(_ names: [String], ignoringCase: Bool) {
    ignoresCase = ignoringCase
    var slotCount = 4
    while slotCount < 4 * names.count { slotCount *= 2 }
    slots = ContiguousArray(repeating: 0, count: slotCount)
    for (place, name) in names.enumerated() {
      bytes.append(contentsOf: name.utf8)
      starts.append(bytes.count)
      var slot = bytes.withUnsafeBufferPointer { bytes in
        firstSlot(for: UnsafeBufferPointer(rebasing: bytes[starts[place]...]))
      }
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = place + 1
    }
  }

  /// The place of the name with these bytes; nil if there is none.
  ///
  /// - Complexity: O(n) in the length of the name.
  func place(of name: String) -> Int? {
    name.utf8.withContiguousStorageIfAvailable { find($0) } ?? find(ContiguousArray(name.utf8))
  }

  private func find(_ name: ContiguousArray<UInt8>) -> Int? {
    name.withUnsafeBufferPointer { find($0) }
  }

  @inline(__always)
  private func find(_ name: UnsafeBufferPointer<UInt8>) -> Int? {
    guard !name.isEmpty else { return nil }
    var slot = firstSlot(for: name)
    while slots[slot] != 0 {
      let place = slots[slot] - 1
      if isName(at: place, name) { return place }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  @inline(__always)
  private func isName(at place: Int, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = starts[place]
    guard starts[place + 1] - start == name.count else { return false }
    for index in 0..<name.count where fold(bytes[start + index]) != fold(name[index]) {
      return false
    }
    return true
  }

  @inline(__always)
  private func firstSlot(for name: UnsafeBufferPointer<UInt8>) -> Int {
    let (first, middle) = (fold(name[0]), fold(name[name.count / 2]))
    let last = fold(name[name.count - 1])
    let hash = name.count &* 131 &+ Int(first) &* 31 &+ Int(middle) &* 17 &+ Int(last) &* 7
    return (hash ^ (hash >> 5)) & (slots.count - 1)
  }

  @inline(__always)
  private func fold(_ byte: UInt8) -> UInt8 {
    ignoresCase && UInt8(ascii: "A") <= byte && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
  }
}
