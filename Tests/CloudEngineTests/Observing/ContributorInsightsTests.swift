// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Contributor Insights")
struct ContributorInsightsTests {
  private static let both = "'ContributorInsightsMode':'ACCESSED_AND_THROTTLED_KEYS'"
  private static let throttled = "'ContributorInsightsMode':'THROTTLED_KEYS'"

  private func input(
    _ action: String, _ table: String = "orders", index: String? = nil, _ more: String = ""
  ) -> String {
    "{'TableName':'\(table)','ContributorInsightsAction':'\(action)'"
      + (index.map { ",'IndexName':'\($0)'" } ?? "") + more + "}"
  }

  /// Sends an update and shows its answer without the table's name.
  private func update(
    _ bench: inout Bench, _ action: String, _ table: String = "orders", index: String? = nil,
    _ more: String = ""
  ) throws -> String {
    try bench.show("UpdateContributorInsights", input(action, table, index: index, more))
      .replacing("'TableName':'\(table)',", with: "")
  }

  private func describe(_ bench: inout Bench, _ path: String = "") throws -> String {
    try bench.show("DescribeContributorInsights", "{'TableName':'orders'}", path)
  }

  private func list(_ bench: inout Bench, _ input: String = "{}") throws -> [String] {
    let answer = try bench.call("ListContributorInsights", input)
    return (answer["ContributorInsightsSummaries"]?.array ?? []).map { summary in
      [summary["TableName"], summary["IndexName"], summary["ContributorInsightsStatus"]]
        .compactMap { $0?.string }.joined(separator: " ")
    }
  }

