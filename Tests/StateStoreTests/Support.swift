// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Glibc
import Simulation
import Testing

@testable import StateStore

/// A folder of its own for one test, gone when the test is.
final class Playground {
  let path: String

  init() throws {
    // Memory is as good as a disk here, and a flush costs nothing there.
    let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(parent)/rewind-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw StateError.noHome }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { remove(path) }

  var home: StateHome { StateHome(path: path) }
  func learner() throws -> LearnerFolder { try home.learner() }
  func world(_ id: String = "sandbox") throws -> WorldFolder { try learner().world(id) }

  private func remove(_ path: String) {
    if DurableFile.isFolder(path) {
      for name in (try? DurableFile.names(in: path)) ?? [] { remove("\(path)/\(name)") }
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}

let engine = "test-1"
let dawn = Instant(seconds: 1_772_818_800)
let caller = Caller(account: "111122223333", region: "us-east-1")

let start = StartDescription(seed: 7, clock: dawn, engineVersion: engine)

func makeCloud(_ start: StartDescription) -> Cloud {
  Cloud(seed: start.seed, clock: start.clock)
}

func open(
  _ folder: WorldFolder, engine version: String = engine, start: StartDescription? = start,
  acceptsLoss: Bool = false
) throws -> Session {
  try Session(
    folder, engineVersion: version, start: start, acceptsLoss: acceptsLoss, makeCloud: makeCloud)
}

/// What table names begin with here, since the service wants three letters at least.
let prefix = "table-"

/// A request that is accepted and changes something, if the name is new.
func createTable(_ name: String) -> ServiceRequest {
  ServiceRequest(
    service: "dynamodb", operation: "CreateTable",
    input: [
      "TableName": .string(prefix + name), "BillingMode": "PAY_PER_REQUEST",
      "AttributeDefinitions": [["AttributeName": "id", "AttributeType": "S"]],
      "KeySchema": [["AttributeName": "id", "KeyType": "HASH"]],
    ], caller: caller)
}

let listTables = ServiceRequest(
  service: "dynamodb", operation: "ListTables", input: [:], caller: caller)

/// The names of a cloud's tables, sorted, without the prefix.
func tables(in cloud: Cloud) throws -> [String] {
  var cloud = cloud
  var names: [String] = []
  var last: String?
  repeat {
    var input: Document = [:]
    if let last { input = ["ExclusiveStartTableName": .string(last)] }
    let page = try cloud.perform(
      ServiceRequest(service: "dynamodb", operation: "ListTables", input: input, caller: caller))
    names += page["TableNames"]?.array?.compactMap(\.string) ?? []
    last = page["LastEvaluatedTableName"]?.string
  } while last != nil
  return names.map { String($0.dropFirst(prefix.count)) }
}

extension Session {
  /// A typed command of one request that takes a second, as the prompt runs it.
  @discardableResult
  func type(_ text: String, _ request: ServiceRequest) throws -> Bool {
    try beginCommand(text)
    let outcome = answer(request)
    var isAccepted = false
    if case .success = outcome {
      pass(.seconds(1))
      isAccepted = true
    }
    try endCommand(status: isAccepted ? 0 : 254)
    return isAccepted
  }

  @discardableResult
  func create(_ name: String) throws -> Bool { try type("create \(name)", createTable(name)) }

  /// Everything that can be read from a session, for comparison.
  var everything: [String] {
    [cloud.fullFingerprint(), startCloud.fullFingerprint(), "\(status)"]
      + log.map { "\($0)" } + notes.map { "\($0)" }
      + variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  }
}

// MARK: Files

func contents(_ path: String) throws -> [UInt8] { try DurableFile.read(path) ?? [] }

func put(_ bytes: [UInt8], _ path: String) throws {
  let file = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  defer { close(file) }
  guard file >= 0, DurableFile.writeAll(bytes, to: file) else {
    throw DurableFile.failure(of: path)
  }
}

/// The world's files that hold state, by name.
func files(of folder: WorldFolder) throws -> [String: [UInt8]] {
  var files: [String: [UInt8]] = [:]
  for name in try DurableFile.names(in: folder.path) where name != "world.lock" {
    files[name] = try contents("\(folder.path)/\(name)")
  }
  return files
}

/// Makes a folder hold exactly these files.
func restore(_ files: [String: [UInt8]], to folder: WorldFolder) throws {
  try DurableFile.makeFolder(folder.path)
  for name in try DurableFile.names(in: folder.path) { unlink("\(folder.path)/\(name)") }
  for (name, bytes) in files { try put(bytes, "\(folder.path)/\(name)") }
}

func mode(_ path: String) -> UInt32 {
  var status = stat()
  return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
}
