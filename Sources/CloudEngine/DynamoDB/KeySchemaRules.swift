// SPDX-License-Identifier: GPL-3.0-or-later

/// What the service demands of the keys and indexes of a new table. [DDB.table.create]
enum KeySchemaRules {
  /// Checks the key schemas of a table and its indexes against the attribute definitions.
  ///
  /// - Throws: The service's first complaint, in its order.
  static func check(
    table: [KeySchemaElement], definitions: [AttributeDefinition],
    local: [LocalIndexSpecification]?, global: [IndexSpecification]?
  ) throws(ServiceError) {
    try checkSchema(table)
    let defined = Set(definitions.map(\.attributeName))
    try checkDefined(table, in: definitions, hasIndexes: local != nil || global != nil)
    if let local { try check(local: local, table: table, definitions: definitions) }
    if let global {
      guard !global.isEmpty else {
        throw .invalidValues("List of GlobalSecondaryIndexes is empty")
      }
      guard global.count <= Limits.globalIndexes else {
        throw .invalidValues(
          "GlobalSecondaryIndex count exceeds the per-table limit of \(Limits.globalIndexes)")
      }
      for index in global { try check(global: index, defined: defined, definitions: definitions) }
    }
    try checkNames((local ?? []).map(\.indexName) + (global ?? []).map(\.indexName))
    try checkProjections((local ?? []).map(\.projection) + (global ?? []).map(\.projection))
    let used = Set(
      (table + (local ?? []).flatMap(\.keySchema) + (global ?? []).flatMap(\.keySchema))
        .map(\.attributeName))
    guard defined.isSubset(of: used) else {
      throw .invalidValues(
        "Some AttributeDefinitions are not used. AttributeDefinitions: "
          + "[\(definitions.map(\.attributeName).joined(separator: ", "))], keys used: "
          + "[\(used.sorted().joined(separator: ", "))]")
    }
  }

  /// The checks on one index added to an existing table.
  static func checkAdded(
    _ index: IndexSpecification, definitions: [AttributeDefinition]
  ) throws(ServiceError) {
    try check(
      global: index, defined: Set(definitions.map(\.attributeName)), definitions: definitions)
    try checkProjections([index.projection])
  }

  private static func checkSchema(_ schema: [KeySchemaElement]) throws(ServiceError) {
    guard let first = schema.first, first.isPartition else {
      throw .validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
    }
    guard schema.count > 1 else { return }
    guard schema.count == 2 else {
      let shown = schema.map {
        "KeySchemaElement(attributeName=\($0.attributeName), keyType=\($0.keyType))"
      }
      throw .validation(
        "1 validation error detected: Value '[\(shown.joined(separator: ", "))]' at 'keySchema' "
          + "failed to satisfy constraint: Member must have length less than or equal to 2")
    }
    guard !schema[1].isPartition else {
      throw .validation("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type")
    }
    guard schema[0].attributeName != schema[1].attributeName else {
      throw .validation(
        "Both the Hash Key and the Range Key element in the KeySchema have the same name")
    }
  }

  private static func checkDefined(
    _ schema: [KeySchemaElement], in definitions: [AttributeDefinition], hasIndexes: Bool
  ) throws(ServiceError) {
    let names = definitions.map(\.attributeName)
    for element in schema where !names.contains(element.attributeName) {
      if !hasIndexes, names.isEmpty || names.count != schema.count { break }
      throw hasIndexes
        ? .validation("Invalid KeySchema: Some index key attribute have no definition")
        : undefined(schema, names)
    }
    guard hasIndexes || definitions.count == schema.count else {
      throw .invalidValues(
        "Number of attributes in KeySchema does not exactly match number of attributes defined in "
          + "AttributeDefinitions")
    }
  }

