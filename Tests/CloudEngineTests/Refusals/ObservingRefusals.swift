// SPDX-License-Identifier: GPL-3.0-or-later

/// What the service refuses about Contributor Insights and Kinesis destinations.
extension Refusals {
  private static func insights(
    _ table: String, _ action: String = "ENABLE", _ more: String = ""
  ) -> String {
    "{'TableName':'\(table)','ContributorInsightsAction':'\(action)'\(more)}"
  }

  private static let stream = "arn:aws:kinesis:us-east-1:123456789012:stream/changes"

  private static func destination(_ table: String) -> String {
    "{'TableName':'\(table)','StreamArn':'\(stream)'}"
  }

  private static func state(_ what: String) -> String {
    Words.validation + "Table or Index is not in a valid state to update Key Access Insights: "
      + "\(what) must be ACTIVE to enable ContributorInsights."
  }

  private static func missing(_ table: String) -> String {
    Words.missing + ": Table: \(table) not found"
  }

  private static func missing(index: String, of table: String) -> String {
    Words.missing + ": Index: \(index) not found for table: \(table)"
  }

  static let observing: [Refusal] = [
    Refusal("UpdateContributorInsights", insights("none"), missing("none")),
    Refusal("UpdateContributorInsights", insights("target"), missing("target")),
    Refusal("UpdateContributorInsights", insights("young"), state("TableStatus")),
    Refusal("UpdateContributorInsights", insights("young", "DISABLE"), state("TableStatus")),
    Refusal("UpdateContributorInsights", insights("going"), state("TableStatus")),
    Refusal(
      "UpdateContributorInsights", insights("orders", "ENABLE", ",'IndexName':'ghost'"),
      missing(index: "ghost", of: "orders")),
    Refusal(
      "UpdateContributorInsights", insights("sales", "ENABLE", ",'IndexName':'by-amount'"),
      missing(index: "by-amount", of: "sales")),
    Refusal(
      "UpdateContributorInsights", insights("growing", "ENABLE", ",'IndexName':'extra'"),
      state("IndexStatus")),
    Refusal(
      "UpdateContributorInsights", insights("orders", "TOGGLE"),
      Words.one + "'TOGGLE' at 'contributorInsightsAction' failed to satisfy constraint: "
        + "Member must satisfy enum value set: [ENABLE, DISABLE]"),
    Refusal("DescribeContributorInsights", "{'TableName':'target'}", missing("target")),
    Refusal(
      "DescribeContributorInsights", "{'TableName':'orders','IndexName':'ghost'}",
      missing(index: "ghost", of: "orders")),
    Refusal("ListContributorInsights", "{'TableName':'none'}", missing("none")),
    Refusal(
      "ListContributorInsights", "{'NextToken':'more'}", Words.validation + "Invalid NextToken"),
    Refusal("EnableKinesisStreamingDestination", destination("none"), missing("none")),
    Refusal("EnableKinesisStreamingDestination", destination("young"), missing("young")),
    Refusal("EnableKinesisStreamingDestination", destination("target"), missing("target")),
    Refusal("DisableKinesisStreamingDestination", destination("young"), missing("young")),
    Refusal(
      "DisableKinesisStreamingDestination", destination("orders"),
      Words.validation + "Table is not in a valid state to enable Kinesis Streaming Destination: "
        + "KinesisStreamingDestination must be ACTIVE to perform DISABLE operation."),
    Refusal(
      "UpdateKinesisStreamingDestination",
      destination("young").dropLast()
        + ",'UpdateKinesisStreamingConfiguration':"
        + "{'ApproximateCreationDateTimePrecision':'MICROSECOND'}}", missing("young")),
    Refusal("DescribeKinesisStreamingDestination", "{'TableName':'young'}", missing("young")),
    Refusal(
      "DescribeTableReplicaAutoScaling", "{'TableName':'orders'}",
      "ResourceNotFoundException: Global table with name: 'orders' does not exist."),
    Refusal(
      "UpdateTableReplicaAutoScaling",
      "{'TableName':'none','ProvisionedWriteCapacityAutoScalingUpdate':"
        + "{'AutoScalingDisabled':true}}",
      "ResourceNotFoundException: Global table with name: 'none' does not exist."),
    Refusal(
      "UpdateGlobalTableSettings",
      "{'GlobalTableName':'orders','GlobalTableBillingMode':'PROVISIONED'}",
      "GlobalTableNotFoundException: Global table with name: 'orders' does not exist."),
  ]
}
