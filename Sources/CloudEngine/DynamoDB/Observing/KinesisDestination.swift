// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

/// A Kinesis data stream that a table was asked to send its changes to. [DDB.kinesis]
///
/// Kinesis itself is not simulated: a stream of the table's own account and Region is taken to be
/// there, and no record ever reaches it.
struct KinesisDestination: Hashable, Sendable, Codable {
  let streamARN: String
  var status: Status
  /// MILLISECOND or MICROSECOND; nil until it is set, which means the first.
  var precision: Precision?
  /// Why the stream could not be used.
  var failure: Failure?
  /// When the change under way will be done.
  var settlesAt: Instant?

  enum Status: String, Hashable, Sendable, Codable {
    case enabling = "ENABLING"
    case active = "ACTIVE"
    case updating = "UPDATING"
    case disabling = "DISABLING"
    case disabled = "DISABLED"
    case enableFailed = "ENABLE_FAILED"

    /// False for an entry that only remembers a stream.
    var isLive: Bool { self != .disabled && self != .enableFailed }
  }

  enum Precision: String, Hashable, Sendable, Codable {
    case millisecond = "MILLISECOND"
    case microsecond = "MICROSECOND"
  }

  /// What the service finds out about a stream after it has said ENABLING. [DDB.kinesis.failure]
  enum Failure: String, Hashable, Sendable, Codable {
    case noPermission, otherRegion, notActive

    /// The service's words.
    var text: String {
      let stream = "The kinesis Arn used to enable kinesis replication belongs to a stream which is"
      return switch self {
      case .noPermission: "User does not have a permission to use kinesis stream"
      case .otherRegion: "\(stream) not in the current region"
      case .notActive: "\(stream) not in Active state"
      }
    }

    /// How long the finding takes.
    var delay: Duration {
      switch self {
      case .noPermission: .seconds(2)
      case .otherRegion: .seconds(1)
      case .notActive: .seconds(62)
      }
    }

    /// What is wrong with a stream's ARN, seen from a place; nil for a stream that may be there.
    init?(of text: String, from place: Place) {
      guard let arn = ARN(text), arn.service == "kinesis" else {
        self = .noPermission
        return
      }
      let parts = arn.resource.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0] == "stream", !parts[1].isEmpty else {
        self = .noPermission
        return
      }
      guard arn.region == place.region else {
        self = .otherRegion
        return
      }
      guard arn.account == place.account else {
        self = .notActive
        return
      }
      return nil
    }
  }
}

extension Delays {
  /// Measured at 2 to 7 s, 1 to 2 s, and 124 to 152 s. [DDB.kinesis]
  static let enablingDestination: Duration = .seconds(6)
  static let disablingDestination: Duration = .seconds(2)
  static let updatingDestination: Duration = .seconds(140)
}

extension Table {
  func kinesisDestination(_ streamARN: String) -> KinesisDestination? {
    kinesisDestinations?.first { $0.streamARN == streamARN }
  }

  /// Keeps a destination at its place, a new one at the end.
  mutating func keep(_ destination: KinesisDestination) {
    var all = kinesisDestinations ?? []
    if let position = all.firstIndex(where: { $0.streamARN == destination.streamARN }) {
      all[position] = destination
    } else {
      all.append(destination)
    }
    kinesisDestinations = all
  }

  /// What sends changes is UPDATING from the table's deletion on. [DDB.kinesis]
  mutating func stopSending() {
    for position in (kinesisDestinations ?? []).indices
    where kinesisDestinations?[position].status == .active {
      kinesisDestinations?[position].status = .updating
    }
  }
}

extension Cloud {
  /// Begins a change of a destination and says when it will be done.
  mutating func begin(_ destination: KinesisDestination, for duration: Duration, of id: TableID) {
    var changed = destination
    changed.settlesAt = now + duration
    self[id.place][id].keep(changed)
    agenda.schedule(
      .destinationSettles(id, stream: destination.streamARN), at: now + duration)
  }

  /// The change of a destination under way is done.
  mutating func destinationSettles(_ id: TableID, stream: String) {
    guard exists(id), var found = self[id.place][id].kinesisDestination(stream),
      found.settlesAt == now
    else { return }
    found.settlesAt = nil
    switch found.status {
    case .enabling:
      found.failure = .init(of: stream, from: id.place)
      found.status = found.failure == nil ? .active : .enableFailed
    case .updating: found.status = .active
    case .disabling:
      found.status = .disabled
      found.precision = nil
    case .active, .disabled, .enableFailed: break
    }
    self[id.place][id].keep(found)
  }
}
