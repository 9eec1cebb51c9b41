// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Digests
import Documents
import ServiceModel

/// How services that speak JSON 1.0 or 1.1 name operations and word answers. [WIRE.json]
struct JSONProtocol: WireProtocol {
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

  /// The two parts of a target such as `DynamoDB_20120810.ListTables`.
  static func parts(of target: String) -> (service: String, operation: String)? {
    guard let dot = target.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    return (String(target[..<dot]), String(target[target.index(after: dot)...]))
  }

  func operation(of request: WireRequest) throws(ServiceError) -> OperationModel {
    guard request.method == "POST",
      let name = request.headers["X-Amz-Target"].flatMap(Self.parts)?.operation,
      let operation = service.operation(named: name), operation.name == name
    else { throw .unknownOperation }
    return operation
  }

  func input(
    of request: WireRequest, for operation: OperationModel
  ) throws(ServiceError) -> Document {
    try JSONBody.document(request.body)
  }

  private var contentType: String {
    "application/x-amz-json-\(service.jsonVersion ?? "1.0")"
  }

  func answer(_ output: Document, of operation: OperationModel) -> WireAnswer {
    answer(200, output.jsonBytes(.compact))
  }

  func answer(_ error: ServiceError, to request: WireRequest) -> WireAnswer {
    var members: [(String, Document)] = [("__type", .string(type(of: error)))]
    if !error.message.isEmpty { members.append((messageKey(of: error), .string(error.message))) }
    for member in error.members.members { members.append((member.name, member.value)) }
    var answer = answer(error.status, Document(members: members).jsonBytes(.compact))
    if service.isQueryCompatible {
      // The code of old, which clients of this kind of service prefer.
      let old = service.shape(named: error.code)?.exception?.code ?? error.code
      answer.headers.add(
        "x-amzn-query-error", "\(old);\(error.status < 500 ? "Sender" : "Receiver")")
    }
    return answer
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

/// The body of requests in JSON.
enum JSONBody {
  /// The document; nothing at all counts as an empty object.
  ///
  /// - Throws: SerializationException for what is no JSON.
  static func document(_ body: [UInt8]) throws(ServiceError) -> Document {
    guard !body.isEmpty else { return .emptyObject }
    guard let document = try? Document.parse(body) else { throw .unreadable() }
    return document
  }
}
