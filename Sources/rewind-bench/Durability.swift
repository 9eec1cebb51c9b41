// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Glibc
import Simulation
import StateStore
import Synchronization

/// A command at the prompt, with the commit that its answer waits for.
enum Durability {
  static func run(_ scale: Scale, _ report: inout Report) throws {
    report.section("Durability")
    guard let folder = temporaryFolder() else { return }
    defer { DurableFolder.remove(folder) }
    let rounds = scale.size(2_000, smoke: 100)
    let sync = syncTimes(in: folder, rounds)
    let session = try Session(
      StateHome(path: folder).learner().world("bench"), engineVersion: "bench",
      start: StartDescription(seed: 7, clock: Samples.start, engineVersion: "bench")
    ) { Cloud(seed: $0.seed, clock: $0.clock) }
    let caller = Caller(account: "123456789012", region: "us-east-1")
    func call(_ operation: String, _ input: Document) throws {
      let request = ServiceRequest(
        service: "dynamodb", operation: operation, input: input, caller: caller)
      try session.beginCommand("aws dynamodb …")
      let outcome = session.answer(request)
      session.pass(.seconds(1))
      try session.endCommand(status: 0)
      _ = try outcome.get()
    }
    try call(
      "CreateTable",
      [
        "TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [["AttributeName": "pk", "AttributeType": "S"]],
        "KeySchema": [["AttributeName": "pk", "KeyType": "HASH"]],
      ])
    try session.advance(by: .minutes(2))
    var times: [Double] = []
    for number in 0..<rounds {
      times.append(try wallSeconds { try call("PutItem", .put(number)) })
    }
    try session.close()
    times.sort()
    let (median, late) = (times[rounds / 2], times[rounds * 99 / 100])
    let limit = "write + fdatasync \(each(sync[rounds / 2])), \(each(sync[rounds * 99 / 100]))"
    report.add(
      Row(
        "a durable command, median", goal: "≤ 2 ms", each(median), beside: limit,
        isMet: median <= 2e-3))
    report.add(
      Row("a durable command, 99 of 100", goal: "≤ 8 ms", each(late), isMet: late <= 8e-3))
    try together(in: folder, scale, &report)
  }

  /// Sixteen callers who each wait for their answer before they ask again.
  private static func together(
    in folder: String, _ scale: Scale, _ report: inout Report
  ) throws {
    let session = try Session(
      StateHome(path: folder).learner().world("together"), engineVersion: "bench",
      start: StartDescription(seed: 7, clock: Samples.start, engineVersion: "bench")
    ) { Cloud(seed: $0.seed, clock: $0.clock) }
    let caller = Caller(account: "123456789012", region: "us-east-1")
    func request(_ operation: String, _ input: Document) -> ServiceRequest {
      ServiceRequest(service: "dynamodb", operation: operation, input: input, caller: caller)
    }
    _ = try session.perform(
      request(
        "CreateTable",
        [
          "TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
          "AttributeDefinitions": [["AttributeName": "pk", "AttributeType": "S"]],
          "KeySchema": [["AttributeName": "pk", "KeyType": "HASH"]],
        ])
    ).get()
    try session.advance(by: .minutes(2))
    let before = session.commits
    let shared = SharedSession(session)
    let (callers, rounds) = (16, scale.size(300, smoke: 10))
    let requests = (0..<callers * rounds).map { request("PutItem", .put($0)) }
    let failures = Mutex(0)
    let time = wallSeconds {
      let threads = (0..<callers).map { caller in
        Thread {
          for number in 0..<rounds {
            let answer = try? shared.perform(
              requests[caller * rounds + number], door: "endpoint")
            if (try? answer?.get()) == nil { failures.withLock { $0 += 1 } }
          }
        }
      }
      for thread in threads { thread.join() }
    }
    guard failures.withLock({ $0 }) == 0 else {
      throw StateError.unusable(path: folder, reason: "requests that were together failed")
    }
    try shared.exclusively { try $0.close() }
    let each = Double(requests.count) / Double(shared.commits - before)
    report.add(
      Row(
        "commands in a commit, 16 callers", goal: "≥ 6", rounded(each),
        beside: "\(rate(time, requests.count)) durable commands", isMet: each >= 6))
  }

  /// What the machine allows: a short write at the end of a file, and its way to the disk.
  private static func syncTimes(in folder: String, _ rounds: Int) -> [Double] {
    let file = open("\(folder)/limit", O_CREAT | O_WRONLY, 0o600)
    defer { close(file) }
    let bytes = [UInt8](repeating: 7, count: 512)
    return (0..<rounds).map { _ in
      wallSeconds {
        _ = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        fdatasync(file)
      }
    }.sorted()
  }

  /// A new folder on the disk that holds TMPDIR, else /tmp.
  static func temporaryFolder() -> String? {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/rewind-bench-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return nil }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// A thread of its own, since a pool gives no more of them than there are cores.
private final class Thread {
  private let body: @Sendable () -> Void
  private var handle = pthread_t()

  init(_ body: @escaping @Sendable () -> Void) {
    self.body = body
    pthread_create(
      &handle, nil,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<Thread>.fromOpaque(pointer).takeUnretainedValue().body()
        return nil
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Waits for its end.
  func join() { pthread_join(handle, nil) }
}

/// Removes what a run has left.
enum DurableFolder {
  /// The bytes of all files below a folder.
  static func byteCount(_ path: String) -> Int {
    var total = 0
    eachEntry(of: path) { total += byteCount("\(path)/\($0)") }
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      total += Int(status.st_size)
    }
    return total
  }

  static func remove(_ path: String) {
    eachEntry(of: path) { remove("\(path)/\($0)") }
    if rmdir(path) != 0 { unlink(path) }
  }

  private static func eachEntry(of path: String, _ body: (String) -> Void) {
    guard let folder = opendir(path) else { return }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { body(name) }
    }
    closedir(folder)
  }
}
