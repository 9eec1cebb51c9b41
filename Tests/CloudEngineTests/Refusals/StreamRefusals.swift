// SPDX-License-Identifier: GPL-3.0-or-later

extension Refusals {
  private static func row(_ operation: String, _ input: String, _ error: String) -> Refusal {
    Refusal(operation, input, error, service: "dynamodbstreams")
  }

  private static let shard = "'ShardId':'$SHARD','ShardIteratorType'"
  private static let missing = "arn:aws:dynamodb:us-east-1:123456789012:table/sales/stream/none"
  private static let foreign = "arn:aws:dynamodb:us-east-1:999999999999:table/sales/stream/none"

  /// `$STREAM` is the ARN of the stream of `sales`, `$SHARD` the id of its shard.
  static let streams: [Refusal] = [
    row(
      "ListStreams", "{'Limit':0}",
      Words.one + "'0' at 'limit' failed to satisfy constraint: Member must have value greater "
        + "than or equal to 1"),
    row(
      "ListStreams", "{'Limit':101}",
      Words.one + "'101' at 'limit' failed to satisfy constraint: Member must have value less "
        + "than or equal to 100"),
    row(
      "ListStreams", "{'ExclusiveStartStreamArn':'kossaapaaasdafsdaasdasdasdasasdasfadfadfas'}",
      Words.validation + "Invalid StreamArn"),
    row(
      "DescribeStream", "{'StreamArn':'sdfadfsdfnlfkajakfgjalksfgklasjklasdjfklasdf'}",
      Words.validation + "Invalid StreamArn"),
    row(
      "DescribeStream", "{'StreamArn':'\(missing)'}",
      Words.missing + ": Stream: \(missing) not found"),
    row(
      "DescribeStream", "{'StreamArn':'\(foreign)'}", "AccessDeniedException: Access is denied"),
    row(
      "DescribeStream", "{'StreamArn':'$STREAM','Limit':101}",
      Words.one + "'101' at 'limit' failed to satisfy constraint: Member must have value less "
        + "than or equal to 100"),
    row(
      "GetShardIterator", "{'StreamArn':'\(missing)',\(shard):'LATEST'}",
      Words.missing + ": Stream: \(missing) not found"),
    row(
      "GetShardIterator",
      "{'StreamArn':'$STREAM','ShardId':'adfasdasdasdasdasdasdasdasdasasdasd',"
        + "'ShardIteratorType':'LATEST'}",
      Words.missing + ": Shard does not exist"),
    row(
      "GetShardIterator", "{'StreamArn':'$STREAM',\(shard):'AT_SEQUENCE_NUMBER'}",
      Words.values + "SequenceNumber must be specified when ShardIteratorType is "
        + "AT_SEQUENCE_NUMBER"),
    row(
      "GetShardIterator",
      "{'StreamArn':'$STREAM',\(shard):'LATEST','SequenceNumber':'100000000000000000000'}",
      Words.values + "SequenceNumber must not be specified when ShardIteratorType is LATEST"),
    row(
      "GetShardIterator",
      "{'StreamArn':'$STREAM',\(shard):'AT_SEQUENCE_NUMBER',"
        + "'SequenceNumber':'100000000000000000000'}",
      Words.validation + "Invalid SequenceNumber"),
    row(
      "GetShardIterator",
      "{'StreamArn':'$STREAM',\(shard):'AFTER_SEQUENCE_NUMBER',"
        + "'SequenceNumber':'9999999999999999999999999999999999999999'}",
      Words.validation + "Invalid SequenceNumber"),
    row(
      "GetRecords", "{'ShardIterator':'sdfsdfsgagaddafgagasgasgasdfasdfasdf'}",
      Words.validation + "Invalid ShardIterator"),
    row(
      "GetRecords", "{'ShardIterator':'$STREAM|1|c2hhcmQgLSAtOTIyMzM3MjAzNjg1NDc3NTgwOA=='}",
      Words.validation + "Invalid ShardIterator"),
    // `shard x 1780318800000`: its position is none.
    row(
      "GetRecords", "{'ShardIterator':'$STREAM|1|c2hhcmQgeCAxNzgwMzE4ODAwMDAw'}",
      Words.validation + "Invalid ShardIterator"),
    // `gone - 1780318800000`: of a shard that the stream no longer has.
    row(
      "GetRecords", "{'ShardIterator':'$STREAM|1|Z29uZSAtIDE3ODAzMTg4MDAwMDA='}",
      "TrimmedDataAccessException: The data you are trying to access has been trimmed."),
    row(
      "GetRecords", "{'ShardIterator':'x','Limit':1001}",
      Words.one + "'1001' at 'limit' failed to satisfy constraint: Member must have value less "
        + "than or equal to 1000"),
  ]
}
