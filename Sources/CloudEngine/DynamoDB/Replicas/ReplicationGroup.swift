// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import PersistentCollections
import Simulation

/// The tables of one account, one a Region, that replicate to each other: a global table of version
/// 2019.11.21. [DDB.global.group]
///
/// No member is the first among them: each takes writes and changes of membership.
struct ReplicationGroup: Hashable, Sendable, Codable {
  /// In the order in which they joined, which is the order they are shown in.
  var members: [Member]
  /// Nil for eventual consistency.
  var strong: StrongConsistency?

  struct Member: Hashable, Sendable, Codable {
    /// The replica's own table; it exists from the moment the member is listed.
    let table: TableID
    /// The member that was asked to add this one; nil for the table the group began with.
    let source: TableID?
    let addedAt: Instant
    var status: Status
    /// What the replica will be made with; nil once its table exists.
    var plan: TableSettings?
    /// False for the first seconds, in which nothing shows the replica yet.
    var isListed: Bool { plan == nil }
  }

  /// A replica's status, as `DescribeTable` lists it. [DDB.global.lifecycle]
  enum Status: String, Sendable, Codable {
    case creating = "CREATING"
    case active = "ACTIVE"
    case deleting = "DELETING"
    /// Only shown: in the group, the member is `active`.
    case inaccessible = "INACCESSIBLE_ENCRYPTION_CREDENTIALS"
  }

  subscript(table: TableID) -> Member? { members.first { $0.table == table } }

  /// The member in a Region, once it is listed.
  func member(in region: String) -> Member? {
    members.first { $0.table.place.region == region && $0.isListed }
  }

  /// True if nobody joins or leaves.
  var isSettled: Bool {
    members.allSatisfy { $0.status == .active } && strong?.witness?.status ?? .active == .active
  }

  /// True if a member was asked within a day to add another one that is still here.
  ///
  /// Such a member cannot be deleted. [DDB.global.delete]
  func isRecentSource(_ table: TableID, at now: Instant) -> Bool {
    members.contains { $0.source == table && now - $0.addedAt < .hours(24) }
  }
}

/// What a table that belongs to a global table carries besides its items.
struct Replication: Sendable, Codable {
  let group: String
  /// Own writes that have not reached the other Regions yet, oldest first.
  var outbox: AppendLog<ReplicatedWrite> = AppendLog()
  /// Writes of other Regions that came while this replica's key was lost, in the order they came in;
  /// nil if there are none.
  private(set) var waiting: AppendLog<ReplicatedWrite>?
  private var stamps: OrderedMap<ItemKey, Arrival> = OrderedMap()
  private var arrivals: AppendLog<ArrivedKey> = AppendLog()

  init(group: String) { self.group = group }

  /// How long a write is on its way to the other Regions. [DDB.global.replication]
  static let delay: Duration = .seconds(1)
  /// How long a replica's key is lost before its global table goes on without it. [DDB.global.lostkey]
  static let patience: Duration = .hours(20)

  struct Arrival: Hashable, Sendable, Codable {
    let stamp: WriteStamp
    let at: Instant
  }

  struct ArrivedKey: Hashable, Sendable, Codable {
    let key: ItemKey
    let at: Instant
  }

  /// When and where the present state of an item was written; nil if that is too long ago to matter.
  ///
  /// - Complexity: O(log n) in the writes of the last second.
  func stamp(of key: ItemKey) -> WriteStamp? { stamps[key]?.stamp }

  /// Remembers a write, and forgets those that no write still on its way can precede.
  ///
  /// - Complexity: O(log n) amortised, in the writes of the last second.
  mutating func note(_ stamp: WriteStamp, of key: ItemKey, at now: Instant) {
    stamps[key] = Arrival(stamp: stamp, at: now)
    arrivals.append(ArrivedKey(key: key, at: now))
    while let oldest = arrivals.first, oldest.at < now - Self.delay {
      arrivals.removeFirst(1)
      if stamps[oldest.key]?.at == oldest.at { stamps[oldest.key] = nil }
    }
  }

  /// Takes over what another replica remembers, together with its items.
  mutating func adoptStamps(of other: Replication?) {
    stamps = other?.stamps ?? stamps
    arrivals = other?.arrivals ?? arrivals
  }

  /// Keeps a write until the replica's key, or its Region, is back.
  mutating func wait(with write: ReplicatedWrite) {
    waiting = waiting ?? AppendLog()
    waiting?.append(write)
  }

  /// Takes out what waited.
  mutating func takeWaiting() -> [ReplicatedWrite] {
    defer { waiting = nil }
    return waiting.map { Array($0) } ?? []
  }

  /// Takes the writes out that have been on their way long enough, oldest first.
  mutating func takeDue(at now: Instant) -> [ReplicatedWrite] {
    let due = Array(outbox.prefix { $0.stamp.instant <= now - Self.delay })
    outbox.removeFirst(due.count)
    return due
  }
}

/// When and where an item was written: the last writer wins. [DDB.global.conflict]
struct WriteStamp: Hashable, Comparable, Sendable, Codable {
  let instant: Instant
  let region: String
  /// The write's place among those of its table, for several in one millisecond.
  let sequence: UInt64

  static func < (left: WriteStamp, right: WriteStamp) -> Bool {
    (left.instant, left.region, left.sequence) < (right.instant, right.region, right.sequence)
  }
}

/// One item's new state on its way to the other Regions: whole items are replicated.
struct ReplicatedWrite: Hashable, Sendable, Codable {
  let stamp: WriteStamp
  let key: ItemKey
  /// Nil for a deletion.
  let item: Item?
}

// MARK: - Looking groups up

extension Table {
  /// True until a restored table or a new replica has its contents: hardly anything sees it then.
  var isBeingFilled: Bool { restore != nil || (replication != nil && status == .creating) }
}

extension Cloud {
  /// The global table that a table belongs to; nil for a table of one Region.
  func group(of id: TableID) -> ReplicationGroup? {
    self[id.place].tables[id.name]?.replication.flatMap { replicationGroups[$0.group] }
  }

  /// A table and, if it belongs to a global table, its replicas: those that exist and do not leave.
  ///
  /// The table itself comes first.
  func replicas(with id: TableID) -> [TableID] {
    let others = (group(of: id)?.members ?? []).filter {
      $0.table != id && $0.isListed && $0.status != .deleting && exists($0.table)
    }
    return [id] + others.map(\.table)
  }

  /// Changes the standing of a member, if it is still one.
  mutating func changeMember(
    _ id: TableID, of group: String, _ change: (inout ReplicationGroup.Member) -> Void
  ) {
    guard let position = replicationGroups[group]?.members.firstIndex(where: { $0.table == id })
    else { return }
    change(&replicationGroups[existing: group].members[position])
  }
}
