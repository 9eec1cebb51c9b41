// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel

/// What a request needs to be allowed: an action on a resource. [IAM.actions]
struct RequiredPermission {
  let action: String
  let resource: String
  /// What conditions can ask of the request, by key in small letters.
  var values: [String: [String]] = [:]

  func asked(by requester: AccessRequester) -> AccessRequest {
    AccessRequest(action: action, resource: resource, requester: requester, values: values)
  }

  /// Everything a request needs, in the order in which it is looked at.
  ///
  /// It is read from the raw input, since nobody's request is checked before it is known that they may
  /// ask: what is malformed counts as being about everything.
  static func all(of request: ServiceRequest, in cloud: Cloud) -> [RequiredPermission] {
    let input = request.input
    switch request.service {
    case "sts" where request.operation == "GetCallerIdentity": return []
    case "sts": return [Self(action: "sts:AssumeRole", resource: input.text("RoleArn") ?? "*")]
    case "dynamodb", "dynamodbstreams": return ofTables(request)
    case "backup": return ofBackups(request, in: cloud)
    case "s3api": return ofStorage(request)
    case "sns":
      let topic = input.text("TopicArn") ?? input.text("TargetArn") ?? input.text("ResourceArn")
      return [Self(action: "SNS:" + request.operation, resource: topic ?? "*")]
    case "kms":
      let key = input.text("KeyId") ?? input.text("TargetKeyId")
      let resource = key.map { ARN($0) == nil ? ARN.key($0, in: request.caller.place) : $0 }
      return [Self(action: "kms:" + request.operation, resource: resource ?? "*")]
    default:
      return [
        Self(
          action: "\(request.service):\(request.operation)",
          resource: input.text("ResourceArn") ?? "*")
      ]
    }
  }
}

// MARK: - Amazon DynamoDB

extension RequiredPermission {
  private static func ofTables(_ request: ServiceRequest) -> [RequiredPermission] {
    let input = request.input
    let place = request.caller.place
    func table(_ name: String?) -> String {
      guard let name else { return "*" }
      return ARN(name) == nil ? ARN.table(name, in: place) : name
    }
    func one(_ resource: String, _ action: String? = nil) -> RequiredPermission {
      Self(action: "dynamodb:" + (action ?? request.operation), resource: resource)
    }
    switch request.operation {
    case "RestoreTableFromBackup":
      let backup = input.text("BackupArn") ?? "*"
      let target = table(input.text("TargetTableName"))
      guard ARN(backup)?.service != "backup" else {
        return [backup, target].map { one($0, "RestoreTableFromAwsBackup") }
      }
      return [one(backup), one(target)] + filling(target)
    case "RestoreTableToPointInTime":
      let target = table(input.text("TargetTableName"))
      return [
        one(table(input.text("SourceTableArn") ?? input.text("SourceTableName"))), one(target),
      ]
        + filling(target)
    case "BatchGetItem", "BatchWriteItem":
      return (input["RequestItems"]?.members ?? []).map { one(table($0.name)) }
    case "TransactGetItems", "TransactWriteItems":
      return (input["TransactItems"]?.array ?? []).flatMap { element in
        element.members.map { member in
          let action =
            switch member.name {
            case "ConditionCheck": "ConditionCheckItem"
            default: member.name + "Item"
            }
          return one(table(member.value.text("TableName")), action)
        }
      }
    case "Query", "Scan":
      let name = table(input.text("TableName"))
      return [one(input.text("IndexName").map { "\(name)/index/\($0)" } ?? name)]
    case "ExecuteStatement": return [ofStatement(input, table)]
    case "BatchExecuteStatement", "ExecuteTransaction":
      let statements = input["Statements"] ?? input["TransactStatements"]
      return (statements?.array ?? []).map { ofStatement($0, table) }
    case "ListTables", "ListBackups", "ListExports", "ListImports", "ListGlobalTables",
      "DescribeLimits", "DescribeEndpoints", "ListStreams":
      return [one("*")]
    default:
      let named =
        input.text("BackupArn") ?? input.text("ResourceArn") ?? input.text("StreamArn")
        ?? input.text("ExportArn") ?? input.text("ImportArn") ?? input.text("TableArn")
      return [one(named ?? table(input.text("TableName") ?? input.text("GlobalTableName")))]
    }
  }
}

