// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Simulation
import Testing

@Suite("The agenda")
struct AgendaTests {
  @Test("occurrences come by instant, and within one as they were scheduled")
  func order() {
    var agenda = Agenda<String>()
    agenda.schedule("c", at: Instant(milliseconds: 20))
    agenda.schedule("a", at: Instant(milliseconds: 10))
    agenda.schedule("d", at: Instant(milliseconds: 20))
    agenda.schedule("b", at: Instant(milliseconds: 10))
    #expect(agenda.map(\.occurrence) == ["a", "b", "c", "d"])
    #expect(agenda.next?.occurrence == "a")
    #expect(agenda.next?.instant == Instant(milliseconds: 10))
    #expect(agenda.count == 4)
  }

  @Test("only what is due is taken, to the millisecond")
  func due() {
    var agenda = Agenda<String>()
    agenda.schedule("a", at: Instant(milliseconds: 10))
    agenda.schedule("b", at: Instant(milliseconds: 11))
    #expect(agenda.popNext(notAfter: Instant(milliseconds: 9)) == nil)
    #expect(agenda.popNext(notAfter: Instant(milliseconds: 10))?.occurrence == "a")
    #expect(agenda.popNext(notAfter: Instant(milliseconds: 10)) == nil)
    #expect(agenda.popNext(notAfter: Instant(milliseconds: 99))?.occurrence == "b")
    #expect(agenda.popNext(notAfter: .latest) == nil)
    #expect(agenda.isEmpty)
    #expect(agenda.next == nil)
  }

  @Test("a cancelled occurrence does not come, and is cancelled once")
  func cancelling() {
    var agenda = Agenda<String>()
    let a = agenda.schedule("a", at: Instant(milliseconds: 10))
    let b = agenda.schedule("b", at: Instant(milliseconds: 10))
    #expect(agenda.cancel(a) == "a")
    #expect(agenda.cancel(a) == nil)
    #expect(agenda.popNext(notAfter: .latest)?.occurrence == "b")
    #expect(agenda.cancel(b) == nil)
  }

  @Test("sequence numbers are not used again")
  func sequence() {
    var agenda = Agenda<String>()
    let first = agenda.schedule("a", at: .earliest)
    agenda.cancel(first)
    let second = agenda.schedule("b", at: .earliest)
    #expect(first < second)
    #expect(agenda.scheduled == 2)
  }

  @Test("a copy keeps what it held, and a naive sorted array agrees step by step")
  func model() {
    var generator = SplitMix64(seed: 42)
    var agenda = Agenda<Int>()
    var model: [(token: AgendaToken, value: Int)] = []
    for step in 0..<3000 {
      let before = agenda
      let held = model.map(\.value)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0, 1:
        let instant = Instant(milliseconds: Int64.random(in: 0..<50, using: &generator))
        let token = agenda.schedule(step, at: instant)
        let place = model.firstIndex { $0.token > token } ?? model.count
        model.insert((token, step), at: place)
      case 2:
        let limit = Instant(milliseconds: Int64.random(in: 0..<50, using: &generator))
        let expected = model.first.flatMap { $0.token.instant <= limit ? $0.value : nil }
        if expected != nil { model.removeFirst() }
        #expect(agenda.popNext(notAfter: limit)?.occurrence == expected)
      default:
        guard let entry = model.randomElement(using: &generator) else { continue }
        model.removeAll { $0.token == entry.token }
        #expect(agenda.cancel(entry.token) == entry.value)
      }
      #expect(agenda.map(\.occurrence) == model.map(\.value))
      #expect(before.map(\.occurrence) == held)
    }
  }
}

@Suite("Chance")
struct IdentifierSourceTests {
  @Test("a UUID may stand after a prefix and have capitals, and is the same draw")
  func uuidForms() {
    var plain = IdentifierSource(seed: 7)
    var other = plain
    for _ in 0..<50 {
      let text = plain.uuid("job")
      let isUppercase = other.count(of: "job") % 4 == 0
      #expect(
        other.uuid("job", after: "arn:\u{e9}:", isUppercase: isUppercase)
          == "arn:\u{e9}:" + (isUppercase ? text.uppercased() : text))
    }
    #expect(plain == other)
  }

  @Test("what was drawn is kept by kind, and drawing goes on after it")
  func kept() throws {
    var source = IdentifierSource(seed: 7)
    for kind in ["b", "a", "c", "a"] { _ = source.draw(kind) }
    let bytes = try JSONEncoder().encode(source)
    let object = try #require(JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    #expect(object["drawn"] as? [String: Int] == ["a": 2, "b": 1, "c": 1])
    var back = try JSONDecoder().decode(IdentifierSource.self, from: bytes)
    #expect(back == source)
    #expect(back.draw("a") == source.draw("a") && back.draw("d") == source.draw("d"))
  }

  @Test("SplitMix64 gives its published numbers")
  func published() {
    var generator = SplitMix64(seed: 1_234_567)
    #expect(
      [generator.next(), generator.next(), generator.next()] == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      ])
  }

  @Test("a kind's draws do not depend on draws of other kinds")
  func independence() {
    var alone = IdentifierSource(seed: 7)
    var mixed = IdentifierSource(seed: 7)
    for count in 0..<50 {
      for _ in 0..<count % 3 { _ = mixed.draw("backup") }
      #expect(alone.draw("table") == mixed.draw("table"))
    }
    #expect(mixed.count(of: "table") == 50)
    #expect(mixed.count(of: "vault") == 0)
    #expect(mixed.counts.map(\.kind) == ["backup", "table"])
  }

  @Test("seeds, kinds and ordinals all matter")
  func distinct() {
    var drawn: Set<UInt64> = []
    for seed in 0..<20 as Range<UInt64> {
      var source = IdentifierSource(seed: seed)
      for kind in ["a", "b", "ab", "ba", ""] {
        for _ in 0..<20 { drawn.insert(source.draw(kind)) }
      }
    }
    #expect(drawn.count == 2000)
  }

  @Test("UUIDs are of version 4, in lowercase, and pinned", arguments: [0, 7, UInt64.max])
  func uuids(_ seed: UInt64) throws {
    var source = IdentifierSource(seed: seed)
    var again = IdentifierSource(seed: seed)
    for _ in 0..<100 {
      let text = source.uuid("table")
      let parts = text.split(separator: "-")
      #expect(parts.map(\.count) == [8, 4, 4, 4, 12])
      #expect(text.allSatisfy { $0 == "-" || "0123456789abcdef".contains($0) })
      #expect(parts[2].first == "4")
      #expect("89ab".contains(try #require(parts[3].first)))
      #expect(text == again.uuid("table"))
    }
  }

  @Test("hexadecimal identifiers have the length asked for", arguments: [0, 1, 8, 16, 17, 40])
  func hexadecimal(_ digits: Int) {
    var source = IdentifierSource(seed: 3)
    let text = source.hex("backup", digits: digits)
    #expect(text.utf8.count == digits)
    #expect(source.count(of: "backup") == UInt64((digits + 15) / 16))
  }
}
