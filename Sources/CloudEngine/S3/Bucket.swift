// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
package import PersistentCollections
package import Simulation

/// What tells one bucket from all others: its name, unique in a partition. [S3.bucket.name]
struct BucketID: Hashable, Comparable, Sendable, Codable {
  let partition: Partition
  let name: String

  static func < (left: BucketID, right: BucketID) -> Bool {
    (left.partition.rawValue, left.name) < (right.partition.rawValue, right.name)
  }
}

/// A bucket of Amazon S3: an account's, in one Region, with objects by key.
package struct Bucket: Hashable, Sendable, Codable {
  package let name: String
  /// The account that owns the bucket and the Region it lies in.
  package let place: Place
  package let createdAt: Instant
  /// The objects in the byte order of their keys, which is the order of every listing.
  package internal(set) var objects: OrderedMap<ObjectKey, StoredObject> = OrderedMap()

  var id: BucketID {
    BucketID(partition: place.partition, name: name)
  }

  package var arn: String { "arn:\(id.partition.rawValue):s3:::\(name)" }

  /// The object of a key; nil if there is none.
  ///
  /// - Complexity: O(log n).
  package func object(_ key: String) -> StoredObject? { objects[ObjectKey(key)] }
}

/// An object's key: any text of 1 to 1,024 bytes, compared byte by byte. [S3.object.key]
package struct ObjectKey: Hashable, Comparable, Sendable, Codable {
  package let text: String

  package init(_ text: String) { self.text = text }

  /// The most bytes of a key.
  static let maximumByteCount = 1_024

  package static func == (left: ObjectKey, right: ObjectKey) -> Bool {
    // Swift's own comparison takes a letter and its decomposed form for one.
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  package static func < (left: ObjectKey, right: ObjectKey) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
    hasher.combine(UInt8(0xff))
  }
}

/// An object: bytes under a key, and what S3 says of them.
package struct StoredObject: Hashable, Sendable, Codable {
  package let contents: ObjectContents
  /// The MD5 of the contents in hexadecimal digits, without the quotes around it on the wire.
  package let eTag: String
  package let lastModified: Instant
  package let encryption: ObjectEncryption
  package let contentType: String
  /// The bytes that it stands for and that are paid for; nil where those are its own.
  var declaredByteCount: Int64?
  /// The class it was put into; nil for S3 Standard.
  var archive: StorageClass?

  package var sizeBytes: Int { contents.bytes.count }
  var billedByteCount: Int64 { declaredByteCount ?? Int64(sizeBytes) }
  package var storageClass: StorageClass { archive ?? .standard }

  static let defaultContentType = "binary/octet-stream"
}

/// How an object is kept: what it costs, and whether its contents can be had at once. [S3.classes]
package enum StorageClass: String, Sendable, CaseIterable, Codable {
  case standard = "STANDARD"
  /// S3 Glacier Deep Archive: nothing is read from it before it is restored, which is not simulated.
  case deepArchive = "DEEP_ARCHIVE"

  /// The line of the bill that its bytes count on.
  var line: BillLine {
    switch self {
    case .standard: .storage
    case .deepArchive: .archive
    }
  }
}

/// The bytes of an object; a copy shares them.
///
/// Encoded they are base64: a list of numbers would be four times as long.
package struct ObjectContents: Hashable, Sendable, Codable {
  package let bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      bytes = try Base64.bytes(of: try container.decode(String.self))
    } catch let error as ItemError {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Base64.text(of: bytes))
  }
}

/// How S3 encrypts an object at rest; nothing lies there unencrypted. [S3.encryption]
package struct ObjectEncryption: Hashable, Sendable, Codable {
  /// `AES256` for S3's own keys, `aws:kms` for a KMS key.
  package let algorithm: String
  /// The KMS key's ARN; nil for S3's own keys.
  package let keyARN: String?

  static let ownKeys = ObjectEncryption(algorithm: "AES256", keyARN: nil)
}

// MARK: - Names

