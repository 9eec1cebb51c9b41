// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation
import TableStore

/// Writes a table as it was at a second, or what changed in a period, into a bucket.
///
/// It needs point-in-time recovery, uses none of the table's throughput, and cannot be cancelled. A
/// bucket that cannot be written to makes the export fail later, not the request. [DDB.export]
package struct ExportTableToPointInTime: DynamoDBOperation {
  let tableArn: String
  let exportTime: Timestamp?
  let clientToken: String?
  let s3Bucket: String
  let s3BucketOwner: String?
  let s3Prefix: String?
  let s3SseAlgorithm: String?
  let s3SseKmsKeyId: String?
  let exportFormat: String?
  let exportType: String?
  let incrementalExportSpecification: IncrementalSpecification?

  package struct Output: Encodable, Sendable { let exportDescription: ExportDescription }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    if exportFormat == "ION" { throw .notSimulated("ExportFormat ION") }
    try checkMembers()
    let name = try TransferReference.tableName(inARN: tableArn, for: caller)
    if let earlier = try earlierExport(in: cloud, for: caller) {
      return Output(exportDescription: earlier.description)
    }
    guard let table = cloud[caller.place].tables[name], table.backupReadiness != .unknown
    else { throw .tableNotFoundByBackups(tableArn) }
    guard let window = table.restoreWindow(at: cloud.now) else { throw .recoveryNotEnabled(name) }
    let scope = try scope(of: table, window: window, at: cloud.now)
    try cloud.requireExportCapacity(of: caller.account)
    // Every refusal is above this line.
    let export = cloud.beginExport(of: table, scope: scope, to: target, token: clientToken)
    return Output(exportDescription: export.description)
  }

  private var target: ExportTarget {
    ExportTarget(
      bucket: s3Bucket, bucketOwner: s3BucketOwner, prefix: s3Prefix,
      algorithm: s3SseAlgorithm ?? "AES256", keyID: s3SseKmsKeyId)
  }

  private var isIncremental: Bool { exportType == "INCREMENTAL_EXPORT" }

  private func checkMembers() throws(ServiceError) {
    if s3SseKmsKeyId != nil, s3SseAlgorithm != "KMS" {
      throw .invalidRequest("KMS Key Id is not supported for this encryption type")
    }
    guard isIncremental else {
      guard incrementalExportSpecification == nil else {
        throw .invalidRequest(
          "When Export Type is Full Export , Incremental Export Specification should not be "
            + "provided")
      }
      return
    }
    guard let specification = incrementalExportSpecification else {
      throw .invalidRequest(
        "Incremental Export Specification expected when export type is set as Incremental Export")
    }
    guard specification.exportFromTime != nil else {
      throw .invalidRequest("ExportFromTime must be provided in IncrementalExportSpecification")
    }
    guard exportTime == nil else {
      throw .invalidRequest("ExportTime should not be provided for an incremental export")
    }
  }

  /// The export that the same token asked for within eight hours. [DDB.export.token]
  private func earlierExport(
    in cloud: Cloud, for caller: Caller
  ) throws(ServiceError) -> TableExport? {
    guard let clientToken else { return nil }
    let known = cloud[caller.place].exports.map(\.value)
    guard
      let earlier = known.last(where: {
        $0.clientToken == clientToken && $0.startedAt + Transfers.tokenLife > cloud.now
      })
    else { return nil }
    guard earlier.target == target, earlier.tableARNText == tableArn, isSameScope(earlier.scope)
    else { throw .exportConflict }
    return earlier
  }

  private func isSameScope(_ scope: TableExport.Scope) -> Bool {
    switch scope {
    case .full(let instant):
      return !isIncremental && (exportTime.map { $0.instant == instant } ?? true)
    case .incremental(let start, let end, let showsOldImages):
      let asked = incrementalExportSpecification
      return isIncremental && asked?.exportFromTime?.instant == start
        && (asked?.exportToTime.map { $0.instant == end } ?? true)
        && showsOldImages == (asked?.exportViewType != "NEW_IMAGE")
    }
  }

  private func scope(
    of table: Table, window: ClosedRange<Instant>, at now: Instant
  ) throws(ServiceError) -> TableExport.Scope {
    guard isIncremental else {
      guard let asked = exportTime?.instant.flooredToSecond else { return .full(at: now) }
      let oldest = now - .days(Int64(PointInTimeRecovery.periods.upperBound))
      guard asked <= now, asked >= oldest else {
        throw .invalidExportTime("Export Time is invalid")
      }
      guard window.contains(asked) else { throw .noRecoveryForExport }
      return .full(at: asked)
    }
    let specification = incrementalExportSpecification
    let start = specification?.exportFromTime?.instant ?? now
    let end = specification?.exportToTime?.instant ?? now
    if start < table.createdAt.flooredToSecond {
      throw .invalidExportTime(
        "Incremental export period from time cannot be less than the table creation time : "
          + table.createdAt.flooredToSecond.rfc3339)
    }
    if end > now {
      throw .invalidExportTime(
        "Incremental export period to time cannot be greater than the current time : "
          + now.flooredToSecond.rfc3339)
    }
    if end - start < Transfers.shortestPeriod {
      throw .invalidExportTime(
        "Difference between export period from time and export period to time is less than 15 "
          + "minutes")
    }
    if end - start > Transfers.longestPeriod {
      throw .invalidExportTime(
        "Difference between export period from time and export period to time is greater than 24 "
          + "hours")
    }
    guard start >= window.lowerBound else { throw .noRecoveryForExport }
    return .incremental(
      from: start, until: end, showsOldImages: specification?.exportViewType != "NEW_IMAGE")
  }
}

