// SPDX-License-Identifier: GPL-3.0-or-later

internal import Documents

/// A service as its published model describes it: operations, shapes, pages and waiters, without
/// any prose.
///
/// A model is read at the first use of `Service.dynamodb` (or another), once, whoever asks first.
///
/// ```swift
/// let service = Service.named("dynamodb")
/// service?.operation(named: "create-backup")?.errors.map(\.name)
/// ```
package final class Service: Sendable {
  /// The name after `aws` on the command line: `dynamodb`.
  package let cliName: String
  /// The name the SDKs know it by: `DynamoDB`.
  package let serviceID: String
  /// The name people read: `Amazon DynamoDB`.
  package let fullName: String
  /// The first part of the host name: `dynamodb`.
  package let endpointPrefix: String
  /// The name in a signature's scope.
  package let signingName: String
  /// The date that names the version: `2012-08-10`.
  package let apiVersion: String
  /// How requests travel, `json`, `rest-json` or `query`, in the model’s words.
  package let protocolName: String
  /// What precedes the operation's name in `X-Amz-Target`: `DynamoDB_20120810`.
  package let targetPrefix: String?
  /// The version, `1.0` or `1.1`, as in `application/x-amz-json-1.0`.
  package let jsonVersion: String?
  /// The namespace of the service's XML, for services that answer in it.
  package let xmlNamespace: String?
  /// Whether errors carry also the codes of a query protocol that the service once had.
  package let isQueryCompatible: Bool
  /// All operations, by name in ASCII order.
  package let operations: [OperationModel]
  /// All waiters, in model order.
  package let waiters: [Waiter]
  /// All shapes, in model order.
  package let shapes: [Shape]

  private let operationIndex: [String: Int]
  private let waiterIndex: [String: Int]
  private let shapeIndex: [String: Int]

  init(cliName: String, model: StaticString) {
    let reader = ModelReader(model)
    self.cliName = cliName
    serviceID = reader.text("serviceId")
    fullName = reader.text("serviceFullName")
    endpointPrefix = reader.text("endpointPrefix")
    signingName = reader.metadata["signingName"]?.string ?? endpointPrefix
    apiVersion = reader.text("apiVersion")
    protocolName = reader.text("protocol")
    targetPrefix = reader.metadata["targetPrefix"]?.string
    jsonVersion = reader.metadata["jsonVersion"]?.string
    xmlNamespace = reader.metadata["xmlNamespace"]?.string
    isQueryCompatible = reader.metadata["awsQueryCompatible"] != nil
    shapes = reader.shapes
    operations = reader.operations()
    waiters = reader.waiters()
    shapeIndex = reader.shapeIndex
    operationIndex = Self.index(operations.map { [$0.name, $0.cliName] })
    waiterIndex = Self.index(waiters.map { [$0.name, $0.cliName] })
  }

  /// The place of each thing under each of its names.
  private static func index(_ names: [[String]]) -> [String: Int] {
    var places: [String: Int] = [:]
    for (place, names) in names.enumerated() {
      for name in names { places[name] = place }
    }
    return places
  }
}

extension Service {
  /// The operation with this name, as the service (`CreateBackup`) or the CLI (`create-backup`)
  /// spells it.
  ///
  /// - Complexity: O(1) on average.
  package func operation(named name: String) -> OperationModel? {
    operationIndex[name].map { operations[$0] }
  }

  /// The waiter with this name, as the model (`TableExists`) or the CLI (`table-exists`) spells it.
  ///
  /// - Complexity: O(1) on average.
  package func waiter(named name: String) -> Waiter? { waiterIndex[name].map { waiters[$0] } }

  /// The shape with this name.
  ///
  /// - Complexity: O(1) on average.
  package func shape(named name: String) -> Shape? { shapeIndex[name].map { shapes[$0] } }
}

/// The service with this CLI name, or nil when there is no model of it; reads
/// `ServiceModel.named("dynamodb")`.
///
/// - Complexity: O(1), but the first use of a service reads its model.
package func named(_ cliName: String) -> Service? { Service.named(cliName) }
