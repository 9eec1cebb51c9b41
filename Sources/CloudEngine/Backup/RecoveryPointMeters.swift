// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Recovery points have meters of their own: there are many, each is found by its position already,
/// and what one is metered as follows from what it is.
extension Cloud {
  /// What leaves cold storage before its 90 days are over is paid for the rest of them, a month being
  /// 30 days. [PRICE.recovery]
  ///
  /// What goes when its lifecycle says owes nothing for the part of an hour by which its move to cold
  /// storage came later than it was due.
  mutating func chargeEarlyDeletion(of point: RecoveryPoint) {
    guard let cooled = point.coldSince else { return }
    let isDue = point.expiresAt.map { $0 <= now } ?? false
    let due = point.coldFrom.flatMap { RecoveryPoint.hourAfter($0) == cooled ? $0 : nil }
    let since = isDue ? due ?? cooled : cooled
    let missing = Duration.days(Int64(Lifecycle.coldDays)) - (now - since)
    guard missing > .zero else { return }
    let month = Int128(Duration.days(30).wholeMilliseconds)
    let owed = (Int128(point.byteCount) * Int128(missing.wholeMilliseconds) + month / 2) / month
    meters.charge(.earlyDeletion, of: point.billed, bytes: Int64(owed), at: now)
  }

  /// Gives a recovery point other tags; what it was metered under until now stays under the old ones.
  mutating func setTags(
    _ tags: [String: String], ofRecoveryPoint arn: String, in place: Place
  ) {
    guard let position = position(ofRecoveryPoint: arn, at: nil, in: place) else { return }
    let before = self[place].awsBackup.recoveryPoints[at: position]
    guard before.tags != tags else { return }
    var point = before
    point.tags = tags
    if point.completedAt != nil {
      meterUntilNow(pointAt: position, in: place)
      point.meteredSince = now
    }
    self[place].awsBackup.recoveryPoints[at: position] = point
  }

  /// Ends the stretch in which a recovery point is metered as what it was until now.
  mutating func meterUntilNow(pointAt position: Int, in place: Place) {
    let point = backupService(in: place).pointee.recoveryPoints.address(at: position)
    if point.pointee.meteredSince == nil {
      let (isCold, contents, arn) = (
        point.pointee.isCold, point.pointee.contents, point.pointee.arn
      )
      meters.stop(contents.billLine(isCold: isCold), resource: arn, in: place, at: now)
    } else if let charge = Ledger.Charge(of: point, until: now) {
      meters.add(charge, at: now)
    }
  }

  /// Everything that was metered so far and goes on being metered.
  ///
  /// - Complexity: O(n log n) in the number of recovery points.
  package var ledger: Ledger {
    var open: [Ledger.Charge] = []
    for place in places.map(\.key) {
      self[place].awsBackup.recoveryPoints.forEach { point in
        // How long it has been going on does not matter.
        guard let since = point.pointee.meteredSince,
          let charge = Ledger.Charge(of: point, until: since + .milliseconds(1))
        else { return }
        open.append(charge)
      }
    }
    return meters.with(open)
  }
}

extension Ledger.Charge {
  /// What a recovery point is metered as, from when it is to an instant; nil if that is no time at all.
  fileprivate init?(of point: UnsafePointer<RecoveryPoint>, until end: Instant) {
    guard let since = point.pointee.meteredSince, since < end else { return nil }
    let (isCold, contents) = (point.pointee.isCold, point.pointee.contents)
    let tags = point.pointee.tags
    self.init(
      line: contents.billLine(isCold: isCold), place: point.pointee.place,
      resource: point.pointee.arn, name: contents.tableName, bytes: point.pointee.byteCount,
      from: since, until: end, vault: point.pointee.vaultName, tags: tags.isEmpty ? nil : tags)
  }
}
