// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Asks an account that stands alone to join. [ORG.invitation]
package struct InviteAccountToOrganization: OrganizationOperation {
  let target: Target

  package static var acceptedWithoutEffect: [String] { ["Notes"] }

  struct Target: Decodable, Sendable {
    let id: String
    let type: String
  }

  package struct Output: Encodable, Sendable { let handshake: OrganizationHandshake }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.managedOrganization(by: caller)
    guard target.type == "ACCOUNT" else { throw .notSimulated("An invitation by \(target.type)") }
    guard target.id.utf8.count == 12, target.id.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { throw .accountUnknown }
    guard !organization.includes(target.id) else {
      throw .organization(
        "HandshakeConstraintViolationException",
        "The specified account is already a member of this organization.")
    }
    let isAsked = organization.invitations?.values.contains {
      $0.account == target.id && $0.state(at: cloud.now) == "OPEN"
    }
    guard isAsked != true else {
      throw .organization(
        "DuplicateHandshakeException",
        "An open invitation to this account exists already.")
    }
    // Every refusal is above this line.
    let invitation = OrganizationInvitation(
      id: "h-" + cloud.identifiers.hex("handshake", digits: 32), account: target.id,
      askedAt: cloud.now)
    var invitations = organization.invitations ?? OrderedMap()
    invitations[invitation.id] = invitation
    cloud.organization?.invitations = invitations
    return Output(handshake: OrganizationHandshake(invitation, in: organization, at: cloud.now))
  }
}

/// Joins the organization that asked. [ORG.invitation]
package struct AcceptHandshake: OrganizationOperation {
  let handshakeId: String

  package struct Output: Encodable, Sendable { let handshake: OrganizationHandshake }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard let organization = cloud.organization,
      var invitation = organization.invitations?[handshakeId]
    else { throw .handshakeUnknown }
    guard invitation.account == caller.account else { throw .organizationDenied }
    guard invitation.state(at: cloud.now) == "OPEN" else {
      throw .organization(
        "InvalidHandshakeTransitionException",
        "The requested operation would put the handshake into an invalid state.")
    }
    guard !organization.includes(caller.account) else {
      throw .organization(
        "AlreadyInOrganizationException",
        "The provided account is already a member of an organization.")
    }
    // Every refusal is above this line.
    invitation.state = "ACCEPTED"
    let name = "account-\(caller.account)"
    let now = cloud.now
    cloud.organization?.members.append(caller.account)
    cloud.organization?.invitations?[handshakeId] = invitation
    cloud.organization?.accounts = organization.accounts ?? OrderedMap()
    cloud.organization?.accounts?[caller.account] = OrganizationAccount(
      name: name, email: "\(name)@example.com", wasCreated: false, joinedAt: now)
    return Output(handshake: OrganizationHandshake(invitation, in: organization, at: now))
  }
}

/// Lists the invitations of the caller's account. [ORG.invitation]
package struct ListHandshakesForAccount: OrganizationOperation {
  let nextToken: String?
  let maxResults: Int?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let handshakes: [OrganizationHandshake]
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard let organization = cloud.organization else {
      return Output(handshakes: [], nextToken: nil)
    }
    let own = (organization.invitations?.map(\.value) ?? []).filter { $0.account == caller.account }
    let page = try Self.page(own, maxResults, nextToken) { $0.id }
    return Output(
      handshakes: page.shown.map { OrganizationHandshake($0, in: organization, at: cloud.now) },
      nextToken: page.nextToken)
  }
}

extension OrganizationInvitation {
  /// Open until it is accepted, or until the time for it is over.
  fileprivate func state(at now: Instant) -> String {
    state == "OPEN" && now >= askedAt + Self.kept ? "EXPIRED" : state
  }
}

/// An invitation as it is shown.
package struct OrganizationHandshake: Encodable, Sendable {
  let id: String
  let arn: String
  let parties: [Party]
  let state: String
  let requestedTimestamp: Timestamp
  let expirationTimestamp: Timestamp
  let action = "INVITE"

  struct Party: Encodable, Sendable {
    let id: String
    let type: String
  }

  fileprivate init(
    _ invitation: OrganizationInvitation, in organization: Organization, at now: Instant
  ) {
    id = invitation.id
    arn = organization.arn("handshake/\(organization.id)/invite/\(invitation.id)")
    parties = [
      Party(id: String(organization.id.dropFirst(2)), type: "ORGANIZATION"),
      Party(id: invitation.account, type: "ACCOUNT"),
    ]
    state = invitation.state(at: now)
    requestedTimestamp = Timestamp(invitation.askedAt)
    expirationTimestamp = Timestamp(invitation.askedAt + OrganizationInvitation.kept)
  }
}
