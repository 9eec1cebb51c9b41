// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Endpoint
import Simulation
import Synchronization

/// Sends broken requests to the endpoint's answers, some of them through sockets, and holds each to
/// what must always be: no HTTP 500, an answer within seconds, nothing changed by what was refused.
enum RequestRun {
  /// Every so many requests one goes through a socket, and the world begins anew.
  private static let socketShare = 50
  private static let worldLife = 400
  private static let secondsLimit = 5.0

  /// - Returns: 0, or 1 if something did not hold.
  static func run(_ count: Int, seed: UInt64) -> Int32 {
    do {
      let world = try FuzzedWorld(seed: seed)
      let server = try EndpointServer(answers: EndpointAnswers(world), port: 0)
      defer { try? server.close() }
      return run(
        count, BrokenRequests(names: world.names, seed: seed), world, port: server.port)
    } catch {
      print("rewind-fuzz: \(error)")
      return 1
    }
  }

  private static func run(
    _ count: Int, _ requests: BrokenRequests, _ world: FuzzedWorld, port: Int
  ) -> Int32 {
    let answers = EndpointAnswers(world)
    let clock = ContinuousClock()
    var statuses: [Int: Int] = [:]
    var slowest = Duration.zero
    var before = world.fingerprint
    for number in 0..<count {
      if number.isMultiple(of: worldLife) {
        world.reset()
        before = world.fingerprint
      }
      let (name, request) = requests.request(number)
      let throughSocket = number % socketShare == socketShare - 1
      var status: Int? = nil
      let taken = clock.measure {
        status =
          throughSocket
          ? SocketClient.status(of: request, port: port) : answers.answer(request).status
      }
      slowest = max(slowest, taken)
      let after = world.fingerprint
      var problem: String?
      if status == nil {
        problem = "was not answered"
      } else if let status, status >= 500 {
        problem = "was answered with \(status)"
      } else if taken > .seconds(secondsLimit) {
        problem = "took \(taken)"
      } else if let status, status >= 300, after != before {
        problem = "was refused with \(status) and changed something"
      }
      if let problem {
        print("request \(number) (\(name)) \(problem)")
        return 1
      }
      before = after
      statuses[status ?? 0, default: 0] += 1
    }
    let size = requests.size
    print(
      "\(count) requests to \(size.operations) operations (\(size.breakages) breakages of parameters), "
        + "every \(socketShare)th through a socket; answered "
        + statuses.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(
          separator: ", ")
        + "; the slowest took \(slowest)")
    return 0
  }
}

/// A small world with something of everything, that begins anew when asked.
private final class FuzzedWorld: EndpointBackend {
  /// What names refer to here, by the ends of members' names.
  let names: [(suffix: String, value: String)]
  private let start: Cloud
  private let cloud: Mutex<Cloud>

  init(seed: UInt64) throws {
    var cloud = Cloud(seed: seed, clock: Instant(seconds: 1_772_818_800))
    func ask(_ service: String, _ operation: String, _ input: Document) throws -> Document {
      let answer = try cloud.perform(
        ServiceRequest(
          service: service, operation: operation, input: input,
          caller: Caller(account: "123456789012", region: "us-east-1")))
      cloud.advance(by: .minutes(2))
      return answer
    }
    let table = try ask(
      "dynamodb", "CreateTable",
      [
        "TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [["AttributeName": "id", "AttributeType": "S"]],
        "KeySchema": [["AttributeName": "id", "KeyType": "HASH"]],
        "StreamSpecification": ["StreamEnabled": true, "StreamViewType": "NEW_IMAGE"],
      ])["TableDescription"]
    for name in ["a", "b"] {
      _ = try ask(
        "dynamodb", "PutItem", ["TableName": "orders", "Item": ["id": ["S": .string(name)]]])
    }
    _ = try ask(
      "dynamodb", "UpdateContinuousBackups",
      [
        "TableName": "orders",
        "PointInTimeRecoverySpecification": ["PointInTimeRecoveryEnabled": true],
      ])
    let backup = try ask(
      "dynamodb", "CreateBackup", ["TableName": "orders", "BackupName": "before"])
    let key = try ask("kms", "CreateKey", [:])
    _ = try ask("s3api", "CreateBucket", ["Bucket": "shelf"])
    _ = try ask("s3api", "PutObject", ["Bucket": "shelf", "Key": "a", "Body": "aGVsbG8="])
    names = [
      ("BackupArn", backup["BackupDetails"]?["BackupArn"]?.string ?? ""),
      ("StreamArn", table?["LatestStreamArn"]?.string ?? ""),
      ("Arn", table?["TableArn"]?.string ?? ""), ("SourceTableName", "orders"),
      ("TargetTableName", "restored"), ("TableName", "orders"), ("IndexName", "by-id"),
      ("KeyId", key["KeyMetadata"]?["KeyId"]?.string ?? ""), ("Bucket", "shelf"), ("Key", "a"),
      ("AttributeName", "id"), ("AliasName", "alias/orders"),
    ]
    start = cloud
    self.cloud = Mutex(cloud)
  }

  var fingerprint: String { "\(cloud.withLock { $0.fingerprint() })" }

  var isInMemory: Bool { false }

  func perform(together requests: [ServiceRequest]) -> [Result<Document, ServiceError>] {
    requests.map(perform)
  }

  private func perform(_ request: ServiceRequest) -> Result<Document, ServiceError> {
    cloud.withLock { cloud in
      do throws(ServiceError) {
        let output = try cloud.perform(request)
        // What is read only moves no clock, so that rates that are used up stay the exception.
        cloud.advance(by: .seconds(30))
        return .success(output)
      } catch {
        return .failure(error)
      }
    }
  }

  func roleSession(forKey key: String) -> Result<RoleSession, ServiceError>? {
    cloud.withLock { $0.roleSession(forKey: key) }
  }

  func advance(by text: String) -> String? { nil }
  func reset() { cloud.withLock { $0 = start } }
  func describe() -> Document { .emptyObject }
}
