// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
package import Documents
import ItemModel
import PersistentCollections
import Simulation

/// Stores an object, whole and at once, over one of the same key. [S3.object.put]
package struct PutObject: S3Operation {
  let bucket: String
  let key: String
  let body: String?
  let contentMD5: String?
  let contentType: String?
  let contentLength: Int64?
  let serverSideEncryption: String?
  let ssekmsKeyId: String?
  let storageClass: String?
  let expectedBucketOwner: String?

  package static var isManagementEvent: Bool { false }

  package struct Output: Encodable, Sendable {
    let eTag: String
    let serverSideEncryption: String
    let ssekmsKeyId: String?
    let size: Int64?
  }

  /// The service's classes that are not simulated. [S3.classes]
  private static let otherClasses: Set = [
    "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER",
    "OUTPOSTS", "GLACIER_IR", "SNOW", "EXPRESS_ONEZONE", "FSX_OPENZFS", "FSX_ONTAP",
  ]

  package static func check(_ input: Document) throws(ServiceError) {
    if let kind = input["StorageClass"]?.string, StorageClass(rawValue: kind) == nil {
      guard otherClasses.contains(kind) else { throw .invalidStorageClass(kind) }
      throw .notSimulated("StorageClass \(kind)")
    }
    guard let algorithm = input["ServerSideEncryption"]?.string else { return }
    switch algorithm {
    case "AES256", "aws:kms": break
    case "aws:kms:dsse", "aws:fsx": throw .notSimulated("ServerSideEncryption \(algorithm)")
    default:
      throw .invalidArgument(
        "x-amz-server-side-encryption", algorithm,
        "The encryption method specified is not supported")
    }
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard key.utf8.count <= ObjectKey.maximumByteCount else {
      throw .keyTooLong(key.utf8.count)
    }
    let found = try cloud.bucket(bucket, ownedBy: expectedBucketOwner, for: caller)
    let bytes = try Self.bytes(body ?? "")
    try checkDigest(of: bytes)
    let encryption = try cloud.objectEncryption(
      serverSideEncryption, key: ssekmsKeyId,
      in: Place(account: caller.account, region: found.place.region))
    // Every refusal is above this line.
    let object = cloud.store(
      bytes, at: key, in: found.id, encryption: encryption, contentType: contentType,
      storageClass: storageClass.flatMap(StorageClass.init) ?? .standard)
    return Output(
      eTag: "\"\(object.eTag)\"", serverSideEncryption: encryption.algorithm,
      ssekmsKeyId: encryption.keyARN, size: nil)
  }

  private func checkDigest(of bytes: [UInt8]) throws(ServiceError) {
    guard let contentMD5 else { return }
    guard let written = try? Base64.bytes(of: contentMD5), written.count == 16 else {
      throw .invalidDigest
    }
    guard written == md5(of: bytes) else { throw .badDigest }
  }

  /// A blob of the wire; the command language has checked it, a raw client may not have.
  private static func bytes(_ text: String) throws(ServiceError) -> [UInt8] {
    guard let bytes = try? Base64.bytes(of: text) else {
      throw .invalidArgument("Body", "", "The body is not valid base64")
    }
    return bytes
  }
}

/// Returns an object with its contents, or with a range of them; not of one that is archived.
/// [S3.object.get] [S3.classes]
package struct GetObject: S3Operation {
  let bucket: String
  let key: String
  let range: String?
  let ifMatch: String?
  let expectedBucketOwner: String?

  package static var isReadOnly: Bool { true }
  package static var isManagementEvent: Bool { false }
  /// A checksum is an offer to the client; it checks nothing here.
  package static var acceptedWithoutEffect: [String] { ["ChecksumMode"] }

  package struct Output: Encodable, Sendable {
    let body: String
    let acceptRanges: String
    let lastModified: Timestamp
    let contentLength: Int64
    let eTag: String
    let contentRange: String?
    let contentType: String
    let serverSideEncryption: String
    let metadata: [String: String]
    let ssekmsKeyId: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let found = try cloud.bucket(bucket, ownedBy: expectedBucketOwner, for: caller)
    guard let object = found.object(key) else { throw .noSuchKey(key) }
    guard object.archive == nil else { throw .invalidObjectState(object.storageClass) }
    if let ifMatch, ifMatch != "*", ifMatch.filter({ $0 != "\"" }) != object.eTag {
      throw .preconditionFailed("If-Match")
    }
    let size = object.sizeBytes
    let part = try range.flatMap { text throws(ServiceError) in
      try ByteRange.bounds(text, size: size)
    }
    let bytes = object.contents.bytes
    return Output(
      body: Base64.text(of: part.map { Array(bytes[$0]) } ?? bytes), acceptRanges: "bytes",
      lastModified: Timestamp(object.lastModified.flooredToSecond),
      contentLength: Int64(part?.count ?? size), eTag: "\"\(object.eTag)\"",
      contentRange: part.map { "bytes \($0.lowerBound)-\($0.upperBound - 1)/\(size)" },
      contentType: object.contentType,
      serverSideEncryption: object.encryption.algorithm, metadata: [:],
      ssekmsKeyId: object.encryption.keyARN)
  }
}

