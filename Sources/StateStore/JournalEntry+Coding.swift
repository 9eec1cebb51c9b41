// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Digests
import Documents
import Simulation

extension JournalEntry {
  /// The row's payload, an object.
  var payload: Document {
    switch self {
    case .start(let start):
      // A seed has 64 bits without a sign; JSON integers here have one, so it is text.
      [
        "seed": .string(String(start.seed)), "clock": .integer(start.clock.milliseconds),
        "engine": .string(start.engineVersion),
      ]
    case .request(let request, let door, let time):
      Document(members: RequestPayload.members(of: request, door, time))
    case .advance(let duration, let isStep):
      ["ms": .integer(duration.wholeMilliseconds), "step": .bool(isStep)]
    case .undo(let row, let mark):
      ["to": .integer(row), "mark": mark.map(Document.string) ?? .null]
    case .redo(let count): ["count": .integer(Int64(count))]
    case .mark(let name): ["name": .string(name)]
    case .reset, .fork, .keep, .discard: [:]
    case .variable(let name, let value):
      ["name": .string(name), "value": value.map(Document.string) ?? .null]
    case .note(let kind, _): ["kind": .string(kind)]
    case .command(let text, let status, let from, let at):
      [
        "text": .string(text), "status": .integer(Int64(status)), "from": .integer(from),
        "at": .integer(at.milliseconds),
      ]
    case .adoption(let engineVersion, let from, _):
      ["engine": .string(engineVersion), "from": .integer(from)]
    }
  }

  /// The payload as compact JSON.
  var payloadText: String {
    guard case .request(let request, let door, let time) = self else { return payload.json() }
    return RequestPayload.text(RequestPayload.members(of: request, door, time))
  }

  /// The row's document; nil for kinds without one.
  var body: Document? {
    switch self {
    case .start(let start): start.origin
    case .request(let request, _, _): request.input
    case .note(_, let document): document
    case .adoption(_, _, let outcomes):
      .array(outcomes.map { [.integer($0.row), .string($0.outcome.hex)] })
    default: nil
    }
  }

  /// The entry of a row; nil if the row is none that this version writes.
  init?(_ row: JournalRow) {
    guard let payload = try? Document.parse(row.payload) else { return nil }
    var body = Document.null
    if !row.body.isEmpty {
      guard let parsed = try? Document.parse(row.body) else { return nil }
      body = parsed
    }
    self.init(kind: row.kind, payload: payload, body: body)
  }

  private init?(kind: String, payload: Document, body: Document) {
    switch kind {
    case "start":
      guard let seed = payload["seed"]?.string.flatMap({ UInt64($0) }),
        let clock = payload["clock"]?.integer, let engine = payload["engine"]?.string
      else { return nil }
      self = .start(
        StartDescription(
          seed: seed, clock: Instant(milliseconds: clock), engineVersion: engine, origin: body))
    case "request":
      guard let request = Self.request(payload, input: body) else { return nil }
      self = .request(
        request, door: payload["door"]?.string,
        takes: .milliseconds(payload["ms"]?.integer ?? 0))
    case "note":
      guard let kind = payload["kind"]?.string else { return nil }
      self = .note(kind: kind, body)
    case "command":
      guard let text = payload["text"]?.string, let from = payload["from"]?.integer,
        let status = payload["status"]?.integer.flatMap({ Int32(exactly: $0) }),
        let at = payload["at"]?.integer
      else { return nil }
      self = .command(text: text, status: status, from: from, at: Instant(milliseconds: at))
    case "adoption":
      guard let entry = Self.adoption(payload, body) else { return nil }
      self = entry
    default:
      guard let entry = Self.word(kind, payload) else { return nil }
      self = entry
    }
  }

  /// The entries that move between states or hold a name.
  private static func word(_ kind: String, _ payload: Document) -> JournalEntry? {
    switch kind {
    case "advance":
      guard let length = payload["ms"]?.integer, let isStep = payload["step"]?.bool else {
        return nil
      }
      return .advance(.milliseconds(length), isStep: isStep)
    case "undo":
      guard let row = payload["to"]?.integer else { return nil }
      return .undo(to: row, mark: payload["mark"]?.string)
    case "redo":
      guard let count = payload["count"]?.integer.flatMap({ Int(exactly: $0) }) else { return nil }
      return .redo(count: count)
    case "mark":
      return payload["name"]?.string.map(JournalEntry.mark)
    case "variable":
      guard let name = payload["name"]?.string else { return nil }
      return .variable(name: name, value: payload["value"]?.string)
    case "reset": return .reset
    case "fork": return .fork
    case "keep": return .keep
    case "discard": return .discard
    default: return nil
    }
  }

  private static func request(_ payload: Document, input: Document) -> ServiceRequest? {
    guard let service = payload["service"]?.string, let operation = payload["operation"]?.string,
      let account = payload["account"]?.string, let region = payload["region"]?.string,
      let kind = payload["kind"]?.string.flatMap(Principal.Kind.init(rawValue:)),
      let name = payload["name"]?.string, let session = payload["session"]?.string
    else { return nil }
    return ServiceRequest(
      service: service, operation: operation, input: input,
      caller: Caller(
        account: account, region: region,
        principal: Principal(
          kind: kind, name: name, session: session, issuedKey: payload["key"]?.string)))
  }

  private static func adoption(_ payload: Document, _ body: Document) -> JournalEntry? {
    guard let engine = payload["engine"]?.string, let list = body.array else { return nil }
    var outcomes: [(row: Int64, outcome: SHA256Digest)] = []
    for pair in list {
      guard let row = pair[0]?.integer,
        let digest = pair[1]?.string.flatMap(SHA256Digest.init(hex:))
      else { return nil }
      outcomes.append((row, digest))
    }
    return .adoption(
      engineVersion: engine, from: payload["from"]?.integer ?? 0, outcomes: outcomes)
  }
}
