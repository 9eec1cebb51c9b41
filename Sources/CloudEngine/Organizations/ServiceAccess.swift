// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Lets a service work in all accounts of the organization. [ORG.access]
package struct EnableAWSServiceAccess: OrganizationOperation {
  let servicePrincipal: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.managedOrganization(by: caller)
    guard !(organization.isConsolidatedBilling ?? false) else {
      throw .organization(
        "UnsupportedAPIEndpointException",
        "This action isn't available for an organization that doesn't have all features enabled.")
    }
    guard servicePrincipal.hasSuffix(".amazonaws.com") else {
      throw .invalidOrganizationInput(
        "You specified an unrecognized service principal.",
        reason: "UNRECOGNIZED_SERVICE_PRINCIPAL")
    }
    cloud.letIn(servicePrincipal)
    return EmptyOutput()
  }
}

extension Cloud {
  /// Lets a service into the organization; one that is in stays as it was.
  mutating func letIn(_ service: String) {
    guard let organization, organization.trustedServices?[service] == nil else { return }
    self.organization?.trust(service, at: now)
  }
}

/// Shuts a service out again; one that was not in is no error. [ORG.access]
package struct DisableAWSServiceAccess: OrganizationOperation {
  let servicePrincipal: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.managedOrganization(by: caller)
    let isDelegated =
      organization.delegations?.contains { $0.key.hasSuffix("/" + servicePrincipal) } ?? false
    guard !isDelegated else {
      throw .organization(
        "ConstraintViolationException",
        "You can't disable access for a service that has delegated administrators.")
    }
    cloud.organization?.trustedServices?[servicePrincipal] = nil
    return EmptyOutput()
  }
}

/// Lists the services that were let in. [ORG.access]
package struct ListAWSServiceAccessForOrganization: OrganizationOperation {
  let nextToken: String?
  let maxResults: Int?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let enabledServicePrincipals: [Entry]
    let nextToken: String?
  }

  struct Entry: Encodable, Sendable {
    let servicePrincipal: String
    let dateEnabled: Timestamp
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.managedOrganization(by: caller, orDelegate: true)
    let all = (organization.trustedServices ?? OrderedMap()).map {
      Entry(servicePrincipal: $0.key, dateEnabled: Timestamp($0.value))
    }
    let page = try Self.page(all, maxResults, nextToken) { $0.servicePrincipal }
    return Output(enabledServicePrincipals: page.shown, nextToken: page.nextToken)
  }
}

/// Lets a member look after a service for the whole organization. [ORG.delegation]
package struct RegisterDelegatedAdministrator: OrganizationOperation {
  let accountId: String
  let servicePrincipal: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.managedOrganization(by: caller)
    guard organization.includes(accountId) else { throw .accountUnknown }
    guard accountId != organization.managementAccount else {
      throw .organization(
        "ConstraintViolationException",
        "You cannot register master account/yourself as delegated administrator for your organization."
      )
    }
    guard organization.trustedServices?[servicePrincipal] != nil else {
      throw .invalidOrganizationInput(
        "You specified an unrecognized service principal.",
        reason: "UNRECOGNIZED_SERVICE_PRINCIPAL")
    }
    let key = "\(accountId)/\(servicePrincipal)"
    guard organization.delegations?[key] == nil else {
      throw .organization(
        "AccountAlreadyRegisteredException",
        "The provided account is already a delegated administrator for your organization.")
    }
    // Every refusal is above this line.
    cloud.organization?.delegations = organization.delegations ?? OrderedMap()
    let now = cloud.now
    cloud.organization?.delegations?[key] = now
    return EmptyOutput()
  }
}

/// Takes a service from a member again. [ORG.delegation]
package struct DeregisterDelegatedAdministrator: OrganizationOperation {
  let accountId: String
  let servicePrincipal: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.managedOrganization(by: caller)
    guard organization.includes(accountId) else { throw .accountUnknown }
    let key = "\(accountId)/\(servicePrincipal)"
    guard organization.delegations?[key] != nil else {
      throw .organization(
        "AccountNotRegisteredException",
        "The provided account is not a registered delegated administrator for your organization.")
    }
    cloud.organization?.delegations?[key] = nil
    return EmptyOutput()
  }
}

/// Lists the members that look after services. [ORG.delegation]
package struct ListDelegatedAdministrators: OrganizationOperation {
  let servicePrincipal: String?
  let nextToken: String?
  let maxResults: Int?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let delegatedAdministrators: [Entry]
    let nextToken: String?
  }

  struct Entry: Encodable, Sendable {
    let id: String
    let arn: String
    let email: String
    let name: String
    let status = "ACTIVE"
    let state = "ACTIVE"
    let joinedMethod: String
    let joinedTimestamp: Timestamp
    let delegationEnabledDate: Timestamp
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.managedOrganization(by: caller, orDelegate: true)
    var shown: [Entry] = []
    for (key, since) in organization.delegations ?? OrderedMap() {
      let parts = key.split(separator: "/").map(String.init)
      guard servicePrincipal ?? parts[1] == parts[1], shown.last?.id != parts[0] else { continue }
      let account = OrganizationAccountDescription(parts[0], in: organization)
      shown.append(
        Entry(
          id: account.id, arn: account.arn, email: account.email, name: account.name,
          joinedMethod: account.joinedMethod, joinedTimestamp: account.joinedTimestamp,
          delegationEnabledDate: Timestamp(since)))
    }
    let page = try Self.page(shown, maxResults, nextToken) { $0.id }
    return Output(delegatedAdministrators: page.shown, nextToken: page.nextToken)
  }
}
