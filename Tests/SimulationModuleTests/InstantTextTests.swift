// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation
import Testing

@Suite("Instants as text")
struct InstantTextTests {
  @Test(
    "RFC 3339 is read to the millisecond",
    arguments: [
      ("1970-01-01T00:00:00Z", 0),
      ("1970-01-01T00:00:00.001Z", 1),
      ("1970-01-01T00:00:00.1Z", 100),
      ("1970-01-01T00:00:00.123456789Z", 123),
      ("1970-01-01T01:00:00+01:00", 0),
      ("1970-01-01T00:00:00-00:00", 0),
      ("2026-03-06T17:40:00Z", 1_772_818_800_000),
      ("2026-03-06T23:10:00+05:30", 1_772_818_800_000),
      ("2026-03-06T12:40:00-05:00", 1_772_818_800_000),
      ("2024-02-29T23:59:59.999Z", 1_709_251_199_999),
      ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ])
  func read(_ text: String, _ milliseconds: Int64) throws {
    #expect(try Instant(rfc3339: text) == Instant(milliseconds: milliseconds))
  }

  @Test(
    "RFC 3339 is read strictly",
    arguments: [
      ("2026-02-29T00:00:00Z", TimeError.noSuchDate),
      ("2026-04-31T00:00:00Z", .noSuchDate),
      ("2026-00-01T00:00:00Z", .noSuchDate),
      ("2026-13-01T00:00:00Z", .noSuchDate),
      ("2026-01-00T00:00:00Z", .noSuchDate),
      ("2026-03-06T24:00:00Z", .noSuchTime),
      ("2026-03-06T23:60:00Z", .noSuchTime),
      ("2016-12-31T23:59:60Z", .noSuchTime),
      ("2026-03-06T17:40:00+24:00", .noSuchTime),
      ("2026-03-06T17:40:00+00:60", .noSuchTime),
      ("1969-12-31T23:59:59Z", .outOfRange),
      ("0000-01-01T00:00:00Z", .outOfRange),
      ("1970-01-01T00:00:00+00:01", .outOfRange),
      ("9999-12-31T23:59:59-00:01", .outOfRange),
      ("", .malformed),
      ("2026-03-06", .malformed),
      ("2026-03-06T17:40Z", .malformed),
      ("2026-03-06T17:40:00", .malformed),
      ("2026-03-06 17:40:00Z", .malformed),
      ("2026-03-06t17:40:00z", .malformed),
      ("2026-03-06T17:40:00.Z", .malformed),
      ("2026-03-06T17:40:00.1234567890Z", .malformed),
      ("2026-03-06T17:40:00,5Z", .malformed),
      ("2026-03-06T17:40:00+0100", .malformed),
      ("2026-03-06T17:40:00+1:00", .malformed),
      ("2026-03-06T17:40:00Z ", .malformed),
      (" 2026-03-06T17:40:00Z", .malformed),
      ("2026-3-6T17:40:00Z", .malformed),
      ("+2026-03-06T17:40:00Z", .malformed),
      ("10000-01-01T00:00:00Z", .malformed),
      ("２０２６-03-06T17:40:00Z", .malformed),
      ("2026-03-06T-7:40:00Z", .malformed),
    ])
  func refuse(_ text: String, _ error: TimeError) {
    #expect(throws: error) { try Instant(rfc3339: text) }
  }

  @Test(
    "times are read as the AWS CLI reads its options, to the second",
    arguments: [
      ("0", 0), ("1772818800", 1_772_818_800), ("1772818800.9", 1_772_818_800),
      ("1.7728188e9", 1_772_818_800), ("  1772818800\n", 1_772_818_800), ("5.", 5), (".5", 0),
      ("20260306", 20_260_306),
      ("253402300799", 253_402_300_799),
      ("2026-03-06", 1_772_755_200),
      ("2026-03-06T17:40", 1_772_818_800),
      ("2026-03-06T17:40:00", 1_772_818_800),
      ("2026-03-06 17:40:00", 1_772_818_800),
      ("2026-03-06T17:40:00.999", 1_772_818_800),
      ("2026-03-06T17:40:00Z", 1_772_818_800),
      ("2026-03-06T17:40:00z", 1_772_818_800),
      ("2026-03-06T17:40:00 UTC", 1_772_818_800),
      ("2026-03-06T17:40:00 GMT", 1_772_818_800),
      ("2026-03-06T17:40:00+00:00", 1_772_818_800),
      ("2026-03-06T17:40:00.000000+00:00", 1_772_818_800),
      ("2026-03-06T18:40:00+0100", 1_772_818_800),
      ("2026-03-06T18:40:00+01", 1_772_818_800),
      ("2026-03-06T18:40+01:00", 1_772_818_800),
    ])
  func readAWS(_ text: String, _ seconds: Int64) throws {
    #expect(try Instant(awsTimestamp: text) == Instant(seconds: seconds))
  }

