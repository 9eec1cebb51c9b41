// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// What keeps recovery points from being deleted, by hand or by their lifecycle, until it is cancelled.
/// [BKP.hold]
///
/// It takes the recovery points that are there when it is made; each remembers the holds that are on it.
struct LegalHold: Codable, Sendable, Registered {
  let id: String
  let place: Place
  let createdAt: Instant
  let title: String
  let description: String
  let selection: LegalHoldSelection
  var tags: [String: String]
  let token: String?
  var cancellation: Cancellation?

  struct Cancellation: Codable, Sendable {
    let reason: String
    let at: Instant
    /// Until when the hold can still be looked at.
    let recordUntil: Instant
  }

  enum Status: String {
    case creating = "CREATING"
    case active = "ACTIVE"
    case canceling = "CANCELING"
    case canceled = "CANCELED"
  }

  /// The most holds that are not cancelled in a place.
  static let perPlace = 50
  /// The most characters of a title or description.
  static let textLimit = 280
  static let recordDays: Int64 = 180
  /// How long the making of a hold takes, and its cancellation. [BKP.durations]
  static let settling: Duration = .minutes(1)

  var arn: String { ARN.backupService("legal-hold:\(id)", in: place) }

  func status(at now: Instant) -> Status {
    if let cancellation { return now < cancellation.at + Self.settling ? .canceling : .canceled }
    return now < createdAt + Self.settling ? .creating : .active
  }
}

/// Which recovery points a hold takes: all that fit every part that is given. [BKP.hold]
struct LegalHoldSelection: Codable, Hashable, Sendable {
  let vaultNames: [String]?
  let resourceIdentifiers: [String]?
  let dateRange: DateRange?

  struct DateRange: Codable, Hashable, Sendable {
    let fromDate: Timestamp
    let toDate: Timestamp
  }

  static let everything = LegalHoldSelection(
    vaultNames: nil, resourceIdentifiers: nil, dateRange: nil)

  /// Whether a recovery point is taken; one that is being made or deleted never is.
  func takes(_ point: RecoveryPoint) -> Bool {
    point.status == .completed && (vaultNames?.contains(point.vaultName) ?? true)
      && (resourceIdentifiers?.contains(point.resourceARN) ?? true)
      && (dateRange.map {
        $0.fromDate.instant <= point.createdAt && point.createdAt <= $0.toDate.instant
      } ?? true)
  }

  /// An empty list is as good as none.
  var normalized: LegalHoldSelection {
    LegalHoldSelection(
      vaultNames: vaultNames?.isEmpty == true ? nil : vaultNames,
      resourceIdentifiers: resourceIdentifiers?.isEmpty == true ? nil : resourceIdentifiers,
      dateRange: dateRange)
  }
}

extension Cloud {
  /// The hold of an id in the caller's place, while its record is kept.
  ///
  /// - Throws: ResourceNotFound.
  func legalHold(_ id: String, for caller: Caller) throws(ServiceError) -> LegalHold {
    guard let hold = self[caller.place].awsBackup.legalHolds?[id] else {
      throw .backupResourceNotFound("Cannot find legal hold with ID \(id)")
    }
    return hold
  }

  /// Keeps a hold and puts it on every recovery point it takes.
  ///
  /// - Complexity: O(n) in the number of recovery points.
  mutating func hold(_ hold: LegalHold) {
    var holds = self[hold.place].awsBackup.legalHolds ?? Register()
    holds.append(hold)
    self[hold.place].awsBackup.legalHolds = holds
    let taken = self[hold.place].awsBackup.recoveryPoints.oldestFirst.filter(hold.selection.takes)
    for point in taken {
      self[hold.place].awsBackup.recoveryPoints.change(point.arn) {
        $0.holds = ($0.holds ?? []) + [hold.id]
      }
    }
  }

  /// A cancelled hold lets go: what is past its end by then is deleted within a day. [BKP.hold.cancel]
  mutating func legalHoldEnds(_ id: String, in place: Place) {
    let released = self[place].awsBackup.recoveryPoints.oldestFirst.filter {
      $0.holds?.contains(id) ?? false
    }
    for point in released {
      let rest = (point.holds ?? []).filter { $0 != id }
      self[place].awsBackup.recoveryPoints.change(point.arn) {
        $0.holds = rest.isEmpty ? nil : rest
      }
      guard rest.isEmpty, let due = point.expiresAt, due <= now else { continue }
      let delay = identifiers.draw("expiry") % UInt64(Duration.days(1).wholeMilliseconds)
      agenda.schedule(
        .backup(.recoveryPointExpires(place, arn: point.arn)),
        at: now + .milliseconds(Int64(delay)))
    }
  }

  /// The record of a cancelled hold is not kept for ever.
  mutating func legalHoldForgotten(_ id: String, in place: Place) {
    self[place].awsBackup.legalHolds?.remove(id)
  }
}
