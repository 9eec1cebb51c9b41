// SPDX-License-Identifier: GPL-3.0-or-later

@testable import CloudEngine
import Documents
import ItemModel
import PersistentCollections
import Simulation
import Testing

@Suite("Alarms")
struct AlarmTests {
  private static func alarm(
    _ more: String = "", namespace: String = "AWS/Backup",
    metric: String = "NumberOfBackupJobsFailed",
    dimensions: String =
      "{'Name':'ResourceType','Value':'DynamoDB'},{'Name':'BackupVaultName','Value':'prod'}"
  ) -> String {
    "{'AlarmName':'failed','Namespace':'\(namespace)','MetricName':'\(metric)',"
      + "'Dimensions':[\(dimensions)],'Statistic':'Sum','Period':300,'EvaluationPeriods':1,"
      + "'Threshold':1,'ComparisonOperator':'GreaterThanOrEqualToThreshold'\(more)}"
  }

  private func state(_ bench: inout Bench) throws -> String {
    try bench.watchman("DescribeAlarms").text("MetricAlarms.0.StateValue")
  }

  @Test("a failed job is an alarm, a message and an event; later all is well again")
  func failedJob() throws {
    var bench = try Bench.withVault()
    try bench.makeTopic("pager")
    try bench.watch("CloudWatch Alarm State Change", to: "bus", path: "$.detail.state.value")
    try bench.watchman(
      "PutMetricAlarm",
      Self.alarm(
        ",'TreatMissingData':'notBreaching','AlarmActions':['\(Bench.topic("pager"))']"))
    #expect(try state(&bench) == "INSUFFICIENT_DATA")
    bench.wait(.minutes(5))
    #expect(try state(&bench) == "OK")
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    bench.wait(.minutes(1))
    _ = try bench.startBackup()
    bench.wait(.minutes(5))
    #expect(try state(&bench) == "ALARM")
    let message = try Document.parse(
      try #require(bench.sent(to: "pager").last).replacing("'", with: "\""))
    #expect(message.show("AlarmName") == "'failed'" && message.show("OldStateValue") == "'OK'")
    #expect(
      try message.text("NewStateReason").hasPrefix(
        "Threshold Crossed: 1 out of the last 1 datapoints [1.0 (01/06/26 12:05:00)] was greater "
          + "than or equal to the threshold (1.0)"), "\(message.show("NewStateReason"))")
    let page = bench.cloud.observations.notifications.last { $0.topicARN == Bench.topic("pager") }
    #expect(page?.subject == "ALARM: \"failed\" in us-east-1")
    bench.wait(.hours(1))
    #expect(try state(&bench) == "OK")
    #expect(bench.sent(to: "pager").count == 1)
    #expect(bench.sent(to: "bus") == ["'OK'", "'ALARM'", "'OK'"])
    let history = try bench.watchman("DescribeAlarmHistory", "{'ScanBy':'TimestampAscending'}")
    let items = history["AlarmHistoryItems"]?.array ?? []
    let summaries: [String] = try items.map { try $0.text("HistorySummary") }
    let sent = "Successfully executed action \(Bench.topic("pager"))"
    let expected: [String] = [
      "Alarm \"failed\" created", "Alarm updated from INSUFFICIENT_DATA to OK",
      "Alarm updated from OK to ALARM", sent, "Alarm updated from ALARM to OK",
    ]
    #expect(summaries == expected)
  }

  @Test(
    "a topic's policy lets alarms in or not, by whose they are",
    arguments: [
      (nil, true),
      (statement("AWS", "*", "AWS:SourceOwner", "123456789012"), true),
      (statement("AWS", "*", "AWS:SourceOwner", "111122223333"), false),
      (statement("Service", "cloudwatch.amazonaws.com", "aws:SourceAccount", "123456789012"), true),
      (
        statement("Service", "cloudwatch.amazonaws.com", "aws:SourceAccount", "111122223333"),
        false
      ),
      (statement("Service", "backup.amazonaws.com", "aws:SourceAccount", "123456789012"), false),
    ] as [(String?, Bool)])
  func topicPolicy(policy: String?, isSent: Bool) throws {
    var bench = try Bench.withVault()
    try bench.makeTopic("pager")
    if let policy {
      try bench.call(
        "SetTopicAttributes",
        "{'TopicArn':'\(Bench.topic("pager"))','AttributeName':'Policy','AttributeValue':'\(policy)'}",
        service: "sns")
    }
    try bench.watchman("PutMetricAlarm", Self.alarm(",'AlarmActions':['\(Bench.topic("pager"))']"))
    try bench.watchman(
      "SetAlarmState", "{'AlarmName':'failed','StateValue':'ALARM','StateReason':'a try'}")
    #expect(bench.sent(to: "pager").count == (isSent ? 1 : 0))
  }

