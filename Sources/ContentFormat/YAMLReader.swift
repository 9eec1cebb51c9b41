// SPDX-License-Identifier: GPL-3.0-or-later

internal import Yams

/// Reads the strict part of YAML that content is written in into `ContentNode`s.
///
/// The library only composes; a bounded walk of our own makes the nodes and refuses anchors, aliases,
/// merge keys, tags, several documents, duplicate or null keys, and everything over the limits.
package enum YAMLReader {
  /// The limits of one content file.
  package static let maximumBytes = SourceText.Limit.bytes
  package static let maximumDepth = SourceText.Limit.depth
  package static let maximumNodes = SourceText.Limit.nodes
  package static let maximumStringBytes = SourceText.Limit.stringBytes

  /// The root of a file, or what is wrong with it.
  ///
  /// - Parameters:
  ///   - bytes: The file's bytes, UTF-8, with or without a byte order mark.
  ///   - file: The name printed in errors.
  ///   - allowsBinary: Whether a plain scalar may begin with the tag `!!binary`, which stays in it.
  /// - Returns: The root, nil where any error was found, and the errors in the order of the file.
  /// - Complexity: O(n) in the number of bytes.
  package static func read(
    _ bytes: [UInt8], file: String, allowsBinary: Bool = false
  ) -> (root: ContentNode?, errors: [ContentError]) {
    func refuse(
      _ code: ContentError.Code, _ message: String, _ fix: String? = nil, at mark: Mark = .start
    ) -> (ContentNode?, [ContentError]) {
      (nil, [ContentError(file: file, mark: mark, code: code, message: message, fix: fix)])
    }
    guard bytes.count <= maximumBytes else {
      return refuse(.limit, "the file has \(bytes.count) bytes", "at most \(maximumBytes)")
    }
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    guard let text = String(validating: content, as: UTF8.self) else {
      return refuse(
        .encoding, "the file is not UTF-8", "save it as UTF-8", at: firstInvalidByte(content))
    }
    let forbidden = SourceText.forbiddenCharacters(in: text)
    guard forbidden.isEmpty else {
      return (nil, forbidden.map { controlError($0.scalar, at: $0.mark, file: file) })
    }
    let source = SourceText(text)
    if let deep = source.firstLineTooDeep() {
      return refuse(
        .limit, "lists and mappings are nested too deeply", "at most \(maximumDepth)", at: deep)
    }
    do {
      let parser = try Parser(
        yaml: source.masked, resolver: .basic, constructor: .default, encoding: .utf8)
      guard let root = try parser.singleRoot() else {
        return refuse(.missingField, "the file is empty")
      }
      var walk = Walk(file: file, source: source, allowsBinary: allowsBinary)
      let node = walk.node(root, depth: 1)
      return walk.errors.isEmpty ? (node, []) : (nil, walk.errors.sorted())
    } catch {
      return (nil, [syntaxError(error, in: source, file: file)])
    }
  }

  static func controlError(
    _ scalar: Unicode.Scalar, at mark: Mark, file: String
  ) -> ContentError {
    let hex = String(scalar.value, radix: 16, uppercase: true)
    let name = "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
    return ContentError(
      file: file, mark: mark, code: .control, message: "the character \(name) is not allowed",
      fix: "remove it")
  }

  /// The place of the first byte that begins no UTF-8 sequence.
  private static func firstInvalidByte(_ bytes: ArraySlice<UInt8>) -> Mark {
    var mark = Mark.start
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
      mark = scalar == "\n" ? Mark(line: mark.line + 1, column: 1) : mark.next
    }
    return mark
  }

  private static func syntaxError(
    _ error: any Error, in source: SourceText, file: String
  ) -> ContentError {
    func make(_ mark: Mark, _ code: ContentError.Code, _ message: String, _ fix: String?)
      -> ContentError
    {
      ContentError(file: file, mark: mark, code: code, message: message, fix: fix)
    }
    guard let error = error as? YamlError else {
      return make(.start, .syntax, "the file cannot be read as YAML", nil)
    }
    if case .duplicatedKeysInMapping(let keys, let context) = error {
      let key = SourceText.unmasked(keys.first ?? "")
      let first = Mark(line: context.mark.line, column: context.mark.column)
      return make(
        source.secondPlace(ofKey: key, after: first) ?? first, .duplicateKey,
        "the key \(key) stands twice in one mapping", "keep one of them")
    }
    if case .composer(_, _, let mark, _) = error {
      return make(
        Mark(line: mark.line, column: mark.column), .documents,
        "a second document begins here", "one document a file")
    }
    if let (mark, code) = source.firstIndicator() {
      return make(mark, code, Walk.refusals[code] ?? "not allowed", Walk.indicatorFix)
    }
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _):
      let place = Mark(line: mark.line, column: mark.column)
      if source.hasEmptyKey(at: place) {
        return make(place, .nullKey, Walk.nullKeyMessage, Walk.nullKeyFix)
      }
      let words = [problem, context?.text].compactMap { $0 }.joined(separator: " ")
      if words.contains("nesting level") {
        return make(place, .limit, "nested too deeply", "at most \(maximumDepth)")
      }
      let fix =
        words.contains("mapping values")
        ? "put text with \": \" in quotes; for a command use run: |" : nil
      return make(place, .syntax, SourceText.unmasked(words), fix)
    case .reader(let problem, _, _, _):
      return make(.start, .syntax, problem, nil)
    default:
      return make(.start, .syntax, "the file cannot be read as YAML", nil)
    }
  }
}

