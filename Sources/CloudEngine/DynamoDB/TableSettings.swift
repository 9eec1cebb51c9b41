// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import TableStore

extension TableSettings {
  var hasIndexes: Bool { !localIndexes.isEmpty || !globalIndexes.isEmpty }

  /// The table's key as the store compares it.
  var storedKeySchema: KeySchema { keySchema.stored(with: attributeDefinitions) }

  /// The secondary indexes that hold items: all but those still being allocated.
  var storedIndexes: [IndexDefinition] {
    localIndexes.map { index in
      IndexDefinition(
        name: index.name, keySchema: index.keySchema.stored(with: attributeDefinitions),
        projection: index.projection.stored, kind: .local)
    } + globalIndexes.filter { $0.status != .allocating }.map(stored)
  }

  /// A global index as the store keeps it.
  func stored(_ index: GlobalIndex) -> IndexDefinition {
    IndexDefinition(
      name: index.name, keySchema: index.keySchema.stored(with: attributeDefinitions),
      projection: index.projection.stored, kind: .global)
  }

  /// The global index of a name and its position.
  func globalIndex(named name: String) -> Int? { globalIndexes.firstIndex { $0.name == name } }
}

extension [KeySchemaElement] {
  /// This schema with each attribute's type from the definitions.
  fileprivate func stored(with definitions: [AttributeDefinition]) -> KeySchema {
    func attributes(_ elements: [KeySchemaElement]) -> [KeyAttribute] {
      elements.map { element in
        let definition = definitions.first { $0.attributeName == element.attributeName }
        return KeyAttribute(
          name: element.attributeName, type: .init(code: definition?.attributeType ?? "S"))
      }
    }
    return KeySchema(
      partition: attributes(filter(\.isPartition)), sort: attributes(filter { !$0.isPartition }))
  }
}

extension KeyAttributeType {
  /// The type of a definition's code: `S`, `N` or `B`; the model admits no other.
  fileprivate init(code: String) {
    switch code {
    case "N": self = .number
    case "B": self = .binary
    default: self = .string
    }
  }
}

extension Projection {
  /// The same projection as the service shows it: attributes in byte order.
  var sorted: Projection {
    Projection(
      projectionType: projectionType,
      nonKeyAttributes: nonKeyAttributes?.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }

  fileprivate var stored: IndexDefinition.Projection {
    switch projectionType {
    case "KEYS_ONLY": .keysOnly
    case "INCLUDE": .include(nonKeyAttributes ?? [])
    default: .all
    }
  }
}

extension GlobalIndex {
  init(_ specification: IndexSpecification, status: Status) {
    name = specification.indexName
    keySchema = specification.keySchema
    projection = specification.projection.sorted
    throughput = specification.provisionedThroughput?.throughput ?? .none
    onDemandThroughput = specification.onDemandThroughput
    self.status = status
  }
}

extension TableClass {
  /// The class a request names; nil if it names none.
  static func requested(_ text: String?) throws(ServiceError) -> TableClass? {
    guard let text else { return nil }
    guard let value = TableClass(rawValue: text) else {
      throw .validation(
        "Invalid table-class parameter provided. Please try again with a valid table-class value: "
          + "[STANDARD, STANDARD_INFREQUENT_ACCESS].")
    }
    return value
  }
}

extension Encryption {
  /// The encryption a request asks for; nil is the AWS owned key. [DDB.sse]
  ///
  /// Customer managed keys need a key service, which this engine has not: naming one finds no key.
  ///
  /// - Throws: The service's refusals of a specification that makes no sense or names no key.
  static func requested(
    _ specification: SSESpecification?, current: Encryption?, in place: Place
  ) throws(ServiceError) -> Encryption? {
    guard let specification else { return current }
    let enabled = specification.enabled ?? false
    if specification.sseType == "AES256" { throw .invalidValues("SSEType AES256 is not supported") }
    guard enabled else {
      if specification.sseType != nil {
        throw .invalidValues("SSEType can not be specified if Enabled is false")
      }
      return nil
    }
    guard let key = specification.kmsMasterKeyId else { return managed(in: place) }
    guard specification.sseType != nil else {
      throw .invalidValues("SSEType KMS is required if KMSMasterKeyId is specified")
    }
    let managed = managed(in: place)
    if key == "alias/aws/dynamodb" || key == managed.keyARN { return managed }
    let partition = Partition(ofRegion: place.region) ?? .commercial
    let what = key.hasPrefix("alias/") ? "Alias" : "Key"
    let resource = key.hasPrefix("alias/") ? key : "key/\(key)"
    let arn =
      key.hasPrefix("arn:")
      ? key : "arn:\(partition.rawValue):kms:\(place.region):\(place.account):\(resource)"
    throw .validation(
      "KMS validation error: com.amazonaws.services.kms.model.NotFoundException: \(what) \(arn) "
        + "is not found. (Service: AWSKMS; Status Code: 400; Error Code: NotFoundException; "
        + "Proxy: null)")
  }

  /// The AWS managed key `alias/aws/dynamodb` of a place; the same one for all its tables.
  static func managed(in place: Place) -> Encryption {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in "\(place.account)/\(place.region)/aws/dynamodb".utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
    let digits = String(hash, radix: 16)
    let hex = String(repeating: "0", count: 16 - digits.count) + digits
    let id =
      "\(hex.prefix(8))-\(hex.dropFirst(8).prefix(4))-4\(hex.suffix(3))-8\(hex.prefix(3))-"
      + "\(hex.suffix(12))"
    let partition = Partition(ofRegion: place.region) ?? .commercial
    return Encryption(
      keyARN: "arn:\(partition.rawValue):kms:\(place.region):\(place.account):key/\(id)")
  }
}
