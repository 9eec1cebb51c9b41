// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import ServiceModel

/// How a service is asked and how it answers: from bytes to a document and back, by its model.
protocol WireProtocol: Sendable {
  var service: Service { get }

  /// The operation a request names.
  ///
  /// - Throws: The service's refusal of one that it has not.
  func operation(of request: WireRequest) throws(ServiceError) -> OperationModel

  /// What a request says to an operation.
  ///
  /// - Throws: The service's refusal of what cannot be read.
  func input(
    of request: WireRequest, for operation: OperationModel
  ) throws(ServiceError) -> Document

  /// An accepted request's answer.
  func answer(_ output: Document, of operation: OperationModel) -> WireAnswer

  /// A refused one's.
  func answer(_ error: ServiceError, to request: WireRequest) -> WireAnswer
}

extension ServiceDoor {
  /// The protocol in which a request speaks to a service of ours; nil where it names none that is.
  ///
  /// A target or a path of RPC names the service itself; else the scope of the signature does.
  static func wire(for request: WireRequest, signedFor signingName: String?) -> (any WireProtocol)?
  {
    if request.headers["smithy-protocol"] == CBORProtocol.name {
      let prefix = CBORProtocol.names(in: request)?.service
      return doors(ofPrefix: prefix)?.service.map { CBORProtocol(service: $0) }
    }
    if let target = request.headers["X-Amz-Target"] {
      let prefix = JSONProtocol.parts(of: target)?.service
      return doors(ofPrefix: prefix)?.service.map { JSONProtocol(service: $0) }
    }
    guard let door = Service.doors.first(where: { $0.signingName == signingName }),
      let service = door.service
    else { return nil }
    // A service that speaks several protocols is asked by a form in its oldest.
    let isForm =
      request.headers["Content-Type"]?.hasPrefix("application/x-www-form-urlencoded") == true
    return switch door.protocolName {
    case "rest-json": RESTProtocol(service: service)
    case "rest-xml": StorageProtocol(service: service)
    case "query": QueryProtocol(service: service)
    case "smithy-rpc-v2-cbor" where isForm: QueryProtocol(service: service)
    default: JSONProtocol(service: service)
    }
  }

  private static func doors(ofPrefix prefix: String?) -> ServiceDoor? {
    guard let prefix else { return nil }
    return Service.doors.first { $0.targetPrefix == prefix }
  }
}

extension ServiceError {
  static let unknownOperation = ServiceError(code: "UnknownOperationException", message: "")

  /// What cannot be read at all.
  static func unreadable(_ message: String = "") -> ServiceError {
    ServiceError(code: "SerializationException", message: message)
  }
}
