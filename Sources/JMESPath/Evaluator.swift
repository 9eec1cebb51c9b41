// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import OrderedCollections

/// One evaluation of a tree: walks it and counts the steps.
struct Evaluator {
  let tree: Tree
  private var stepsLeft = JMESPathExpression.stepLimit

  init(tree: Tree) { self.tree = tree }

  /// Takes steps off the budget.
  mutating func spend(_ steps: Int) throws(JMESPathError) {
    stepsLeft -= steps
    if stepsLeft < 0 { throw .tooManySteps }
  }

  /// The value of a node against a current value.
  mutating func value(
    of place: Node.Place, in current: Document
  ) throws(JMESPathError) -> Document {
    try spend(1)
    switch tree[place] {
    case .identity, .current: return current
    case .field(let name): return current[name] ?? .null
    case .literal(let value): return value
    case .index(let index): return Self.element(index, of: current)
    case .slice(let start, let stop, let step):
      return try slice(current, start: start, stop: stop, step: step)
    case .subexpression(let parts), .indexExpression(let parts), .pipe(let parts):
      var result = current
      for part in parts { result = try value(of: part, in: result) }
      return result
    case .projection(let base, let each):
      guard case .array(let elements) = try value(of: base, in: current) else { return .null }
      return try project(elements, each)
    case .valueProjection(let base, let each):
      guard case .object(let members) = try value(of: base, in: current) else { return .null }
      return try project(members.values.elements, each)
    case .filterProjection(let base, let each, let condition):
      return try filter(try value(of: base, in: current), each, condition)
    case .flatten(let base): return try flatten(try value(of: base, in: current))
    case .comparison(let comparator, let left, let right):
      let left = try value(of: left, in: current)
      return try compare(comparator, left, try value(of: right, in: current))
    case .or(let parts): return try firstValue(of: parts, in: current, whose: true)
    case .and(let parts): return try firstValue(of: parts, in: current, whose: false)
    case .not(let inner): return .bool(!(try value(of: inner, in: current)).isTrue)
    case .multiSelectList(let places): return try list(places, current)
    case .multiSelectHash(let pairs): return try hash(pairs, current)
    case .function(let name, let places): return try call(name, places, current)
    case .expressionReference: throw .expressionAsValue
    }
  }

  // MARK: Arrays

  private static func element(_ index: Int, of value: Document) -> Document {
    guard case .array(let elements) = value else { return .null }
    let place = index < 0 ? index + elements.count : index
    return elements.indices.contains(place) ? elements[place] : .null
  }

  /// Python's slices: negative places count from the end, places outside move to the nearest end.
  private mutating func slice(
    _ value: Document, start: Int?, stop: Int?, step: Int?
  ) throws(JMESPathError) -> Document {
    guard case .array(let elements) = value else { return .null }
    guard step != 0 else { throw JMESPathError(.invalidValue, "slice step cannot be zero") }
    let count = elements.count
    // Past the ends nothing changes, and clamping keeps the sums below from overflowing.
    let step = min(max(step ?? 1, -count - 1), count + 1)
    let backwards = step < 0
    let (lowest, highest) = backwards ? (-1, count - 1) : (0, count)
    func resolve(_ place: Int?, absent: Int) -> Int {
      guard let place else { return absent }
      return min(max(place < 0 ? place + count : place, lowest), highest)
    }
    let first = resolve(start, absent: backwards ? highest : lowest)
    let end = resolve(stop, absent: backwards ? lowest : highest)
    let result = stride(from: first, to: end, by: step).map { elements[$0] }
    try spend(result.count)
    return .array(result)
  }

  private mutating func project(
    _ elements: [Document], _ each: Node.Place
  ) throws(JMESPathError) -> Document {
    var results: [Document] = []
    for element in elements {
      let result = try value(of: each, in: element)
      if !result.isNull { results.append(result) }
    }
    return .array(results)
  }

  private mutating func filter(
    _ base: Document, _ each: Node.Place, _ condition: Node.Place
  ) throws(JMESPathError) -> Document {
    guard case .array(let elements) = base else { return .null }
    var results: [Document] = []
    for element in elements where try value(of: condition, in: element).isTrue {
      let result = try value(of: each, in: element)
      if !result.isNull { results.append(result) }
    }
    return .array(results)
  }

  private mutating func flatten(_ base: Document) throws(JMESPathError) -> Document {
    guard case .array(let elements) = base else { return .null }
    var results: [Document] = []
    for element in elements {
      if case .array(let inner) = element {
        try spend(inner.count)
        results.append(contentsOf: inner)
      } else {
        try spend(1)
        results.append(element)
      }
    }
    return .array(results)
  }

  // MARK: Logic

  /// The first value with this truth, or else the last one.
  private mutating func firstValue(
    of parts: [Node.Place], in current: Document, whose truth: Bool
  ) throws(JMESPathError) -> Document {
    var result = Document.null
    for part in parts {
      result = try value(of: part, in: current)
      if result.isTrue == truth { break }
    }
    return result
  }

