// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import ItemModel
import ServiceModel

/// How S3 is asked and answers: REST with XML, a bucket in the path or in the host's name, objects
/// as bodies. [WIRE.s3]
struct StorageProtocol: WireProtocol {
  let service: Service

  // MARK: Requests

  func operation(of request: WireRequest) throws(ServiceError) -> OperationModel {
    let match = try match(request)
    try Self.refuseOthers(request, match)
    return match.operation
  }

  func input(
    of request: WireRequest, for operation: OperationModel
  ) throws(ServiceError) -> Document {
    let message = RESTMessage(operation: operation, times: .iso8601Milliseconds)
    var members = message.members(
      try match(request), Self.target(of: request), Self.modelled(request.headers))
    for (name, value) in members {
      try Self.check(value, as: operation.input?.member(named: name))
    }
    guard let payload = message.payload else { return Document(members: members) }
    let body = try Self.body(of: request)
    if payload.isStreaming {
      members.append((payload.name, .string(Base64.text(of: body))))
    } else if !body.isEmpty {
      guard let root = XMLReader.root(of: body) else { throw .malformedXML }
      members.append((payload.name, root.document(as: payload.shape)))
    }
    return Document(members: members)
  }

  /// A request's body without its chunks, compared with the checksums that came with it.
  private static func body(of request: WireRequest) throws(ServiceError) -> [UInt8] {
    guard ChunkedBody.isUsed(by: request.headers) else {
      try BodyChecksum.check(request.body, against: request.headers.fields)
      return request.body
    }
    guard let chunked = ChunkedBody(request.body) else {
      throw ServiceError(
        code: "IncompleteBody",
        message: "The request body terminated unexpectedly")
    }
    let trailers = chunked.trailers.sorted { $0.key < $1.key }
    try BodyChecksum.check(
      chunked.bytes,
      against: request.headers.fields + trailers.map { (name: $0.key, value: $0.value) })
    return chunked.bytes
  }

  /// The headers that say something to an operation: those of the transfer are dealt with here.
  private static func modelled(_ headers: WireHeaders) -> WireHeaders {
    WireHeaders(
      headers.fields.compactMap { name, value in
        switch name.lowercased() {
        case "content-length", "expect", "x-amz-sdk-checksum-algorithm": return nil
        case let name where name.hasPrefix("x-amz-checksum-") && name != "x-amz-checksum-mode":
          return nil
        case "content-encoding":
          let left = value.split(separator: ",").filter { !$0.lowercased().contains("aws-chunked") }
          return left.isEmpty ? nil : (name, left.joined(separator: ","))
        default: return (name, value)
        }
      })
  }

  /// The target with the bucket in its path, wherever it was.
  private static func target(of request: WireRequest) -> RequestTarget {
    let target = RequestTarget(request.target)
    guard let bucket = LoopbackHost.label(of: request.headers["Host"] ?? "") else { return target }
    return target.below(bucket)
  }

  private func match(_ request: WireRequest) throws(ServiceError) -> RESTRoutes.Match {
    let target = Self.target(of: request)
    guard let match = RESTRoutes.of(service).match(request.method, target) else {
      throw .notSimulated("s3 \(Self.described(request.method, target))")
    }
    return match
  }

  /// Refuses, by its name, what looks like an operation we have and is another.
  private static func refuseOthers(
    _ request: WireRequest, _ match: RESTRoutes.Match
  ) throws(ServiceError) {
    if request.headers["x-amz-copy-source"] != nil { throw .notSimulated("s3 CopyObject") }
    let members = (match.operation.input?.members ?? []).filter { $0.location == .querystring }
    let known = members.map { $0.locationName ?? $0.name } + match.literals + signatureFields
    let target = target(of: request)
    for (name, _) in target.query where !known.contains(name) && !name.hasPrefix("X-Amz-") {
      throw .notSimulated("s3 \(described(request.method, target))")
    }
  }

  /// What signatures of the query are made of, and what clients name operations by.
  private static let signatureFields = ["AWSAccessKeyId", "Signature", "Expires", "x-id"]