/// Returns an export, also one of a table that is gone. [DDB.export.describe]
package struct DescribeExport: DynamoDBOperation {
  let exportArn: String

  package static var isReadOnly: Bool { true }
  package struct Output: Encodable, Sendable { let exportDescription: ExportDescription }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard let arn = ARN(exportArn), arn.transfer(of: "export") != nil else {
      throw .validation("Invalid Export ARN")
    }
    guard arn.account == caller.account else { throw .accessDenied() }
    guard let export = cloud[caller.place].exports[exportArn] else {
      throw .exportNotFound(exportArn)
    }
    return Output(exportDescription: export.description)
  }
}

/// Lists the exports of the last 90 days, latest first within a table. [DDB.export.list]
package struct ListExports: DynamoDBOperation {
  let tableArn: String?
  let maxResults: Int?
  let nextToken: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let exportSummaries: [ExportSummary]
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    if let tableArn { _ = try TransferReference.tableName(inARN: tableArn, for: caller) }
    let before = try nextToken.map { token throws(ServiceError) in
      try TransferReference.arn(ofToken: token)
    }
    let now = cloud.now
    let region = cloud[caller.place]
    let listed = region.exports.entries(upTo: before, reversed: true).map(\.value).filter {
      export in
      export.startedAt > now - Transfers.listedFor
        && (tableArn.map {
          export.tableARNText == $0 && region.tables[export.table.name]?.identity == export.table
        } ?? true)
    }
    let page = listed.prefix(maxResults ?? Transfers.pageLimit)
    return Output(
      exportSummaries: page.map(\.summary),
      nextToken: page.count < listed.count
        ? page.last.map { TransferReference.token(for: $0.arn) } : nil)
  }
}

// MARK: - Exports in the cloud

extension TableExport {
  var tableARNText: String { ARN.table(table.name, in: table.place) }
}

extension Cloud {
  fileprivate func requireExportCapacity(of account: String) throws(ServiceError) {
    let running = places.filter { $0.key.account == account }.reduce(0) { sum, place in
      sum + place.value.exports.reduce(0) { $0 + ($1.value.status == .inProgress ? 1 : 0) }
    }
    guard running < Transfers.exportsAtOnce else {
      throw .limitExceeded(
        "Subscriber limit exceeded: There can be at most \(Transfers.exportsAtOnce) exports at a "
          + "time")
    }
  }

