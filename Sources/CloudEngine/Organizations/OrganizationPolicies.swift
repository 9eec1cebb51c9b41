// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import PersistentCollections
import ServiceModel
import Simulation

extension OrganizationPolicyType {
  /// The type a request names.
  ///
  /// - Throws: Not simulated for one that nothing here follows from.
  init(asked text: String) throws(ServiceError) {
    guard let type = Self(rawValue: text) else { throw .notSimulated("The policy type \(text)") }
    self = type
  }
}

extension Organization {
  /// The id of the policy that is attached everywhere to begin with.
  static let fullAccessID = "p-FullAWSAccess"

  fileprivate func isEnabled(_ type: OrganizationPolicyType) -> Bool {
    policyTypes?.contains(type) ?? false
  }

  /// Refuses policies of an organization that only shares its bill.
  fileprivate func requireAllFeatures() throws(ServiceError) {
    guard !(isConsolidatedBilling ?? false) else {
      throw .organization(
        "PolicyTypeNotAvailableForOrganizationException",
        "You can't use the specified policy type with the feature set currently enabled for this "
          + "organization.")
    }
  }

  /// Refuses what is neither the root nor an account.
  fileprivate func checkTarget(_ id: String) throws(ServiceError) {
    guard id == Self.rootID || includes(id) else { throw .policyTargetUnknown }
  }

  /// - Throws: PolicyNotFound.
  fileprivate func policy(_ id: String) throws(ServiceError) -> OrganizationPolicy {
    if id == Self.fullAccessID {
      let bare = withoutFullAccess ?? []
      return OrganizationPolicy(
        id: id, name: "FullAWSAccess", description: "Allows access to every operation",
        type: .serviceControl, content: .fullAccess,
        targets: ([Self.rootID] + allAccounts).filter { !bare.contains($0) })
    }
    guard let policy = policies?[id] else { throw .organizationPolicyUnknown }
    return policy
  }

  /// Every policy of a type, that of the service first.
  fileprivate func allPolicies(_ type: OrganizationPolicyType) -> [OrganizationPolicy] {
    let whole = type == .serviceControl ? (try? policy(Self.fullAccessID)) : nil
    return [whole].compactMap(\.self)
      + (policies?.map(\.value) ?? []).filter { $0.type == type }
  }
}

/// A policy as it is listed.
package struct OrganizationPolicySummary: Encodable, Sendable {
  let id: String
  let arn: String
  let name: String
  let description: String
  let type: String
  let awsManaged: Bool

  init(_ policy: OrganizationPolicy, in organization: Organization) {
    id = policy.id
    awsManaged = policy.id == Organization.fullAccessID
    let path = policy.type.rawValue.lowercased()
    arn =
      awsManaged
      ? "arn:aws:organizations::aws:policy/\(path)/\(policy.id)"
      : organization.arn("policy/\(organization.id)/\(path)/\(policy.id)")
    name = policy.name
    description = policy.description
    type = policy.type.rawValue
  }
}

/// A policy with its text.
package struct OrganizationPolicyDescription: Encodable, Sendable {
  let policySummary: OrganizationPolicySummary
  let content: String

  init(_ policy: OrganizationPolicy, in organization: Organization) {
    policySummary = OrganizationPolicySummary(policy, in: organization)
    content = policy.content.text
  }
}

/// Switches a type of policies on. [ORG.policyTypes]
package struct EnablePolicyType: OrganizationOperation {
  let rootId: String
  let policyType: String

  package struct Output: Encodable, Sendable { let root: OrganizationRoot }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    var organization = try cloud.managedOrganization(by: caller)
    guard rootId == Organization.rootID else { throw .rootUnknown }
    let type = try OrganizationPolicyType(asked: policyType)
    try organization.requireAllFeatures()
    guard !organization.isEnabled(type) else {
      throw .organization(
        "PolicyTypeAlreadyEnabledException", "The specified policy type is already enabled.")
    }
    organization.policyTypes = (organization.policyTypes ?? []) + [type]
    cloud.organization = organization
    return Output(root: OrganizationRoot(organization))
  }
}

