// SPDX-License-Identifier: GPL-3.0-or-later

import Documents

/// What events a rule is for. [EVENTS.pattern]
///
/// Every field that the pattern names must match, by any of the values it lists.
struct EventPattern: Hashable, Sendable, Codable {
  /// As it was given.
  let text: String
  private let fields: Fields

  /// A pattern's object: for each field what it may hold, and alternatives of which one must hold.
  private struct Fields: Hashable, Sendable, Codable {
    var values: [Field] = []
    var alternatives: [Fields] = []
  }

  private struct Field: Hashable, Sendable, Codable {
    let name: String
    let allowed: Allowed
  }

  private indirect enum Allowed: Hashable, Sendable, Codable {
    case fields(Fields)
    case any([EventMatcher])
  }

  /// - Throws: InvalidEventPattern, with the reason.
  init(_ text: String) throws(ServiceError) {
    guard let document = try? Document.parse(text) else {
      throw .invalidEventPattern("Unrecognized token")
    }
    guard case .object = document else {
      throw .invalidEventPattern("Filter is not an object")
    }
    self.text = text
    fields = try Self.fields(of: document)
    guard !fields.values.isEmpty || !fields.alternatives.isEmpty else {
      throw .invalidEventPattern("Empty patterns are not allowed")
    }
  }

  private static func fields(of document: Document) throws(ServiceError) -> Fields {
    var result = Fields()
    for (name, value) in document.members {
      if name == "$or" {
        for alternative in value.array ?? [] {
          result.alternatives.append(try fields(of: alternative))
        }
        guard result.alternatives.count >= 2 else {
          throw .invalidEventPattern("\"$or\" must be an array of two patterns or more")
        }
        continue
      }
      switch value {
      case .object:
        let inner = try fields(of: value)
        guard !inner.values.isEmpty || !inner.alternatives.isEmpty else {
          throw .invalidEventPattern("Empty objects are not allowed")
        }
        result.values.append(Field(name: name, allowed: .fields(inner)))
      case .array(let elements):
        guard !elements.isEmpty else {
          throw .invalidEventPattern("Empty arrays are not allowed")
        }
        var matchers: [EventMatcher] = []
        for element in elements { matchers.append(try EventMatcher(element)) }
        result.values.append(Field(name: name, allowed: .any(matchers)))
      default:
        throw .invalidEventPattern("\"\(name)\" must be an object or an array")
      }
    }
    return result
  }

  /// - Complexity: O(n) in the size of the pattern, times that of the arrays it looks into.
  func matches(_ event: Document) -> Bool { Self.matches(fields, event) }

  private static func matches(_ fields: Fields, _ event: Document?) -> Bool {
    let all = fields.values.allSatisfy { field in
      let value = event?[field.name]
      switch field.allowed {
      case .fields(let inner): return matches(inner, value)
      case .any(let matchers):
        if case .array(let elements)? = value, !elements.isEmpty {
          return matchers.contains { matcher in elements.contains { matcher.matches($0) } }
        }
        return matchers.contains { $0.matches(value) }
      }
    }
    return all
      && (fields.alternatives.isEmpty || fields.alternatives.contains { matches($0, event) })
  }
}

