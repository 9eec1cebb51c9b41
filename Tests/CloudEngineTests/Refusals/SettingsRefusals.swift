// SPDX-License-Identifier: GPL-3.0-or-later

/// What the service refuses about tags and time to live, and what other services refuse.
extension Refusals {
  private static func tag(_ key: String, _ value: String = "") -> String {
    "{'ResourceArn':'$ORDERS','Tags':[{'Key':'\(key)','Value':'\(value)'}]}"
  }

  private static func live(_ table: String, _ isOn: Bool, _ attribute: String) -> String {
    "{'TableName':'\(table)','TimeToLiveSpecification':{'Enabled':\(isOn),"
      + "'AttributeName':'\(attribute)'}}"
  }

  private static let fiftyOneTags = (1...51).map { "{'Key':'k\($0)','Value':''}" }
    .joined(separator: ",")

  private static let target = "arn:aws:dynamodb:us-east-1:123456789012:table/target"

  private static let foreign = "arn:aws:dynamodb:us-east-1:111122223333:table/orders"

  static let settings: [Refusal] = [
    Refusal(
      "TagResource", "{'ResourceArn':'$ORDERS','Tags':[]}",
      Words.validation + "Atleast one Tag needs to be provided as Input."),
    Refusal(
      "TagResource", tag("aws:x"),
      Words.validation + "Tag Key cannot be prefixed with aws:, Key: aws:x"),
    Refusal(
      "TagResource", tag("a!"), Words.validation + "The Tag Key provided is invalid, Key: a!"),
    Refusal(
      "TagResource", tag("a", "?"),
      Words.validation + "The Tag Value provided is invalid, Value: ?"),
    Refusal(
      "TagResource",
      "{'ResourceArn':'$ORDERS','Tags':[{'Key':'a','Value':'1'},{'Key':'a','Value':'2'}]}",
      Words.validation + "Duplicate Tag Keys provided as input: Duplicate Tag Key found a"),
    Refusal(
      "TagResource", "{'ResourceArn':'$ORDERS','Tags':[\(fiftyOneTags)]}",
      Words.validation + "Number of Tags exceed the current limit for the provided ResourceArn"),
    Refusal(
      "TagResource", "{'ResourceArn':'orders','Tags':[{'Key':'a','Value':''}]}",
      Words.values + "ARNs must start with 'arn:': orders"),
    Refusal(
      "TagResource", "{'ResourceArn':'$ORDERSx','Tags':[{'Key':'a','Value':''}]}",
      Words.missing + ": ResourceArn: $ORDERSx not found"),
    Refusal(
      "TagResource", "{'ResourceArn':'$FREE','Tags':[{'Key':'a','Value':''}]}",
      Words.values + "Invalid ResourceArn: $FREE"),
    Refusal(
      "TagResource", "{'ResourceArn':'\(target)','Tags':[{'Key':'a','Value':''}]}",
      Words.missing + ": ResourceArn: \(target) not found"),
    Refusal(
      "UntagResource", "{'ResourceArn':'$ORDERS','TagKeys':[]}",
      Words.validation + "Atleast one Tag Key needs to be provided as Input."),
    Refusal(
      "UntagResource", "{'ResourceArn':'\(target)','TagKeys':['a']}",
      Words.missing + ": ResourceArn: \(target) not found"),
    Refusal(
      "ListTagsOfResource", "{'ResourceArn':'\(target)'}",
      Words.missing + ": ResourceArn: \(target) not found"),
    Refusal(
      "ListTagsOfResource", "{'ResourceArn':'\(foreign)'}",
      "AccessDeniedException: Access is denied"),
    Refusal(
      "ListTagsOfResource", "{'ResourceArn':'$ORDERS','NextToken':'more'}",
      Words.validation + "Invalid NextToken"),
    Refusal(
      "UpdateTimeToLive", live("none", true, "until"), Words.missing + ": Table: none not found"),
    Refusal(
      "UpdateTimeToLive", live("target", true, "until"),
      Words.missing + ": Table: target not found"),
    Refusal(
      "UpdateTimeToLive", live("young", true, "until"),
      Words.inUse + "Table young is being created"),
    Refusal(
      "UpdateTimeToLive", live("going", true, "until"),
      Words.inUse + "Table is being deleted: going"),
    Refusal(
      "UpdateTimeToLive", live("sales", true, "until"),
      Words.validation + "TimeToLive is already enabled"),
    Refusal(
      "UpdateTimeToLive", live("plain", false, "until"),
      Words.validation + "TimeToLive is already disabled"),
    Refusal(
      "UpdateTimeToLive", live("sales", true, "other"),
      Words.validation
        + "TimeToLive is active on a different AttributeName: current AttributeName is until"),
    Refusal(
      "UpdateTimeToLive", live("sales", false, "until"),
      Words.validation + "Time to live has been modified multiple times within a fixed interval"),
    Refusal(
      "DescribeTimeToLive", "{'TableName':'none'}", Words.missing + ": Table: none not found"),
    Refusal(
      "DescribeTimeToLive", "{'TableName':'target'}", Words.missing + ": Table: target not found"),
    Refusal(
      "DescribeTimeToLive", "{'TableName':'young'}",
      Words.validation + "Cannot describe time to live while table is in CREATING state: Current "
        + "table state is CREATING"),
  ]

  static let others: [Refusal] = [
    Refusal(
      "LookupEvents",
      "{'LookupAttributes':[{'AttributeKey':'EventName','AttributeValue':'a'},"
        + "{'AttributeKey':'EventName','AttributeValue':'b'}]}",
      "InvalidLookupAttributesException: Only one lookup attribute may be specified.",
      service: "cloudtrail"),
    Refusal(
      "LookupEvents", "{'StartTime':2,'EndTime':1}",
      "InvalidTimeRangeException: Start time must be before end time.", service: "cloudtrail"),
    Refusal(
      "LookupEvents", "{'EventCategory':'insight'}",
      "NotSimulated: EventCategory insight of LookupEvents is not simulated by Rewind. Nothing was "
        + "changed.", service: "cloudtrail"),
    Refusal(
      "LookupEvents", "{'NextToken':'nonsense'}",
      "InvalidNextTokenException: The next token is invalid.", service: "cloudtrail"),
    Refusal(
      "LookupEvents", "{'NextToken':'next-999999'}",
      "InvalidNextTokenException: The next token is invalid.", service: "cloudtrail"),
  ]
}
