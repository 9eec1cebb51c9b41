// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

/// A request of AWS Organizations that is refused, and by whom it is made.
struct OrganizationRefusal: Sendable, CustomTestStringConvertible {
  let operation: String
  let input: String
  let caller: Caller
  let error: String
  var testDescription: String { "\(operation) \(input) \(caller.account)" }

  init(_ operation: String, _ input: String, _ caller: Caller, _ error: String) {
    (self.operation, self.input, self.caller, self.error) = (operation, input, caller, error)
  }
}

/// In rows the organization is the one above, with service control policies on, the policy `$POLICY`
/// attached to the first member, and AWS Backup let in and given to that member.
@Suite("Requests that AWS Organizations refuses")
struct OrganizationRefusalTests {
  private static let notInUse =
    "AWSOrganizationsNotInUseException: Your account is not a member of an organization."
  private static let denied =
    "AccessDeniedException: You don't have permissions to access this resource."
  private static let (head, second, alone) = (
    OrganizationTests.head, OrganizationTests.second, OrganizationTests.alone
  )
  private static let pattern =
    "InvalidInputException: You provided a value that does not match the required pattern."
  private static let backup = "'ServicePrincipal':'backup.amazonaws.com'"
  private static let noPolicy =
    "PolicyNotFoundException: You specified a policy that doesn't exist."
  private static let noTarget =
    "TargetNotFoundException: You specified a target that doesn't exist."
  private static let noAccount =
    "AccountNotFoundException: You specified an account that doesn't exist."
  private static let control = "SERVICE_CONTROL_POLICY"

  /// What only the management account, or a member with a service of its own, may ask.
  private static let guarded: [(String, String)] = [
    ("ListAccounts", "{}"), ("DescribeAccount", "{'AccountId':'123456789012'}"),
    ("ListRoots", "{}"), ("ListParents", "{'ChildId':'123456789012'}"),
    ("RemoveAccountFromOrganization", "{'AccountId':'123456789012'}"),
    ("InviteAccountToOrganization", "{'Target':{'Id':'222233334444','Type':'ACCOUNT'}}"),
    ("EnablePolicyType", "{'RootId':'r-root','PolicyType':'BACKUP_POLICY'}"),
    ("DisablePolicyType", "{'RootId':'r-root','PolicyType':'\(control)'}"),
    ("CreatePolicy", "{'Name':'n','Description':'','Type':'\(control)','Content':'{}'}"),
    ("DescribePolicy", "{'PolicyId':'$POLICY'}"), ("DeletePolicy", "{'PolicyId':'$POLICY'}"),
    ("AttachPolicy", "{'PolicyId':'$POLICY','TargetId':'r-root'}"),
    ("DetachPolicy", "{'PolicyId':'$POLICY','TargetId':'123456789012'}"),
    ("ListPolicies", "{'Filter':'\(control)'}"),
    ("ListPoliciesForTarget", "{'TargetId':'r-root','Filter':'\(control)'}"),
    ("ListTargetsForPolicy", "{'PolicyId':'$POLICY'}"), ("EnableAWSServiceAccess", "{\(backup)}"),
    ("DisableAWSServiceAccess", "{\(backup)}"), ("ListAWSServiceAccessForOrganization", "{}"),
    ("RegisterDelegatedAdministrator", "{'AccountId':'444455556666',\(backup)}"),
    ("DeregisterDelegatedAdministrator", "{'AccountId':'123456789012',\(backup)}"),
    ("ListDelegatedAdministrators", "{}"),
  ]

  static let all: [OrganizationRefusal] =
    guarded.flatMap { operation, input in
      [
        OrganizationRefusal(operation, input, second, denied),
        OrganizationRefusal(operation, input, alone, notInUse),
      ]
    } + own

