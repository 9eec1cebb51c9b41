// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import Simulation

extension Cloud {
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
    // Whoever allows copies lets AWS Backup in with it.
    if organization.isCrossAccountBackupEnabled { cloud.letIn(Role.backupService) }
    return EmptyOutput()
  }
}
