// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Assumed roles")
struct AssumeRoleTests {
  private static let role = "arn:aws:iam::210987654321:role/ops/restore"

  private static func input(_ more: String = "", role: String = role) -> String {
    "{'RoleArn':'\(role)','RoleSessionName':'night'\(more)}"
  }

  @Test("a session is issued keys of its own, an hour long, and asks as its role")
  func issues() throws {
    var bench = Bench()
    let answer = try bench.call("AssumeRole", Self.input(), service: "sts")
    let key = try answer.text("Credentials.AccessKeyId")
    #expect(
      answer.show("AssumedRoleUser.Arn")
        == "'arn:aws:sts::210987654321:assumed-role/restore/night'")
    #expect(
      answer.at("Credentials.Expiration")?.number == Double(Bench.start.milliseconds / 1000 + 3600))
    let session = try #require(bench.cloud.roleSession(forKey: key)).get()
    let holder = session.caller(in: "eu-west-1")
    #expect(holder.account == "210987654321" && holder.accessKeyID == key)
    let identity = try bench.call("GetCallerIdentity", "{}", service: "sts", as: holder)
    #expect(try identity.text("UserId") == answer.text("AssumedRoleUser.AssumedRoleId"))

    bench.wait(.hours(1) - .milliseconds(1))
    #expect(throws: Never.self) { try bench.cloud.roleSession(forKey: key)?.get() }
    bench.wait(.milliseconds(1))
    #expect(throws: ServiceError.self) { try bench.cloud.roleSession(forKey: key)?.get() }
    #expect(bench.cloud.roleSession(forKey: "ASIANOTISSUEDHERE000") == nil)
    let again = try bench.call("AssumeRole", Self.input(), service: "sts")
    #expect(try again.text("Credentials.AccessKeyId") != key)
  }

  @Test("the trail shows the session, its key and the role behind it")
  func trail() throws {
    var bench = Bench()
    let answer = try bench.call("AssumeRole", Self.input(), service: "sts")
    let key = try answer.text("Credentials.AccessKeyId")
    let holder = try #require(bench.cloud.roleSession(forKey: key)).get().caller(in: "us-east-1")
    try bench.call("ListTables", "{}", as: holder)
    bench.wait(.minutes(3))
    let events = try bench.call(
      "LookupEvents",
      "{'LookupAttributes':[{'AttributeKey':'AccessKeyId','AttributeValue':'\(key)'}]}",
      service: "cloudtrail", as: holder)
    #expect(events.show("Events.0.EventName") == "'ListTables'")
    #expect(events.show("Events.0.Username") == "'night'")
    let record = try Document.parse(try events.text("Events.0.CloudTrailEvent"))
    #expect(record.show("userIdentity.type") == "'AssumedRole'")
    #expect(
      record.show("userIdentity.sessionContext.sessionIssuer.arn")
        == "'arn:aws:iam::210987654321:role/restore'")
  }

  @Test(
    "what cannot be assumed is refused, and nothing is issued",
    arguments: [
      (input(role: "arn:aws:iam::210987654321:user/someone"), "Request ARN is invalid"),
      (input(role: "arn:aws:iam::21098765432:role/short"), "Request ARN is invalid"),
      (input(role: "arn:aws-cn:iam::210987654321:role/far"), "Request ARN is invalid"),
      (
        input(",'DurationSeconds':3601"),
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
      ),
      (
        input(",'DurationSeconds':899"),
        "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy "
          + "constraint: Member must have value greater than or equal to 900"
      ),
    ])
  func refusals(input: String, message: String) {
    var bench = Bench()
    let before = bench.cloud.fingerprint()
    #expect(bench.refusal("AssumeRole", input, service: "sts") == "ValidationError: " + message)
    #expect(bench.cloud.fingerprint() == before)
  }

  @Test("the root user assumes no role, and a chained session lasts an hour at most")
  func callers() {
    var bench = Bench()
    let account = bench.caller.account
    let root = Caller(
      account: account, region: "us-east-1", principal: Principal(kind: .root, name: ""))
    #expect(
      bench.refusal("AssumeRole", Self.input(), service: "sts", as: root)
        == "AccessDenied: Roles may not be assumed by root accounts.")
    let chained = Caller(
      account: account, region: "us-east-1", principal: Principal(kind: .role, name: "one"))
    #expect(
      bench.refusal(
        "AssumeRole", Self.input(",'DurationSeconds':7200"), service: "sts", as: chained)
        == "ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for "
        + "roles assumed by role chaining")
  }
}
