// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
import PersistentCollections
import Simulation

/// Makes a key usable again that was disabled. [KMS.states]
package struct EnableKey: KeyOperation {
  let keyId: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let key = try cloud.changeableKey(keyId, for: caller, action: Self.name)
    if key.state.deletion != nil { throw .keyPendingDeletion(key.arn) }
    cloud.changeKey(key) { $0.state = .enabled }
    return EmptyOutput()
  }
}

/// Makes a key unusable until it is enabled again: what is encrypted under it cannot be read.
/// [KMS.states]
package struct DisableKey: KeyOperation {
  let keyId: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let key = try cloud.changeableKey(keyId, for: caller, action: Self.name)
    if key.state.deletion != nil { throw .keyPendingDeletion(key.arn) }
    cloud.changeKey(key) { $0.state = .disabled }
    return EmptyOutput()
  }
}

/// Deletes a key for good after 7 to 30 days; until then it is unusable, and the deletion can be
/// cancelled.
///
/// Nothing warns of what is still encrypted under it: tables, and backups that nobody can restore
/// afterwards. [KMS.deletion]
package struct ScheduleKeyDeletion: KeyOperation {
  static let windows = 7...30

  let keyId: String
  let pendingWindowInDays: Int?

  package struct Output: Encodable, Sendable {
    let keyId: String
    let deletionDate: Timestamp
    let keyState: String
    let pendingWindowInDays: Int
  }

  /// The model allows 1 to 365 days, the service 7 to 30.
  package static func check(_ input: Document) throws(ServiceError) {
    guard let days = input["PendingWindowInDays"]?.integer else { return }
    let bound =
      days < windows.lowerBound
      ? "greater than or equal to \(windows.lowerBound)"
      : "less than or equal to \(windows.upperBound)"
    guard windows.contains(Int(clamping: days)) else {
      throw .validation(
        "1 validation error detected: Value '\(days)' at 'pendingWindowInDays' failed to satisfy "
          + "constraint: Member must have value \(bound)")
    }
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let key = try cloud.changeableKey(keyId, for: caller, action: Self.name)
    if key.state.deletion != nil { throw .keyPendingDeletion(key.arn) }
    // Every refusal is above this line.
    let days = pendingWindowInDays ?? Self.windows.upperBound
    let deletion = cloud.now + .days(Int64(days))
    cloud.changeKey(key) {
      $0.state = .pendingDeletion(at: deletion)
      $0.pendingWindowInDays = days
    }
    cloud.meters.stop(.key, resource: key.arn, in: key.place, at: cloud.now)
    cloud.agenda.schedule(.keyDeleted(key.place, id: key.id), at: deletion)
    return Output(
      keyId: key.arn, deletionDate: Timestamp(deletion), keyState: "PendingDeletion",
      pendingWindowInDays: days)
  }
}

/// Keeps a key that was to be deleted; it is Disabled then and must be enabled. [KMS.deletion]
package struct CancelKeyDeletion: KeyOperation {
  let keyId: String

  package struct Output: Encodable, Sendable { let keyId: String }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let key = try cloud.changeableKey(keyId, for: caller, action: Self.name)
    guard let deletion = key.state.deletion else { throw .keyNotPendingDeletion(key.arn) }
    // A deletion that is cancelled is paid for as though it had never been asked for. [PRICE.keys]
    let days = key.pendingWindowInDays ?? ScheduleKeyDeletion.windows.upperBound
    cloud.meters.resume(.key, of: key.billed, bytes: 1, since: deletion - .days(Int64(days)))
    cloud.changeKey(key) {
      $0.state = .disabled
      $0.pendingWindowInDays = nil
    }
    return Output(keyId: key.arn)
  }
}

extension Cloud {
  /// Changes a key and tells everything that is encrypted under it.
  ///
  /// - Complexity: O(n) in the tables of the key's place.
  mutating func changeKey(_ key: EncryptionKey, _ change: (inout EncryptionKey) -> Void) {
    change(&self[key.place].keys[existing: key.id])
    keyChanged(key.arn, in: key.place)
  }

  /// The waiting period is over: the key and its aliases are gone.
  mutating func keyDeleted(_ id: String, in place: Place) {
    guard let key = self[place].keys[id], key.state.deletion == now else { return }
    self[place].keys[id] = nil
    self[place].aliases.removeAll { $0.value.keyID == id }
    keyChanged(key.arn, in: place)
  }
}
