// SPDX-License-Identifier: GPL-3.0-or-later

package import Simulation

/// An export of a table to a bucket: what was asked, and what became of it.
///
/// The contents are fixed when it begins; nothing that happens to the table afterwards matters, not
/// even its deletion. The record stays for good. [DDB.export]
package struct TableExport: Hashable, Sendable, Codable {
  package enum Status: String, Sendable, Codable {
    case inProgress = "IN_PROGRESS"
    case completed = "COMPLETED"
    case failed = "FAILED"
  }

  /// Which contents are exported.
  package enum Scope: Hashable, Sendable, Codable {
    /// The table as it was at an instant.
    case full(at: Instant)
    /// What changed from an instant on and before another.
    case incremental(from: Instant, until: Instant, showsOldImages: Bool)

    var isFull: Bool { if case .full = self { true } else { false } }
  }

  package let id: String
  package let table: TableID
  package let startedAt: Instant
  package let scope: Scope
  let target: ExportTarget
  let clientToken: String
  /// The size that is paid for, known from the start and shown at the end. [PRICE.export]
  let billedByteCount: Int64

  package internal(set) var status = Status.inProgress
  package internal(set) var endedAt: Instant?
  package internal(set) var failure: TransferFailure?
  package internal(set) var itemCount: Int64 = 0
  /// The data files that wait to be written; none once the export has ended.
  var files: [ExportFile]

  package var arn: String { ARN.export(id, of: table.name, in: table.place) }
}

/// Where an export goes, as the request says it.
struct ExportTarget: Hashable, Sendable, Codable {
  let bucket: String
  let bucketOwner: String?
  let prefix: String?
  /// `AES256` or `KMS`.
  let algorithm: String
  let keyID: String?

  /// The key of something of this export, below the prefix.
  func key(_ rest: String) -> String {
    guard let prefix, !prefix.isEmpty else { return "AWSDynamoDB/\(rest)" }
    return (prefix.hasSuffix("/") ? prefix : prefix + "/") + "AWSDynamoDB/\(rest)"
  }
}

/// One data file of an export, compressed.
struct ExportFile: Hashable, Sendable, Codable {
  let key: String
  let itemCount: Int64
  let contents: ObjectContents
  /// What it stands for where the table stands for more than its items; else nil.
  var declaredByteCount: Int64?
}

/// Why an export or an import ended in vain, in the service's words.
package struct TransferFailure: Error, Hashable, Sendable, Codable {
  package let code: String
  package let message: String
}

// MARK: - How the service shows an export

struct ExportDescription: Encodable, Sendable {
  let exportArn: String
  let exportStatus: String
  let startTime: Timestamp
  let endTime: Timestamp?
  let exportManifest: String?
  let tableArn: String
  let tableId: String
  let exportTime: Timestamp?
  let clientToken: String
  let s3Bucket: String
  let s3BucketOwner: String?
  let s3Prefix: String?
  let s3SseAlgorithm: String
  let s3SseKmsKeyId: String?
  let failureCode: String?
  let failureMessage: String?
  let exportFormat = "DYNAMODB_JSON"
  let billedSizeBytes: Int64?
  let itemCount: Int64?
  /// Shown for incremental exports alone. [DDB.export.describe]
  let exportType: String?
  let incrementalExportSpecification: IncrementalSpecification?

  private enum CodingKeys: CodingKey {
    case exportArn, exportStatus, startTime, endTime, exportManifest, tableArn, tableId
    case exportTime, clientToken, s3Bucket, s3BucketOwner, s3Prefix, s3SseAlgorithm
    case s3SseKmsKeyId, failureCode, failureMessage, exportFormat, billedSizeBytes, itemCount
    case exportType, incrementalExportSpecification
  }
}

struct IncrementalSpecification: Codable, Hashable, Sendable {
  let exportFromTime: Timestamp?
  let exportToTime: Timestamp?
  let exportViewType: String?
}

struct ExportSummary: Encodable, Sendable {
  let exportArn: String
  let exportStatus: String
  let exportType: String
}

extension TableExport {
  var typeName: String { scope.isFull ? "FULL_EXPORT" : "INCREMENTAL_EXPORT" }

  var summary: ExportSummary {
    ExportSummary(exportArn: arn, exportStatus: status.rawValue, exportType: typeName)
  }

  var manifestKey: String { target.key("\(id)/manifest-summary.json") }

  var description: ExportDescription {
    var exportTime: Timestamp?
    var specification: IncrementalSpecification?
    switch scope {
    case .full(let instant): exportTime = Timestamp(instant)
    case .incremental(let start, let end, let showsOldImages):
      specification = IncrementalSpecification(
        exportFromTime: Timestamp(start), exportToTime: Timestamp(end),
        exportViewType: showsOldImages ? "NEW_AND_OLD_IMAGES" : "NEW_IMAGE")
    }
    let isDone = status == .completed
    return ExportDescription(
      exportArn: arn, exportStatus: status.rawValue, startTime: Timestamp(startedAt),
      endTime: endedAt.map(Timestamp.init), exportManifest: isDone ? manifestKey : nil,
      tableArn: ARN.table(table.name, in: table.place), tableId: table.id,
      exportTime: exportTime, clientToken: clientToken, s3Bucket: target.bucket,
      s3BucketOwner: target.bucketOwner, s3Prefix: target.prefix,
      s3SseAlgorithm: target.algorithm, s3SseKmsKeyId: target.keyID,
      failureCode: failure?.code, failureMessage: failure?.message,
      billedSizeBytes: isDone ? billedByteCount : nil, itemCount: isDone ? itemCount : nil,
      exportType: scope.isFull ? nil : typeName, incrementalExportSpecification: specification)
  }
}
