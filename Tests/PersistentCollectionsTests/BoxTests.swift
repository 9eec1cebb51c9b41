// SPDX-License-Identifier: GPL-3.0-or-later

import CanonicalCoding
import PersistentCollections
import Testing

@Suite("A box")
struct BoxTests {
  // The support has one of its own.
  private typealias Box = PersistentCollections.Box

  @Test("is changed where it lies, and a copy of it stays as it was")
  func snapshot() {
    var box = Box([1, 2])
    let before = box
    box.value.append(3)
    #expect(box.value == [1, 2, 3])
    #expect(before.value == [1, 2])
    var map: OrderedMap<Int, Box<[Int]>> = [7: box]
    let old = map
    map[existing: 7].value.append(4)
    #expect(map[7]?.value == [1, 2, 3, 4])
    #expect(old[7]?.value == [1, 2, 3])
  }

  @Test("is written as what lies in it")
  func coding() throws {
    let bytes = try CanonicalEncoder.encode(Box(["a", "b"]))
    #expect(bytes == (try CanonicalEncoder.encode(["a", "b"])))
    let back = try CanonicalDecoder.decode(Box<[String]>.self, from: bytes)
    #expect(back.value == ["a", "b"])
  }
}
