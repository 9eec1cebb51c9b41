// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
import PersistentCollections
import ServiceModel
package import Simulation

/// Issues credentials of a role for a while; what is asked with them is asked by the role.
///
/// Whoever is not the root user can take on any role of an account for which a world declares none,
/// and of another those that trust their account. A role allows sessions of an hour, as one that was
/// created with no other word. [STS.assumeRole]
package struct AssumeRole: Operation {
  let roleArn: String
  let roleSessionName: String
  let durationSeconds: Int?
  let sourceIdentity: String?

  package static var service: String { "sts" }
  package static var isReadOnly: Bool { false }
  package static var isReadOnlyInTrail: Bool { true }
  /// An external id is looked at by trust policies alone.
  package static var acceptedWithoutEffect: [String] { ["ExternalId"] }

  /// The longest session of a role that was created without a word on it.
  private static let longest = 3600

  package struct Output: Encodable, Sendable {
    let credentials: Credentials
    let assumedRoleUser: AssumedRoleUser
    let sourceIdentity: String?
  }

  struct Credentials: Encodable, Sendable {
    let accessKeyId: String
    let secretAccessKey: String
    let sessionToken: String
    let expiration: Timestamp
  }

  struct AssumedRoleUser: Encodable, Sendable {
    let assumedRoleId: String
    let arn: String
  }

  /// STS words the constraints of its model as the other services do, under a code of its own.
  package static func check(_ input: Document) throws(ServiceError) {
    guard let shape = Catalog.entry(service: service, name: name)?.input,
      let text = violations(of: input, as: shape)
    else { return }
    throw .tokenValidation(text)
  }

  /// The trail keeps the answer without its secret.
  package static func recorded(_ answer: Document) -> Document {
    guard let credentials = answer["Credentials"] else { return answer }
    return answer.with("Credentials", credentials.without("SecretAccessKey"))
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard let role = RoleName(roleArn), role.partition == caller.place.partition.rawValue else {
      throw .tokenValidation("Request ARN is invalid")
    }
    guard caller.principal.kind != .root else {
      throw ServiceError(
        code: "AccessDenied", message: "Roles may not be assumed by root accounts.", status: 403)
    }
    guard cloud.canAssume(role, caller.account) else {
      throw ServiceError(
        code: "AccessDenied",
        message: "User: \(caller.arn) is not authorized to perform: sts:AssumeRole on resource: "
          + roleArn, status: 403)
    }
    let seconds = durationSeconds ?? Self.longest
    guard seconds <= Self.longest else {
      throw .tokenValidation(
        caller.principal.kind == .role
          ? "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by "
            + "role chaining"
          : "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    }
    let session = RoleSession.issue(
      role, named: roleSessionName, until: cloud.now + .seconds(seconds), by: &cloud.identifiers)
    cloud.roleSessions = cloud.roleSessions ?? OrderedMap()
    cloud.roleSessions?[session.accessKeyID] = session
    let holder = session.caller(in: caller.region)
    return Output(
      credentials: Credentials(
        accessKeyId: session.accessKeyID, secretAccessKey: session.secret,
        sessionToken: session.token, expiration: Timestamp(session.expiration.flooredToSecond)),
      assumedRoleUser: AssumedRoleUser(assumedRoleId: holder.userID, arn: holder.arn),
      sourceIdentity: sourceIdentity)
  }
}

/// Credentials that STS issued: whose they are and until when. [STS.assumeRole]
package struct RoleSession: Hashable, Sendable, Codable {
  package let accessKeyID: String
  let secret: String
  package let token: String
  package let account: String
  let role: String
  let name: String
  /// From this instant on the credentials are refused.
  package let expiration: Instant

  fileprivate static func issue(
    _ role: RoleName, named name: String, until expiration: Instant,
    by identifiers: inout IdentifierSource
  ) -> RoleSession {
    RoleSession(
      accessKeyID: "ASIA" + letters(identifiers.draw("access key")),
      secret: identifiers.hex("secret key", digits: 40),
      token: "rewind" + identifiers.hex("session token", digits: 150), account: role.account,
      role: role.name, name: name, expiration: expiration)
  }

  private static func letters(_ number: UInt64) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    return String((0..<16).map { alphabet[Int(number >> UInt64($0 * 4) & 31)] })
  }

  /// Who asks with these credentials.
  package func caller(in region: String) -> Caller {
    Caller(account: account, region: region, principal: principal)
  }

  /// The role's session, with the key it was issued.
  package var principal: Principal {
    Principal(kind: .role, name: role, session: name, issuedKey: accessKeyID)
  }
}

/// The parts of a role's ARN: `arn:aws:iam::123456789012:role/path/name`.
package struct RoleName: Hashable, Sendable {
  package let partition: String
  package let account: String
  /// Without the path, which sessions do not bear.
  package let name: String

  /// - Returns: nil for anything but a role's ARN.
  package init?(_ arn: String) {
    guard Self.isRole(arn), let parts = ARN(arn) else { return nil }
    partition = parts.partition
    account = parts.account
    name = ARN.lastPart(arn)
  }

  /// Whether a text is a role's ARN.
  package static func isRole(_ arn: String) -> Bool {
    arn.withBytes { bytes in
      guard let parts = ARN.Parts(bytes), bytes[parts.service].elementsEqual("iam".utf8),
        parts.region.isEmpty, parts.account.count == 12,
        bytes[parts.account].allSatisfy({ 0x30...0x39 ~= $0 }),
        Partition(rawValue: String(decoding: bytes[parts.partition], as: UTF8.self)) != nil
      else { return false }
      let resource = bytes[parts.resource]
      guard resource.starts(with: "role/".utf8), !resource.contains(UInt8(ascii: ":")),
        let slash = resource.lastIndex(of: UInt8(ascii: "/"))
      else { return false }
      return 1...64 ~= resource.endIndex - slash - 1
    }
  }
}

extension Cloud {
  /// The session that an access key id was issued for; nil for a key this cloud has not issued.
  ///
  /// - Parameter key: An access key id, as used at the present instant.
  /// - Returns: The session, or the refusal of one that is over.
  /// - Complexity: O(log n) in the number of issued keys.
  package func roleSession(
    forKey key: String
  ) -> Result<RoleSession, ServiceError>? {
    guard let session = roleSessions?[key] else { return nil }
    return now < session.expiration ? .success(session) : .failure(.expiredToken)
  }
}

extension ServiceError {
  /// What STS calls a request that its model does not allow.
  fileprivate static func tokenValidation(_ message: String) -> ServiceError {
    ServiceError(code: "ValidationError", message: message)
  }

  /// Credentials whose time is over. [STS.assumeRole]
  static let expiredToken = ServiceError(
    code: "ExpiredTokenException",
    message: "The security token included in the request is expired")
}
