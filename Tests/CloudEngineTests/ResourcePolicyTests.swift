// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Resource policies")
struct ResourcePolicyTests {
  static let statement =
    "{\"Sid\":\"a\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"},"
    + "\"Action\":\"dynamodb:GetItem\",\"Resource\":\"*\"}"
  static let canonical = "{\"Version\":\"2012-10-17\",\"Statement\":[\(statement)]}"
  static let other = canonical.replacing("GetItem", with: "PutItem")

  /// A request with a policy in it, whose quotes must survive.
  static func put(
    _ bench: inout Bench, _ policy: String, on arn: String, expecting: String? = nil
  ) throws -> Document {
    var members: [(String, Document)] = [
      ("ResourceArn", .string(arn)), ("Policy", .string(policy)),
    ]
    if let expecting { members.append(("ExpectedRevisionId", .string(expecting))) }
    return try bench.cloud.perform(
      ServiceRequest(
        service: "dynamodb", operation: "PutResourcePolicy", input: Document(members: members),
        caller: bench.caller))
  }

  static func refusal(
    _ bench: inout Bench, _ policy: String, on arn: String, expecting: String? = nil
  ) -> String {
    do {
      return "accepted: \(try put(&bench, policy, on: arn, expecting: expecting).json())"
    } catch let error as ServiceError {
      return "\(error.code): \(error.message)"
    } catch {
      return "\(error)"
    }
  }

  private func get(_ bench: inout Bench, _ arn: String) -> String {
    bench.refusal("GetResourcePolicy", "{'ResourceArn':'\(arn)'}")
  }

  private static let none =
    "PolicyNotFoundException: Resource-based policy not found for the "
    + "provided ResourceArn: "

  @Test("a policy is told in its canonical form; another layout of it is no change")
  func layouts() throws {
    var bench = try Bench.withOrders()
    let arn = try bench.table("orders").arn
    #expect(get(&bench, arn) == Self.none + arn)
    let first = try Self.put(&bench, Self.canonical, on: arn).text("RevisionId")
    #expect(first == String(bench.now.milliseconds))
    let again = [
      "{ \"Statement\" : \(Self.statement), \"Version\" : \"2012-10-17\" }",
      Self.canonical.replacing("\"dynamodb:GetItem\"", with: "[\"dynamodb:GetItem\"]"),
      Self.canonical.replacing("arn:aws:iam::111122223333:root", with: "111122223333"),
      Self.canonical.replacing("\"Allow\"", with: "\"allow\""),
    ]
    for text in again {
      bench.wait(.seconds(1))
      #expect(try Self.put(&bench, text, on: arn).text("RevisionId") == first)
    }
    let answer = try bench.call("GetResourcePolicy", "{'ResourceArn':'\(arn)'}")
    #expect(try answer.text("Policy") == Self.canonical)
    #expect(try answer.text("RevisionId") == first)
  }

  @Test("a change is refused for 15 s: for 2 s as pending, then as throttled")
  func cooldown() throws {
    var bench = try Bench.withOrders()
    let arn = try bench.table("orders").arn
    let until = (bench.now + .seconds(15)).rfc3339Milliseconds
    _ = try Self.put(&bench, Self.canonical, on: arn)
    let before = bench.cloud.fingerprint()
    bench.wait(.milliseconds(1_999))
    let pending =
      Words.inUse + "Table is pending previous resource-based policy update: orders"
    #expect(Self.refusal(&bench, Self.other, on: arn) == pending)
    #expect(bench.refusal("DeleteResourcePolicy", "{'ResourceArn':'\(arn)'}") == pending)
    let throttled =
      "ThrottlingException: Resource-based policy for table orders modified within the previous "
      + "15000 milliseconds. Please try again after \(until)."
    for wait in [Duration.milliseconds(1), .milliseconds(12_999)] {
      bench.wait(wait)
      #expect(Self.refusal(&bench, Self.other, on: arn) == throttled)
    }
    #expect(bench.cloud.fingerprint() != before)
    bench.wait(.milliseconds(1))
    #expect(Self.refusal(&bench, Self.other, on: arn).hasPrefix("accepted"))
  }

  @Test("deleting says the revision that went, and once more that of the deletion")
  func deletion() throws {
    var bench = try Bench.withOrders()
    let arn = try bench.table("orders").arn
    let input = "{'ResourceArn':'\(arn)'}"
    #expect(try bench.show("DeleteResourcePolicy", input) == "{}")
    let revision = try Self.put(&bench, Self.canonical, on: arn).text("RevisionId")
    bench.wait(.seconds(15))
    #expect(
      try bench.show("DeleteResourcePolicy", input, "RevisionId") == "'\(revision)'")
    let gone = bench.now.milliseconds
    bench.wait(.seconds(1))
    #expect(try bench.show("DeleteResourcePolicy", input, "RevisionId") == "'\(gone)'")
    #expect(get(&bench, arn) == Self.none + arn)
  }

  @Test("a request may say which revision it changes")
  func revisions() throws {
    var bench = try Bench.withOrders()
    let arn = try bench.table("orders").arn
    #expect(
      Self.refusal(&bench, Self.canonical, on: arn, expecting: "123456789")
        == Self.none + "Requested update for policy with revision id 123456789, but table orders "
        + "has no associated policy.")
    let first = try Self.put(&bench, Self.canonical, on: arn, expecting: "NO_POLICY")
      .text("RevisionId")
    bench.wait(.seconds(15))
    #expect(
      Self.refusal(&bench, Self.other, on: arn, expecting: "NO_POLICY")
        == Self.none + "Requested policy update expecting none to be present for table orders, but "
        + "a policy exists with revision id \(first).")
    let second = try Self.put(&bench, Self.other, on: arn, expecting: first).text("RevisionId")
    #expect(
      bench.refusal(
        "DeleteResourcePolicy", "{'ResourceArn':'\(arn)','ExpectedRevisionId':'\(first)'}")
        == Self.none + "Requested update for policy with revision id \(first), but the policy "
        + "associated to target table orders has revision id \(second).")
  }

  @Test("a stream has a policy of its own, which goes with it")
  func streams() throws {
    var bench = try Bench.withNotes()
    let table = try bench.table("notes").arn
    let stream = try bench.streamARN()
    let reading = Self.canonical.replacing("GetItem", with: "GetRecords")
    #expect(
      Self.refusal(&bench, reading, on: table)
        == Words.values + "Invalid policy document: The following action names are invalid: "
        + "\"dynamodb:GetRecords\"")
    _ = try Self.put(&bench, reading, on: stream)
    _ = try Self.put(&bench, Self.canonical, on: table)
    #expect(
      try bench.call("GetResourcePolicy", "{'ResourceArn':'\(stream)'}").text("Policy") == reading)
    let label = try #require(stream.split(separator: "/").last)
    bench.wait(.seconds(5))
    #expect(
      Self.refusal(&bench, reading.replacing("\"a\"", with: "\"b\""), on: stream)
        .hasPrefix("ThrottlingException: Resource-based policy for stream \(label) modified"))
    #expect(
      bench.refusal("GetResourcePolicy", "{'ResourceArn':'\(table)/stream/none'}")
        == Words.missing + ": Stream: none not found for Table: notes")
    try bench.call("DeleteTable", "{'TableName':'notes'}")
    bench.wait(.seconds(10))
    #expect(get(&bench, table) == Words.missing + ": Table: notes not found")
    bench.wait(.hours(25))
    #expect(get(&bench, stream) == Self.none + stream)
  }

  @Test("a table can be created with one; a backup has none and a restore brings none")
  func lifecycle() throws {
    var bench = Bench()
    var input = try json(Bench.ordersInput)
    input = Document(
      members: input.members.map { ($0.name, $0.value) }
        + [("ResourcePolicy", .string(Self.canonical))])
    _ = try bench.cloud.perform(
      ServiceRequest(
        service: "dynamodb", operation: "CreateTable", input: input, caller: bench.caller))
    let arn = try bench.table("orders").arn
    #expect(get(&bench, arn) == Words.missing + ": Table: orders not found")
    let created = bench.now.milliseconds
    bench.wait(.seconds(3))
    #expect(
      try bench.show("GetResourcePolicy", "{'ResourceArn':'\(arn)'}", "RevisionId")
        == "'\(created)'")
    bench.wait(.seconds(10))
    _ = try bench.restore("orders", by: .backup)
    let target = try bench.table("target").arn
    #expect(get(&bench, target) == Words.missing + ": Table: target not found")
    bench.wait(.seconds(300))
    #expect(get(&bench, target) == Self.none + target)
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    #expect(get(&bench, arn).hasPrefix("accepted"))
    #expect(
      Self.refusal(&bench, Self.other, on: arn) == Words.inUse + "Table is being deleted: orders")
  }

  @Test(
    "a document that is no policy is refused, and nothing changes",
    arguments: [
      ("{not json", "Invalid policy document: This policy contains invalid Json"),
      ("[]", "Invalid policy document: This policy contains invalid Json"),
      (
        "{\"Version\":\"2012-10-17\",\"Statement\":[]}",
        "Invalid policy document: Could not parse the policy: Statement is empty!"
      ),
      (
        "{\"Version\":\"2012-10-17\"}",
        "Invalid policy document: Could not parse the policy: Statement is empty!"
      ),
      (
        "{\"Statement\":[\"all\"]}",
        "Invalid policy document: This policy contains invalid Json"
      ),
      (
        canonical.replacing(",\"Resource\":\"*\"", with: ""),
        "Invalid policy document: Missing required field Resource"
      ),
      (
        "{\"Statement\":[\(statement),\(statement)]}",
        "Invalid policy document: The Statement Ids in the policy are not unique"
      ),
      (
        canonical.replacing("{\"AWS\":\"arn:aws:iam::111122223333:root\"}", with: "\"x\""),
        "Invalid principal in policy document."
      ),
      (
        canonical + String(repeating: " ", count: 20_481 - canonical.utf8.count),
        "Maximum policy size of 20480 bytes exceeded"
      ),
    ] as [(String, String)])
  func documents(text: String, words: String) throws {
    var bench = try Bench.withOrders()
    let before = bench.cloud.fingerprint()
    let arn = try bench.table("orders").arn
    #expect(Self.refusal(&bench, text, on: arn) == Words.values + words)
    #expect(bench.cloud.fingerprint() == before)
  }

  @Test("an id, a service and everybody but some are told as they were put")
  func otherForms() throws {
    var bench = try Bench.withOrders()
    let arn = try bench.table("orders").arn
    for text in [
      Self.canonical.replacing("\"Statement\":[", with: "\"Id\":\"mine\",\"Statement\":["),
      Self.canonical.replacing(
        "{\"AWS\":\"arn:aws:iam::111122223333:root\"}",
        with: "{\"Service\":\"glue.amazonaws.com\"}"),
      Self.canonical.replacing("\"Principal\"", with: "\"NotPrincipal\""),
    ] {
      bench.wait(.seconds(15))
      _ = try Self.put(&bench, text, on: arn)
      #expect(
        try bench.call("GetResourcePolicy", "{'ResourceArn':'\(arn)'}").text("Policy") == text)
    }
  }

  @Test("20,480 bytes are taken; everybody is not, unless a condition says which of them")
  func bounds() throws {
    var bench = try Bench.withOrders()
    let arn = try bench.table("orders").arn
    let everybody = Self.canonical.replacing(
      "\"arn:aws:iam::111122223333:root\"", with: "\"*\"")
    #expect(
      Self.refusal(&bench, everybody, on: arn)
        == Words.validation + "Resource-based policy grants unbounded access in one or more "
        + "elements. Please revise the policy to ensure least-privilege form of access")
    let limited = everybody.replacing(
      "\"Resource\"",
      with: "\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"true\"}},\"Resource\"")
    let text = limited + String(repeating: " ", count: 20_480 - limited.utf8.count)
    #expect(Self.refusal(&bench, text, on: arn).hasPrefix("accepted"))
  }
}
