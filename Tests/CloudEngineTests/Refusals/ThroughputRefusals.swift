// SPDX-License-Identifier: GPL-3.0-or-later

extension Refusals {
  private static let initial =
    "initial throughput for OnDemand. See: https://docs.aws.amazon.com/amazondynamodb/latest/"
    + "developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial"

  private static func creation(_ more: String, provisioned: Bool = false) -> String {
    (provisioned ? RefusalWorld.plainInput : Bench.ordersInput)
      .replacing(provisioned ? "'plain'," : "'orders',", with: "'new',\(more),")
  }

  /// What on-demand maxima and warm throughput may not be.
  static let throughput: [Refusal] = [
    Refusal(
      "CreateTable", creation("'WarmThroughput':{'ReadUnitsPerSecond':11999}"),
      Words.values + "Requested ReadUnitsPerSecond for WarmThroughput for table is lower than "
        + initial),
    Refusal(
      "CreateTable",
      creation("'WarmThroughput':{'ReadUnitsPerSecond':12000,'WriteUnitsPerSecond':3999}"),
      Words.values + "Requested WriteUnitsPerSecond for WarmThroughput for table is lower than "
        + initial),
    Refusal(
      "CreateTable", creation("'WarmThroughput':{'ReadUnitsPerSecond':4}", provisioned: true),
      Words.values + "Requested ReadUnitsPerSecond for WarmThroughput for table is lower than "
        + "ReadCapacityUnits of ProvisionedThroughput"),
    Refusal(
      "UpdateTable",
      "{'TableName':'orders','WarmThroughput':{'WriteUnitsPerSecond':3999}}",
      Words.values + "Requested WriteUnitsPerSecond for WarmThroughput for table is lower than "
        + "current WarmThroughput, decreasing WarmThroughput is not supported"),
    Refusal(
      "UpdateTable",
      "{'TableName':'orders','WarmThroughput':{'WriteUnitsPerSecond':4000},"
        + "'OnDemandThroughput':{'MaxReadRequestUnits':5}}",
      Words.values + "WarmThroughput must be the only operation in the request"),
    Refusal(
      "UpdateTable", "{'TableName':'orders','WarmThroughput':{}}",
      Words.values + "WarmThroughput must have at least one of ReadUnitsPerSecond or "
        + "WriteUnitsPerSecond specified"),
    Refusal(
      "CreateTable",
      creation("'OnDemandThroughput':{'MaxWriteRequestUnits':5}", provisioned: true),
      Words.values + "MaxWriteRequestUnits for OnDemandThroughput cannot be specified when the "
        + "table BillingMode is PROVISIONED"),
    Refusal(
      "UpdateTable",
      "{'TableName':'plain','OnDemandThroughput':{'MaxReadRequestUnits':5}}",
      Words.values + "MaxReadRequestUnits for OnDemandThroughput cannot be specified when the "
        + "table BillingMode is PROVISIONED"),
    Refusal(
      "UpdateTable",
      "{'TableName':'orders','OnDemandThroughput':{'MaxReadRequestUnits':0}}",
      Words.values + "Requested MaxReadRequestUnits for OnDemandThroughput for table is outside "
        + "of valid range"),
    Refusal(
      "UpdateTable",
      "{'TableName':'sales','GlobalSecondaryIndexUpdates':[{'Update':{'IndexName':'by-state',"
        + "'OnDemandThroughput':{'MaxReadRequestUnits':5}}}]}",
      Words.values + "MaxReadRequestUnits for OnDemandThroughput cannot be specified when the "
        + "table BillingMode is PROVISIONED"),
    Refusal(
      "UpdateTable",
      "{'TableName':'bins','GlobalSecondaryIndexUpdates':[{'Update':{'IndexName':'by-pair',"
        + "'OnDemandThroughput':{'MaxWriteRequestUnits':0}}}]}",
      Words.values + "Requested MaxWriteRequestUnits for OnDemandThroughput for index by-pair is "
        + "outside of valid range"),
    Refusal(
      "CreateTable", creation("'OnDemandThroughput':{'MaxReadRequestUnits':-2}"),
      Words.values + "Requested MaxReadRequestUnits for OnDemandThroughput for table is outside "
        + "of valid range"),
    Refusal(
      "UpdateTable",
      "{'TableName':'sales','StreamSpecification':"
        + "{'StreamEnabled':false,'StreamViewType':'KEYS_ONLY'}}",
      Words.values + "If stream is being disabled, then UpdateViewType must not be specified"),
  ]
}
