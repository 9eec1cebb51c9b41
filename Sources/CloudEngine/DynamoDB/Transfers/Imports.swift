// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
import PersistentCollections
import Simulation
import TableStore

/// Makes a new table of what objects in a bucket say.
///
/// The table appears half a minute later, CREATING, and becomes ACTIVE when the import ends. Items
/// that cannot be imported make it FAILED, and the others stay. There is no cancelling.
/// [DDB.import]
package struct ImportTable: DynamoDBOperation {
  let clientToken: String?
  let s3BucketSource: S3BucketSource
  let inputFormat: String
  let inputFormatOptions: InputFormatOptions?
  let inputCompressionType: String?
  let tableCreationParameters: TableCreationParameters

  package struct Output: Encodable, Sendable {
    let importTableDescription: ImportTableDescription
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    if inputFormat == "ION" { throw .notSimulated("InputFormat ION") }
    if inputCompressionType == "ZSTD" { throw .notSimulated("InputCompressionType ZSTD") }
    if inputFormat != "CSV", inputFormatOptions?.csv != nil {
      throw .invalidRequest(
        "Csv options should not be provided for the input format \(inputFormat)")
    }
    if let earlier = try earlierImport(in: cloud, for: caller) {
      return Output(importTableDescription: earlier.description)
    }
    let name = tableCreationParameters.tableName
    let settings = try tableCreationParameters.creation.checkedSettings(
      named: name, in: cloud, for: caller)
    try cloud.requireFreeForImport(name, for: caller)
    // Every refusal is above this line.
    let made = TableImport(
      id: Backup.id(at: cloud.now, suffix: cloud.identifiers.hex("import", digits: 8)),
      table: TableID(place: caller.place, name: name, id: cloud.identifiers.uuid("table")),
      startedAt: cloud.now, clientToken: clientToken ?? cloud.identifiers.uuid("import token"),
      parameters: parameters, settings: settings)
    cloud[caller.place].imports[made.arn] = made
    cloud.agenda.schedule(
      .importedTableAppears(caller.place, arn: made.arn),
      at: cloud.now + Delays.importedTableAppears)
    return Output(importTableDescription: made.description)
  }

  private var parameters: ImportParameters {
    ImportParameters(
      s3BucketSource: s3BucketSource, inputFormat: inputFormat,
      inputFormatOptions: inputFormatOptions,
      inputCompressionType: inputCompressionType ?? "NONE",
      tableCreationParameters: tableCreationParameters)
  }

  /// The import that the same token asked for within eight hours. [DDB.import.token]
  private func earlierImport(
    in cloud: Cloud, for caller: Caller
  ) throws(ServiceError) -> TableImport? {
    guard let clientToken else { return nil }
    let known = cloud[caller.place].imports.map(\.value)
    guard
      let earlier = known.last(where: {
        $0.clientToken == clientToken && $0.startedAt + Transfers.tokenLife > cloud.now
      })
    else { return nil }
    guard earlier.parameters == parameters else { throw .importConflict }
    return earlier
  }
}

/// Returns an import. [DDB.import]
package struct DescribeImport: DynamoDBOperation {
  let importArn: String

  package static var isReadOnly: Bool { true }
  package struct Output: Encodable, Sendable {
    let importTableDescription: ImportTableDescription
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard let arn = ARN(importArn), arn.transfer(of: "import") != nil else {
      throw .validation("Invalid Import ARN")
    }
    guard arn.account == caller.account else { throw .accessDenied() }
    guard let found = cloud[caller.place].imports[importArn] else {
      throw .importNotFound(importArn)
    }
    return Output(importTableDescription: found.description)
  }
}

/// Lists the imports of the last 90 days, latest first within a table. [DDB.import]
package struct ListImports: DynamoDBOperation {
  let tableArn: String?
  let pageSize: Int?
  let nextToken: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let importSummaryList: [ImportSummary]
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    if let tableArn { _ = try TransferReference.tableName(inARN: tableArn, for: caller) }
    let before = try nextToken.map { token throws(ServiceError) in
      try TransferReference.arn(ofLongToken: token)
    }
    let listed = cloud[caller.place].imports.entries(upTo: before, reversed: true).map(\.value)
      .filter {
        $0.startedAt > cloud.now - Transfers.listedFor && (tableArn ?? $0.tableARN) == $0.tableARN
      }
    let page = listed.prefix(pageSize ?? Transfers.pageLimit)
    return Output(
      importSummaryList: page.map(\.summary),
      nextToken: page.count < listed.count
        ? page.last.map { TransferReference.longToken(for: $0.arn) } : nil)
  }
}

extension TableCreationParameters {
  /// The request that would make the table by itself.
  fileprivate var creation: CreateTable {
    CreateTable(
      attributeDefinitions: attributeDefinitions, tableName: TableReference(tableName),
      keySchema: keySchema, localSecondaryIndexes: nil,
      globalSecondaryIndexes: globalSecondaryIndexes, billingMode: billingMode,
      provisionedThroughput: provisionedThroughput, streamSpecification: nil,
      sseSpecification: sseSpecification, tags: nil, tableClass: nil,
      deletionProtectionEnabled: nil, onDemandThroughput: onDemandThroughput,
      warmThroughput: nil, resourcePolicy: nil)
  }
}

// MARK: - Imports in the cloud

