// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// An operation of Amazon DynamoDB Streams.
package protocol DynamoDBStreamsOperation: Operation {}

extension DynamoDBStreamsOperation {
  package static var service: String { "dynamodbstreams" }
  package static var isReadOnly: Bool { true }
}

/// The most streams or shards a page holds. [STREAM.limits]
private let pageLimit = 100

private func checkPageLimit(_ limit: Int?) throws(ServiceError) {
  if let limit, limit > pageLimit { throw .limit(limit, above: pageLimit) }
}

/// Lists the streams of one table or of all: those that are on, and those that were on within the
/// last 24 hours, also of tables that are gone. [STREAM.list]
package struct ListStreams: DynamoDBStreamsOperation {
  let tableName: String?
  let limit: Int?
  let exclusiveStartStreamArn: String?

  struct StreamSummary: Encodable, Sendable {
    let streamArn: String
    let tableName: String
    let streamLabel: String
  }

  package struct Output: Encodable, Sendable {
    let streams: [StreamSummary]
    let lastEvaluatedStreamArn: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    try checkPageLimit(limit)
    let start = try startKey()
    let listed = cloud[caller.place].streams.filter { entry in
      (tableName.map { $0 == entry.key.table } ?? true)
        && (start.map { $0 < entry.key } ?? true)
    }
    let page = listed.prefix(limit ?? pageLimit).map { entry in
      StreamSummary(
        streamArn: entry.value.arn, tableName: entry.key.table, streamLabel: entry.key.label)
    }
    return Output(
      streams: page,
      lastEvaluatedStreamArn: page.count < listed.count ? page.last?.streamArn : nil)
  }

  /// The place to go on from: a stream that exists no more is as good as one that does.
  private func startKey() throws(ServiceError) -> StreamKey? {
    guard let exclusiveStartStreamArn else { return nil }
    guard let (table, label) = ARN(exclusiveStartStreamArn)?.stream else {
      throw .validation("Invalid StreamArn")
    }
    return StreamKey(table: table, label: label)
  }
}

/// Returns a stream, how it stands, and its shards, oldest first. [STREAM.describe]
package struct DescribeStream: DynamoDBStreamsOperation {
  let streamArn: String
  let limit: Int?
  let exclusiveStartShardId: String?
  let shardFilter: ShardFilter?

  struct ShardFilter: Decodable, Sendable {
    let type: String?
    let shardId: String?
  }

  struct SequenceNumberRange: Encodable, Sendable {
    let startingSequenceNumber: String
    let endingSequenceNumber: String?
  }

  struct Shard: Encodable, Sendable {
    let shardId: String
    let sequenceNumberRange: SequenceNumberRange
    let parentShardId: String?
  }

  struct StreamDescription: Encodable, Sendable {
    let streamArn: String
    let streamLabel: String
    let streamStatus: String
    let streamViewType: String
    let creationRequestDateTime: Timestamp
    let tableName: String
    let keySchema: [KeySchemaElement]
    let shards: [Shard]
    let lastEvaluatedShardId: String?
  }

  package struct Output: Encodable, Sendable { let streamDescription: StreamDescription }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    try checkPageLimit(limit)
    let stream = try cloud.stream(streamArn, for: caller)
    // Ids are in order of opening, and one that is no shard's is as good a cursor as another.
    let listed = stream.shards(at: cloud.now).filter { shard in
      (exclusiveStartShardId.map { $0 < shard.id } ?? true)
        && (shardFilter?.shardId.map { shard.parentID == $0 } ?? true)
    }
    let page = listed.prefix(limit ?? pageLimit)
    return Output(
      streamDescription: StreamDescription(
        streamArn: stream.arn, streamLabel: stream.label,
        streamStatus: stream.status(at: cloud.now), streamViewType: stream.viewType,
        creationRequestDateTime: Timestamp(stream.createdAt), tableName: stream.table.name,
        keySchema: stream.keySchema,
        shards: page.map { shard in
          Shard(
            shardId: shard.id,
            sequenceNumberRange: SequenceNumberRange(
              startingSequenceNumber: shard.start.text, endingSequenceNumber: shard.end?.text),
            parentShardId: shard.parentID)
        },
        lastEvaluatedShardId: page.count < listed.count ? page.last?.id : nil))
  }
}