  @Test(
    "what the AWS CLI could not read as a time of the clock is refused",
    arguments: [
      ("", TimeError.malformed), ("notadate", .malformed), ("e5", .malformed), ("-", .malformed),
      ("1e", .malformed), ("0x10", .malformed), ("inf", .malformed), ("nan", .malformed),
      ("2026-03-06T", .malformed), ("2026-03-06X17:40", .malformed), ("2026-03-06T17", .malformed),
      ("2026-03-06T17:40:00Zx", .malformed), ("2026-03-06T17:40:00 EST", .malformed),
      ("2026-02-29", .noSuchDate), ("2026-03-06T24:00:00Z", .noSuchTime),
      ("-1", .outOfRange), ("253402300800", .outOfRange), ("1e300", .outOfRange),
      ("1969-12-31", .outOfRange), ("9999-12-31T23:59:59-01:00", .outOfRange),
    ])
  func refuseAWS(_ text: String, _ error: TimeError) {
    #expect(throws: error) { try Instant(awsTimestamp: text) }
  }

  @Test("an instant is written in each form")
  func written() {
    let instant = Instant(milliseconds: 1_772_818_800_395)
    #expect(instant.rfc3339 == "2026-03-06T17:40:00Z")
    #expect(instant.rfc3339Milliseconds == "2026-03-06T17:40:00.395Z")
    #expect(instant.awsISO == "2026-03-06T17:40:00.395000+00:00")
    #expect(instant.flooredToSecond.awsISO == "2026-03-06T17:40:00+00:00")
    #expect(Instant(milliseconds: 5).awsISO == "1970-01-01T00:00:00.005000+00:00")
    #expect(instant.promptText == "Fri 6 Mar 17:40Z")
    #expect(instant.dayText == "2026-03-06")
    #expect(instant.timeText == "17:40:00")
    #expect(Instant.earliest.promptText == "Thu 1 Jan 00:00Z")
    #expect(Instant.latest.rfc3339Milliseconds == "9999-12-31T23:59:59.999Z")
  }

  @Test("what is written is read back")
  func roundTrip() throws {
    var generator = SplitMix64(seed: 1)
    for _ in 0..<5000 {
      let instant = Instant(
        milliseconds: Int64.random(in: 0...Instant.latest.milliseconds, using: &generator))
      #expect(try Instant(rfc3339: instant.rfc3339Milliseconds) == instant)
      #expect(try Instant(rfc3339: instant.awsISO) == instant)
      #expect(try Instant(rfc3339: instant.rfc3339) == instant.flooredToSecond)
      #expect(try Instant(awsTimestamp: instant.awsISO) == instant.flooredToSecond)
    }
  }

  @Test("whole seconds are found below and above, before 1970 too")
  func seconds() {
    let rows: [(Int64, Int64, Int64)] = [
      (0, 0, 0), (1, 0, 1000), (999, 0, 1000), (1000, 1000, 1000), (1001, 1000, 2000),
      (-1, -1000, 0), (-1000, -1000, -1000),
    ]
    for (milliseconds, floor, ceiling) in rows {
      let instant = Instant(milliseconds: milliseconds)
      #expect(instant.flooredToSecond.milliseconds == floor)
      #expect(instant.ceiledToSecond.milliseconds == ceiling)
    }
  }
}

@Suite("Lengths of time as text")
struct DurationTextTests {
  @Test("whole milliseconds are rounded towards zero, however long it is")
  func wholeMilliseconds() {
    // Around what fits into a word after the first division, 302,231.454903657 seconds.
    let lengths: [Int64] = [
      0, 1, 999, 3_024_000_000, 302_231_454, 302_231_455, 253_402_300_799_999,
    ]
    for milliseconds in lengths {
      for rest in [Duration.zero, .nanoseconds(1), .nanoseconds(999_999)] {
        let length = Duration.milliseconds(milliseconds) + rest
        #expect(length.wholeMilliseconds == milliseconds)
        #expect((Duration.zero - length).wholeMilliseconds == -milliseconds)
      }
    }
  }

  @Test(
    "a number and a unit are a length",
    arguments: [
      ("0s", 0), ("1ms", 1), ("500ms", 500), ("45s", 45_000), ("90m", 5_400_000),
      ("3h", 10_800_000), ("2d", 172_800_000), ("35d", 3_024_000_000), ("007s", 7000),
      ("253402300799999ms", 253_402_300_799_999),
    ])
  func read(_ text: String, _ milliseconds: Int64) throws {
    #expect(try Duration(short: text).wholeMilliseconds == milliseconds)
  }

  @Test(
    "anything else is refused",
    arguments: [
      ("", TimeError.malformed), ("s", .malformed), ("5", .malformed), ("5 s", .malformed),
      ("-5s", .malformed), ("+5s", .malformed), ("1.5h", .malformed), ("5S", .malformed),
      ("5w", .malformed), ("1h30m", .malformed), ("5s ", .malformed), ("5sé", .malformed),
      ("253402300800000ms", .outOfRange), ("2932897d", .outOfRange),
      ("99999999999999999999999s", .outOfRange),
    ])
  func refuse(_ text: String, _ error: TimeError) {
    #expect(throws: error) { try Duration(short: text) }
  }

  @Test(
    "a length is written in the largest unit that divides it",
    arguments: [
      (0, "0s"), (1, "1ms"), (1500, "1500ms"), (45_000, "45s"), (60_000, "1m"), (90_000, "90s"),
      (5_400_000, "90m"), (86_400_000, "1d"), (129_600_000, "36h"), (-300_000, "-5m"),
    ])
  func write(_ milliseconds: Int64, _ text: String) {
    #expect(Duration.milliseconds(milliseconds).shortText == text)
  }
}
