// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

/// A cloud under test, whose inputs and answers are JSON with single quotes.
struct Bench {
  var cloud: Cloud
  var caller = Caller(account: "123456789012", region: "us-east-1")

  /// Noon on the first day of a month of 30 days.
  static let start = Instant(seconds: 1_780_315_200)

  init(seed: UInt64 = 7, start: Instant = Bench.start) {
    cloud = Cloud(seed: seed, clock: start)
  }

  var now: Instant { cloud.now }
  var place: Place { caller.place }

  /// The same bench seen from another Region.
  func inRegion(_ region: String) -> Caller { Caller(account: caller.account, region: region) }

  mutating func wait(_ duration: Duration) { cloud.advance(by: duration) }

  /// What an accepted request answers.
  @discardableResult
  mutating func call(
    _ operation: String, _ input: String = "{}", service: String = "dynamodb",
    as other: Caller? = nil
  ) throws -> Document {
    try cloud.perform(
      ServiceRequest(
        service: service, operation: operation, input: try json(input), caller: other ?? caller))
  }

  /// The part of an accepted request's answer at a path, as JSON with single quotes.
  mutating func show(
    _ operation: String, _ input: String, _ path: String = "", service: String = "dynamodb",
    as other: Caller? = nil
  ) throws -> String {
    try call(operation, input, service: service, as: other).show(path)
  }

  /// The code and words of a refused request; says so if it was accepted.
  mutating func refusal(
    _ operation: String, _ input: String, service: String = "dynamodb", as other: Caller? = nil
  ) -> String {
    do {
      let answer = try call(operation, input, service: service, as: other)
      return "accepted: \(answer.json())"
    } catch let error as ServiceError {
      return "\(error.code): \(error.message)"
    } catch {
      return "\(error)"
    }
  }

  func table(_ name: String) throws -> Table {
    try #require(cloud[place].table(named: name))
  }
}

/// Reads JSON in which single quotes stand for double ones.
func json(_ text: String) throws -> Document {
  try Document.parse(text.replacing("'", with: "\""))
}

extension Document {
  /// The value at a path of members and positions, such as `Table.KeySchema.0`; nil if none.
  func at(_ path: String) -> Document? {
    var value: Document? = self
    for step in path.split(separator: ".") {
      value =
        Int(step).map { index in
          (value?.array).flatMap { $0.indices.contains(index) ? $0[index] : nil }
        } ?? value?[String(step)]
    }
    return value
  }

  /// The value at a path as JSON with single quotes; `absent` if there is none.
  func show(_ path: String = "") -> String {
    at(path)?.json().replacing("\"", with: "'") ?? "absent"
  }

