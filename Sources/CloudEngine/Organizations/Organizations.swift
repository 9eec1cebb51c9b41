// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import PersistentCollections
import ServiceModel
import Simulation

/// An operation of AWS Organizations.
protocol OrganizationOperation: Operation {}

extension OrganizationOperation {
  package static var service: String { "organizations" }

  /// Organizations has words of its own for what its model does not allow. [ORG.errors]
  package static func check(_ input: Document) throws(ServiceError) {
    guard let shape = Catalog.entry(service: service, name: name)?.input,
      violations(of: input, as: shape) != nil
    else { return }
    throw .invalidOrganizationInput(
      "You provided a value that does not match the required pattern.", reason: "INVALID_PATTERN")
  }
}

extension Organization {
  /// Whether an account looks after a service for all: the management account, or a member to which
  /// that was delegated. [ORG.delegation]
  func administers(_ service: String, _ account: String) -> Bool {
    account == managementAccount || delegations?["\(account)/\(service)"] != nil
  }
}

extension Cloud {
  /// The organization of a caller's account.
  ///
  /// - Throws: AWSOrganizationsNotInUse for an account that stands alone.
  func ownOrganization(of caller: Caller) throws(ServiceError) -> Organization {
    guard let organization, organization.includes(caller.account) else {
      throw .organizationNotInUse
    }
    return organization
  }

  /// The organization of a caller who may look after it: the management account, or where that will
  /// do a member to which some service's administration was delegated.
  ///
  /// - Throws: AWSOrganizationsNotInUse, or AccessDenied for another member.
  func managedOrganization(
    by caller: Caller, orDelegate: Bool = false
  ) throws(ServiceError) -> Organization {
    let organization = try ownOrganization(of: caller)
    let isDelegate =
      organization.delegations?.contains { $0.key.hasPrefix(caller.account + "/") } ?? false
    guard caller.account == organization.managementAccount || orDelegate && isDelegate else {
      throw .organizationDenied
    }
    return organization
  }
}

/// Makes the caller's account the management account of a new organization. [ORG.organization]
package struct CreateOrganization: OrganizationOperation {
  let featureSet: String?

  package struct Output: Encodable, Sendable { let organization: OrganizationSummary }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    if let present = cloud.organization {
      guard !present.includes(caller.account) else {
        throw .organization(
          "AlreadyInOrganizationException",
          "The provided account is already a member of an organization.")
      }
      throw .notSimulated("A second organization")
    }
    // Every refusal is above this line.
    var organization = Organization(
      id: "o-" + cloud.identifiers.hex("organization", digits: 10),
      managementAccount: caller.account, members: [])
    organization.createdAt = cloud.now
    if featureSet == "CONSOLIDATED_BILLING" { organization.isConsolidatedBilling = true }
    organization.name(caller.account, "management", joinedAt: cloud.now)
    cloud.organization = organization
    return Output(organization: OrganizationSummary(organization))
  }
}

/// Tells what an organization is; any of its accounts may ask. [ORG.organization]
package struct DescribeOrganization: OrganizationOperation {
  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable { let organization: OrganizationSummary }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    Output(organization: OrganizationSummary(try cloud.ownOrganization(of: caller)))
  }
}

/// An organization as it is shown.
package struct OrganizationSummary: Encodable, Sendable {
  let id: String
  let arn: String
  let featureSet: String
  let masterAccountArn: String
  let masterAccountId: String
  let masterAccountEmail: String
  let availablePolicyTypes: [OrganizationPolicyTypeDescription]

  init(_ organization: Organization) {
    id = organization.id
    arn = organization.arn("organization/\(organization.id)")
    featureSet = organization.isConsolidatedBilling ?? false ? "CONSOLIDATED_BILLING" : "ALL"
    masterAccountArn = organization.accountARN(organization.managementAccount)
    masterAccountId = organization.managementAccount
    masterAccountEmail = organization.account(organization.managementAccount).email
    // The member is out of use: it names this type whatever is switched on.
    availablePolicyTypes = [OrganizationPolicyTypeDescription(.serviceControl)]
  }
}

struct OrganizationPolicyTypeDescription: Encodable, Sendable {
  let type: String
  let status = "ENABLED"

  init(_ type: OrganizationPolicyType) { self.type = type.rawValue }
}

// MARK: - Accounts

/// An account as its organization shows it. [ORG.accounts]
package struct OrganizationAccountDescription: Encodable, Sendable {
  let id: String
  let arn: String
  let email: String
  let name: String
  let status = "ACTIVE"
  let state = "ACTIVE"
  let paths: [String]
  let joinedMethod: String
  let joinedTimestamp: Timestamp

  init(_ account: String, in organization: Organization) {
    let known = organization.account(account)
    id = account
    arn = organization.accountARN(account)
    email = known.email
    name = known.name
    paths = ["\(organization.id)/\(Organization.rootID)/\(account)/"]
    joinedMethod = known.wasCreated ? "CREATED" : "INVITED"
    joinedTimestamp = Timestamp(known.joinedAt)
  }
}