/// One of the values that a field of an event may have. [EVENTS.pattern]
indirect enum EventMatcher: Hashable, Sendable, Codable {
  case text(String)
  case number(Double)
  case bool(Bool)
  case null
  case prefix(String)
  case suffix(String)
  case ignoringCase(String)
  case wildcard(String)
  case exists(Bool)
  case anythingBut([EventMatcher])
  /// Bounds, each with the values it admits told by its operator.
  case numeric([Bound])

  struct Bound: Hashable, Sendable, Codable {
    let comparison: String
    let limit: Double
  }

  /// - Throws: InvalidEventPattern for what is no matcher.
  init(_ element: Document) throws(ServiceError) {
    switch element {
    case .string(let text): self = .text(text)
    case .integer(let number): self = .number(Double(number))
    case .double(let number): self = .number(number)
    case .bool(let value): self = .bool(value)
    case .null: self = .null
    case .array:
      throw .invalidEventPattern("Match value must be String, number, true, false, or null")
    case .object:
      guard element.members.count == 1, let member = element.members.first else {
        throw .invalidEventPattern("Only one key allowed in match expression")
      }
      self = try Self.expression(member.name, member.value)
    }
  }

  private static func expression(
    _ name: String, _ value: Document
  ) throws(ServiceError) -> EventMatcher {
    switch (name, value) {
    case ("prefix", .string(let text)): return .prefix(text)
    case ("suffix", .string(let text)): return .suffix(text)
    case ("equals-ignore-case", .string(let text)): return .ignoringCase(text)
    case ("wildcard", .string(let text)): return .wildcard(text)
    case ("exists", .bool(let exists)): return .exists(exists)
    case ("anything-but", .array(let elements)) where !elements.isEmpty:
      var matchers: [EventMatcher] = []
      for element in elements { matchers.append(try EventMatcher(element)) }
      return .anythingBut(matchers)
    case ("anything-but", .string), ("anything-but", .integer), ("anything-but", .double),
      ("anything-but", .object):
      return .anythingBut([try EventMatcher(value)])
    case ("numeric", .array(let parts)): return .numeric(try bounds(parts))
    case ("prefix", _), ("suffix", _), ("equals-ignore-case", _), ("wildcard", _):
      throw .invalidEventPattern("\(name) match pattern must be a string")
    case ("exists", _):
      throw .invalidEventPattern("exists match pattern must be either true or false.")
    case ("anything-but", _), ("numeric", _):
      throw .invalidEventPattern("Value of \(name) must be an array or single value.")
    case ("cidr", _): throw .notSimulated("cidr in an EventPattern")
    default: throw .invalidEventPattern("Unrecognized match type \(name)")
    }
  }

  private static func bounds(_ parts: [Document]) throws(ServiceError) -> [Bound] {
    let wrong = ServiceError.invalidEventPattern(
      "Value of numeric must be an array of operators and numbers.")
    guard parts.count == 2 || parts.count == 4 else { throw wrong }
    var bounds: [Bound] = []
    for place in stride(from: 0, to: parts.count, by: 2) {
      let limit: Double? =
        switch parts[place + 1] {
        case .integer(let number): Double(number)
        case .double(let number): number
        default: nil
        }
      guard let comparison = parts[place].string, let limit,
        ["<", "<=", "=", ">", ">="].contains(comparison)
      else { throw wrong }
      bounds.append(Bound(comparison: comparison, limit: limit))
    }
    return bounds
  }

  /// True if a value is one of those meant; nil stands for a field that is not there.
  func matches(_ value: Document?) -> Bool {
    switch self {
    case .exists(let wanted): return (value != nil) == wanted
    case .null: return value?.isNull ?? false
    case .bool(let wanted): return value?.bool == wanted
    case .text(let wanted): return value?.string == wanted
    case .number(let wanted): return Self.number(value) == wanted
    case .prefix(let start): return value?.string?.hasPrefix(start) ?? false
    case .suffix(let end): return value?.string?.hasSuffix(end) ?? false
    case .ignoringCase(let wanted): return value?.string?.lowercased() == wanted.lowercased()
    case .wildcard(let wanted): return value?.string.map { Self.fits($0, wanted) } ?? false
    case .anythingBut(let others): return value != nil && !others.contains { $0.matches(value) }
    case .numeric(let bounds):
      guard let number = Self.number(value) else { return false }
      return bounds.allSatisfy { $0.admits(number) }
    }
  }

  private static func number(_ value: Document?) -> Double? {
    switch value {
    case .integer(let number)?: Double(number)
    case .double(let number)?: number
    default: nil
    }
  }

  /// True if a text is the wildcard's, in which `*` stands for any characters.
  private static func fits(_ text: String, _ wildcard: String) -> Bool {
    let parts = wildcard.split(separator: "*", omittingEmptySubsequences: false)
    guard let first = parts.first, let last = parts.last, parts.count > 1 else {
      return text == wildcard
    }
    guard text.hasPrefix(first) else { return false }
    var rest = text.dropFirst(first.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let found = Self.range(of: part, in: rest) else { return false }
      rest = rest[found...]
    }
    return rest.count >= last.count && rest.hasSuffix(last)
  }

  /// Where the text goes on after the first occurrence of a part.
  private static func range(of part: Substring, in text: Substring) -> Substring.Index? {
    var start = text.startIndex
    while start < text.endIndex {
      if text[start...].hasPrefix(part) { return text.index(start, offsetBy: part.count) }
      start = text.index(after: start)
    }
    return nil
  }
}

extension EventMatcher.Bound {
  fileprivate func admits(_ number: Double) -> Bool {
    switch comparison {
    case "<": number < limit
    case "<=": number <= limit
    case ">": number > limit
    case ">=": number >= limit
    default: number == limit
    }
  }
}
