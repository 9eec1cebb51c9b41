// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
import Documents
import Testing

@testable import Endpoint

@Suite("S3 over the endpoint")
struct StorageTests {
  private let answers = EndpointAnswers(MemoryBackend())

  @discardableResult
  private func ask(
    _ method: String, _ target: String, _ body: String = "",
    _ headers: [(name: String, value: String)] = []
  ) -> WireAnswer {
    answers.answer(request(method, target, body, service: "s3", headers: headers))
  }

  @Test("a bucket is made, filled, listed, read, emptied and deleted, in S3's own XML")
  func whole() {
    let made = ask("PUT", "/exports")
    #expect(made.status == 200 && made.body.isEmpty && made.headers["Location"] == "/exports")
    let put = ask("PUT", "/exports/a/b%20c%2B%C3%A9.txt", "hello", [("Content-Type", "text/plain")])
    #expect(put.status == 200 && put.headers["ETag"] == "\"5d41402abc4b2a76b9719d911017c592\"")
    #expect(put.headers["x-amz-request-id"]?.count == 16)
    let listed = ask("GET", "/exports?list-type=2&prefix=a%2F&max-keys=1").text
    let begin =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult "
      + "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><IsTruncated>false</IsTruncated>"
      + "<Contents><Key>a/b c+é.txt</Key><LastModified>2026-03-06T17:40:00.000Z</LastModified>"
      + "<ETag>&quot;5d41402abc4b2a76b9719d911017c592&quot;</ETag><Size>5</Size>"
    #expect(listed.hasPrefix(begin))
    let got = ask("GET", "/exports/a/b%20c+%C3%A9.txt")
    #expect(got.text == "hello" && got.headers["Content-Type"] == "text/plain")
    #expect(got.headers["Last-Modified"] == "Fri, 06 Mar 2026 17:40:00 GMT")
    let head = ask("HEAD", "/exports/a/b%20c%2B%C3%A9.txt")
    #expect(head.status == 200 && head.body.isEmpty && head.headers["Content-Length"] == "5")
    #expect(ask("GET", "/").text.contains("<Buckets><Bucket><Name>exports</Name><CreationDate>"))
    #expect(ask("DELETE", "/exports/a/b%20c%2B%C3%A9.txt").status == 204)
    #expect(ask("DELETE", "/exports").status == 204)
    #expect(ask("GET", "/").text.contains("<Buckets></Buckets>"))
  }

