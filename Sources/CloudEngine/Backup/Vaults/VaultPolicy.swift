// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import PersistentCollections

/// A vault's access policy: what nobody, or somebody, may do with it. [BKP.policy]
///
/// A statement that denies holds for everybody it names, the account's root included. One that allows
/// is needed only by another account, which may copy into the vault and nothing else.
struct VaultPolicy: Hashable, Sendable, Codable {
  let text: String
  let statements: [Statement]

  /// The most bytes a policy may have.
  static let maximumBytes = 20_480

  struct Statement: Hashable, Sendable, Codable {
    let allows: Bool
    /// Account ids, ARNs of principals, or `*`.
    let principals: [String]
    let actions: [String]
    let conditions: [Condition]
  }

  struct Condition: Hashable, Sendable, Codable {
    let isNegated: Bool
    let isPattern: Bool
    let key: String
    let values: [String]
  }

  /// Who asks, as conditions see it.
  struct Requester {
    let caller: Caller
    /// The id of the organization of the caller's account; nil outside of any.
    let organization: String?

    /// The value of a condition's key; nil where the request has none.
    func value(of key: String) -> String? {
      switch key.lowercased() {
      case "aws:userid": caller.userID
      case "aws:principalarn": caller.arn
      case "aws:principalaccount": caller.account
      case "aws:username": caller.principal.kind == .user ? caller.userName : nil
      case "aws:principalorgid": organization
      case "aws:principalorgpaths": organization.map { $0 + "/r-root/" }
      case "aws:requestedregion": caller.region
      default: nil
      }
    }
  }

  /// True if a statement denies the action to the requester.
  func denies(_ action: String, to requester: Requester) -> Bool {
    statements.contains { !$0.allows && $0.covers("backup:" + action, for: requester) }
  }

  /// True if a statement allows the action to the requester; one that denies still has the last word.
  func allows(_ action: String, to requester: Requester) -> Bool {
    statements.contains { $0.allows && $0.covers("backup:" + action, for: requester) }
  }
}

extension VaultPolicy.Statement {
  fileprivate func covers(_ action: String, for requester: VaultPolicy.Requester) -> Bool {
    actions.contains { $0.lowercased() == action.lowercased() }
      && principals.contains { names($0, requester.caller) }
      && conditions.allSatisfy { $0.holds(for: requester) }
  }

  private func names(_ principal: String, _ caller: Caller) -> Bool {
    if principal == "*" || principal == caller.account || principal == caller.arn { return true }
    guard let arn = ARN(principal), arn.service == "iam", arn.account == caller.account else {
      return false
    }
    if arn.resource == "root" { return true }
    return caller.principal.kind == .role
      && arn.resource.split(separator: "/").last.map(String.init) == caller.principal.name
      && arn.resource.hasPrefix("role/")
  }
}

extension VaultPolicy.Condition {
  /// A negated condition holds also where the request has no value for the key.
  fileprivate func holds(for requester: VaultPolicy.Requester) -> Bool {
    guard let value = requester.value(of: key) else { return isNegated }
    let isAmong = values.contains { isPattern ? value.matches(wildcard: $0) : value == $0 }
    return isAmong != isNegated
  }
}

extension String {
  /// Whether this text fits a pattern in which `*` stands for any text and `?` for one character.
  ///
  /// - Complexity: O(n · m) in the lengths of text and pattern.
  func matches(wildcard pattern: String) -> Bool {
    let (text, pattern) = (Array(unicodeScalars), Array(pattern.unicodeScalars))
    var (position, place) = (0, 0)
    var lastStar: (place: Int, position: Int)?
    while position < text.count {
      if place < pattern.count, pattern[place] == "*" {
        lastStar = (place, position)
        place += 1
      } else if place < pattern.count, pattern[place] == "?" || pattern[place] == text[position] {
        (position, place) = (position + 1, place + 1)
      } else if let star = lastStar {
        lastStar = (star.place, star.position + 1)
        (place, position) = (star.place + 1, star.position + 1)
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == "*" }
  }
}

// MARK: - Reading

extension VaultPolicy {
  /// A policy from the text of a request.
  ///
  /// - Throws: InvalidParameterValue for a document that is no policy; not simulated for a condition
  ///   that is not looked at here.
  init(reading text: String) throws(ServiceError) {
    guard text.utf8.count <= Self.maximumBytes else {
      throw Self.malformed("the policy is larger than \(Self.maximumBytes) bytes")
    }
    guard let document = try? Document.parse(text), case .object = document else {
      throw Self.malformed("it is no JSON object")
    }
    let listed = document["Statement"]?.listed ?? []
    guard !listed.isEmpty else { throw Self.malformed("it has no statement") }
    self.text = text
    statements = try listed.map(Self.statement)
  }

  private static func malformed(_ why: String) -> ServiceError {
    .invalidBackupParameter("The policy document is invalid: \(why)")
  }

