// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

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
  let status: String
  let sseType: String?
  let kmsMasterKeyArn: String?
  let inaccessibleEncryptionDateTime: Timestamp?

  /// The key something is under, or was under when it was backed up.
  init(_ encryption: Encryption) {
    self.init(encryption, isChanging: false, inaccessibleSince: nil)
  }

  init(_ encryption: Encryption?, isChanging: Bool, inaccessibleSince: Instant?) {
    status = isChanging ? "UPDATING" : "ENABLED"
    sseType = encryption == nil ? nil : "KMS"
    kmsMasterKeyArn = encryption?.keyARN
    inaccessibleEncryptionDateTime = inaccessibleSince.map(Timestamp.init)
  }
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
