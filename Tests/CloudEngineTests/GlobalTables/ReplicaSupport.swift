// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

extension Bench {
  /// A bench whose table `orders` has one item, `a=1`, and an ACTIVE replica in each Region given.
  static func withReplicas(in regions: [String] = ["eu-west-1"]) throws -> Bench {
    var bench = try Bench.withOrders()
    try bench.put("a", 1)
    for region in regions { try bench.addReplica(in: region) }
    return bench
  }

  /// Adds a replica to a table and waits until it can be backed up.
  mutating func addReplica(in region: String, of table: String = "orders") throws {
    try replicate(table, "{'Create':{'RegionName':'\(region)'}}")
    wait(.seconds(570))
  }

  /// Adds a replica under a new key of its Region, and waits until it is ACTIVE.
  mutating func addKeyedReplica(
    in region: String, of table: String = "orders"
  ) throws -> String {
    let key = try call("CreateKey", "{}", service: "kms", as: inRegion(region))
      .text("KeyMetadata.Arn")
    try replicate(table, "{'Create':{'RegionName':'\(region)','KMSMasterKeyId':'\(key)'}}")
    wait(.minutes(20))
    return key
  }

  /// Sends one element of `ReplicaUpdates`.
  @discardableResult
  mutating func replicate(
    _ table: String, _ update: String, from region: String? = nil
  ) throws -> Document {
    try call(
      "UpdateTable", "{'TableName':'\(table)','ReplicaUpdates':[\(update)]}",
      as: region.map(inRegion))
  }

  mutating func put(_ id: String, _ value: Int, in region: String) throws {
    try call(
      "PutItem", "{'TableName':'orders','Item':{'id':{'S':'\(id)'},'v':{'N':'\(value)'}}}",
      as: inRegion(region))
  }

  mutating func delete(_ id: String, in region: String) throws {
    try call(
      "DeleteItem", "{'TableName':'orders','Key':{'id':{'S':'\(id)'}}}", as: inRegion(region))
  }

  /// The items of a table in a Region, as `id=v`.
  mutating func contents(of table: String = "orders", in region: String) throws -> [String] {
    let home = caller
    caller = inRegion(region)
    defer { caller = home }
    return try contents(of: table)
  }

  /// The part of a table's description in a Region at a path; the error's code if there is none.
  mutating func describe(_ path: String, of table: String = "orders", in region: String) -> String {
    do {
      return try show(
        "DescribeTable", "{'TableName':'\(table)'}", "Table" + (path.isEmpty ? "" : ".\(path)"),
        as: inRegion(region))
    } catch let error as ServiceError {
      return error.code
    } catch {
      return "\(error)"
    }
  }
}
