// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import ServiceModel

/// The remote calls in CBOR that newer clients prefer where a model names them: any service that is
/// asked by targets can be asked so, at `/service/TARGET/operation/NAME`. [WIRE.cbor]
struct CBORProtocol: WireProtocol {
  let service: Service

  /// What the header `smithy-protocol` says.
  static let name = "rpc-v2-cbor"

  /// The two names in a request's path.
  static func names(in request: WireRequest) -> (service: String, operation: String)? {
    let segments = RequestTarget(request.target).segments
    guard segments.count == 4, segments[0] == "service", segments[2] == "operation" else {
      return nil
    }
    return (segments[1], segments[3])
  }

  func operation(of request: WireRequest) throws(ServiceError) -> OperationModel {
    guard request.method == "POST", let name = Self.names(in: request)?.operation,
      let operation = service.operation(named: name), operation.name == name
    else { throw .unknownOperation }
    return operation
  }

  func input(
    of request: WireRequest, for operation: OperationModel
  ) throws(ServiceError) -> Document {
    guard !request.body.isEmpty else { return .emptyObject }
    guard let document = CBOR.document(request.body) else { throw .unreadable() }
    return document
  }

  func answer(_ output: Document, of operation: OperationModel) -> WireAnswer {
    answer(200, CBOR.bytes(of: output, as: operation.output))
  }

  func answer(_ error: ServiceError, to request: WireRequest) -> WireAnswer {
    var members: [(String, Document)] = [("__type", .string(error.code))]
    if !error.message.isEmpty { members.append(("message", .string(error.message))) }
    members += error.members.members.map { ($0, $1) }
    return answer(
      error.status,
      CBOR.bytes(of: Document(members: members), as: service.shape(named: error.code)))
  }

  private func answer(_ status: Int, _ body: [UInt8]) -> WireAnswer {
    WireAnswer(
      status: status,
      headers: ["Content-Type": "application/cbor", "smithy-protocol": Self.name], body: body)
  }
}
