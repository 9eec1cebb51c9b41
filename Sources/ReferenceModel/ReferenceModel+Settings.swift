// SPDX-License-Identifier: GPL-3.0-or-later

/// Deletion protection and keys.
extension ReferenceModel {
  /// A change of key takes 22 s and is in force after 10 s.
  func isChangingKey(_ table: Int) -> Bool {
    tables[table].keyChanges.last.map { now < $0.at + 22_000 } ?? false
  }
  func isEncrypted(_ table: Int) -> Bool {
    guard let last = tables[table].keyChanges.last else { return tables[table].isEncrypted }
    return now < last.at + 10_000 ? last.before : last.on
  }
  private func changeable(_ name: TableName) throws(Refusal) -> Int {
    let table = try existing(name)
    if isActive(table) { return table }
    let isRestoring = tables[table].isRestored && now < tables[table].activeAt
    throw Refusal(code: isRestoring ? "ResourceNotFoundException" : "ResourceInUseException")
  }
  mutating func protect(_ name: TableName, _ on: Bool) throws(Refusal) {
    let table = try changeable(name)
    if let last = tables[table].protectedAt, now - last < 15_000 {
      throw Refusal(code: "ThrottlingException")
    }
    (tables[table].isProtected, tables[table].protectedAt) = (on, now)
  }
  mutating func encrypt(_ name: TableName, _ on: Bool) throws(Refusal) {
    let table = try changeable(name)
    var changes = tables[table].keyChanges
    if let last = changes.last, isChangingKey(table) {
      if last.on != on { throw Refusal(code: "ResourceInUseException") }
      return
    }
    if !on, !isEncrypted(table) { throw Refusal(code: "ValidationException") }
    // Four in the 24 hours from the first, then one in six hours; the way back is always open.
    if let first = changes.first, let last = changes.last, now - first.at < 24 * hour {
      if on, changes.count >= 4, now < last.at + 6 * hour {
        throw Refusal(code: "LimitExceededException")
      }
    } else {
      changes = []
    }
    tables[table].keyChanges = changes + [(now, on, isEncrypted(table))]
  }
}
