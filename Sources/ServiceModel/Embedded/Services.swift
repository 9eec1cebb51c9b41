// SPDX-License-Identifier: GPL-3.0-or-later
// Made by Scripts/embed-service-models from Models/; do not edit.
// swift-format-ignore-file

extension Service {
  /// The service `backup`, read from its model at the first use.
  package static let backup = Service(cliName: "backup", model: backupModelJSON)

  /// The service `ce`, read from its model at the first use.
  package static let ce = Service(cliName: "ce", model: ceModelJSON)

  /// The service `cloudtrail`, read from its model at the first use.
  package static let cloudtrail = Service(cliName: "cloudtrail", model: cloudtrailModelJSON)

  /// The service `cloudwatch`, read from its model at the first use.
  package static let cloudwatch = Service(cliName: "cloudwatch", model: cloudwatchModelJSON)

  /// The service `dynamodb`, read from its model at the first use.
  package static let dynamodb = Service(cliName: "dynamodb", model: dynamodbModelJSON)

  /// The service `dynamodbstreams`, read from its model at the first use.
  package static let dynamodbstreams = Service(cliName: "dynamodbstreams", model: dynamodbstreamsModelJSON)

  /// The service `events`, read from its model at the first use.
  package static let events = Service(cliName: "events", model: eventsModelJSON)

  /// The service `kms`, read from its model at the first use.
  package static let kms = Service(cliName: "kms", model: kmsModelJSON)

  /// The service `organizations`, read from its model at the first use.
  package static let organizations = Service(cliName: "organizations", model: organizationsModelJSON)

  /// The service `s3api`, read from its model at the first use.
  package static let s3api = Service(cliName: "s3api", model: s3apiModelJSON)

  /// The service `sns`, read from its model at the first use.
  package static let sns = Service(cliName: "sns", model: snsModelJSON)

  /// The service `sts`, read from its model at the first use.
  package static let sts = Service(cliName: "sts", model: stsModelJSON)

  /// How each service is asked for, in alphabetical order; nothing of a model is read for it.
  package static let doors: [ServiceDoor] = [
    ServiceDoor(
      cliName: "backup", protocolName: "rest-json",
      signingName: "backup",
      targetPrefix: nil),
    ServiceDoor(
      cliName: "ce", protocolName: "json",
      signingName: "ce",
      targetPrefix: "AWSInsightsIndexService"),
    ServiceDoor(
      cliName: "cloudtrail", protocolName: "json",
      signingName: "cloudtrail",
      targetPrefix: "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"),
    ServiceDoor(
      cliName: "cloudwatch", protocolName: "smithy-rpc-v2-cbor",
      signingName: "monitoring",
      targetPrefix: "GraniteServiceVersion20100801"),
    ServiceDoor(
      cliName: "dynamodb", protocolName: "json",
      signingName: "dynamodb",
      targetPrefix: "DynamoDB_20120810"),
    ServiceDoor(
      cliName: "dynamodbstreams", protocolName: "json",
      signingName: "dynamodb",
      targetPrefix: "DynamoDBStreams_20120810"),
    ServiceDoor(
      cliName: "events", protocolName: "json",
      signingName: "events",
      targetPrefix: "AWSEvents"),
    ServiceDoor(
      cliName: "kms", protocolName: "json",
      signingName: "kms",
      targetPrefix: "TrentService"),
    ServiceDoor(
      cliName: "organizations", protocolName: "json",
      signingName: "organizations",
      targetPrefix: "AWSOrganizationsV20161128"),
    ServiceDoor(
      cliName: "s3api", protocolName: "rest-xml",
      signingName: "s3",
      targetPrefix: nil),
    ServiceDoor(
      cliName: "sns", protocolName: "query",
      signingName: "sns",
      targetPrefix: nil),
    ServiceDoor(
      cliName: "sts", protocolName: "query",
      signingName: "sts",
      targetPrefix: nil),
  ]

  /// The CLI names of all services with a model, in alphabetical order.
  package static let names = ["backup", "ce", "cloudtrail", "cloudwatch", "dynamodb", "dynamodbstreams", "events", "kms", "organizations", "s3api", "sns", "sts"]

  /// The service with this CLI name, or nil when there is no model of it.
  ///
  /// - Complexity: O(1), but the first use of a service reads its model.
  package static func named(_ cliName: String) -> Service? {
    switch cliName {
    case "backup": backup
    case "ce": ce
    case "cloudtrail": cloudtrail
    case "cloudwatch": cloudwatch
    case "dynamodb": dynamodb
    case "dynamodbstreams": dynamodbstreams
    case "events": events
    case "kms": kms
    case "organizations": organizations
    case "s3api": s3api
    case "sns": sns
    case "sts": sts
    default: nil
    }
  }
}
