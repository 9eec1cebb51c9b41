// SPDX-License-Identifier: GPL-3.0-or-later

@testable import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Rules of the event bus")
struct EventRuleTests {
  private static let failed = """
    {\\'source\\':[\\'aws.backup\\'],\\'detail\\':{\\'state\\':[\\'FAILED\\',\\'EXPIRED\\']}}
    """

  private func event(_ state: String) -> BusEvent {
    BusEvent(
      source: "aws.backup", detailType: "Backup Job State Change", resources: ["arn:x"],
      detail: ["state": .string(state), "percent": 50])
  }

  private func bench(target: String = "") throws -> Bench {
    var bench = Bench()
    try bench.makeAlerts()
    try bench.call(
      "PutRule", "{'Name':'failures','EventPattern':'\(Self.failed)'}", service: "events")
    try bench.call(
      "PutTargets", "{'Rule':'failures','Targets':[{'Id':'1','Arn':'\(Bench.alerts)'\(target)}]}",
      service: "events")
    return bench
  }

  @Test("a rule passes on what its pattern names, to topics that let the bus publish")
  func delivery() throws {
    var bench = try bench(target: ",'InputPath':'$.detail.state'")
    let states = ["COMPLETED", "FAILED", "EXPIRED"]
    for state in states { bench.cloud.emit(event(state), in: bench.place) }
    let readers = "email:on-call@example.com"
    #expect(bench.notifications == ["'FAILED' > \(readers)", "'EXPIRED' > \(readers)"])
    try bench.call("DisableRule", "{'Name':'failures'}", service: "events")
    bench.cloud.emit(event("FAILED"), in: bench.place)
    #expect(bench.notifications.count == 2)
    try bench.call("EnableRule", "{'Name':'failures'}", service: "events")
    bench.cloud.emit(event("FAILED"), in: Place(account: "123456789012", region: "eu-west-1"))
    #expect(bench.notifications.count == 2)
    bench.cloud.emit(event("FAILED"), in: bench.place)
    #expect(bench.notifications.count == 3)
  }

  @Test("a topic with the policy it has by itself lets no bus publish")
  func policy() throws {
    var bench = try bench()
    try bench.call("DeleteTopic", "{'TopicArn':'\(Bench.alerts)'}", service: "sns")
    try bench.call("CreateTopic", "{'Name':'alerts'}", service: "sns")
    bench.cloud.emit(event("FAILED"), in: bench.place)
    #expect(bench.notifications.isEmpty)
  }

  @Test(
    "a target gets the event, a part of it, a text, or a text with parts of it",
    arguments: [
      (
        "",
        "{'version':'0','id':'ID','detail-type':'Backup Job State Change','source':'aws.backup',"
          + "'account':'123456789012','time':'2026-06-01T12:01:00Z','region':'us-east-1',"
          + "'resources':['arn:x'],'detail':{'state':'FAILED','percent':50}}"
      ),
      (",'InputPath':'$.detail'", "{'state':'FAILED','percent':50}"),
      (",'InputPath':'$.detail.nothing'", "null"),
      (",'Input':'{}'", "{}"),
      (
        ",'InputTransformer':{'InputPathsMap':{'s':'$.detail.state','p':'$.detail.percent'},"
          + "'InputTemplate':'<s> at <p>, <other>'}",
        "FAILED at 50, <other>"
      ),
    ] as [(String, String)])
  func forms(target: String, message: String) throws {
    var bench = try bench(target: target)
    bench.cloud.emit(event("FAILED"), in: bench.place)
    let sent = try #require(bench.cloud.observations.notifications.last?.message)
    let id = try #require(try Document.parse("[\(sent.first == "{" ? sent : "{}")]").at("0"))
    let shown = sent.replacing("\"", with: "'").replacing(id["id"]?.string ?? "-none-", with: "ID")
    #expect(shown == message)
  }