extension Organization {
  /// Management account first, then the others as they joined.
  var allAccounts: [String] { [managementAccount] + members }

  func account(_ id: String) -> OrganizationAccount {
    accounts?[id]
      ?? OrganizationAccount(
        name: "account-\(id)", email: "account-\(id)@example.com", wasCreated: false,
        joinedAt: createdAt ?? Instant(seconds: 0))
  }

  func arn(_ resource: String) -> String {
    "arn:aws:organizations::\(managementAccount):\(resource)"
  }

  func accountARN(_ account: String) -> String { arn("account/\(id)/\(account)") }

  var rootARN: String { arn("root/\(id)/\(Self.rootID)") }
}

/// Lists the accounts of the organization. [ORG.accounts]
package struct ListAccounts: OrganizationOperation {
  let nextToken: String?
  let maxResults: Int?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let accounts: [OrganizationAccountDescription]
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.managedOrganization(by: caller, orDelegate: true)
    let page = try Self.page(organization.allAccounts, maxResults, nextToken) { $0 }
    return Output(
      accounts: page.shown.map { OrganizationAccountDescription($0, in: organization) },
      nextToken: page.nextToken)
  }
}

/// Tells of one account of the organization. [ORG.accounts]
package struct DescribeAccount: OrganizationOperation {
  let accountId: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable { let account: OrganizationAccountDescription }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.managedOrganization(by: caller, orDelegate: true)
    guard organization.includes(accountId) else { throw .accountUnknown }
    return Output(account: OrganizationAccountDescription(accountId, in: organization))
  }
}

/// Lists the one root with the types of policies that are switched on. [ORG.policyTypes]
package struct ListRoots: OrganizationOperation {
  let nextToken: String?
  let maxResults: Int?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable { let roots: [OrganizationRoot] }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.managedOrganization(by: caller, orDelegate: true)
    let page = try Self.page([OrganizationRoot(organization)], maxResults, nextToken) { $0.id }
    return Output(roots: page.shown)
  }
}

/// The root of an organization as it is shown.
package struct OrganizationRoot: Encodable, Sendable {
  let id = Organization.rootID
  let arn: String
  let name = "Root"
  let policyTypes: [OrganizationPolicyTypeDescription]

  init(_ organization: Organization) {
    arn = organization.rootARN
    policyTypes = (organization.policyTypes ?? []).map(OrganizationPolicyTypeDescription.init)
  }
}

/// Tells what an account lies below: the root, there being no organizational units. [ORG.accounts]
package struct ListParents: OrganizationOperation {
  let childId: String
  let nextToken: String?
  let maxResults: Int?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable { let parents: [Parent] }

  struct Parent: Encodable, Sendable {
    let id = Organization.rootID
    let type = "ROOT"
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.managedOrganization(by: caller, orDelegate: true)
    guard organization.includes(childId) else {
      throw .organization("ChildNotFoundException", "You specified a child that doesn't exist.")
    }
    return Output(parents: try Self.page([Parent()], maxResults, nextToken) { $0.id }.shown)
  }
}

/// Takes the caller's account out of its organization. [ORG.accounts]
package struct LeaveOrganization: OrganizationOperation {
  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.ownOrganization(of: caller)
    guard caller.account != organization.managementAccount else {
      throw .organization(
        "MasterCannotLeaveOrganizationException",
        "You can't remove a management account from an organization.")
    }
    cloud.organization?.remove(caller.account)
    return EmptyOutput()
  }
}

/// Takes a member out of the organization. [ORG.accounts]
package struct RemoveAccountFromOrganization: OrganizationOperation {
  let accountId: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.managedOrganization(by: caller)
    guard accountId != organization.managementAccount else {
      throw .organization(
        "MasterCannotLeaveOrganizationException",
        "You can't remove a management account from an organization.")
    }
    guard organization.includes(accountId) else { throw .accountUnknown }
    cloud.organization?.remove(accountId)
    return EmptyOutput()
  }
}

extension Organization {
  /// Takes a member out, with all that was settled for it.
  fileprivate mutating func remove(_ account: String) {
    members.removeAll { $0 == account }
    accounts?[account] = nil
    withoutFullAccess?.removeAll { $0 == account }
    for entry in delegations ?? OrderedMap() where entry.key.hasPrefix(account + "/") {
      delegations?[entry.key] = nil
    }
    for (id, policy) in policies ?? OrderedMap() where policy.targets.contains(account) {
      policies?[existing: id].targets.removeAll { $0 == account }
    }
  }
}

extension OrganizationOperation {
  /// One page of a listing, 20 to a page unless the request says.
  ///
  /// - Throws: InvalidInput for a token that was never given out, or whose element is gone.
  static func page<Element>(
    _ all: [Element], _ limit: Int?, _ token: String?, name: (Element) -> String
  ) throws(ServiceError) -> Page<Element> {
    try Page(
      all, limit: limit ?? 20, token: token,
      otherwise: .invalidOrganizationInput(
        "You provided an invalid pagination token.", reason: "INVALID_NEXT_TOKEN"), name: name)
  }
}
