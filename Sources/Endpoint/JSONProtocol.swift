// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Digests
import Documents
import ServiceModel

/// How services that speak JSON 1.0 or 1.1 name operations and word answers. [WIRE.json]
struct JSONProtocol {
  let service: Service

  /// Where the names of errors stand, by what refuses.
  private enum Namespace {
    static let coral = "com.amazon.coral.service#"
    static let validation = "com.amazon.coral.validate#"
    static let availability = "com.amazon.coral.availability#"
  }

  private static let ofTheFramework: Set<String> = [
    "SerializationException", "UnknownOperationException", "AccessDeniedException",
    "UnrecognizedClientException", "MissingAuthenticationTokenException",
    "IncompleteSignatureException", "InvalidSignatureException", "ExpiredTokenException",
    ServiceError.notSimulatedCode,
  ]

  /// The services that speak it, the one asked for most first: a model is read when it is looked at.
  private static let names = ["dynamodb", "dynamodbstreams", "kms", "cloudtrail"]

  /// The service whose operations a target such as `DynamoDB_20120810.ListTables` names.
  static func named(by target: String) -> (JSONProtocol, operation: String)? {
    guard let dot = target.lastIndex(of: "."),
      let service = service(ofPrefix: String(target[..<dot]))
    else { return nil }
    return (JSONProtocol(service: service), String(target[target.index(after: dot)...]))
  }

  private static func service(ofPrefix prefix: String) -> Service? {
    for name in names {
      if let service = Service.named(name), service.targetPrefix == prefix { return service }
    }
    return nil
  }

  private var contentType: String {
    "application/x-amz-json-\(service.jsonVersion ?? "1.0")"
  }

  /// An accepted request's answer.
  func answer(_ output: Document) -> WireAnswer {
    answer(200, Array(output.json(.compact).utf8))
  }

  /// A refused one's.
  func answer(_ error: ServiceError) -> WireAnswer {
    var members: [(String, Document)] = [("__type", .string(type(of: error)))]
    if !error.message.isEmpty { members.append((messageKey(of: error), .string(error.message))) }
    for member in error.members.members { members.append((member.name, member.value)) }
    return answer(error.status, Array(Document(members: members).json(.compact).utf8))
  }

  private func answer(_ status: Int, _ body: [UInt8]) -> WireAnswer {
    WireAnswer(
      status: status,
      headers: ["Content-Type": contentType, "x-amz-crc32": "\(crc32(of: body))"], body: body)
  }

  private func type(of error: ServiceError) -> String {
    guard service.cliName == "dynamodb" || service.cliName == "dynamodbstreams" else {
      return error.code
    }
    if error.code == "ValidationException" { return Namespace.validation + error.code }
    if error.code == "ThrottlingException" { return Namespace.availability + error.code }
    if Self.ofTheFramework.contains(error.code) { return Namespace.coral + error.code }
    return "com.amazonaws.dynamodb.v20120810#" + error.code
  }

  /// The framework's own refusals and errors with further members write it large.
  private func messageKey(of error: ServiceError) -> String {
    ["SerializationException", "AccessDeniedException"].contains(error.code)
      || !error.members.members.isEmpty ? "Message" : "message"
  }
}
