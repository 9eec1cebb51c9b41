// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Digests
import Documents
import Testing

@testable import Endpoint

@Suite("The endpoint's answers")
struct AnswerTests {
  private let answers = EndpointAnswers(MemoryBackend())

  @Test("an answer is the service's JSON, with its checksum and an id of its own")
  func accepted() throws {
    let answer = answers.answer(request("DynamoDB_20120810.ListTables", "{}"))
    #expect(answer.status == 200 && answer.text == "{\"TableNames\":[]}")
    #expect(answer.headers["content-type"] == "application/x-amz-json-1.0")
    #expect(answer.headers["x-amz-crc32"] == "\(crc32(of: answer.body))")
    let id = try #require(answer.headers["x-amzn-RequestId"])
    #expect(id.count == 52 && id.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber) })
    let other = answers.answer(request("DynamoDB_20120810.ListTables", "{}"))
    #expect(other.headers["x-amzn-RequestId"] != id)
  }

  @Test("services of JSON 1.1 say so, and their errors have no namespace")
  func otherVersion() {
    let answer = answers.answer(request("TrentService.DescribeKey", "{\"KeyId\":\"none\"}"))
    #expect(answer.headers["Content-Type"] == "application/x-amz-json-1.1")
    #expect(answer.status == 400 && answer.text.hasPrefix("{\"__type\":\"NotFoundException\""))
  }

  struct Refused: Sendable, CustomTestStringConvertible {
    let request: WireRequest
    let body: String
    var testDescription: String { body }
  }

  static let refused: [Refused] = [
    Refused(
      request: request("DynamoDB_20120810.DescribeTable", "{\"TableName\":\"none\"}"),
      body: "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException\","
        + "\"message\":\"Requested resource not found: Table: none not found\"}"),
    Refused(
      request: request("DynamoDB_20120810.CreateTable", "{\"TableName\":\"x\"}"),
      body: "{\"__type\":\"com.amazon.coral.validate#ValidationException\",\"message\":\"…\"}"),
    Refused(
      request: request("DynamoDB_20120810.ListTables", "{"),
      body: "{\"__type\":\"com.amazon.coral.service#SerializationException\"}"),
    Refused(
      request: request("DynamoDB_20120810.ListTables", "{\"Limit\":\"x\"}"),
      body: "{\"__type\":\"com.amazon.coral.service#SerializationException\",\"Message\":\"…\"}"),
    Refused(
      request: request("DynamoDB_20120810.Nothing", "{}"),
      body: "{\"__type\":\"com.amazon.coral.service#UnknownOperationException\"}"),
    Refused(
      request: request("DynamoDB_20120810.list-tables", "{}"),
      body: "{\"__type\":\"com.amazon.coral.service#UnknownOperationException\"}"),
    Refused(
      request: request("Nothing", "{}"),
      body: "{\"__type\":\"com.amazon.coral.service#UnknownOperationException\"}"),
    Refused(
      request: request("DynamoDB_20120810.ListTables", "{}", method: "GET"),
      body: "{\"__type\":\"com.amazon.coral.service#UnknownOperationException\"}"),
    Refused(
      request: request("DynamoDB_20120810.ListTables", "{}", key: "AKIA2E0A8F3B244C9986"),
      body: "{\"__type\":\"com.amazon.coral.service#UnrecognizedClientException\","
        + "\"message\":\"The security token included in the request is invalid. These look like "
        + "real keys; nothing was sent on.\"}"),
    Refused(
      request: request("DynamoDB_20120810.ListTables", "{}", region: "eu-nowhere-1"),
      body: "{\"__type\":\"com.amazon.coral.service#InvalidSignatureException\",\"message\":\"…\"}"),
    Refused(
      request: WireRequest(
        method: "POST", target: "/", headers: ["X-Amz-Target": "DynamoDB_20120810.ListTables"]),
      body: "{\"__type\":\"com.amazon.coral.service#MissingAuthenticationTokenException\","
        + "\"message\":\"Request is missing Authentication Token\"}"),
    Refused(
      request: WireRequest(
        method: "POST", target: "/",
        headers: ["X-Amz-Target": "DynamoDB_20120810.ListTables", "Authorization": "Basic eA=="]),
      body:
        "{\"__type\":\"com.amazon.coral.service#IncompleteSignatureException\",\"message\":\"…\"}"),
    Refused(
      request: request(
        "DynamoDB_20120810.UpdateTable",
        "{\"TableName\":\"orders\",\"GlobalTableSettingsReplicationMode\":\"ENABLED\"}"),
      body: "{\"__type\":\"com.amazon.coral.service#NotSimulated\",\"message\":\"…\"}"),
  ]

