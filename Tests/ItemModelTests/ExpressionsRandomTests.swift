// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import Testing

/// A condition as a test thinks of it: printed for the parser, evaluated in the plainest way.
private indirect enum Plain {
  case or(Plain, Plain)
  case and(Plain, Plain)
  case not(Plain)
  case compare(Operand, String, Operand)
  case between(Operand, Operand, Operand)
  case isIn(Operand, [Operand])
  case exists(String)
  case notExists(String)
  case begins(String, Operand)
  case contains(String, Operand)
  case type(String, String)

  enum Operand {
    case path(String)
    case value(Int)
    case size(String)
  }
}

/// Random conditions over the attributes a…e, with values collected as placeholders.
private struct Author {
  var dice: Dice
  var values: [AttributeValue] = []
  let names = ["a", "b", "c", "d.x", "e[0]", "e[1]"]

  mutating func path() -> String { names[dice.roll(names.count)] }

  mutating func literal(_ value: AttributeValue) -> Plain.Operand {
    values.append(value)
    return .value(values.count - 1)
  }

  mutating func small() -> AttributeValue {
    switch dice.roll(8) {
    case 0, 1: .string(dice.text(upTo: 2))
    case 2, 3: .number(DecimalNumber(dice.roll(3)))
    case 4: .binary(dice.bytes(upTo: 2))
    case 5: .strings((0...dice.roll(2)).map { _ in dice.text(upTo: 1) })
    case 6: .list((0..<dice.roll(3)).map { _ in .number(DecimalNumber(dice.roll(2))) })
    default: dice.roll(2) == 0 ? .null : .bool(true)
    }
  }

  mutating func ordered() -> AttributeValue {
    while true {
      let value = small()
      if value.order(to: value) != nil { return value }
    }
  }

  mutating func operand(ordered isOrdered: Bool = false) -> Plain.Operand {
    switch dice.roll(5) {
    case 0: .size(path())
    case 1, 2: .path(path())
    default: literal(isOrdered ? ordered() : small())
    }
  }

  mutating func condition(levels: Int) -> Plain {
    if levels > 0, dice.roll(3) > 0 {
      let left = condition(levels: levels - 1)
      switch dice.roll(3) {
      case 0: return .or(left, condition(levels: levels - 1))
      case 1: return .and(left, condition(levels: levels - 1))
      default: return .not(left)
      }
    }
    switch dice.roll(8) {
    case 0, 1: return .compare(operand(), ["=", "<>"][dice.roll(2)], operand())
    case 2, 3:
      return .compare(
        operand(ordered: true), ["<", "<=", ">", ">="][dice.roll(4)], operand(ordered: true))
    case 4:
      return .between(
        operand(ordered: true), operand(ordered: true), operand(ordered: true))
    case 5: return .isIn(operand(), (0...dice.roll(3)).map { _ in operand() })
    case 6: return dice.roll(2) == 0 ? .exists(path()) : .notExists(path())
    default:
      switch dice.roll(3) {
      case 0: return .begins(path(), literal(.string(dice.text(upTo: 1))))
      case 1: return .contains(path(), literal(small()))
      default: return .type(path(), AttributeType.allCases[dice.roll(10)].rawValue)
      }
    }
  }

  mutating func item() -> AttributeMap {
    var item = AttributeMap()
    for name in ["a", "b", "c"] where dice.roll(4) > 0 { item[name] = small() }
    if dice.roll(4) > 0 { item["d"] = .map(dice.roll(3) > 0 ? ["x": small()] : [:]) }
    if dice.roll(4) > 0 { item["e"] = .list((0..<dice.roll(3)).map { _ in small() }) }
    return item
  }
}

extension Plain {
  /// The condition as text; a parenthesis around every part of an AND, OR and NOT unless it is a leaf.
  func text(typeNames: inout [String]) -> String {
    func part(_ plain: Plain, _ names: inout [String]) -> String {
      switch plain {
      case .or, .and, .not: "(\(plain.text(typeNames: &names)))"
      default: plain.text(typeNames: &names)
      }
    }
    switch self {
    case .or(let a, let b): return "\(part(a, &typeNames)) OR \(part(b, &typeNames))"
    case .and(let a, let b): return "\(part(a, &typeNames)) AND \(part(b, &typeNames))"
    case .not(let a): return "NOT \(part(a, &typeNames))"
    case .compare(let a, let sign, let b): return "\(a.text) \(sign) \(b.text)"
    case .between(let a, let b, let c): return "\(a.text) BETWEEN \(b.text) AND \(c.text)"
    case .isIn(let a, let list):
      return "\(a.text) IN (\(list.map(\.text).joined(separator: ", ")))"
    case .exists(let path): return "attribute_exists(\(path))"
    case .notExists(let path): return "attribute_not_exists(\(path))"
    case .begins(let path, let b): return "begins_with(\(path), \(b.text))"
    case .contains(let path, let b): return "contains(\(path), \(b.text))"
    case .type(let path, let name):
      typeNames.append(name)
      return "attribute_type(\(path), :t\(name))"
    }
  }

