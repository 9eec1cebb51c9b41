// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import PersistentCollections
import Simulation

/// Returns where to begin to read a shard; the answer can be used for 15 minutes.
/// [STREAM.iterator]
package struct GetShardIterator: DynamoDBStreamsOperation {
  let streamArn: String
  let shardId: String
  let shardIteratorType: String
  let sequenceNumber: String?

  package static var isManagementEvent: Bool { false }
  package struct Output: Encodable, Sendable { let shardIterator: String }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let stream = try cloud.stream(streamArn, for: caller)
    guard let shard = stream.shards(at: cloud.now).first(where: { $0.id == shardId }) else {
      throw .shardNotFound
    }
    let position = try position(in: shard, of: stream, at: cloud.now)
    return Output(
      shardIterator: ShardIterator(
        streamARN: stream.arn, shardID: shard.id, position: position, issuedAt: cloud.now
      ).text)
  }

  /// The first place to read; nil for the oldest record there is whenever it is read.
  private func position(
    in shard: StreamShard, of stream: Stream, at now: Instant
  ) throws(ServiceError) -> StreamPosition? {
    switch shardIteratorType {
    case "AT_SEQUENCE_NUMBER": return try asked(in: shard, of: stream, at: now)
    case "AFTER_SEQUENCE_NUMBER": return try asked(in: shard, of: stream, at: now).next
    default: break
    }
    guard sequenceNumber == nil else {
      throw .invalidValues(
        "SequenceNumber must not be specified when ShardIteratorType is \(shardIteratorType)")
    }
    return shardIteratorType == "LATEST"
      ? stream.nextPosition(at: now) : nil
  }

  private func asked(
    in shard: StreamShard, of stream: Stream, at now: Instant
  ) throws(ServiceError) -> StreamPosition {
    guard let sequenceNumber else {
      throw .invalidValues(
        "SequenceNumber must be specified when ShardIteratorType is \(shardIteratorType)")
    }
    guard let position = StreamPosition(sequenceNumber), shard.contains(position) else {
      throw .validation("Invalid SequenceNumber")
    }
    guard position >= stream.horizon(at: now) else { throw .trimmedData }
    return position
  }
}

/// A place in a shard, as the text that a reader hands back.
///
/// Everything it says is in it: the cloud keeps no iterators.
struct ShardIterator: Hashable, Sendable {
  let streamARN: String
  let shardID: String
  /// The first place to read; nil for the oldest record there is.
  let position: StreamPosition?
  let issuedAt: Instant

  /// How long one can be used. [STREAM.iterator]
  static let life: Duration = .minutes(15)

  init(streamARN: String, shardID: String, position: StreamPosition?, issuedAt: Instant) {
    self.streamARN = streamARN
    self.shardID = shardID
    self.position = position
    self.issuedAt = issuedAt
  }

  var text: String {
    let inner = "\(shardID) \(position?.text ?? "-") \(issuedAt.milliseconds)"
    return "\(streamARN)|1|\(Base64.text(of: Array(inner.utf8)))"
  }

  /// Reads what `text` wrote; nil for anything else.
  init?(_ text: String) {
    let parts = text.split(separator: "|", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1] == "1", let bytes = try? Base64.bytes(of: String(parts[2]))
    else { return nil }
    let words = String(decoding: bytes, as: UTF8.self).split(separator: " ")
    guard words.count == 3, let issued = Int64(words[2]),
      0...Cloud.lastInstant.milliseconds ~= issued
    else { return nil }
    let position = StreamPosition(String(words[1]))
    guard position != nil || words[1] == "-" else { return nil }
    self.init(
      streamARN: String(parts[0]), shardID: String(words[0]), position: position,
      issuedAt: Instant(milliseconds: issued))
  }
}

