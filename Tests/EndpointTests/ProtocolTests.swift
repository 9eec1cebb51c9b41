// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Digests
import Documents
import ServiceModel
import Testing

@testable import Endpoint

@Suite("How services are asked, by their models")
struct ProtocolTests {
  private let answers = EndpointAnswers(MemoryBackend())

  // MARK: REST

  private func backup(_ method: String, _ target: String, _ body: String = "") throws -> (
    String, Document
  ) {
    let wire = RESTProtocol(service: .backup)
    let asked = request(method, target, body, service: "backup")
    let operation = try wire.operation(of: asked)
    return (operation.name, try wire.input(of: asked, for: operation))
  }

  struct Asked: Sendable {
    let method: String
    let target: String
    var body = ""
    let operation: String
    /// The input, as JSON.
    let input: String
  }

  static let asked: [Asked] = [
    Asked(
      method: "GET",
      target: "/backup-vaults/gold/recovery-points/arn%3Aaws%3Abackup%3A%3A%3Arecovery-point%2F1",
      operation: "DescribeRecoveryPoint",
      input: #"{"BackupVaultName":"gold","RecoveryPointArn":"arn:aws:backup:::recovery-point/1"}"#),
    Asked(
      method: "GET",
      target: "/backup-vaults/gold/recovery-points/?maxResults=5&createdAfter=1772818800.5",
      operation: "ListRecoveryPointsByBackupVault",
      input: #"{"BackupVaultName":"gold","MaxResults":5,"ByCreatedAfter":1772818800.5}"#),
    Asked(
      method: "GET",
      target: "/backup-vaults/gold/recovery-points?createdAfter=2026-03-06T17:40:00Z",
      operation: "ListRecoveryPointsByBackupVault",
      input: #"{"BackupVaultName":"gold","ByCreatedAfter":1772818800}"#),
    Asked(
      method: "PUT", target: "/backup-vaults/gold",
      body: #"{"BackupVaultTags":{"a":"b"},"BackupVaultName":"x"}"#,
      operation: "CreateBackupVault",
      input: #"{"BackupVaultTags":{"a":"b"},"BackupVaultName":"gold"}"#),
    Asked(
      method: "POST", target: "/backup-vaults/gold/mpaApprovalTeam?delete",
      operation: "DisassociateBackupVaultMpaApprovalTeam", input: #"{"BackupVaultName":"gold"}"#),
    // What is no number stays as it was written, for the service to refuse.
    Asked(
      method: "GET", target: "/backup-vaults/?maxResults=x", operation: "ListBackupVaults",
      input: #"{"MaxResults":"x"}"#),
  ]

  @Test(
    "REST: path, query and body make one input; a path is told from longer ones", arguments: asked)
  func rest(_ row: Asked) throws {
    let (operation, input) = try backup(row.method, row.target, row.body)
    #expect(operation == row.operation)
    let expected = try Document.parse(row.input)
    #expect(input == expected)
  }

  @Test("REST: errors name themselves in a header, unknown paths and bodies too")
  func restErrors() throws {
    for (method, target, body, status, code) in [
      ("GET", "/nothing/here", "", 404, "UnknownOperationException"),
      ("PATCH", "/backup-vaults/gold", "", 404, "UnknownOperationException"),
      ("PUT", "/backup-vaults/gold", "{", 400, "SerializationException"),
      ("PUT", "/backup-vaults/gold", "[]", 400, "SerializationException"),
      ("GET", "/scan/jobs", "", 400, "NotSimulated"),
    ] as [(String, String, String, Int, String)] {
      let answer = answers.answer(request(method, target, body, service: "backup"))
      #expect(answer.status == status && answer.headers["x-amzn-ErrorType"] == code)
      #expect((try Document.parse(answer.body))["message"] != nil)
    }
  }

  @Test("REST: an answer's body, headers and status follow the model")
  func restAnswers() throws {
    let wire = RESTProtocol(service: .backup)
    func answer(_ name: String, _ output: Document) throws -> WireAnswer {
      wire.answer(output, of: try #require(Service.backup.operation(named: name)))
    }
    let vault = try answer("DescribeBackupVault", ["BackupVaultName": "x", "CreationDate": 1.5])
    #expect(vault.status == 200 && vault.text == "{\"BackupVaultName\":\"x\",\"CreationDate\":1.5}")
    let deleted = try answer("DeleteRestoreTestingPlan", [:])
    #expect(deleted.status == 204 && deleted.body.isEmpty)
    #expect(try answer("DeleteBackupVault", [:]).body.isEmpty)
    let error = wire.answer(
      ServiceError(
        code: "ResourceNotFoundException", message: "no", members: ["Type": "client"], status: 400),
      to: request("GET", "/", service: "backup"))
    #expect(error.text == "{\"Message\":\"no\",\"Type\":\"client\"}")
  }

  // MARK: Query

  @Test("a form's dotted names make lists, maps and structures, its texts the model's kinds")
  func forms() throws {
    let wire = QueryProtocol(service: .sts)
    func input(_ form: String) throws -> Document {
      let asked = request("POST", "/", form, service: "sts")
      return try wire.input(of: asked, for: try wire.operation(of: asked))
    }
    let full = try input(
      "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aa&DurationSeconds=900&Tags.member.2.Key=c"
        + "&Tags.member.1.Key=a+b&Tags.member.1.Value=%26")
    let expected = try Document.parse(
      #"{"RoleArn":"arn:a","DurationSeconds":900,"Tags":[{"Key":"a b","Value":"&"},{"Key":"c"}]}"#)
    #expect(full == expected)
    let odd = try input("Action=AssumeRole&Tags=&DurationSeconds=x&New.a=1")
    let kept = try Document.parse(#"{"Tags":[],"DurationSeconds":"x","New":{"a":"1"}}"#)
    #expect(odd == kept)
    let dots = "Action=AssumeRole&a" + String(repeating: ".a", count: 100_000) + "=1"
    #expect(throws: ServiceError.self) { try input(dots) }
    let many = "Action=AssumeRole" + (0..<3_000).map { "&a\($0)=" }.joined()
    #expect(throws: ServiceError.self) { try input(many) }
  }

  // MARK: CBOR

  private func remote(_ target: String, _ body: [UInt8]) -> WireAnswer {
    let plain = request(
      "POST", target, service: "dynamodb",
      headers: [("smithy-protocol", "rpc-v2-cbor"), ("Content-Type", "application/cbor")])
    return answers.answer(
      WireRequest(method: "POST", target: target, headers: plain.headers, body: body))
  }

  @Test("CBOR: any service with targets can be asked so, and answers and refuses so")
  func cbor() throws {
    let path = "/service/DynamoDB_20120810/operation/"
    let created = remote(path + "CreateTable", CBOR.bytes(of: try Document.parse(orders), as: nil))
    #expect(created.status == 200 && created.headers["smithy-protocol"] == "rpc-v2-cbor")
    // A date is a tagged number.
    #expect(created.body.firstRange(of: Array("CreationDateTime".utf8) + [0xc1]) != nil)
    let listed = try #require(CBOR.document(remote(path + "ListTables", []).body))
    #expect(listed == ["TableNames": ["orders"]])
    let rows: [(String, [UInt8], String)] = [
      (path + "Nothing", [], "UnknownOperationException"),
      (path + "ListTables", [0xff], "SerializationException"),
      (path + "DescribeTable", [0xa0], "ValidationException"),
      ("/service/Nothing/operation/ListTables", [], "UnknownOperationException"),
      ("/", [], "UnknownOperationException"),
    ]
    for (target, body, code) in rows {
      let answer = remote(target, body)
      #expect(answer.status == 400)
      #expect(CBOR.document(answer.body)?["__type"]?.string == code, "\(target)")
    }
  }

  @Test("CloudWatch is asked in any of its three protocols, and answers in the same")
  func metrics() throws {
    let alarm =
      "Action=PutMetricAlarm&Version=2010-08-01&AlarmName=a&Namespace=Shop&MetricName=Orders"
      + "&Statistic=Sum&Period=60&EvaluationPeriods=1&Threshold=1.5"
      + "&ComparisonOperator=GreaterThanThreshold&Dimensions.member.1.Name=shop"
      + "&Dimensions.member.1.Value=1"
    let form = [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")]
    let made = answers.answer(request("POST", "/", alarm, service: "monitoring", headers: form))
    #expect(made.status == 200 && made.text.contains("<PutMetricAlarmResponse"), "\(made.text)")
    let asked =
      "Action=GetMetricStatistics&Namespace=Shop&MetricName=Orders&Period=60"
      + "&StartTime=2026-03-06T17%3A40%3A00Z&EndTime=2026-03-06T18%3A40%3A00Z"
      + "&Statistics.member.1=Sum"
    let points = answers.answer(request("POST", "/", asked, service: "monitoring", headers: form))
    #expect(points.text.contains("<Label>Orders</Label>"), "\(points.text)")
    let target = "GraniteServiceVersion20100801"
    let shown = answers.answer(
      request(
        "POST", "/", "{}", service: "monitoring",
        headers: [("X-Amz-Target", target + ".DescribeAlarms")]))
    let alarms = try Document.parse(shown.body)["MetricAlarms"]?.array
    #expect(alarms?.first?["Threshold"] == 1.5 && alarms?.first?["AlarmName"] == "a")
    let refused = answers.answer(
      request(
        "POST", "/", "{\"AlarmNames\":[\"b\"]}", service: "monitoring",
        headers: [("X-Amz-Target", target + ".DeleteAlarms")]))
    #expect(refused.headers["x-amzn-query-error"] == "ResourceNotFound;Sender")
    let binary = remote("/service/\(target)/operation/DescribeAlarms", [0xa0])
    #expect(
      CBOR.document(binary.body)?["MetricAlarms"]?.array?.first?["AlarmName"]?.string == "a")
  }

  @Test("CBOR: what is written is read again; bytes are base64 here and bytes there")
  func cborValues() throws {
    let value = try Document.parse(
      #"""
      {"a":[0,23,24,255,256,65536,4294967296,-1,-25,-9223372036854775808,9223372036854775807],
       "b":[1.5,-0.25,true,false,null,"é🙂",""],"c":{}}
      """#)
    #expect(CBOR.document(CBOR.bytes(of: value, as: nil)) == value)
    let attribute = try #require(Service.dynamodb.shape(named: "AttributeValue"))
    #expect(CBOR.bytes(of: ["B": "AAEC"], as: attribute) == [0xa1, 0x61, 0x42, 0x43, 0, 1, 2])
    #expect(CBOR.document([0xa1, 0x61, 0x42, 0x43, 0, 1, 2]) == ["B": "AAEC"])
    // Forms that we do not write: without a length, in half precision, tagged.
    #expect(CBOR.document([0xbf, 0x61, 0x61, 0x9f, 0x01, 0xff, 0xff]) == ["a": [1]])
    #expect(CBOR.document([0x7f, 0x61, 0x61, 0x61, 0x62, 0xff]) == "ab")
    #expect(CBOR.document([0xf9, 0x3e, 0x00]) == 1.5)
    #expect(CBOR.document([0xc1, 0x1a, 0, 0, 0, 5]) == 5)
    let faulty: [[UInt8]] = [
      [], [0x18], [0x62, 0x61], [0x61, 0xff], [0xa1, 0x01, 0x01], [0x9f, 0x01], [0x01, 0x01],
      [0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0xf9, 0x7c, 0x00], [0x1c], [0xff],
      Array(repeating: 0x81, count: 100_000), Array(repeating: 0xc1, count: 100_000),
    ]
    for wrong in faulty { #expect(CBOR.document(wrong) == nil) }
  }

  // MARK: Compression

  @Test("long texts are packed for who takes gzip, with the checksum of what is sent")
  func compression() throws {
    _ = answers.answer(request("DynamoDB_20120810.CreateTable", orders))
    func describe(_ accepted: String?) -> WireAnswer {
      let asked = request("DynamoDB_20120810.DescribeTable", "{\"TableName\":\"orders\"}")
      return answers.answer(
        WireRequest(
          method: "POST", target: "/",
          headers: WireHeaders(
            asked.headers.fields + (accepted.map { [(name: "accept-encoding", value: $0)] } ?? [])),
          body: asked.body))
    }
    let long = "{\"TableName\":\"" + String(repeating: "x", count: 2_000) + "\"}"
    let refused = request("DynamoDB_20120810.DescribeTable", long)
    let packed = answers.answer(
      WireRequest(
        method: "POST", target: "/",
        headers: WireHeaders(
          refused.headers.fields + [(name: "Accept-Encoding", value: "br, gzip")]),
        body: refused.body))
    #expect(packed.headers["Content-Encoding"] == "gzip")
    #expect(packed.headers["x-amz-crc32"] == "\(crc32(of: packed.body))")
    let plain = answers.answer(refused)
    #expect(try gunzip(packed.body) == plain.body && plain.headers["Content-Encoding"] == nil)
    for accepted in [nil, "identity", "gzip;q=0", "gzip"] as [String?] {
      // Short ones are not worth it.
      #expect(describe(accepted).headers["Content-Encoding"] == nil)
    }
  }
}
