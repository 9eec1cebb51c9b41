// SPDX-License-Identifier: GPL-3.0-or-later

import Glibc
import Synchronization
import Testing

@testable import Endpoint

/// A connection to the endpoint, byte by byte.
private final class Connection {
  private let descriptor: Int32

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port)).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(result == 0)
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  func send(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  /// Says that nothing more is sent.
  func end() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// What came until the text stands in it or the other side closed.
  func receive(until end: String? = nil) -> String {
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let text = String(decoding: received, as: UTF8.self)
      if let end, text.contains(end) { return text }
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return text }
      received += buffer[..<count]
    }
  }
}

@Suite("The endpoint on a socket", .serialized)
struct ServerTests {
  private static func open(
    _ limits: EndpointLimits = EndpointLimits(), over backend: MemoryBackend = MemoryBackend()
  ) throws -> EndpointServer {
    try EndpointServer(answers: EndpointAnswers(backend), port: 0, limits: limits)
  }

  private static func message(
    _ operation: String, _ body: String, port: Int, _ more: String = ""
  ) -> String {
    "POST / HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
      + "X-Amz-Target: DynamoDB_20120810.\(operation)\r\n"
      + "Authorization: AWS4-HMAC-SHA256 Credential=a/20260306/us-east-1/dynamodb/aws4_request\r\n"
      + "Content-Length: \(body.utf8.count)\r\n\(more)\r\n\(body)"
  }

  @Test(
    "one connection carries many requests, sent together too, answered in their order",
    arguments: [true, false])
  func keepsAlive(isInMemory: Bool) throws {
    let server = try Self.open(over: MemoryBackend(isInMemory: isInMemory))
    defer { try? server.close() }
    let connection = try Connection(port: server.port)
    connection.send(Self.message("CreateTable", orders, port: server.port))
    #expect(connection.receive(until: "CREATING").hasPrefix("HTTP/1.1 200 OK\r\n"))
    connection.send(
      Self.message("ListTables", "{}", port: server.port)
        + Self.message("DescribeTable", "{\"TableName\":\"none\"}", port: server.port)
        + Self.message("ListTables", "{}", port: server.port, "Connection: close\r\n"))
    let answers = connection.receive()
    #expect(answers.split(separator: "HTTP/1.1 ").count == 3)
    let (list, missing) = (answers.firstRange(of: "[\"orders\"]"), answers.firstRange(of: "none"))
    #expect(try #require(list).lowerBound < (try #require(missing)).lowerBound)
    #expect(answers.hasSuffix("{\"TableNames\":[\"orders\"]}"))
  }

  @Test(
    "who says that nothing more comes still gets every answer", arguments: [true, false])
  func halfClosed(isInMemory: Bool) throws {
    let server = try Self.open(over: MemoryBackend(isInMemory: isInMemory))
    defer { try? server.close() }
    let connection = try Connection(port: server.port)
    let one = Self.message("ListTables", "{}", port: server.port)
    connection.send(String(repeating: one, count: 100))
    connection.end()
    #expect(connection.receive().split(separator: "HTTP/1.1 200 OK").count == 100)
  }

  @Test("what comes while the world is busy is performed together, and each gets its own answer")
  func together() throws {
    let backend = MemoryBackend(isInMemory: false)
    let server = try Self.open(over: backend)
    defer { try? server.close() }
    let connections = try (0..<8).map { _ in try Connection(port: server.port) }
    backend.hold()
    for (number, connection) in connections.enumerated() {
      let body = "{\"TableName\":\"table-\(number)\"}"
      connection.send(Self.message("DescribeTable", body, port: server.port))
      // The first has the world; those that follow find it busy.
      if number == 0 { backend.waitUntilBusy() }
    }
    usleep(200_000)
    backend.letGo()
    for (number, connection) in connections.enumerated() {
      #expect(connection.receive(until: "table-\(number) not found").hasPrefix("HTTP/1.1 400 "))
    }
    #expect(backend.most.withLock { $0 } == 7)
  }

  @Test(
    "web pages, other hosts and heads beyond the limits are refused",
    arguments: [
      ("Host: example.com\r\n", "403"), ("Host: 127.0.0.1:1\r\n", "403"), ("", "403"),
      ("Host: $\r\nOrigin: http://127.0.0.1\r\n", "403"),
      ("Host: $\r\nSec-Fetch-Site: cross-site\r\n", "403"),
      ("Host: $\r\n" + String(repeating: "X: y\r\n", count: 100), "431"),
      ("Host: $\r\nX: " + String(repeating: "y", count: 16_384) + "\r\n", "431"),
    ])
  func refusedHeads(_ headers: String, _ status: String) throws {
    let server = try Self.open()
    defer { try? server.close() }
    let connection = try Connection(port: server.port)
    connection.send(
      "GET / HTTP/1.1\r\n" + headers.replacing("$", with: "127.0.0.1:\(server.port)") + "\r\n")
    #expect(connection.receive().hasPrefix("HTTP/1.1 \(status) "))
  }

  @Test("lengths that contradict each other, and what is no HTTP, end the connection")
  func ambiguous() throws {
    let server = try Self.open()
    defer { try? server.close() }
    for text in [
      "POST / HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nContent-Length: 2\r\n"
        + "Content-Length: 3\r\n\r\n{}}",
      "POST / HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nContent-Length: 2\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n{}",
      "\u{16}\u{3}\u{1}nonsense\r\n\r\n",
    ] {
      let connection = try Connection(port: server.port)
      connection.send(text)
      let answer = connection.receive()
      #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400 "))
    }
  }

