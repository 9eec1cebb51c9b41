// SPDX-License-Identifier: GPL-3.0-or-later

internal import CloudEngine
internal import Documents
internal import Endpoint
internal import Simulation
internal import StateStore

/// The endpoint's engine: the world of the prompt, journalled and undone like what is typed there.
struct SessionBackend: EndpointBackend {
  let session: SharedSession
  let world: String
  let clock: ServedClock

  var isInMemory: Bool { false }

  func perform(together requests: [ServiceRequest]) throws -> [Result<Document, ServiceError>] {
    do {
      return try session.perform(together: requests, door: "endpoint", pace: clock.pace)
    } catch {
      throw EndpointError(description: PromptRefusal(error).line)
    }
  }

  func roleSession(forKey key: String) -> Result<RoleSession, ServiceError>? {
    session.exclusively { $0.cloud.roleSession(forKey: key) }
  }

  func advance(by text: String) throws -> String? {
    guard let duration = length(text) else { return nil }
    return try session.exclusively { session in
      guard try session.advance(by: duration, isStep: true, unless: { $0 > Jump.limit }) else {
        throw tooMuch
      }
      return session.now.rfc3339Milliseconds
    }
  }

  func reset() throws {
    try session.exclusively { try $0.reset() }
  }

  func describe() throws -> Document {
    session.exclusively { session in
      described(session.cloud, world, clock)
        .with("undoable", .integer(Int64(session.status.undoable)))
    }
  }
}

/// The endpoint's engine without a journal.
struct MemoryBackend: EndpointBackend {
  let world: MemoryWorld
  let clock: ServedClock

  var isInMemory: Bool { true }

  func perform(together requests: [ServiceRequest]) -> [Result<Document, ServiceError>] {
    requests.map(world.perform)
  }

  func roleSession(forKey key: String) -> Result<RoleSession, ServiceError>? {
    world.cloud.roleSession(forKey: key)
  }

  func advance(by text: String) throws -> String? {
    guard let duration = length(text) else { return nil }
    guard let now = world.advance(by: duration, unless: { $0 > Jump.limit }) else { throw tooMuch }
    return now.rfc3339Milliseconds
  }

  func reset() { world.reset() }

  func describe() -> Document { described(world.cloud, "memory", clock) }
}

/// A length of time as clients write it, `5m` or `+5m`; nil for what is none.
private func length(_ text: String) -> Duration? {
  try? Duration(short: text.hasPrefix("+") ? String(text.dropFirst()) : text)
}

/// What a move of the clock is told on whose way too much would happen.
private let tooMuch = ControlRefusal(
  message: "More than \(Jump.limit) things would happen by themselves. Nothing was changed.")

/// What `GET /_rewind/world` shows of any world.
private func described(_ cloud: Cloud, _ world: String, _ clock: ServedClock) -> Document {
  [
    "world": .string(world), "now": .string(cloud.now.rfc3339Milliseconds),
    "clock": .string(clock.name), "fingerprint": .string("\(cloud.fingerprint())"),
    "pending": .array(
      cloud.pendingTransitions.map {
        ["at": .string($0.at.rfc3339Milliseconds), "what": .string($0.what)]
      }),
  ]
}