  private static let own: [OrganizationRefusal] = [
    .init("DescribeOrganization", "{}", alone, notInUse),
    .init("LeaveOrganization", "{}", alone, notInUse),
    .init(
      "LeaveOrganization", "{}", head,
      "MasterCannotLeaveOrganizationException: You can't remove a management account from an "
        + "organization."),
    .init(
      "CreateOrganization", "{}", second,
      "AlreadyInOrganizationException: The provided account is already a member of an organization."
    ),
    .init(
      "CreateOrganization", "{}", alone,
      "NotSimulated: A second organization is not simulated by Rewind. Nothing was changed."),
    .init("DescribeAccount", "{'AccountId':'222233334444'}", head, noAccount),
    .init("DescribeAccount", "{'AccountId':'12'}", head, pattern),
    .init(
      "ListAccounts", "{'NextToken':'x'}", head,
      "InvalidInputException: You provided an invalid pagination token."),
    .init(
      "ListRoots", "{'NextToken':'x'}", head,
      "InvalidInputException: You provided an invalid pagination token."),
    .init(
      "ListParents", "{'ChildId':'123456789012','NextToken':'x'}", head,
      "InvalidInputException: You provided an invalid pagination token."),
    .init(
      // The token of a listing whose last account has left since.
      "ListAccounts", "{'NextToken':'YWZ0ZXI6MjIyMjMzMzM0NDQ0'}", head,
      "InvalidInputException: You provided an invalid pagination token."),
    .init(
      "ListHandshakesForAccount", "{'NextToken':'x'}", alone,
      "InvalidInputException: You provided an invalid pagination token."),
    .init(
      "ListParents", "{'ChildId':'222233334444'}", head,
      "ChildNotFoundException: You specified a child that doesn't exist."),
    .init("RemoveAccountFromOrganization", "{'AccountId':'222233334444'}", head, noAccount),
    .init(
      "InviteAccountToOrganization", "{'Target':{'Id':'123456789012','Type':'ACCOUNT'}}", head,
      "HandshakeConstraintViolationException: The specified account is already a member of this "
        + "organization."),
    .init(
      "InviteAccountToOrganization", "{'Target':{'Id':'a@example.com','Type':'EMAIL'}}", head,
      "NotSimulated: An invitation by EMAIL is not simulated by Rewind. Nothing was changed."),
    .init(
      "AcceptHandshake", "{'HandshakeId':'h-0123456789'}", alone,
      "HandshakeNotFoundException: You specified a handshake that doesn't exist."),
    .init(
      "EnablePolicyType", "{'RootId':'r-other','PolicyType':'\(control)'}", head,
      "RootNotFoundException: You specified a root that doesn't exist."),
    .init(
      "EnablePolicyType", "{'RootId':'r-root','PolicyType':'\(control)'}", head,
      "PolicyTypeAlreadyEnabledException: The specified policy type is already enabled."),
    .init(
      "EnablePolicyType", "{'RootId':'r-root','PolicyType':'TAG_POLICY'}", head,
      "NotSimulated: The policy type TAG_POLICY is not simulated by Rewind. Nothing was changed."),
    .init(
      "DisablePolicyType", "{'RootId':'r-root','PolicyType':'BACKUP_POLICY'}", head,
      "PolicyTypeNotEnabledException: This operation can be performed only for enabled policy types."
    ),
    .init(
      "CreatePolicy", "{'Name':'n','Description':'','Type':'\(control)','Content':'{}'}", head,
      "MalformedPolicyDocumentException: The provided policy document does not meet the requirements "
        + "of the specified policy type."),
    .init(
      "CreatePolicy", "{'Name':'n','Description':'','Type':'BACKUP_POLICY','Content':'{}'}", head,
      "NotSimulated: The policy type BACKUP_POLICY is not simulated by Rewind. Nothing was changed."
    ),
    .init("DescribePolicy", "{'PolicyId':'p-00000000'}", head, noPolicy),
    .init(
      "DeletePolicy", "{'PolicyId':'$POLICY'}", head,
      "PolicyInUseException: This policy is attached to one or more roots, organizational units, or "
        + "accounts."),
    .init("DeletePolicy", "{'PolicyId':'p-FullAWSAccess'}", head, denied),
    .init("AttachPolicy", "{'PolicyId':'$POLICY','TargetId':'222233334444'}", head, noTarget),
    .init(
      "AttachPolicy", "{'PolicyId':'$POLICY','TargetId':'123456789012'}", head,
      "DuplicatePolicyAttachmentException: A policy with the specified name and type already exists."
    ),
    .init(
      "DetachPolicy", "{'PolicyId':'$POLICY','TargetId':'r-root'}", head,
      "PolicyNotAttachedException: The policy isn't attached to the specified target."),
    .init(
      "DetachPolicy", "{'PolicyId':'p-FullAWSAccess','TargetId':'r-root'}", head,
      "ConstraintViolationException: You cannot remove the last service control policy (SCP) attached "
        + "to the specified target."),
    .init(
      "EnableAWSServiceAccess", "{'ServicePrincipal':'backup'}", head,
      "InvalidInputException: You specified an unrecognized service principal."),
    .init(
      "RegisterDelegatedAdministrator", "{'AccountId':'123456789012',\(backup)}", head,
      "AccountAlreadyRegisteredException: The provided account is already a delegated administrator "
        + "for your organization."),
    .init(
      "RegisterDelegatedAdministrator", "{'AccountId':'999988887777',\(backup)}", head,
      "ConstraintViolationException: You cannot register master account/yourself as delegated "
        + "administrator for your organization."),
    .init(
      "DeregisterDelegatedAdministrator", "{'AccountId':'444455556666',\(backup)}", head,
      "AccountNotRegisteredException: The provided account is not a registered delegated "
        + "administrator for your organization."),
  ]

  private static let world: Result<(bench: Bench, policy: String), any Error> = Result {
    var bench = try OrganizationTests.organized()
    try bench.ask("EnablePolicyType", "{'RootId':'r-root','PolicyType':'\(control)'}")
    let content =
      "{\\'Statement\\':{\\'Effect\\':\\'Deny\\',\\'Action\\':\\'kms:*\\',\\'Resource\\':\\'*\\'}}"
    let policy = try bench.ask(
      "CreatePolicy",
      "{'Name':'p','Description':'','Type':'\(control)','Content':'\(content)'}"
    ).text("Policy.PolicySummary.Id")
    try bench.ask("AttachPolicy", "{'PolicyId':'\(policy)','TargetId':'123456789012'}")
    try bench.ask("EnableAWSServiceAccess", "{\(backup)}")
    try bench.ask("RegisterDelegatedAdministrator", "{'AccountId':'123456789012',\(backup)}")
    return (bench, policy)
  }

  @Test("a refused request says the service's own words and changes nothing", arguments: all)
  func words(_ row: OrganizationRefusal) throws {
    var (bench, policy) = try Self.world.get()
    let before = bench.cloud.fingerprint()
    #expect(
      bench.refusal(
        row.operation, row.input.replacing("$POLICY", with: policy), service: "organizations",
        as: row.caller) == row.error)
    #expect(bench.cloud.fingerprint() == before)
  }
}
