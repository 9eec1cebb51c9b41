// SPDX-License-Identifier: GPL-3.0-or-later

package import Simulation

/// An import of a bucket's objects into a new table: what was asked, and what became of it.
/// [DDB.import]
package struct TableImport: Hashable, Sendable, Codable {
  package enum Status: String, Sendable, Codable {
    case inProgress = "IN_PROGRESS"
    case completed = "COMPLETED"
    case failed = "FAILED"
  }

  package let id: String
  /// The table to be made; it appears a while after the request.
  package let table: TableID
  package let startedAt: Instant
  let clientToken: String
  let parameters: ImportParameters
  /// What the table will be, checked when the import was asked for.
  let settings: TableSettings

  package internal(set) var status = Status.inProgress
  package internal(set) var endedAt: Instant?
  package internal(set) var failure: TransferFailure?
  package internal(set) var counts = ImportCounts()

  package var arn: String { ARN.import(id, of: table.name, in: table.place) }
  var tableARN: String { ARN.table(table.name, in: table.place) }

  /// Where the service would log the items it could not import; the logs are not simulated.
  var logGroupARN: String {
    "arn:\(table.place.partition.rawValue):logs:\(table.place.region):\(table.place.account)"
      + ":log-group:/aws-dynamodb/imports:*"
  }
}

/// What an import read and made of it.
package struct ImportCounts: Hashable, Sendable, Codable {
  /// Bytes read, after decompression.
  package var byteCount: Int64 = 0
  package var processed: Int64 = 0
  package var imported: Int64 = 0
  package var errors: Int64 = 0
}

/// The members of an ImportTable request that its description shows again.
struct ImportParameters: Hashable, Sendable, Codable {
  let s3BucketSource: S3BucketSource
  let inputFormat: String
  let inputFormatOptions: InputFormatOptions?
  let inputCompressionType: String
  let tableCreationParameters: TableCreationParameters
}

struct S3BucketSource: Hashable, Sendable, Codable {
  let s3BucketOwner: String?
  let s3Bucket: String
  let s3KeyPrefix: String?
}

struct InputFormatOptions: Hashable, Sendable, Codable {
  let csv: CSVOptions?

  struct CSVOptions: Hashable, Sendable, Codable {
    let delimiter: String?
    let headerList: [String]?
  }
}

struct TableCreationParameters: Hashable, Sendable, Codable {
  let tableName: String
  let attributeDefinitions: [AttributeDefinition]
  let keySchema: [KeySchemaElement]
  let billingMode: BillingMode?
  let provisionedThroughput: ProvisionedThroughput?
  let onDemandThroughput: OnDemandThroughput?
  let sseSpecification: SSESpecification?
  let globalSecondaryIndexes: [IndexSpecification]?
}

// MARK: - How the service shows an import

struct ImportTableDescription: Encodable, Sendable {
  let importArn: String
  let importStatus: String
  let tableArn: String
  let tableId: String
  let clientToken: String
  let s3BucketSource: S3BucketSource
  let errorCount: Int64?
  let cloudWatchLogGroupArn: String
  let inputFormat: String
  let inputFormatOptions: InputFormatOptions?
  let inputCompressionType: String
  let tableCreationParameters: TableCreationParameters
  let startTime: Timestamp
  let endTime: Timestamp?
  let processedSizeBytes: Int64?
  let processedItemCount: Int64?
  let importedItemCount: Int64?
  let failureCode: String?
  let failureMessage: String?
}

struct ImportSummary: Encodable, Sendable {
  let importArn: String
  let importStatus: String
  let tableArn: String
  let s3BucketSource: S3BucketSource
  let cloudWatchLogGroupArn: String
  let inputFormat: String
  let startTime: Timestamp
  let endTime: Timestamp?
}

extension TableImport {
  var summary: ImportSummary {
    ImportSummary(
      importArn: arn, importStatus: status.rawValue, tableArn: tableARN,
      s3BucketSource: parameters.s3BucketSource, cloudWatchLogGroupArn: logGroupARN,
      inputFormat: parameters.inputFormat, startTime: Timestamp(startedAt),
      endTime: endedAt.map(Timestamp.init))
  }

  var description: ImportTableDescription {
    let counts = endedAt == nil ? nil : counts
    return ImportTableDescription(
      importArn: arn, importStatus: status.rawValue, tableArn: tableARN, tableId: table.id,
      clientToken: clientToken, s3BucketSource: parameters.s3BucketSource,
      errorCount: counts?.errors, cloudWatchLogGroupArn: logGroupARN,
      inputFormat: parameters.inputFormat, inputFormatOptions: parameters.inputFormatOptions,
      inputCompressionType: parameters.inputCompressionType,
      tableCreationParameters: parameters.tableCreationParameters,
      startTime: Timestamp(startedAt), endTime: endedAt.map(Timestamp.init),
      processedSizeBytes: counts?.byteCount, processedItemCount: counts?.processed,
      importedItemCount: counts?.imported, failureCode: failure?.code,
      failureMessage: failure?.message)
  }
}
