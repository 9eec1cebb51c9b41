// SPDX-License-Identifier: GPL-3.0-or-later
// Made by Scripts/embed-service-models from Models/; do not edit.
// swift-format-ignore-file

extension Service {
  /// The service `backup`, read from its model at the first use.
  package static let backup = Service(cliName: "backup", model: backupModelJSON)

  /// The service `cloudtrail`, read from its model at the first use.
  package static let cloudtrail = Service(cliName: "cloudtrail", model: cloudtrailModelJSON)

  /// The service `dynamodb`, read from its model at the first use.
  package static let dynamodb = Service(cliName: "dynamodb", model: dynamodbModelJSON)

  /// The service `dynamodbstreams`, read from its model at the first use.
  package static let dynamodbstreams = Service(cliName: "dynamodbstreams", model: dynamodbstreamsModelJSON)

  /// The service `kms`, read from its model at the first use.
  package static let kms = Service(cliName: "kms", model: kmsModelJSON)

  /// The service `s3api`, read from its model at the first use.
  package static let s3api = Service(cliName: "s3api", model: s3apiModelJSON)

  /// The service `sts`, read from its model at the first use.
  package static let sts = Service(cliName: "sts", model: stsModelJSON)

  /// The CLI names of all services with a model, in alphabetical order.
  package static let names = ["backup", "cloudtrail", "dynamodb", "dynamodbstreams", "kms", "s3api", "sts"]

  /// The service with this CLI name, or nil when there is no model of it.
  ///
  /// - Complexity: O(1), but the first use of a service reads its model.
  package static func named(_ cliName: String) -> Service? {
    switch cliName {
    case "backup": backup
    case "cloudtrail": cloudtrail
    case "dynamodb": dynamodb
    case "dynamodbstreams": dynamodbstreams
    case "kms": kms
    case "s3api": s3api
    case "sts": sts
    default: nil
    }
  }
}