  private mutating func compare(
    _ comparator: Node.Comparator, _ left: Document, _ right: Document
  ) throws(JMESPathError) -> Document {
    switch comparator {
    case .equal: return .bool(try areEqual(left, right))
    case .unequal: return .bool(!(try areEqual(left, right)))
    case .less: return try ordered(left, right, "<") { $0 < $1 }
    case .lessOrEqual: return try ordered(left, right, "<=") { $0 <= $1 }
    case .greater: return try ordered(left, right, ">") { $0 > $1 }
    case .greaterOrEqual: return try ordered(left, right, ">=") { $0 >= $1 }
    }
  }

  /// Equality by JSON value, counted so that values built to be huge cannot stall it.
  mutating func areEqual(_ left: Document, _ right: Document) throws(JMESPathError) -> Bool {
    try spend(Self.weight(of: left, limit: stepsLeft))
    return left == right
  }

  /// Two numbers or two strings in order; null unless both are of these kinds.
  ///
  /// The specification orders numbers alone. The library orders strings too, which queries for times rely
  /// on, and fails on one of each.
  private func ordered(
    _ left: Document, _ right: Document, _ symbol: String, _ holds: (Int, Int) -> Bool
  ) throws(JMESPathError) -> Document {
    guard left.isOrderable, right.isOrderable else { return .null }
    return .bool(holds(try left.order(relativeTo: right, symbol), 0))
  }

  // MARK: Selections

  private mutating func list(
    _ places: [Node.Place], _ current: Document
  ) throws(JMESPathError) -> Document {
    guard !current.isNull else { return .null }
    var results: [Document] = []
    for place in places { results.append(try value(of: place, in: current)) }
    return .array(results)
  }

  private mutating func hash(
    _ pairs: [(name: String, value: Node.Place)], _ current: Document
  ) throws(JMESPathError) -> Document {
    guard !current.isNull else { return .null }
    var results: OrderedDictionary<String, Document> = [:]
    for pair in pairs { results[pair.name] = try value(of: pair.value, in: current) }
    return .object(results)
  }

  // MARK: Size

  /// Spends what it costs to walk a value.
  mutating func spendWeight(of value: Document) throws(JMESPathError) {
    try spend(Self.weight(of: value, limit: stepsLeft))
  }

  /// Refuses a result that sharing made far larger than what was searched.
  func checkResult(_ result: Document, of document: Document) throws(JMESPathError) {
    let limit = JMESPathExpression.stepLimit
    guard Self.weight(of: result, limit: limit) > limit else { return }
    let allowed = limit + Self.weight(of: document, limit: .max - limit)
    if Self.weight(of: result, limit: allowed) > allowed { throw .tooManySteps }
  }

  /// How many values a value holds, with long strings counting more; stops above the limit.
  ///
  /// `[@,@]` piped into itself doubles what a value holds without taking memory, so size is not bounded
  /// by steps taken.
  static func weight(of value: Document, limit: Int) -> Int {
    var weight = 0
    func add(_ value: Document) {
      guard weight <= limit else { return }
      weight += 1
      switch value {
      case .string(let text): weight += text.utf8.count >> 6
      case .array(let elements):
        for element in elements where weight <= limit { add(element) }
      case .object(let members):
        for member in members.values where weight <= limit { add(member) }
      default: break
      }
    }
    add(value)
    return weight
  }
}

// MARK: Values

extension Document {
  /// False are null, `false`, and empty strings, arrays and objects.
  var isTrue: Bool {
    switch self {
    case .null: false
    case .bool(let flag): flag
    case .string(let text): !text.isEmpty
    case .array(let elements): !elements.isEmpty
    case .object(let members): !members.isEmpty
    case .integer, .double: true
    }
  }

  var isOrderable: Bool {
    switch self {
    case .integer, .double, .string: true
    default: false
    }
  }

  /// Negative, zero or positive as this number or string stands before, with or after another.
  func order(relativeTo other: Document, _ symbol: String) throws(JMESPathError) -> Int {
    switch (self, other) {
    case (.integer(let left), .integer(let right)):
      return left < right ? -1 : left > right ? 1 : 0
    case (.string(let left), .string(let right)):
      // By code points, whose order UTF-8 keeps.
      if left.utf8.elementsEqual(right.utf8) { return 0 }
      return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
    default:
      guard let left = number, let right = other.number else {
        throw JMESPathError(
          .invalidType,
          "'\(symbol)' not supported between instances of '\(pythonTypeName)' and "
            + "'\(other.pythonTypeName)'")
      }
      return left < right ? -1 : left > right ? 1 : 0
    }
  }
}

extension JMESPathError {
  static let tooManySteps = JMESPathError(
    .limit, "The expression takes more than \(JMESPathExpression.stepLimit) steps.")
  static let expressionAsValue = JMESPathError(
    .invalidType, "Object of type _Expression is not JSON serializable")
}
