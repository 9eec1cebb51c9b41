// SPDX-License-Identifier: GPL-3.0-or-later

/// The structures of the DynamoDB model that both requests and answers carry.

struct AttributeDefinition: Codable, Hashable, Sendable {
  let attributeName: String
  let attributeType: String
}

struct KeySchemaElement: Codable, Hashable, Sendable {
  let attributeName: String
  let keyType: String

  var isPartition: Bool { keyType == "HASH" }
}

struct Projection: Codable, Hashable, Sendable {
  let projectionType: String?
  var nonKeyAttributes: [String]?
}

struct ProvisionedThroughput: Codable, Hashable, Sendable {
  let readCapacityUnits: Int64
  let writeCapacityUnits: Int64

  var throughput: Throughput {
    Throughput(readUnits: readCapacityUnits, writeUnits: writeCapacityUnits)
  }
}

struct OnDemandThroughput: Codable, Hashable, Sendable {
  let maxReadRequestUnits: Int64?
  let maxWriteRequestUnits: Int64?
}

struct Tag: Codable, Hashable, Sendable {
  let key: String
  let value: String
}

struct StreamSpecification: Codable, Hashable, Sendable {
  let streamEnabled: Bool
  let streamViewType: String?
}

struct SSESpecification: Codable, Hashable, Sendable {
  let enabled: Bool?
  let sseType: String?
  let kmsMasterKeyId: String?
}

/// A secondary index as a request defines it.
struct IndexSpecification: Codable, Hashable, Sendable {
  let indexName: String
  let keySchema: [KeySchemaElement]
  let projection: Projection
  let provisionedThroughput: ProvisionedThroughput?
  let onDemandThroughput: OnDemandThroughput?
}

struct LocalIndexSpecification: Codable, Hashable, Sendable {
  let indexName: String
  let keySchema: [KeySchemaElement]
  let projection: Projection
}

struct SSEDescription: Encodable, Sendable {
  let status = "ENABLED"
  let sseType = "KMS"
  let kmsMasterKeyArn: String

  init(_ encryption: Encryption) { kmsMasterKeyArn = encryption.keyARN }

  private enum CodingKeys: CodingKey { case status, sseType, kmsMasterKeyArn }
}

struct TimeToLiveDescription: Encodable, Sendable {
  let timeToLiveStatus: String
  let attributeName: String?

  init(_ timeToLive: TimeToLive) {
    switch timeToLive {
    case .off: (timeToLiveStatus, attributeName) = ("DISABLED", nil)
    case .on(let attribute): (timeToLiveStatus, attributeName) = ("ENABLED", attribute)
    }
  }
}

struct ProvisionedThroughputDescription: Encodable, Sendable {
  let lastIncreaseDateTime: Timestamp?
  let lastDecreaseDateTime: Timestamp?
  let numberOfDecreasesToday: Int64
  let readCapacityUnits: Int64
  let writeCapacityUnits: Int64

  init(_ throughput: Throughput, _ changes: ThroughputChanges) {
    lastIncreaseDateTime = changes.lastIncrease.map(Timestamp.init)
    lastDecreaseDateTime = changes.lastDecrease.map(Timestamp.init)
    numberOfDecreasesToday = changes.decreasesToday
    readCapacityUnits = throughput.readUnits
    writeCapacityUnits = throughput.writeUnits
  }
}
