// SPDX-License-Identifier: GPL-3.0-or-later

import Documents

/// What an account has set for one Region: which kinds of resources plans may protect, and which of
/// them AWS Backup manages fully. [BKP.settings]
struct BackupSettings: Hashable, Sendable, Codable {
  /// Only what differs from an account that began after 21 November 2021.
  private var optIn: [String: Bool] = [:]
  private var management: [String: Bool] = [:]

  static let dynamoDB = "DynamoDB"

  /// The kinds of resources there are. [BKP.settings.types]
  static let types = [
    "Aurora", "CloudFormation", "DocumentDB", "DSQL", "DynamoDB", "EBS", "EC2", "EFS", "EKS", "FSx",
    "Neptune", "RDS", "Redshift", "Redshift Serverless", "S3", "SAP HANA on Amazon EC2",
    "Storage Gateway", "Timestream", "VirtualMachine",
  ]

  /// The kinds whose management is a preference; only that of DynamoDB can be changed.
  static let managedTypes = ["DynamoDB", "EFS"]

  func isOptedIn(_ type: String) -> Bool { optIn[type] ?? true }
  func isFullyManaged(_ type: String) -> Bool { management[type] ?? true }

  /// Whether new backups of tables have the advanced features. [BKP.advanced]
  var hasAdvancedDynamoDB: Bool {
    isOptedIn(Self.dynamoDB) && isFullyManaged(Self.dynamoDB)
  }

  var shownOptIn: [String: Bool] { Self.shown(Self.types, isOptedIn) }
  var shownManagement: [String: Bool] { Self.shown(Self.managedTypes, isFullyManaged) }

  private static func shown(_ types: [String], _ value: (String) -> Bool) -> [String: Bool] {
    Dictionary(types.map { ($0, value($0)) }) { first, _ in first }
  }

  /// Takes what a request names over what there was, and leaves the rest.
  mutating func merge(optIn: [String: Bool], management: [String: Bool]) {
    for (type, value) in optIn { self.optIn[type] = value ? nil : false }
    for (type, value) in management { self.management[type] = value ? nil : false }
  }
}

/// Returns which kinds of resources are protected and managed in the caller's Region. [BKP.settings]
package struct DescribeRegionSettings: BackupOperation {
  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let resourceTypeOptInPreference: [String: Bool]
    let resourceTypeManagementPreference: [String: Bool]
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let settings = cloud[caller.place].awsBackup.settings
    return Output(
      resourceTypeOptInPreference: settings.shownOptIn,
      resourceTypeManagementPreference: settings.shownManagement)
  }
}

/// Returns the kinds of resources that there are, of which only tables are simulated.
/// [BKP.settings.types]
package struct GetSupportedResourceTypes: BackupOperation {
  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable { let resourceTypes: [String] }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    Output(resourceTypes: BackupSettings.types)
  }
}

/// Changes which kinds of resources are protected and managed; backups made before stay as they are.
/// [BKP.settings]
package struct UpdateRegionSettings: BackupOperation {
  let resourceTypeOptInPreference: [String: Bool]?
  let resourceTypeManagementPreference: [String: Bool]?

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let optIn = resourceTypeOptInPreference ?? [:]
    let management = resourceTypeManagementPreference ?? [:]
    for type in (Array(optIn.keys) + management.keys).sorted()
    where !BackupSettings.types.contains(type) {
      throw .invalidBackupParameter("Invalid resource type: \(type)")
    }
    for type in management.keys.sorted() where type != BackupSettings.dynamoDB {
      throw .invalidBackupParameter("The management preference of \(type) cannot be changed")
    }
    guard !optIn.isEmpty || !management.isEmpty else { return EmptyOutput() }
    cloud[caller.place].awsBackup.settings.merge(optIn: optIn, management: management)
    let settings = cloud[caller.place].awsBackup.settings
    let shown = BackupSettings.types.map { ($0, Document.bool(settings.isOptedIn($0))) }
    let now = cloud.now
    cloud.tell(BusEvent(optIn: Document(members: shown), at: now), in: caller.place)
    return EmptyOutput()
  }
}
