// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
import Documents
import ItemModel
import PersistentCollections
import Simulation
import TableStore

extension Cloud {
  /// A digest of the cloud's whole state but observations: equal clouds have equal fingerprints.
  ///
  /// A refused request leaves it unchanged.
  ///
  /// - Complexity: O(n) in everything the cloud holds.
  package func fingerprint() -> String {
    var digest = StreamDigest()
    write(to: &digest)
    return digest.finish().hex
  }

  /// A digest of state and observations together.
  package func fullFingerprint() -> String {
    var digest = StreamDigest()
    write(to: &digest)
    for event in observations.events { digest.add(event) }
    return digest.finish().hex
  }

  private func write(to digest: inout StreamDigest) {
    digest.add(now.milliseconds)
    // Not the source itself: it keeps its counts hashed, in an order that differs from run to run.
    digest.add(identifiers.seed)
    for (kind, count) in identifiers.counts { digest.add("\(kind) \(count)") }
    for entry in agenda {
      digest.add(entry.token.instant.milliseconds)
      digest.add(entry.occurrence)
    }
    for (place, region) in places.map({ ($0.key, $0.value) }) {
      digest.add(place)
      for (_, table) in region.tables.map({ ($0.key, $0.value) }) { table.write(to: &digest) }
      for (_, backup) in region.backups.map({ ($0.key, $0.value) }) { backup.write(to: &digest) }
      for (_, stream) in region.streams.map({ ($0.key, $0.value) }) { stream.write(to: &digest) }
    }
    for (id, bucket) in buckets.map({ ($0.key, $0.value) }) {
      digest.add(id)
      bucket.write(to: &digest)
    }
    for (id, group) in replicationGroups.map({ ($0.key, $0.value) }) {
      digest.add(id)
      digest.add(group)
    }
    for (key, meter) in ledger.running.map({ ($0.key, $0.value) }) {
      digest.add(key)
      digest.add(meter)
    }
    for charge in ledger.closed { digest.add(charge) }
  }
}

extension StreamDigest {
  /// Adds a value by its reflected description, which names every stored property in order.
  ///
  /// Only for values that hold no hashed collection, whose order would differ from run to run.
  fileprivate mutating func add(_ value: some Any) {
    update(Array(String(reflecting: value).utf8))
    update([0])
  }
}

extension Table {
  fileprivate func write(to digest: inout StreamDigest) {
    digest.add(identity)
    digest.add(createdAt)
    digest.add(status)
    digest.add(settings)
    digest.add(backupReadiness)
    digest.add(pointInTimeRecovery as Any)
    digest.add(restore as Any)
    digest.add(declaredByteCount as Any)
    digest.add(statisticsAreStale)
    if let pass = expiries?.nextPass { digest.add(pass) }
    for write in replication?.outbox ?? AppendLog() {
      digest.add(write.stamp)
      digest.update(write.item?.encoded ?? [])
    }
    digest.add([statistics.itemCount, statistics.byteCount])
    for name in statistics.indexes.keys.sorted() {
      digest.add(name)
      digest.add(statistics.indexes[name] as Any)
    }
    store.image.write(to: &digest)
    for change in store.history?.log ?? ChangeLog() {
      digest.add([change.instant.milliseconds, Int64(bitPattern: change.sequence)])
      digest.update(change.old?.encoded ?? [])
      digest.update(change.new?.encoded ?? [])
    }
  }
}

extension Backup {
  fileprivate func write(to digest: inout StreamDigest) {
    digest.add(id)
    digest.add(name)
    digest.add(isAvailable)
    digest.add(settings)
    digest.add([itemCount, byteCount, declaredByteCount ?? -1])
    image.write(to: &digest)
  }
}

extension Bucket {
  fileprivate func write(to digest: inout StreamDigest) {
    digest.add([createdAt.milliseconds, Int64(objects.count)])
    digest.add(place)
    for (key, object) in objects.map({ ($0.key, $0.value) }) {
      digest.add([key.text, object.eTag, object.contentType])
      digest.add([object.lastModified.milliseconds, Int64(object.sizeBytes)])
      digest.add(object.encryption)
      digest.update(object.contents.bytes)
    }
  }
}

extension Stream {
  fileprivate func write(to digest: inout StreamDigest) {
    digest.add(table)
    digest.add([label, viewType])
    digest.add([createdAt, enabledFrom, disabledAt as Any, disabledFrom as Any])
    for record in records {
      digest.add(record.position)
      digest.add(record.origin)
      digest.update(record.old?.encoded ?? [])
      digest.update(record.new?.encoded ?? [])
    }
  }
}

extension TableImage {
  fileprivate func write(to digest: inout StreamDigest) {
    digest.update(Array(String(count).utf8))
    for item in items { digest.update(item.encoded) }
    for index in indexes { digest.update(Array(String(index.count).utf8)) }
  }
}
