// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("What policies allow")
struct PolicyTests {
  private static let reader = Caller(
    account: "123456789012", region: "us-east-1",
    principal: Principal(kind: .role, name: "reader", session: "s"))

  /// Statements of a role, a request, and what is answered: nil for nothing against it.
  struct Row: Sendable, CustomTestStringConvertible {
    let statements: String
    let service: String
    let operation: String
    let input: String
    let refused: String?
    var testDescription: String { "\(operation) under \(statements)" }

    init(
      _ statements: String, _ operation: String, _ input: String = "{'TableName':'orders'}",
      service: String = "dynamodb", refused: String? = nil
    ) {
      (self.statements, self.service) = (statements, service)
      (self.operation, self.input, self.refused) = (operation, input, refused)
    }
  }

  private static func allow(_ action: String, _ resource: String = "*", _ more: String = "")
    -> String
  {
    "{'Effect':'Allow','Action':'\(action)','Resource':'\(resource)'\(more)}"
  }

  private static func deny(_ action: String, _ resource: String = "*", _ more: String = "")
    -> String
  {
    "{'Effect':'Deny','Action':'\(action)','Resource':'\(resource)'\(more)}"
  }

  private static let table = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
  private static func none(_ action: String, _ resource: String = table) -> String {
    "\(action) on resource: \(resource) because no identity-based policy allows the \(action) action"
  }
  private static func denied(_ action: String, _ resource: String = table) -> String {
    "\(action) on resource: \(resource) with an explicit deny in an identity-based policy"
  }