  private static func statement(
    _ kind: String, _ principal: String, _ key: String, _ value: String
  ) -> String {
    let text =
      "{'Statement':{'Effect':'Allow','Principal':{'\(kind)':'\(principal)'},'Resource':'*',"
      + "'Action':'SNS:Publish','Condition':{'StringEquals':{'\(key)':'\(value)'}}}}"
    return text.replacing("'", with: "\\'")
  }

  @Test("tags are given with a new alarm and changed by themselves")
  func tags() throws {
    var bench = try Bench.withVault()
    let arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:failed"
    for value in ["1", "2"] {
      try bench.watchman("PutMetricAlarm", Self.alarm(",'Tags':[{'Key':'a','Value':'\(value)'}]"))
    }
    func shown() throws -> String {
      try bench.show("ListTagsForResource", "{'ResourceARN':'\(arn)'}", service: "cloudwatch")
    }
    #expect(try shown() == "{'Tags':[{'Key':'a','Value':'1'}]}")
    try bench.watchman(
      "TagResource",
      "{'ResourceARN':'\(arn)','Tags':[{'Key':'b','Value':'3'},{'Key':'a','Value':'4'}]}")
    try bench.watchman("UntagResource", "{'ResourceARN':'\(arn)','TagKeys':['a','none']}")
    #expect(try shown() == "{'Tags':[{'Key':'b','Value':'3'}]}")
    let many = (1...50).map { "{'Key':'k\($0)','Value':'v'}" }.joined(separator: ",")
    #expect(
      bench.refusal(
        "TagResource", "{'ResourceARN':'\(arn)','Tags':[\(many)]}", service: "cloudwatch")
        == "InvalidParameterValue: A resource can have at most 50 tags.")
  }

  @Test("alarms and what became of them come page by page, in either order")
  func pages() throws {
    var bench = try Bench.withVault()
    for name in ["c", "a", "b"] {
      try bench.watchman(
        "PutMetricAlarm",
        Self.alarm().replacing("'failed'", with: "'\(name)'"))
    }
    func all(_ operation: String, _ more: String, _ list: String, _ member: String) throws
      -> [String]
    {
      var found: [String] = []
      var token: String?
      repeat {
        let next = token.map { ",'NextToken':'\($0)'" } ?? ""
        let page = try bench.watchman(operation, "{'MaxRecords':2\(more)\(next)}")
        let items = page[list]?.array ?? []
        #expect((1...2).contains(items.count))
        found += try items.map { try $0.text(member) }
        token = page["NextToken"]?.string
      } while token != nil
      return found
    }
    #expect(try all("DescribeAlarms", "", "MetricAlarms", "AlarmName") == ["a", "b", "c"])
    let history = "AlarmHistoryItems"
    #expect(
      try all("DescribeAlarmHistory", "", history, "AlarmName") == ["b", "a", "c"])
    #expect(
      try all("DescribeAlarmHistory", ",'ScanBy':'TimestampAscending'", history, "AlarmName")
        == ["c", "a", "b"])
    // A mark beyond everything is no page, and no crash.
    for mark in ["9223372036854775807", "-9223372036854775808"] {
      let token = Base64.text(of: Array("after:\(mark)".utf8))
      for order in ["TimestampAscending", "TimestampDescending"] {
        let page = try bench.watchman(
          "DescribeAlarmHistory", "{'ScanBy':'\(order)','NextToken':'\(token)'}")
        #expect([0, 3].contains(page[history]?.array?.count))
      }
    }
  }

  @Test(
    "missing values count as the alarm says, by the service's own table of cases",
    arguments: [
      // Values of the last five periods; M of 3; for missing, ignore, breaching, notBreaching.
      ("0-X--", 3, ["OK", "OK", "OK", "OK"]),
      ("----0", 3, ["OK", "OK", "OK", "OK"]),
      ("-----", 3, ["INSUFFICIENT_DATA", "stays", "ALARM", "OK"]),
      ("0XX-X", 3, ["ALARM", "ALARM", "ALARM", "ALARM"]),
      ("--X--", 3, ["ALARM", "stays", "ALARM", "OK"]),
      ("0-X-X", 2, ["ALARM", "ALARM", "ALARM", "ALARM"]),
      ("00X0X", 2, ["ALARM", "ALARM", "ALARM", "ALARM"]),
      ("0-X--", 2, ["OK", "OK", "ALARM", "OK"]),
      ("----0", 2, ["OK", "OK", "ALARM", "OK"]),
      ("----X", 2, ["ALARM", "stays", "ALARM", "OK"]),
    ] as [(String, Int, [String])])
  func missing(values: String, needed: Int, states: [String]) throws {
    let kinds: [MetricAlarm.MissingData] = [.missing, .ignore, .breaching, .notBreaching]
    for (kind, expected) in zip(kinds, states) {
      let alarm = MetricAlarm(
        name: "a", place: Place(account: "123456789012", region: "us-east-1"),
        settings: MetricAlarm.Settings(
          description: nil, actionsEnabled: true, okActions: [], alarmActions: [],
          insufficientDataActions: [],
          metric: MetricName(namespace: "N", name: "M", dimensions: []), statistic: .sum,
          period: 300, unit: nil, evaluationPeriods: 3, datapointsToAlarm: needed, threshold: 1,
          comparison: .greaterOrEqual, missingData: kind, tags: [:]),
        configuredAt: Bench.start, stateUpdatedAt: Bench.start, stateChangedAt: Bench.start)
      var points: [(at: Instant, point: MetricPoint)] = []
      for (index, value) in values.enumerated() where value != "-" {
        let at = Bench.start + .minutes(Int64(index) * 5)
        var point = MetricPoint(minute: at.minuteOfEpoch)
        point.add(value == "X" ? 1 : 0)
        points.append((at, point))
      }
      let outcome = alarm.outcome(of: points, at: Bench.start + .minutes(25))
      let state: String = outcome?.state.rawValue ?? "stays"
      #expect(state == expected, "\(kind) \(values)")
    }
  }

  @Test("an alarm on a table's metric stays as it is without data, whatever it says")
  func tableAlarm() throws {
    var bench = try Bench.withOrders()
    try bench.watchman(
      "PutMetricAlarm",
      Self.alarm(
        ",'TreatMissingData':'notBreaching'", namespace: "AWS/DynamoDB",
        metric: "ConsumedWriteCapacityUnits", dimensions: "{'Name':'TableName','Value':'orders'}"))
    bench.wait(.minutes(10))
    #expect(try state(&bench) == "INSUFFICIENT_DATA")
    try bench.put("a", 1)
    bench.wait(.hours(6))
    #expect(try state(&bench) == "ALARM")
  }

  @Test("put again an alarm keeps its state; set by hand it keeps it until it is looked at")
  func putAndSet() throws {
    var bench = try Bench.withVault()
    try bench.watchman("PutMetricAlarm", Self.alarm(",'TreatMissingData':'notBreaching'"))
    bench.wait(.minutes(5))
    try bench.watchman(
      "SetAlarmState", "{'AlarmName':'failed','StateValue':'ALARM','StateReason':'a try'}")
    try bench.watchman("PutMetricAlarm", Self.alarm(",'TreatMissingData':'notBreaching'"))
    #expect(try state(&bench) == "ALARM")
    bench.wait(.minutes(5))
    #expect(try state(&bench) == "OK")
    #expect(
      bench.refusal(
        "DeleteAlarms", "{'AlarmNames':['failed','none']}", service: "cloudwatch")
        == "ResourceNotFound: Alarms not found: none")
    #expect(
      try bench.watchman("DescribeAlarms", "{'AlarmNamePrefix':'fa'}").at("MetricAlarms.0") != nil)
    try bench.watchman("DeleteAlarms", "{'AlarmNames':['failed']}")
    #expect(try bench.watchman("DescribeAlarms").show("MetricAlarms") == "[]")
    let pending = bench.cloud.pendingCount
    bench.wait(.hours(1))
    #expect(bench.cloud.pendingCount <= pending)
  }
}
