// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
package import Documents
import PersistentCollections
import Simulation

/// An operation of Amazon S3, as `aws s3api` names them.
package protocol S3Operation: Operation {}

extension S3Operation {
  package static var service: String { "s3api" }
}

/// Makes a bucket of the caller's in the Region asked.
///
/// Names are given out once in a whole partition. Making one's own bucket again is refused, but for
/// us-east-1, which has always taken it as done. [S3.bucket.create]
package struct CreateBucket: S3Operation {
  let bucket: String
  let createBucketConfiguration: Configuration?

  struct Configuration: Decodable, Sendable { let locationConstraint: String? }

  package struct Output: Encodable, Sendable {
    let location: String
    let bucketArn: String
  }

  /// The buckets an account may have. [S3.bucket.create]
  static let limit = 10_000

  package static func check(_ input: Document) throws(ServiceError) {
    let constraint = input["CreateBucketConfiguration"]?["LocationConstraint"]?.string
    guard let constraint, constraint != "EU" else { return }
    guard constraint != "us-east-1", Partition(ofRegion: constraint) != nil else {
      throw .invalidLocation(constraint)
    }
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    try BucketName.check(bucket)
    let written = createBucketConfiguration?.locationConstraint
    let region = written == "EU" ? "eu-west-1" : written ?? "us-east-1"
    // The global endpoint, which us-east-1 is, makes buckets anywhere in its partition.
    guard
      region == caller.region
        || (caller.region == "us-east-1"
          && Partition(ofRegion: region) == Partition(ofRegion: caller.region))
    else { throw .incompatibleLocation(written) }
    let made = Bucket(
      name: bucket, place: Place(account: caller.account, region: region), createdAt: cloud.now)
    if let existing = cloud.buckets[made.id] {
      guard existing.place.account == caller.account else { throw .bucketAlreadyExists(bucket) }
      guard existing.place == made.place, region == "us-east-1" else {
        throw .bucketAlreadyOwnedByYou(bucket)
      }
      return output(of: existing)
    }
    guard cloud.bucketCount(of: caller.account) < Self.limit else {
      throw .tooManyBuckets(Self.limit)
    }
    // Every refusal is above this line.
    cloud.buckets[made.id] = made
    return output(of: made)
  }

  private func output(of bucket: Bucket) -> Output {
    Output(
      location: bucket.place.region == "us-east-1"
        ? "/\(bucket.name)" : "http://\(bucket.name).s3.amazonaws.com/",
      bucketArn: bucket.arn)
  }
}

/// Deletes a bucket that holds nothing. [S3.bucket.delete]
package struct DeleteBucket: S3Operation {
  let bucket: String
  let expectedBucketOwner: String?

  package func perform(
    in cloud: inout Cloud, as caller: Caller
  ) throws(ServiceError) -> EmptyOutput {
    let found = try cloud.bucket(bucket, ownedBy: expectedBucketOwner, for: caller)
    guard found.objects.isEmpty else { throw .bucketNotEmpty(bucket) }
    // Every refusal is above this line.
    cloud.buckets[found.id] = nil
    return EmptyOutput()
  }
}

/// Says whether a bucket exists and may be used: 404 and 403 have no other words. [S3.head]
package struct HeadBucket: S3Operation {
  let bucket: String
  let expectedBucketOwner: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let bucketArn: String
    let bucketRegion: String
    let accessPointAlias: Bool
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let found = try ServiceError.withoutBody { () throws(ServiceError) in
      try cloud.bucket(bucket, ownedBy: expectedBucketOwner, for: caller)
    }
    return Output(
      bucketArn: found.arn, bucketRegion: found.place.region, accessPointAlias: false)
  }
}

/// Returns a bucket's Region; none stands for us-east-1. [S3.bucket.create]
package struct GetBucketLocation: S3Operation {
  let bucket: String
  let expectedBucketOwner: String?

  package static var isReadOnly: Bool { true }
  package struct Output: Encodable, Sendable { let locationConstraint: String? }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let region = try cloud.bucket(bucket, ownedBy: expectedBucketOwner, for: caller).place.region
    return Output(locationConstraint: region == "us-east-1" ? nil : region)
  }
}

/// Lists the caller's buckets in all Regions, by name. [S3.bucket.list]
package struct ListBuckets: S3Operation {
  let maxBuckets: Int?
  let continuationToken: String?
  let prefix: String?
  let bucketRegion: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let buckets: [Entry]
    let owner: Owner
    let continuationToken: String?
    let prefix: String?
  }

  struct Entry: Encodable, Sendable {
    let name: String
    let creationDate: Timestamp
    let bucketRegion: String?
    let bucketArn: String
  }

  package static func check(_ input: Document) throws(ServiceError) {
    guard let count = input["MaxBuckets"]?.integer, !(1...10_000).contains(count) else { return }
    throw .invalidArgument(
      "max-buckets", "\(count)", "Argument max-buckets must be an integer between 1 and 10000")
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let after = try continuationToken.map { text throws(ServiceError) in
      try ListingToken(text).text
    }
    let partition = caller.place.partition
    let found = cloud.buckets.map(\.value).filter { bucket in
      bucket.place.account == caller.account && bucket.id.partition == partition
        && bucket.name.hasPrefix(prefix ?? "")
        && (bucketRegion.map { bucket.place.region == $0 } ?? true)
        && (after.map { $0 < bucket.name } ?? true)
    }
    let page = found.prefix(maxBuckets ?? 10_000)
    // Only a listing in pages or of one Region says where a bucket is.
    let showsRegion = maxBuckets != nil || bucketRegion != nil || continuationToken != nil
    return Output(
      buckets: page.map {
        Entry(
          name: $0.name, creationDate: Timestamp($0.createdAt.flooredToSecond),
          bucketRegion: showsRegion ? $0.place.region : nil, bucketArn: $0.arn)
      },
      owner: Owner(account: caller.account),
      continuationToken: page.count < found.count
        ? page.last.map { ListingToken(.key, $0.name).encoded } : nil,
      prefix: prefix)
  }
}

/// The owner of buckets and objects: an account under its canonical id. [S3.bucket.list]
struct Owner: Encodable, Sendable {
  let id: String

  init(account: String) { id = digest(of: "canonical user \(account)").hex }
}

extension Cloud {
  fileprivate func bucketCount(of account: String) -> Int {
    buckets.values.reduce(0) { $0 + ($1.place.account == account ? 1 : 0) }
  }
}

extension ServiceError {
  /// Does something for a HEAD request, whose refusals are a status and nothing else.
  static func withoutBody<T>(
    _ body: () throws(ServiceError) -> T
  ) throws(ServiceError) -> T {
    do throws(ServiceError) {
      return try body()
    } catch {
      switch error.status {
      case 404: throw .s3NotFound
      case 403: throw .s3Forbidden
      case let status:
        throw ServiceError(code: "\(status)", message: "Bad Request", status: status)
      }
    }
  }
}