  @Test("a rule with a schedule is due again and again until it is disabled or deleted")
  func schedule() throws {
    var bench = Bench()
    try bench.makeAlerts()
    func put(_ schedule: String) throws {
      try bench.call(
        "PutRule", "{'Name':'tick','ScheduleExpression':'\(schedule)'}", service: "events")
    }
    try put("rate(5 minutes)")
    try bench.call(
      "PutTargets", "{'Rule':'tick','Targets':[{'Id':'1','Arn':'\(Bench.alerts)','Input':'1'}]}",
      service: "events")
    bench.wait(.milliseconds(299_999))
    #expect(bench.notifications.isEmpty)
    bench.wait(.milliseconds(1))
    #expect(bench.notifications.count == 1)
    bench.wait(.minutes(60))
    #expect(bench.notifications.count == 13)
    try put("rate(1 hour)")
    bench.wait(.minutes(60))
    #expect(bench.notifications.count == 14)
    try bench.call("DisableRule", "{'Name':'tick'}", service: "events")
    bench.wait(.days(1))
    #expect(bench.notifications.count == 14)
    try bench.call("EnableRule", "{'Name':'tick'}", service: "events")
    bench.wait(.hours(2))
    #expect(bench.notifications.count == 16)
    try bench.call("RemoveTargets", "{'Rule':'tick','Ids':['1']}", service: "events")
    try bench.call("DeleteRule", "{'Name':'tick'}", service: "events")
    #expect(bench.cloud.pendingCount == 0)
  }

  @Test("a calendar's times are those of UTC, as often as they say")
  func calendar() throws {
    var bench = Bench()
    try bench.makeAlerts()
    try bench.call(
      "PutRule", "{'Name':'tick','ScheduleExpression':'cron(0/20 13 * * ? *)'}", service: "events")
    try bench.call(
      "PutTargets", "{'Rule':'tick','Targets':[{'Id':'1','Arn':'\(Bench.alerts)','Input':'1'}]}",
      service: "events")
    bench.cloud.advance(to: Bench.start + .hours(1) - .milliseconds(1))
    #expect(bench.notifications.isEmpty)
    bench.wait(.milliseconds(1))
    #expect(bench.notifications.count == 1)
    bench.wait(.days(2) - .hours(1))
    #expect(bench.notifications.count == 6)
    for wrong in ["cron(0 13 * * *)", "cron(0 13 * * * *)", "rate(1 minutes)"] {
      #expect(
        bench.refusal(
          "PutRule", "{'Name':'x','ScheduleExpression':'\(wrong)'}", service: "events")
          == "ValidationException: Parameter ScheduleExpression is not valid.")
    }
  }

  @Test(
    "calls reach the bus through the trail, refused ones too; reads only where they are asked for")
  func calls() throws {
    var bench = Bench()
    try bench.makeAlerts()
    func put(_ state: String) throws {
      try bench.call(
        "PutRule",
        "{'Name':'calls','State':'\(state)','EventPattern':'{\\'source\\':[\\'aws.dynamodb\\'],"
          + "\\'detail-type\\':[\\'AWS API Call via CloudTrail\\']}'}", service: "events")
    }
    try put("ENABLED")
    try bench.call(
      "PutTargets",
      "{'Rule':'calls','Targets':[{'Id':'1','Arn':'\(Bench.alerts)','InputPath':'$.detail.eventName'}]}",
      service: "events")
    func asks() throws {
      try bench.call("ListTables")
      _ = bench.refusal("DeleteTable", "{'TableName':'none'}")
    }
    try asks()
    let reader = " > email:on-call@example.com"
    #expect(bench.notifications == ["'DeleteTable'\(reader)"])
    let all = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
    try put(all)
    #expect(
      try bench.show("DescribeRule", "{'Name':'calls'}", "State", service: "events") == "'\(all)'")
    try asks()
    #expect(bench.notifications.count == 3)
  }

  @Test("rules and targets are told as they were given")
  func told() throws {
    var bench = try bench()
    let arn = "arn:aws:events:us-east-1:123456789012:rule/failures"
    let pattern = Self.failed
    let rule = "'Name':'failures','Arn':'\(arn)','EventPattern':'\(pattern)','State':'ENABLED'"
    func shown(_ operation: String, _ input: String) throws -> String {
      try bench.call(operation, input, service: "events").json()
        .replacing("\\\"", with: "\\'").replacing("\"", with: "'")
    }
    #expect(
      try shown("DescribeRule", "{'Name':'failures','EventBusName':'default'}")
        == "{\(rule),'EventBusName':'default','CreatedBy':'123456789012'}")
    #expect(
      try shown("ListRules", "{'NamePrefix':'fail'}")
        == "{'Rules':[{\(rule),'EventBusName':'default'}]}")
    #expect(try shown("ListRules", "{'NamePrefix':'x'}") == "{'Rules':[]}")
    #expect(
      try shown("ListTargetsByRule", "{'Rule':'failures'}")
        == "{'Targets':[{'Id':'1','Arn':'\(Bench.alerts)'}]}")
    #expect(
      try shown("RemoveTargets", "{'Rule':'failures','Ids':['1','2']}")
        == "{'FailedEntryCount':1,'FailedEntries':[{'TargetId':'2','ErrorCode':"
        + "'ResourceNotFoundException','ErrorMessage':'Target 2 does not exist on rule "
        + "failures.'}]}")
  }
}

