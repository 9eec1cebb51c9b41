// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Cost Explorer")
struct CostExplorerTests {
  /// `orders` of 500 GB with recovery, tagged, and a recovery point of it, from the first of June on.
  private static func bench() throws -> Bench {
    var bench = Bench(start: Worked.june - .days(1))
    try bench.makeTable()
    try bench.cloud.declareSize(500 << 30, ofTable: "orders", in: bench.place)
    try bench.call(
      "TagResource",
      "{'ResourceArn':'\(Bench.ordersARN)','Tags':[{'Key':'team','Value':'pay'}]}")
    try bench.backup("CreateBackupVault", "{'BackupVaultName':'prod'}")
    bench.cloud.advance(to: Worked.june)
    try bench.recovery(true)
    return bench
  }

  private static func asked(
    _ period: String = "'Start':'2026-06-01','End':'2026-07-01'", _ granularity: String = "MONTHLY",
    _ metrics: String = "'UnblendedCost'", _ more: String = ""
  ) -> String {
    "{'TimePeriod':{\(period)},'Granularity':'\(granularity)','Metrics':[\(metrics)]\(more)}"
  }

  @Test("a month is one stretch, with what it cost so far and no groups")
  func month() throws {
    var bench = try Self.bench()
    bench.cloud.advance(to: Worked.june + .days(15))
    let answer = try bench.show("GetCostAndUsage", Self.asked(), service: "ce")
    let expected: String =
      "{'ResultsByTime':[{'TimePeriod':{'Start':'2026-06-01','End':'2026-07-01'},"
      + "'Total':{'UnblendedCost':{'Amount':'106.25','Unit':'USD'}},'Groups':[],"
      + "'Estimated':true}],'DimensionValueAttributes':[]}"
    #expect(answer == expected)
  }

