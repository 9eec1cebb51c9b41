// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
import ItemModel
import PersistentCollections
import Simulation

/// Lists a bucket's objects in the byte order of their keys, up to 1,000 at a time.
///
/// With a delimiter, keys that share all up to it after the prefix are one common prefix, which
/// counts as one entry. [S3.object.list]
package struct ListObjectsV2: S3Operation {
  let bucket: String
  let delimiter: String?
  let encodingType: String?
  let maxKeys: Int?
  let prefix: String?
  let continuationToken: String?
  let fetchOwner: Bool?
  let startAfter: String?
  let expectedBucketOwner: String?

  package static var isReadOnly: Bool { true }
  package static var isManagementEvent: Bool { false }

  package struct Output: Encodable, Sendable {
    let isTruncated: Bool
    let contents: [Entry]?
    let name: String
    let prefix: String
    let delimiter: String?
    let maxKeys: Int
    let commonPrefixes: [Group]?
    let encodingType: String?
    let keyCount: Int
    let continuationToken: String?
    let nextContinuationToken: String?
    let startAfter: String?
  }

  struct Entry: Encodable, Sendable {
    let key: String
    let lastModified: Timestamp
    let eTag: String
    let size: Int64
    let storageClass: String
    let owner: Owner?
  }

  struct Group: Encodable, Sendable { let prefix: String }

  /// The most entries of a page.
  static let pageLimit = 1_000

  package static func check(_ input: Document) throws(ServiceError) {
    if let type = input["EncodingType"]?.string, type != "url" {
      throw .invalidArgument(
        "encoding-type", type, "Invalid Encoding Method specified in Request")
    }
    if let count = input["MaxKeys"]?.integer, !(0...2_147_483_647).contains(count) {
      throw .invalidArgument(
        "maxKeys", "\(count)", "Argument maxKeys must be an integer between 0 and 2147483647")
    }
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let found = try cloud.bucket(bucket, ownedBy: expectedBucketOwner, for: caller)
    let limit = min(maxKeys ?? Self.pageLimit, Self.pageLimit)
    let listing = try list(found, limit: limit)
    let owner = fetchOwner == true ? Owner(account: found.place.account) : nil
    let shown = encodingType == "url" ? Self.urlEncoded : { $0 }
    return Output(
      isTruncated: listing.next != nil,
      contents: listing.objects.isEmpty
        ? nil
        : listing.objects.map { key, object in
          Entry(
            key: shown(key), lastModified: Timestamp(object.lastModified.flooredToSecond),
            eTag: "\"\(object.eTag)\"", size: Int64(object.sizeBytes),
            storageClass: object.storageClass.rawValue, owner: owner)
        },
      name: bucket, prefix: shown(prefix ?? ""), delimiter: delimiter.map(shown), maxKeys: limit,
      commonPrefixes: listing.prefixes.isEmpty
        ? nil : listing.prefixes.map { Group(prefix: shown($0)) },
      encodingType: encodingType, keyCount: listing.objects.count + listing.prefixes.count,
      continuationToken: continuationToken, nextContinuationToken: listing.next?.encoded,
      startAfter: startAfter.map(shown))
  }

  private struct Listing {
    var objects: [(String, StoredObject)] = []
    var prefixes: [String] = []
    /// Where the next page goes on; nil after the last.
    var next: ListingToken?
  }

  /// - Complexity: O(log n), and O(1) for each object that is listed or stands under a listed
  ///   common prefix.
  private func list(_ bucket: Bucket, limit: Int) throws(ServiceError) -> Listing {
    var listing = Listing()
    let prefix = prefix ?? ""
    let token = try continuationToken.map { text throws(ServiceError) in try ListingToken(text) }
    guard limit > 0 else { return listing }
    let after = token?.text ?? startAfter ?? ""
    let start = max(ObjectKey(prefix), ObjectKey(after))
    var last: ListingToken?
    for (key, object) in bucket.objects.entries(from: start) {
      let text = key.text
      guard Self.begins(text, with: prefix) else { break }
      if key <= ObjectKey(after), !after.isEmpty { continue }
      if token?.kind == .prefix, Self.begins(text, with: after) { continue }
      let group = group(of: text, after: prefix)
      if let group, listing.prefixes.last == group { continue }
      guard listing.objects.count + listing.prefixes.count < limit else {
        listing.next = last
        break
      }
      if let group {
        listing.prefixes.append(group)
        last = ListingToken(.prefix, group)
      } else {
        listing.objects.append((text, object))
        last = ListingToken(.key, text)
      }
    }
    return listing
  }

  /// The common prefix a key stands under; nil without a delimiter after the prefix.
  private func group(of key: String, after prefix: String) -> String? {
    guard let delimiter, !delimiter.isEmpty else { return nil }
    let bytes = Array(key.utf8)
    let mark = Array(delimiter.utf8)
    let start = prefix.utf8.count
    guard bytes.count >= start + mark.count else { return nil }
    for index in start...(bytes.count - mark.count)
    where bytes[index..<(index + mark.count)].elementsEqual(mark) {
      return String(decoding: bytes[..<(index + mark.count)], as: UTF8.self)
    }
    return nil
  }

  private static func begins(_ text: String, with prefix: String) -> Bool {
    text.utf8.starts(with: prefix.utf8)
  }

  /// A key as `encoding-type=url` shows it: all but letters, digits and `-_.*/` as `%XX`.
  private static func urlEncoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."), UInt8(ascii: "*"), UInt8(ascii: "/"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      case UInt8(ascii: " "): result += "+"
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }
}

/// Where a listing goes on: after a key, or after everything under a common prefix.
struct ListingToken: Hashable, Sendable {
  enum Kind: UInt8, Sendable {
    case key = 75
    case prefix = 80
  }

  let kind: Kind
  let text: String

  init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }

  /// - Throws: InvalidArgument for a text that no listing has answered.
  init(_ encoded: String) throws(ServiceError) {
    guard let bytes = try? Base64.bytes(of: encoded), let first = bytes.first,
      let kind = Kind(rawValue: first),
      let text = String(validating: bytes.dropFirst(), as: UTF8.self)
    else {
      throw .invalidArgument(
        "continuation-token", encoded, "The continuation token provided is incorrect")
    }
    self.init(kind, text)
  }

  var encoded: String { Base64.text(of: [kind.rawValue] + Array(text.utf8)) }
}
