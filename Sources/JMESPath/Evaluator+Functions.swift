// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import OrderedCollections

extension Evaluator {
  /// Calls a function by name.
  ///
  /// Arguments are evaluated first, so their errors come before an unknown name's.
  mutating func call(
    _ name: String, _ places: [Node.Place], _ current: Document
  ) throws(JMESPathError) -> Document {
    var arguments: [Argument] = []
    for place in places {
      if case .expressionReference(let inner) = tree[place] {
        arguments.append(.expression(inner))
      } else {
        arguments.append(.value(try value(of: place, in: current)))
      }
    }
    guard let function = Builtin(rawValue: name) else {
      throw JMESPathError(.unknownFunction, "Unknown function: \(name)()")
    }
    // What follows walks whole values: comparisons, texts, messages.
    for case .value(let value) in arguments { try spendSize(of: value, for: function) }
    try function.check(arguments)
    return try apply(function, arguments)
  }

  /// Functions that only look at the top of a value cost its length; those that go all through it, all.
  private mutating func spendSize(
    of value: Document, for function: Builtin
  ) throws(JMESPathError) {
    switch (function, value) {
    case (.toString, _), (.contains, _): try spendWeight(of: value)
    case (_, .array(let elements)): try spend(elements.count)
    case (_, .object(let members)): try spend(members.count)
    case (_, .string(let text)): try spend(text.utf8.count >> 6)
    default: break
    }
  }

  private mutating func apply(
    _ function: Builtin, _ arguments: [Argument]
  ) throws(JMESPathError) -> Document {
    switch (arguments.first, arguments.dropFirst().first) {
    case (.expression(let expression), .value(.array(let elements))):
      var results: [Document] = []
      for element in elements { results.append(try value(of: expression, in: element)) }
      return .array(results)
    case (.value(.array(let elements)), .expression(let expression)):
      switch function {
      case .sortBy: return try sorted(elements, by: expression)
      case .minBy, .maxBy: return try extreme(elements, by: expression, function)
      default: throw .expressionAsValue
      }
    default:
      var values: [Document] = []
      for argument in arguments {
        guard case .value(let value) = argument else { throw .expressionAsValue }
        values.append(value)
      }
      return try apply(function, values)
    }
  }

  private mutating func apply(
    _ function: Builtin, _ values: [Document]
  ) throws(JMESPathError) -> Document {
    switch function {
    case .abs, .ceil, .floor: return function.round(values[0])
    case .avg, .sum: return function.total(values[0].array ?? [])
    case .contains: return .bool(try contains(values[0], values[1]))
    case .startsWith: return .bool(values[0].utf8.starts(with: values[1].utf8))
    case .endsWith: return .bool(values[0].utf8.reversed().starts(with: values[1].utf8.reversed()))
    case .join:
      let texts = (values[1].array ?? []).compactMap(\.string)
      try spend(texts.reduce(0) { $0 + $1.utf8.count >> 6 })
      return .string(texts.joined(separator: values[0].string ?? ""))
    case .keys: return .array((values[0].object ?? [:]).keys.map { .string($0) })
    case .values: return .array((values[0].object ?? [:]).values.elements)
    case .length: return .integer(Int64(values[0].count))
    case .max: return try extreme(values[0].array ?? [], ">")
    case .min: return try extreme(values[0].array ?? [], "<")
    case .merge:
      var merged: OrderedDictionary<String, Document> = [:]
      for value in values { merged.merge(value.object ?? [:]) { $1 } }
      return .object(merged)
    case .notNull: return values.first { !$0.isNull } ?? .null
    case .reverse:
      if case .array(let elements) = values[0] { return .array(elements.reversed()) }
      var reversed = String.UnicodeScalarView()
      reversed.append(contentsOf: (values[0].string ?? "").unicodeScalars.reversed())
      return .string(String(reversed))
    case .sort: return .array(try stablySorted(values[0].array ?? []) { $0 })
    case .toArray: return values[0].array == nil ? .array([values[0]]) : values[0]
    case .toNumber: return values[0].convertedToNumber
    case .toString:
      return values[0].string == nil ? .string(values[0].json(ascii: true)) : values[0]
    case .type: return .string(values[0].jmespathType)
    case .map, .maxBy, .minBy, .sortBy: throw .expressionAsValue
    }
  }

