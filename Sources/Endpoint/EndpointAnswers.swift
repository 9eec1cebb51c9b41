// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
package import Documents
import ServiceModel
import Simulation
import Synchronization

/// What answers requests: the engine behind the endpoint, and what tests may ask beside it.
package protocol EndpointBackend: Sendable {
  /// Performs a request; an accepted change is safe when this returns.
  ///
  /// - Throws: A text for the one who runs the endpoint, where the machine failed.
  func perform(_ request: ServiceRequest) throws -> Result<Document, ServiceError>

  /// Moves the virtual clock forward by a text such as `5m`.
  ///
  /// - Returns: The new instant; nil for a text that is no length of time.
  func advance(by text: String) throws -> String?

  /// Goes back to the world's start.
  func reset() throws

  /// What the world is and shows, for tests.
  func describe() throws -> Document
}

/// From a request to its answer, without any network.
package struct EndpointAnswers: Sendable {
  private let backend: any EndpointBackend

  package init(_ backend: any EndpointBackend) { self.backend = backend }

  /// Answers a request; bad requests of any shape get a service's own error.
  package func answer(_ request: WireRequest) -> WireAnswer {
    var answer: WireAnswer
    if request.path.hasPrefix("/_rewind/") {
      answer = control(request)
    } else if let target = request.headers["X-Amz-Target"] {
      answer = json(request, target: target)
    } else if request.method == "GET", request.target == "/",
      request.headers["Authorization"] == nil
    {
      answer = WireAnswer(
        status: 200, headers: ["Content-Type": "text/plain"],
        body: Array("healthy: dynamodb.us-east-1.amazonaws.com ".utf8))
    } else {
      answer = otherProtocol(request)
    }
    answer.headers.add("x-amzn-RequestId", RequestID.next())
    return answer
  }

  // MARK: JSON

  private func json(_ request: WireRequest, target: String) -> WireAnswer {
    guard let (wire, name) = JSONProtocol.named(by: target) else {
      return JSONProtocol(service: .dynamodb).answer(.unknownOperation)
    }
    guard let operation = wire.service.operation(named: name), operation.name == name else {
      return wire.answer(ServiceError.unknownOperation)
    }
    switch RequestScope.of(request) {
    case .failure(let refusal): return wire.answer(refusal)
    case .success(let scope):
      guard request.method == "POST" else { return wire.answer(ServiceError.unknownOperation) }
      let input: Document
      do {
        input = request.body.isEmpty ? .emptyObject : try Document.parse(request.body)
      } catch {
        return wire.answer(ServiceError(code: "SerializationException", message: ""))
      }
      do {
        let outcome = try backend.perform(
          ServiceRequest(
            service: wire.service.cliName, operation: name, input: input, caller: scope.caller))
        switch outcome {
        case .success(let output): return wire.answer(output)
        case .failure(let error): return wire.answer(error)
        }
      } catch {
        return wire.answer(
          ServiceError(code: "InternalServerError", message: "\(error)", status: 500))
      }
    }
  }

  /// STS in its own protocol; services of other protocols are answered by name, in theirs.
  private func otherProtocol(_ request: WireRequest) -> WireAnswer {
    switch RequestScope.of(request) {
    case .failure(let refusal): return JSONProtocol(service: .dynamodb).answer(refusal)
    case .success(let scope):
      switch scope.signingName {
      case "sts": return form(request, scope)
      case "s3":
        return XMLProtocol(form: .plain).answer(.notSimulated("s3 over the endpoint"))
      default:
        let refusal = ServiceError.notSimulated("\(scope.signingName) over the endpoint")
        var answer = said(refusal.status, ["message": .string(refusal.message)])
        answer.headers.add("x-amzn-ErrorType", refusal.code)
        return answer
      }
    }
  }

  private func form(_ request: WireRequest, _ scope: RequestScope) -> WireAnswer {
    let wire = XMLProtocol(form: .query)
    let (action, input) = XMLProtocol.fields(of: request.body)
    guard let action, let operation = Service.sts.operation(named: action), operation.name == action
    else {
      return wire.answer(
        ServiceError(
          code: "InvalidAction",
          message: "Could not find operation \(action ?? "") for version "
            + Service.sts.apiVersion))
    }
    do {
      let outcome = try backend.perform(
        ServiceRequest(service: "sts", operation: action, input: input, caller: scope.caller))
      switch outcome {
      case .success(let output): return wire.answer(output, of: action, .sts)
      case .failure(let error): return wire.answer(error)
      }
    } catch {
      return wire.answer(ServiceError(code: "InternalFailure", message: "\(error)", status: 500))
    }
  }

  // MARK: Control

  private func control(_ request: WireRequest) -> WireAnswer {
    do {
      switch (request.method, request.path) {
      case ("POST", "/_rewind/time"):
        guard let text = (try? Document.parse(request.body))?["advance"]?.string,
          let now = try backend.advance(by: text)
        else { return said(400, ["message": "Give a length of time: {\"advance\": \"5m\"}."]) }
        return said(200, ["now": .string(now)])
      case ("POST", "/_rewind/reset"):
        try backend.reset()
        return said(200, .emptyObject)
      case ("GET", "/_rewind/world"): return said(200, try backend.describe())
      default: return said(404, ["message": "There is POST time, POST reset and GET world."])
      }
    } catch {
      return said(500, ["message": .string("\(error)")])
    }
  }

  private func said(_ status: Int, _ document: Document) -> WireAnswer {
    WireAnswer(
      status: status, headers: ["Content-Type": "application/json"],
      body: Array(document.json(.compact).utf8))
  }
}

extension ServiceError {
  static let unknownOperation = ServiceError(code: "UnknownOperationException", message: "")
}

/// Ids of requests, of the shape the services use: each once in a process; nothing depends on them.
enum RequestID {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)
  private static let count = Atomic<UInt64>(0)

  static func next() -> String {
    var numbers = SplitMix64(seed: count.wrappingAdd(1, ordering: .relaxed).newValue)
    let letters = (0..<52).map { _ in alphabet[Int(numbers.next() % 36)] }
    return String(decoding: letters, as: UTF8.self)
  }
}
