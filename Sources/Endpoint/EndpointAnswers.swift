// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
import Digests
import Dispatch
package import Documents
import ServiceModel

/// What answers requests: the engine behind the endpoint, and what tests may ask beside it.
package protocol EndpointBackend: Sendable {
  /// True where nothing here ever waits for a disk, so that a request is best answered where it is read.
  var isInMemory: Bool { get }

  /// Performs requests that came at the same time, in any order; accepted changes are safe when this
  /// returns.
  ///
  /// - Returns: The service's answers, in the order of the requests.
  /// - Throws: A text for the one who runs the endpoint, where the machine failed.
  func perform(together requests: [ServiceRequest]) throws -> [Result<Document, ServiceError>]

  /// The session that an access key id was issued for, or how it is refused; nil for another key.
  ///
  /// - Throws: As `perform`.
  func roleSession(forKey key: String) throws -> Result<RoleSession, ServiceError>?

  /// Moves the virtual clock forward by a text such as `5m`.
  ///
  /// - Returns: The new instant; nil for a text that is no length of time.
  /// - Throws: `ControlRefusal` for a length that is too great; as `perform`.
  func advance(by text: String) throws -> String?

  /// Goes back to the world's start.
  func reset() throws

  /// What the world is and shows, for tests.
  func describe() throws -> Document
}

/// Why something that tests ask beside the services is not done.
package struct ControlRefusal: Error, Hashable, Sendable {
  package let message: String

  package init(message: String) { self.message = message }
}