  @Test("a bucket may stand in the host's name; other names are no buckets")
  func hosts() {
    ask("PUT", "/exports")
    ask("PUT", "/k", "there", [("Host", "exports.localhost:8000")])
    #expect(ask("GET", "/exports/k").text == "there")
    #expect(
      ask("GET", "/?list-type=2", "", [("Host", "exports.localhost:8000")]).text.contains("k"))
    let hosts: [(String, Bool)] = [
      ("127.0.0.1:80", true), ("LOCALHOST:80", true), ("[::1]:80", true),
      ("a-1.localhost:80", true),
      ("a.localhost:81", false), ("a.localhost", false), ("localhost.evil.com:80", false),
      (".localhost:80", false), ("a/b.localhost:80", false), ("xlocalhost:80", false), ("", false),
    ]
    for (host, isOurs) in hosts {
      #expect(LoopbackHost.isOurs(host, port: 80) == isOurs, "\(host)")
    }
  }

  @Test(
    "ranges of an object",
    arguments: [
      ("bytes=0-0", 206, "h", "bytes 0-0/5"), ("bytes=1-", 206, "ello", "bytes 1-4/5"),
      ("bytes=-2", 206, "lo", "bytes 3-4/5"), ("bytes=-9", 206, "hello", "bytes 0-4/5"),
      ("bytes=3-99999999999999999999", 206, "lo", "bytes 3-4/5"),
      ("bytes=0-9223372036854775807", 206, "hello", "bytes 0-4/5"),
      ("bytes=2-1", 200, "hello", nil), ("bytes=-", 200, "hello", nil),
      ("bytes=0-1,3-4", 200, "hello", nil), ("lines=1-2", 200, "hello", nil),
      ("bytes=5-", 416, nil, nil), ("bytes=-0", 416, nil, nil),
    ] as [(String, Int, String?, String?)])
  func ranges(_ range: String, _ status: Int, _ text: String?, _ shown: String?) {
    ask("PUT", "/exports")
    ask("PUT", "/exports/k", "hello")
    let answer = ask("GET", "/exports/k", "", [("Range", range)])
    #expect(answer.status == status && answer.headers["Content-Range"] == shown)
    #expect(text.map { answer.text == $0 } ?? answer.text.contains("<Code>InvalidRange</Code>"))
  }

  @Test("an object may be asked for as it was seen, and no other")
  func matches() {
    ask("PUT", "/exports")
    let tag = ask("PUT", "/exports/k", "hello").headers["ETag"] ?? ""
    #expect(ask("GET", "/exports/k", "", [("If-Match", tag)]).status == 200)
    #expect(ask("GET", "/exports/k", "", [("If-Match", "\"0\"")]).status == 412)
  }

  @Test("chunked bodies are put together, their checksums held to them")
  func chunks() {
    ask("PUT", "/exports")
    let sums: [(String, String)] = [
      ("crc32", "NhCmhg=="), ("crc32c", "mnG7TA=="), ("crc64nvme", "M3eFcAZSQlc="),
      ("sha256", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="),
      ("md5", "XUFAKrxLKna5cZ2REBfFkg=="),
    ]
    for (kind, sum) in sums {
      let body =
        "3;chunk-signature=0\r\nhel\r\n2\r\nlo\r\n0\r\nx-amz-checksum-\(kind):\(sum)\r\n\r\n"
      let headers: [(name: String, value: String)] = [
        (name: "Content-Encoding", value: "aws-chunked"),
        (name: "x-amz-content-sha256", value: "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
        (name: "x-amz-sdk-checksum-algorithm", value: kind.uppercased()),
        (name: "x-amz-trailer", value: "x-amz-checksum-\(kind)"),
      ]
      #expect(ask("PUT", "/exports/\(kind)", body, headers).status == 200, "\(kind)")
      #expect(ask("GET", "/exports/\(kind)").text == "hello")
      let wrong = ask("PUT", "/exports/wrong", body.replacing("hel", with: "hal"), headers)
      #expect(wrong.status == 400 && wrong.text.contains("<Code>BadDigest</Code>"))
      #expect(
        ask("PUT", "/exports/wrong", String(body.dropLast(30)), headers).text
          .contains("<Code>IncompleteBody</Code>"))
    }
    let plain = [(name: "x-amz-checksum-crc32", value: "NhCmhg==")]
    #expect(ask("PUT", "/exports/plain", "hello", plain).status == 200)
    #expect(ask("PUT", "/exports/plain", "other", plain).status == 400)
    #expect(
      ask("PUT", "/exports/x", "hello", [("x-amz-checksum-xxhash3", "AA==")]).text
        .contains("xxhash3 of PutObject is not simulated"))
    #expect(ask("HEAD", "/exports/wrong").status == 404)
  }

  @Test(
    "what is asked otherwise than we can is refused by name or in S3's words, and changes nothing",
    arguments: [
      ("GET", "/exports?acl", "", "", 400, "s3 GET /BUCKET?acl is not simulated"),
      ("POST", "/exports/k?uploads", "", "", 400, "s3 POST /BUCKET?uploads is not simulated"),
      ("PUT", "/exports/k?partNumber=1&uploadId=x", "", "", 400, "partNumber&amp;uploadId is not"),
      ("PUT", "/exports/k", "x-amz-copy-source", "/exports/z", 400, "CopyObject is not simulated"),
      ("PUT", "/exports/k", "x-amz-meta-a", "b", 400, "Metadata of PutObject is not simulated"),
      ("PUT", "/exports/k", "x-amz-storage-class", "GLACIER", 400, "StorageClass GLACIER is not"),
      ("PUT", "/exports/k", "x-amz-storage-class", "COLD", 400, "<Code>InvalidStorageClass</Code>"),
      ("GET", "/exports?list-type=2&max-keys=many", "", "", 400, "<Code>InvalidArgument</Code>"),
      ("GET", "/nowhere?list-type=2", "", "", 404, "<BucketName>nowhere</BucketName>"),
      ("GET", "/exports/none", "", "", 404, "<Code>NoSuchKey</Code>"),
      ("PUT", "/UPPER", "", "", 400, "<Code>InvalidBucketName</Code>"),
      ("BREW", "/exports", "", "", 400, "s3 BREW /BUCKET is not simulated"),
    ] as [(String, String, String, String, Int, String)])
  func refusals(
    _ method: String, _ target: String, _ header: String, _ value: String, _ status: Int,
    _ text: String
  ) {
    ask("PUT", "/exports")
    let answer = ask(
      method, target, target.hasPrefix("/exports/k") ? "x" : "",
      header.isEmpty ? [] : [(header, value)])
    #expect(answer.status == status && answer.text.contains(text), "\(answer.text)")
    #expect(ask("GET", "/exports?list-type=2").text.contains("<KeyCount>0</KeyCount>"))
  }

  @Test("an archived object's class is told in a header, and reading it is refused with the class")
  func archive() {
    ask("PUT", "/exports")
    #expect(
      ask("PUT", "/exports/deep", "x", [("x-amz-storage-class", "DEEP_ARCHIVE")]).status == 200)
    let head = ask("HEAD", "/exports/deep")
    #expect(head.headers["x-amz-storage-class"] == "DEEP_ARCHIVE")
    let got = ask("GET", "/exports/deep")
    #expect(got.status == 403)
    #expect(
      got.text.contains("<Code>InvalidObjectState</Code>")
        && got.text.contains("<StorageClass>DEEP_ARCHIVE</StorageClass>"), "\(got.text)")
    #expect(
      ask("GET", "/exports?list-type=2").text.contains("<StorageClass>DEEP_ARCHIVE</StorageClass>"))
  }

  @Test("a bucket's Region comes in a body of XML, which has to be one")
  func regions() {
    func make(_ name: String, _ body: String) -> WireAnswer { ask("PUT", "/\(name)", body) }
    let body =
      "<?xml version=\"1.0\"?><!-- x --><CreateBucketConfiguration xmlns=\"a\"><LocationConstraint>"
      + "eu&#45;west-1</LocationConstraint></CreateBucketConfiguration>"
    #expect(make("europe", body).status == 200)
    #expect(ask("GET", "/europe?location").text.hasSuffix(">eu-west-1</LocationConstraint>"))
    let faulty: [String] = [
      "<a", "<a></b>", "<a>&none;</a>", "<!DOCTYPE a><a/>", "<a/><b/>", "x", "<a b=c/>",
      String(repeating: "<a>", count: 40) + String(repeating: "</a>", count: 40),
    ]
    for wrong in faulty {
      #expect(make("other", wrong).text.contains("<Code>MalformedXML</Code>"), "\(wrong)")
    }
  }

  @Test("signed beforehand, in the new way and the old; without a signature denied")
  func signatures() {
    ask("PUT", "/exports")
    ask("PUT", "/exports/k", "hello")
    func get(_ query: String) -> WireAnswer {
      answers.answer(WireRequest(method: "GET", target: "/exports/k" + query, headers: [:]))
    }
    let credential = "123456789012%2F20260306%2Fus-east-1%2Fs3%2Faws4_request"
    #expect(
      get("?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=\(credential)&X-Amz-Signature=0").text
        == "hello")
    #expect(get("?AWSAccessKeyId=123456789012&Signature=x&Expires=1").text == "hello")
    #expect(get("?AWSAccessKeyId=111122223333&Signature=x&Expires=1").status == 403)
    #expect(get("").status == 403 && get("").text.contains("<Code>AccessDenied</Code>"))
  }
}
