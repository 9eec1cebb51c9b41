// SPDX-License-Identifier: GPL-3.0-or-later

import Documents

/// What has a policy, which decides what may stand in it.
package enum PolicyKind: Hashable, Sendable {
  /// A role's own: it names no principal, since it is about whoever has it.
  case identity
  /// An organization's, for accounts.
  case control
  /// The access policy of a backup vault: no wildcards in actions. [BKP.policy]
  case vault
  /// A key's.
  case key
  /// A topic's.
  case topic

  fileprivate var words: String {
    switch self {
    case .identity: "an identity-based policy"
    case .control: "a service control policy"
    case .vault: "a vault's access policy"
    case .key: "a key policy"
    case .topic: "a topic's policy"
    }
  }

  fileprivate var isOfResource: Bool { self != .identity && self != .control }
  /// Everything a document of this kind must name.
  fileprivate var needsResource: Bool { !isOfResource }

  /// How a refusal calls the kind, and whether it is "an" or "a" one. [IAM.denied]
  var inRefusal: (article: String, name: String) {
    switch self {
    case .identity: ("an", "identity-based policy")
    case .control: ("a", "service control policy")
    case .vault, .key, .topic: ("a", "resource-based policy")
    }
  }

  /// What is known of conditions that services test themselves with the keys they set.
  static let operators = [
    "StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "ArnEquals", "ArnLike",
    "ArnNotEquals", "ArnNotLike", "Bool", "Null",
  ]
}

/// What is wrong with a text that should be a policy; the service that has it words the refusal.
package enum PolicyProblem: Error, Hashable, Sendable {
  case malformed(String)
  /// A part of policies that is not evaluated here.
  case notSimulated(String)
}

extension PolicyProblem {
  /// What a service says of it: its own words for a document that is none.
  func refusal(_ malformed: (String) -> ServiceError) -> ServiceError {
    switch self {
    case .malformed(let why): malformed(why)
    case .notSimulated(let what): .notSimulated(what)
    }
  }
}

extension AccessPolicy {
  /// A policy from the text of a request or of a world.
  ///
  /// - Parameters:
  ///   - text: A JSON document.
  ///   - kind: What it is the policy of.
  /// - Throws: What is wrong with it, or which part of it would not be looked at.
  package init(reading text: String, as kind: PolicyKind) throws(PolicyProblem) {
    guard let document = try? Document.parse(text), case .object = document else {
      throw .malformed("it is no JSON object")
    }
    let listed = document["Statement"]?.listed ?? []
    guard !listed.isEmpty else { throw .malformed("it has no statement") }
    self.text = text
    var statements: [Statement] = []
    for statement in listed { statements.append(try Statement(reading: statement, as: kind)) }
    self.statements = statements
  }
}

extension AccessPolicy.Statement {
  fileprivate init(reading document: Document, as kind: PolicyKind) throws(PolicyProblem) {
    switch document["Effect"]?.string {
    case "Allow": allows = true
    case "Deny": allows = false
    default: throw .malformed("Effect must be Allow or Deny")
    }
    let members = [
      "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal",
      "NotPrincipal", "Condition",
    ]
    if let stranger = document.members.first(where: { !members.contains($0.name) }) {
      throw .malformed("a statement has no member \(stranger.name)")
    }
    for member in ["NotAction", "NotPrincipal"]
    where document[member] != nil && (kind == .vault || member == "NotPrincipal") {
      throw .notSimulated("\(member) of \(kind.words)")
    }
    var negated: [String] = []
    func texts(_ name: String) throws(PolicyProblem) -> [String]? {
      let (plain, not) = (document[name], document["Not" + name])
      if plain != nil, not != nil {
        throw .malformed("a statement has \(name) and Not\(name)")
      }
      if not != nil { negated.append(name) }
      return (plain ?? not)?.listed.compactMap(\.string)
    }
    actions = try texts("Action") ?? []
    guard !actions.isEmpty else { throw .malformed("a statement has no Action") }
    let isWild = actions.first { $0.contains("*") || $0.contains("?") }
    if kind == .vault, let isWild {
      throw .malformed("wildcards are not allowed in Action: \(isWild)")
    }
    if kind == .vault {
      // The vault is what its policy is about, whatever the policy says.
      resources = nil
    } else {
      resources = try texts("Resource")
      if kind.needsResource, resources?.isEmpty ?? true {
        throw .malformed("a statement has no Resource")
      }
    }
    principals = try Self.principals(of: document["Principal"], as: kind)
    conditions = try AccessPolicy.Condition.list(reading: document["Condition"], as: kind)
    self.negated = negated.isEmpty ? nil : negated
  }

  private static func principals(
    of document: Document?, as kind: PolicyKind
  ) throws(PolicyProblem) -> [String] {
    guard kind.isOfResource else {
      if document != nil { throw .malformed("\(kind.words) names no Principal") }
      return ["*"]
    }
    let named: [String] =
      switch document {
      case .object(let members)?:
        members.filter { ["AWS", "Service"].contains($0.key) }
          .flatMap { $0.value.listed.compactMap(\.string) }
      case let one?: one.listed.compactMap(\.string)
      case nil: []
      }
    guard !named.isEmpty else { throw .malformed("a statement has no Principal") }
    return named
  }
}

extension AccessPolicy.Condition {
  fileprivate static func list(
    reading document: Document?, as kind: PolicyKind
  ) throws(PolicyProblem) -> [Self] {
    guard let document else { return [] }
    // What is no map would otherwise count as no condition at all.
    guard case .object = document else { throw .malformed("Condition is no map of operators") }
    var conditions: [Self] = []
    for (written, keys) in document.members {
      guard case .object = keys else { throw .malformed("\(written) is no map of keys") }
      var name = written[...]
      let isForAll = name.hasPrefix("ForAllValues:")
      for prefix in ["ForAllValues:", "ForAnyValue:"] where name.hasPrefix(prefix) {
        name = name.dropFirst(prefix.utf8.count)
      }
      let isIfExists = name.hasSuffix("IfExists")
      if isIfExists { name = name.dropLast("IfExists".utf8.count) }
      guard PolicyKind.operators.contains(String(name)) else {
        throw .notSimulated("The condition \(written) of \(kind.words)")
      }
      for (key, values) in keys.members {
        guard AccessRequester.knownKeys.contains(key.lowercased()) else {
          throw .notSimulated("The condition key \(key) of \(kind.words)")
        }
        // ArnEquals and ArnLike behave alike. [IAM.conditions]
        var condition = Self(
          isNegated: name.contains("Not"),
          isPattern: name.hasSuffix("Like") || name.hasPrefix("Arn"),
          key: key,
          values: values.listed.map { $0.string ?? $0.json(.compact) })
        if isForAll || isIfExists { condition.holdsIfAbsent = true }
        if isForAll { condition.concernsAll = true }
        if name == "Null" { condition.asksForAbsence = true }
        conditions.append(condition)
      }
    }
    return conditions
  }
}

extension Document {
  /// The elements of a list, or the one value that stands for a list of one.
  fileprivate var listed: [Document] { array ?? (isNull ? [] : [self]) }
}