extension Mark {
  /// The next column.
  var next: Mark { Mark(line: line, column: column + 1) }
}

/// The bounded walk over what the library composed.
struct Walk {
  let file: String
  let source: SourceText
  let allowsBinary: Bool
  var errors: [ContentError] = []
  private var nodes = 0
  private var hasTooManyNodes = false

  static let nullKeyMessage = "a key is missing before the colon"
  static let nullKeyFix = "put text with \": \" in quotes; for a command use run: |"
  static let indicatorFix = "write it out, or put the text in quotes"
  static let refusals: [ContentError.Code: String] = [
    .anchor: "anchors are not allowed", .alias: "aliases are not allowed",
    .tag: "tags are not allowed", .mergeKey: "merge keys are not allowed",
  ]

  init(file: String, source: SourceText, allowsBinary: Bool) {
    self.file = file
    self.source = source
    self.allowsBinary = allowsBinary
  }

  mutating func report(
    _ code: ContentError.Code, _ message: String, _ fix: String?, at mark: Mark
  ) {
    errors.append(ContentError(file: file, mark: mark, code: code, message: message, fix: fix))
  }

  /// One node and what lies below it; a node that is refused becomes an empty scalar.
  mutating func node(_ node: Node, depth: Int) -> ContentNode {
    let mark = node.mark.map { Mark(line: $0.line, column: $0.column) } ?? .start
    let nothing = ContentNode(value: .scalar(.init(text: "", style: .plain)), mark: mark)
    nodes += 1
    guard nodes <= SourceText.Limit.nodes else {
      if !hasTooManyNodes {
        report(.limit, "more than \(SourceText.Limit.nodes) values", "split the file", at: mark)
      }
      hasTooManyNodes = true
      return nothing
    }
    guard depth <= SourceText.Limit.depth else {
      report(.limit, "nested too deeply", "at most \(SourceText.Limit.depth)", at: mark)
      return nothing
    }
    switch node {
    case .scalar(let scalar):
      return ContentNode(value: .scalar(self.scalar(scalar, at: mark)), mark: mark)
    case .sequence(let sequence):
      var children: [ContentNode] = []
      for child in sequence where !hasTooManyNodes {
        children.append(self.node(child, depth: depth + 1))
      }
      return ContentNode(value: .sequence(children), mark: mark)
    case .mapping(let mapping):
      return ContentNode(value: .mapping(members(of: mapping, depth: depth)), mark: mark)
    case .alias:
      report(.alias, "aliases are not allowed", Self.indicatorFix, at: mark)
      return nothing
    }
  }

  private mutating func members(of mapping: Node.Mapping, depth: Int) -> [ContentNode.Member] {
    var members: [ContentNode.Member] = []
    for (key, value) in mapping where !hasTooManyNodes {
      let mark = key.mark.map { Mark(line: $0.line, column: $0.column) } ?? .start
      nodes += 1
      guard case .scalar(let scalar) = key else {
        report(.complexKey, "a key must be text, not a list or a mapping", nil, at: mark)
        continue
      }
      let name = self.scalar(scalar, at: mark)
      if name.style == .plain, ["", "~", "null"].contains(name.text) {
        report(.nullKey, Self.nullKeyMessage, Self.nullKeyFix, at: mark)
      }
      if name.style == .plain, name.text == "<<" {
        report(.mergeKey, "merge keys are not allowed", "write the fields out", at: mark)
      }
      let node = self.node(value, depth: depth + 1)
      members.append(.init(name: name.text, nameMark: mark, node: node))
    }
    return members
  }

  /// Whether a masked plain scalar begins with the one tag that may be allowed.
  private func isBinary(_ masked: String) -> Bool {
    allowsBinary && SourceText.unmasked(masked).hasPrefix("!!binary ")
  }

  private mutating func scalar(_ scalar: Node.Scalar, at mark: Mark) -> ContentNode.Scalar {
    let style: ContentNode.Style =
      switch scalar.style {
      case .singleQuoted, .doubleQuoted: .quoted
      case .literal: .literal
      case .folded: .folded
      default: .plain
      }
    if style == .plain, let first = scalar.string.unicodeScalars.first {
      let code: ContentError.Code? =
        switch first {
        case SourceText.aliasMask: .alias
        case SourceText.anchorMask: .anchor
        case SourceText.tagMask: isBinary(scalar.string) ? nil : .tag
        default: nil
        }
      if let code {
        report(code, Self.refusals[code] ?? "not allowed", Self.indicatorFix, at: mark)
      }
    }
    let text = SourceText.unmasked(scalar.string)
    if text.utf8.count > SourceText.Limit.stringBytes {
      report(
        .limit, "a text of \(text.utf8.count) bytes",
        "at most \(SourceText.Limit.stringBytes)", at: mark)
    }
    // Escapes in double quotes can write what the file itself may not hold.
    if style == .quoted, let bad = text.unicodeScalars.first(where: SourceText.isForbidden) {
      errors.append(YAMLReader.controlError(bad, at: mark, file: file))
    }
    let isCut = style == .plain && source.isCutByComment(text, at: mark)
    return ContentNode.Scalar(text: text, style: style, cutByComment: isCut)
  }
}
