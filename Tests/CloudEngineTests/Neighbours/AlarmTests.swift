// SPDX-License-Identifier: GPL-3.0-or-later

@testable import CloudEngine
import Documents
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
