// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
package import Simulation

/// A key of the key service: everything but the key material, which nothing here needs. [KMS.key]
package struct EncryptionKey: Codable, Hashable, Sendable {
  /// Whether the key can be used, and if not, why. [KMS.states]
  package enum State: Codable, Hashable, Sendable {
    case enabled
    case disabled
    /// Deletion was asked for: the key is gone for good at this instant unless it is cancelled.
    case pendingDeletion(at: Instant)
  }

  /// Who made the key and may change it.
  package enum Manager: String, Codable, Sendable {
    /// An AWS service made it for the account: nobody can disable or delete it.
    case service = "AWS"
    case customer = "CUSTOMER"
  }

  /// A UUID.
  package let id: String
  package let place: Place
  let createdAt: Instant
  package let manager: Manager
  let description: String
  let usage: String
  let spec: String
  package internal(set) var state: State = .enabled
  /// The waiting period in days that was asked for with the deletion.
  var pendingWindowInDays: Int?

  /// The spec and usage of a symmetric key, which the storage services need.
  static let symmetric = (spec: "SYMMETRIC_DEFAULT", usage: "ENCRYPT_DECRYPT")

  package var arn: String { ARN.key(id, in: place) }

  /// True for the kind of key that can encrypt a table.
  var isSymmetric: Bool { spec == Self.symmetric.spec && usage == Self.symmetric.usage }

  /// What it is metered under: only customers' keys are. [PRICE.keys]
  var billed: Ledger.Subject { Ledger.Subject(resource: arn, name: id, place: place) }

  /// What the key service answers when the key is to be used; nil if it can be.
  package var refusalOfUse: ServiceError? {
    switch state {
    case .enabled: nil
    case .disabled: .keyDisabled(arn)
    case .pendingDeletion: .keyPendingDeletion(arn)
    }
  }
}

/// A name for a key, which can be pointed at another one. [KMS.alias]
struct KeyAlias: Codable, Hashable, Sendable {
  /// The name with its prefix `alias/`.
  let name: String
  var keyID: String
  let createdAt: Instant
  var updatedAt: Instant

  /// What begins the name of every alias, and of those that belong to AWS.
  static let prefix = "alias/"
  static let reservedPrefix = "alias/aws/"
}

extension ARN {
  /// The ARN of a key.
  package static func key(_ id: String, in place: Place) -> String {
    keyService("key/\(id)", in: place)
  }

  /// The ARN of an alias, whose name begins with `alias/`.
  static func alias(_ name: String, in place: Place) -> String { keyService(name, in: place) }

  private static func keyService(_ resource: String, in place: Place) -> String {
    "arn:\(place.partition.rawValue):kms:\(place.region):\(place.account):\(resource)"
  }
}

// MARK: - Looking keys up

extension Cloud {
  /// The key that a request names by id or ARN and, where allowed, by alias or alias ARN.
  ///
  /// - Parameters:
  ///   - reference: The request's text.
  ///   - caller: Whose Region and account it must be in.
  ///   - action: What is asked for, such as `DescribeKey`; another account's refusal names it.
  ///   - aliases: Whether an alias will do; it will not for what changes a key.
  /// - Returns: The key, in whatever state.
  /// - Throws: NotFound; AccessDenied for another account's key.
  func key(
    _ reference: String, for caller: Caller, action: String, aliases: Bool
  ) throws(ServiceError) -> EncryptionKey {
    var resource = reference
    if reference.hasPrefix("arn:") {
      guard let arn = ARN(reference), arn.service == "kms" else {
        throw .keyInvalidID(reference)
      }
      guard arn.region == caller.region else { throw .keyInvalidARN(region: arn.region) }
      guard arn.account == caller.account else {
        throw .keyAccessDenied(reference, to: action, for: caller)
      }
      resource = arn.resource
      guard resource.hasPrefix("key/") || resource.hasPrefix(KeyAlias.prefix) else {
        throw .keyInvalidID(reference)
      }
      if resource.hasPrefix("key/") { resource.removeFirst(4) }
    }
    if resource.hasPrefix(KeyAlias.prefix) {
      guard aliases else { throw .keyInvalidID(reference) }
      guard let alias = self[caller.place].aliases[resource],
        let key = self[caller.place].keys[alias.keyID]
      else { throw .aliasNotFound(ARN.alias(resource, in: caller.place)) }
      return key
    }
    guard Self.looksLikeKeyID(resource) else { throw .keyInvalidID(resource) }
    guard let key = self[caller.place].keys[resource] else {
      throw .keyNotFound(ARN.key(resource, in: caller.place))
    }
    return key
  }

  /// The key of an ARN that was resolved before; nil once the key is deleted.
  ///
  /// - Complexity: O(log n) in the keys of the place.
  package func key(arn text: String) -> EncryptionKey? {
    Self.key(in: text).flatMap { self[$0.place].keys[$0.id] }
  }

  /// Place and id of the key that an ARN names; nil for any other text.
  static func key(in text: String) -> (place: Place, id: String)? {
    text.withBytes { bytes in
      let prefix = "key/".utf8
      guard let parts = ARN.Parts(bytes), bytes[parts.resource].starts(with: prefix) else {
        return nil
      }
      func text(_ part: Range<Int>) -> String { String(decoding: bytes[part], as: UTF8.self) }
      return (
        Place(account: text(parts.account), region: text(parts.region)),
        text(parts.resource.dropFirst(prefix.count))
      )
    }
  }

  /// Five groups of hexadecimal digits: 8, 4, 4, 4 and 12.
  private static func looksLikeKeyID(_ text: String) -> Bool {
    let groups = text.split(separator: "-", omittingEmptySubsequences: false)
    return groups.map(\.utf8.count) == [8, 4, 4, 4, 12]
      && groups.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isHexDigit } }
  }

  /// A customer managed key that a request may change.
  ///
  /// - Throws: NotFound; AccessDenied for a key that AWS manages.
  func changeableKey(
    _ reference: String, for caller: Caller, action: String
  ) throws(ServiceError) -> EncryptionKey {
    let key = try key(reference, for: caller, action: action, aliases: false)
    guard key.manager == .customer else {
      throw .keyAccessDenied(key.arn, to: action, for: caller)
    }
    return key
  }
}
