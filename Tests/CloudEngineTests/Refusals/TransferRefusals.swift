// SPDX-License-Identifier: GPL-3.0-or-later

/// What the service refuses about exports and imports.
///
/// `orders` has recovery since its 36th second, `plain` has none; an export and an import of the
/// token `used-token` are under way.
extension Refusals {
  private static func export(_ more: String, of table: String = "$ORDERS") -> String {
    "{'TableArn':'\(table)','S3Bucket':'shelf'\(more)}"
  }

  private static func changes(_ start: Int?, _ end: Int?, _ more: String = "") -> String {
    let from = start.map { "'ExportFromTime':\(base + $0)" }
    let to = end.map { "'ExportToTime':\(base + $0)" }
    let members = [from, to].compactMap { $0 }.joined(separator: ",")
    return export(
      ",'ExportType':'INCREMENTAL_EXPORT','IncrementalExportSpecification':{\(members)}\(more)")
  }

  private static let base = 1_780_315_200
  private static let plain = "arn:aws:dynamodb:us-east-1:123456789012:table/plain"
  private static let foreign = plain.replacing("123456789012", with: "111122223333")
  private static let badTime = "InvalidExportTimeException: "
  private static let shape =
    "'TableCreationParameters':{'TableName':'fine','BillingMode':'PAY_PER_REQUEST',"
    + "'AttributeDefinitions':[{'AttributeName':'id','AttributeType':'S'}],"
    + "'KeySchema':[{'AttributeName':'id','KeyType':'HASH'}]}"

  static func load(_ more: String = "", format: String = "DYNAMODB_JSON", table: String = "fine")
    -> String
  {
    "{'S3BucketSource':{'S3Bucket':'shelf'},'InputFormat':'\(format)'\(more),"
      + shape.replacing("'fine'", with: "'\(table)'") + "}"
  }

  static let transfers: [Refusal] = exports + imports

  private static let exports: [Refusal] = [
    Refusal(
      "ExportTableToPointInTime", export("", of: plain),
      "PointInTimeRecoveryUnavailableException: Point in time recovery is not enabled for table "
        + "'plain'"),
    Refusal(
      "ExportTableToPointInTime", export("", of: plain + "s"),
      "TableNotFoundException: Table not found: \(plain)s"),
    Refusal(
      "ExportTableToPointInTime", export("", of: "orders"),
      Words.values + "tableArn is not a valid ARN"),
    Refusal(
      "ExportTableToPointInTime", export("", of: plain + "/index/by-it"),
      Words.request + "Table ARN is invalid."),
    Refusal(
      "ExportTableToPointInTime",
      export("", of: plain.replacing("123456789012", with: "111122223333")),
      "AccessDeniedException: Access is denied"),
    Refusal(
      "ExportTableToPointInTime", export(",'ExportTime':\(base + 100_000)"),
      badTime + "Export Time is invalid"),
    Refusal(
      "ExportTableToPointInTime", export(",'ExportTime':1"), badTime + "Export Time is invalid"),
    // Recovery has been on for less time than that.
    Refusal(
      "ExportTableToPointInTime", export(",'ExportTime':\(base - 86_400)"),
      badTime + "Point in Time Recovery is not available for specified export time"),
    // Later than the latest restorable time.
    Refusal(
      "ExportTableToPointInTime", export(",'ExportTime':\(base + 780)"),
      badTime + "Point in Time Recovery is not available for specified export time"),
    Refusal(
      "ExportTableToPointInTime", changes(60, 60 + 899),
      badTime + "Incremental export period to time cannot be greater than the current time : "
        + "$NOW"),
    Refusal(
      "ExportTableToPointInTime", changes(60, 120),
      badTime + "Difference between export period from time and export period to time is less "
        + "than 15 minutes"),
    Refusal(
      "ExportTableToPointInTime", changes(-3600, 120),
      badTime + "Incremental export period from time cannot be less than the table creation time "
        + ": 2026-06-01T12:00:00Z"),
    Refusal(
      "ExportTableToPointInTime", changes(60, nil),
      badTime + "Difference between export period from time and export period to time is less "
        + "than 15 minutes"),
    Refusal(
      "ExportTableToPointInTime",
      export("", of: plain.replacing("us-east-1", with: "eu-west-1")),
      "TableNotFoundException: Table not found: "
        + plain.replacing("us-east-1", with: "eu-west-1")),
    Refusal(
      "ExportTableToPointInTime", changes(nil, 120),
      Words.request + "ExportFromTime must be provided in IncrementalExportSpecification"),
    Refusal(
      "ExportTableToPointInTime", export(",'ExportType':'INCREMENTAL_EXPORT'"),
      Words.request
        + "Incremental Export Specification expected when export type is set as Incremental "
        + "Export"),
    Refusal(
      "ExportTableToPointInTime",
      export(",'IncrementalExportSpecification':{'ExportFromTime':\(base)}"),
      Words.request
        + "When Export Type is Full Export , Incremental Export Specification should not be "
        + "provided"),
    Refusal(
      "ExportTableToPointInTime", changes(60, 120, ",'ExportTime':\(base + 100)"),
      Words.request + "ExportTime should not be provided for an incremental export"),
    Refusal(
      "ExportTableToPointInTime", export(",'S3SseKmsKeyId':'k'"),
      Words.request + "KMS Key Id is not supported for this encryption type"),
    Refusal(
      "ExportTableToPointInTime", export(",'S3SseAlgorithm':'AES256','S3SseKmsKeyId':'k'"),
      Words.request + "KMS Key Id is not supported for this encryption type"),
    Refusal(
      "ExportTableToPointInTime", export(",'ExportFormat':'ION'"),
      "NotSimulated: ExportFormat ION is not simulated by Rewind. Nothing was changed."),
    Refusal(
      "ExportTableToPointInTime", export(",'ClientToken':'used-token','S3Prefix':'other'"),
      "ExportConflictException: Export conflict: Duplicate request detected with conflicting "
        + "parameters"),
    Refusal(
      "DescribeExport", "{'ExportArn':'\(plain)/export/01489602797149-73d8d5bc'}",
      "ExportNotFoundException: Export not found: Export not found: "
        + "\(plain)/export/01489602797149-73d8d5bc"),
    Refusal(
      "DescribeExport", "{'ExportArn':'\(foreign)/export/01489602797149-73d8d5bc'}",
      "AccessDeniedException: Access is denied"),
    Refusal("DescribeExport", "{'ExportArn':'\(plain)'}", Words.validation + "Invalid Export ARN"),
    Refusal(
      "DescribeExport", "{'ExportArn':'\(plain)/backup/01489602797149-73d8d5bc'}",
      Words.validation + "Invalid Export ARN"),
    Refusal(
      "ListExports", "{'TableArn':'orders'}", Words.values + "tableArn is not a valid ARN"),
    Refusal("ListExports", "{'NextToken':'?'}", Words.validation + "Invalid NextToken"),
    Refusal(
      "ListExports", "{'MaxResults':26}",
      Words.one + "'26' at 'maxResults' failed to satisfy constraint: Member must have value less "
        + "than or equal to 25"),
  ]