  /// Fixes what an export holds, shows that the bucket can be written to, and schedules its end.
  fileprivate mutating func beginExport(
    of table: Table, scope: TableExport.Scope, to target: ExportTarget, token: String?
  ) -> TableExport {
    let place = table.identity.place
    let id = Backup.id(at: now, suffix: identifiers.hex("export", digits: 8))
    var lines = ExportLines(partitions: table.partitionCount)
    // What the lines stand for in a table of declared size, and what is paid for.
    let (declared, billed): (Int64?, Int64)
    switch scope {
    case .full(let instant):
      let image = instant == now ? table.store.image : table.store.image(at: instant)
      lines.add(image)
      declared = table.declaredByteCount
      billed = declared ?? image.exportedByteCount
    case .incremental(let start, let end, let showsOldImages):
      lines.add(
        table.changes ?? ChangeLog(keySchema: table.store.keySchema), from: start, until: end,
        keySchema: table.store.keySchema, showsOldImages: showsOldImages)
      // The period's end does not belong to it.
      declared = table.declaredByteCount.map {
        lines.share(of: $0, among: table.store.image(at: end - .milliseconds(1)).count)
      }
      billed = max(declared ?? Int64(lines.byteCount), Transfers.leastBilledByteCount)
    }
    let folder = scope.isFull ? "\(id)/data" : "data"
    let files = lines.compressed(standingFor: declared) {
      target.key("\(folder)/\(identifiers.base32("export file", digits: 26)).json.gz")
    }
    let export = TableExport(
      id: id, table: table.identity, startedAt: now, scope: scope, target: target,
      clientToken: token ?? identifiers.uuid("export token"), billedByteCount: billed,
      files: files)
    self[place].exports[export.arn] = export
    if case .success(let (bucket, encryption)) = writable(target, from: place) {
      store([], at: target.key("\(id)/_started"), in: bucket, encryption: encryption)
    }
    agenda.schedule(
      .exportEnds(place, arn: export.arn), at: now + Delays.exporting(byteCount: billed))
    return export
  }

  /// The bucket and the encryption that an export would write with.
  private func writable(
    _ target: ExportTarget, from place: Place
  ) -> Result<(BucketID, ObjectEncryption), TransferFailure> {
    guard let bucket = bucket(named: target.bucket, inPartitionOf: place.region) else {
      return .failure(.noSuchBucket)
    }
    guard bucket.place.account == place.account,
      target.bucketOwner ?? place.account == place.account
    else { return .failure(.bucketAccessDenied) }
    do throws(ServiceError) {
      let encryption = try objectEncryption(
        target.algorithm == "KMS" ? "aws:kms" : nil, key: target.keyID,
        in: Place(account: place.account, region: bucket.place.region))
      return .success((bucket.id, encryption))
    } catch {
      return .failure(.keyNotFound(error.message))
    }
  }

  mutating func exportEnds(_ arn: String, in place: Place) {
    guard var export = self[place].exports[arn], export.status == .inProgress else { return }
    export.endedAt = now
    switch writable(export.target, from: place) {
    case .failure(let failure):
      export.status = .failed
      export.failure = failure
    case .success(let (bucket, encryption)):
      write(export, to: bucket, encryption: encryption)
      export.status = .completed
      export.itemCount = export.files.reduce(0) { $0 + $1.itemCount }
      meters.charge(
        export.scope.isFull ? .export : .incrementalExport,
        of: Ledger.Subject(resource: arn, name: export.table.name, place: place),
        bytes: export.billedByteCount, at: now)
    }
    export.files = []
    self[place].exports[arn] = export
  }

  private mutating func write(
    _ export: TableExport, to bucket: BucketID, encryption: ObjectEncryption
  ) {
    let target = export.target
    var written: [(file: ExportFile, eTag: String)] = []
    for file in export.files {
      let object = store(
        file.contents.bytes, at: file.key, in: bucket, encryption: encryption,
        declaredByteCount: file.declaredByteCount)
      written.append((file, object.eTag))
    }
    let manifest = ExportManifest(export: export, endedAt: now, files: written)
    let started = target.key("\(export.id)/_started")
    if buckets[existing: bucket].object(started) == nil {
      store([], at: started, in: bucket, encryption: encryption)
    }
    for (name, contents) in [
      ("manifest-files", manifest.fileList), ("manifest-summary", manifest.summary),
    ] {
      store(
        contents, at: target.key("\(export.id)/\(name).json"), in: bucket, encryption: encryption)
      store(
        contents.md5Text, at: target.key("\(export.id)/\(name).md5"), in: bucket,
        encryption: encryption)
    }
  }
}

extension TableImage {
  /// The size an export is paid by: the items and the local secondary indexes. [PRICE.size]
  fileprivate var exportedByteCount: Int64 {
    indexes.filter { $0.definition.kind == .local }
      .reduce(Int64(byteCount)) { $0 + Int64($1.byteCount) }
  }
}