/// Switches a type of policies off and detaches all of that type. [ORG.policyTypes]
package struct DisablePolicyType: OrganizationOperation {
  let rootId: String
  let policyType: String

  package struct Output: Encodable, Sendable { let root: OrganizationRoot }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    var organization = try cloud.managedOrganization(by: caller)
    guard rootId == Organization.rootID else { throw .rootUnknown }
    let type = try OrganizationPolicyType(asked: policyType)
    guard organization.isEnabled(type) else {
      throw .organization(
        "PolicyTypeNotEnabledException",
        "This operation can be performed only for enabled policy types.")
    }
    organization.policyTypes?.removeAll { $0 == type }
    for policy in organization.allPolicies(type) where policy.id != Organization.fullAccessID {
      organization.policies?[existing: policy.id].targets = []
    }
    if type == .serviceControl { organization.withoutFullAccess = nil }
    cloud.organization = organization
    return Output(root: OrganizationRoot(organization))
  }
}

/// Makes a policy, which holds for nobody until it is attached. [ORG.policies]
package struct CreatePolicy: OrganizationOperation {
  let content: String
  let description: String
  let name: String
  let type: String

  package struct Output: Encodable, Sendable { let policy: OrganizationPolicyDescription }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.managedOrganization(by: caller)
    guard try OrganizationPolicyType(asked: type) == .serviceControl else {
      throw .notSimulated("The policy type \(type)")
    }
    try organization.requireAllFeatures()
    let read = try OrganizationPolicy.read(content)
    let isTaken = organization.allPolicies(.serviceControl).contains { $0.name == name }
    guard !isTaken else {
      throw .organization(
        "DuplicatePolicyException", "A policy with the same name already exists.")
    }
    // Every refusal is above this line.
    let policy = OrganizationPolicy(
      id: "p-" + cloud.identifiers.hex("policy", digits: 8), name: name,
      description: description, type: .serviceControl, content: read)
    cloud.organization?.policies = organization.policies ?? OrderedMap()
    cloud.organization?.policies?[policy.id] = policy
    return Output(policy: OrganizationPolicyDescription(policy, in: organization))
  }
}

extension OrganizationPolicy {
  /// The most characters a service control policy may have. [ORG.policies]
  private static let maximumLength = 10_240

  /// - Throws: MalformedPolicyDocument; not simulated for a part that would not be looked at.
  fileprivate static func read(_ text: String) throws(ServiceError) -> AccessPolicy {
    let malformed = ServiceError.organization(
      "MalformedPolicyDocumentException",
      "The provided policy document does not meet the requirements of the specified policy type.")
    guard text.utf8.count <= maximumLength else {
      throw .organization(
        "ConstraintViolationException",
        "You have exceeded the maximum policy size of \(maximumLength) characters.")
    }
    do throws(PolicyProblem) {
      return try AccessPolicy(reading: text, as: .control)
    } catch {
      throw error.refusal { _ in malformed }
    }
  }
}

/// Tells of a policy with its text. [ORG.policies]
package struct DescribePolicy: OrganizationOperation {
  let policyId: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable { let policy: OrganizationPolicyDescription }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.managedOrganization(by: caller, orDelegate: true)
    return Output(
      policy: OrganizationPolicyDescription(try organization.policy(policyId), in: organization))
  }
}

/// Deletes a policy that is attached to nothing. [ORG.policies]
package struct DeletePolicy: OrganizationOperation {
  let policyId: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.managedOrganization(by: caller)
    let policy = try organization.policy(policyId)
    guard policy.id != Organization.fullAccessID else { throw .organizationDenied }
    guard policy.targets.isEmpty else {
      throw .organization(
        "PolicyInUseException",
        "This policy is attached to one or more roots, organizational units, or accounts.")
    }
    cloud.organization?.policies?[policyId] = nil
    return EmptyOutput()
  }
}

