// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
internal import ContentFormat
internal import Documents
package import ItemModel
internal import OrderedCollections
package import Simulation

/// Everything that happens in a world by itself: setting up, traffic, incidents.
///
/// It is a function of time alone. Whoever moves a clock from one instant to another asks what lies
/// between; nothing else is to be remembered, so going back in time needs no care.
package struct Schedule: Sendable {
  /// One thing that happens at an instant.
  package enum Happening: Sendable {
    /// A part of the world's own beginning, before its clock starts.
    case setUp(SetUp)
    /// A write of a traffic stream.
    case write(stream: String, ServiceRequest)
    case incident(Incident)
  }

  package let start: Instant
  package private(set) var streams: [ResolvedStream]
  private let fixed: [(at: Instant, what: Happening)]

  init(
    _ world: WorldDescription, seed: UInt64, clock: Instant, _ bindings: Bindings
  ) throws(ContentProblem) {
    var events: [(at: Instant, what: Happening)] = []
    for step in try SetUp.steps(of: world, seed: seed, clock: clock, bindings) {
      events.append((step.at, .setUp(step)))
    }
    for incident in world.timeline {
      guard let at = incident.at else { continue }
      events.append((try at.instant(from: clock, bindings), .incident(incident)))
    }
    // The sort is stable: what stands first in the file happens first.
    fixed = events.sorted { $0.at < $1.at }
    var streams: [ResolvedStream] = []
    for stream in world.traffic {
      streams.append(
        try ResolvedStream(stream, in: world, seed: seed, clock: clock, bindings))
    }
    self.streams = streams
    start = min(clock, fixed.first?.at ?? clock)
  }

  /// The same world without some streams.
  package func without(_ names: Set<String>) -> Schedule {
    var result = self
    result.streams.removeAll { names.contains($0.id) }
    return result
  }

  /// The next instant at which something happens, within a stretch of time.
  ///
  /// - Complexity: O(log n + s) in the fixed events and the streams.
  package func nextInstant(after now: Instant, through end: Instant) -> Instant? {
    var next = fixed[firstFixed(after: now)...].first?.at
    for stream in streams {
      guard let at = stream.next(after: now) else { continue }
      next = min(next ?? at, at)
    }
    return next.flatMap { $0 <= end ? $0 : nil }
  }

  /// What happens at exactly one instant, in order.
  package func happenings(at instant: Instant) -> [Happening] {
    let before = Instant(milliseconds: instant.milliseconds - 1)
    var result: [Happening] = []
    for event in fixed[firstFixed(after: before)...] {
      guard event.at == instant else { break }
      result.append(event.what)
    }
    for stream in streams where stream.next(after: before) == instant {
      if let request = stream.request(at: instant) {
        result.append(.write(stream: stream.id, request))
      }
    }
    return result
  }

  /// The incidents within a stretch of time, the first instant excluded, the last included.
  package func incidents(
    after start: Instant, through end: Instant
  ) -> [(at: Instant, incident: Incident)] {
    fixed[firstFixed(after: start)...].prefix { $0.at <= end }.compactMap { event in
      guard case .incident(let incident) = event.what else { return nil }
      return (event.at, incident)
    }
  }

  private func firstFixed(after now: Instant) -> Int {
    var (low, high) = (0, fixed.count)
    while low < high {
      let middle = (low + high) / 2
      if fixed[middle].at <= now { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// A traffic stream with its times known: a function from ordinals to writes.
package struct ResolvedStream: Sendable {
  package let id: String
  let from: Instant
  let until: Instant?
  let intervalMilliseconds: Int64
  let action: TrafficStream.Action
  let set: Document
  let generator: ItemGenerator
  let startCount: Int
  let writtenKeys: [AttributeMap]
  let caller: Caller
  private let base: UInt64

  init(
    _ stream: TrafficStream, in world: WorldDescription, seed: UInt64, clock: Instant,
    _ bindings: Bindings
  ) throws(ContentProblem) {
    id = stream.id
    from = try stream.from?.instant(from: clock, bindings) ?? clock
    until = try stream.until?.instant(from: clock, bindings)
    intervalMilliseconds = stream.rate.intervalMilliseconds
    guard let action = stream.action,
      let table = world.tables.first(where: { $0.name == action.table })
    else {
      throw ContentProblem(.unknownName, "the stream \(stream.id) writes to no table of the world")
    }
    self.action = action
    set = stream.set ?? .object([:])
    generator = table.value.generator(named: table.name, seed: seed, clock: clock)
    switch table.value.items {
    case .generated(let count): (startCount, writtenKeys) = (count, [])
    case .written(let items):
      let schema = KeySchema(partition: table.value.key, sort: table.value.sort)
      (startCount, writtenKeys) = (items.count, items.map(schema.keyAttributes))
    }
    let place = try world.place(table.value.place)
    caller = Caller(
      account: place.account, region: place.region,
      principal: Principal(kind: .role, name: stream.id, session: stream.id))
    var source = IdentifierSource(seed: seed)
    base = source.draw("traffic " + stream.id)
  }

  /// The instant of a write: one in each interval, at a place of its own within it.
  private func instant(_ ordinal: Int64) -> Instant {
    var random = SplitMix64(seed: base &+ UInt64(bitPattern: ordinal))
    let offset = Int64(random.next() % UInt64(intervalMilliseconds))
    return Instant(
      milliseconds: from.milliseconds + ordinal * intervalMilliseconds + offset)
  }

  private func ordinal(after now: Instant) -> Int64 {
    let passed = now.milliseconds - from.milliseconds
    guard passed >= 0 else { return 0 }
    let current = passed / intervalMilliseconds
    return instant(current) > now ? current : current + 1
  }

  /// The first write after an instant; nil where the stream has ended.
  func next(after now: Instant) -> Instant? {
    let at = instant(ordinal(after: now))
    guard let until else { return at }
    return at < until ? at : nil
  }

  /// The stream's first write, if it lies at or before an instant.
  package func first(through now: Instant) -> Instant? {
    next(after: Instant(milliseconds: from.milliseconds - 1)).flatMap { $0 <= now ? $0 : nil }
  }

  /// The stream's last write at or before an instant.
  package func last(through now: Instant) -> Instant? {
    var end = now
    if let until { end = min(end, Instant(milliseconds: until.milliseconds - 1)) }
    let ordinal = ordinal(after: end) - 1
    return ordinal >= 0 ? instant(ordinal) : nil
  }

  /// The table it writes to.
  package var table: String { action.table }

  /// The keys of its writes within a stretch of time, in order; the first instant is excluded.
  ///
  /// - Complexity: O(n) in the number of writes.
  package func keys(after start: Instant?, through end: Instant) -> [AttributeMap] {
    guard let last = last(through: end) else { return [] }
    let final = ordinal(after: last)
    let initial = min(start.map { ordinal(after: $0) } ?? 0, final)
    return (initial..<final).compactMap(key)
  }

  /// The request of the write at an instant.
  func request(at instant: Instant) -> ServiceRequest? {
    let ordinal = ordinal(after: instant) - 1
    guard ordinal >= 0, let key = key(ordinal) else { return nil }
    let bindings = Bindings(["now": .time(instant)])
    let set = (try? self.set.substituting(bindings)) ?? self.set
    switch action {
    case .put(let table):
      var item = generator.item(Int(ordinal), of: id)
      for (name, value) in (try? AttributeMap(content: set)) ?? AttributeMap() {
        item[name] = value
      }
      return request("PutItem", ["TableName": .string(table), "Item": item.json])
    case .delete(let table):
      return request("DeleteItem", ["TableName": .string(table), "Key": key.json])
    case .update(let table):
      let changes = (try? AttributeMap(content: set)) ?? AttributeMap()
      var names: OrderedDictionary<String, Document> = [:]
      var values: OrderedDictionary<String, Document> = [:]
      var clauses: [String] = []
      for (position, change) in changes.enumerated() {
        names["#a\(position)"] = .string(change.name)
        values[":v\(position)"] = change.value.json
        clauses.append("#a\(position) = :v\(position)")
      }
      return request(
        "UpdateItem",
        [
          "TableName": .string(table), "Key": key.json,
          "UpdateExpression": .string("SET " + clauses.joined(separator: ", ")),
          "ExpressionAttributeNames": .object(names),
          "ExpressionAttributeValues": .object(values),
        ])
    }
  }

  private func key(_ ordinal: Int64) -> AttributeMap? {
    if case .put = action { return generator.key(Int(ordinal), of: id) }
    guard startCount > 0 else { return nil }
    var random = SplitMix64(seed: base ^ 0x5bd1_e995 &+ UInt64(bitPattern: ordinal))
    let chosen = Int(random.next() % UInt64(startCount))
    return writtenKeys.isEmpty ? generator.key(chosen) : writtenKeys[chosen]
  }

  private func request(_ operation: String, _ input: Document) -> ServiceRequest {
    ServiceRequest(service: "dynamodb", operation: operation, input: input, caller: caller)
  }
}
