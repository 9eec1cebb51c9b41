// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import ServiceModel

/// How services that speak REST with JSON bodies are asked and answer. [WIRE.rest]
struct RESTProtocol: WireProtocol {
  let service: Service

  func operation(of request: WireRequest) throws(ServiceError) -> OperationModel {
    try match(request).operation
  }

  func input(
    of request: WireRequest, for operation: OperationModel
  ) throws(ServiceError) -> Document {
    let target = RequestTarget(request.target)
    let message = RESTMessage(operation: operation, times: .iso8601)
    var members: [(String, Document)] = []
    if let payload = message.payload {
      if !request.body.isEmpty {
        members.append((payload.name, try JSONBody.document(request.body)))
      }
    } else {
      let body = try JSONBody.document(request.body)
      guard case .object = body else {
        throw .unreadable("Unexpected value type in payload")
      }
      members = body.members.map { (memberName($0.name, in: operation.input), $0.value) }
    }
    // What the path says is said last: a body cannot name something else.
    members += message.members(try match(request), target, request.headers)
    return Self.inModelOrder(Document(members: members), operation.input)
  }

  /// The members as the model has them, wherever in the request they stood; unknown ones last.
  private static func inModelOrder(_ input: Document, _ shape: Shape?) -> Document {
    guard let known = shape?.members.map(\.name) else { return input }
    let named = known.compactMap { name in input[name].map { (name, $0) } }
    let others = input.members.filter { !known.contains($0.name) }.map { ($0.name, $0.value) }
    return Document(members: named + others)
  }

  private func match(_ request: WireRequest) throws(ServiceError) -> RESTRoutes.Match {
    guard
      let match = RESTRoutes.of(service).match(request.method, RequestTarget(request.target))
    else {
      throw ServiceError(
        code: "UnknownOperationException",
        message: "\(service.fullName) has no operation \(request.method) \(request.path)",
        status: 404)
    }
    return match
  }

  private func memberName(_ name: String, in shape: Shape?) -> String {
    shape?.members.first { $0.location == nil && $0.locationName == name }?.name ?? name
  }

  func answer(_ output: Document, of operation: OperationModel) -> WireAnswer {
    let message = RESTMessage(operation: operation, times: .iso8601)
    let (payload, members) = message.body(of: output)
    let body: [UInt8]
    if let payload {
      body = members.first { $0.0 == payload }?.1.jsonBytes(.compact) ?? []
    } else if operation.output == nil || message.status == 204 {
      body = []
    } else {
      body = Document(members: members.map { ($0.0.locationName ?? $0.0.name, $0.1) })
        .jsonBytes(.compact)
    }
    return answer(message.status, message.headers(of: output), body)
  }

  func answer(_ error: ServiceError, to request: WireRequest) -> WireAnswer {
    let shape = service.shape(named: error.code)
    let key = shape?.member(named: "Message") == nil ? "message" : "Message"
    let members = [(key, Document.string(error.message))] + error.members.members.map { ($0, $1) }
    return answer(
      error.status, [("x-amzn-ErrorType", error.code)],
      Document(members: members).jsonBytes(.compact))
  }

  private func answer(
    _ status: Int, _ headers: [(name: String, value: String)], _ body: [UInt8]
  ) -> WireAnswer {
    WireAnswer(
      status: status,
      headers: WireHeaders([(name: "Content-Type", value: "application/json")] + headers),
      body: body)
  }
}
