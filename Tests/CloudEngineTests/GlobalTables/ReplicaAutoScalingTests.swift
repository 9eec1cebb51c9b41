// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Auto scaling of replicas")
struct ReplicaAutoScalingTests {
  private static let off = "{'AutoScalingDisabled':true,'ScalingPolicies':[]}"
  private static let policy =
    "'ScalingPolicyUpdate':{'TargetTrackingScalingPolicyConfiguration':{'TargetValue':70}}"
  private static let full = "{'MinimumUnits':1,'MaximumUnits':10,\(policy)}"

  private static func write(_ settings: String) -> String {
    ",'ProvisionedWriteCapacityAutoScalingUpdate':\(settings)"
  }

  private static func read(_ region: String, _ settings: String? = nil) -> String {
    ",'ReplicaUpdates':[{'RegionName':'\(region)'"
      + (settings.map { ",'ReplicaProvisionedReadCapacityAutoScalingUpdate':\($0)" } ?? "") + "}]"
  }

  private static let failed = "Failed to update settings for global table with name: ‘orders’"
  private static func needs(_ names: String) -> String {
    Words.validation + failed
      + ": Parameters \(names) are required unless auto scaling is being disabled."
  }
  private static func blank(_ names: String) -> String {
    Words.validation + "Failed to update settings for global table with name ‘orders’: Parameters "
      + "\(names) must be left blank when disabling auto scaling."
  }
  private static func onDemand(_ parameter: String) -> String {
    Words.validation
      + "Failed to update global table with name ‘orders‘. Replicas 'EU-WEST-1', 'US-EAST-1' "
      + "BillingMode is PayPerRequest. You must convert table's BillingMode to PROVISIONED to set "
      + "parameters: '\(parameter)'."
  }

  @Test("every replica is told by its Region's name, with nothing set, from either Region")
  func description() throws {
    var bench = try Bench.withReplicas()
    let replica = { (region: String) in
      "{'RegionName':'\(region)','GlobalSecondaryIndexes':[],"
        + "'ReplicaProvisionedReadCapacityAutoScalingSettings':\(Self.off),"
        + "'ReplicaProvisionedWriteCapacityAutoScalingSettings':\(Self.off),"
        + "'ReplicaStatus':'ACTIVE'}"
    }
    let expected =
      "{'TableName':'orders','TableStatus':'ACTIVE','Replicas':"
      + "[\(replica("eu-west-1")),\(replica("us-east-1"))]}"
    for region in ["us-east-1", "eu-west-1"] {
      #expect(
        try bench.show(
          "DescribeTableReplicaAutoScaling", "{'TableName':'orders'}",
          "TableAutoScalingDescription", as: bench.inRegion(region)) == expected)
    }
    // Switching off what was never on is taken.
    #expect(
      try bench.show(
        "UpdateTableReplicaAutoScaling",
        "{'TableName':'orders'\(Self.write("{'AutoScalingDisabled':true}"))}",
        "TableAutoScalingDescription") == expected)
  }

  @Test(
    "an on-demand global table has nothing to scale, and the shape is looked at first",
    arguments: [
      (write(full), onDemand("GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate")),
      (
        read("eu-west-1", full),
        onDemand("ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate")
      ),
      (write("{}"), needs("'MaximumUnits', 'ScalingPolicyUpdate', 'MinimumUnits'")),
      (write("{'MinimumUnits':1,'MaximumUnits':2}"), needs("'ScalingPolicyUpdate'")),
      (write("{\(policy)}"), needs("'MaximumUnits', 'MinimumUnits'")),
      (
        write("{'AutoScalingDisabled':true,'MinimumUnits':1,'MaximumUnits':2}"),
        blank("'MaximumUnits', 'MinimumUnits'")
      ),
      ("", Words.validation + failed + " because at least one update parameter must be specified."),
      (
        read("eu-west-1"),
        Words.validation + failed
          + " because at least one update parameter must be specified for region: ‘eu-west-1’."
      ),
      (
        read("eu-west-2", "{'AutoScalingDisabled':true}"),
        "ResourceNotFoundException: " + failed
          + " because a replica does not exist in regions: ‘[eu-west-2]’."
      ),
      (
        ",'GlobalSecondaryIndexUpdates':[{'IndexName':'nope',"
          + "'ProvisionedWriteCapacityAutoScalingUpdate':{'AutoScalingDisabled':true}}]",
        "ResourceNotFoundException: " + failed
          + " because the global secondary indexes with names: ‘[nope]’ do not exist."
      ),
    ] as [(String, String)])
  func refusals(update: String, error: String) throws {
    var bench = try Bench.withReplicas()
    let before = bench.cloud.fingerprint()
    #expect(
      bench.refusal("UpdateTableReplicaAutoScaling", "{'TableName':'orders'\(update)}") == error)
    #expect(bench.cloud.fingerprint() == before)
  }
}
