// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents

/// The placeholders of one request and which of them its expressions used.
///
/// One context serves all expressions of a request, so that a placeholder used by any of them counts as used.
/// Keys are reported in the order in which the request gives them.
///
/// ```swift
/// var context = try ExpressionContext(names: ["#s": "status"], values: [":v": ["S": "open"]])
/// let condition = try ConditionExpression("#s = :v", as: .filter, context: &context)
/// try context.requireAllUsed()
/// ```
package struct ExpressionContext: Sendable {
  /// Placeholders of one kind, found by key; keys are ASCII, so that `String` equality is by bytes.
  private struct Table<Content: Sendable>: Sendable {
    var entries: [(key: String, content: Content, isUsed: Bool)] = []
    var positions: [String: Int] = [:]

    mutating func append(_ key: String, _ content: Content) {
      positions[key] = entries.count
      entries.append((key, content, false))
    }

    mutating func use(_ key: String) -> Content? {
      guard let position = positions[key] else { return nil }
      entries[position].isUsed = true
      return entries[position].content
    }

    var unused: [String] { entries.filter { !$0.isUsed }.map(\.key) }
  }

  private var names = Table<String>()
  private var values = Table<AttributeValue>()

  /// A context without placeholders.
  package init() {}

  /// Reads the placeholder maps of a request as they came; nil and null are an absent parameter.
  ///
  /// - Throws: `.validation` for an empty map, a key that is no placeholder and a value that is none;
  ///   `.serialization` for JSON of another shape. [DDB.expressions.errors]
  package init(names: Document?, values: Document?) throws(ExpressionError) {
    // The service reads a request whole before it looks at what it says.
    if let values, !values.isNull {
      do { try WireShape.checkMap(values) } catch { throw ExpressionError(error) }
    }
    try readNames(names)
    try readValues(values)
  }

  private mutating func readNames(_ document: Document?) throws(ExpressionError) {
    let parameter = "ExpressionAttributeNames"
    guard let members = try Self.members(document, of: parameter, sigil: "#") else { return }
    for (key, member) in members {
      guard let name = member.string else {
        throw ExpressionError(WireShape.mismatch(member, as: .text))
      }
      if name.isEmpty {
        throw .validation(
          "\(parameter) contains invalid value: Attribute name must not be empty for key \(key)")
      }
      names.append(key, name)
    }
  }

  private mutating func readValues(_ document: Document?) throws(ExpressionError) {
    let parameter = "ExpressionAttributeValues"
    guard let members = try Self.members(document, of: parameter, sigil: ":") else { return }
    for (key, member) in members {
      do {
        values.append(key, try AttributeValue(json: member))
      } catch {
        throw ExpressionError(error.inExpressionAttributeValues(key: key))
      }
    }
  }

  /// The members of a map whose keys all are placeholders; nil where the parameter is absent.
  private static func members(
    _ document: Document?, of parameter: String, sigil: Character
  ) throws(ExpressionError) -> [(String, Document)]? {
    guard let document, !document.isNull else { return nil }
    guard let object = document.object else {
      throw ExpressionError(WireShape.mismatch(document, as: .map))
    }
    if object.isEmpty { throw .validation("\(parameter) must not be empty") }
    for key in object.keys where !isPlaceholder(key, sigil: sigil) {
      throw .validation("\(parameter) contains invalid key: Syntax error; key: \"\(key)\"")
    }
    return object.map { ($0.key, $0.value) }
  }

  private static func isPlaceholder(_ key: String, sigil: Character) -> Bool {
    key.first == sigil && key.utf8.count > 1
      && key.utf8.count <= ExpressionLimits.placeholderBytes
      && key.utf8.dropFirst().allSatisfy(ExpressionTokenizer.isWordByte)
  }
}

extension ExpressionContext {
  /// The attribute name a placeholder stands for, which counts as used from now on.
  mutating func useName(_ placeholder: String) throws(ExpressionFault) -> String {
    guard let name = names.use(placeholder) else { throw .undefinedName(placeholder) }
    return name
  }

  /// The value a placeholder stands for, which counts as used from now on.
  mutating func useValue(_ placeholder: String) throws(ExpressionFault) -> AttributeValue {
    guard let value = values.use(placeholder) else { throw .undefinedValue(placeholder) }
    return value
  }

  /// The path with its placeholders replaced.
  mutating func resolve(_ path: PathSyntax) throws(ExpressionFault) -> DocumentPath {
    let attribute = try resolve(path.head)
    var steps: [DocumentPath.Element] = []
    for step in path.steps {
      switch step {
      case .name(let name): steps.append(.name(try resolve(name)))
      case .index(let index): steps.append(.index(index))
      }
    }
    return DocumentPath(attribute, steps)
  }

  private mutating func resolve(_ name: NameSyntax) throws(ExpressionFault) -> String {
    switch name {
    case .bare(let name): name
    case .placeholder(let placeholder): try useName(placeholder)
    }
  }

  /// Refuses placeholders that no expression bound so far has used; call it after the last one.
  ///
  /// - Throws: `.validation` naming the unused keys of ExpressionAttributeNames, else those of
  ///   ExpressionAttributeValues.
  package func requireAllUsed() throws(ExpressionError) {
    for (parameter, unused) in [
      ("ExpressionAttributeNames", names.unused), ("ExpressionAttributeValues", values.unused),
    ] where !unused.isEmpty {
      throw .validation(
        "Value provided in \(parameter) unused in expressions: "
          + "keys: {\(unused.joined(separator: ", "))}")
    }
  }
}