  /// Whether the condition holds, worked out without any of the code under test but equality.
  func holds(_ item: AttributeMap, _ values: [AttributeValue]) -> Bool {
    switch self {
    case .or(let a, let b): return a.holds(item, values) || b.holds(item, values)
    case .and(let a, let b): return a.holds(item, values) && b.holds(item, values)
    case .not(let a): return !a.holds(item, values)
    case .compare(let a, let sign, let b):
      return Self.compare(a.value(item, values), sign, b.value(item, values))
    case .between(let a, let b, let c):
      let x = a.value(item, values)
      return Self.compare(b.value(item, values), "<=", x)
        && Self.compare(x, "<=", c.value(item, values))
    case .isIn(let a, let list):
      let x = a.value(item, values)
      return list.filter { Self.compare(x, "=", $0.value(item, values)) }.count > 0
    case .exists(let path): return Operand.look(path, item) != nil
    case .notExists(let path): return Operand.look(path, item) == nil
    case .type(let path, let name): return Operand.look(path, item)?.type.rawValue == name
    case .begins(let path, let b):
      guard case .string(let text)? = Operand.look(path, item),
        case .string(let start)? = b.value(item, values)
      else { return false }
      return Array(text.utf8.prefix(start.utf8.count)) == Array(start.utf8)
    case .contains(let path, let b):
      guard let whole = Operand.look(path, item), let part = b.value(item, values)
      else { return false }
      return Self.contains(whole, part)
    }
  }

  private static func contains(_ whole: AttributeValue, _ part: AttributeValue) -> Bool {
    func run(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
      (0...bytes.count).contains { Array(bytes[$0...].prefix(part.count)) == part }
    }
    switch (whole, part) {
    case (.string(let a), .string(let b)): return run(Array(a.utf8), Array(b.utf8))
    case (.binary(let a), .binary(let b)): return run(a, b)
    case (.stringSet(let set), .string(let b)):
      return set.contains { Array($0.utf8) == Array(b.utf8) }
    case (.list(let list), _): return list.contains { $0 == part }
    default: return false
    }
  }

  private static func compare(
    _ a: AttributeValue?, _ sign: String, _ b: AttributeValue?
  ) -> Bool {
    guard let a, let b else { return sign == "<>" }
    if sign == "=" { return a == b }
    if sign == "<>" { return !(a == b) }
    let less: Bool
    switch (a, b) {
    case (.string(let x), .string(let y)): less = x.utf8.lexicographicallyPrecedes(y.utf8)
    case (.binary(let x), .binary(let y)): less = x.lexicographicallyPrecedes(y)
    case (.number(let x), .number(let y)): less = (x.integer ?? 0) < (y.integer ?? 0)
    default: return false
    }
    switch sign {
    case "<": return less
    case "<=": return less || a == b
    case ">": return !less && a != b
    default: return !less
    }
  }
}

extension Plain.Operand {
  var text: String {
    switch self {
    case .path(let path): path
    case .value(let index): ":v\(index)"
    case .size(let path): "size(\(path))"
    }
  }

  static func look(_ path: String, _ item: AttributeMap) -> AttributeValue? {
    switch path {
    case "d.x": if case .map(let map)? = item["d"] { map["x"] } else { nil }
    case "e[0]": if case .list(let list)? = item["e"] { list.first } else { nil }
    case "e[1]":
      if case .list(let list)? = item["e"], list.count > 1 { list[1] } else { nil }
    default: item[path]
    }
  }

  func value(_ item: AttributeMap, _ values: [AttributeValue]) -> AttributeValue? {
    switch self {
    case .path(let path): return Self.look(path, item)
    case .value(let index): return values[index]
    case .size(let path):
      switch Self.look(path, item) {
      case .string(let text): return .number(DecimalNumber(text.utf8.count))
      case .binary(let bytes): return .number(DecimalNumber(bytes.count))
      case .stringSet(let set): return .number(DecimalNumber(set.count))
      case .list(let list): return .number(DecimalNumber(list.count))
      default: return nil
      }
    }
  }
}

@Suite("Random expressions")
struct ExpressionsRandomTests {
  @Test("conditions agree with a plain evaluator", arguments: 0..<8)
  func differential(seed: Int) throws {
    var author = Author(dice: Dice(seed: UInt64(seed)))
    var counts = (accepted: 0, refused: 0, held: 0)
    for round in 0..<1_000 {
      author.values = []
      let plain = author.condition(levels: 3)
      var typeNames: [String] = []
      let text = plain.text(typeNames: &typeNames)
      var values: [(String, Document)] = author.values.enumerated().map {
        (":v\($0.offset)", $0.element.json)
      }
      for name in Set(typeNames).sorted() { values.append((":t\(name)", ["S": .string(name)])) }
      let condition: ConditionExpression
      do {
        var context = try ExpressionContext(
          names: nil,
          values: values.isEmpty ? nil : .object(.init(uniqueKeysWithValues: values)))
        condition = try ConditionExpression(text, as: .condition, context: &context)
        try context.requireAllUsed()
      } catch {
        // What is refused without an item: a path compared with itself, bounds that never hold, sizes of sizeless.
        let known = ["BETWEEN operator", "must be distinct"].contains { error.message.contains($0) }
        #expect(known, "seed \(seed), round \(round): \(error.message) in \(text)")
        counts.refused += 1
        continue
      }
      counts.accepted += 1
      for _ in 0..<5 {
        let item = author.item()
        let expected = plain.holds(item, author.values)
        Self.check(
          condition.evaluate(item) == expected, "seed \(seed), round \(round): \(text) on \(item)")
        counts.held += expected ? 1 : 0
      }
    }
    // The rows must say something: most are accepted, and both answers are common.
    #expect(counts.accepted > 600, "\(counts)")
    #expect(counts.held > counts.accepted && counts.held < 4 * counts.accepted, "\(counts)")
  }

