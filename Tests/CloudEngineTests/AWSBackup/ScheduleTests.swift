// SPDX-License-Identifier: GPL-3.0-or-later

@testable import CloudEngine
import Simulation
import Testing

@Suite("Schedules of backup plans")
struct ScheduleTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let cron: String
    var zone = "Etc/UTC"
    let after: String
    let runs: [String]
    var testDescription: String { "\(cron) \(zone) after \(after)" }
  }

  static let rows: [Row] = [
    Row(
      cron: "0 5 ? * * *", after: "2026-03-06T05:00:00Z",
      runs: ["2026-03-07T05:00:00Z", "2026-03-08T05:00:00Z"]),
    Row(
      cron: "15 * ? * * *", after: "2026-03-06T23:14:59Z",
      runs: ["2026-03-06T23:15:00Z", "2026-03-07T00:15:00Z"]),
    Row(
      cron: "0 0/12 ? * * *", after: "2026-03-06T00:00:00Z",
      runs: ["2026-03-06T12:00:00Z", "2026-03-07T00:00:00Z"]),
    Row(
      cron: "0 13/12 ? * * *", after: "2026-03-06T00:00:00Z",
      runs: ["2026-03-06T13:00:00Z", "2026-03-07T13:00:00Z"]),
    Row(
      cron: "30 22 ? * MON-FRI *", after: "2026-03-06T22:30:00Z",
      runs: ["2026-03-09T22:30:00Z", "2026-03-10T22:30:00Z"]),
    Row(
      cron: "0 3 ? * 1 *", after: "2026-03-06T00:00:00Z",
      runs: ["2026-03-08T03:00:00Z", "2026-03-15T03:00:00Z"]),
    Row(
      cron: "0 0 L * ? *", after: "2028-02-01T00:00:00Z",
      runs: ["2028-02-29T00:00:00Z", "2028-03-31T00:00:00Z"]),
    Row(
      cron: "0 0 L-2 * ? *", after: "2026-02-01T00:00:00Z",
      runs: ["2026-02-26T00:00:00Z", "2026-03-29T00:00:00Z"]),
    Row(
      cron: "0 4 ? * 7#2 *", after: "2026-03-01T00:00:00Z",
      runs: ["2026-03-14T04:00:00Z", "2026-04-11T04:00:00Z"]),
    Row(
      cron: "0 4 ? * 6L *", after: "2026-03-01T00:00:00Z",
      runs: ["2026-03-27T04:00:00Z", "2026-04-24T04:00:00Z"]),
    // 15 August 2026 is a Saturday, 1 August too, 31 May 2026 a Sunday.
    Row(
      cron: "0 4 15W 8 ? *", after: "2026-01-01T00:00:00Z",
      runs: ["2026-08-14T04:00:00Z", "2027-08-16T04:00:00Z"]),
    Row(cron: "0 4 1W 8 ? 2026", after: "2026-01-01T00:00:00Z", runs: ["2026-08-03T04:00:00Z"]),
    Row(cron: "0 4 LW 5 ? 2026", after: "2026-01-01T00:00:00Z", runs: ["2026-05-29T04:00:00Z"]),
    Row(
      cron: "0 6 1 1 ? *", after: "2026-03-06T00:00:00Z",
      runs: ["2027-01-01T06:00:00Z", "2028-01-01T06:00:00Z"]),
    Row(
      cron: "0 6 29 FEB ? *", after: "2026-03-06T00:00:00Z",
      runs: ["2028-02-29T06:00:00Z", "2032-02-29T06:00:00Z"]),
    Row(
      cron: "0 1,13 1,15 */6 ? 2026-2027", after: "2027-07-15T00:00:00Z",
      runs: ["2027-07-15T01:00:00Z", "2027-07-15T13:00:00Z"]),
    Row(cron: "0 6 30 2 ? *", after: "2026-03-06T00:00:00Z", runs: []),
    // Los Angeles: eight hours west, seven in summer from 8 March 2026 to 1 November 2026.
    Row(
      cron: "0 1 ? * * *", zone: "America/Los_Angeles", after: "2026-03-07T12:00:00Z",
      runs: ["2026-03-08T09:00:00Z", "2026-03-09T08:00:00Z"]),
    // Half past two is skipped on the day that clocks go forward.
    Row(
      cron: "30 2 ? * * *", zone: "America/Los_Angeles", after: "2026-03-07T12:00:00Z",
      runs: ["2026-03-09T09:30:00Z", "2026-03-10T09:30:00Z"]),
    // Half past one comes twice on the day that they go back.
    Row(
      cron: "30 1 ? * * *", zone: "America/Los_Angeles", after: "2026-10-31T12:00:00Z",
      runs: ["2026-11-01T08:30:00Z", "2026-11-01T09:30:00Z", "2026-11-02T09:30:00Z"]),
    // The southern summer spans the new year; Lord Howe's is half an hour.
    Row(
      cron: "0 12 ? * * *", zone: "Australia/Sydney", after: "2026-04-04T00:00:00Z",
      runs: ["2026-04-04T01:00:00Z", "2026-04-05T02:00:00Z"]),
    Row(
      cron: "0 12 ? * * *", zone: "Australia/Lord_Howe", after: "2026-04-04T00:00:00Z",
      runs: ["2026-04-04T01:00:00Z", "2026-04-05T01:30:00Z"]),
    // Ireland's winter is its exception; Nuuk changes clocks on the Saturday.
    Row(
      cron: "0 12 ? * * *", zone: "Europe/Dublin", after: "2026-03-28T00:00:00Z",
      runs: ["2026-03-28T12:00:00Z", "2026-03-29T11:00:00Z"]),
    Row(
      cron: "0 12 ? * * *", zone: "Asia/Kathmandu", after: "2026-03-28T00:00:00Z",
      runs: ["2026-03-28T06:15:00Z", "2026-03-29T06:15:00Z"]),
  ]

  @Test("run at the times that their zone's clocks show", arguments: rows)
  func runs(_ row: Row) throws {
    let cron = try CronExpression("cron(\(row.cron))")
    let zone = try #require(ZoneRule.named(row.zone))
    var found: [String] = []
    var last = try Instant(rfc3339: row.after)
    for _ in 0..<max(row.runs.count, 1) {
      guard let next = cron.next(after: last, in: zone) else { break }
      found.append(next.rfc3339)
      last = next
    }
    #expect(found == row.runs)
  }

  @Test(
    "that are none are refused",
    arguments: [
      "rate(1 hour)", "cron(0 5 * * * *)", "cron(0 5 ? * ? *)", "cron(0 5 ? * *)", "0 5 ? * * *",
      "cron(60 5 ? * * *)", "cron(0 24 ? * * *)", "cron(0 5 32 * ? *)", "cron(0 5 0 * ? *)",
      "cron(0 5 ? 13 * *)", "cron(0 5 ? * 8 *)", "cron(0 5 ? * * 2200)", "cron(0 5 ? * * 1969)",
      "cron(0 5-3 ? * * *)", "cron(0 5/0 ? * * *)", "cron(0 , ? * * *)", "cron(0 5 ? * 2#6 *)",
      "cron(0 5 ? FOO * *)", "cron()", "cron( )", "cron(0 5 ? * * *",
    ] as [String])
  func malformed(_ text: String) {
    #expect(throws: CronExpression.Fault.malformed) { try CronExpression(text) }
  }

  @Test(
    "that run more often than hourly are refused",
    arguments: ["cron(* 5 ? * * *)", "cron(0,30 * ? * * *)", "cron(0/59 * ? * * *)"] as [String])
  func tooOften(_ text: String) {
    #expect(throws: CronExpression.Fault.tooOften) { try CronExpression(text) }
  }

  @Test("know 590 zones and more, and no other name")
  func zones() {
    #expect(TimeZoneTable.count > 590)
    #expect(ZoneRule.named("UTC") == .utc)
    #expect(ZoneRule.named("Mars/Olympus") == nil)
    #expect(ZoneRule.named("utc") == nil)
  }
}

extension TimeZoneTable {
  /// How many zones the table names.
  fileprivate static var count: Int {
    "\(lines)".split(separator: "\n").reduce(0) { $0 + $1.split(separator: " ").count - 1 }
  }
}