  @Test("whatever is wrong gets the service's own error", arguments: refused)
  func refusals(_ row: Refused) throws {
    let answer = answers.answer(row.request)
    #expect(answer.status == 400)
    let parts = row.body.split(separator: "…", omittingEmptySubsequences: false)
    #expect(answer.text.hasPrefix(parts[0]) && answer.text.hasSuffix(parts.last ?? ""))
    #expect(parts.count == 2 || answer.text == row.body)
    #expect(answer.headers["x-amz-crc32"] == "\(crc32(of: answer.body))")
  }

  @Test("an error with more than a message says Message, with its members")
  func members() throws {
    _ = answers.answer(request("DynamoDB_20120810.CreateTable", orders))
    _ = answers.answer(
      WireRequest(
        method: "POST", target: "/_rewind/time", headers: [:],
        body: Array("{\"advance\":\"1m\"}".utf8)))
    let put =
      "{\"TableName\":\"orders\",\"Item\":{\"id\":{\"S\":\"a\"}},\"ConditionExpression\":"
      + "\"attribute_not_exists(id)\",\"ReturnValuesOnConditionCheckFailure\":\"ALL_OLD\"}"
    #expect(answers.answer(request("DynamoDB_20120810.PutItem", put)).text == "{}")
    #expect(
      answers.answer(request("DynamoDB_20120810.PutItem", put)).text
        == "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException\","
        + "\"Message\":\"The conditional request failed\",\"Item\":{\"id\":{\"S\":\"a\"}}}")
  }

  @Test("the access key id names the account, the scope the Region, signed beforehand too")
  func scope() throws {
    func scope(_ request: WireRequest) throws -> Caller {
      try RequestScope.of(request, issued: { _ in nil }).get().caller
    }
    #expect(
      try scope(request("x", "", key: "111122223333", region: "eu-west-1"))
        == Caller(account: "111122223333", region: "eu-west-1"))
    for key in ["fake", "test", Caller(account: "123456789012", region: "us-east-1").accessKeyID] {
      #expect(try scope(request("x", "", key: key)).account == "123456789012")
    }
    let signedBefore = WireRequest(
      method: "GET",
      target: "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=111122223333%2F20260306%2F"
        + "ap-south-1%2Fs3%2Faws4_request&X-Amz-Signature=00", headers: [:])
    #expect(try RequestScope.of(signedBefore, issued: { _ in nil }).get().signingName == "s3")
    #expect(try scope(signedBefore) == Caller(account: "111122223333", region: "ap-south-1"))
  }

  @Test("keys that STS issued are their role's, with their token, for as long as they last")
  func issuedKeys() throws {
    func signed(
      _ service: String, _ body: String, key: String = "123456789012",
      more: [(name: String, value: String)] = []
    ) -> WireRequest {
      WireRequest(
        method: "POST", target: "/",
        headers: WireHeaders(
          [
            (
              name: "authorization",
              value: "AWS4-HMAC-SHA256 Credential=\(key)/20260306/us-east-1/\(service)/aws4_request"
            )
          ] + more),
        body: Array(body.utf8))
    }
    let issued = answers.answer(
      signed(
        "sts",
        "Action=AssumeRole&Version=2011-06-15&RoleSessionName=night"
          + "&RoleArn=arn%3Aaws%3Aiam%3A%3A210987654321%3Arole%2Fops%2Frestore"
      ))
    #expect(issued.status == 200)
    func part(_ name: String) throws -> String {
      let rest = try #require(issued.text.split(separator: "<\(name)>").last)
      return String(rest.prefix { $0 != "<" })
    }
    let key = try part("AccessKeyId")
    #expect(key.hasPrefix("ASIA") && key.utf8.count == 20)
    #expect(
      try part("Arn") == "arn:aws:sts::210987654321:assumed-role/restore/night")

    let target = (name: "x-amz-target", value: "DynamoDB_20120810.ListTables")
    let bare = answers.answer(signed("dynamodb", "{}", key: key, more: [target]))
    #expect(bare.text.contains("The security token included in the request is invalid."))
    let token = (name: "x-amz-security-token", value: try part("SessionToken"))
    let used = signed("dynamodb", "{}", key: key, more: [target, token])
    #expect(answers.answer(used).text == "{\"TableNames\":[]}")
    _ = answers.answer(
      WireRequest(
        method: "POST", target: "/_rewind/time", headers: [:],
        body: Array("{\"advance\":\"1h\"}".utf8)))
    #expect(answers.answer(used).text.contains("ExpiredTokenException"))
  }

  @Test("accounts and Regions are apart")
  func apart() {
    _ = answers.answer(request("DynamoDB_20120810.CreateTable", orders))
    for (key, region, names) in [
      ("123456789012", "us-east-1", "[\"orders\"]"), ("111122223333", "us-east-1", "[]"),
      ("123456789012", "eu-west-1", "[]"),
    ] {
      let answer = answers.answer(
        request("DynamoDB_20120810.ListTables", "{}", key: key, region: region))
      #expect(answer.text == "{\"TableNames\":\(names)}")
    }
  }

  @Test("STS is asked by a form and answers in XML, and so do services of forms that are not there")
  func xml() {
    func answer(_ service: String, _ body: String) -> WireAnswer {
      answers.answer(
        WireRequest(
          method: "POST", target: "/",
          headers: [
            "Content-Type": "application/x-www-form-urlencoded",
            "Authorization":
              "AWS4-HMAC-SHA256 Credential=111122223333/20260306/us-east-1/\(service)/aws4_request",
          ], body: Array(body.utf8)))
    }
    let identity = answer("sts", "Action=GetCallerIdentity&Version=2011-06-15")
    #expect(identity.status == 200 && identity.headers["Content-Type"] == "text/xml")
    #expect(
      identity.text.contains(
        "<GetCallerIdentityResult><UserId>AIDA")
        && identity.text.contains(
          "<Account>111122223333</Account><Arn>arn:aws:iam::111122223333:user/admin</Arn>")
    )
    #expect(
      answer("sts", "Action=Nothing%20%26&Version=2011-06-15").text.contains(
        "<Code>InvalidAction</Code><Message>Could not find operation Nothing &amp;"))
    #expect(answer("sts", "Action=AssumeRole").text.contains("<Code>ValidationError</Code>"))
    #expect(
      answer("iam", "Action=ListUsers").text.contains("<Code>NotSimulated</Code><Message>iam is"))
  }

  @Test("health, the clock and the start for tests")
  func others() {
    func answer(_ method: String, _ target: String, _ body: String = "") -> WireAnswer {
      answers.answer(
        WireRequest(method: method, target: target, headers: [:], body: Array(body.utf8)))
    }
    #expect(answer("GET", "/").text == "healthy: dynamodb.us-east-1.amazonaws.com ")
    #expect(
      answer("POST", "/_rewind/time", "{\"advance\":\"5m\"}").text
        == "{\"now\":\"2026-03-06T17:45:00.000Z\"}")
    #expect(answer("POST", "/_rewind/time", "{\"advance\":\"soon\"}").status == 400)
    #expect(answer("POST", "/_rewind/reset").status == 200)
    #expect(answer("GET", "/_rewind/world").text == "{\"now\":\"2026-03-06T17:40:00.000Z\"}")
    #expect(answer("GET", "/_rewind/nothing").status == 404)
  }
}