/// The rules for a bucket's name. [S3.bucket.name]
enum BucketName {
  /// Refuses a name that S3 would not give a bucket.
  ///
  /// - Throws: InvalidBucketName.
  static func check(_ name: String) throws(ServiceError) {
    let bytes = Array(name.utf8)
    let isAddress =
      name.split(separator: ".", omittingEmptySubsequences: false).count == 4
      && bytes.allSatisfy { $0 == dot || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard (3...63).contains(bytes.count), bytes.allSatisfy(isAllowed),
      let first = bytes.first, let last = bytes.last, isLetterOrDigit(first),
      isLetterOrDigit(last), !zip(bytes, bytes.dropFirst()).contains(where: { $0 == (dot, dot) }),
      !isAddress, !reservedPrefixes.contains(where: name.hasPrefix),
      !reservedSuffixes.contains(where: name.hasSuffix)
    else { throw .invalidBucketName(name) }
  }

  private static let dot = UInt8(ascii: ".")
  private static let reservedPrefixes = ["xn--", "sthree-", "amzn-s3-demo-"]
  private static let reservedSuffixes = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"]

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    isLetterOrDigit(byte) || byte == dot || byte == UInt8(ascii: "-")
  }
}

// MARK: - Buckets in the cloud

extension Cloud {
  /// The bucket of a name in a Region's partition; nil if there is none.
  package func bucket(named name: String, inPartitionOf region: String) -> Bucket? {
    buckets[BucketID(partition: Partition.holding(region), name: name)]
  }

  /// The bucket a request names, when its caller may use it.
  ///
  /// Requests find a bucket whatever Region they are sent to: clients follow S3's redirections.
  ///
  /// - Parameters:
  ///   - name: The bucket's name.
  ///   - owner: The account that the request expects to own it, if it says so.
  ///   - caller: Who asks.
  /// - Returns: The bucket.
  /// - Throws: InvalidBucketName, NoSuchBucket, or AccessDenied for another account's.
  func bucket(
    _ name: String, ownedBy owner: String? = nil, for caller: Caller
  ) throws(ServiceError) -> Bucket {
    guard let bucket = bucket(named: name, inPartitionOf: caller.region) else {
      try BucketName.check(name)
      throw .noSuchBucket(name)
    }
    guard bucket.place.account == caller.account, owner ?? caller.account == caller.account else {
      throw .s3AccessDenied
    }
    return bucket
  }

  /// Stores an object, replacing one of the same key, whichever class that was of.
  ///
  /// - Complexity: O(log n) in the number of objects, beside the checksum of the contents.
  @discardableResult
  mutating func store(
    _ bytes: [UInt8], at key: String, in bucket: BucketID,
    encryption: ObjectEncryption = .ownKeys, contentType: String? = nil,
    declaredByteCount: Int64? = nil, storageClass: StorageClass = .standard
  ) -> StoredObject {
    let object = StoredObject(
      contents: ObjectContents(bytes), eTag: StoredObject.eTag(of: bytes, under: encryption),
      lastModified: now, encryption: encryption,
      contentType: contentType ?? StoredObject.defaultContentType,
      declaredByteCount: declaredByteCount,
      archive: storageClass == .standard ? nil : storageClass)
    set(object, at: ObjectKey(key), in: bucket)
    return object
  }

  /// Puts an object in its place or, where there is none, takes away what was there, and meters the
  /// bucket at the size it has then in each class. [PRICE.objects]
  ///
  /// - Complexity: O(log n) in the number of objects.
  mutating func set(_ object: StoredObject?, at key: ObjectKey, in id: BucketID) {
    let bucket = buckets[existing: id]
    let before = bucket.objects[key]
    buckets[existing: id].objects[key] = object
    let subject = Ledger.Subject(resource: bucket.arn, name: bucket.name, place: bucket.place)
    for kind in StorageClass.allCases {
      let held = [object, before].map { $0?.storageClass == kind ? $0?.billedByteCount ?? 0 : 0 }
      guard held[0] != held[1] else { continue }
      meters.change(kind.line, of: subject, by: held[0] - held[1], at: now)
    }
  }
}
