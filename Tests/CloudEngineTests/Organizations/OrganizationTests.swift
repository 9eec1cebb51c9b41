// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Organizations")
struct OrganizationTests {
  static let head = Caller(account: "999988887777", region: "us-east-1")
  static let member = Caller(account: "123456789012", region: "us-east-1")
  static let second = Caller(account: "444455556666", region: "us-east-1")
  static let alone = Caller(account: "222233334444", region: "us-east-1")

  /// An organization of three accounts, made by its own operations.
  static func organized() throws -> Bench {
    var bench = Bench()
    bench.caller = head
    try bench.ask("CreateOrganization")
    for account in [member, second] {
      let asked = try bench.ask(
        "InviteAccountToOrganization", "{'Target':{'Id':'\(account.account)','Type':'ACCOUNT'}}")
      try bench.ask(
        "AcceptHandshake", "{'HandshakeId':'\(try asked.text("Handshake.Id"))'}", as: account)
    }
    return bench
  }

  @Test("accounts are invited, join, are listed, and leave again")
  func accounts() throws {
    var bench = try Self.organized()
    let organization = try bench.ask("DescribeOrganization", as: Self.second)
    let id = try organization.text("Organization.Id")
    #expect(organization.show("Organization.MasterAccountId") == "'999988887777'")
    #expect(organization.show("Organization.FeatureSet") == "'ALL'")
    let listed = try bench.ask("ListAccounts", "{'MaxResults':2}")
    #expect(
      listed.at("Accounts")?.array?.compactMap { $0["Id"]?.string }
        == ["999988887777", "123456789012"])
    let rest = try bench.ask(
      "ListAccounts", "{'MaxResults':2,'NextToken':'\(try listed.text("NextToken"))'}")
    #expect(rest.show("Accounts.0.Id") == "'444455556666'")
    #expect(rest.show("NextToken") == "absent")
    let account = try bench.ask("DescribeAccount", "{'AccountId':'444455556666'}")
    #expect(account.show("Account.Status") == "'ACTIVE'")
    #expect(account.show("Account.State") == "'ACTIVE'")
    #expect(account.show("Account.JoinedMethod") == "'INVITED'")
    #expect(account.show("Account.Paths") == "['\(id)/r-root/444455556666/']")
    #expect(
      account.show("Account.Arn")
        == "'arn:aws:organizations::999988887777:account/\(id)/444455556666'")
    #expect(
      try bench.ask("ListParents", "{'ChildId':'444455556666'}").show("Parents")
        == "[{'Id':'r-root','Type':'ROOT'}]")
    try bench.ask("LeaveOrganization", as: Self.second)
    try bench.ask("RemoveAccountFromOrganization", "{'AccountId':'123456789012'}")
    #expect(try bench.ask("ListAccounts").at("Accounts")?.array?.count == 1)
  }

  @Test("an organization that only shares its bill has no policies and lets no service in")
  func billingOnly() throws {
    var bench = Bench()
    bench.caller = Self.head
    try bench.ask("CreateOrganization", "{'FeatureSet':'CONSOLIDATED_BILLING'}")
    for (operation, input, code) in [
      (
        "EnablePolicyType", "{'RootId':'r-root','PolicyType':'SERVICE_CONTROL_POLICY'}",
        "PolicyTypeNotAvailableForOrganizationException"
      ),
      (
        "CreatePolicy",
        "{'Name':'n','Description':'','Type':'SERVICE_CONTROL_POLICY','Content':'{}'}",
        "PolicyTypeNotAvailableForOrganizationException"
      ),
      (
        "EnableAWSServiceAccess", "{'ServicePrincipal':'backup.amazonaws.com'}",
        "UnsupportedAPIEndpointException"
      ),
    ] {
      #expect(
        bench.refusal(operation, input, service: "organizations").hasPrefix(code + ": "))
    }
  }

  @Test("an invitation ends after 15 days")
  func invitation() throws {
    var bench = try Self.organized()
    let asked = try bench.ask(
      "InviteAccountToOrganization", "{'Target':{'Id':'222233334444','Type':'ACCOUNT'}}")
    let input = "{'HandshakeId':'\(try asked.text("Handshake.Id"))'}"
    bench.wait(.days(15) - .milliseconds(1))
    var inTime = bench
    try inTime.ask("AcceptHandshake", input, as: Self.alone)
    #expect(
      try inTime.ask("ListHandshakesForAccount", as: Self.alone).show("Handshakes.0.State")
        == "'ACCEPTED'")
    bench.wait(.milliseconds(1))
    #expect(
      bench.refusal("AcceptHandshake", input, service: "organizations", as: Self.alone)
        .hasPrefix("InvalidHandshakeTransitionException"))
  }

  @Test("allowing copies lets AWS Backup in; a member can be given its administration")
  func access() throws {
    var bench = try Self.organized()
    let services = "EnabledServicePrincipals"
    #expect(
      try bench.ask("ListAWSServiceAccessForOrganization").show(services) == "[]")
    try bench.backup(
      "UpdateGlobalSettings", "{'GlobalSettings':{'isCrossAccountBackupEnabled':'true'}}")
    #expect(
      try bench.ask("ListAWSServiceAccessForOrganization")
        .show(services + ".0.ServicePrincipal") == "'backup.amazonaws.com'")
    let backup = "'ServicePrincipal':'backup.amazonaws.com'"
    #expect(
      bench.refusal("ListAccounts", "{}", service: "organizations", as: Self.member)
        .hasPrefix("AccessDeniedException"))
    try bench.ask("RegisterDelegatedAdministrator", "{'AccountId':'123456789012',\(backup)}")
    #expect(
      try bench.ask("ListDelegatedAdministrators", "{\(backup)}")
        .show("DelegatedAdministrators.0.Id") == "'123456789012'")
    #expect(try bench.ask("ListAccounts", as: Self.member).at("Accounts")?.array?.count == 3)
    #expect(
      bench.refusal("DisableAWSServiceAccess", "{\(backup)}", service: "organizations")
        .hasPrefix("ConstraintViolationException"))
    try bench.ask("DeregisterDelegatedAdministrator", "{'AccountId':'123456789012',\(backup)}")
    try bench.ask("DisableAWSServiceAccess", "{\(backup)}")
    #expect(try bench.ask("ListAWSServiceAccessForOrganization").show(services) == "[]")
    try bench.ask("EnableAWSServiceAccess", "{\(backup)}")
    #expect(
      try bench.ask("ListAWSServiceAccessForOrganization").at(services)?.array?.count == 1)
  }

  @Test("a service control policy holds where it is attached, and for all members at the root")
  func controlPolicies() throws {
    var bench = try Self.organized()
    try bench.ask(
      "EnablePolicyType", "{'RootId':'r-root','PolicyType':'SERVICE_CONTROL_POLICY'}")
    #expect(
      try bench.ask("ListRoots").show("Roots.0.PolicyTypes")
        == "[{'Type':'SERVICE_CONTROL_POLICY','Status':'ENABLED'}]")
    let content =
      "{\\'Statement\\':{\\'Effect\\':\\'Deny\\',\\'Action\\':\\'backup:*\\',\\'Resource\\':\\'*\\'}}"
    let made = try bench.ask(
      "CreatePolicy",
      "{'Name':'no-backup','Description':'d','Type':'SERVICE_CONTROL_POLICY','Content':'\(content)'}"
    )
    let id = try made.text("Policy.PolicySummary.Id")
    func outcome(_ caller: Caller) -> String {
      var asking = bench
      return String(asking.backupRefusal("ListBackupVaults", "{}", as: caller).prefix(21))
    }
    let (free, held) = ("accepted: {\"BackupVau", "AccessDeniedException")
    #expect([Self.head, Self.member, Self.second].map(outcome) == [free, free, free])
    try bench.ask("AttachPolicy", "{'PolicyId':'\(id)','TargetId':'123456789012'}")
    #expect([Self.head, Self.member, Self.second].map(outcome) == [free, held, free])
    try bench.ask("AttachPolicy", "{'PolicyId':'\(id)','TargetId':'r-root'}")
    #expect([Self.head, Self.member, Self.second].map(outcome) == [free, held, held])
    #expect(
      try bench.ask("ListTargetsForPolicy", "{'PolicyId':'\(id)'}").at("Targets")?.array?.count
        == 2)
    try bench.ask("DetachPolicy", "{'PolicyId':'\(id)','TargetId':'r-root'}")
    try bench.ask("DetachPolicy", "{'PolicyId':'\(id)','TargetId':'123456789012'}")
    try bench.ask("DeletePolicy", "{'PolicyId':'\(id)'}")
    #expect([Self.head, Self.member, Self.second].map(outcome) == [free, free, free])
  }

  @Test("without the policy that allows everything only what another allows is left")
  func allowList() throws {
    var bench = try Self.organized()
    try bench.ask(
      "EnablePolicyType", "{'RootId':'r-root','PolicyType':'SERVICE_CONTROL_POLICY'}")
    let content =
      "{\\'Statement\\':{\\'Effect\\':\\'Allow\\',\\'Action\\':\\'backup:*\\',\\'Resource\\':\\'*\\'}}"
    let id = try bench.ask(
      "CreatePolicy",
      "{'Name':'backup','Description':'','Type':'SERVICE_CONTROL_POLICY','Content':'\(content)'}"
    ).text("Policy.PolicySummary.Id")
    try bench.ask("AttachPolicy", "{'PolicyId':'\(id)','TargetId':'123456789012'}")
    try bench.ask(
      "DetachPolicy", "{'PolicyId':'p-FullAWSAccess','TargetId':'123456789012'}")
    try bench.backup("ListBackupVaults", "{}", as: Self.member)
    #expect(
      bench.refusal("ListTables", "{}", as: Self.member)
        == "AccessDeniedException: User: arn:aws:iam::123456789012:user/admin is not authorized to "
        + "perform: dynamodb:ListTables on resource: * because no service control policy allows the "
        + "dynamodb:ListTables action")
    #expect(
      try bench.ask(
        "ListPoliciesForTarget",
        "{'TargetId':'123456789012','Filter':'SERVICE_CONTROL_POLICY'}"
      ).at("Policies")?.array?.compactMap { $0["Name"]?.string } == ["backup"])
    try bench.ask(
      "AttachPolicy", "{'PolicyId':'p-FullAWSAccess','TargetId':'123456789012'}")
    try bench.call("ListTables", as: Self.member)
    #expect(
      try bench.ask("DescribePolicy", "{'PolicyId':'p-FullAWSAccess'}")
        .show("Policy.PolicySummary.AwsManaged") == "true")
    try bench.ask(
      "DisablePolicyType", "{'RootId':'r-root','PolicyType':'SERVICE_CONTROL_POLICY'}")
    #expect(try bench.ask("ListRoots").show("Roots.0.PolicyTypes") == "[]")
  }
}

extension Bench {
  /// An accepted request of AWS Organizations; `\'` in a text within the input is a double quote.
  @discardableResult
  mutating func ask(
    _ operation: String, _ input: String = "{}", as other: Caller? = nil
  ) throws -> Document {
    let text = input.replacing("\\'", with: "\\\"")
    return try call(operation, text, service: "organizations", as: other)
  }
}
