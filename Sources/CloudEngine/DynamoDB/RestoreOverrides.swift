// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

/// What a restore changes of the settings it takes from its source. [DDB.restore.overrides]
struct RestoreOverrides: Sendable {
  let billingMode: BillingMode?
  let globalIndexes: [IndexSpecification]?
  let localIndexes: [LocalIndexSpecification]?
  let throughput: ProvisionedThroughput?
  let onDemandThroughput: OnDemandThroughput?
  let encryption: SSESpecification?

  /// The settings of the restored table.
  ///
  /// Keys, indexes, billing and encryption come from the source unless overridden. Tags, TTL,
  /// streams, deletion protection and table class are never restored, nor is recovery itself: each
  /// must be set again. [DDB.restore.settings]
  ///
  /// - Throws: A validation error for overrides that do not fit the source or each other.
  func settings(
    from present: TableSettings, named name: String, in cloud: Cloud, for caller: Caller
  ) throws(ServiceError) -> TableSettings {
    let source = present.recorded
    let mode = billingMode ?? source.billingMode
    try checkThroughput(mode: mode)
    let global = try globalIndexes(of: source, mode: mode)
    let local = try localIndexes(of: source)
    try KeySchemaRules.checkNames(local.map(\.name) + global.map(\.name))
    let key = try cloud.encryption(encryption, current: source.encryption, for: caller)
    try cloud.requireUsable(key)
    let used =
      (source.keySchema + local.flatMap(\.keySchema) + global.flatMap(\.keySchema))
      .map(\.attributeName)
    var result = TableSettings(
      name: name,
      attributeDefinitions: source.attributeDefinitions.filter { used.contains($0.attributeName) },
      keySchema: source.keySchema, localIndexes: local, globalIndexes: global,
      billingMode: mode,
      throughput: mode == .payPerRequest
        ? .none : throughput?.throughput ?? source.throughput)
    result.lastUpdateToPayPerRequest = mode == .payPerRequest ? cloud.now : nil
    result.onDemandThroughput =
      onDemandThroughput.map { $0.merged(into: nil) }
      ?? (mode == .payPerRequest ? source.onDemandThroughput : nil)
    result.encryption = key
    return result
  }

  private func checkThroughput(mode: BillingMode) throws(ServiceError) {
    let subject = "Cannot override ProvisionedThroughput"
    switch (billingMode, throughput) {
    case (nil, _?) where mode == .payPerRequest:
      throw .invalidRequest("\(subject) unless BillingMode is PROVISIONED")
    case (.provisioned?, nil):
      throw .invalidRequest(
        "Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED")
    case (.payPerRequest?, _?):
      throw .invalidRequest("\(subject) if BillingMode is overridden to PAY_PER_REQUEST")
    default: break
    }
    guard let limits = onDemandThroughput else { return }
    guard mode == .payPerRequest else {
      throw .invalidRequest(
        "Cannot override MaxReadRequestUnits for OnDemandThroughput unless BillingModeOverride is "
          + "PAY_PER_REQUEST")
    }
    for (name, value) in [
      ("MaxReadRequestUnits", limits.maxReadRequestUnits),
      ("MaxWriteRequestUnits", limits.maxWriteRequestUnits),
    ] {
      if let value, value != -1, value < 1 {
        throw .invalidRequest(
          "Requested \(name) for OnDemandThroughput is outside of valid range")
      }
    }
  }

  /// The global indexes of the restored table.
  ///
  /// Left out, all come back; an empty list brings none. An index is recognised by its keys
  /// and projection, so a new name renames it.
  private func globalIndexes(
    of source: TableSettings, mode: BillingMode
  ) throws(ServiceError) -> [GlobalIndex] {
    guard let globalIndexes else {
      return try source.globalIndexes.map { index throws(ServiceError) in
        var restored = index
        restored.status = .creating
        restored.throughputChanges = ThroughputChanges()
        if mode == .payPerRequest {
          restored.throughput = .none
        } else if restored.throughput == .none {
          throw .invalidRequest("Must specify provisioned throughput for index \(index.name)")
        }
        return restored
      }
    }
    return try globalIndexes.map { asked throws(ServiceError) in
      guard
        source.globalIndexes.contains(where: {
          $0.keySchema == asked.keySchema && $0.projection == asked.projection.sorted
        })
      else { throw Self.noSuchIndex(asked.indexName) }
      switch (mode, asked.provisionedThroughput) {
      case (.provisioned, nil):
        throw .invalidRequest("Must specify provisioned throughput for index \(asked.indexName)")
      case (.payPerRequest, _?):
        throw .invalidRequest(
          "Cannot override ProvisionedThroughput if BillingMode is overridden to PAY_PER_REQUEST "
            + "for index \(asked.indexName)")
      default: break
      }
      return GlobalIndex(asked, status: .creating)
    }
  }

  private func localIndexes(of source: TableSettings) throws(ServiceError) -> [LocalIndex] {
    guard let localIndexes else { return source.localIndexes }
    return try localIndexes.map { asked throws(ServiceError) in
      let projection = asked.projection.sorted
      guard
        source.localIndexes.contains(where: {
          $0.keySchema == asked.keySchema && $0.projection == projection
        })
      else { throw Self.noSuchIndex(asked.indexName) }
      return LocalIndex(name: asked.indexName, keySchema: asked.keySchema, projection: projection)
    }
  }

  private static func noSuchIndex(_ name: String) -> ServiceError {
    .invalidRequest(
      "Index \(name) does not match a secondary index that existed in the source table and cannot "
        + "be created during the restore operation")
  }
}