/// From a request to its answer, without any network.
package struct EndpointAnswers: Sendable {
  private let backend: any EndpointBackend

  package init(_ backend: any EndpointBackend) { self.backend = backend }

  /// Begins to read, on another thread, the model that first requests are mostly about.
  package static func prepare() {
    DispatchQueue.global().async { _ = Service.dynamodb }
  }

  /// True where answers are best asked for where the request is read; see `EndpointBackend`.
  package var areImmediate: Bool { backend.isInMemory }

  /// Answers a request; bad requests of any shape get a service's own error.
  package func answer(_ request: WireRequest) -> WireAnswer {
    answer(perform([Waiting(request, read(request, mayWait: true))])[0], to: request)
  }

  /// What a request comes to before the engine is asked.
  enum Reading: Sendable {
    case answered(WireAnswer)
    case asks(Asked)
    /// Only the world can tell, for which one may have to wait.
    case waits
  }

  /// A request that the engine has to answer, and how its answer is written.
  final class Asked: Sendable {
    let request: ServiceRequest
    fileprivate let wire: any WireProtocol
    fileprivate let operation: OperationModel

    fileprivate init(
      request: ServiceRequest, wire: any WireProtocol, operation: OperationModel
    ) {
      self.request = request
      self.wire = wire
      self.operation = operation
    }
  }

  /// A request that was read and is to be performed.
  final class Waiting: Sendable {
    let request: WireRequest
    let reading: Reading

    init(_ request: WireRequest, _ reading: Reading) {
      self.request = request
      self.reading = reading
    }
  }

  /// What a request has come to.
  enum Outcome: Sendable {
    case answered(WireAnswer)
    case performed(Asked, Result<Document, ServiceError>)
  }

  /// Has requests performed together that came at the same time.
  ///
  /// - Returns: What they came to, in their order.
  func perform(_ requests: [Waiting]) -> [Outcome] {
    var asked: [ServiceRequest] = []
    asked.reserveCapacity(requests.count)
    let readings = requests.map { waiting in
      var reading = waiting.reading
      if case .waits = reading { reading = read(waiting.request, mayWait: true) }
      if case .asks(let one) = reading { asked.append(one.request) }
      return reading
    }
    var outcomes = perform(asked).makeIterator()
    return readings.map { reading in
      switch reading {
      case .answered(let known): return .answered(known)
      case .asks(let asked):
        guard let outcome = outcomes.next() else { preconditionFailure("each has its outcome") }
        return .performed(asked, outcome)
      case .waits: preconditionFailure("the world was asked above")
      }
    }
  }

  /// Words the answer to a request.
  func answer(_ outcome: Outcome, to request: WireRequest) -> WireAnswer {
    var answer =
      switch outcome {
      case .answered(let known): known
      case .performed(let asked, .success(let output)):
        asked.wire.answer(output, of: asked.operation)
      case .performed(let asked, .failure(let error)): asked.wire.answer(error, to: request)
      }
    if answer.headers["x-amzn-RequestId"] == nil, answer.headers["x-amz-request-id"] == nil {
      answer.headers.add("x-amzn-RequestId", RequestID.next())
    }
    return answer.compressed(for: request)
  }

  /// Makes sense of a request.
  ///
  /// - Parameters:
  ///   - request: What came.
  ///   - mayWait: False where nobody may wait for the world; the answer is `waits` then if it is needed.
  /// - Returns: What is known of it without the engine.
  func read(_ request: WireRequest, mayWait: Bool) -> Reading {
    if request.target.utf8.starts(with: "/_rewind/".utf8) {
      return mayWait ? .answered(control(request)) : .waits
    }
    if isHealthCheck(request) {
      return .answered(
        WireAnswer(
          status: 200, headers: ["Content-Type": "text/plain"],
          body: Array("healthy: dynamodb.us-east-1.amazonaws.com ".utf8)))
    }
    return ask(request, mayWait: mayWait)
  }

  private func isHealthCheck(_ request: WireRequest) -> Bool {
    request.method == "GET" && request.target == "/" && request.headers["Authorization"] == nil
      && request.headers["X-Amz-Target"] == nil
      && LoopbackHost.label(of: request.headers["Host"] ?? "") == nil
  }

  /// The scope of a request; nil if only the world can tell and nobody may wait for it.
  private func scope(
    of request: WireRequest, mayWait: Bool
  ) -> Result<RequestScope, ServiceError>? {
    var isKnown = true
    let scope = RequestScope.of(request) { key in
      guard mayWait else {
        isKnown = false
        return nil
      }
      do {
        return try backend.roleSession(forKey: key)
      } catch {
        return .failure(
          ServiceError(code: "InternalServerError", message: "\(error)", status: 500))
      }
    }
    return isKnown ? scope : nil
  }

  // MARK: Services

  private func ask(_ request: WireRequest, mayWait: Bool) -> Reading {
    guard let scope = scope(of: request, mayWait: mayWait) else { return .waits }
    guard
      let wire = ServiceDoor.wire(
        for: request, signedFor: (try? scope.get())?.signingName ?? Self.guess(request))
    else { return .answered(unknown(request, scope)) }
    do throws(ServiceError) {
      let operation = try wire.operation(of: request)
      let caller = try scope.get().caller
      let input = try wire.input(of: request, for: operation)
      let asked = ServiceRequest(
        service: wire.service.cliName, operation: operation.name, input: input, caller: caller)
      return .asks(Asked(request: asked, wire: wire, operation: operation))
    } catch {
      return .answered(wire.answer(error, to: request))
    }
  }

  private func perform(_ requests: [ServiceRequest]) -> [Result<Document, ServiceError>] {
    guard !requests.isEmpty else { return [] }
    do {
      return try backend.perform(together: requests)
    } catch {
      let failure = ServiceError(code: "InternalServerError", message: "\(error)", status: 500)
      return requests.map { _ in .failure(failure) }
    }
  }

  /// The signing name of a service whose request has no scope that can be read.
  private static func guess(_ request: WireRequest) -> String {
    if isForm(request) { return "sts" }
    return request.method == "POST" ? "dynamodb" : "s3"
  }

  /// Refuses a request to a service that we have no model of, by the name in its signature and in the
  /// way the request itself is written.
  private func unknown(
    _ request: WireRequest, _ scope: Result<RequestScope, ServiceError>
  ) -> WireAnswer {
    let refusal: ServiceError
    do throws(ServiceError) {
      let name = try scope.get().signingName
      let isOurs = Service.doors.contains { $0.signingName == name }
      refusal = isOurs ? .unknownOperation : .notSimulated(name)
    } catch {
      refusal = error
    }
    let wire: any WireProtocol
    if request.headers["smithy-protocol"] != nil {
      wire = CBORProtocol(service: .dynamodb)
    } else if request.headers["X-Amz-Target"] != nil {
      wire = JSONProtocol(service: .dynamodb)
    } else if Self.isForm(request) {
      wire = QueryProtocol(service: .sts)
    } else {
      wire = RESTProtocol(service: .backup)
    }
    return wire.answer(refusal, to: request)
  }

  private static func isForm(_ request: WireRequest) -> Bool {
    request.headers["Content-Type"]?.hasPrefix("application/x-www-form-urlencoded") == true
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
    } catch let refusal as ControlRefusal {
      return said(400, ["message": .string(refusal.message)])
    } catch {
      return said(500, ["message": .string("\(error)")])
    }
  }

  private func said(_ status: Int, _ document: Document) -> WireAnswer {
    WireAnswer(
      status: status, headers: ["Content-Type": "application/json"],
      body: document.jsonBytes(.compact))
  }
}

extension WireAnswer {
  /// Shorter answers are sent as they are.
  private static let compressedFrom = 1_024

  /// The answer in gzip where the client takes it and it is a text worth it; the checksum is then that
  /// of what is sent. [WIRE.gzip]
  fileprivate func compressed(for request: WireRequest) -> WireAnswer {
    guard body.count >= Self.compressedFrom, isText,
      let accepted = request.headers["Accept-Encoding"], Self.takesGzip(accepted)
    else { return self }
    let packed = gzip(body)
    let fields = headers.fields.map { name, value in
      (name: name, value: name == "x-amz-crc32" ? "\(crc32(of: packed))" : value)
    }
    return WireAnswer(
      status: status,
      headers: WireHeaders(fields + [(name: "Content-Encoding", value: "gzip")]), body: packed)
  }

  /// Objects are sent as they were stored.
  private var isText: Bool {
    headers["ETag"] == nil && headers["x-amz-id-2"] == nil
  }

  private static func takesGzip(_ accepted: String) -> Bool {
    accepted.lowercased().split(separator: ",").contains { part in
      let words = part.filter { $0 != " " }.split(separator: ";")
      return words.first == "gzip" && !words.dropFirst().contains { $0 == "q=0" || $0 == "q=0.0" }
    }
  }
}
