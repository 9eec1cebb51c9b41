// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("The audit trail")
struct TrailTests {
  private static func lookUp(_ bench: inout Bench, _ input: String = "{}") throws -> [String] {
    try (bench.call("LookupEvents", input, service: "cloudtrail").at("Events")?.array ?? [])
      .map { try $0.text("EventName") }
  }

  private static func filter(_ key: String, _ value: String) -> String {
    "{'LookupAttributes':[{'AttributeKey':'\(key)','AttributeValue':'\(value)'}]}"
  }

  @Test("an event shows up three minutes after its call, the newest first")
  func delivery() throws {
    var bench = try Bench.withOrders()
    let created = Bench.start
    bench.cloud.advance(to: created + .minutes(3) - .milliseconds(1))
    #expect(try Self.lookUp(&bench) == [])
    bench.wait(.milliseconds(1))
    #expect(try Self.lookUp(&bench) == ["CreateTable"])
    bench.wait(.minutes(3))
    #expect(try Self.lookUp(&bench) == ["LookupEvents", "LookupEvents", "CreateTable"])
  }

  @Test("events are kept 90 days")
  func retention() throws {
    var bench = try Bench.withOrders()
    bench.cloud.advance(to: Bench.start + .days(90))
    #expect(try Self.lookUp(&bench) == ["CreateTable"])
    bench.wait(.milliseconds(1))
    #expect(try Self.lookUp(&bench) == [])
  }

  @Test("refused calls are recorded with their code and words, calls on items are not")
  func whatIsRecorded() throws {
    var bench = try Bench.withOrders()
    try bench.put("a", 1)
    _ = try bench.contents()
    _ = bench.refusal("PutItem", "{'TableName':'none','Item':{'id':{'S':'a'}}}")
    _ = bench.refusal("CreateBackup", "{'TableName':'none','BackupName':'one'}")
    _ = bench.refusal("ExecuteStatement", "{}")
    bench.wait(.minutes(3))
    #expect(try Self.lookUp(&bench) == ["CreateBackup", "CreateTable"])
    let event = try bench.call(
      "LookupEvents", Self.filter("EventName", "CreateBackup"),
      service: "cloudtrail")
    let record = try Document.parse(try event.text("Events.0.CloudTrailEvent"))
    #expect(record.show("errorCode") == "'TableNotFoundException'")
    #expect(record.show("errorMessage") == "'Table not found: none'")
    #expect(record.show("responseElements") == "null")
  }

  @Test(
    "one attribute picks events",
    arguments: [
      ("EventName", "CreateBackup", "CreateBackup"),
      ("ReadOnly", "true", "ListBackups DescribeTable"),
      ("ResourceName", "orders", "CreateBackup DescribeTable CreateTable"),
      ("ResourceType", "AWS::DynamoDB::Table", "CreateBackup DescribeTable CreateTable"),
      ("Username", "ops", "ListBackups"), ("EventSource", "sts.amazonaws.com", "GetCallerIdentity"),
      ("AccessKeyId", "nobody", ""), ("EventName", "createbackup", ""),
    ])
  func filters(key: String, value: String, expected: String) throws {
    var bench = try Bench.withOrders()
    try bench.call("DescribeTable", "{'TableName':'orders'}")
    _ = try bench.backup()
    let ops = Caller(
      account: bench.caller.account, region: bench.caller.region,
      principal: Principal(kind: .user, name: "ops"))
    try bench.call("ListBackups", "{}", as: ops)
    try bench.call("GetCallerIdentity", "{}", service: "sts")
    bench.wait(.minutes(3))
    // STS's call is read-only as well; its row comes first.
    let found = try Self.lookUp(&bench, Self.filter(key, value))
      .filter { key != "ReadOnly" || $0 != "GetCallerIdentity" }
    #expect(found.joined(separator: " ") == expected)
  }

