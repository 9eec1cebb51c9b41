// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
package import Simulation

/// What tables asked of the keys they are encrypted under.
///
/// A table's data key is kept for five minutes for each caller, so that a busy one makes DynamoDB ask
/// twelve times an hour. [PRICE.keyRequests] Reads make requests too, so this is an observation.
struct KeyRequests: Sendable, Codable {
  /// On whose behalf a table asks its key.
  struct Use: Hashable, Comparable, Sendable, Codable {
    let key: String
    /// The table's own id.
    let table: String
    /// The caller's ARN.
    let caller: String

    static func < (left: Use, right: Use) -> Bool {
      if left.table != right.table { return left.table < right.table }
      if left.caller != right.caller { return left.caller < right.caller }
      return left.key < right.key
    }
  }

  /// The uses of the last five minutes, each with the request that it goes by still.
  private var asked: OrderedMap<Use, Instant> = OrderedMap()
  /// The same, oldest first.
  private var order: AppendLog<Use> = AppendLog()
  /// The requests so far, by key and day.
  private(set) var usage: OrderedMap<BillHeading, FoldedUsage> = OrderedMap()

  /// Counts a request, unless the use goes by an earlier one.
  ///
  /// - Complexity: O(log n) in the number of uses in five minutes, amortized.
  mutating func note(_ use: Use, of subject: @autoclosure () -> Ledger.Subject, at now: Instant) {
    while let oldest = order.first, let at = asked[oldest], at + KeyLoss.cached <= now {
      order.removeFirst(1)
      asked.removeValue(forKey: oldest)
    }
    guard asked[use] == nil else { return }
    asked[use] = now
    order.append(use)
    let subject = subject()
    let charge = Ledger.Charge(
      line: .keyRequest, place: subject.place, resource: subject.resource, name: subject.name,
      bytes: 1, from: now - .milliseconds(1), until: now)
    usage[charge.heading, default: FoldedUsage()].add(charge)
  }
}

extension Cloud {
  /// Notes that a table under a key does something for a caller.
  mutating func noteKeyUse(of id: TableID, under encryption: Encryption, by caller: Caller) {
    observations.keyRequests.note(
      KeyRequests.Use(key: encryption.keyARN, table: id.id, caller: caller.arn),
      of: Ledger.Subject(
        resource: encryption.keyARN,
        name: encryption.isManaged
          ? "aws/dynamodb" : ARN(encryption.keyARN).map { String($0.resource.dropFirst(4)) } ?? "",
        place: id.place),
      at: now)
  }

  /// What was metered in each of several stretches that meet, by heading: all that the ledger has
  /// and the requests to keys, which count on the day they were made, from its beginning on.
  ///
  /// - Parameters:
  ///   - boundaries: Where the stretches begin and end, as for the ledger.
  ///   - isPosted: Whether backups of DynamoDB's own are counted as it posts them.
  /// - Returns: An entry for each heading and stretch with anything in it, by heading and time.
  /// - Complexity: That of the ledger, and O(k) in keys times days.
  package func usage(between boundaries: [Instant], isPosted: Bool = false) -> [BillEntry] {
    ledger.usage(
      between: boundaries, isPosted: isPosted, and: observations.keyRequests.usage)
  }
}