  static let rows: [Row] = [
    Row(allow("dynamodb:Scan"), "Scan"),
    Row(allow("DYNAMODB:sc?n"), "Scan"),
    Row(allow("dynamodb:Query"), "Scan", refused: none("dynamodb:Scan")),
    Row(allow("*"), "Scan"),
    Row(allow("dynamodb:*", table), "Scan"),
    Row(allow("dynamodb:*", table + "/*"), "Scan", refused: none("dynamodb:Scan")),
    Row(allow("*") + "," + deny("dynamodb:S*"), "Scan", refused: denied("dynamodb:Scan")),
    Row(allow("*") + "," + deny("*", table + "2"), "Scan"),
    Row(
      "{'Effect':'Allow','NotAction':'dynamodb:DeleteTable','Resource':'*'}", "DeleteTable",
      refused: none("dynamodb:DeleteTable")),
    Row("{'Effect':'Allow','NotAction':'dynamodb:DeleteTable','Resource':'*'}", "Scan"),
    Row(
      allow("*") + ",{'Effect':'Deny','Action':'*','NotResource':'\(table)'}", "Scan"),
    Row(
      allow("*") + ",{'Effect':'Deny','Action':'*','NotResource':'\(table)'}", "ListTables", "{}",
      refused: denied("dynamodb:ListTables", "*")),
    Row(
      allow("*", "*", ",'Condition':{'StringEquals':{'aws:RequestedRegion':'eu-west-1'}}"), "Scan",
      refused: none("dynamodb:Scan")),
    Row(
      allow("*", "*", ",'Condition':{'StringNotEquals':{'aws:RequestedRegion':'eu-west-1'}}"),
      "Scan"),
    Row(
      allow(
        "*", "*", ",'Condition':{'ArnLike':{'aws:PrincipalArn':'arn:aws:iam::*:role/reader'}}"),
      "Scan"),
    Row(
      allow("*", "*", ",'Condition':{'StringEquals':{'aws:PrincipalOrgID':'o-example1234'}}"),
      "Scan", refused: none("dynamodb:Scan")),
    Row(
      allow(
        "*", "*", ",'Condition':{'StringEqualsIfExists':{'aws:PrincipalOrgID':'o-example1234'}}"),
      "Scan"),
    Row(allow("*", "*", ",'Condition':{'Null':{'aws:PrincipalOrgID':'true'}}"), "Scan"),
    Row(
      allow("*", "*", ",'Condition':{'Null':{'aws:PrincipalOrgID':'false'}}"), "Scan",
      refused: none("dynamodb:Scan")),
    // Each table of a batch and each action of a transaction needs to be allowed.
    Row(
      allow("*") + "," + deny("*", table), "BatchGetItem",
      "{'RequestItems':{'orders':{'Keys':[{'id':{'S':'a'}}]}}}",
      refused: denied("dynamodb:BatchGetItem")),
    Row(
      allow("*") + "," + deny("dynamodb:PutItem"), "TransactWriteItems",
      "{'TransactItems':[{'Put':{'TableName':'orders','Item':{'id':{'S':'b'}}}}]}",
      refused: denied("dynamodb:PutItem")),
    Row(
      allow("*") + "," + deny("*", "*/again"), "RestoreTableToPointInTime",
      "{'SourceTableName':'orders','TargetTableName':'again','UseLatestRestorableTime':true}",
      refused: denied(
        "dynamodb:RestoreTableToPointInTime",
        "arn:aws:dynamodb:us-east-1:123456789012:table/again")),
    Row(
      allow("dynamodb:Restore*"), "RestoreTableToPointInTime",
      "{'SourceTableName':'orders','TargetTableName':'again','UseLatestRestorableTime':true}",
      refused: none(
        "dynamodb:BatchWriteItem", "arn:aws:dynamodb:us-east-1:123456789012:table/again")),
    Row(
      allow("dynamodb:Restore*") + "," + allow("dynamodb:*Item") + ","
        + allow("dynamodb:Query") + "," + allow("dynamodb:Scan", table),
      "RestoreTableToPointInTime",
      "{'SourceTableName':'orders','TargetTableName':'again','UseLatestRestorableTime':true}",
      refused: none("dynamodb:Scan", "arn:aws:dynamodb:us-east-1:123456789012:table/again")),
    // A statement needs an action of its own kind on the table or index it names.
    Row(
      allow("dynamodb:PartiQLSelect", table), "ExecuteStatement",
      "{'Statement':'SELECT * FROM orders'}"),
    Row(
      allow("dynamodb:PartiQLSelect", table), "ExecuteStatement",
      "{'Statement':'SELECT * FROM orders.total'}",
      refused: none("dynamodb:PartiQLSelect", table + "/index/total")),
    Row(
      allow("*") + "," + deny("dynamodb:PartiQLDelete"), "ExecuteStatement",
      "{'Statement':'DELETE FROM orders WHERE id=?','Parameters':[{'S':'a'}]}",
      refused: denied("dynamodb:PartiQLDelete")),
    Row(
      allow("dynamodb:PartiQLInsert"), "BatchExecuteStatement",
      "{'Statements':[{'Statement':'UPDATE orders SET a=1 WHERE id=?','Parameters':[{'S':'a'}]}]}",
      refused: none("dynamodb:PartiQLUpdate")),
    Row(
      allow("dynamodb:PartiQLUpdate"), "ExecuteTransaction",
      "{'TransactStatements':[{'Statement':'EXISTS(SELECT * FROM orders WHERE id=?)',"
        + "'Parameters':[{'S':'a'}]}]}",
      refused: none("dynamodb:PartiQLSelect")),
    Row(
      allow("dynamodb:*", table), "ExecuteStatement", "{'Statement':'SELEKT'}",
      refused: none("dynamodb:PartiQLSelect", "*")),
    // Whoever gives AWS Backup a role has to be allowed to.
    Row(
      allow("backup:*"), "StartBackupJob",
      "{'BackupVaultName':'prod','ResourceArn':'\(table)','IamRoleArn':'\(Bench.role)'}",
      service: "backup", refused: none("iam:PassRole", Bench.role)),
    Row(
      allow("backup:*") + ","
        + allow(
          "iam:PassRole", "*",
          ",'Condition':{'StringEquals':{'iam:PassedToService':'backup.amazonaws.com'}}"),
      "StartBackupJob",
      "{'BackupVaultName':'prod','ResourceArn':'\(table)','IamRoleArn':'\(Bench.role)'}",
      service: "backup"),
    Row(
      allow("backup:*", "*:backup-vault:other"), "DeleteBackupVault", "{'BackupVaultName':'prod'}",
      service: "backup",
      refused: none(
        "backup:DeleteBackupVault", "arn:aws:backup:us-east-1:123456789012:backup-vault:prod")),
    Row(
      deny("*"), "AssumeRole",
      "{'RoleArn':'arn:aws:iam::123456789012:role/reader','RoleSessionName':'me'}", service: "sts",
      refused: denied("sts:AssumeRole", "arn:aws:iam::123456789012:role/reader")),
    Row(deny("*"), "GetCallerIdentity", "{}", service: "sts"),
    Row(
      deny("s3:GetObject"), "HeadObject", "{'Bucket':'shelf','Key':'a'}", service: "s3api",
      refused: denied("s3:GetObject", "arn:aws:s3:::shelf/a")),
    Row(
      allow("s3:*"), "DescribeKey", "{'KeyId':'11111111-2222-3333-4444-555555555555'}",
      service: "kms",
      refused: none(
        "kms:DescribeKey",
        "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555")),
  ]

