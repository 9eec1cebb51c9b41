// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
import PersistentCollections
package import Simulation

/// Everything a learner can see or change: resources, time and chance.
///
/// A copy is a snapshot: it costs nothing and never sees what happens to the original. Undo,
/// what-if, proofs and grading are copies.
///
/// ```swift
/// var cloud = Cloud(seed: 7, clock: Instant(seconds: 1_772_818_800))
/// let before = cloud                       // a snapshot
/// try cloud.perform(request)
/// cloud.advance(by: .days(35))             // runs what falls due, in order
/// ```
package struct Cloud: Sendable, Codable {
  /// The cloud's present instant, which moves by `advance` alone, and never back.
  package private(set) var now: Instant

  var places: OrderedMap<Place, Region> = OrderedMap()
  /// The buckets of all accounts: their names are one namespace in each partition.
  var buckets: OrderedMap<BucketID, Bucket> = OrderedMap()
  var agenda: Agenda<Occurrence> = Agenda()
  var identifiers: IdentifierSource
  /// What is metered but for recovery points, which have meters of their own.
  var meters = Ledger()
  /// The global tables by an id of their own.
  var replicationGroups: OrderedMap<String, ReplicationGroup> = OrderedMap()
  /// What accounts belong together; nil where each stands alone.
  package internal(set) var organization: Organization?

  /// The roles of accounts that have no others, by account and name; nil where all have any.
  var roles: OrderedMap<String, Role>?
  /// The tags that bills are split by, by the account that pays; nil before the first activation.
  var costTags: OrderedMap<String, CostAllocationTags>?

  /// The credentials that STS issued, by access key id; nil before the first.
  var roleSessions: OrderedMap<String, RoleSession>?

  /// What is wrong because the world says so; nil while nothing is.
  var faults: WorldFaults?

  /// What was seen to happen; no part of the cloud's state, so a refusal may add to it.
  package internal(set) var observations: Observations

  private enum CodingKeys: String, CodingKey {
    case now, places, buckets, agenda, identifiers
    case meters = "ledger"
    case replicationGroups, organization, roles, costTags, roleSessions, faults, observations
  }

  /// An empty cloud.
  ///
  /// - Parameters:
  ///   - seed: Decides every identifier drawn later.
  ///   - clock: The first instant.
  package init(seed: UInt64, clock: Instant) {
    now = clock
    identifiers = IdentifierSource(seed: seed)
    observations = Observations(seed: seed)
  }

  /// The resources of one place; an untouched place is empty.
  package subscript(place: Place) -> Region {
    // Where they lie is told: every request and everything that happens asks several times.
    unsafeAddress { places.address(of: place) ?? Region.empty.address }
    unsafeMutableAddress { places.address(of: place, default: Region()) }
  }
}

// MARK: - Time

extension Cloud {
  /// The last instant the clock can reach: the end of the year 9999.
  package static let lastInstant = Instant(seconds: 253_402_300_799)

  /// Moves the clock forward, running everything that falls due on the way, in order.
  ///
  /// A move beyond `lastInstant` stops there.
  ///
  /// - Parameter duration: How far; nothing happens for zero or less.
  /// - Complexity: O(k log n) for k occurrences due out of n on the agenda.
  package mutating func advance(by duration: Duration) {
    advance(to: now + duration)
  }

  /// Moves the clock forward to an instant; does nothing if that has passed.
  package mutating func advance(to instant: Instant) {
    _ = advance(to: instant, unless: { _ in false })
  }

  /// Moves the clock forward to an instant, unless somebody stops it on the way.
  ///
  /// - Parameters:
  ///   - instant: Where to; nothing happens if that has passed.
  ///   - stop: Asked after each occurrence with how many there were; true stops at once.
  /// - Returns: False if it was stopped, somewhere between.
  package mutating func advance(to instant: Instant, unless stop: (Int) -> Bool) -> Bool {
    let target = min(instant, Self.lastInstant)
    var count = 0
    while let (due, occurrence) = agenda.popNext(notAfter: target) {
      if due > now { now = due }
      if faults != nil, park(occurrence) { continue }
      happen(occurrence)
      count += 1
      if stop(count) { return false }
    }
    if target > now { now = target }
    return true
  }

  /// How many things will happen by themselves, in the background too.
  package var pendingCount: Int { agenda.count }

  /// The transitions under way that a `wait` waits for, soonest first, each with what it changes.
  ///
  /// - Complexity: O(n) in the length of the agenda.
  package var pendingTransitions: [(at: Instant, what: String)] {
    agenda.compactMap { entry in
      entry.occurrence.transition.map { (entry.token.instant, $0) }
    }
  }
}

// MARK: - Requests

extension Cloud {
  /// Carries a request out, whichever way it came, and remembers it in the audit trail.
  ///
  /// - Returns: The output as on the wire: members in the model's order, timestamps as numbers.
  /// - Throws: The service's own error; the cloud is then as it was but for observations.
  package mutating func perform(_ request: ServiceRequest) throws(ServiceError) -> Document {
    let entry = Catalog.entry(service: request.service, name: request.operation)
    do throws(ServiceError) {
      let output = try answer(request, by: entry)
      if let entry, entry.isManagementEvent {
        observe(request, by: entry.type, outcome: .success(output))
      }
      return output
    } catch {
      // A Region that is down hears nothing, so its trail has nothing.
      if let entry, entry.isManagementEvent, !isDown(request.caller.region) {
        observe(request, by: entry.type, outcome: .failure(error))
      }
      measureRefusal(error, of: request)
      throw error
    }
  }

  /// True for a request that never changes a resource, and for one that is not simulated.
  package static func isReadOnly(_ request: ServiceRequest) -> Bool {
    Catalog.operation(service: request.service, name: request.operation)?
      .isReadOnly(request.input) ?? (WorldFault(request) == nil)
  }

  private mutating func answer(
    _ request: ServiceRequest, by entry: CatalogEntry?
  ) throws(ServiceError) -> Document {
    guard let entry else {
      if let fault = WorldFault(request) {
        happen(fault)
        return .emptyObject
      }
      throw .notSimulated("\(request.service) \(request.operation)")
    }
    if faults != nil { try checkReach(of: request) }
    try observations.admit(request, by: entry.type, at: now)
    try authorize(request)
    return try entry.type.answer(request, input: entry.input, output: entry.output, in: &self)
  }
}
