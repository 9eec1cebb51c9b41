// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections

/// Why something may not be done: which kind of policy stands against it, and how. [IAM.denied]
enum AccessRefusal: Hashable, Sendable {
  case denied(PolicyKind)
  /// No policy of the kind allows it.
  case notAllowed(PolicyKind)
}

extension Cloud {
  /// A caller as policies see it.
  func requester(_ caller: Caller) -> AccessRequester {
    AccessRequester(caller: caller, organization: organizationID(of: caller.account))
  }

  /// Refuses a request that the caller's own policies or the organization's do not allow.
  ///
  /// Policies of resources are looked at where the resource is known: a vault's by its operations, a
  /// key's where it is used, a topic's by whoever publishes.
  ///
  /// - Throws: The refusal of the request's service, which names action, resource and kind of policy.
  /// - Complexity: O(1) where neither a role nor an organization has policies.
  func authorize(_ request: ServiceRequest) throws(ServiceError) {
    guard isGoverned(request.caller) else { return }
    for needed in RequiredPermission.all(of: request, in: self) {
      let asked = needed.asked(by: requester(request.caller))
      if let refusal = refusal(of: asked, by: request.caller) {
        throw .notAuthorized(asked, by: request.caller, refusal, service: request.service)
      }
    }
  }

  /// Whether there are policies at all that could stand against anybody.
  var hasPolicies: Bool { roles != nil || organization != nil }

  /// Whether any policy could stand against what a caller asks.
  func isGoverned(_ caller: Caller) -> Bool {
    policies(of: caller) != nil || !(controlPolicies(of: caller.account)?.isEmpty ?? true)
  }

  /// The policies a caller's own rights come from; nil for whoever may do everything.
  private func policies(of caller: Caller) -> [AccessPolicy]? {
    guard caller.principal.kind == .role else { return nil }
    return role(caller.principal.name, of: caller.account)?.policies
  }

  /// What stands against a request among the caller's policies and those of the organization; nil for
  /// nothing.
  ///
  /// What denies has the first word, the organization's before the caller's own. [IAM.evaluation]
  func refusal(of request: AccessRequest, by caller: Caller) -> AccessRefusal? {
    let levels = controlPolicies(of: caller.account) ?? []
    let own = policies(of: caller)
    if levels.contains(where: { $0.contains { $0.denies(request) } }) { return .denied(.control) }
    if own?.contains(where: { $0.denies(request) }) ?? false { return .denied(.identity) }
    guard levels.allSatisfy({ $0.contains { $0.allows(request) } }) else {
      return .notAllowed(.control)
    }
    guard own?.contains(where: { $0.allows(request) }) ?? true else {
      return .notAllowed(.identity)
    }
    return nil
  }

  /// The service control policies of the root and of the account; nil where none holds.
  ///
  /// The management account is held to none. [ORG.policies]
  private func controlPolicies(of account: String) -> [[AccessPolicy]]? {
    guard let organization, organization.members.contains(account),
      organization.policyTypes?.contains(.serviceControl) ?? false
    else { return nil }
    let levels = [Organization.rootID, account].map { target -> [AccessPolicy] in
      let attached = organization.policies?.values.filter {
        $0.type == .serviceControl && $0.targets.contains(target)
      }
      let own = attached?.map(\.content) ?? []
      return organization.withoutFullAccess?.contains(target) ?? false ? own : [.fullAccess] + own
    }
    return levels.allSatisfy { $0 == [.fullAccess] } ? nil : levels
  }
}

extension AccessPolicy {
  /// The policy of every root and account to begin with. [ORG.policies]
  static let fullAccess = AccessPolicy(
    text: #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    statements: [
      Statement(allows: true, principals: ["*"], actions: ["*"], conditions: [], resources: ["*"])
    ])
}

extension ServiceError {
  /// The refusal of what policies do not allow, in the words that services share. [IAM.denied]
  ///
  /// - Parameters:
  ///   - request: What was asked for.
  ///   - caller: Who asked.
  ///   - refusal: What stands against it.
  ///   - service: Which service says so; AWS Backup unless it is named.
  /// - Returns: The service's own code with the shared words.
  static func notAuthorized(
    _ request: AccessRequest, by caller: Caller, _ refusal: AccessRefusal,
    service: String = "backup"
  ) -> ServiceError {
    let why: String
    switch refusal {
    case .denied(let kind):
      why = "with an explicit deny in \(kind.inRefusal.article) \(kind.inRefusal.name)"
    case .notAllowed(let kind):
      why = "because no \(kind.inRefusal.name) allows the \(request.action) action"
    }
    let (code, status) =
      switch service {
      case "backup": ("AccessDeniedException", 403)
      case "sns": ("AuthorizationError", 403)
      case "s3api", "sts": ("AccessDenied", 403)
      default: ("AccessDeniedException", 400)
      }
    return ServiceError(
      code: code,
      message: "User: \(caller.arn) is not authorized to perform: \(request.action) on resource: "
        + "\(request.resource) \(why)", status: status)
  }
}
