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

  func perform(_ request: ServiceRequest) throws -> Result<Document, ServiceError> {
    do {
      return try session.perform(request)
    } catch {
      throw EndpointError(description: PromptRefusal(error).line)
    }
  }

  func advance(by text: String) throws -> String? {
    guard let duration = try? Duration(short: text.hasPrefix("+") ? String(text.dropFirst()) : text)
    else { return nil }
    return try session.exclusively { session in
      try session.advance(by: duration, isStep: true)
      return session.now.rfc3339Milliseconds
    }
  }

  func reset() throws {
    try session.exclusively { try $0.reset() }
  }

  func describe() throws -> Document {
    let world = world
    return try session.exclusively { session in
      [
        "world": .string(world), "now": .string(session.now.rfc3339Milliseconds),
        "undoable": .integer(Int64(session.status.undoable)),
        "fingerprint": .string("\(session.cloud.fingerprint())"),
      ]
    }
  }
}
