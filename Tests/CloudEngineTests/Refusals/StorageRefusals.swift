// SPDX-License-Identifier: GPL-3.0-or-later

/// What Amazon S3 refuses: `shelf` is the caller's and holds `a`, `foreign` is another account's.
extension Refusals {
  private static func row(_ operation: String, _ input: String, _ error: String, line: Int = #line)
    -> Refusal
  {
    Refusal(operation, input, error, service: "s3api", line: line)
  }

  private static let noBucket = "NoSuchBucket: The specified bucket does not exist"
  private static let invalidName = "InvalidBucketName: The specified bucket is not valid."
  private static let denied = "AccessDenied: Access Denied"
  private static let longKey = String(repeating: "k", count: 1_025)

  private static func create(_ name: String, _ region: String? = nil) -> String {
    let place =
      region.map { ",'CreateBucketConfiguration':{'LocationConstraint':'\($0)'}" } ?? ""
    return "{'Bucket':'\(name)'\(place)}"
  }

  private static let names: [Refusal] = [
    "ab", String(repeating: "b", count: 64), "Upper", "under_score", "-edge", "edge-", ".edge",
    "two..dots", "192.168.5.4", "xn--name", "name-s3alias", "",
  ].map { row("CreateBucket", create($0), invalidName) }

  static let storage: [Refusal] =
    names + [
      row(
        "CreateBucket", create("foreign"),
        "BucketAlreadyExists: The requested bucket name is not available. The bucket namespace is "
          + "shared by all users of the system. Please select a different name and try again."),
      row(
        "CreateBucket", create("far", "eu-west-1"),
        "BucketAlreadyOwnedByYou: Your previous request to create the named bucket succeeded and "
          + "you already own it."),
      row(
        "CreateBucket", create("newone", "us-east-1"),
        "InvalidLocationConstraint: The specified location-constraint is not valid"),
      row(
        "CreateBucket", create("newone", "cn-north-1"),
        "IllegalLocationConstraintException: The cn-north-1 location constraint is incompatible "
          + "for the region specific endpoint this request was sent to."),
      row(
        "DeleteBucket", create("shelf"),
        "BucketNotEmpty: The bucket you tried to delete is not empty"),
      row("DeleteBucket", create("nowhere"), noBucket),
      row("DeleteBucket", create("foreign"), denied),
      row("HeadBucket", create("nowhere"), "404: Not Found"),
      row("HeadBucket", create("foreign"), "403: Forbidden"),
      row("HeadBucket", create("No"), "400: Bad Request"),
      row("GetBucketLocation", create("nowhere"), noBucket),
      row(
        "ListBuckets", "{'ContinuationToken':'nonsense'}",
        "InvalidArgument: The continuation token provided is incorrect"),
      row(
        "ListBuckets", "{'MaxBuckets':0}",
        "InvalidArgument: Argument max-buckets must be an integer between 1 and 10000"),
      row("ListObjectsV2", create("nowhere"), noBucket),
      row("ListObjectsV2", "{'Bucket':'shelf','ExpectedBucketOwner':'111122223333'}", denied),
      row(
        "ListObjectsV2", "{'Bucket':'shelf','MaxKeys':-1}",
        "InvalidArgument: Argument maxKeys must be an integer between 0 and 2147483647"),
      row(
        "ListObjectsV2", "{'Bucket':'shelf','EncodingType':'xml'}",
        "InvalidArgument: Invalid Encoding Method specified in Request"),
      row(
        "ListObjectsV2", "{'Bucket':'shelf','ContinuationToken':'S/8='}",
        "InvalidArgument: The continuation token provided is incorrect"),
      row("PutObject", "{'Bucket':'nowhere','Key':'a'}", noBucket),
      row("PutObject", "{'Bucket':'foreign','Key':'a'}", denied),
      row(
        "PutObject", "{'Bucket':'shelf','Key':'\(longKey)'}",
        "KeyTooLongError: Your key is too long"),
      row(
        "PutObject", "{'Bucket':'shelf','Key':'b','Body':'YQ==','ContentMD5':'YQ=='}",
        "InvalidDigest: The Content-MD5 you specified was invalid."),
      row(
        "PutObject",
        "{'Bucket':'shelf','Key':'b','Body':'Yg==','ContentMD5':'DMF1ucDxtqgxQ5niaXcmYQ=='}",
        "BadDigest: The Content-MD5 you specified did not match what we received."),
      row(
        "PutObject", "{'Bucket':'shelf','Key':'b','ServerSideEncryption':'DES'}",
        "InvalidArgument: The encryption method specified is not supported"),
      row(
        "PutObject", "{'Bucket':'shelf','Key':'b','SSEKMSKeyId':'k'}",
        "InvalidArgument: Server Side Encryption with KMS managed key requires HTTP header "
          + "x-amz-server-side-encryption : aws:kms"),
      row(
        "PutObject",
        "{'Bucket':'shelf','Key':'b','ServerSideEncryption':'aws:kms','SSEKMSKeyId':'k'}",
        "KMS.NotFoundException: Key 'arn:aws:kms:us-east-1:123456789012:key/k' does not exist"),
      row(
        "PutObject",
        "{'Bucket':'shelf','Key':'b','ServerSideEncryption':'aws:kms','SSEKMSKeyId':'alias/k'}",
        "KMS.NotFoundException: Key 'arn:aws:kms:us-east-1:123456789012:alias/k' does not exist"),
      row(
        "PutObject",
        "{'Bucket':'shelf','Key':'b','ServerSideEncryption':'aws:kms',"
          + "'SSEKMSKeyId':'arn:aws:kms:us-east-1:111122223333:key/k'}",
        "KMS.NotFoundException: Key 'arn:aws:kms:us-east-1:111122223333:key/k' does not exist"),
      row(
        "PutObject", "{'Bucket':'shelf','Key':'b','ServerSideEncryption':'aws:kms:dsse'}",
        "NotSimulated: ServerSideEncryption aws:kms:dsse is not simulated by Rewind. Nothing was "
          + "changed."),
      row(
        "PutObject", "{'Bucket':'shelf','Key':'b','StorageClass':'GLACIER'}",
        "NotSimulated: StorageClass GLACIER is not simulated by Rewind. Nothing was changed."),
      row(
        "PutObject", "{'Bucket':'shelf','Key':'b','StorageClass':'deep_archive'}",
        "InvalidStorageClass: The storage class you specified is not valid"),
      row(
        "GetObject", "{'Bucket':'shelf','Key':'deep'}",
        "InvalidObjectState: The operation is not valid for the object's storage class"),
      row(
        "PutObject", "{'Bucket':'shelf','Key':'b','Body':'no base64'}",
        "SerializationException: Base64 encoded length is expected a multiple of 4 bytes but found: 9"
      ),
      row(
        "PutObject", "{'Bucket':'shelf','Key':'b','Tagging':'a=b'}",
        "NotSimulated: Tagging of PutObject is not simulated by Rewind. Nothing was changed."),
      row(
        "GetObject", "{'Bucket':'shelf','Key':'b'}",
        "NoSuchKey: The specified key does not exist."),
      row("GetObject", "{'Bucket':'nowhere','Key':'b'}", noBucket),
      row("HeadObject", "{'Bucket':'shelf','Key':'b'}", "404: Not Found"),
      row("HeadObject", "{'Bucket':'foreign','Key':'b'}", "403: Forbidden"),
      row("DeleteObject", "{'Bucket':'nowhere','Key':'a'}", noBucket),
    ]
}
