// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
import Documents
import ItemModel
import Simulation

/// The limits and times of exports and imports. [DDB.transfer.limits]
enum Transfers {
  static let tokenLife: Duration = .hours(8)
  static let listedFor: Duration = .days(90)
  static let pageLimit = 25
  static let exportsAtOnce = 300
  static let importsAtOnce = 50
  static let shortestPeriod: Duration = .minutes(15)
  static let longestPeriod: Duration = .hours(24)
  /// What an incremental export costs at least: 10 MB. [PRICE.export]
  static let leastBilledByteCount: Int64 = 10 << 20
  /// Bounds of our own: objects an import reads, and the bytes they may become.
  static let importedObjects = 1_000
  static let importedBytes = 64 << 20
}

extension Delays {
  /// An export of a small table, measured at 2 to 12 minutes. [DDB.transfer.limits]
  private static let exportingSmall: Duration = .minutes(5)
  static let importedTableAppears: Duration = .seconds(30)
  private static let importingSmall: Duration = .minutes(3)

  /// A second for each GB on top, which is ours.
  static func exporting(byteCount: Int64) -> Duration {
    min(exportingSmall + .seconds(byteCount / Int64(PriceTable.bytesPerGB)), .hours(10))
  }

  /// From the appearance of the table until it is ACTIVE.
  static let importing: Duration = importingSmall - importedTableAppears
}

/// How requests name tables, exports and imports. [DDB.export.errors]
enum TransferReference {
  /// The name in a table's ARN, which must be of the caller's place.
  static func tableName(
    inARN text: String, for caller: Caller
  ) throws(ServiceError) -> String {
    guard let arn = ARN(text), arn.service == "dynamodb",
      Partition(ofRegion: arn.region)?.rawValue == arn.partition
    else { throw .invalidValues("tableArn is not a valid ARN") }
    guard let name = arn.tableName, !name.isEmpty else {
      throw .invalidRequest("Table ARN is invalid.")
    }
    guard arn.account == caller.account else { throw .accessDenied() }
    guard arn.region == caller.region else { throw .tableNotFoundByBackups(text) }
    return name
  }

  /// A page's token: the last ARN in base64.
  static func token(for arn: String) -> String { Base64.text(of: Array(arn.utf8)) }

  static func arn(ofToken token: String) throws(ServiceError) -> String {
    guard let bytes = try? Base64.bytes(of: token),
      let text = String(validating: bytes, as: UTF8.self), text.hasPrefix("arn:")
    else { throw .validation("Invalid NextToken") }
    return text
  }

  /// A page's token of ListImports: hexadecimal, at least 112 digits and a multiple of 16.
  static func longToken(for arn: String) -> String {
    var bytes = Array(arn.utf8)
    while bytes.count < 56 || !bytes.count.isMultiple(of: 8) { bytes.append(0) }
    return hexText(of: bytes)
  }

  static func arn(ofLongToken token: String) throws(ServiceError) -> String {
    guard let bytes = bytesFromHex(token),
      let text = String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self),
      text.hasPrefix("arn:")
    else { throw .validation("Invalid NextToken") }
    return text
  }
}

extension ARN {
  static func export(_ id: String, of table: String, in place: Place) -> String {
    "\(ARN.table(table, in: place))/export/\(id)"
  }

  static func `import`(_ id: String, of table: String, in place: Place) -> String {
    "\(ARN.table(table, in: place))/import/\(id)"
  }

  /// What stands after the last slash.
  static func lastPart(_ arn: String) -> String {
    arn.withBytes { bytes in
      bytes.lastIndex(of: UInt8(ascii: "/")).map {
        String(decoding: bytes[($0 + 1)...], as: UTF8.self)
      }
    } ?? arn
  }

  /// The table's name and the id in the ARN of an export or an import; nil for any other resource.
  func transfer(of kind: String) -> (table: String, id: String)? {
    let parts = resource.split(separator: "/", omittingEmptySubsequences: false)
    guard service == "dynamodb", parts.count == 4, parts[0] == "table", parts[2] == kind else {
      return nil
    }
    return (String(parts[1]), String(parts[3]))
  }
}

// MARK: - Words

extension ServiceError {
  static func invalidExportTime(_ message: String) -> ServiceError {
    ServiceError(code: "InvalidExportTimeException", message: message)
  }

  static let noRecoveryForExport = invalidExportTime(
    "Point in Time Recovery is not available for specified export time")

  static let exportConflict = ServiceError(
    code: "ExportConflictException",
    message: "Export conflict: Duplicate request detected with conflicting parameters")

  static func exportNotFound(_ arn: String) -> ServiceError {
    ServiceError(
      code: "ExportNotFoundException", message: "Export not found: Export not found: \(arn)")
  }

  static let importConflict = ServiceError(
    code: "ImportConflictException",
    message: "Import conflict: Duplicate request detected with conflicting parameters")

  static func importNotFound(_ arn: String) -> ServiceError {
    ServiceError(
      code: "ImportNotFoundException", message: "Import not found: Import not found: \(arn)")
  }
}

extension TransferFailure {
  static let noSuchBucket = TransferFailure(
    code: "S3NoSuchBucket",
    message: "The specified bucket does not exist (Service: Amazon S3; Status Code: 404; "
      + "Error Code: NoSuchBucket; Proxy: null)")

  static let bucketAccessDenied = TransferFailure(
    code: "S3AccessDenied",
    message: "Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; "
      + "Proxy: null)")

  static func keyNotFound(_ message: String) -> TransferFailure {
    TransferFailure(
      code: "KmsNotFoundException",
      message: "\(message) (Service: AWSKMS; Status Code: 400; Error Code: NotFoundException; "
        + "Proxy: null)")
  }

  static let itemValidation = TransferFailure(
    code: "ItemValidationError",
    message: "Some of the items failed validation checks and were not imported. Please check "
      + "CloudWatch error logs for more details.")
}

extension [UInt8] {
  /// The MD5 of these bytes in base64, as the checksum files of an export hold it.
  var md5Text: [UInt8] { Array(Base64.text(of: md5(of: self)).utf8) }
}

extension IdentifierSource {
  /// The next identifier of a kind in lower-case base32, as the service names data files.
  mutating func base32(_ kind: String, digits: Int) -> String {
    let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567")
    var text = ""
    while text.utf8.count < digits {
      var word = draw(kind)
      for _ in 0..<min(12, digits - text.utf8.count) {
        text.append(alphabet[Int(word & 31)])
        word >>= 5
      }
    }
    return text
  }
}
