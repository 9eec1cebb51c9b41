// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import JMESPath
import OrderedCollections
import ServiceModel

/// Asks for page after page of an answer and puts them together, as the AWS CLI does by default.
///
/// `--max-items` cuts the sum, and the token that goes on from there is base64 JSON: the service's
/// own cursor and how many items of its page were already shown.
struct Paginator {
  typealias Members = OrderedDictionary<String, Document>

  let model: Pagination
  private let maxItems: Int?
  private let startingToken: String?

  /// Members taken from the first page alone.
  private var fixed: Members = [:]
  /// Where to go on later, nil at the end.
  private(set) var resumeToken: String?

  private var input: Members
  private var next: Members
  private var previous: Members?
  private var skipped = 0
  private var total = 0
  private var isFirst = true
  private var isFinished = false

  /// Makes ready to ask.
  ///
  /// - Parameters:
  ///   - model: How the operation pages.
  ///   - input: The request without paging members.
  ///   - maxItems: Where to stop.
  ///   - startingToken: Where to go on, from `NextToken` of earlier output.
  ///   - pageSize: The limit of one request.
  /// - Throws: `.general` for a token that fits nothing.
  init(
    model: Pagination, input: Members, maxItems: Int?, startingToken: String?, pageSize: Document?
  ) throws(CommandError) {
    self.model = model
    self.input = input
    self.maxItems = maxItems
    self.startingToken = startingToken
    next = OrderedDictionary(allNull: model.inputTokens)
    if let startingToken {
      (next, skipped) = try parse(startingToken)
      inject(next)
    }
    if let pageSize, let key = model.limitKey { self.input[key] = pageSize }
  }

  /// Asks for one more page.
  ///
  /// - Parameter ask: Sends one request; its answer as the CLI prints it, and as on the wire.
  /// - Returns: The page, cut to what is wanted of it; nil after the last.
  /// - Throws: What `ask` throws; `.general` for a cursor that does not move.
  mutating func page(
    ask: (Members) throws(CommandError) -> (printed: Document, wire: Document)
  ) throws(CommandError) -> Document? {
    guard !isFinished else { return nil }
    if previous == next {
      throw .general(
        "Error during pagination: The same next token was received twice: "
          + Document.object(next).pythonRepr)
    }
    if total > 0 || !isFirst {
      inject(next)
      previous = next
    }
    let answer = try ask(input)
    var page = answer.printed
    if isFirst {
      if startingToken != nil { dropShown(skipped, from: &page) }
      for key in model.nonAggregateKeys {
        set(key, in: &fixed, to: find(key, in: page) ?? .null)
      }
    } else {
      skipped = 0
    }
    isFirst = false
    let items = count(in: page)
    if let maxItems, total + items > maxItems {
      let kept = try cut(&page, by: total + items - maxItems)
      next[Self.truncateKey] = .integer(Int64(kept + skipped))
      try finish(resumingAt: next)
      return page
    }
    total += items
    next = nextToken(in: answer.wire)
    if next.values.allSatisfy(\.isNull) {
      isFinished = true
    } else if maxItems == total {
      try finish(resumingAt: next)
    }
    return page
  }

  private mutating func finish(resumingAt token: Members) throws(CommandError) {
    isFinished = true
    resumeToken = try encode(token)
  }

  /// One answer of all pages: lists joined, numbers added.
  func merged(_ pages: [Document]) -> Document {
    var result: Members = [:]
    for page in pages {
      for key in model.resultKeys {
        guard let value = find(key, in: page), !value.isNull else { continue }
        guard let existing = find(key, in: .object(result)), !existing.isNull else {
          set(key, in: &result, to: value)
          continue
        }
        set(key, in: &result, to: Self.sum(existing, value))
      }
    }
    for (name, value) in fixed { result[name] = value }
    if let resumeToken { result["NextToken"] = .string(resumeToken) }
    return .object(result)
  }

  /// What the text format shows of a page: what pages add to, on the first one what they share.
  func shown(_ page: Document, isFirst: Bool) -> Document {
    var members: Members = isFirst ? fixed : [:]
    for key in model.resultKeys { set(key, in: &members, to: find(key, in: page) ?? .null) }
    return .object(members)
  }

  private static func sum(_ left: Document, _ right: Document) -> Document {
    switch (left, right) {
    case (.array(let a), .array(let b)): return .array(a + b)
    case (.integer(let a), .integer(let b)):
      let (sum, overflow) = a.addingReportingOverflow(b)
      return overflow ? .double(Double(a) + Double(b)) : .integer(sum)
    case (.string(let a), .string(let b)): return .string(a + b)
    default:
      guard let a = left.number, let b = right.number else { return left }
      return .double(a + b)
    }
  }

  // MARK: Items of a page

  private func count(in page: Document) -> Int {
    guard let key = model.resultKeys.first, let value = find(key, in: page) else { return 0 }
    switch value {
    case .array(let elements): return elements.count
    case .object(let members): return members.count
    case .string(let text): return text.unicodeScalars.count
    default: return 0
    }
  }

  /// Takes what earlier output has shown off the first page.
  private func dropShown(_ shown: Int, from page: inout Document) {
    guard case .object(var members) = page else { return }
    for (index, key) in model.resultKeys.enumerated() {
      let value = find(key, in: page) ?? .null
      switch value {
      case .array(let elements):
        let rest = index == 0 ? Array(Self.slice(elements, from: shown)) : []
        set(key, in: &members, to: .array(rest))
      case .string: set(key, in: &members, to: .string(""))
      case .integer, .double: break
      default: set(key, in: &members, to: .null)
      }
    }
    page = .object(members)
  }