extension Cloud {
  /// Refuses a table's name that is taken, also by an import whose table is still to appear.
  fileprivate func requireFreeForImport(
    _ name: String, for caller: Caller
  ) throws(ServiceError) {
    let region = self[caller.place]
    let running = region.imports.filter { $0.value.status == .inProgress }
    guard region.tables[name] == nil, !running.contains(where: { $0.value.table.name == name })
    else { throw .tableAlreadyExistsForCreate(name) }
    guard running.count < Transfers.importsAtOnce else {
      throw .limitExceeded(
        "Subscriber limit exceeded: There can be at most \(Transfers.importsAtOnce) imports at a "
          + "time")
    }
    guard region.tables.count < Limits.tablesPerRegion else {
      throw .limitExceeded(
        "Subscriber limit exceeded: The number of tables exceeds the account limit of "
          + "\(Limits.tablesPerRegion)")
    }
  }

  /// Reads the source and makes the table with all items that can be imported.
  mutating func importedTableAppears(_ arn: String, in place: Place) {
    guard var found = self[place].imports[arn] else { return }
    do throws(TransferFailure) {
      let source = try importSource(found.parameters, from: place)
      guard self[place].tables[found.table.name] == nil else {
        throw TransferFailure(
          code: "ResourceInUseException", message: "Table already exists: \(found.table.name)")
      }
      let settings = found.settings
      insert(
        Table(
          identity: found.table, createdAt: now, settings: settings,
          store: StoredTable(keySchema: settings.storedKeySchema, indexes: settings.storedIndexes)),
        becomesActiveAfter: Delays.importing)
      found.counts = fill(found.table, from: source, parameters: found.parameters)
      if found.counts.errors > 0 { found.failure = .itemValidation }
      self[place].imports[arn] = found
      agenda.schedule(.importEnds(place, arn: arn), at: now + Delays.importing)
    } catch {
      found.failure = error
      self[place].imports[arn] = found
      importEnds(arn, in: place)
    }
  }

  private mutating func fill(
    _ id: TableID, from source: ImportSource, parameters: ImportParameters
  ) -> ImportCounts {
    var counts = ImportCounts()
    counts.errors = source.damagedCount
    counts.byteCount = source.byteCount
    let reader = ImportReader(parameters)
    let rules = ItemRules(image: self[id.place][id].store.image)
    for text in source.texts {
      reader.read(text) { item in
        counts.processed += 1
        guard let item, let key = try? rules.checkPut(item) else {
          counts.errors += 1
          return
        }
        write(item, at: key, of: id)
        counts.imported += 1
      }
    }
    return counts
  }

  mutating func importEnds(_ arn: String, in place: Place) {
    guard var found = self[place].imports[arn], found.status == .inProgress else { return }
    found.endedAt = now
    found.status = found.failure == nil ? .completed : .failed
    if found.counts.byteCount > 0 {
      meters.charge(
        .import, of: Ledger.Subject(resource: arn, name: found.table.name, place: place),
        bytes: found.counts.byteCount, at: now)
    }
    self[place].imports[arn] = found
  }

  /// The objects under the source's prefix, decompressed, within the bounds of an import.
  private func importSource(
    _ parameters: ImportParameters, from place: Place
  ) throws(TransferFailure) -> ImportSource {
    let asked = parameters.s3BucketSource
    guard let bucket = bucket(named: asked.s3Bucket, inPartitionOf: place.region) else {
      throw .noSuchBucket
    }
    guard bucket.place.account == place.account,
      asked.s3BucketOwner ?? place.account == place.account
    else { throw .bucketAccessDenied }
    let prefix = asked.s3KeyPrefix ?? ""
    var source = ImportSource()
    var count = 0
    for (key, object) in bucket.objects.entries(from: ObjectKey(prefix)) {
      guard key.text.utf8.starts(with: prefix.utf8) else { break }
      count += 1
      guard count <= Transfers.importedObjects else {
        throw .beyondBounds("more than \(Transfers.importedObjects) objects")
      }
      guard object.archive == nil else {
        throw .beyondBounds("objects in \(object.storageClass.rawValue)")
      }
      try source.add(
        object.contents.bytes, isCompressed: parameters.inputCompressionType == "GZIP")
    }
    return source
  }
}

/// The decompressed objects of an import.
struct ImportSource {
  private(set) var texts: [[UInt8]] = []
  private(set) var byteCount: Int64 = 0
  /// Objects that are not what their compression says.
  private(set) var damagedCount: Int64 = 0

  /// - Throws: A failure of our own once the bounds of an import are passed. [DDB.transfer.limits]
  mutating func add(_ bytes: [UInt8], isCompressed: Bool) throws(TransferFailure) {
    let room = Transfers.importedBytes - Int(byteCount)
    guard isCompressed else {
      guard bytes.count <= room else { throw Self.tooMuch }
      return add(bytes)
    }
    do throws(InflationError) {
      add(try gunzip(bytes, limits: InflationLimits(byteCount: room)))
    } catch .tooLarge {
      throw Self.tooMuch
    } catch .tooDense(let ratio) {
      throw .beyondBounds("data compressed more than \(ratio) to 1")
    } catch {
      damagedCount += 1
    }
  }

  private mutating func add(_ text: [UInt8]) {
    texts.append(text)
    byteCount += Int64(text.count)
  }

  private static let tooMuch = TransferFailure.beyondBounds(
    "more than \(Transfers.importedBytes >> 20) MiB")
}

extension TransferFailure {
  /// What an import is not simulated for.
  fileprivate static func beyondBounds(_ what: String) -> TransferFailure {
    TransferFailure(
      code: ServiceError.notSimulatedCode,
      message: "An import of \(what) is not simulated by Rewind.")
  }
}