  /// The text at a path.
  func text(_ path: String) throws -> String { try #require(at(path)?.string) }

  /// The instant at a path, which the wire carries as seconds since the epoch.
  func instant(_ path: String) throws -> Instant {
    Instant(milliseconds: Int64((try #require(at(path)?.number) * 1000).rounded()))
  }
}

// MARK: - Tables to begin with

extension Bench {
  static let ordersInput = """
    {'TableName':'orders','BillingMode':'PAY_PER_REQUEST',
     'AttributeDefinitions':[{'AttributeName':'id','AttributeType':'S'}],
     'KeySchema':[{'AttributeName':'id','KeyType':'HASH'}]}
    """

  static let salesInput = """
    {'TableName':'sales',
     'AttributeDefinitions':[{'AttributeName':'customer','AttributeType':'S'},
      {'AttributeName':'at','AttributeType':'N'},{'AttributeName':'amount','AttributeType':'N'},
      {'AttributeName':'state','AttributeType':'S'}],
     'KeySchema':[{'AttributeName':'customer','KeyType':'HASH'},
      {'AttributeName':'at','KeyType':'RANGE'}],
     'ProvisionedThroughput':{'ReadCapacityUnits':5,'WriteCapacityUnits':6},
     'LocalSecondaryIndexes':[\(lsi)],'GlobalSecondaryIndexes':[\(gsi)],
     'StreamSpecification':{'StreamEnabled':true,'StreamViewType':'NEW_IMAGE'},
     'SSESpecification':{'Enabled':true},'TableClass':'STANDARD_INFREQUENT_ACCESS',
     'DeletionProtectionEnabled':true,'Tags':[{'Key':'team','Value':'a'}]}
    """

  static let lsi = """
    {'IndexName':'by-amount','KeySchema':[{'AttributeName':'customer','KeyType':'HASH'},
    {'AttributeName':'amount','KeyType':'RANGE'}],'Projection':{'ProjectionType':'KEYS_ONLY'}}
    """

  static let gsi = """
    {'IndexName':'by-state','KeySchema':[{'AttributeName':'state','KeyType':'HASH'},
    {'AttributeName':'at','KeyType':'RANGE'}],
    'Projection':{'ProjectionType':'INCLUDE','NonKeyAttributes':['note']},
    'ProvisionedThroughput':{'ReadCapacityUnits':3,'WriteCapacityUnits':4}}
    """

  /// Makes an on-demand table with the string key `id`, and waits until it can be backed up.
  mutating func makeTable(_ name: String = "orders") throws {
    try call("CreateTable", Self.ordersInput.replacing("'orders'", with: "'\(name)'"))
    wait(.seconds(10))
  }

  /// A bench with the ACTIVE on-demand table `orders`.
  static func withOrders(start: Instant = Bench.start) throws -> Bench {
    var bench = Bench(start: start)
    try bench.makeTable()
    return bench
  }

  /// A bench with the ACTIVE table `sales`, which has one of everything a table can have.
  static func withSales() throws -> Bench {
    var bench = Bench()
    try bench.call("CreateTable", salesInput)
    bench.wait(.seconds(20))
    return bench
  }

  mutating func put(_ id: String, _ value: Int = 0, into table: String = "orders") throws {
    try call(
      "PutItem", "{'TableName':'\(table)','Item':{'id':{'S':'\(id)'},'v':{'N':'\(value)'}}}")
  }

  mutating func recovery(_ isOn: Bool, days: Int? = nil, of table: String = "orders") throws {
    let period = days.map { ",'RecoveryPeriodInDays':\($0)" } ?? ""
    try call(
      "UpdateContinuousBackups",
      "{'TableName':'\(table)','PointInTimeRecoverySpecification':"
        + "{'PointInTimeRecoveryEnabled':\(isOn)\(period)}}")
  }

  /// Makes a backup and waits until it is AVAILABLE.
  mutating func backup(_ table: String = "orders", name: String = "backup") throws -> String {
    let answer = try call("CreateBackup", "{'TableName':'\(table)','BackupName':'\(name)'}")
    wait(.milliseconds(50))
    return try answer.text("BackupDetails.BackupArn")
  }

  mutating func restore(_ arn: String, to target: String, _ more: String = "") throws {
    try call(
      "RestoreTableFromBackup", "{'TargetTableName':'\(target)','BackupArn':'\(arn)'\(more)}")
  }

  /// The status of a table; `gone` if there is none.
  mutating func status(of table: String) -> String {
    (try? call("DescribeTable", "{'TableName':'\(table)'}").text("Table.TableStatus")) ?? "gone"
  }

  /// The ids of a table's items with their `v`, in order of the ids.
  mutating func contents(of table: String = "orders") throws -> [String] {
    let items = try call("Scan", "{'TableName':'\(table)'}").at("Items")?.array ?? []
    return try items.map { "\(try $0.text("id.S"))=\(try $0.text("v.N"))" }.sorted()
  }

  /// Restores `orders` as it was at an instant and reads what came back; the bench stays as it is.
  func contents(at instant: Instant) throws -> [String] {
    var fork = self
    try fork.call(
      "RestoreTableToPointInTime",
      "{'SourceTableName':'orders','TargetTableName':'probe','RestoreDateTime':"
        + "\(instant.epochSeconds)}")
    fork.wait(.seconds(240))
    return try fork.contents(of: "probe")
  }
}

/// A request that must be refused, and the code and words it must be refused with.
struct Refusal: Sendable, CustomTestStringConvertible {
  let service: String
  let operation: String
  let input: String
  let error: String
  let source: SourceLocation

  init(
    _ operation: String, _ input: String, _ error: String, service: String = "dynamodb",
    file: String = #fileID, path: String = #filePath, line: Int = #line
  ) {
    self.service = service
    self.operation = operation
    self.input = input
    self.error = error
    source = SourceLocation(fileID: file, filePath: path, line: line, column: 1)
  }

  var testDescription: String { "\(operation) → \(error)" }
}

/// How refusals begin.
enum Words {
  static let validation = "ValidationException: "
  static let values = validation + "One or more parameter values were invalid: "
  static let request = validation + "Invalid Request: "
  static let one = validation + "1 validation error detected: Value "
  static let inUse =
    "ResourceInUseException: Attempt to change a resource which is still in use: "
  static let limit = "LimitExceededException: Subscriber limit exceeded: "
  static let missing = "ResourceNotFoundException: Requested resource not found"
}
