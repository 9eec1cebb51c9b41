// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

/// How exactly a record's time is told; without a member, in milliseconds.
struct KinesisStreamingConfiguration: Codable, Hashable, Sendable {
  let approximateCreationDateTimePrecision: KinesisDestination.Precision?
}

/// Asks for a table's changes to be sent to a Kinesis data stream.
///
/// A table has one such stream at a time. Whether the stream can be used shows in its status later.
/// [DDB.kinesis]
package struct EnableKinesisStreamingDestination: DynamoDBOperation {
  let tableName: TableReference
  let streamArn: String
  let enableKinesisStreamingConfiguration: KinesisStreamingConfiguration?

  package static var standing: OperationStanding { .settingsOnly }
  package struct Output: Encodable, Sendable {
    let tableName: String
    let streamArn: String
    let destinationStatus: KinesisDestination.Status
    let enableKinesisStreamingConfiguration: KinesisStreamingConfiguration
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let id = try cloud.kinesisTable(tableName, for: caller)
    let present = cloud[id.place][id].kinesisDestinations ?? []
    guard !present.contains(where: \.status.isLive) else {
      throw .destinationState(
        "EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE "
          + "operation.")
    }
    // Every refusal is above this line.
    let configuration = enableKinesisStreamingConfiguration
    let delay =
      KinesisDestination.Failure(of: streamArn, from: id.place)?.delay ?? Delays.enablingDestination
    cloud.begin(
      KinesisDestination(
        streamARN: streamArn, status: .enabling,
        precision: configuration?.approximateCreationDateTimePrecision),
      for: delay, of: id)
    return Output(
      tableName: id.name, streamArn: streamArn, destinationStatus: .enabling,
      enableKinesisStreamingConfiguration: configuration
        ?? KinesisStreamingConfiguration(approximateCreationDateTimePrecision: nil))
  }
}

/// Ends the sending of a table's changes to a Kinesis data stream; the stream stays listed as
/// DISABLED. [DDB.kinesis]
package struct DisableKinesisStreamingDestination: DynamoDBOperation {
  let tableName: TableReference
  let streamArn: String
  let enableKinesisStreamingConfiguration: KinesisStreamingConfiguration?

  package static var standing: OperationStanding { .settingsOnly }
  package struct Output: Encodable, Sendable {
    let tableName: String
    let streamArn: String
    let destinationStatus: KinesisDestination.Status
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard enableKinesisStreamingConfiguration == nil else {
      throw .validation(
        "Stream cannot be disabled using EnableKinesisStreamingConfiguration parameters")
    }
    let id = try cloud.kinesisTable(tableName, for: caller)
    let found = cloud[id.place][id].kinesisDestination(streamArn)
    // A second request during the first one's work is answered like it.
    guard var found, found.status == .active || found.status == .disabling else {
      throw .destinationState(
        "KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.")
    }
    // Every refusal is above this line.
    if found.status == .active {
      found.status = .disabling
      cloud.begin(found, for: Delays.disablingDestination, of: id)
    }
    return Output(tableName: id.name, streamArn: streamArn, destinationStatus: .disabling)
  }
}

/// Changes how exactly the times of the records sent to a stream are told. [DDB.kinesis]
package struct UpdateKinesisStreamingDestination: DynamoDBOperation {
  let tableName: TableReference
  let streamArn: String
  let updateKinesisStreamingConfiguration: KinesisStreamingConfiguration?

  package static var standing: OperationStanding { .settingsOnly }
  package struct Output: Encodable, Sendable {
    let tableName: String
    let streamArn: String
    let destinationStatus: KinesisDestination.Status
    let updateKinesisStreamingConfiguration: KinesisStreamingConfiguration
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard let configuration = updateKinesisStreamingConfiguration,
      let precision = configuration.approximateCreationDateTimePrecision
    else {
      throw .validation(
        "Streaming destination cannot be updated with given parameters: "
          + "UpdateKinesisStreamingConfiguration cannot be null or contain only null values")
    }
    let id = try cloud.kinesisTable(tableName, for: caller)
    guard var found = cloud[id.place][id].kinesisDestination(streamArn) else {
      throw .destinationState(
        "No streaming destination with streamArn: \(streamArn) found for table with tableName: "
          + id.name)
    }
    guard found.status == .active else {
      throw .destinationState(
        "Kinesis streaming is not in ACTIVE state. Updates are only allowed in ACTIVE state. "
          + "TableName: \(id.name), kdsArn: \(streamArn)")
    }
    guard precision != found.precision ?? .millisecond else {
      throw .invalidRequest(
        "Precision is already set to the desired value of \(precision.rawValue) for tableId: "
          + "\(id.id), kdsArn: \(streamArn)")
    }
    // Every refusal is above this line.
    found.status = .updating
    found.precision = precision
    cloud.begin(found, for: Delays.updatingDestination, of: id)
    return Output(
      tableName: id.name, streamArn: streamArn, destinationStatus: .updating,
      updateKinesisStreamingConfiguration: configuration)
  }
}

/// Returns the Kinesis data streams a table sends its changes to, or once did. [DDB.kinesis]
package struct DescribeKinesisStreamingDestination: DynamoDBOperation {
  let tableName: TableReference

  package static var isReadOnly: Bool { true }

  struct Destination: Encodable, Sendable {
    let streamArn: String
    let destinationStatus: KinesisDestination.Status
    let destinationStatusDescription: String?
    let approximateCreationDateTimePrecision: KinesisDestination.Precision?
  }

  package static var standing: OperationStanding { .settingsOnly }
  package struct Output: Encodable, Sendable {
    let tableName: String
    let kinesisDataStreamDestinations: [Destination]
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let id = try cloud.kinesisTable(tableName, for: caller)
    return Output(
      tableName: id.name,
      kinesisDataStreamDestinations: (cloud[id.place][id].kinesisDestinations ?? []).map {
        Destination(
          streamArn: $0.streamARN, destinationStatus: $0.status,
          destinationStatusDescription: $0.failure?.text,
          approximateCreationDateTimePrecision: $0.precision)
      })
  }
}

extension Cloud {
  /// The table of a request about destinations.
  ///
  /// - Throws: ResourceNotFound also for one that is being made: mere seconds after its creation the
  ///   service answers, which is not told apart here. [DDB.kinesis]
  fileprivate func kinesisTable(
    _ reference: TableReference, for caller: Caller
  ) throws(ServiceError) -> TableID {
    let id = try table(reference, for: caller)
    guard self[id.place][id].status != .creating else { throw .tableNotFoundByTables(id.name) }
    return id
  }
}

extension ServiceError {
  /// The service says "enable" whatever was asked.
  fileprivate static func destinationState(_ detail: String) -> ServiceError {
    .validation("Table is not in a valid state to enable Kinesis Streaming Destination: \(detail)")
  }
}
