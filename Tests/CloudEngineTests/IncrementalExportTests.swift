// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import ItemModel
import Simulation
import Testing

extension Bench {
  fileprivate mutating func exportChanges(
    from start: Instant, until end: Instant, view: String = "NEW_AND_OLD_IMAGES"
  ) throws -> String {
    try export(
      ",'ExportType':'INCREMENTAL_EXPORT','IncrementalExportSpecification':"
        + "{'ExportFromTime':\(start.epochSeconds),'ExportToTime':\(end.epochSeconds),"
        + "'ExportViewType':'\(view)'}")
  }
}

@Suite("Incremental exports")
struct IncrementalExportTests {
  @Test("an item has one line: its last image and the one before the period, at the last write")
  func records() throws {
    var bench = try Bench.withShelf()
    for id in ["kept", "changed", "removed"] { try bench.put(id, 1) }
    bench.wait(.minutes(1))
    let start = bench.now
    try bench.put("changed", 2)
    try bench.put("new", 1)
    try bench.put("brief", 1)
    bench.wait(.minutes(5))
    let last = bench.now
    try bench.put("changed", 3)
    for id in ["removed", "brief"] {
      try bench.call("DeleteItem", "{'TableName':'orders','Key':{'id':{'S':'\(id)'}}}")
    }
    bench.wait(.minutes(10))
    let end = bench.now
    // The period ends before its end: this write belongs to the next one.
    try bench.put("kept", 9)
    bench.wait(.minutes(1))
    func at(_ instant: Instant) -> String {
      "{'Metadata':{'WriteTimestampMicros':{'N':'\(instant.milliseconds * 1000)'}},'Keys':"
    }
    func item(_ id: String, _ value: Int) -> String { "{'id':{'S':'\(id)'},'v':{'N':'\(value)'}}" }
    let both = try bench.exportChanges(from: start, until: end)
    let new = try bench.exportChanges(from: start, until: end, view: "NEW_IMAGE")
    bench.wait(.minutes(10))
    #expect(
      Set(try bench.lines(of: both).map { $0.show() }) == [
        at(last) + "{'id':{'S':'changed'}},'NewImage':\(item("changed", 3)),"
          + "'OldImage':\(item("changed", 1))}",
        at(start) + "{'id':{'S':'new'}},'NewImage':\(item("new", 1))}",
        at(last) + "{'id':{'S':'removed'}},'OldImage':\(item("removed", 1))}",
      ])
    #expect(
      Set(try bench.lines(of: new).map { $0.show() }) == [
        at(last) + "{'id':{'S':'changed'}},'NewImage':\(item("changed", 3))}",
        at(start) + "{'id':{'S':'new'}},'NewImage':\(item("new", 1))}",
        at(last) + "{'id':{'S':'removed'}}}",
      ])
    let description = try bench.describe(export: new)
    #expect(description.show("ExportType") == "'INCREMENTAL_EXPORT'")
    #expect(
      description.show("IncrementalExportSpecification")
        == "{'ExportFromTime':\(start.epochSeconds),'ExportToTime':\(end.epochSeconds),"
        + "'ExportViewType':'NEW_IMAGE'}" || description.at("ExportTime") == nil)
    let id = try #require(new.split(separator: "/").last)
    #expect(bench.keys.contains("AWSDynamoDB/\(id)/manifest-summary.json"))
    #expect(bench.keys.filter { $0.hasPrefix("AWSDynamoDB/data/") }.count == 8)
    let summary = try Document.parse(
      try bench.object("AWSDynamoDB/\(id)/manifest-summary.json"))
    #expect(summary.show("version") == "'2023-08-01'")
    #expect(summary.show("outputView") == "'NEW_IMAGE'")
  }

  @Test("a token means the same period and view; another one is a conflict")
  func tokens() throws {
    var bench = try Bench.withShelf()
    bench.wait(.hours(1))
    let (start, end) = (bench.now - .minutes(40), bench.now - .minutes(20))
    func ask(_ from: Instant, _ to: Instant, _ view: String = "NEW_IMAGE") -> String {
      "{'TableArn':'\(ARN.table("orders", in: bench.place))','S3Bucket':'shelf',"
        + "'ClientToken':'one','ExportType':'INCREMENTAL_EXPORT','IncrementalExportSpecification':"
        + "{'ExportFromTime':\(from.epochSeconds),'ExportToTime':\(to.epochSeconds),"
        + "'ExportViewType':'\(view)'}}"
    }
    let first = try bench.call("ExportTableToPointInTime", ask(start, end))
      .text("ExportDescription.ExportArn")
    #expect(
      try bench.call("ExportTableToPointInTime", ask(start, end))
        .text("ExportDescription.ExportArn") == first)
    for other in [
      ask(start + .seconds(1), end), ask(start, end + .seconds(1)),
      ask(start, end, "NEW_AND_OLD_IMAGES"),
    ] {
      #expect(
        bench.refusal("ExportTableToPointInTime", other)
          == "ExportConflictException: Export conflict: Duplicate request detected with "
          + "conflicting parameters")
    }
  }

  @Test("a period is of 24 hours at most, and begins no earlier than recovery does")
  func bounds() throws {
    var bench = try Bench.withShelf()
    bench.wait(.hours(30))
    func refusal(_ start: Instant, _ end: Instant) -> String {
      var fork = bench
      return fork.refusal(
        "ExportTableToPointInTime",
        "{'TableArn':'\(ARN.table("orders", in: bench.place))','S3Bucket':'shelf',"
          + "'ExportType':'INCREMENTAL_EXPORT','IncrementalExportSpecification':"
          + "{'ExportFromTime':\(start.epochSeconds),'ExportToTime':\(end.epochSeconds)}}")
    }
    let end = bench.now - .hours(1)
    #expect(refusal(end - .hours(24), end).hasPrefix("accepted: "))
    #expect(
      refusal(end - .hours(24) - .seconds(1), end)
        == "InvalidExportTimeException: Difference between export period from time and export "
        + "period to time is greater than 24 hours")
    try bench.recovery(false)
    bench.wait(.minutes(1))
    try bench.recovery(true)
    bench.wait(.hours(1))
    #expect(
      refusal(bench.now - .hours(2), bench.now - .minutes(5))
        == "InvalidExportTimeException: Point in Time Recovery is not available for specified "
        + "export time")
  }

  /// Random writes of a few keys with pauses, some of them exactly at whole seconds.
  private struct Traffic {
    var random: SplitMix64
    /// Every write as it was made: a twin of the change log, kept by the test.
    var writes: [(at: Instant, id: String, value: Int?)] = []

    mutating func run(_ bench: inout Bench, for length: Duration) throws {
      let end = bench.now + length
      while bench.now < end {
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          let id = "k\(Int.random(in: 0..<12, using: &random))"
          if Int.random(in: 0..<3, using: &random) == 0 {
            try bench.call("DeleteItem", "{'TableName':'orders','Key':{'id':{'S':'\(id)'}}}")
            writes.append((bench.now, id, nil))
          } else {
            let value = Int.random(in: 0..<1_000_000, using: &random)
            try bench.put(id, value)
            writes.append((bench.now, id, value))
          }
        }
        let pause = Int64.random(in: 1...300, using: &random)
        bench.cloud.advance(
          to: min(
            end,
            Bool.random(using: &random)
              ? bench.now + .milliseconds(pause * 977)
              : (bench.now + .seconds(pause)).flooredToSecond))
      }
    }

    /// The table before an instant, as canonical JSON by key.
    func table(before end: Instant) -> [String: String] {
      var items: [String: String] = [:]
      for write in writes where write.at < end {
        items[write.id] = write.value.map {
          "{\"id\":{\"S\":\"\(write.id)\"},\"v\":{\"N\":\"\($0)\"}}"
        }
      }
      return items
    }
  }

  @Test(
    "a full export and all increments after it, in order, are the later table",
    arguments: 1...12)
  func replay(seed: UInt64) throws {
    var bench = try Bench.withShelf()
    var traffic = Traffic(random: SplitMix64(seed: seed))
    try traffic.run(&bench, for: .minutes(20))
    bench.cloud.advance(to: (bench.now + .minutes(6)).ceiledToSecond)
    // The base lies within the traffic, at a second that may have writes of its own.
    let base = (Bench.start + .minutes(7 + Int64(seed))).flooredToSecond
    let full = try bench.export(",'ExportTime':\(base.epochSeconds)")
    var edges = [base]
    var exports: [String] = []
    for step in 0..<5 {
      try traffic.run(&bench, for: .minutes(16 + 7 * Int64(step)))
      bench.cloud.advance(to: bench.now.ceiledToSecond)
      let end = bench.now
      exports.append(try bench.exportChanges(from: edges[step], until: end))
      edges.append(end)
    }
    bench.wait(.minutes(10))
    var items: [String: String] = [:]
    for line in try bench.lines(of: full) {
      items[try line.text("Item.id.S")] = try #require(line["Item"]).json()
    }
    #expect(items == traffic.table(before: base + .milliseconds(1)))
    for (export, end) in zip(exports, edges.dropFirst()) {
      for line in try bench.lines(of: export) {
        items[try line.text("Keys.id.S")] = line["NewImage"]?.json()
      }
      #expect(items == traffic.table(before: end))
    }
    #expect(!items.isEmpty)
    // The last increment ended with the last write: this is the table now, byte for byte.
    #expect(items.values.sorted() == (try bench.canonicalItems(of: "orders")))
  }
}
