// SPDX-License-Identifier: GPL-3.0-or-later

package import ItemModel
import PersistentCollections
package import Simulation

/// A table's past, from which its image at any instant since the start can be had.
///
/// It keeps every change record, with the image before and after, and a checkpoint each
/// `checkpointInterval` records. An image is the nearest checkpoint (or the present) plus the records
/// between: applied when the checkpoint is older, undone when it is younger. So a restore costs
/// what lies between, whatever the size of the table and the length of the history, and trimming
/// needs no image of its own: the oldest instants are reached from the checkpoint after them.
///
/// ```swift
/// var history = History(of: keySchema, startingAt: now)
/// history.record(at: now, sequence: 1, old: nil, new: item, imageAfter: image)
/// history.image(at: yesterday, present: image)
/// ```
package struct History: Sendable, Codable {
  /// The earliest instant whose image can be had; never moves back.
  package private(set) var start: Instant
  /// The change records kept, oldest first.
  package private(set) var log: ChangeLog
  /// Records between two checkpoints.
  package let checkpointInterval: Int

  /// Images by the position in the log up to which they are folded.
  private var checkpoints: OrderedMap<Int, TableImage> = [:]

  /// Records between two checkpoints unless a test asks for fewer.
  ///
  /// The first write to a node after a checkpoint copies the node, and the checkpoint keeps the old
  /// one: 0.6 KB for each leaf, which holds about 22 items. With writes all over the table that is 70
  /// bytes a change for 100,000 items, and up to 0.4 KB a change for a table so large that
  /// hardly a leaf is written twice between two checkpoints. A shorter interval makes both dearer, a
  /// longer one makes restores slower: half of it is the most a restore replays.
  package static let defaultCheckpointInterval = 32_768

  /// Begins a history of a table with this key; the table's image at this instant is its first.
  ///
  /// - Precondition: The interval is positive.
  package init(
    of keySchema: KeySchema, startingAt start: Instant,
    checkpointInterval: Int = History.defaultCheckpointInterval
  ) {
    precondition(checkpointInterval > 0, "A checkpoint follows a positive number of records.")
    self.start = start
    log = ChangeLog(keySchema: keySchema)
    self.checkpointInterval = checkpointInterval
  }

  /// The number of checkpoints kept.
  ///
  /// - Complexity: O(1).
  package var checkpointCount: Int { checkpoints.count }

  /// The bytes of the new images the records hold, as the service counts items.
  ///
  /// - Complexity: O(1).
  package var byteCount: Int { log.byteCount }

  /// Adds a write of an item.
  ///
  /// - Parameters:
  ///   - instant: Its commit instant, not before that of the write before.
  ///   - sequence: The next sequence number.
  ///   - old: The item before; nil if the write created it.
  ///   - new: The item after; nil if the write removed it.
  ///   - image: The table with this write, without any later one.
  /// - Complexity: O(1) amortised.
  mutating func record(
    at instant: Instant, sequence: UInt64, old: Item?, new: Item?, imageAfter image: TableImage
  ) {
    log.append(instant, sequence, old: old, new: new)
    if log.endPosition % checkpointInterval == 0 {
      checkpoints.update(image, forKey: log.endPosition)
    }
  }

  /// Drops what only instants before this one need.
  ///
  /// Every instant from here on can be restored as before.
  ///
  /// - Complexity: O(m + log n) for m records dropped.
  package mutating func trim(before instant: Instant) {
    guard instant > start else { return }
    start = instant
    let position = log.position(after: instant)
    guard position > log.startPosition else { return }
    log.drop(before: position)
    while let oldest = checkpoints.first, oldest.key < position { checkpoints.popFirst() }
  }
}

// MARK: Restoring

extension History {
  /// How an image is reached: from a checkpoint or the present, over the records between.
  struct Route {
    /// The nearest checkpoint; nil for the present.
    let checkpoint: TableImage?
    let from: Int
    let to: Int

    var distance: Int { abs(to - from) }
  }

  /// The table's image at an instant: the fold of all writes committed at or before it.
  ///
  /// - Parameters:
  ///   - instant: Not before `start`; after the last write the present is the answer.
  ///   - present: The table's image after the last write recorded.
  /// - Returns: The image; its indexes are those of the checkpoint nearest to the instant.
  /// - Complexity: O(k log n) for k records replayed, half of `checkpointInterval` at most; twice
  ///   that next to a trimmed start.
  package func image(at instant: Instant, present: TableImage) -> TableImage {
    precondition(instant >= start, "A history has no image from before its start.")
    let route = route(to: instant)
    var image = route.checkpoint ?? present
    image.apply(changes(along: route))
    return image
  }

  /// What a route leads over, in the order in which it is met.
  private func changes(along route: Route) -> [TableImage.Change] {
    var changes: [TableImage.Change] = []
    changes.reserveCapacity(route.distance)
    let schema = log.keySchema
    func add(_ image: Item?, insteadOf other: Item?) {
      guard let item = image ?? other, let hash = schema.keyHash(of: item) else {
        preconditionFailure("Every record in a log has an image, with a key of its table.")
      }
      changes.append(TableImage.Change(item: item, isStored: image != nil, hash: hash))
    }
    if route.from <= route.to {
      for entry in log.entries(in: route.from..<route.to) { add(entry.new, insteadOf: entry.old) }
    } else {
      for entry in log.entries(in: route.to..<route.from) { add(entry.old, insteadOf: entry.new) }
      // Undoing goes from the newest to the oldest.
      changes.reverse()
    }
    return changes
  }

  /// The number of records that `image(at:present:)` replays for an instant.
  ///
  /// - Complexity: O(log² n).
  package func replayCount(to instant: Instant) -> Int { route(to: instant).distance }

  private func route(to instant: Instant) -> Route {
    let target = log.position(after: instant)
    var best = Route(checkpoint: nil, from: log.endPosition, to: target)
    for entry in [
      checkpoints.firstEntry(atOrAfter: target), checkpoints.lastEntry(atOrBefore: target),
    ] {
      guard let entry, abs(entry.key - target) < best.distance else { continue }
      best = Route(checkpoint: entry.value, from: entry.key, to: target)
    }
    return best
  }
}