  private static func described(_ method: String, _ target: RequestTarget) -> String {
    let place = target.segments.filter { !$0.isEmpty }.isEmpty ? "/" : "/BUCKET"
    let names = target.query.map(\.name).filter { !$0.hasPrefix("X-Amz-") }
    return "\(method) \(place)" + (names.isEmpty ? "" : "?" + names.joined(separator: "&"))
  }

  /// S3 has words of its own for a number that is none.
  private static func check(_ value: Document, as member: Member?) throws(ServiceError) {
    guard let member, case .string(let text) = value else { return }
    switch member.shape.kind {
    case .integer, .long, .boolean, .timestamp:
      let name = member.locationName ?? member.name
      throw ServiceError(
        code: "InvalidArgument", message: "Provided \(name) not a valid value",
        members: ["ArgumentName": .string(name), "ArgumentValue": .string(text)])
    default: break
    }
  }

  // MARK: Answers

  func answer(_ output: Document, of operation: OperationModel) -> WireAnswer {
    let message = RESTMessage(operation: operation, times: .iso8601Milliseconds)
    var headers = message.headers(of: output)
    let (payload, members) = message.body(of: output)
    var status = message.status
    var body: [UInt8] = []
    if let payload, payload.isStreaming {
      let text = members.first { $0.0 == payload }?.1.string ?? ""
      body = (try? Base64.bytes(of: text)) ?? []
      headers.removeAll { $0.name.lowercased() == "content-length" }
      if headers.contains(where: { $0.name == "Content-Range" }) { status = 206 }
    } else if operation.httpMethod == "GET" {
      headers.append((name: "Content-Type", value: "application/xml"))
      body = XMLWriter.document(root(operation, output, members))
    }
    return WireAnswer(
      status: status, headers: WireHeaders(headers + Self.identifiers()), body: body)
  }

  /// An answer's whole XML.
  private func root(
    _ operation: OperationModel, _ output: Document, _ members: [(Member, Document)]
  ) -> String {
    let space = " xmlns=\"http://s3.amazonaws.com/doc/\(service.apiVersion)/\""
    if operation.name == "GetBucketLocation" {
      let region = XMLWriter.escaped(output["LocationConstraint"]?.string ?? "")
      return "<LocationConstraint\(space)>\(region)</LocationConstraint>"
    }
    let name =
      switch operation.name {
      case "ListBuckets": "ListAllMyBucketsResult"
      case "ListObjectsV2": "ListBucketResult"
      default: operation.name + "Result"
      }
    let text = XMLWriter(times: .iso8601Milliseconds).elements(members)
    return "<\(name)\(space)>\(text)</\(name)>"
  }

  func answer(_ error: ServiceError, to request: WireRequest) -> WireAnswer {
    let identifiers = Self.identifiers()
    var body: [UInt8] = []
    if request.method != "HEAD" {
      let members: [(name: String, value: Document)] =
        [(name: "Code", value: .string(Self.code(of: error)))]
        + [(name: "Message", value: .string(error.message))] + error.members.members
        + [(name: "RequestId", value: .string(identifiers[0].value))]
        + [(name: "HostId", value: .string(identifiers[1].value))]
      body = XMLWriter.document("<Error>\(XMLWriter.plain(members))</Error>")
    }
    let status = error.code == "MissingAuthenticationTokenException" ? 403 : error.status
    return WireAnswer(
      status: status,
      headers: WireHeaders([(name: "Content-Type", value: "application/xml")] + identifiers),
      body: body)
  }

  /// The code as S3 has it: the framework's own errors have other names here.
  private static func code(of error: ServiceError) -> String {
    switch error.code {
    case "MissingAuthenticationTokenException": "AccessDenied"
    case "UnrecognizedClientException": "InvalidAccessKeyId"
    case "IncompleteSignatureException", "InvalidSignatureException":
      "AuthorizationHeaderMalformed"
    case "SerializationException", "ValidationException": "InvalidRequest"
    default: error.code
    }
  }

  private static func identifiers() -> [(name: String, value: String)] {
    let id = RequestID.next()
    return [
      (name: "x-amz-request-id", value: String(id.prefix(16))),
      (name: "x-amz-id-2", value: String(id.dropFirst(16))),
    ]
  }
}

extension ServiceError {
  static let malformedXML = ServiceError(
    code: "MalformedXML",
    message: "The XML you provided was not well-formed or did not validate against our published "
      + "schema")
}
