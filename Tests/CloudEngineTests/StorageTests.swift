// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Buckets and objects")
struct StorageTests {
  private static func shelf() throws -> Bench {
    var bench = Bench()
    try bench.call("CreateBucket", "{'Bucket':'shelf'}", service: "s3api")
    return bench
  }

  @Test("a name is given once in a partition, whoever asks and wherever")
  func names() throws {
    var bench = try Self.shelf()
    let other = Caller(account: "111122223333", region: "eu-west-1")
    #expect(
      bench.refusal(
        "CreateBucket",
        "{'Bucket':'shelf','CreateBucketConfiguration':{'LocationConstraint':'eu-west-1'}}",
        service: "s3api", as: other
      ).hasPrefix("BucketAlreadyExists: "))
    let china = Caller(account: "111122223333", region: "cn-north-1")
    #expect(
      try bench.show(
        "CreateBucket",
        "{'Bucket':'shelf','CreateBucketConfiguration':{'LocationConstraint':'cn-north-1'}}",
        service: "s3api", as: china)
        == "{'Location':'http://shelf.s3.amazonaws.com/','BucketArn':'arn:aws-cn:s3:::shelf'}")
    // Once more in us-east-1 is no error, and nothing changes.
    let before = bench.cloud.fingerprint()
    #expect(
      try bench.show("CreateBucket", "{'Bucket':'shelf'}", service: "s3api")
        == "{'Location':'/shelf','BucketArn':'arn:aws:s3:::shelf'}")
    #expect(bench.cloud.fingerprint() == before)
    let listed = try bench.call("ListBuckets", service: "s3api")
    #expect(listed.at("Buckets")?.array?.compactMap { $0["Name"]?.string } == ["shelf"])
    #expect(try listed.instant("Buckets.0.CreationDate") == Bench.start)
  }

  @Test("a bucket is metered at the bytes of its objects, wherever they come and go")
  func metering() throws {
    var bench = try Self.shelf()
    func metered() -> Int64? {
      bench.cloud.ledger.charges(from: bench.now - .milliseconds(1), until: bench.now)
        .first { $0.resource == "arn:aws:s3:::shelf" && $0.line == .storage }?.bytes
    }
    // What is under the key after each request, and what is held then.
    let steps: [(operation: String, input: String, bytes: Int64?)] = [
      ("PutObject", "'Key':'empty','Body':''", nil), ("PutObject", "'Key':'a','Body':'AAAA'", 3),
      ("PutObject", "'Key':'b','Body':'AAAAAAAA'", 9), ("PutObject", "'Key':'b','Body':'AA=='", 4),
      ("PutObject", "'Key':'b','Body':'//8='", 5), ("DeleteObject", "'Key':'none'", 5),
      ("DeleteObject", "'Key':'a'", 2), ("DeleteObject", "'Key':'b'", nil),
      ("DeleteObject", "'Key':'empty'", nil), ("DeleteBucket", "", nil),
    ]
    for (operation, input, bytes) in steps {
      let members = input.isEmpty ? "" : ",\(input)"
      try bench.call(operation, "{'Bucket':'shelf'\(members)}", service: "s3api")
      bench.wait(.hours(1))
      #expect(metered() == bytes, "\(operation) \(input)")
    }
    let hours = bench.cloud.ledger.charges(from: Bench.start, until: bench.now)
      .reduce(0) { $0 + $1.bytes * (($1.until - $1.from).wholeMilliseconds / 3_600_000) }
    #expect(hours == 3 + 9 + 4 + 5 + 5 + 2)
  }

  @Test("an object in Deep Archive is metered apart, listed with its class, and not read")
  func archive() throws {
    var bench = try Self.shelf()
    func metered() -> [BillLine: Int64] {
      let charges = bench.cloud.ledger.charges(from: bench.now - .milliseconds(1), until: bench.now)
      return Dictionary(uniqueKeysWithValues: charges.map { ($0.line, $0.bytes) })
    }
    let deep = ",'StorageClass':'DEEP_ARCHIVE'"
    let steps: [(operation: String, input: String, bytes: [BillLine: Int64])] = [
      ("PutObject", "'Key':'a','Body':'AAAA'\(deep)", [.archive: 3]),
      (
        "PutObject", "'Key':'b','Body':'AA==','StorageClass':'STANDARD'",
        [.archive: 3, .storage: 1]
      ),
      ("PutObject", "'Key':'a','Body':'//8='\(deep)", [.archive: 2, .storage: 1]),
      ("PutObject", "'Key':'b','Body':'AA=='\(deep)", [.archive: 3]),
      ("PutObject", "'Key':'a','Body':'AAAA'", [.archive: 1, .storage: 3]),
      ("DeleteObject", "'Key':'b'", [.storage: 3]), ("DeleteObject", "'Key':'a'", [:]),
    ]
    for (operation, input, bytes) in steps {
      try bench.call(operation, "{'Bucket':'shelf',\(input)}", service: "s3api")
      bench.wait(.hours(1))
      #expect(metered() == bytes, "\(input)")
    }
    try bench.call(
      "PutObject", "{'Bucket':'shelf','Key':'a','Body':'AAAA'\(deep)}", service: "s3api")
    try bench.call("PutObject", "{'Bucket':'shelf','Key':'b','Body':'AAAA'}", service: "s3api")
    let listed = try bench.call("ListObjectsV2", "{'Bucket':'shelf'}", service: "s3api")
    #expect(
      listed.at("Contents")?.array?.map { $0.show("StorageClass") }
        == ["'DEEP_ARCHIVE'", "'STANDARD'"])
    for (key, shown) in [("a", "'DEEP_ARCHIVE'"), ("b", "absent")] {
      #expect(
        try bench.show(
          "HeadObject", "{'Bucket':'shelf','Key':'\(key)'}", "StorageClass", service: "s3api")
          == shown)
    }
    #expect(
      bench.refusal("GetObject", "{'Bucket':'shelf','Key':'a'}", service: "s3api")
        == "InvalidObjectState: The operation is not valid for the object's storage class")
    let back = try Checkpoint.decode(Cloud.self, from: Checkpoint.encode(bench.cloud))
    #expect(back.fingerprint() == bench.cloud.fingerprint())
    let shelf = try #require(back.bucket(named: "shelf", inPartitionOf: "us-east-1"))
    #expect(shelf.objects.map(\.value.storageClass) == [.deepArchive, .standard])
  }

  @Test("a bucket lies in the Region asked and is found from every other one")
  func regions() throws {
    var bench = Bench()
    let ireland = bench.inRegion("eu-west-1")
    #expect(
      bench.refusal("CreateBucket", "{'Bucket':'shelf'}", service: "s3api", as: ireland)
        == "IllegalLocationConstraintException: The unspecified location constraint is "
        + "incompatible for the region specific endpoint this request was sent to.")
    try bench.call(
      "CreateBucket",
      "{'Bucket':'shelf','CreateBucketConfiguration':{'LocationConstraint':'EU'}}",
      service: "s3api", as: ireland)
    #expect(
      try bench.show("HeadBucket", "{'Bucket':'shelf'}", "BucketRegion", service: "s3api")
        == "'eu-west-1'")
    #expect(
      try bench.show("GetBucketLocation", "{'Bucket':'shelf'}", service: "s3api")
        == "{'LocationConstraint':'eu-west-1'}")
  }

  @Test("an object comes back byte by byte, with the MD5 of its contents, until it is deleted")
  func objects() throws {
    var bench = try Self.shelf()
    let bytes = "AP8AgH8="  // 00 ff 00 80 7f
    #expect(
      try bench.show(
        "PutObject", "{'Bucket':'shelf','Key':'a b/ü','Body':'\(bytes)'}", "ServerSideEncryption",
        service: "s3api") == "'AES256'")
    let object = "{'Bucket':'shelf','Key':'a b/ü'}"
    let snapshot = bench
    let got = try bench.call("GetObject", object, service: "s3api")
    #expect(got.show("Body") == "'\(bytes)'")
    #expect(got.at("ETag")?.string == "\"1ff702ae7c674062942d5be573dbb1f6\"")
    #expect(got.show("ContentLength") == "5")
    #expect(
      try bench.show("HeadObject", object, "ETag", service: "s3api") == got.show("ETag"))
    // The same letters, composed otherwise, are another key.
    #expect(
      bench.refusal(
        "HeadObject", "{'Bucket':'shelf','Key':'a b/u\u{308}'}", service: "s3api")
        == "404: Not Found")
    try bench.call("DeleteObject", object, service: "s3api")
    #expect(bench.refusal("GetObject", object, service: "s3api").hasPrefix("NoSuchKey: "))
    try bench.call("DeleteObject", object, service: "s3api")
    try bench.call("DeleteBucket", "{'Bucket':'shelf'}", service: "s3api")
    #expect(bench.cloud.bucket(named: "shelf", inPartitionOf: "us-east-1") == nil)
    let kept = try #require(snapshot.cloud.bucket(named: "shelf", inPartitionOf: "us-east-1"))
    #expect(kept.object("a b/ü")?.contents.bytes == [0, 0xff, 0, 0x80, 0x7f])
  }

  private static let listed: [(input: String, keys: [String], groups: [String])] = [
    ("", ["a/1", "a/2", "a/x/3", "b", "Ü"], []),
    (",'Delimiter':'/'", ["b", "Ü"], ["a/"]),
    (",'Prefix':'a/','Delimiter':'/'", ["a/1", "a/2"], ["a/x/"]),
    (",'Prefix':'a'", ["a/1", "a/2", "a/x/3"], []),
    (",'Prefix':'a/2'", ["a/2"], []),
    (",'Prefix':'c'", [], []),
    (",'StartAfter':'a/2'", ["a/x/3", "b", "Ü"], []),
    (",'StartAfter':'a/','Delimiter':'/'", ["b", "Ü"], ["a/"]),
    (",'Delimiter':'x/'", ["a/1", "a/2", "b", "Ü"], ["a/x/"]),
    (",'MaxKeys':0", [], []),
  ]

  @Test("a listing is in the byte order of keys and rolls up at the delimiter", arguments: listed)
  func listing(_ input: String, _ keys: [String], _ groups: [String]) throws {
    var bench = try Self.shelf()
    for key in ["Ü", "b", "a/x/3", "a/2", "a/1"] {
      try bench.call(
        "PutObject", "{'Bucket':'shelf','Key':'\(key)','Body':'YQ=='}", service: "s3api")
    }
    let whole = try Self.entries(&bench, "{'Bucket':'shelf'\(input)}")
    #expect(whole.keys == keys)
    #expect(whole.groups == groups)
    // Pages of one entry, joined, are the whole.
    guard !input.contains("MaxKeys") else { return }
    var (paged, token): ((keys: [String], groups: [String]), String?) = (([], []), nil)
    for _ in 0..<10 {
      let more = token.map { ",'ContinuationToken':'\($0)'" } ?? ""
      let page = try Self.entries(&bench, "{'Bucket':'shelf','MaxKeys':1\(input)\(more)}")
      paged.keys += page.keys
      paged.groups += page.groups
      token = page.token
      if token == nil { break }
    }
    #expect(paged.keys == keys)
    #expect(paged.groups == groups)
  }

  private static func entries(
    _ bench: inout Bench, _ input: String
  ) throws -> (keys: [String], groups: [String], token: String?) {
    let page = try bench.call("ListObjectsV2", input, service: "s3api")
    #expect(page.at("IsTruncated") == .bool(page.at("NextContinuationToken") != nil))
    return (
      (page.at("Contents")?.array ?? []).compactMap { $0["Key"]?.string },
      (page.at("CommonPrefixes")?.array ?? []).compactMap { $0["Prefix"]?.string },
      page.at("NextContinuationToken")?.string
    )
  }

  @Test("a listing for URLs writes all but letters, digits and -_.*/ as the bytes they are")
  func encodedListing() throws {
    var bench = try Self.shelf()
    for key in ["a b/c+d", "a b/ü&\\u0001", "plain-_.*9Z"] {
      try bench.call("PutObject", "{'Bucket':'shelf','Key':'\(key)'}", service: "s3api")
    }
    func listed(_ more: String) throws -> Document {
      try bench.call(
        "ListObjectsV2", "{'Bucket':'shelf','EncodingType':'url'\(more)}", service: "s3api")
    }
    let whole = try listed("")
    #expect(
      whole.at("Contents")?.array?.compactMap { $0["Key"]?.string }
        == ["a+b/c%2Bd", "a+b/%C3%BC%26%01", "plain-_.*9Z"])
    #expect(whole.show("EncodingType") == "'url'")
    let groups = try listed(",'Delimiter':'/','Prefix':'a '")
    #expect(groups.show("Prefix") == "'a+'")
    #expect(groups.show("CommonPrefixes") == "[{'Prefix':'a+b/'}]")
  }

  @Test("a listing names the owner if asked, the same as the list of buckets")
  func owners() throws {
    var bench = try Self.shelf()
    try bench.call("PutObject", "{'Bucket':'shelf','Key':'a'}", service: "s3api")
    let list = "{'Bucket':'shelf'"
    #expect(
      try bench.show("ListObjectsV2", list + "}", "Contents.0.Owner", service: "s3api") == "absent")
    let owner = try bench.show("ListBuckets", "{}", "Owner", service: "s3api")
    #expect(owner.utf8.count == "{'ID':'64 hexadecimal digits'}".utf8.count + 64 - 21)
    #expect(
      try bench.show(
        "ListObjectsV2", list + ",'FetchOwner':true}", "Contents.0.Owner", service: "s3api")
        == owner)
  }

  @Test("buckets are listed in pages, by Region and by the beginning of their names")
  func bucketListing() throws {
    var bench = Bench()
    for name in ["red-1", "red-2", "blue"] {
      try bench.call("CreateBucket", "{'Bucket':'\(name)'}", service: "s3api")
    }
    try bench.call(
      "CreateBucket",
      "{'Bucket':'red-3','CreateBucketConfiguration':{'LocationConstraint':'eu-west-1'}}",
      service: "s3api")
    func listed(_ input: String) throws -> (names: [String], token: String?) {
      let page = try bench.call("ListBuckets", input, service: "s3api")
      return (
        (page.at("Buckets")?.array ?? []).compactMap { $0["Name"]?.string },
        page.at("ContinuationToken")?.string
      )
    }
    #expect(try listed("{'BucketRegion':'eu-west-1'}").names == ["red-3"])
    #expect(try listed("{'BucketRegion':'us-east-1'}").names == ["blue", "red-1", "red-2"])
    #expect(try listed("{'Prefix':'red'}").names == ["red-1", "red-2", "red-3"])
    let first = try listed("{'MaxBuckets':3}")
    #expect(first.names == ["blue", "red-1", "red-2"])
    let token = try #require(first.token)
    let rest = try listed("{'MaxBuckets':3,'ContinuationToken':'\(token)'}")
    #expect(rest.names == ["red-3"] && rest.token == nil)
    #expect(try bench.show("GetBucketLocation", "{'Bucket':'blue'}", service: "s3api") == "{}")
  }

  @Test("an object under a KMS key says which, and its ETag is not the MD5 of its contents")
  func encryption() throws {
    var bench = try Self.shelf()
    let managed = "'arn:aws:kms:us-east-1:123456789012:alias/aws/s3'"
    var tags: Set<String> = []
    for (key, more) in [("a", ""), ("b", ",'SSEKMSKeyId':'alias/aws/s3'")] {
      let answer = try bench.call(
        "PutObject",
        "{'Bucket':'shelf','Key':'\(key)','Body':'YQ==','ServerSideEncryption':'aws:kms'\(more)}",
        service: "s3api")
      #expect(answer.show("ServerSideEncryption") == "'aws:kms'")
      #expect(answer.show("SSEKMSKeyId") == managed)
      tags.insert(try answer.text("ETag"))
      #expect(
        try bench.show(
          "HeadObject", "{'Bucket':'shelf','Key':'\(key)'}", "SSEKMSKeyId", service: "s3api")
          == managed)
    }
    // 0cc1… is the MD5 of the letter a.
    #expect(tags.count == 1 && !tags.contains("\"0cc175b9c0f1b6a831c399e269772661\""))
    // A digest of the contents that is right is taken.
    let plain = try bench.call(
      "PutObject",
      "{'Bucket':'shelf','Key':'c','Body':'YQ==','ContentMD5':'DMF1ucDxtqgxw5niaXcmYQ=='}",
      service: "s3api")
    #expect(try plain.text("ETag") == "\"0cc175b9c0f1b6a831c399e269772661\"")
  }

  @Test("keys are told apart by their bytes, as texts are not")
  func keyIdentity() {
    let (composed, other) = ("\u{fc}", "u\u{308}")
    #expect(composed == other)
    #expect(ObjectKey(composed) != ObjectKey(other))
    #expect(Set([composed, other, composed].map { ObjectKey($0) }).count == 2)
  }

  @Test("the trail holds requests on buckets, not those on objects")
  func trail() throws {
    var bench = try Self.shelf()
    try bench.call("PutObject", "{'Bucket':'shelf','Key':'a'}", service: "s3api")
    try bench.call("GetObject", "{'Bucket':'shelf','Key':'a'}", service: "s3api")
    bench.wait(.minutes(5))
    let events = try bench.call("LookupEvents", "{}", service: "cloudtrail").at("Events")?.array
    #expect(events?.compactMap { $0["EventName"]?.string } == ["CreateBucket"])
    #expect(events?.first?["EventSource"]?.string == "s3.amazonaws.com")
  }
}