  private mutating func contains(
    _ subject: Document, _ search: Document
  ) throws(JMESPathError) -> Bool {
    if case .array(let elements) = subject {
      for element in elements where try areEqual(element, search) { return true }
      return false
    }
    guard case .string(let text) = search else {
      throw JMESPathError(
        .invalidType,
        "'in <string>' requires string as left operand, not \(search.pythonTypeName)")
    }
    return Self.find(Array(text.utf8), in: Array(subject.utf8))
  }

  /// Whether bytes occur in others, by the Knuth–Morris–Pratt method: linear whatever they are.
  private static func find(_ needle: [UInt8], in hay: [UInt8]) -> Bool {
    guard !needle.isEmpty else { return true }
    var borders = [0]
    var length = 0
    for byte in needle.dropFirst() {
      while length > 0, needle[length] != byte { length = borders[length - 1] }
      if needle[length] == byte { length += 1 }
      borders.append(length)
    }
    var matched = 0
    for byte in hay {
      while matched > 0, needle[matched] != byte { matched = borders[matched - 1] }
      if needle[matched] == byte { matched += 1 }
      if matched == needle.count { return true }
    }
    return false
  }

  // MARK: Order

  /// The first smallest (`<`) or largest (`>`) of numbers or strings; null of none.
  private func extreme(
    _ elements: [Document], _ symbol: String
  ) throws(JMESPathError) -> Document {
    guard var best = elements.first else { return .null }
    for element in elements.dropFirst() {
      let order = try element.order(relativeTo: best, symbol)
      if symbol == "<" ? order < 0 : order > 0 { best = element }
    }
    return best
  }

  private mutating func extreme(
    _ elements: [Document], by expression: Node.Place, _ function: Builtin
  ) throws(JMESPathError) -> Document {
    let symbol = function == .minBy ? "<" : ">"
    var best: (element: Document, key: Document)?
    for element in elements {
      let key = try key(of: element, expression, function, ["number", "string"])
      if let held = best {
        let order = try key.order(relativeTo: held.key, symbol)
        guard symbol == "<" ? order < 0 : order > 0 else { continue }
      }
      best = (element, key)
    }
    return best?.element ?? .null
  }

  private mutating func sorted(
    _ elements: [Document], by expression: Node.Place
  ) throws(JMESPathError) -> Document {
    guard let first = elements.first else { return .array([]) }
    let type = try value(of: expression, in: first).jmespathType
    guard type == "number" || type == "string" else {
      throw Builtin.sortBy.invalidType(first, ["string", "number"], received: type)
    }
    var pairs: [(element: Document, key: Document)] = []
    for element in elements {
      pairs.append((element, try key(of: element, expression, .sortBy, [type])))
    }
    return .array(try stablySorted(pairs, \.key).map(\.element))
  }

  private mutating func key(
    of element: Document, _ expression: Node.Place, _ function: Builtin, _ types: [String]
  ) throws(JMESPathError) -> Document {
    let key = try value(of: expression, in: element)
    guard types.contains(key.jmespathType) else {
      throw function.invalidType(key, types, received: key.jmespathType)
    }
    return key
  }

  /// Sorts by keys of one type; equal keys keep their order.
  ///
  /// - Complexity: O(n log n).
  private mutating func stablySorted<Element>(
    _ elements: [Element], _ key: (Element) -> Document
  ) throws(JMESPathError) -> [Element] {
    try spend(elements.count * (Int.bitWidth - elements.count.leadingZeroBitCount))
    // Swift's sort is stable today without promising it; the place breaks ties.
    let keyed = elements.enumerated().map { (place: $0.offset, key: key($0.element)) }
    // The keys' types were checked, so comparing them cannot fail.
    let order = keyed.sorted { left, right in
      let order = (try? left.key.order(relativeTo: right.key, "<")) ?? 0
      return order == 0 ? left.place < right.place : order < 0
    }
    return order.map { elements[$0.place] }
  }
}

// MARK: Values

extension Document {
  /// The bytes of a string; none of another value.
  fileprivate var utf8: [UInt8] { Array((string ?? "").utf8) }

  /// Code points of a string, elements of an array, members of an object.
  fileprivate var count: Int {
    switch self {
    case .string(let text): text.unicodeScalars.count
    case .array(let elements): elements.count
    case .object(let members): members.count
    default: 0
    }
  }
}
