// SPDX-License-Identifier: GPL-3.0-or-later

import Documents

/// The words of Amazon S3's own refusals. [S3.errors]
extension ServiceError {
  private static func s3(
    _ code: String, _ message: String, status: Int, members: Document = .emptyObject
  ) -> ServiceError {
    ServiceError(code: code, message: message, members: members, status: status)
  }

  static func noSuchBucket(_ name: String) -> ServiceError {
    s3(
      "NoSuchBucket", "The specified bucket does not exist", status: 404,
      members: ["BucketName": .string(name)])
  }

  static func noSuchKey(_ key: String) -> ServiceError {
    s3(
      "NoSuchKey", "The specified key does not exist.", status: 404,
      members: ["Key": .string(key)])
  }

  /// The answer to HEAD, which has no body to hold a code.
  static let s3NotFound = s3("404", "Not Found", status: 404)
  static let s3Forbidden = s3("403", "Forbidden", status: 403)

  static let s3AccessDenied = s3("AccessDenied", "Access Denied", status: 403)

  static func invalidBucketName(_ name: String) -> ServiceError {
    s3(
      "InvalidBucketName", "The specified bucket is not valid.", status: 400,
      members: ["BucketName": .string(name)])
  }

  static func bucketAlreadyExists(_ name: String) -> ServiceError {
    s3(
      "BucketAlreadyExists",
      "The requested bucket name is not available. The bucket namespace is shared by all users of "
        + "the system. Please select a different name and try again.", status: 409,
      members: ["BucketName": .string(name)])
  }

  static func bucketAlreadyOwnedByYou(_ name: String) -> ServiceError {
    s3(
      "BucketAlreadyOwnedByYou",
      "Your previous request to create the named bucket succeeded and you already own it.",
      status: 409, members: ["BucketName": .string(name)])
  }

  static func bucketNotEmpty(_ name: String) -> ServiceError {
    s3(
      "BucketNotEmpty", "The bucket you tried to delete is not empty", status: 409,
      members: ["BucketName": .string(name)])
  }

  static func tooManyBuckets(_ limit: Int) -> ServiceError {
    s3(
      "TooManyBuckets", "You have attempted to create more buckets than allowed", status: 400,
      members: ["AllowedNumberOfBuckets": .integer(Int64(limit))])
  }

  static func incompatibleLocation(_ constraint: String?) -> ServiceError {
    s3(
      "IllegalLocationConstraintException",
      "The \(constraint ?? "unspecified") location constraint is incompatible for the region "
        + "specific endpoint this request was sent to.", status: 400)
  }

  static func invalidLocation(_ constraint: String) -> ServiceError {
    s3(
      "InvalidLocationConstraint", "The specified location-constraint is not valid", status: 400,
      members: ["LocationConstraint": .string(constraint)])
  }

  static func invalidArgument(_ name: String, _ value: String, _ message: String) -> ServiceError {
    s3(
      "InvalidArgument", message, status: 400,
      members: ["ArgumentName": .string(name), "ArgumentValue": .string(value)])
  }

  static func keyTooLong(_ byteCount: Int) -> ServiceError {
    s3(
      "KeyTooLongError", "Your key is too long", status: 400,
      members: [
        "Size": .integer(Int64(byteCount)),
        "MaxSizeAllowed": .integer(Int64(ObjectKey.maximumByteCount)),
      ])
  }

  static func invalidStorageClass(_ kind: String) -> ServiceError {
    s3(
      "InvalidStorageClass", "The storage class you specified is not valid", status: 400,
      members: ["StorageClassRequested": .string(kind)])
  }

  /// Of an object that has to be restored before it can be read. [S3.classes]
  static func invalidObjectState(_ kind: StorageClass) -> ServiceError {
    s3(
      "InvalidObjectState", "The operation is not valid for the object's storage class",
      status: 403, members: ["StorageClass": .string(kind.rawValue)])
  }

  static func preconditionFailed(_ condition: String) -> ServiceError {
    s3(
      "PreconditionFailed", "At least one of the pre-conditions you specified did not hold",
      status: 412, members: ["Condition": .string(condition)])
  }

  static func invalidRange(_ range: String, size: Int) -> ServiceError {
    s3(
      "InvalidRange", "The requested range is not satisfiable", status: 416,
      members: [
        "RangeRequested": .string(range), "ActualObjectSize": .string(String(size)),
      ])
  }

  static let invalidDigest = s3(
    "InvalidDigest", "The Content-MD5 you specified was invalid.", status: 400)

  static let badDigest = s3(
    "BadDigest", "The Content-MD5 you specified did not match what we received.", status: 400)

  static func encryptionKeyNotFound(_ arn: String) -> ServiceError {
    s3("KMS.NotFoundException", "Key '\(arn)' does not exist", status: 400)
  }
}
