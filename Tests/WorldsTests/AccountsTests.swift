// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import CommandLanguage
import ContentFormat
import Documents
import Testing
import Worlds

@Suite("Accounts, organizations and roles of a world")
struct AccountsTests {
  private static let text = """
    clock: "2026-03-06T17:40:00Z"
    accounts:
      prod: { id: "111122223333", organization: member }
      safe:
        id: "444455556666"
        region: eu-west-1
        organization: vault
        policies:
          no-deleting:
            - { Effect: Deny, Action: "backup:DeleteRecoveryPoint", Resource: "*" }
      head: { id: "999988887777", organization: management }
      alone: { id: "222233334444" }
    organization:
      id: o-exampleorg1
      cross-account-backup: true
      policies:
        no-keys:
          - Effect: Deny
            Action: kms:ScheduleKeyDeletion
            Resource: "*"
            Condition: { StringNotEquals: { "aws:PrincipalAccount": "<safe>" } }
    roles:
      operator:
        account: prod
        path: /service-role/
        trust: [head, backup.amazonaws.com]
        policies:
          tables: [{ Effect: Allow, Action: "dynamodb:*", Resource: "*" }]
      whoever: { account: safe }
    tables:
      orders: { key: id, items: 3 }
    """

  private func ask(
    _ service: String, _ operation: String, _ input: Document = .emptyObject, as who: String,
    in run: inout WorldRun
  ) throws -> String {
    let profile = try run.world.profile(who)
    let request = ServiceRequest(
      service: service, operation: operation, input: input,
      caller: Caller(
        account: profile.account, region: profile.region ?? "us-east-1",
        principal: profile.principal))
    switch run.perform(request) {
    case .success: return "done"
    case .failure(let error): return "\(error.code): \(error.message)"
    }
  }

  @Test("an organization is there with its accounts, settings and policies when the clock starts")
  func organization() throws {
    var run = try WorldsTests.start(Self.text)
    let organization = try #require(run.cloud.organization)
    #expect(organization.id == "o-exampleorg1")
    #expect(organization.managementAccount == "999988887777")
    #expect(organization.members == ["111122223333", "444455556666"])
    #expect(organization.isCrossAccountBackupEnabled)
    let point: Document = ["BackupVaultName": "prod", "RecoveryPointArn": "arn:aws:backup:x"]
    #expect(
      try ask("backup", "DeleteRecoveryPoint", point, as: "safe", in: &run)
        == "AccessDeniedException: User: arn:aws:iam::444455556666:user/admin is not authorized to "
        + "perform: backup:DeleteRecoveryPoint on resource: arn:aws:backup:x with an explicit deny in "
        + "a service control policy")
    #expect(
      try ask("backup", "DeleteRecoveryPoint", point, as: "prod", in: &run)
        == "ResourceNotFoundException: Backup vault with the specified name does not exist")
    let key: Document = ["KeyId": "11111111-2222-3333-4444-555555555555"]
    #expect(
      try ask("kms", "ScheduleKeyDeletion", key, as: "prod", in: &run)
        .hasSuffix("with an explicit deny in a service control policy"))
    // The placeholder became the account's id, and no policy holds for the management account.
    for who in ["safe", "head", "alone"] {
      #expect(
        try ask("kms", "ScheduleKeyDeletion", key, as: who, in: &run).hasPrefix("NotFound"))
    }
    #expect(
      try ask("organizations", "DescribeOrganization", as: "alone", in: &run)
        == "AWSOrganizationsNotInUseException: Your account is not a member of an organization.")
  }

  @Test("a role may do what its policies say, and is taken on by whom it trusts")
  func roles() throws {
    var run = try WorldsTests.start(Self.text)
    let scan: Document = ["TableName": "orders"]
    #expect(try ask("dynamodb", "Scan", scan, as: "prod/operator", in: &run) == "done")
    #expect(
      try ask("backup", "ListBackupVaults", as: "prod/operator", in: &run)
        == "AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/operator/operator is "
        + "not authorized to perform: backup:ListBackupVaults on resource: * because no "
        + "identity-based policy allows the backup:ListBackupVaults action")
    #expect(try ask("backup", "ListBackupVaults", as: "safe/whoever", in: &run) == "done")
    func assume(_ role: String, as who: String) throws -> String {
      try ask(
        "sts", "AssumeRole",
        ["RoleArn": .string("arn:aws:iam::\(role)"), "RoleSessionName": "visit"], as: who, in: &run)
    }
    let operatorARN = "111122223333:role/service-role/operator"
    #expect(try assume(operatorARN, as: "head") == "done")
    #expect(
      try assume(operatorARN, as: "safe")
        == "AccessDenied: User: arn:aws:iam::444455556666:user/admin is not authorized to perform: "
        + "sts:AssumeRole on resource: arn:aws:iam::\(operatorARN)")
    #expect(try assume("444455556666:role/whoever", as: "prod") == "done")
    #expect(try assume("444455556666:role/nobody", as: "prod").hasPrefix("AccessDenied"))
    // An account without declared roles has any.
    #expect(try assume("222233334444:role/any", as: "prod") == "done")
    #expect(try run.bindings.substitute("<operator.arn>") == "arn:aws:iam::\(operatorARN)")
  }

  @Test(
    "what does not fit together is refused where it stands",
    arguments: [
      (
        "accounts: {a: {id: \"111122223333\", organization: member}}",
        "w:1:12: error missing-field: the organization has no management account"
          + " (one account with organization: management)"
      ),
      (
        "accounts: {a: {id: \"111122223333\", organization: management}, "
          + "b: {id: \"444455556666\", organization: management}}",
        "w:1:63: error conflict: an organization has one management account"
      ),
      (
        "accounts: {a: {id: \"111122223333\"}, b: {id: \"111122223333\"}}",
        "w:1:37: error duplicate-key: two accounts have the id 111122223333"
      ),
      (
        "organization: {cross-account-backup: true}",
        "w:1:15: error conflict: no account belongs to the organization"
          + " (organization: management, member or vault on accounts)"
      ),
      (
        "accounts: {a: {id: \"111122223333\", policies: {p: []}}}",
        "w:1:36: error conflict: policies has a meaning only beside organization"
      ),
      (
        "roles: {r: {path: service}}",
        "w:1:19: error bad-value: \"service\" is no role's path (/ or, say, /service-role/)"
      ),
      (
        "roles: {r: {trust: [nobody]}}",
        "w:1:9: error unknown-name: there is no account or Region nobody (one of: main)"
      ),
    ])
  func refused(_ text: String, _ expected: String) {
    #expect(errors(ofWorld: text).contains(expected), "\(errors(ofWorld: text))")
  }

  @Test(
    "a policy that would not be looked at is refused with the world",
    arguments: [
      ("{ Effect: Allow, Action: '*' }", "a statement has no Resource"),
      (
        "{ Effect: Deny, Action: '*', Resource: '*', Condition: { DateLessThan: { x: y } } }",
        "The condition DateLessThan of an identity-based policy is not simulated"
      ),
      (
        "{ Effect: Deny, Action: '*', Resource: '*', Principal: '*' }",
        "an identity-based policy names no Principal"
      ),
    ])
  func badPolicies(_ statement: String, _ words: String) throws {
    let error = #expect(throws: ContentProblem.self) {
      try WorldsTests.start("roles: { r: { policies: { p: [\(statement)] } } }")
    }
    #expect(error?.message.contains(words) ?? false, "\(error?.message ?? "")")
  }
}