@Suite("Event patterns")
struct EventPatternTests {
  private static let event: Document = [
    "source": "aws.backup", "resources": ["a", "b"],
    "detail": ["state": "FAILED", "percent": 50, "message": .null, "isParent": true],
  ]

  @Test(
    "a pattern names the fields that matter and what they may hold",
    arguments: [
      ("{'source':['aws.backup']}", true),
      ("{'source':['aws.s3']}", false),
      ("{'source':['aws.s3','aws.backup']}", true),
      ("{'source':['aws.backup'],'detail':{'state':['COMPLETED']}}", false),
      ("{'resources':['b']}", true),
      ("{'resources':['c']}", false),
      ("{'detail':{'percent':[50]}}", true),
      ("{'detail':{'percent':[50.0]}}", true),
      ("{'detail':{'percent':['50']}}", false),
      ("{'detail':{'isParent':[true]}}", true),
      ("{'detail':{'message':[null]}}", true),
      ("{'detail':{'other':[null]}}", false),
      ("{'source':[{'prefix':'aws.'}]}", true),
      ("{'source':[{'prefix':'backup'}]}", false),
      ("{'source':[{'suffix':'backup'}]}", true),
      ("{'source':[{'equals-ignore-case':'AWS.Backup'}]}", true),
      ("{'source':[{'wildcard':'aws.*k*p'}]}", true),
      ("{'source':[{'wildcard':'*backup*p'}]}", false),
      ("{'source':[{'anything-but':'aws.s3'}]}", true),
      ("{'source':[{'anything-but':['aws.s3','aws.backup']}]}", false),
      ("{'source':[{'anything-but':{'prefix':'aws.'}}]}", false),
      ("{'detail':{'other':[{'anything-but':'x'}]}}", false),
      ("{'detail':{'other':[{'exists':false}]}}", true),
      ("{'detail':{'state':[{'exists':true}]}}", true),
      ("{'detail':{'percent':[{'numeric':['>',49,'<=',50]}]}}", true),
      ("{'detail':{'percent':[{'numeric':['>',50]}]}}", false),
      ("{'$or':[{'source':['x']},{'detail':{'state':['FAILED']}}]}", true),
      ("{'source':['aws.backup'],'$or':[{'resources':['x']},{'resources':['y']}]}", false),
    ] as [(String, Bool)])
  func matching(pattern: String, matches: Bool) throws {
    let text = pattern.replacing("'", with: "\"")
    #expect(try EventPattern(text).matches(Self.event) == matches)
  }

  @Test(
    "what is no pattern is refused with the reason",
    arguments: [
      ("[]", "Filter is not an object"),
      ("{'source':'aws.backup'}", "\"source\" must be an object or an array"),
      ("{'source':[]}", "Empty arrays are not allowed"),
      ("{'detail':{}}", "Empty objects are not allowed"),
      ("{'source':[['a']]}", "Match value must be String, number, true, false, or null"),
      ("{'source':[{'prefix':1}]}", "prefix match pattern must be a string"),
      ("{'source':[{'exists':'x'}]}", "exists match pattern must be either true or false."),
      ("{'source':[{'near':'x'}]}", "Unrecognized match type near"),
      (
        "{'source':[{'numeric':['~',1]}]}",
        "Value of numeric must be an array of operators and numbers."
      ),
      (
        "{'$or':[{'source':['x']}]}", "\"$or\" must be an array of two patterns or more"
      ),
    ] as [(String, String)])
  func refusals(pattern: String, reason: String) {
    let text = pattern.replacing("'", with: "\"")
    #expect(throws: ServiceError.invalidEventPattern(reason)) { try EventPattern(text) }
  }
}