/// Returns a shard's records from an iterator on, and the iterator to go on with.
///
/// A page has at most 1,000 records or 1 MB. There is no next iterator once a closed shard has been
/// read to its end. [STREAM.records]
package struct GetRecords: DynamoDBStreamsOperation {
  static let maximumRecords = 1_000
  static let maximumBytes = 1_048_576

  let shardIterator: String
  let limit: Int?

  package static var isManagementEvent: Bool { false }

  package struct Output: Encodable, Sendable {
    let records: [StreamRecordDescription]
    let nextShardIterator: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    if let limit, limit > Self.maximumRecords { throw .limit(limit, above: Self.maximumRecords) }
    guard let iterator = ShardIterator(shardIterator) else {
      throw .validation("Invalid ShardIterator")
    }
    let now = cloud.now
    guard now - iterator.issuedAt <= ShardIterator.life else { throw .expiredIterator }
    let stream = try cloud.stream(iterator.streamARN, for: caller)
    guard let shard = stream.shards(at: now).first(where: { $0.id == iterator.shardID }) else {
      throw .trimmedData
    }
    if let position = iterator.position, stream.isTrimmed(from: position, at: now) {
      throw .trimmedData
    }
    let start = max(iterator.position ?? stream.horizon(at: now), shard.start)
    let page = page(of: stream, shard, from: start)
    let next = page.next ?? iterator.position
    let isDone = shard.end != nil && !page.hasMore
    return Output(
      records: page.records,
      nextShardIterator: isDone
        ? nil
        : ShardIterator(
          streamARN: stream.arn, shardID: shard.id, position: next, issuedAt: now
        ).text)
  }

  private func page(
    of stream: Stream, _ shard: StreamShard, from start: StreamPosition
  ) -> (records: [StreamRecordDescription], next: StreamPosition?, hasMore: Bool) {
    var result: [StreamRecordDescription] = []
    var next: StreamPosition?
    var bytes: Int64 = 0
    for record in stream.records.elements(from: stream.firstIndex(from: start)) {
      guard shard.contains(record.position) else { break }
      let shown = StreamRecordDescription(record, of: stream)
      bytes += shown.dynamodb.sizeBytes
      if result.count == limit ?? Self.maximumRecords { return (result, next, true) }
      if !result.isEmpty, bytes > Self.maximumBytes { return (result, next, true) }
      result.append(shown)
      next = record.position.next
    }
    return (result, next, false)
  }
}

/// A record as the service shows it. [STREAM.records]
package struct StreamRecordDescription: Encodable, Sendable {
  let eventID: String
  let eventName: String
  let eventVersion = "1.1"
  let eventSource = "aws:dynamodb"
  let awsRegion: String
  let dynamodb: StreamRecord
  let userIdentity: Identity?

  struct StreamRecord: Encodable, Sendable {
    let approximateCreationDateTime: Timestamp
    let keys: Document
    let newImage: Document?
    let oldImage: Document?
    let sequenceNumber: String
    let sizeBytes: Int64
    let streamViewType: String
  }

  struct Identity: Encodable, Sendable {
    let principalId: String
    let type: String
  }

  private enum CodingKeys: CodingKey {
    case eventID, eventName, eventVersion, eventSource, awsRegion, dynamodb, userIdentity
  }
}

extension StreamRecordDescription {
  /// - Precondition: The record has an old item or a new one.
  init(_ record: CloudEngine.StreamRecord, of stream: Stream) {
    let keys = (record.new ?? record.old ?? Item([:])).projected(
      onto: stream.keySchema.map(\.attributeName))
    let new = stream.viewType.hasPrefix("NEW") ? record.new : nil
    let old = stream.viewType.contains("OLD") ? record.old : nil
    eventID = stableHex("\(stream.table.id) \(record.position.text)", digits: 32)
    eventName = record.old == nil ? "INSERT" : record.new == nil ? "REMOVE" : "MODIFY"
    awsRegion = stream.table.place.region
    dynamodb = StreamRecord(
      approximateCreationDateTime: Timestamp(record.position.instant.flooredToSecond),
      keys: keys.attributes.json, newImage: new?.attributes.json, oldImage: old?.attributes.json,
      sequenceNumber: record.position.text,
      sizeBytes: Int64(keys.byteCount + (new?.byteCount ?? 0) + (old?.byteCount ?? 0)),
      streamViewType: stream.viewType)
    userIdentity =
      record.origin == .timeToLive
      ? Identity(principalId: "dynamodb.amazonaws.com", type: "Service") : nil
  }
}