  @Test("an event is found by its id; the root user and the streams go by names of their own")
  func names() throws {
    var bench = try Bench.withNotes()
    let stream = try bench.streamARN()
    let root = Caller(
      account: bench.caller.account, region: bench.caller.region,
      principal: Principal(kind: .root, name: ""))
    try bench.call(
      "DescribeStream", "{'StreamArn':'\(stream)'}", service: Bench.streams, as: root)
    bench.wait(.minutes(3))
    let event = try bench.call(
      "LookupEvents", Self.filter("Username", "root"), service: "cloudtrail")
    #expect(event.show("Events.0.EventName") == "'DescribeStream'")
    #expect(event.show("Events.0.EventSource") == "'dynamodb.amazonaws.com'")
    #expect(event.at("Events")?.array?.count == 1)
    let id = try event.text("Events.0.EventId")
    #expect(try Self.lookUp(&bench, Self.filter("EventId", id)) == ["DescribeStream"])
  }

  @Test("a caller in a Region that does not exist is of the commercial partition")
  func unknownRegion() throws {
    var bench = Bench()
    #expect(
      try bench.show(
        "GetCallerIdentity", "{}", "Arn", service: "sts", as: bench.inRegion("mars-north-1"))
        == "'arn:aws:iam::123456789012:user/admin'")
    #expect(
      try bench.show(
        "GetCallerIdentity", "{}", "Arn", service: "sts", as: bench.inRegion("cn-north-1"))
        == "'arn:aws-cn:iam::123456789012:user/admin'")
  }

  @Test("both ends of a time range are inside it")
  func timeRange() throws {
    var bench = try Bench.withOrders()
    let backup = bench.now
    _ = try bench.backup()
    bench.wait(.minutes(4))
    func range(_ start: Instant, _ end: Instant) throws -> [String] {
      try Self.lookUp(
        &bench, "{'StartTime':\(start.epochSeconds),'EndTime':\(end.epochSeconds)}")
    }
    #expect(try range(backup, backup) == ["CreateBackup"])
    #expect(try range(backup + .seconds(1), bench.now) == [])
    #expect(try range(Bench.start, backup - .seconds(1)) == ["CreateTable"])
  }

  /// Pages once went by position from the newest, so an arriving event repeated the last one.
  @Test("pages neither repeat nor miss an event when others arrive in between")
  func paging() throws {
    var bench = Bench()
    for name in ["ta1", "ta2", "ta3", "ta4", "ta5"] {
      try bench.call("CreateTable", Bench.ordersInput.replacing("'orders'", with: "'\(name)'"))
      bench.wait(.seconds(1))
    }
    bench.wait(.minutes(3))
    var names: [String] = []
    var token = ""
    var pages = 0
    repeat {
      pages += 1
      let page = try bench.call(
        "LookupEvents",
        "{'LookupAttributes':[{'AttributeKey':'ReadOnly','AttributeValue':'false'}],"
          + "'MaxResults':2\(token)}", service: "cloudtrail")
      names += try (page.at("Events")?.array ?? []).map { try $0.text("Resources.0.ResourceName") }
      token = page.at("NextToken")?.string.map { ",'NextToken':'\($0)'" } ?? ""
      try bench.call("DeleteTable", "{'TableName':'ta\(pages)'}")
      bench.wait(.minutes(4))
    } while !token.isEmpty
    #expect(names == ["ta5", "ta4", "ta3", "ta2", "ta1"])
  }

  @Test("another Region and another account see none of it")
  func places() throws {
    var bench = try Bench.withOrders()
    bench.wait(.minutes(3))
    for other in [
      bench.inRegion("eu-west-1"), Caller(account: "111122223333", region: "us-east-1"),
    ] {
      #expect(
        try bench.show("LookupEvents", "{}", service: "cloudtrail", as: other) == "{'Events':[]}")
    }
  }

  @Test("a record holds who, what, when and what became of it, in the service's form")
  func record() throws {
    var bench = try Bench.withOrders()
    let arn = try bench.backup()
    bench.wait(.minutes(3))
    let event = try bench.call(
      "LookupEvents", Self.filter("EventName", "CreateBackup"), service: "cloudtrail")
    #expect(event.show("Events.0.EventTime") == "1780315210.0")
    #expect(event.show("Events.0.ReadOnly") == "'false'")
    #expect(event.show("Events.0.EventSource") == "'dynamodb.amazonaws.com'")
    #expect(
      event.show("Events.0.Resources")
        == "[{'ResourceType':'AWS::DynamoDB::Table','ResourceName':'orders'}]")
    let caller = bench.caller
    let id = try event.text("Events.0.EventId")
    let record = try Document.parse(try event.text("Events.0.CloudTrailEvent"))
    let request = try record.text("requestID")
    let expected = """
      {'eventVersion':'1.11','userIdentity':{'type':'IAMUser','principalId':'\(caller.userID)',\
      'arn':'arn:aws:iam::123456789012:user/admin','accountId':'123456789012',\
      'accessKeyId':'\(caller.accessKeyID)','userName':'admin'},\
      'eventTime':'2026-06-01T12:00:10Z','eventSource':'dynamodb.amazonaws.com',\
      'eventName':'CreateBackup','awsRegion':'us-east-1','sourceIPAddress':'192.0.2.10',\
      'userAgent':'aws-cli/2','requestParameters':{'tableName':'orders','backupName':'backup'},\
      'responseElements':{'backupDetails':{'backupArn':'\(arn)','backupName':'backup',\
      'backupSizeBytes':0,'backupStatus':'CREATING','backupType':'USER',\
      'backupCreationDateTime':1780315210.0}},'requestID':'\(request)','eventID':'\(id)',\
      'readOnly':false,'resources':[{'accountId':'123456789012','type':'AWS::DynamoDB::Table',\
      'ARN':'arn:aws:dynamodb:us-east-1:123456789012:table/orders'}],'eventType':'AwsApiCall',\
      'apiVersion':'2012-08-10','managementEvent':true,'recipientAccountId':'123456789012',\
      'eventCategory':'Management'}
      """
    #expect(record.show() == expected)
    #expect(id != request)
  }

  @Test("a read is recorded without its answer")
  func readRecord() throws {
    var bench = try Bench.withOrders()
    try bench.call("DescribeContinuousBackups", "{'TableName':'orders'}")
    bench.wait(.minutes(3))
    let event = try bench.call(
      "LookupEvents", Self.filter("EventName", "DescribeContinuousBackups"), service: "cloudtrail")
    let record = try Document.parse(try event.text("Events.0.CloudTrailEvent"))
    #expect(record.show("responseElements") == "null")
    #expect(record.show("readOnly") == "true")
  }

  @Test("each principal is told who it is")
  func identity() throws {
    var bench = Bench()
    func told(_ principal: Principal) throws -> Document {
      try bench.call(
        "GetCallerIdentity", "{}", service: "sts",
        as: Caller(account: "111122223333", region: "eu-west-1", principal: principal))
    }
    let user = try told(.administrator)
    #expect(user.show("Arn") == "'arn:aws:iam::111122223333:user/admin'")
    #expect(user.show("Account") == "'111122223333'")
    #expect(try user.text("UserId").hasPrefix("AIDA"))
    let role = try told(Principal(kind: .role, name: "ops", session: "eve"))
    #expect(role.show("Arn") == "'arn:aws:sts::111122223333:assumed-role/ops/eve'")
    #expect(try role.text("UserId").hasSuffix(":eve"))
    let root = try told(Principal(kind: .root, name: ""))
    #expect(
      root.show()
        == "{'UserId':'111122223333','Account':'111122223333',"
        + "'Arn':'arn:aws:iam::111122223333:root'}")
  }
}
