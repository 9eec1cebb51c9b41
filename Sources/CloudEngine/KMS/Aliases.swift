// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Gives a key a name that requests can use in its place. [KMS.alias]
package struct CreateAlias: KeyOperation {
  let aliasName: String
  let targetKeyId: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    try KeyAlias.check(aliasName)
    let arn = ARN.alias(aliasName, in: caller.place)
    guard cloud[caller.place].aliases[aliasName] == nil else { throw .aliasAlreadyExists(arn) }
    let key = try cloud.changeableKey(targetKeyId, for: caller, action: Self.name)
    if key.state.deletion != nil { throw .keyPendingDeletion(key.arn) }
    // Every refusal is above this line.
    cloud[caller.place].aliases[aliasName] = KeyAlias(
      name: aliasName, keyID: key.id, createdAt: cloud.now, updatedAt: cloud.now)
    return EmptyOutput()
  }
}

/// Points an alias at another key of the same kind.
///
/// What is encrypted stays under the key it is under: a table never follows an alias. [KMS.alias]
package struct UpdateAlias: KeyOperation {
  let aliasName: String
  let targetKeyId: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let alias = try cloud.alias(aliasName, for: caller)
    let key = try cloud.changeableKey(targetKeyId, for: caller, action: Self.name)
    if key.state.deletion != nil { throw .keyPendingDeletion(key.arn) }
    if let present = cloud[caller.place].keys[alias.keyID],
      present.usage != key.usage || present.isSymmetric != key.isSymmetric
    {
      throw .validation(
        "Alias \(aliasName) cannot be changed to a key of another type or another usage")
    }
    // Every refusal is above this line.
    let now = cloud.now
    cloud[caller.place].aliases[existing: aliasName].keyID = key.id
    cloud[caller.place].aliases[existing: aliasName].updatedAt = now
    return EmptyOutput()
  }
}

/// Takes a name from a key; the key stays. [KMS.alias]
package struct DeleteAlias: KeyOperation {
  let aliasName: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let alias = try cloud.alias(aliasName, for: caller)
    if alias.name.hasPrefix(KeyAlias.reservedPrefix) {
      throw .keyAccessDenied(
        ARN.alias(alias.name, in: caller.place), to: Self.name, for: caller)
    }
    cloud[caller.place].aliases[alias.name] = nil
    return EmptyOutput()
  }
}

/// Lists the aliases of the caller's account and Region, or of one key, by name. [KMS.alias]
package struct ListAliases: KeyOperation {
  let keyId: String?
  let limit: Int?
  let marker: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let aliases: [Entry]
    let nextMarker: String?
    let truncated: Bool
  }

  struct Entry: Encodable, Sendable {
    let aliasName: String
    let aliasArn: String
    let targetKeyId: String
    let creationDate: Timestamp
    let lastUpdatedDate: Timestamp
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    var target: String?
    if let keyId {
      target = try cloud.key(keyId, for: caller, action: Self.name, aliases: false).id
    }
    let start: String? = try PageToken.mark(in: marker, otherwise: .keyMarkerInvalid)
    let rest = cloud[caller.place].aliases.entries(after: start).lazy.map(\.value)
    let page = Page(
      rest.filter { target == nil || target == $0.keyID }, limit: min(limit ?? 50, 100),
      mark: \.name)
    return Output(
      aliases: page.shown.map { alias in
        Entry(
          aliasName: alias.name, aliasArn: ARN.alias(alias.name, in: caller.place),
          targetKeyId: alias.keyID, creationDate: Timestamp(alias.createdAt),
          lastUpdatedDate: Timestamp(alias.updatedAt))
      }, nextMarker: page.nextToken, truncated: page.nextToken != nil)
  }
}

extension KeyAlias {
  /// Refuses a name that a customer's alias cannot have.
  fileprivate static func check(_ name: String) throws(ServiceError) {
    guard name.hasPrefix(prefix), name.utf8.count > prefix.utf8.count else {
      throw .validation("Invalid identifier")
    }
    guard !name.hasPrefix(reservedPrefix) else { throw .aliasNameInvalid }
  }
}

extension Cloud {
  /// The alias of a name in the caller's place.
  ///
  /// - Throws: NotFound.
  fileprivate func alias(_ name: String, for caller: Caller) throws(ServiceError) -> KeyAlias {
    guard name.hasPrefix(KeyAlias.prefix) else { throw .validation("Invalid identifier") }
    guard let alias = self[caller.place].aliases[name] else {
      throw .aliasNotFound(ARN.alias(name, in: caller.place))
    }
    return alias
  }
}
