// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import PersistentCollections
import Simulation

extension Cloud {
  /// Begins the stream that a table's settings name now.
  mutating func openStream(of id: TableID, enabledAfter delay: Duration) {
    let table = self[id.place][id]
    guard let setting = table.settings.stream, let label = table.settings.latestStreamLabel else {
      return
    }
    let stream = Stream(
      of: id, label: label, viewType: setting.viewType, keySchema: table.settings.keySchema,
      createdAt: now, enabledFrom: now + delay)
    self[id.place].streams[stream.key] = stream
  }

  /// Ends a table's stream, if one is on: it takes no more records and can be read for a day.
  mutating func closeStream(of id: TableID, doneAfter delay: Duration = .zero) {
    let table = self[id.place][id]
    guard let label = table.settings.latestStreamLabel else { return }
    let key = StreamKey(table: id.name, label: label)
    guard let stream = self[id.place].streams[key], stream.disabledAt == nil else { return }
    self[id.place].streams[existing: key].disable(at: now, doneAfter: delay)
    // A millisecond more: a stream can be read for 24 hours, the last of them included.
    agenda.schedule(
      .streamDisappears(id.place, key), at: now + Stream.retention + .milliseconds(1))
  }

  mutating func streamDisappears(_ key: StreamKey, in place: Place) {
    self[place].streams[key] = nil
  }

  /// Gives a change of an item to the table's stream; a write that changes nothing is no change.
  ///
  /// - Complexity: O(log n) in the number of streams and of records; O(1) without a stream.
  mutating func stream(_ old: Item?, _ new: Item?, of id: TableID, by origin: WriteOrigin) {
    guard self[id.place][id].settings.stream != nil,
      let label = self[id.place][id].settings.latestStreamLabel, old != new
    else { return }
    let now = now
    self[id.place].streams[StreamKey(table: id.name, label: label)]?
      .append(old: old, new: new, by: origin, at: now)
  }

  /// The stream that an ARN names.
  ///
  /// - Throws: ResourceNotFound; AccessDenied for another account's; a validation error.
  func stream(_ text: String, for caller: Caller) throws(ServiceError) -> Stream {
    guard let arn = ARN(text), let (table, label) = arn.stream else {
      throw .validation("Invalid StreamArn")
    }
    guard arn.account == caller.account else { throw .accessDenied() }
    guard arn.region == caller.region,
      let stream = self[caller.place].streams[StreamKey(table: table, label: label)]
    else {
      throw .streamNotFound(text)
    }
    return stream
  }
}

extension ServiceError {
  static func streamNotFound(_ arn: String) -> ServiceError {
    ServiceError(
      code: "ResourceNotFoundException",
      message: "Requested resource not found: Stream: \(arn) not found")
  }

  static let shardNotFound = ServiceError(
    code: "ResourceNotFoundException",
    message: "Requested resource not found: Shard does not exist")

  static let trimmedData = ServiceError(
    code: "TrimmedDataAccessException",
    message: "The data you are trying to access has been trimmed.")

  static let expiredIterator = ServiceError(
    code: "ExpiredIteratorException",
    message: "The provided iterator exceeds the maximum age allowed.")

  /// The model sets no upper bound to the streams' limits; the service does, in its usual words.
  static func limit(_ value: Int, above maximum: Int) -> ServiceError {
    .validation(
      "1 validation error detected: Value '\(value)' at 'limit' failed to satisfy constraint: "
        + "Member must have value less than or equal to \(maximum)")
  }
}