  static let seeds = [
    "a = :a AND (b < :1 OR NOT contains(#c, :s)) AND size(d.e[3]) BETWEEN :1 AND :5",
    "SET a = if_not_exists(b, :0) + :1, l[3] = list_append(l, :l) REMOVE c ADD n :1 DELETE ss :ss",
    "a, b.c[0], #d, l[2].x", "a = :a AND begins_with(b, :s)", "a IN (:a, :b, (c)) OR ((a = :b))",
    "SET m.k = (a - :2), #a.#b[1] = :m REMOVE l[0], l[1]",
  ]
  static let pieces = [
    "(", ")", "[", "]", ".", ",", "=", "<>", "<", "<=", "+", "-", " ", "AND", "OR", "NOT", "IN",
    "BETWEEN",
    "SET", "REMOVE", "ADD", "DELETE", "size", "contains", "attribute_exists", "if_not_exists",
    "list_append",
    "a", "l", "m", "#a", "#d", "#zz", ":a", ":1", ":ss", ":l", ":zz", "0", "7", "99999999999",
    "abort", "é", "#",
    ":", "\0", "\"", "😀", "\u{301}",
  ]

  @Test(
    "whatever the text, reading it answers or refuses, and what it gives can be used",
    arguments: 0..<20)
  func fuzz(seed: Int) throws {
    var dice = Dice(seed: 1_000 + UInt64(seed))
    let item = try ItemModelTests.item(ExpressionsUpdateTests.item)
    let schema = KeySchema(partition: KeyAttribute(name: "a", type: .string))
    var refused = 0
    for _ in 0..<1_000 {
      let text = Self.text(&dice)
      var context = try Placeholders.context()
      do {
        let condition = try ConditionExpression(text, as: .filter, context: &context)
        _ = condition.evaluate(item)
      } catch { refused += Self.expectWords(error, "Invalid FilterExpression: ") }
      do {
        _ = try KeyConditionExpression(text, context: &context).condition(on: schema)
      } catch { refused += Self.expectWords(error, "") }
      do {
        let projection = try ProjectionExpression(text, context: &context)
        let once = projection.project(item)
        Self.check(once.allSatisfy { item.contains(name: $0.name) }, "\(text) invented a name")
      } catch { refused += Self.expectWords(error, "Invalid ProjectionExpression: ") }
      do {
        let update = try UpdateExpression(text, context: &context)
        do {
          let outcome = try update.apply(to: item)
          let touched = update.targets.attributes
          for (name, value) in outcome.item where !touched.contains(name) {
            Self.check(item[name] == value, "\(text) changed \(name)")
          }
          for (name, _) in item where !touched.contains(name) {
            Self.check(outcome.item.contains(name: name), "\(text) removed \(name)")
          }
        } catch { refused += Self.expectWords(error, "") }
      } catch { refused += Self.expectWords(error, "Invalid UpdateExpression: ") }
    }
    #expect(refused > 1_000, "most random texts are no expression")
  }

  /// An expectation cheap enough for a hundred thousand rounds.
  private static func check(_ holds: Bool, _ comment: @autoclosure () -> String) {
    if !holds { Issue.record("\(comment())") }
  }

  private static func expectWords(_ error: ExpressionError, _ prefix: String) -> Int {
    let isWorded =
      error.message.utf8.starts(with: prefix.utf8)
      && error.message.utf8.count > prefix.utf8.count
    check(isWorded, error.message)
    return 1
  }

  private static func text(_ dice: inout Dice) -> String {
    switch dice.roll(3) {
    case 0:
      let bytes = (0..<dice.roll(60)).map { _ in UInt8(dice.roll(dice.roll(4) == 0 ? 256 : 128)) }
      return String(decoding: bytes, as: UTF8.self)
    case 1:
      return (0..<(1 + dice.roll(dice.roll(20) == 0 ? 600 : 12)))
        .map { _ in pieces[dice.roll(pieces.count)] }.joined(
          separator: dice.roll(2) == 0 ? " " : "")
    default:
      var bytes = Array(seeds[dice.roll(seeds.count)].utf8)
      for _ in 0...dice.roll(3) {
        let place = dice.roll(bytes.count + 1)
        let piece = Array(pieces[dice.roll(pieces.count)].utf8)
        let length = min(dice.roll(4), bytes.count - place)
        bytes.replaceSubrange(place..<(place + length), with: dice.roll(2) == 0 ? piece : [])
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
