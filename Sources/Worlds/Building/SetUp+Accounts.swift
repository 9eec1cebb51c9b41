// SPDX-License-Identifier: GPL-3.0-or-later

internal import CloudEngine
internal import ContentFormat
internal import Simulation

extension WorldDescription {
  /// Puts the organization of the accounts together that have a part in one.
  ///
  /// - Parameters:
  ///   - created: When it was made and joined.
  ///   - bindings: What placeholders in its policies stand for.
  /// - Returns: The organization; nil if no account has a part in one.
  /// - Throws: `ContentProblem` for a policy that is none.
  private func organization(
    created: Instant, _ bindings: Bindings
  ) throws(ContentProblem) -> Organization? {
    guard let head = accounts.first(where: { $0.value.part == .management }) else { return nil }
    let settled = organization ?? OrganizationDescription()
    let members = accounts.filter { $0.value.part != nil && $0.value.part != .management }
    var result = Organization(
      id: settled.id, managementAccount: head.value.id, members: members.map(\.value.id))
    result.isCrossAccountBackupEnabled = settled.allowsCopies
    for account in [head] + members {
      result.name(account.value.id, account.name, joinedAt: created)
    }
    for service in settled.trusted { result.trust(service, at: created) }
    for policy in settled.policies {
      result.attach(try policy.value.policy(.control, bindings), named: policy.name, to: nil)
    }
    for account in members {
      for policy in account.value.policies {
        result.attach(
          try policy.value.policy(.control, bindings), named: policy.name, to: account.value.id)
      }
    }
    return result
  }

  /// The steps that give accounts their roles and their organization.
  ///
  /// They come last, at the clock itself: what the world's history needed was done by people whom no
  /// policy holds.
  func governing(
    clock: Instant, _ bindings: Bindings
  ) throws(ContentProblem) -> [SetUp] {
    var steps: [SetUp] = []
    let created = clock - SetUp.age
    if let organization = try organization(created: created, bindings) {
      var free = organization
      free.withdrawPolicies()
      let mark = self.organization?.mark ?? .start
      steps.append(SetUp(at: created, action: .form(free), mark: mark))
      if free != organization {
        steps.append(SetUp(at: clock, action: .form(organization), mark: mark))
      }
    }
    for role in roles {
      let account = allAccounts.first { $0.name == role.value.account } ?? allAccounts[0]
      var policies: [AccessPolicy]?
      if let own = role.value.policies {
        policies = []
        for policy in own { policies?.append(try policy.value.policy(.identity, bindings)) }
      }
      let trusted = role.value.trusted?.map { name in
        allAccounts.first { $0.name == name }?.value.id ?? name
      }
      steps.append(
        SetUp(
          at: clock,
          action: .declare(
            Role(
              account: account.value.id, name: role.name, path: role.value.path,
              trusted: trusted, policies: policies)), mark: role.mark))
    }
    return steps
  }
}

extension WorldReporter {
  /// Reports what accounts, organization and roles say that does not fit together.
  mutating func reportPlaces() {
    let belonging = world.accounts.filter { $0.value.part != nil }
    let heads = belonging.filter { $0.value.part == .management }
    for extra in heads.dropFirst() {
      report(.conflict, "an organization has one management account", at: extra.mark)
    }
    if let first = belonging.first, heads.isEmpty {
      report(
        .missingField, "the organization has no management account",
        fix: "one account with organization: management", at: first.mark)
    }
    if let organization = world.organization, belonging.isEmpty {
      report(
        .conflict, "no account belongs to the organization",
        fix: "organization: management, member or vault on accounts", at: organization.mark)
    }
    for head in heads {
      guard let policy = head.value.policies.first else { continue }
      report(
        .conflict, "service control policies do not hold for the management account",
        at: policy.mark)
    }
    var ids: [String] = []
    for account in world.accounts {
      if ids.contains(account.value.id) {
        report(.duplicateKey, "two accounts have the id \(account.value.id)", at: account.mark)
      }
      ids.append(account.value.id)
    }
    for role in world.roles {
      if let account = role.value.account { place(account, at: role.mark) }
      for name in role.value.trusted ?? [] where !name.contains(".") {
        place(name, at: role.mark)
      }
    }
  }
}
