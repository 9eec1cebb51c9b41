// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Kinesis streaming destinations")
struct KinesisDestinationTests {
  private static func stream(_ name: String, in place: String = "us-east-1:123456789012") -> String
  {
    "arn:aws:kinesis:\(place):stream/\(name)"
  }

  private func input(_ stream: String, _ more: String = "") -> String {
    "{'TableName':'orders','StreamArn':'\(stream)'\(more)}"
  }

  private func setting(_ kind: String, _ precision: String) -> String {
    ",'\(kind)KinesisStreamingConfiguration':{'ApproximateCreationDateTimePrecision':"
      + "'\(precision)'}"
  }

  /// Each destination as the last part of its ARN, its status, and what else is told of it.
  private func destinations(_ bench: inout Bench) throws -> [String] {
    let answer = try bench.call(
      "DescribeKinesisStreamingDestination", "{'TableName':'orders'}")
    #expect(answer.show("TableName") == "'orders'")
    return (answer["KinesisDataStreamDestinations"]?.array ?? []).map { destination in
      [
        destination["StreamArn"]?.string?.split(separator: "/").last.map(String.init),
        destination["DestinationStatus"]?.string,
        destination["ApproximateCreationDateTimePrecision"]?.string,
        destination["DestinationStatusDescription"]?.string,
      ].compactMap { $0 }.joined(separator: " ")
    }
  }

  private static let state =
    Words.validation + "Table is not in a valid state to enable Kinesis Streaming Destination: "
  private static let mustBeOff =
    state
    + "EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE "
    + "operation."
  private static let mustBeActive =
    state + "KinesisStreamingDestination must be ACTIVE to perform DISABLE operation."

  private static func notActive(_ stream: String) -> String {
    state + "Kinesis streaming is not in ACTIVE state. Updates are only allowed in ACTIVE state. "
      + "TableName: orders, kdsArn: \(stream)"
  }

