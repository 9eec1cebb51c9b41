// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Dispatch
import Documents
import Simulation
import Synchronization

@testable import Endpoint

/// An endpoint's engine in memory, without a journal.
final class MemoryBackend: EndpointBackend {
  private let cloud: Mutex<Cloud>
  private let start: Cloud

  /// Whether it says so; the endpoint asks one that does on the thread that reads.
  let isInMemory: Bool
  private let isHeld = Atomic(false)
  private let busy = DispatchSemaphore(value: 0)
  private let gate = DispatchSemaphore(value: 0)

  /// Lets whoever comes next wait in the midst of it, until `letGo`.
  func hold() { isHeld.store(true, ordering: .relaxed) }
  func waitUntilBusy() { busy.wait() }
  func letGo() { gate.signal() }

  /// How many requests were performed together at most.
  let most = Mutex(0)

  init(isInMemory: Bool = true) {
    self.isInMemory = isInMemory
    start = Cloud(seed: 7, clock: Instant(seconds: 1_772_818_800))
    cloud = Mutex(start)
  }

  func perform(together requests: [ServiceRequest]) -> [Result<Document, ServiceError>] {
    most.withLock { $0 = max($0, requests.count) }
    if isHeld.exchange(false, ordering: .relaxed) {
      busy.signal()
      gate.wait()
    }
    return requests.map { request in
      cloud.withLock { cloud in
        do throws(ServiceError) {
          return .success(try cloud.perform(request))
        } catch {
          return .failure(error)
        }
      }
    }
  }

  func roleSession(forKey key: String) throws -> Result<RoleSession, ServiceError>? {
    cloud.withLock { $0.roleSession(forKey: key) }
  }

  func advance(by text: String) throws -> String? {
    guard let duration = try? Duration(short: text) else { return nil }
    return cloud.withLock { cloud in
      cloud.advance(by: duration)
      return cloud.now.rfc3339Milliseconds
    }
  }

  func reset() throws { cloud.withLock { $0 = start } }

  func describe() throws -> Document {
    cloud.withLock { ["now": .string($0.now.rfc3339Milliseconds)] }
  }
}

/// A signed request of an operation.
func request(
  _ target: String, _ body: String, key: String = "123456789012", region: String = "us-east-1",
  method: String = "POST"
) -> WireRequest {
  WireRequest(
    method: method, target: "/",
    headers: [
      "x-amz-target": target,
      "authorization":
        "AWS4-HMAC-SHA256 Credential=\(key)/20260306/\(region)/dynamodb/aws4_request, "
        + "SignedHeaders=host, Signature=00",
    ], body: Array(body.utf8))
}

let orders = """
  {"TableName":"orders","BillingMode":"PAY_PER_REQUEST",
   "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
   "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}
  """

extension WireAnswer {
  var text: String { String(decoding: body, as: UTF8.self) }
}

/// A request as a service that is not asked by a target gets it.
func request(
  _ method: String, _ target: String, _ body: String = "", service: String,
  headers: [(name: String, value: String)] = []
) -> WireRequest {
  WireRequest(
    method: method, target: target,
    headers: WireHeaders(
      [
        (
          name: "Authorization",
          value:
            "AWS4-HMAC-SHA256 Credential=123456789012/20260306/us-east-1/\(service)/aws4_request"
        )
      ] + headers), body: Array(body.utf8))
}
