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

  /// The settings as a backup records them and a restore begins from.
  ///
  /// An index that is still being made, or already being deleted, is not part of them: a restore
  /// brings back neither. [DDB.restore.indexes]
  var recorded: TableSettings {
    guard !globalIndexes.allSatisfy(\.isRecorded) else { return self }
    var result = self
    result.globalIndexes.removeAll { !$0.isRecorded }
    result.dropUnusedDefinitions()
    return result
  }

  /// Leaves the definitions of key attributes alone, as the service does when an index goes.
  mutating func dropUnusedDefinitions() {
    let used = Set(
      (keySchema + localIndexes.flatMap(\.keySchema) + globalIndexes.flatMap(\.keySchema))
        .map(\.attributeName))
    attributeDefinitions.removeAll { !used.contains($0.attributeName) }
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
  /// Whether a backup records it.
  var isRecorded: Bool { status == .active || status == .updating }

  init(_ specification: IndexSpecification, status: Status) {
    name = specification.indexName
    keySchema = specification.keySchema
    projection = specification.projection.sorted
    throughput = specification.provisionedThroughput?.throughput ?? .none
    onDemandThroughput = specification.onDemandThroughput?.merged(into: nil)
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