extension RequiredPermission {
  /// What a restore of DynamoDB's own needs besides on the table that it fills. [IAM.actions]
  static func filling(_ table: String) -> [RequiredPermission] {
    [
      "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem",
    ].map { Self(action: "dynamodb:" + $0, resource: table) }
  }

  /// What a statement of PartiQL needs: an action of its own kind on the table or index it names.
  ///
  /// - Parameters:
  ///   - input: What has the statement.
  ///   - table: The ARN of a table that is named.
  /// - Returns: Of a text that is no statement the reading of everything, since that is all it could be.
  private static func ofStatement(
    _ input: Document, _ table: (String) -> String
  ) -> RequiredPermission {
    guard let target = input.text("Statement").flatMap(PartiQLStatement.target) else {
      return Self(action: "dynamodb:PartiQLSelect", resource: "*")
    }
    let name = table(target.table)
    return Self(
      action: "dynamodb:PartiQL" + target.kind.rawValue,
      resource: target.index.map { "\(name)/index/\($0)" } ?? name)
  }
}

// MARK: - AWS Backup

extension RequiredPermission {
  private static func ofBackups(
    _ request: ServiceRequest, in cloud: Cloud
  ) -> [RequiredPermission] {
    let input = request.input
    let place = request.caller.place
    func vault(_ name: String?) -> String { name.map { ARN.vault($0, in: place) } ?? "*" }
    let resource =
      input.text("RecoveryPointArn") ?? input.text("BackupVaultName").map { vault($0) }
      ?? input.text("BackupPlanId").map { ARN.backupService("backup-plan:\($0)", in: place) }
      ?? input.text("LegalHoldId").map { ARN.backupService("legal-hold:\($0)", in: place) }
      ?? input.text("ResourceArn") ?? "*"
    var needed = [Self(action: "backup:" + request.operation, resource: resource)]
    if request.operation == "StartCopyJob" {
      needed.append(
        copyFrom(
          vault(input.text("SourceBackupVaultName")),
          to: input.text("DestinationBackupVaultArn") ?? "", in: cloud))
    }
    let role = input.text("IamRoleArn") ?? input["BackupSelection"]?.text("IamRoleArn")
    if let role {
      needed.append(
        Self(
          action: "iam:PassRole", resource: role,
          values: ["iam:passedtoservice": [Role.backupService]]))
    }
    return needed
  }

  /// What a copy needs of the vault it comes from: where it goes can be a condition. [BKP.policy]
  ///
  /// - Parameters:
  ///   - vault: The ARN of the vault it comes from.
  ///   - target: That of the one it goes to.
  ///   - cloud: Knows whose organization that is in.
  /// - Returns: The action with the keys of its conditions.
  static func copyFrom(
    _ vault: String, to target: String, in cloud: Cloud
  ) -> RequiredPermission {
    var values = ["backup:copytargets": [target]]
    if let account = ARN(target)?.account, let organization = cloud.organizationID(of: account) {
      values["backup:copytargetorgpaths"] = ["\(organization)/\(Organization.rootID)/"]
    }
    return Self(action: "backup:CopyFromBackupVault", resource: vault, values: values)
  }
}

// MARK: - Amazon S3

extension RequiredPermission {
  private static func ofStorage(_ request: ServiceRequest) -> [RequiredPermission] {
    let action =
      switch request.operation {
      case "HeadBucket", "ListObjectsV2": "ListBucket"
      case "HeadObject": "GetObject"
      case "ListBuckets": "ListAllMyBuckets"
      default: request.operation
      }
    let partition = request.caller.place.partition.rawValue
    let bucket = request.input.text("Bucket").map { "arn:\(partition):s3:::\($0)" } ?? "*"
    let key = request.input.text("Key").map { "/\($0)" } ?? ""
    return [Self(action: "s3:" + action, resource: bucket + key)]
  }
}

extension Document {
  /// The text of a member; nil if there is none.
  fileprivate func text(_ name: String) -> String? { self[name]?.string }
}