  private static func undefined(
    _ schema: [KeySchemaElement], _ names: [String]
  ) -> ServiceError {
    .invalidValues(
      "Some index key attributes are not defined in AttributeDefinitions. Keys: "
        + "[\(schema.map(\.attributeName).joined(separator: ", "))], AttributeDefinitions: "
        + "[\(names.joined(separator: ", "))]")
  }

  private static func check(
    local: [LocalIndexSpecification], table: [KeySchemaElement],
    definitions: [AttributeDefinition]
  ) throws(ServiceError) {
    guard !local.isEmpty else {
      throw .invalidValues("List of LocalSecondaryIndexes is empty")
    }
    guard local.count <= Limits.localIndexes else {
      throw .invalidValues(
        "Number of LocalSecondaryIndexes exceeds per-table limit of \(Limits.localIndexes)")
    }
    guard table.count == 2 else {
      throw .invalidValues(
        "Table KeySchema does not have a range key, which is required when specifying a "
          + "LocalSecondaryIndex")
    }
    for index in local {
      try checkSchema(index.keySchema)
      guard index.keySchema.count == 2 else {
        throw .invalidValues(
          "Index KeySchema does not have a range key for index: \(index.indexName)")
      }
      let (own, tables) = (index.keySchema[0].attributeName, table[0].attributeName)
      guard own == tables else {
        throw .invalidValues(
          "Index KeySchema does not have the same leading hash key as table KeySchema for index: "
            + "\(index.indexName). index hash key: \(own), table hash key: \(tables)")
      }
      let names = definitions.map(\.attributeName)
      guard index.keySchema.allSatisfy({ names.contains($0.attributeName) }) else {
        throw undefined(index.keySchema, names)
      }
    }
  }

  /// A global index may have up to four partition and four sort attributes, partition ones first.
  ///
  /// The words for what is wrong with more than two are our own. [DDB.table.keySchema]
  private static func check(
    global index: IndexSpecification, defined: Set<String>, definitions: [AttributeDefinition]
  ) throws(ServiceError) {
    try TableName.check(index.indexName, at: "globalSecondaryIndexes.member.indexName")
    let schema = index.keySchema
    let partition = schema.prefix(while: \.isPartition).count
    if schema.count <= 2, partition < 2 {
      try checkSchema(schema)
    } else {
      let sort = schema.dropFirst(partition)
      guard partition >= 1 else {
        throw .validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
      }
      guard partition <= 4, sort.count <= 4, !sort.contains(where: \.isPartition) else {
        throw .invalidValues(
          "Index KeySchema must have 1 to 4 HASH key elements followed by at most 4 RANGE key "
            + "elements for index: \(index.indexName)")
      }
      let names = schema.map(\.attributeName)
      guard Set(names).count == names.count else {
        throw .invalidValues(
          "Index KeySchema names an attribute more than once for index: \(index.indexName)")
      }
    }
    guard schema.allSatisfy({ defined.contains($0.attributeName) }) else {
      throw undefined(schema, definitions.map(\.attributeName))
    }
  }

  static func checkNames(_ names: [String]) throws(ServiceError) {
    for (position, name) in names.enumerated() where names[..<position].contains(name) {
      throw .invalidValues("Duplicate index name: \(name)")
    }
  }

  private static func checkProjections(_ projections: [Projection]) throws(ServiceError) {
    var total = 0
    for projection in projections {
      let attributes = projection.nonKeyAttributes
      switch projection.projectionType {
      case nil: throw .invalidValues("Unknown ProjectionType: null")
      case "INCLUDE":
        guard let attributes, !attributes.isEmpty else {
          throw .invalidValues("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
        }
        total += attributes.count
      case let type?:
        if attributes != nil {
          throw .invalidValues("ProjectionType is \(type), but NonKeyAttributes is specified")
        }
      }
    }
    guard total <= Limits.nonKeyAttributes else {
      throw .invalidValues(
        "Number of NonKeyAttributes over all indexes exceeds \(Limits.nonKeyAttributes)")
    }
  }
}
