// SPDX-License-Identifier: GPL-3.0-or-later

package import ItemModel
package import Simulation

/// Makes realistic items: the same seed, table and ordinal always give the same item.
package struct ItemGenerator: Sendable {
  package let table: String
  package let key: KeyAttribute
  package let sort: KeyAttribute?
  /// Attributes that indexes need, with the types they need.
  package let indexed: [KeyAttribute]
  package let kind: ItemKind
  /// Dates in items lie in the two months before it.
  package let before: Instant
  private let base: UInt64

  package init(
    table: String, key: KeyAttribute, sort: KeyAttribute?, indexed: [KeyAttribute] = [],
    kind: ItemKind? = nil, seed: UInt64, before: Instant
  ) {
    self.table = table
    self.key = key
    self.sort = sort
    self.indexed = indexed
    self.before = before
    let name = table.lowercased()
    self.kind =
      kind
      ?? (name.contains("order")
        ? .orders
        : name.contains("customer") || name.contains("user")
          ? .customers : name.contains("event") ? .events : .plain)
    var source = IdentifierSource(seed: seed)
    base = source.draw("items of " + table)
  }

  /// The key of the item with an ordinal, of the start or of a stream's new items.
  package func key(_ ordinal: Int, of stream: String? = nil) -> AttributeMap {
    // With a sort key four items share a partition, so that there are collections to query.
    let (group, place) = sort == nil ? (ordinal, 0) : (ordinal / 4, ordinal % 4)
    var map = AttributeMap()
    map[key.name] = Self.value(key.type, prefix: prefix, stream: stream, number: group)
    if let sort { map[sort.name] = Self.value(sort.type, prefix: "s", stream: nil, number: place) }
    return map
  }

  /// The whole item with an ordinal.
  package func item(_ ordinal: Int, of stream: String? = nil) -> AttributeMap {
    var random = SplitMix64(seed: base &+ UInt64(ordinal) &* 0x9E37_79B9_7F4A_7C15)
    if let stream {
      for byte in stream.utf8 { random = SplitMix64(seed: random.next() ^ UInt64(byte)) }
    }
    var map = body(&random)
    for (name, value) in key(ordinal, of: stream) { map[name] = value }
    for attribute in indexed where map[attribute.name]?.type != attribute.type.attributeType {
      let number = Int(random.next() % 50)
      map[attribute.name] = Self.value(attribute.type, prefix: "k", stream: nil, number: number)
    }
    return map
  }

  private var prefix: String {
    switch kind {
    case .orders: "o"
    case .customers: "c"
    case .events: "e"
    case .plain: String(table.lowercased().prefix(1))
    }
  }

  private static func value(
    _ type: KeyAttributeType, prefix: String, stream: String?, number: Int
  ) -> AttributeValue {
    let digits = String(number + 1)
    let padded = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    let text = [prefix, stream, padded].compactMap { $0 }.joined(separator: "-")
    switch type {
    case .string: return .string(text)
    case .binary: return .binary(Array(text.utf8))
    case .number:
      // A stream's numbers lie far above those of the start, each stream's in a range of its own.
      var offset = 0
      for byte in (stream ?? "").utf8 { offset = (offset &* 31 &+ Int(byte)) % 9_000 + 1_000 }
      return .number(DecimalNumber(offset * 1_000_000_000 + number + 1))
    }
  }

  private func body(_ random: inout SplitMix64) -> AttributeMap {
    func pick<T>(_ choices: [T]) -> T { choices[Int(random.next() % UInt64(choices.count))] }
    func number(_ low: Int, _ high: Int) -> Int {
      low + Int(random.next() % UInt64(high - low + 1))
    }
    func moment() -> AttributeValue {
      .string((before - .seconds(Int64(number(60, 5_000_000)))).rfc3339)
    }
    switch kind {
    case .orders:
      var total = 0
      let lines: [AttributeValue] = (0..<number(1, 3)).map { _ in
        let (quantity, cents) = (number(1, 4), number(199, 9_999))
        total += quantity * cents
        return .map([
          "sku": .string("sku-\(number(1000, 1999))"), "quantity": .number(DecimalNumber(quantity)),
          "price": Self.money(cents),
        ])
      }
      return [
        "customer_id": .string("c-" + Self.padded(number(1, 500))), "lines": .list(lines),
        "total": Self.money(total), "currency": .string("EUR"),
        "status": .string(pick(["placed", "paid", "packed", "shipped", "delivered"])),
        "placed_at": moment(), "express": .bool(number(0, 4) == 0),
      ]
    case .customers:
      let first = pick(["Ada", "Ben", "Chen", "Dana", "Emil", "Fatima", "Goran", "Hana", "Ines"])
      let last = pick(["Adler", "Berg", "Costa", "Diaz", "Evans", "Fuchs", "Gomez", "Horn"])
      let handle = "\(first).\(last).\(number(1, 999))".lowercased()
      return [
        "name": .string("\(first) \(last)"), "email": .string("\(handle)@example.com"),
        "city": .string(pick(["Berlin", "Dublin", "Lagos", "Lima", "Oslo", "Osaka", "Porto"])),
        "loyalty_points": .number(DecimalNumber(number(0, 5_000))), "since": moment(),
        "newsletter": .bool(number(0, 1) == 1),
        "interests": .strings([pick(["books", "games"]), pick(["music", "sport", "tools"])]),
      ]
    case .events:
      return [
        "kind": .string(pick(["login", "view", "add", "buy", "logout"])), "at": moment(),
        "detail": .map([
          "page": .number(DecimalNumber(number(1, 400))),
          "agent": .string(pick(["web", "ios", "android"])),
        ]),
      ]
    case .plain:
      return [
        "data": .string("value-\(number(100_000, 999_999))"),
        "count": .number(DecimalNumber(number(0, 1_000))),
      ]
    }
  }

  private static func padded(_ number: Int) -> String {
    String(repeating: "0", count: max(0, 6 - String(number).count)) + String(number)
  }

  private static func money(_ cents: Int) -> AttributeValue {
    let fraction = cents % 100
    let text = "\(cents / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    return .number((try? DecimalNumber(parsing: text)) ?? DecimalNumber(cents / 100))
  }
}
