// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections

/// A role of an account that a world declares: who may take it on and what it may then do.
///
/// An account for which none is declared has any role, each of which may do everything. [IAM.roles]
package struct Role: Hashable, Sendable, Codable {
  package let account: String
  /// Without the path.
  package let name: String
  /// Between slashes, such as `/service-role/`; `/` for none.
  let path: String
  /// Account ids and names of services; nil for everybody.
  let trusted: [String]?
  /// Nil for a role that may do everything.
  let policies: [AccessPolicy]?

  package init(
    account: String, name: String, path: String = "/", trusted: [String]? = nil,
    policies: [AccessPolicy]? = nil
  ) {
    self.account = account
    self.name = name
    self.path = path
    self.trusted = trusted
    self.policies = policies
  }

  /// AWS Backup by its own name.
  static let backupService = "backup.amazonaws.com"
  /// The role that AWS Backup's console makes; every account has it. [BKP.role]
  static let backupDefault = "AWSBackupDefaultServiceRole"

  fileprivate var key: String { "\(account)/\(name)" }

  fileprivate func trusts(_ principal: String) -> Bool { trusted?.contains(principal) ?? true }
}

extension Cloud {
  /// Gives an account a role, as a world begins.
  ///
  /// From then on it has only such roles.
  package mutating func declare(_ role: Role) {
    roles = roles ?? OrderedMap()
    roles?[role.key] = role
  }

  /// A declared role; nil for any other.
  func role(_ name: String, of account: String) -> Role? { roles?["\(account)/\(name)"] }

  /// Whether an account has a role of a name.
  func hasRole(_ name: String, of account: String) -> Bool {
    if name == Role.backupDefault || role(name, of: account) != nil { return true }
    return !(roles?.values.contains { $0.account == account } ?? false)
  }

  /// Whether a principal, an account's id or a service's name, may take on a role.
  func canAssume(_ role: RoleName, _ principal: String) -> Bool {
    guard hasRole(role.name, of: role.account) else { return false }
    return self.role(role.name, of: role.account)?.trusts(principal) ?? true
  }
}