/// One range of bytes, as HTTP writes it: `bytes=0-9`, `bytes=10-`, `bytes=-5`. [S3.object.get]
private enum ByteRange {
  /// The bytes that a text asks for of so many; nil for what is none, which counts as not said.
  ///
  /// - Throws: InvalidRange for one that begins behind the end.
  static func bounds(_ text: String, size: Int) throws(ServiceError) -> Range<Int>? {
    guard text.hasPrefix("bytes=") else { return nil }
    let parts = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy(isDigit) }) else { return nil }
    let (first, last) = (Int(parts[0]), Int(parts[1]))
    // A number too large to count lies behind every end.
    guard let start = first ?? (parts[0].isEmpty ? nil : size) else {
      guard let last else { return nil }
      guard last > 0, size > 0 else { throw .invalidRange(text, size: size) }
      return max(0, size - last)..<size
    }
    let end = parts[1].isEmpty ? size : min(size - 1, last ?? size) + 1
    guard parts[1].isEmpty || start < end || start >= size else { return nil }
    guard start < size else { throw .invalidRange(text, size: size) }
    return start..<end
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}

/// Returns what S3 says of an object, without its contents. [S3.head]
package struct HeadObject: S3Operation {
  let bucket: String
  let key: String
  let expectedBucketOwner: String?

  package static var isReadOnly: Bool { true }
  package static var isManagementEvent: Bool { false }
  /// As for GetObject.
  package static var acceptedWithoutEffect: [String] { ["ChecksumMode"] }

  package struct Output: Encodable, Sendable {
    let acceptRanges: String
    let lastModified: Timestamp
    let contentLength: Int64
    let eTag: String
    let contentType: String
    let serverSideEncryption: String
    let metadata: [String: String]
    let ssekmsKeyId: String?
    /// Of every class but S3 Standard.
    let storageClass: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let object = try ServiceError.withoutBody { () throws(ServiceError) in
      let found = try cloud.bucket(bucket, ownedBy: expectedBucketOwner, for: caller)
      guard let object = found.object(key) else { throw .noSuchKey(key) }
      return object
    }
    return Output(
      acceptRanges: "bytes", lastModified: Timestamp(object.lastModified.flooredToSecond),
      contentLength: Int64(object.sizeBytes), eTag: "\"\(object.eTag)\"",
      contentType: object.contentType, serverSideEncryption: object.encryption.algorithm,
      metadata: [:], ssekmsKeyId: object.encryption.keyARN,
      storageClass: object.archive?.rawValue)
  }
}

/// Deletes an object for good; one that is not there counts as deleted. [S3.object.delete]
package struct DeleteObject: S3Operation {
  let bucket: String
  let key: String
  let expectedBucketOwner: String?

  package static var isManagementEvent: Bool { false }

  package func perform(
    in cloud: inout Cloud, as caller: Caller
  ) throws(ServiceError) -> EmptyOutput {
    let found = try cloud.bucket(bucket, ownedBy: expectedBucketOwner, for: caller)
    guard found.object(key) != nil else { return EmptyOutput() }
    // Every refusal is above this line.
    cloud.set(nil, at: ObjectKey(key), in: found.id)
    return EmptyOutput()
  }
}

// MARK: - Encryption

extension StoredObject {
  /// The MD5 of the contents; under a KMS key another text of the same form. [S3.object.put]
  static func eTag(of bytes: [UInt8], under encryption: ObjectEncryption) -> String {
    guard let key = encryption.keyARN else { return hexText(of: md5(of: bytes)) }
    return hexText(of: md5(of: md5(of: bytes) + Array(key.utf8)))
  }
}

extension Cloud {
  /// The encryption a request asks for. [S3.encryption]
  ///
  /// - Parameters:
  ///   - algorithm: `AES256`, `aws:kms`, or nil for S3's own keys.
  ///   - key: A KMS key's id, ARN or alias; nil for the AWS managed one.
  ///   - place: The caller's account and the bucket's Region.
  /// - Returns: The encryption, its key by ARN.
  /// - Throws: InvalidArgument for a key without KMS, KMS.NotFoundException for one that is none.
  func objectEncryption(
    _ algorithm: String?, key: String?, in place: Place
  ) throws(ServiceError) -> ObjectEncryption {
    guard algorithm == "aws:kms" else {
      guard key == nil else {
        throw .invalidArgument(
          "x-amz-server-side-encryption-aws-kms-key-id", key ?? "",
          "Server Side Encryption with KMS managed key requires HTTP header "
            + "x-amz-server-side-encryption : aws:kms")
      }
      return .ownKeys
    }
    let prefix = "arn:\(place.partition.rawValue):kms:\(place.region):\(place.account):"
    let managed = prefix + "alias/aws/s3"
    guard let key, key != "alias/aws/s3", key != managed else {
      return ObjectEncryption(algorithm: "aws:kms", keyARN: managed)
    }
    throw .encryptionKeyNotFound(
      key.hasPrefix("arn:") ? key : prefix + (key.hasPrefix("alias/") ? key : "key/\(key)"))
  }
}
