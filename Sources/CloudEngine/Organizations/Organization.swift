// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
package import Simulation

/// The organization that accounts of a world belong to: who is in it, what its management account has
/// settled, and which policies hold for whom. [ORG.organization]
///
/// It has one root and no organizational units: every account lies below the root.
package struct Organization: Codable, Hashable, Sendable {
  package let id: String
  package let managementAccount: String
  /// The other accounts, as they joined.
  package internal(set) var members: [String]
  /// What the management account has set in AWS Backup; absent settings are off. [BKP.organization]
  var settings: [String: Bool] = [:]
  var settingsChangedAt: Instant?
  /// What else is known of accounts, by id; nil for what accounts are without it.
  var accounts: OrderedMap<String, OrganizationAccount>?
  /// The services that were let in, with the instant. [ORG.access]
  var trustedServices: OrderedMap<String, Instant>?
  /// Which members act for the organization in a service, by `account/service`. [ORG.delegation]
  var delegations: OrderedMap<String, Instant>?
  /// The policies that were made, by id; the one that allows everything is not among them.
  var policies: OrderedMap<String, OrganizationPolicy>?
  /// The types of policies that are switched on. [ORG.policyTypes]
  var policyTypes: [OrganizationPolicyType]?
  /// Root or accounts from which the policy that allows everything was taken. [ORG.policies]
  var withoutFullAccess: [String]?
  /// Accounts that were asked to join, by the handshake's id. [ORG.invitation]
  var invitations: OrderedMap<String, OrganizationInvitation>?
  var isConsolidatedBilling: Bool?
  var createdAt: Instant?

  package init(id: String, managementAccount: String, members: [String]) {
    self.id = id
    self.managementAccount = managementAccount
    self.members = members
  }

  /// The one root of an organization.
  static let rootID = "r-root"

  /// Whether an account belongs to it.
  func includes(_ account: String) -> Bool {
    account == managementAccount || members.contains(account)
  }

  static let crossAccountBackup = "isCrossAccountBackupEnabled"
  static let settingNames = [
    crossAccountBackup, "isDelegatedAdministratorEnabled", "isMpaEnabled",
  ]

  /// Whether recovery points may be copied from one of its accounts to another.
  package var isCrossAccountBackupEnabled: Bool {
    get { settings[Self.crossAccountBackup] ?? false }
    set { settings[Self.crossAccountBackup] = newValue }
  }
}

/// What an organization knows of an account beside its id.
struct OrganizationAccount: Codable, Hashable, Sendable {
  let name: String
  let email: String
  /// False for an account that existed before and was invited.
  let wasCreated: Bool
  let joinedAt: Instant
}

/// An account that was asked to join. [ORG.invitation]
struct OrganizationInvitation: Codable, Hashable, Sendable {
  let id: String
  let account: String
  let askedAt: Instant
  var state = "OPEN"

  /// How long an account has to answer.
  static let kept: Duration = .days(15)
}

/// The kinds of policies that are known here. [ORG.policyTypes]
package enum OrganizationPolicyType: String, Codable, Sendable, CaseIterable {
  case serviceControl = "SERVICE_CONTROL_POLICY"
  case backup = "BACKUP_POLICY"
}

/// A policy of an organization and what it is attached to. [ORG.policies]
struct OrganizationPolicy: Codable, Hashable, Sendable {
  let id: String
  let name: String
  let description: String
  let type: OrganizationPolicyType
  let content: AccessPolicy
  /// The root's or accounts' ids.
  var targets: [String] = []
}

// MARK: - Made with a world

extension Organization {
  /// Gives an account a name, as a world begins.
  package mutating func name(_ account: String, _ name: String, joinedAt: Instant) {
    accounts = accounts ?? OrderedMap()
    accounts?[account] = OrganizationAccount(
      name: name, email: "\(name)@example.com", wasCreated: account != managementAccount,
      joinedAt: joinedAt)
  }

  /// Lets a service in, as a world begins.
  package mutating func trust(_ service: String, at instant: Instant) {
    trustedServices = trustedServices ?? OrderedMap()
    trustedServices?[service] = instant
  }

  /// Takes all policies away, as a world begins whose history they did not hold for.
  package mutating func withdrawPolicies() {
    policies = nil
    policyTypes = nil
  }

  /// Attaches a service control policy to an account, or to the root for nil, as a world begins.
  package mutating func attach(
    _ policy: AccessPolicy, named name: String, to account: String?
  ) {
    policyTypes = [.serviceControl]
    let number = (policies?.count ?? 0) + 1
    let digits = String(number)
    let id = "p-" + String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits
    policies = policies ?? OrderedMap()
    policies?[id] = OrganizationPolicy(
      id: id, name: name, description: "", type: .serviceControl, content: policy,
      targets: [account ?? Self.rootID])
  }
}

extension Cloud {
  /// Makes accounts members of one organization, as a world begins.
  package mutating func form(_ organization: Organization) { self.organization = organization }

  /// The id of the organization an account belongs to; nil outside of any.
  func organizationID(of account: String) -> String? {
    guard let organization, organization.includes(account) else { return nil }
    return organization.id
  }
}