  private static let imports: [Refusal] = [
    Refusal(
      "ImportTable", load(table: "orders"),
      "ResourceInUseException: Table already exists: orders"),
    Refusal(
      "ImportTable", load(table: "loading"),
      "ResourceInUseException: Table already exists: loading"),
    Refusal(
      "ImportTable", load(",'ClientToken':'used-token'"),
      "ImportConflictException: Import conflict: Duplicate request detected with conflicting "
        + "parameters"),
    Refusal(
      "ImportTable", load(format: "ION"),
      "NotSimulated: InputFormat ION is not simulated by Rewind. Nothing was changed."),
    Refusal(
      "ImportTable", load(",'InputCompressionType':'ZSTD'"),
      "NotSimulated: InputCompressionType ZSTD is not simulated by Rewind. Nothing was changed."),
    Refusal(
      "ImportTable", load(",'InputFormatOptions':{'Csv':{'Delimiter':','}}"),
      Words.request + "Csv options should not be provided for the input format DYNAMODB_JSON"),
    Refusal(
      "ImportTable",
      load().replacing("'BillingMode':'PAY_PER_REQUEST',", with: ""),
      Words.values + "ReadCapacityUnits and WriteCapacityUnits must both be specified when "
        + "BillingMode is PROVISIONED"),
    Refusal(
      "DescribeImport", "{'ImportArn':'\(plain)/import/01489602797149-73d8d5bc'}",
      "ImportNotFoundException: Import not found: Import not found: "
        + "\(plain)/import/01489602797149-73d8d5bc"),
    Refusal(
      "DescribeImport", "{'ImportArn':'\(foreign)/import/01489602797149-73d8d5bc'}",
      "AccessDeniedException: Access is denied"),
    Refusal("DescribeImport", "{'ImportArn':'\(plain)'}", Words.validation + "Invalid Import ARN"),
    Refusal(
      "ListImports", "{'TableArn':'orders'}", Words.values + "tableArn is not a valid ARN"),
    Refusal(
      "ListImports", "{'NextToken':'\(String(repeating: "0", count: 112))'}",
      Words.validation + "Invalid NextToken"),
  ]
}