  @Test("ENABLING, ACTIVE, UPDATING, DISABLING, DISABLED; in each the service takes what it takes")
  func life() throws {
    var bench = try Bench.withOrders()
    let one = Self.stream("one")
    #expect(try destinations(&bench).isEmpty)
    let answer = try bench.call("EnableKinesisStreamingDestination", input(one))
    #expect(answer.show("DestinationStatus") == "'ENABLING'")
    #expect(answer.show("EnableKinesisStreamingConfiguration") == "{}")
    bench.wait(.milliseconds(5999))
    #expect(try destinations(&bench) == ["one ENABLING"])
    for other in [one, Self.stream("two")] {
      #expect(
        bench.refusal("EnableKinesisStreamingDestination", input(other)) == Self.mustBeOff)
    }
    #expect(bench.refusal("DisableKinesisStreamingDestination", input(one)) == Self.mustBeActive)
    let micro = setting("Update", "MICROSECOND")
    #expect(
      bench.refusal("UpdateKinesisStreamingDestination", input(one, micro)) == Self.notActive(one))
    bench.wait(.milliseconds(1))
    #expect(try destinations(&bench) == ["one ACTIVE"])
    #expect(bench.refusal("EnableKinesisStreamingDestination", input(one)) == Self.mustBeOff)
    let update = try bench.call("UpdateKinesisStreamingDestination", input(one, micro))
    #expect(update.show("DestinationStatus") == "'UPDATING'")
    bench.wait(.milliseconds(139_999))
    #expect(try destinations(&bench) == ["one UPDATING MICROSECOND"])
    #expect(bench.refusal("DisableKinesisStreamingDestination", input(one)) == Self.mustBeActive)
    bench.wait(.milliseconds(1))
    #expect(try destinations(&bench) == ["one ACTIVE MICROSECOND"])
    for _ in 1...2 {
      #expect(
        try bench.show("DisableKinesisStreamingDestination", input(one), "DestinationStatus")
          == "'DISABLING'")
    }
    bench.wait(.seconds(2))
    #expect(try destinations(&bench) == ["one DISABLED"])
    #expect(bench.refusal("DisableKinesisStreamingDestination", input(one)) == Self.mustBeActive)
    try bench.call("EnableKinesisStreamingDestination", input(one))
    bench.wait(.seconds(6))
    #expect(try destinations(&bench) == ["one ACTIVE"])
  }

  @Test("a precision is set with the stream or later, and not twice")
  func precision() throws {
    var bench = try Bench.withOrders()
    let one = Self.stream("one")
    let id = try bench.call("DescribeTable", "{'TableName':'orders'}").text("Table.TableId")
    func already(_ precision: String) -> String {
      Words.validation + "Invalid Request: Precision is already set to the desired value of "
        + "\(precision) for tableId: \(id), kdsArn: \(one)"
    }
    #expect(
      bench.refusal(
        "UpdateKinesisStreamingDestination", input(one, setting("Update", "MICROSECOND")))
        == Self.state
        + "No streaming destination with streamArn: \(one) found for table with tableName: orders")
    let asked = try bench.call(
      "EnableKinesisStreamingDestination", input(one, setting("Enable", "MICROSECOND")))
    #expect(
      asked.show("EnableKinesisStreamingConfiguration")
        == "{'ApproximateCreationDateTimePrecision':'MICROSECOND'}")
    bench.wait(.seconds(6))
    #expect(
      bench.refusal(
        "UpdateKinesisStreamingDestination", input(one, setting("Update", "MICROSECOND")))
        == already("MICROSECOND"))
    let nothing =
      Words.validation + "Streaming destination cannot be updated with given parameters: "
      + "UpdateKinesisStreamingConfiguration cannot be null or contain only null values"
    for more in ["", ",'UpdateKinesisStreamingConfiguration':{}"] {
      #expect(bench.refusal("UpdateKinesisStreamingDestination", input(one, more)) == nothing)
    }
    #expect(
      bench.refusal(
        "DisableKinesisStreamingDestination", input(one, setting("Enable", "MICROSECOND")))
        == Words.validation
        + "Stream cannot be disabled using EnableKinesisStreamingConfiguration parameters")
    // What was never set means milliseconds.
    try bench.call("DisableKinesisStreamingDestination", input(one))
    bench.wait(.seconds(2))
    try bench.call("EnableKinesisStreamingDestination", input(one))
    bench.wait(.seconds(6))
    #expect(
      bench.refusal(
        "UpdateKinesisStreamingDestination", input(one, setting("Update", "MILLISECOND")))
        == already("MILLISECOND"))
  }

  @Test(
    "a stream that cannot be used is found out later, and stands in nobody's way",
    arguments: [
      (
        stream("far", in: "eu-west-1:123456789012"), 1,
        "far ENABLE_FAILED The kinesis Arn used to enable kinesis replication belongs to a stream "
          + "which is not in the current region"
      ),
      (
        stream("foreign", in: "us-east-1:111122223333"), 62,
        "foreign ENABLE_FAILED The kinesis Arn used to enable kinesis replication belongs to a "
          + "stream which is not in Active state"
      ),
      (
        "arn:aws:dynamodb:us-east-1:123456789012:table/orders", 2,
        "orders ENABLE_FAILED User does not have a permission to use kinesis stream"
      ),
      (
        stream("one") + "/consumer/c:1", 2,
        "c:1 ENABLE_FAILED User does not have a permission to use kinesis stream"
      ),
    ] as [(String, Int, String)])
  func failures(stream: String, seconds: Int, shown: String) throws {
    var bench = try Bench.withOrders()
    #expect(
      try bench.show("EnableKinesisStreamingDestination", input(stream), "DestinationStatus")
        == "'ENABLING'")
    bench.wait(.seconds(seconds) - .milliseconds(1))
    #expect(try destinations(&bench).first?.hasSuffix("ENABLING") == true)
    bench.wait(.milliseconds(1))
    #expect(try destinations(&bench) == [shown])
    try bench.call("EnableKinesisStreamingDestination", input(Self.stream("two")))
    bench.wait(.seconds(6))
    #expect(try destinations(&bench) == [shown, "two ACTIVE"])
    #expect(
      bench.refusal("EnableKinesisStreamingDestination", input(stream)) == Self.mustBeOff)
  }

  @Test("it goes with its table, and no restore brings it; the trail tells of it")
  func ends() throws {
    var bench = try Bench.withOrders()
    let one = Self.stream("one")
    try bench.call("EnableKinesisStreamingDestination", input(one))
    bench.wait(.seconds(6))
    let backup = try bench.backup()
    try bench.restore(backup, to: "again")
    bench.wait(.minutes(10))
    #expect(
      try bench.show(
        "DescribeKinesisStreamingDestination", "{'TableName':'again'}",
        "KinesisDataStreamDestinations") == "[]")
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    #expect(try destinations(&bench) == ["one UPDATING"])
    #expect(bench.refusal("DisableKinesisStreamingDestination", input(one)) == Self.mustBeActive)
    bench.wait(.minutes(10))
    #expect(
      bench.refusal("DescribeKinesisStreamingDestination", "{'TableName':'orders'}")
        == Words.missing + ": Table: orders not found")
    let trail = try bench.call(
      "LookupEvents",
      "{'LookupAttributes':[{'AttributeKey':'EventName',"
        + "'AttributeValue':'EnableKinesisStreamingDestination'}]}", service: "cloudtrail")
    #expect(trail.show("Events.0.Resources.0.ResourceName") == "'orders'")
    #expect(trail["Events"]?.array?.count == 1)
  }
}