  @Test("groups are by service and usage type, under the names the bill has")
  func grouping() throws {
    var bench = try Self.bench()
    try bench.call("CreateKey", "{}", service: "kms")
    _ = try bench.startBackup()
    try bench.call("CreateBucket", "{'Bucket':'shelf'}", service: "s3api")
    try bench.call(
      "PutObject", "{'Bucket':'shelf','Key':'a','Body':'AAAA'}", service: "s3api")
    bench.cloud.advance(to: Worked.june + .days(30))
    let answer = try bench.call(
      "GetCostAndUsage",
      Self.asked(
        "'Start':'2026-06-01','End':'2026-07-01'", "MONTHLY", "'UnblendedCost','UsageQuantity'",
        ",'GroupBy':[{'Type':'DIMENSION','Key':'SERVICE'},"
          + "{'Type':'DIMENSION','Key':'USAGE_TYPE'}]"),
      service: "ce")
    let groups = answer.at("ResultsByTime.0.Groups")?.array ?? []
    #expect(
      groups.map { $0.show("Keys") } == [
        "['AWS Backup','WarmStorage-ByteHrs-DynamoDB']",
        "['AWS Key Management Service','us-east-1-KMS-Keys']",
        "['Amazon DynamoDB','TimedPITRStorage-ByteHrs']",
        "['Amazon DynamoDB','TimedStorage-ByteHrs']",
        "['Amazon Simple Storage Service','TimedStorage-ByteHrs']",
      ])
    let metrics: [String] = groups.dropLast().suffix(3).map { $0.show("Metrics") }
    let expected: [(String, String, String)] = [
      ("1", "1", "Keys"), ("100", "500", "GB-Mo"), ("118.75", "500", "GB-Mo"),
    ]
    for (shown, (cost, quantity, unit)) in zip(metrics, expected) {
      let wanted: String =
        "{'UnblendedCost':{'Amount':'\(cost)','Unit':'USD'},"
        + "'UsageQuantity':{'Amount':'\(quantity)','Unit':'\(unit)'}}"
      #expect(shown == wanted)
    }
  }

  @Test("days and hours have their own amounts; a backup of DynamoDB's own is posted in advance")
  func granularity() throws {
    var bench = try Self.bench()
    bench.cloud.advance(to: Worked.june + .days(10))
    try bench.call("CreateBackup", "{'TableName':'orders','BackupName':'one'}")
    bench.cloud.advance(to: Worked.june + .days(12))
    func amounts(_ period: String, _ granularity: String, _ type: String) throws -> [String] {
      let answer = try bench.call(
        "GetCostAndUsage",
        Self.asked(
          period, granularity, "'UnblendedCost'",
          ",'Filter':{'Dimensions':{'Key':'USAGE_TYPE','Values':['\(type)']}}"),
        service: "ce")
      return try (answer.at("ResultsByTime")?.array ?? []).map {
        try $0.text("Total.UnblendedCost.Amount")
      }
    }
    let days = "'Start':'2026-06-10','End':'2026-06-13'"
    #expect(
      try amounts(days, "DAILY", "TimedPITRStorage-ByteHrs")
        == ["3.3333333333", "3.3333333333", "3.3333333333"])
    // Twenty days of thirty, on the day it was made.
    #expect(
      try amounts(days, "DAILY", "TimedBackupStorage-ByteHrs") == ["0", "33.3333333333", "0"])
    let hours = "'Start':'2026-06-12T22:00:00Z','End':'2026-06-13T01:00:00Z'"
    #expect(
      try amounts(hours, "HOURLY", "TimedPITRStorage-ByteHrs")
        == ["0.1388888889", "0.1388888889", "0"])
  }

  @Test("a tag splits the bill from a day after its activation on, and nothing before")
  func tags() throws {
    var bench = try Self.bench()
    func groups() throws -> [String] {
      let answer = try bench.call(
        "GetCostAndUsage",
        Self.asked(
          "'Start':'2026-06-01','End':'2026-07-01'", "MONTHLY", "'UnblendedCost'",
          ",'GroupBy':[{'Type':'TAG','Key':'team'}],"
            + "'Filter':{'Dimensions':{'Key':'USAGE_TYPE','Values':['TimedPITRStorage-ByteHrs']}}"),
        service: "ce")
      return (answer.at("ResultsByTime.0.Groups")?.array ?? []).map {
        $0.show("Keys") + $0.show("Metrics.UnblendedCost.Amount")
      }
    }
    bench.cloud.advance(to: Worked.june + .days(2))
    let listed = try bench.show("ListCostAllocationTags", "{}", service: "ce")
    #expect(
      listed
        == "{'CostAllocationTags':[{'TagKey':'team','Type':'UserDefined','Status':'Inactive'}]}")
    let input: String =
      "{'CostAllocationTagsStatus':[{'TagKey':'team','Status':'Active'},"
      + "{'TagKey':'none','Status':'Active'}]}"
    let answer = try bench.show("UpdateCostAllocationTagsStatus", input, service: "ce")
    let expected: String =
      "{'Errors':[{'TagKey':'none','Code':'TagKeysNotFoundException',"
      + "'Message':'Tag keys not found: none'}]}"
    #expect(answer == expected)
    bench.cloud.advance(to: Worked.june + .days(6))
    #expect(try groups() == ["['team$']'10'", "['team$pay']'10'"])
    try bench.call(
      "UpdateCostAllocationTagsStatus",
      "{'CostAllocationTagsStatus':[{'TagKey':'team','Status':'Inactive'}]}", service: "ce")
    bench.cloud.advance(to: Worked.june + .days(9))
    #expect(try groups() == ["['team$']'20'", "['team$pay']'10'"])
  }

  @Test("the management account sees its organization, a member only itself")
  func accounts() throws {
    var bench = try Self.bench()
    bench.cloud.form(
      Organization(
        id: "o-1234567890", managementAccount: "111122223333", members: ["123456789012"]))
    bench.cloud.advance(to: Worked.june + .days(30))
    let payer = Caller(account: "111122223333", region: "eu-west-1")
    let other = Caller(account: "999988887777", region: "us-east-1")
    for (caller, keys) in [
      (payer, "['123456789012']"), (bench.caller, "['123456789012']"), (other, "absent"),
    ] {
      let answer = try bench.call(
        "GetCostAndUsage",
        Self.asked(
          "'Start':'2026-06-01','End':'2026-07-01'", "MONTHLY", "'UnblendedCost'",
          ",'GroupBy':[{'Type':'DIMENSION','Key':'LINKED_ACCOUNT'}]"),
        service: "ce", as: caller)
      #expect(answer.show("ResultsByTime.0.Groups.0.Keys") == keys)
    }
    #expect(
      bench.refusal("ListCostAllocationTags", "{}", service: "ce")
        == "AccessDeniedException: Linked account doesn't have access to cost allocation tags.")
  }

  @Test(
    "what it does not answer is refused in its words",
    arguments: [
      (
        asked("'Start':'June','End':'2026-07-01'"),
        "ValidationException: Start time June is invalid. Valid format is: yyyy-MM-dd."
      ),
      (
        asked("'Start':'2026-06-02','End':'2026-06-02'"),
        "ValidationException: Start date (and hour) should be before end date (and hour)"
      ),
      (
        asked("'Start':'2026-06-02','End':'2026-07-02'"),
        "ValidationException: end date past the beginning of next month"
      ),
      (
        asked("'Start':'2025-04-30','End':'2026-07-01'"),
        "ValidationException: You haven't enabled historical data beyond 14 months."
      ),
      (
        asked("'Start':'2026-06-02T00:00:00Z','End':'2026-06-03T00:00:00Z'", "DAILY"),
        "ValidationException: Hourly timePeriod is not supported for this request"
      ),
      (
        asked("'Start':'2026-06-01','End':'2026-06-02'", "HOURLY"),
        "ValidationException: start date is too old for hourly, the max supported days for hourly "
          + "granularity is 14 days"
      ),
      (
        asked("'Start':'2026-06-01','End':'2026-06-02'", "DAILY", "'Cost'"),
        "ValidationException: Metrics are invalid. Valid values for metrics are AmortizedCost, "
          + "BlendedCost, NetAmortizedCost, NetUnblendedCost, NormalizedUsageAmount, "
          + "UnblendedCost, UsageQuantity"
      ),
      (
        asked(
          "'Start':'2026-06-01','End':'2026-06-02'", "DAILY", "'UnblendedCost'",
          ",'GroupBy':[{'Type':'DIMENSION','Key':'SERVICE'},{'Type':'DIMENSION','Key':'REGION'},"
            + "{'Type':'TAG','Key':'a'}]"),
        "ValidationException: Only two values for GroupBy are allowed"
      ),
      (
        asked(
          "'Start':'2026-06-01','End':'2026-06-02'", "DAILY", "'UnblendedCost'",
          ",'GroupBy':[{'Type':'DIMENSION','Key':'AZ'}]"),
        "NotSimulated: the dimension AZ of GetCostAndUsage is not simulated by Rewind. "
          + "Nothing was changed."
      ),
      (
        asked(
          "'Start':'2026-06-01','End':'2026-06-02'", "DAILY", "'UnblendedCost'",
          ",'Filter':{'Dimensions':{'Key':'RESOURCE_ID','Values':['a']}}"),
        "ValidationException: Dimension RESOURCE_ID is not allowed."
      ),
      (
        asked(
          "'Start':'2026-06-01','End':'2026-06-02'", "DAILY", "'UnblendedCost'",
          ",'Filter':{'And':[{'Tags':{'Key':'a','Values':['b']}}]}"),
        "ValidationException: And expression must have at least 2 operands"
      ),
      (
        asked(
          "'Start':'2026-06-01','End':'2026-06-02'", "DAILY", "'UnblendedCost'", ",'Filter':{}"),
        "ValidationException: Expression has zero or more than one roots. Only one root operator "
          + "is allowed for each expression: \"and\", \"or\", \"not\", \"tag\" or "
          + "\"dimensionValue\""
      ),
    ] as [(String, String)])
  func refusals(input: String, words: String) throws {
    var bench = try Self.bench()
    bench.cloud.advance(to: Worked.june + .days(20))
    let before = bench.cloud.fingerprint()
    #expect(bench.refusal("GetCostAndUsage", input, service: "ce") == words)
    #expect(bench.cloud.fingerprint() == before)
  }
}