  @Test("a role may do what its policies allow and do not deny", arguments: rows)
  func identity(_ row: Row) throws {
    var bench = try Bench.withVault()
    try bench.recovery(true)
    bench.wait(.minutes(10))
    let text = "{'Statement':[\(row.statements)]}".replacing("'", with: "\"")
    bench.cloud.declare(
      Role(
        account: "123456789012", name: "reader",
        policies: [try AccessPolicy(reading: text, as: .identity)]))
    let before = bench.cloud.fingerprint()
    let answer = bench.refusal(row.operation, row.input, service: row.service, as: Self.reader)
    if let refused = row.refused {
      let code =
        row.service == "sts" || row.service == "s3api" ? "AccessDenied" : "AccessDeniedException"
      #expect(
        answer
          == "\(code): User: arn:aws:sts::123456789012:assumed-role/reader/s is not authorized to "
          + "perform: \(refused)")
      #expect(bench.cloud.fingerprint() == before)
    } else {
      #expect(answer.hasPrefix("accepted"))
    }
    // The account's own administrator is held to none of it.
    #expect(
      bench.refusal("ListTables", "{}").hasPrefix("accepted"))
  }

  @Test(
    "what would not be looked at is no policy",
    arguments: [
      (",'Condition':'never'", PolicyProblem.malformed("Condition is no map of operators")),
      (
        ",'Condition':{'StringEquals':'aws:username'}",
        .malformed("StringEquals is no map of keys")
      ),
      (
        ",'Condition':{'DateLessThan':{'aws:CurrentTime':'2026-01-01'}}",
        .notSimulated("The condition DateLessThan of an identity-based policy")
      ),
      (
        ",'Condition':{'StringEquals':{'aws:SourceVpc':'a'}}",
        .notSimulated("The condition key aws:SourceVpc of an identity-based policy")
      ),
      (",'Resources':'*'", .malformed("a statement has no member Resources")),
    ])
  func unread(more: String, problem: PolicyProblem) {
    let text = "{'Statement':\(Self.allow("*", "*", more))}".replacing("'", with: "\"")
    #expect(throws: problem) { try AccessPolicy(reading: text, as: .identity) }
  }

  @Test("AWS Backup does with a role what the role may, and takes on only what is there")
  func jobs() throws {
    func message(_ policies: String?, role: String = "worker") throws -> String {
      var bench = try Bench.withVault()
      let own = try policies.map {
        [
          try AccessPolicy(
            reading: "{'Statement':[\($0)]}".replacing("'", with: "\""), as: .identity)
        ]
      }
      bench.cloud.declare(Role(account: "123456789012", name: "worker", policies: own))
      bench.cloud.declare(
        Role(account: "123456789012", name: "shy", trusted: ["ec2.amazonaws.com"]))
      let started = try bench.backup(
        "StartBackupJob",
        "{'BackupVaultName':'prod','ResourceArn':'\(Bench.ordersARN)',"
          + "'IamRoleArn':'arn:aws:iam::123456789012:role/\(role)'}")
      bench.wait(.minutes(10))
      let job = try bench.job(try started.text("BackupJobId"))
      let message = try job.at("StatusMessage")?.string ?? job.text("State")
      #expect(
        job.show("MessageCategory") == (message == "COMPLETED" ? "'SUCCESS'" : "'AccessDenied'"))
      return message
    }
    let arn = "arn:aws:iam::123456789012:role/"
    #expect(try message(nil) == "COMPLETED")
    #expect(try message(Self.allow("dynamodb:StartAwsBackupJob", Bench.ordersARN)) == "COMPLETED")
    #expect(
      try message(Self.allow("dynamodb:CreateBackup"))
        == "IAM Role \(arn)worker does not have sufficient permissions to execute the job.")
    #expect(
      try message(nil, role: "nobody")
        == "The provided role \(arn)nobody cannot be assumed by AWS Backup.")
    #expect(
      try message(nil, role: "shy")
        == "The provided role \(arn)shy cannot be assumed by AWS Backup.")
    #expect(
      try message(nil, role: "service-role/AWSBackupDefaultServiceRole") == "COMPLETED")
  }

  @Test("a selection names a role that AWS Backup can take on")
  func selection() throws {
    var bench = try Bench.withVault()
    let plan = try bench.makePlan(Bench.rule("daily", "0 5 ? * * *"))
    bench.cloud.declare(Role(account: "123456789012", name: "worker"))
    func select(_ role: String) -> String {
      bench.backupRefusal(
        "CreateBackupSelection",
        "{'BackupPlanId':'\(plan)','BackupSelection':{'SelectionName':'\(role)','IamRoleArn':"
          + "'arn:aws:iam::123456789012:role/\(role)','Resources':['*']}}")
    }
    #expect(
      select("nobody")
        == "InvalidParameterValueException: IAM Role arn:aws:iam::123456789012:role/nobody cannot be "
        + "assumed by AWS Backup")
    #expect(select("worker").hasPrefix("accepted"))
  }
}