  /// Takes items off the end of a page.
  ///
  /// - Returns: How many are left, by the CLI's reckoning: below zero for a limit below zero.
  private func cut(_ page: inout Document, by excess: Int) throws(CommandError) -> Int {
    guard case .object(var members) = page, let key = model.resultKeys.first else { return 0 }
    let items = find(key, in: page)?.array ?? []
    let kept = items.count - excess
    set(key, in: &members, to: .array(Array(Self.slice(items, upTo: kept))))
    page = .object(members)
    return kept
  }

  /// `elements[start:]` with Python's meaning of a negative start.
  private static func slice(_ elements: [Document], from start: Int) -> ArraySlice<Document> {
    start < 0 ? elements.suffix(min(elements.count, -start)) : elements.dropFirst(start)
  }

  /// `elements[:end]` with Python's meaning of a negative end.
  private static func slice(_ elements: [Document], upTo end: Int) -> ArraySlice<Document> {
    end < 0 ? elements.dropLast(min(elements.count, -end)) : elements.prefix(end)
  }

  // MARK: Members by path

  private func find(_ path: String, in value: Document) -> Document? {
    if path.utf8.allSatisfy({ $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") }) {
      return value[path]
    }
    guard let expression = try? JMESPathExpression(parsing: path) else { return nil }
    return try? expression.search(in: value)
  }

  private func set(_ path: String, in members: inout Members, to value: Document) {
    guard let point = path.utf8.firstIndex(of: UInt8(ascii: ".")) else {
      members[path] = value
      return
    }
    let head = String(decoding: path.utf8[..<point], as: UTF8.self)
    let tail = String(decoding: path.utf8[point...].dropFirst(), as: UTF8.self)
    var inner = members[head]?.object ?? [:]
    set(tail, in: &inner, to: value)
    members[head] = .object(inner)
  }

  // MARK: Tokens

  static let truncateKey = "boto_truncate_amount"
  static let encodedKeysKey = "boto_encoded_keys"

  private func nextToken(in answer: Document) -> Members {
    if let more = model.moreResults, find(more, in: answer)?.bool != true { return [:] }
    var next: Members = [:]
    for (input, output) in zip(model.inputTokens, model.outputTokens) {
      let value = find(output, in: answer) ?? .null
      next[input] = Self.isEmpty(value) ? .null : value
    }
    return next
  }

  private static func isEmpty(_ value: Document) -> Bool {
    switch value {
    case .null, .string(""), .bool(false), .integer(0): true
    case .array(let elements): elements.isEmpty
    case .object(let members): members.isEmpty
    default: false
    }
  }

  private mutating func inject(_ next: Members) {
    for (name, value) in next {
      if value.isNull || value == .string("None") {
        input[name] = nil
      } else {
        input[name] = value
      }
    }
  }

  private func encode(_ token: Members) throws(CommandError) -> String {
    let names = token.keys.filter { $0 != Self.truncateKey }.sorted(by: PythonText.precedes)
    guard names == model.inputTokens.sorted(by: PythonText.precedes) else {
      throw .general("Bad starting token: \(Document.object(token).pythonRepr)")
    }
    var token = token
    let binaries = Self.binaryPaths(in: token)
    if !binaries.isEmpty { token[Self.encodedKeysKey] = .array(binaries) }
    return Base64.encode(Document.object(token).jsonBytes(.spaced, ascii: true))
  }

  /// Where a DynamoDB cursor holds bytes: the CLI lists such places in its token.
  private static func binaryPaths(in token: Members) -> [Document] {
    var paths: [Document] = []
    for (name, value) in token {
      for (attribute, content) in value.object ?? [:] where content["B"]?.string != nil {
        paths.append([.string(name), .string(attribute), "B"])
      }
    }
    return paths
  }

  private func parse(_ text: String) throws(CommandError) -> (Members, Int) {
    if let bytes = Base64.decode(text), let json = String(validating: bytes, as: UTF8.self),
      let value = try? CommandJSON.parse(json), case .object(var members) = value.document
    {
      members[Self.encodedKeysKey] = nil
      let shown = members.removeValue(forKey: Self.truncateKey)?.integer ?? 0
      return (members, Int(clamping: shown))
    }
    return try parseOld(text)
  }

  /// A token of old, `cursor___3`, or any other text as the service's own cursor.
  private func parseOld(_ text: String) throws(CommandError) -> (Members, Int) {
    var parts = Self.split(text, at: "___")
    var shown = 0
    if parts.count == model.inputTokens.count + 1 {
      if let number = PythonNumber.integer(parts.removeLast()) {
        shown = Int(clamping: number)
      } else {
        parts = [text]
      }
    }
    guard parts.count <= model.inputTokens.count else {
      throw .general("Bad starting token: \(text)")
    }
    var members: Members = [:]
    for (index, name) in model.inputTokens.enumerated() {
      let part = index < parts.count ? parts[index] : "None"
      members[name] = part == "None" ? .null : .string(part)
    }
    return (members, shown)
  }

  private static func split(_ text: String, at separator: String) -> [String] {
    var parts: [String] = []
    var current: [UInt8] = []
    var bytes = Array(text.utf8)[...]
    while let byte = bytes.first {
      if bytes.starts(with: separator.utf8) {
        parts.append(String(decoding: current, as: UTF8.self))
        current = []
        bytes = bytes.dropFirst(separator.utf8.count)
      } else {
        current.append(byte)
        bytes = bytes.dropFirst()
      }
    }
    return parts + [String(decoding: current, as: UTF8.self)]
  }
}

extension OrderedDictionary<String, Document> {
  /// Every name with nothing under it.
  fileprivate init(allNull names: [String]) {
    self = OrderedDictionary(names.map { ($0, Document.null) }) { _, last in last }
  }
}