  private static func statement(_ document: Document) throws(ServiceError) -> Statement {
    let allows: Bool
    switch document["Effect"]?.string {
    case "Allow": allows = true
    case "Deny": allows = false
    default: throw malformed("Effect must be Allow or Deny")
    }
    for member in ["NotAction", "NotPrincipal"] where document[member] != nil {
      throw .notSimulated("\(member) of a vault's access policy")
    }
    let actions = document["Action"]?.listed.compactMap(\.string) ?? []
    guard !actions.isEmpty else { throw malformed("a statement has no Action") }
    if let action = actions.first(where: { $0.contains("*") || $0.contains("?") }) {
      throw malformed("wildcards are not allowed in Action: \(action)")
    }
    let principals: [String] =
      switch document["Principal"] {
      case .object(_)?: document["Principal"]?["AWS"]?.listed.compactMap(\.string) ?? []
      case let one?: one.listed.compactMap(\.string)
      case nil: []
      }
    guard !principals.isEmpty else { throw malformed("a statement has no Principal") }
    return Statement(
      allows: allows, principals: principals, actions: actions,
      conditions: try conditions(of: document["Condition"]))
  }

  private static func conditions(of document: Document?) throws(ServiceError) -> [Condition] {
    guard let document else { return [] }
    var conditions: [Condition] = []
    for (name, keys) in document.members {
      let name = name.hasPrefix("ForAnyValue:") ? String(name.dropFirst(12)) : name
      guard
        [
          "StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "ArnEquals", "ArnLike",
          "ArnNotEquals", "ArnNotLike",
        ].contains(name)
      else { throw .notSimulated("The condition \(name) of a vault's access policy") }
      for (key, values) in keys.members {
        guard knownKeys.contains(key.lowercased()) else {
          throw .notSimulated("The condition key \(key) of a vault's access policy")
        }
        conditions.append(
          Condition(
            isNegated: name.contains("Not"), isPattern: name.hasSuffix("Like"), key: key,
            values: values.listed.compactMap(\.string)))
      }
    }
    return conditions
  }

  private static let knownKeys = [
    "aws:userid", "aws:principalarn", "aws:principalaccount", "aws:username", "aws:principalorgid",
    "aws:principalorgpaths", "aws:requestedregion",
  ]
}

extension Document {
  /// The elements of a list, or the one value that stands for a list of one.
  fileprivate var listed: [Document] { array ?? (isNull ? [] : [self]) }
}

// MARK: - Being held to it

extension BackupVault {
  /// Refuses what the vault's own policy denies to a caller. [BKP.policy]
  func require(_ action: String, for caller: Caller, in cloud: Cloud) throws(ServiceError) {
    guard let policy else { return }
    let requester = VaultPolicy.Requester(
      caller: caller, organization: cloud.organizationID(of: caller.account))
    guard policy.denies(action, to: requester) else { return }
    throw .deniedByVault(action, vault: arn, for: caller)
  }
}

extension ServiceError {
  fileprivate static func deniedByVault(
    _ action: String, vault: String, for caller: Caller
  ) -> ServiceError {
    ServiceError(
      code: "AccessDeniedException",
      message: "User: \(caller.arn) is not authorized to perform: backup:\(action) on resource: "
        + "\(vault) with an explicit deny in a resource-based policy",
      status: 403)
  }
}

// MARK: - Operations

/// Gives a vault an access policy in place of the one it had. [BKP.policy]
package struct PutBackupVaultAccessPolicy: BackupOperation {
  let backupVaultName: String
  let policy: String?

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(backupVaultName, for: caller)
    try vault.require("PutBackupVaultAccessPolicy", for: caller, in: cloud)
    guard let policy else { throw .missingBackupParameter("Policy") }
    let read = try VaultPolicy(reading: policy)
    cloud.changeVault(vault.name, in: caller.place) { $0.policy = read }
    return EmptyOutput()
  }
}

/// Returns a vault's access policy as it was given. [BKP.policy]
package struct GetBackupVaultAccessPolicy: BackupOperation {
  let backupVaultName: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let backupVaultName: String
    let backupVaultArn: String
    let policy: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(backupVaultName, for: caller)
    try vault.require("GetBackupVaultAccessPolicy", for: caller, in: cloud)
    guard let policy = vault.policy else { throw .vaultHasNoPolicy }
    return Output(backupVaultName: vault.name, backupVaultArn: vault.arn, policy: policy.text)
  }
}

/// Takes a vault's access policy away; none having been set is no error. [BKP.policy]
package struct DeleteBackupVaultAccessPolicy: BackupOperation {
  let backupVaultName: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let vault = try cloud.vault(backupVaultName, for: caller)
    try vault.require("DeleteBackupVaultAccessPolicy", for: caller, in: cloud)
    cloud.changeVault(vault.name, in: caller.place) { $0.policy = nil }
    return EmptyOutput()
  }
}