  @Test("a body in chunks is taken whole, and no line can begin in an answer's header")
  func chunks() throws {
    let server = try Self.open()
    defer { try? server.close() }
    let connection = try Connection(port: server.port)
    let head = Self.message("DescribeTable", "", port: server.port).replacing(
      "Content-Length: 0", with: "Transfer-Encoding: chunked")
    for piece in [head, "c\r\n{\"TableName\"", "\r\n8;a=b\r\n:\"many\"}\r\n0\r", "\n\r\n"] {
      connection.send(piece)
      usleep(20_000)
    }
    #expect(connection.receive(until: "many not found").hasPrefix("HTTP/1.1 400 "))
    let answer = WireAnswer(
      status: 206, headers: ["A": "b\r\nC: d", "E": ""], body: Array("body".utf8))
    #expect(
      String(decoding: AnswerWriter.bytes(of: answer, keepsAlive: false), as: UTF8.self)
        == "HTTP/1.1 206 Partial Content\r\nA: b  C: d\r\nE: \r\nContent-Length: 4\r\n"
        + "Server: Server\r\nConnection: close\r\n\r\nbody")
  }

  @Test("a body beyond the limit is refused, a head that does not end is not waited for")
  func limits() throws {
    var limits = EndpointLimits()
    limits.bodyByteCount = 100
    limits.patience = 1
    let server = try Self.open(limits)
    defer { try? server.close() }
    let large = try Connection(port: server.port)
    large.send(Self.message("ListTables", String(repeating: " ", count: 101), port: server.port))
    #expect(large.receive().hasPrefix("HTTP/1.1 413 "))
    // The answer is not lost to what is still sent.
    let long = try Connection(port: server.port)
    for _ in 0..<20 {
      long.send(
        Self.message("ListTables", String(repeating: " ", count: 100_000), port: server.port))
    }
    #expect(long.receive().hasPrefix("HTTP/1.1 413 "))
    let slow = try Connection(port: server.port)
    slow.send("POST / HTTP/1.1\r\nHost: ")
    #expect(slow.receive().isEmpty)
  }

  @Test("on a kept connection half a head is not waited for, and nothing at all not for ever")
  func slowLater() throws {
    var limits = EndpointLimits()
    limits.patience = 1
    limits.idleSeconds = 3
    let server = try Self.open(limits)
    defer { try? server.close() }
    let clock = ContinuousClock()
    func kept() throws -> Connection {
      let connection = try Connection(port: server.port)
      connection.send(Self.message("ListTables", "{}", port: server.port))
      #expect(connection.receive(until: "[]}").hasPrefix("HTTP/1.1 200 "))
      return connection
    }
    let slow = try kept()
    slow.send("POST / HTTP/1.1\r\nHo")
    var rest = "none"
    #expect(clock.measure { rest = slow.receive() } < .seconds(2.8))
    #expect(rest.isEmpty)
    let idle = try kept()
    let waited = clock.measure { rest = idle.receive() }
    #expect(rest.isEmpty)
    #expect(waited > .seconds(2) && waited < .seconds(15))
    // A body that does not come is as little waited for.
    let hanging = try Connection(port: server.port)
    hanging.send(String(Self.message("ListTables", "{}", port: server.port).dropLast()))
    #expect(hanging.receive().isEmpty)
  }

  @Test("who asks whether to go on is told so, and HEAD is answered with a length and no body")
  func continues() throws {
    let server = try Self.open()
    defer { try? server.close() }
    let connection = try Connection(port: server.port)
    let whole = Self.message(
      "ListTables", "{}", port: server.port, "Expect: 100-continue\r\n")
    connection.send(String(whole.dropLast(2)))
    #expect(connection.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100 Continue\r\n"))
    connection.send("{}")
    #expect(connection.receive(until: "[]}").hasPrefix("HTTP/1.1 200 "))
    func storage(_ method: String, _ path: String, _ body: String) {
      connection.send(
        "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nAuthorization: "
          + "AWS4-HMAC-SHA256 Credential=a/20260306/us-east-1/s3/aws4_request\r\n"
          + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }
    storage("PUT", "/exports", "")
    storage("PUT", "/exports/k", "hello")
    storage("HEAD", "/exports/k", "")
    storage("DELETE", "/exports/k", "")
    storage("GET", "/exports/k", "")
    let answers = connection.receive(until: "</Error>")
    let statuses = answers.split(separator: "HTTP/1.1 ").map { $0.prefix(3) }
    #expect(statuses == ["200", "200", "200", "204", "404"])
    #expect(answers.contains("Content-Length: 5\r\n"))
  }

  @Test("connections beyond the most there may be are closed, and another's end makes room")
  func manyConnections() throws {
    var limits = EndpointLimits()
    limits.connections = 1
    let server = try Self.open(limits)
    defer { try? server.close() }
    var first: Connection? = try Connection(port: server.port)
    first?.send(Self.message("ListTables", "{}", port: server.port))
    #expect(first?.receive(until: "[]").isEmpty == false)
    #expect(try Connection(port: server.port).receive().isEmpty)
    first = nil
    var answer = ""
    for _ in 0..<100 where answer.isEmpty {
      let next = try Connection(port: server.port)
      next.send(Self.message("ListTables", "{}", port: server.port, "Connection: close\r\n"))
      answer = next.receive()
      if answer.isEmpty { usleep(20_000) }
    }
    #expect(answer.hasSuffix("{\"TableNames\":[]}"))
  }

  @Test("a port that is taken is said, with what to do")
  func taken() throws {
    let server = try Self.open()
    defer { try? server.close() }
    let error = try #require(throws: EndpointError.self) {
      try EndpointServer(answers: EndpointAnswers(MemoryBackend()), port: server.port)
    }
    #expect(error.description.contains("\(server.port) is taken"))
  }
}