  @Test("on in two seconds with rules, off in two; what was asked for before is remembered")
  func switching() throws {
    var bench = try Bench.withOrders()
    #expect(
      try describe(&bench) == "{'TableName':'orders','ContributorInsightsStatus':'DISABLED'}")
    #expect(try update(&bench, "DISABLE") == "{'ContributorInsightsStatus':'DISABLED'}")
    let asked = bench.now
    #expect(
      try update(&bench, "ENABLE") == "{'ContributorInsightsStatus':'ENABLING',\(Self.both)}")
    bench.wait(.milliseconds(1999))
    #expect(try describe(&bench, "ContributorInsightsStatus") == "'ENABLING'")
    #expect(try describe(&bench, "ContributorInsightsRuleList") == "absent")
    bench.wait(.milliseconds(1))
    let rule = "DynamoDBContributorInsights-"
    #expect(
      try describe(&bench, "ContributorInsightsRuleList")
        == "['\(rule)PKC-orders-\(asked.milliseconds)','\(rule)PKT-orders-\(asked.milliseconds)']")
    let at = try bench.call("DescribeContributorInsights", "{'TableName':'orders'}")
      .instant("LastUpdateDateTime")
    #expect(at == asked + .seconds(2))
    #expect(
      try update(&bench, "DISABLE") == "{'ContributorInsightsStatus':'DISABLING',\(Self.both)}")
    #expect(try list(&bench) == ["orders DISABLING"])
    bench.wait(.seconds(2))
    #expect(try describe(&bench, "ContributorInsightsStatus") == "'DISABLED'")
    #expect(try describe(&bench, "ContributorInsightsMode") == "'ACCESSED_AND_THROTTLED_KEYS'")
    #expect(try list(&bench).isEmpty)
  }

  @Test(
    "what is there already is answered and changes nothing; another mode keeps the rules' names")
  func modes() throws {
    var bench = try Bench.withOrders()
    _ = try update(&bench, "ENABLE")
    bench.wait(.seconds(2))
    let first = try describe(&bench, "ContributorInsightsRuleList.1")
    let before = bench.cloud.fingerprint()
    #expect(try update(&bench, "ENABLE") == "{'ContributorInsightsStatus':'ENABLED',\(Self.both)}")
    #expect(bench.cloud.fingerprint() == before)
    bench.wait(.minutes(1))
    #expect(
      try update(&bench, "ENABLE", "orders", index: nil, ",\(Self.throttled)")
        == "{'ContributorInsightsStatus':'ENABLING',\(Self.throttled)}")
    bench.wait(.seconds(2))
    #expect(try describe(&bench, "ContributorInsightsRuleList") == "[\(first)]")
    // Without a mode it is the wider one again.
    #expect(
      try update(&bench, "ENABLE") == "{'ContributorInsightsStatus':'ENABLING',\(Self.both)}")
  }

  @Test("the last change counts: an earlier one's end does nothing")
  func lastChange() throws {
    var bench = try Bench.withOrders()
    _ = try update(&bench, "ENABLE")
    bench.wait(.seconds(1))
    _ = try update(&bench, "DISABLE")
    bench.wait(.milliseconds(1500))
    #expect(try describe(&bench, "ContributorInsightsStatus") == "'DISABLING'")
    bench.wait(.milliseconds(500))
    #expect(try describe(&bench, "ContributorInsightsStatus") == "'DISABLED'")
  }

  @Test("each index has its own; four rules where there are two keys; lists are in pages")
  func indexes() throws {
    var bench = try Bench.withSales()
    _ = try update(&bench, "ENABLE", "sales", index: "by-state")
    _ = try update(&bench, "ENABLE", "sales")
    bench.wait(.seconds(2))
    let rules = try bench.call(
      "DescribeContributorInsights", "{'TableName':'sales','IndexName':'by-state'}")
    #expect(
      (rules["ContributorInsightsRuleList"]?.array ?? []).compactMap(\.string)
        .map { $0.split(separator: "-").dropFirst().prefix(4).joined(separator: "-") }
        == ["PKC-sales-by-state", "SKC-sales-by-state", "PKT-sales-by-state", "SKT-sales-by-state"])
    #expect(try list(&bench) == ["sales ENABLED", "sales by-state ENABLED"])
    let page = try bench.call("ListContributorInsights", "{'MaxResults':1}")
    #expect(page.show("ContributorInsightsSummaries.0.IndexName") == "absent")
    let token = try page.text("NextToken")
    let rest = try bench.call(
      "ListContributorInsights", "{'MaxResults':1,'NextToken':'\(token)'}")
    #expect(rest.show("ContributorInsightsSummaries.0.IndexName") == "'by-state'")
    #expect(rest.show("NextToken") == "absent")
    #expect(try list(&bench, "{'TableName':'sales'}").count == 2)
  }

  @Test("a Region has a hundred rules; beyond, it is FAILED until asked again with room")
  func rules() throws {
    var bench = Bench()
    for number in 0..<51 { try bench.makeTable("tab\(number)") }
    bench.wait(.seconds(20))
    for number in 0..<51 { _ = try update(&bench, "ENABLE", "tab\(number)") }
    bench.wait(.seconds(2))
    let failed = try bench.call("DescribeContributorInsights", "{'TableName':'tab50'}")
    #expect(failed.show("ContributorInsightsStatus") == "'FAILED'")
    #expect(failed.show("FailureException.ExceptionName") == "'LimitExceededException'")
    #expect(failed.show("ContributorInsightsRuleList") == "absent")
    #expect(try list(&bench).count == 51)
    try bench.call("DeleteTable", "{'TableName':'tab0'}")
    bench.wait(.seconds(10))
    #expect(try list(&bench, "{'TableName':'tab50'}") == ["tab50 FAILED"])
    _ = try update(&bench, "ENABLE", "tab50")
    bench.wait(.seconds(2))
    let later = try bench.call("DescribeContributorInsights", "{'TableName':'tab50'}")
    #expect(later.show("ContributorInsightsStatus") == "'ENABLED'")
    #expect(later.show("FailureException") == "absent")
  }

  @Test("they go with their index and their table, and no restore brings them")
  func ends() throws {
    var bench = try Bench.withSales()
    _ = try update(&bench, "ENABLE", "sales")
    _ = try update(&bench, "ENABLE", "sales", index: "by-state")
    bench.wait(.seconds(2))
    let backup = try bench.backup("sales")
    bench.wait(.seconds(1))
    try bench.restore(backup, to: "again")
    bench.wait(.minutes(10))
    #expect(
      try bench.show("DescribeContributorInsights", "{'TableName':'again'}")
        == "{'TableName':'again','ContributorInsightsStatus':'DISABLED'}")
    try bench.call(
      "UpdateTable",
      "{'TableName':'sales','GlobalSecondaryIndexUpdates':[{'Delete':{'IndexName':'by-state'}}]}")
    bench.wait(.seconds(60))
    #expect(try list(&bench) == ["sales ENABLED"])
    try bench.call("UpdateTable", "{'TableName':'sales','DeletionProtectionEnabled':false}")
    try bench.call("DeleteTable", "{'TableName':'sales'}")
    #expect(
      try update(&bench, "DISABLE", "sales")
        == "{'ContributorInsightsStatus':'DISABLING',\(Self.both)}")
    bench.wait(.seconds(10))
    #expect(try list(&bench).isEmpty)
  }
}
