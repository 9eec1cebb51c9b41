// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import PersistentCollections
import Simulation
import TableStore

/// How writes reach the other Regions of a global table.
extension Cloud {
  /// Remembers a write to a replica and, if it was made here, sends it on its way.
  ///
  /// In a strongly consistent global table it is everywhere at once. [DDB.global.strong]
  ///
  /// A write that came from another Region goes no further. One occurrence is on the agenda for each
  /// table that has writes on their way, however many they are.
  ///
  /// - Parameters:
  ///   - item: The item; nil for a deletion.
  ///   - key: Its key.
  ///   - id: The table it was written to.
  ///   - origin: The stamp of a write that came from another Region; nil for one made here.
  /// - Complexity: O(log n) in the writes of the last second.
  mutating func replicate(
    _ item: Item?, at key: ItemKey, of id: TableID, from origin: WriteStamp?
  ) {
    guard self[id.place][id].replication != nil else { return }
    let now = now
    let stamp =
      origin
      ?? WriteStamp(
        instant: now, region: id.place.region, sequence: self[id.place][id].store.lastSequence)
    if isStrong(id) {
      if origin == nil { writeEverywhere(item, at: key, of: id, with: stamp) }
      return
    }
    self[id.place][id].replication?.note(stamp, of: key, at: now)
    guard origin == nil else { return }
    let isFirst = self[id.place][id].replication?.outbox.isEmpty ?? false
    self[id.place][id].replication?.outbox.append(
      ReplicatedWrite(stamp: stamp, key: key, item: item))
    if isFirst { agenda.schedule(.replica(.writesArrive(id)), at: now + Replication.delay) }
  }

  /// Carries the writes that have been on their way long enough out in the other Regions.
  ///
  /// - Complexity: O(w · r · log n) for w writes and r other replicas.
  mutating func deliverWrites(of id: TableID) {
    let now = now
    guard exists(id), let group = group(of: id),
      let due = self[id.place][id].replication?.takeDue(at: now), !due.isEmpty
    else { return }
    for member in group.members where member.table != id && member.status == .active {
      for write in due { deliver(write, to: member.table) }
    }
    if let next = self[id.place][id].replication?.outbox.first {
      agenda.schedule(
        .replica(.writesArrive(id)), at: next.stamp.instant + Replication.delay)
    }
  }

  /// Carries out what came from other Regions while a replica's key was lost. [DDB.global.lostkey]
  mutating func deliverWaiting(to id: TableID) {
    guard let writes = self[id.place][id].replication?.takeWaiting() else { return }
    // Delivering forgets older stamps, so the replica's own last writes are looked at before.
    let newer = writes.filter { write in
      self[id.place][id].replication?.stamp(of: write.key).map { $0 < write.stamp } ?? true
    }
    for write in newer { deliver(write, to: id) }
  }

  /// The last writer wins: an older write than the item's own is dropped. [DDB.global.conflict]
  private mutating func deliver(_ write: ReplicatedWrite, to id: TableID) {
    guard exists(id) else { return }
    guard canUseDataKey(of: id), !isDown(id.place.region) else {
      self[id.place][id].replication?.wait(with: write)
      return
    }
    let now = now
    if let own = self[id.place][id].replication?.stamp(of: write.key), own >= write.stamp { return }
    let isThere = self[id.place][id].store.item(write.key) != nil
    guard write.item != nil || isThere else {
      // Nothing to delete, but an older write may still come.
      self[id.place][id].replication?.note(write.stamp, of: write.key, at: now)
      return
    }
    self.write(write.item, at: write.key, of: id, from: write.stamp)
  }
}