/// Lets a policy hold for an account, or for all but the management account. [ORG.policies]
package struct AttachPolicy: OrganizationOperation {
  let policyId: String
  let targetId: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.managedOrganization(by: caller)
    let policy = try organization.policy(policyId)
    try organization.checkTarget(targetId)
    guard organization.isEnabled(policy.type) else {
      throw .organization(
        "PolicyTypeNotEnabledException",
        "This operation can be performed only for enabled policy types.")
    }
    guard !policy.targets.contains(targetId) else {
      throw .organization(
        "DuplicatePolicyAttachmentException",
        "A policy with the specified name and type already exists.")
    }
    // Every refusal is above this line.
    if policyId == Organization.fullAccessID {
      cloud.organization?.withoutFullAccess?.removeAll { $0 == targetId }
    } else {
      cloud.organization?.policies?[existing: policyId].targets.append(targetId)
    }
    return EmptyOutput()
  }
}

/// Lets a policy hold for something no longer; at least one has to stay. [ORG.policies]
package struct DetachPolicy: OrganizationOperation {
  let policyId: String
  let targetId: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.managedOrganization(by: caller)
    let policy = try organization.policy(policyId)
    try organization.checkTarget(targetId)
    guard policy.targets.contains(targetId) else {
      throw .organization(
        "PolicyNotAttachedException", "The policy isn't attached to the specified target.")
    }
    let attached = organization.allPolicies(policy.type).filter { $0.targets.contains(targetId) }
    guard policy.type != .serviceControl || attached.count > 1 else {
      throw .organization(
        "ConstraintViolationException",
        "You cannot remove the last service control policy (SCP) attached to the specified target.")
    }
    // Every refusal is above this line.
    if policyId == Organization.fullAccessID {
      cloud.organization?.withoutFullAccess = (organization.withoutFullAccess ?? []) + [targetId]
    } else {
      cloud.organization?.policies?[existing: policyId].targets.removeAll { $0 == targetId }
    }
    return EmptyOutput()
  }
}

/// Lists the policies of a type. [ORG.policies]
package struct ListPolicies: OrganizationOperation {
  let filter: String
  let nextToken: String?
  let maxResults: Int?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let policies: [OrganizationPolicySummary]
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.managedOrganization(by: caller, orDelegate: true)
    let all = organization.allPolicies(try OrganizationPolicyType(asked: filter))
    let page = try Self.page(all, maxResults, nextToken) { $0.id }
    return Output(
      policies: page.shown.map { OrganizationPolicySummary($0, in: organization) },
      nextToken: page.nextToken)
  }
}

/// Lists the policies of a type that are attached to the root or to an account. [ORG.policies]
package struct ListPoliciesForTarget: OrganizationOperation {
  let targetId: String
  let filter: String
  let nextToken: String?
  let maxResults: Int?

  package static var isReadOnly: Bool { true }

  package typealias Output = ListPolicies.Output

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.managedOrganization(by: caller, orDelegate: true)
    try organization.checkTarget(targetId)
    let all = organization.allPolicies(try OrganizationPolicyType(asked: filter))
    let page = try Self.page(
      all.filter { $0.targets.contains(targetId) }, maxResults, nextToken
    ) { $0.id }
    return Output(
      policies: page.shown.map { OrganizationPolicySummary($0, in: organization) },
      nextToken: page.nextToken)
  }
}

/// Lists what a policy is attached to. [ORG.policies]
package struct ListTargetsForPolicy: OrganizationOperation {
  let policyId: String
  let nextToken: String?
  let maxResults: Int?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let targets: [Target]
    let nextToken: String?
  }

  struct Target: Encodable, Sendable {
    let targetId: String
    let arn: String
    let name: String
    let type: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.managedOrganization(by: caller, orDelegate: true)
    let policy = try organization.policy(policyId)
    let page = try Self.page(policy.targets, maxResults, nextToken) { $0 }
    return Output(
      targets: page.shown.map { target in
        let isRoot = target == Organization.rootID
        return Target(
          targetId: target, arn: isRoot ? organization.rootARN : organization.accountARN(target),
          name: isRoot ? "Root" : organization.account(target).name,
          type: isRoot ? "ROOT" : "ACCOUNT")
      }, nextToken: page.nextToken)
  }
}
