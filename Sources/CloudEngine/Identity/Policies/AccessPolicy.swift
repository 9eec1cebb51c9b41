// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections

/// A policy document as it is evaluated: what is allowed and what denied, to whom, on what, and when.
///
/// Identity policies, service control policies, and the policies of vaults, keys and topics are all
/// read into this; what they decide together is settled by `Cloud.refusal(of:by:kinds:)`. [IAM.policy]
package struct AccessPolicy: Hashable, Sendable, Codable {
  /// As it was given.
  package let text: String
  let statements: [Statement]

  struct Statement: Hashable, Sendable, Codable {
    let allows: Bool
    /// Account ids, ARNs of principals, names of services, or `*`; `*` in a policy of an identity.
    let principals: [String]
    let actions: [String]
    let conditions: [Condition]
    /// Nil where the policy is about the one resource that has it.
    var resources: [String]?
    /// The members written as `NotAction` or `NotResource`; nil for none.
    var negated: [String]?
  }

  struct Condition: Hashable, Sendable, Codable {
    let isNegated: Bool
    let isPattern: Bool
    let key: String
    let values: [String]
    /// True for `ForAllValues`, and for `IfExists`: a request without the key meets it.
    var holdsIfAbsent: Bool?
    /// True for `ForAllValues`: each of the request's values has to meet it.
    var concernsAll: Bool?
    /// True for the operator `Null`.
    var asksForAbsence: Bool?
  }
}

/// Something asked for, as policies see it.
struct AccessRequest {
  /// Such as `backup:DeleteRecoveryPoint`.
  let action: String
  /// The ARN it is about, or `*`.
  let resource: String
  let requester: AccessRequester
  /// What conditions can ask of the request beside who makes it, by key in small letters.
  var values: [String: [String]] = [:]
}

/// Who asks: a caller, or a service by its own name.
struct AccessRequester {
  let caller: Caller?
  /// Such as `backup.amazonaws.com`; nil for a caller.
  var service: String?
  /// The id of the organization of the caller's account; nil outside of any.
  var organization: String?

  /// The values of a condition's key in small letters; nil where the request has none.
  func values(of key: String) -> [String]? {
    guard let caller else { return nil }
    let one: String? =
      switch key {
      case "aws:userid": caller.userID
      case "aws:principalarn": caller.principal.kind == .role ? caller.roleARN : caller.arn
      case "aws:principalaccount", "kms:calleraccount": caller.account
      case "aws:username": caller.principal.kind == .user ? caller.userName : nil
      case "aws:principalorgid": organization
      case "aws:principalorgpaths": organization.map { $0 + "/" + Organization.rootID + "/" }
      case "aws:requestedregion": caller.region
      default: nil
      }
    return one.map { [$0] }
  }

  /// The keys above, and those that `AccessRequest.values` may hold.
  static let knownKeys: Set<String> = [
    "aws:userid", "aws:principalarn", "aws:principalaccount", "kms:calleraccount", "aws:username",
    "aws:principalorgid", "aws:principalorgpaths", "aws:requestedregion", "aws:sourceowner",
    "aws:sourceaccount", "backup:copytargets", "backup:copytargetorgpaths", "iam:passedtoservice",
  ]
}

// MARK: - Matching

extension AccessPolicy {
  /// True if a statement denies the request.
  func denies(_ request: AccessRequest) -> Bool {
    statements.contains { !$0.allows && $0.covers(request) }
  }

  /// True if a statement allows the request; one that denies still has the last word.
  func allows(_ request: AccessRequest) -> Bool {
    statements.contains { $0.allows && $0.covers(request) }
  }
}

extension AccessPolicy.Statement {
  fileprivate func covers(_ request: AccessRequest) -> Bool {
    let action = request.action.lowercased()
    let namesAction = actions.contains { action.matches(wildcard: $0.lowercased()) }
    guard namesAction != (negated?.contains("Action") ?? false) else { return false }
    if let resources {
      let namesResource = resources.contains { request.resource.matches(wildcard: $0) }
      guard namesResource != (negated?.contains("Resource") ?? false) else { return false }
    }
    return principals.contains { names($0, request.requester) }
      && conditions.allSatisfy { $0.holds(for: request) }
  }

  private func names(_ principal: String, _ requester: AccessRequester) -> Bool {
    if principal == "*" { return true }
    guard let caller = requester.caller else { return principal == requester.service }
    if principal == caller.account || principal == caller.arn { return true }
    guard let arn = ARN(principal), arn.service == "iam", arn.account == caller.account else {
      return false
    }
    if arn.resource == "root" { return true }
    return caller.principal.kind == .role && arn.resource.hasPrefix("role/")
      && ARN.lastPart(principal) == caller.principal.name
  }
}

extension AccessPolicy.Condition {
  /// A negated condition holds also where the request has no value for the key.
  fileprivate func holds(for request: AccessRequest) -> Bool {
    let name = key.lowercased()
    let given = request.values[name] ?? request.requester.values(of: name)
    if asksForAbsence ?? false { return values.contains(given == nil ? "true" : "false") }
    guard let given else { return isNegated || holdsIfAbsent ?? false }
    return concernsAll ?? false ? given.allSatisfy(meets) : given.contains(where: meets)
  }

  private func meets(_ value: String) -> Bool {
    let isAmong = values.contains { isPattern ? value.matches(wildcard: $0) : value == $0 }
    return isAmong != isNegated
  }
}

extension String {
  /// Whether this text fits a pattern in which `*` stands for any text and `?` for one character.
  ///
  /// - Complexity: O(n · m) in the lengths of text and pattern.
  func matches(wildcard pattern: String) -> Bool {
    if pattern == "*" { return true }
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
