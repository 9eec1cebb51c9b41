// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import Simulation

/// The organization that accounts of a world belong to, as far as copies between them need it.
/// [BKP.organization]
package struct Organization: Codable, Hashable, Sendable {
  package let id: String
  package let managementAccount: String
  /// The other accounts.
  package let members: [String]
  /// What the management account has set; absent settings are off.
  var settings: [String: Bool] = [:]
  var settingsChangedAt: Instant?

  package init(id: String, managementAccount: String, members: [String]) {
    self.id = id
    self.managementAccount = managementAccount
    self.members = members
  }

  /// Whether an account belongs to it.
  func includes(_ account: String) -> Bool {
    account == managementAccount || members.contains(account)
  }

  static let crossAccountBackup = "isCrossAccountBackupEnabled"
  static let settingNames = [
    crossAccountBackup, "isDelegatedAdministratorEnabled", "isMpaEnabled",
  ]

  var isCrossAccountBackupEnabled: Bool { settings[Self.crossAccountBackup] ?? false }
}

extension Cloud {
  /// Makes accounts members of one organization, as a world begins.
  package mutating func form(_ organization: Organization) { self.organization = organization }

  /// The id of the organization an account belongs to; nil outside of any.
  func organizationID(of account: String) -> String? {
    guard let organization, organization.includes(account) else { return nil }
    return organization.id
  }

  fileprivate func organization(of caller: Caller) throws(ServiceError) -> Organization {
    guard let organization, organization.includes(caller.account) else {
      throw .invalidBackupRequest("Your account is not a member of an organization.")
    }
    return organization
  }
}

/// Returns what holds for the whole organization. [BKP.organization]
package struct DescribeGlobalSettings: BackupOperation {
  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let globalSettings: [String: String]
    let lastUpdateTime: Timestamp?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let organization = try cloud.organization(of: caller)
    let settings = Organization.settingNames.map { name in
      (name, organization.settings[name] ?? false ? "true" : "false")
    }
    return Output(
      globalSettings: Dictionary(settings) { first, _ in first },
      lastUpdateTime: organization.settingsChangedAt.map(Timestamp.init))
  }
}

/// Changes what holds for the whole organization; its management account alone may. [BKP.organization]
package struct UpdateGlobalSettings: BackupOperation {
  let globalSettings: [String: String]?

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    var organization = try cloud.organization(of: caller)
    guard organization.managementAccount == caller.account else {
      throw .invalidBackupRequest(
        "The account is not the management account of an organization")
    }
    guard let globalSettings else { throw .missingBackupParameter("GlobalSettings") }
    for (name, value) in globalSettings.sorted(by: { $0.key < $1.key }) {
      guard Organization.settingNames.contains(name) else {
        throw .invalidBackupParameter("Invalid global setting: \(name)")
      }
      guard ["true", "false"].contains(value) else {
        throw .invalidBackupParameter("Invalid value of \(name): \(value)")
      }
      guard name == Organization.crossAccountBackup || value == "false" else {
        throw .notSimulated("\(name) of UpdateGlobalSettings")
      }
      organization.settings[name] = value == "true"
    }
    organization.settingsChangedAt = cloud.now
    cloud.organization = organization
    return EmptyOutput()
  }
}
