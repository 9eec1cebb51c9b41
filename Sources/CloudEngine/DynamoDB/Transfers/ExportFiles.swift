// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
import Documents
import ItemModel
import PersistentCollections
import Simulation
import TableStore

/// Makes the data files of an export: gzip of JSON lines, a file for each of the table's partitions.
///
/// All items of a file are of one run of hashed keys, and a partition without items has a file
/// without lines. [DDB.export.files]
struct ExportLines {
  private var files: [(lines: [UInt8], count: Int64)]
  /// How many lines are of items that the table no longer held when the period ended.
  private var removedCount: Int64 = 0

  init(partitions: Int) {
    files = Array(repeating: ([], 0), count: max(1, partitions))
  }

  /// The whole image, an item a line: `{"Item":{…}}`.
  ///
  /// - Complexity: O(n) in the bytes of the items.
  mutating func add(_ image: TableImage) {
    for entry in image.entries() {
      add(["Item": entry.value.attributes.json], at: entry.key)
    }
  }

  /// What changed in a period, one line for each item: when, its key, and the images.
  ///
  /// An item that came and went within the period has no line. [DDB.export.incremental]
  ///
  /// - Parameters:
  ///   - log: The table's change log.
  ///   - start: The first instant of the period.
  ///   - end: The instant after the last.
  ///   - keySchema: The table's key.
  ///   - showsOldImages: Whether the images before the period are shown, too.
  /// - Complexity: O(c log c) for c changes in the period.
  mutating func add(
    _ log: ChangeLog, from start: Instant, until end: Instant, keySchema: KeySchema,
    showsOldImages: Bool
  ) {
    var changes: OrderedMap<ItemKey, (old: Item?, new: Item?, at: Instant)> = OrderedMap()
    let tick = Duration.milliseconds(1)
    for record in log.records(after: start - tick, through: end - tick) {
      let old = changes[record.key].map { $0.old } ?? record.old
      changes[record.key] = (old, record.new, record.instant)
    }
    for (key, change) in changes.map({ ($0.key, $0.value) }) {
      guard let shown = change.new ?? change.old else { continue }
      if change.new == nil { removedCount += 1 }
      let micros = change.at.milliseconds * 1000
      var members: [(String, Document)] = [
        ("Metadata", ["WriteTimestampMicros": ["N": .string("\(micros)")]]),
        ("Keys", keySchema.keyAttributes(of: shown).json),
      ]
      if let new = change.new { members.append(("NewImage", new.attributes.json)) }
      if let old = change.old, showsOldImages {
        members.append(("OldImage", old.attributes.json))
      }
      add(Document(members: members), at: key)
    }
  }

  private mutating func add(_ line: Document, at key: ItemKey) {
    let index = Int(key.partitionHash.multipliedFullWidth(by: UInt64(files.count)).high)
    files[index].lines += line.jsonBytes()
    files[index].lines.append(UInt8(ascii: "\n"))
    files[index].count += 1
  }

  /// The bytes of all lines, which is what an incremental export processes.
  var byteCount: Int { files.reduce(0) { $0 + $1.lines.count } }

  /// What the lines of an incremental export stand for in a table that stands for more than it holds.
  ///
  /// Each item stands for an equal share of the declared size, whichever of its images are shown;
  /// those that the period took away count among the table's, too. [PRICE.export]
  ///
  /// - Parameters:
  ///   - declared: The bytes that the table stands for.
  ///   - itemCount: The items of the table at the end of the period.
  /// - Returns: Bytes, rounded down; never more than `declared`.
  func share(of declared: Int64, among itemCount: Int) -> Int64 {
    let lineCount = files.reduce(0) { $0 + $1.count }
    guard lineCount > 0 else { return 0 }
    let whole = Int128(itemCount) + Int128(removedCount)
    return Int64(Int128(declared) * Int128(lineCount) / whole)
  }

  /// The compressed files, each under a name of its own.
  ///
  /// - Parameters:
  ///   - declared: The bytes that the lines stand for; nil where those are their own. Compressed they
  ///     are a fifth, in equal files. [PRICE.objects]
  ///   - key: Makes the key of a file from a name that was drawn.
  /// - Returns: The files, in the order of the partitions.
  /// - Complexity: O(n) in the bytes of all lines.
  func compressed(standingFor declared: Int64?, key: () -> String) -> [ExportFile] {
    let compressed = declared.map { $0 / 5 }
    let count = Int64(files.count)
    return files.enumerated().map { index, file in
      ExportFile(
        key: key(), itemCount: file.count, contents: ObjectContents(gzip(file.lines)),
        // What cannot be shared out evenly is in the first files, a byte each.
        declaredByteCount: compressed.map { $0 / count + (Int64(index) < $0 % count ? 1 : 0) })
    }
  }
}

extension Table {
  /// The partitions the service spreads a table over: by size, and by the throughput it must bear.
  ///
  /// An on-demand table begins with four. [DDB.export.files]
  var partitionCount: Int {
    let bySize = Int(backedUpByteCount / (10 << 30)) + 1
    let units = settings.throughput
    let load = Double(units.readUnits) / 3000 + Double(units.writeUnits) / 1000
    let byLoad = settings.billingMode == .payPerRequest ? 4 : Int(load.rounded(.up))
    // A declared size of many terabytes has no more real items for it.
    return min(max(bySize, byLoad, 1), 256)
  }
}

/// The manifests of an export: what it is, and which files it consists of. [DDB.export.manifest]
struct ExportManifest {
  let export: TableExport
  let endedAt: Instant
  /// The data files with the ETags of the objects they became.
  let files: [(file: ExportFile, eTag: String)]

  /// `manifest-files.json`: a line for each data file.
  var fileList: [UInt8] {
    files.flatMap { file, eTag -> [UInt8] in
      let line = Document(members: [
        ("itemCount", .integer(file.itemCount)),
        ("md5Checksum", .string(Base64.text(of: md5(of: file.contents.bytes)))),
        ("etag", .string(eTag)), ("dataFileS3Key", .string(file.key)),
      ])
      return line.jsonBytes() + [UInt8(ascii: "\n")]
    }
  }

  /// `manifest-summary.json`.
  var summary: [UInt8] {
    let target = export.target
    var members: [(String, Document)] = [
      ("version", export.scope.isFull ? "2020-06-30" : "2023-08-01"),
      ("exportArn", .string(export.arn)),
      ("startTime", .string(export.startedAt.rfc3339Milliseconds)),
      ("endTime", .string(endedAt.rfc3339Milliseconds)),
      ("tableArn", .string(ARN.table(export.table.name, in: export.table.place))),
      ("tableId", .string(export.table.id)),
    ]
    switch export.scope {
    case .full(let instant):
      members.append(("exportTime", .string(instant.rfc3339Milliseconds)))
    case .incremental(let start, let end, _):
      members.append(("exportFromTime", .string(start.rfc3339Milliseconds)))
      members.append(("exportToTime", .string(end.rfc3339Milliseconds)))
    }
    members += [
      ("s3Bucket", .string(target.bucket)),
      ("s3Prefix", target.prefix.map(Document.string) ?? .null),
      ("s3SseAlgorithm", .string(target.algorithm)),
      ("s3SseKmsKeyId", target.keyID.map(Document.string) ?? .null),
      ("manifestFilesS3Key", .string(target.key("\(export.id)/manifest-files.json"))),
      ("billedSizeBytes", .integer(export.billedByteCount)),
      ("itemCount", .integer(files.reduce(0) { $0 + $1.file.itemCount })),
      ("outputFormat", "DYNAMODB_JSON"),
    ]
    if case .incremental(_, _, let showsOldImages) = export.scope {
      members.append(("outputView", showsOldImages ? "NEW_AND_OLD_IMAGES" : "NEW_IMAGE"))
    }
    members.append(("exportType", .string(export.typeName)))
    return Document(members: members).jsonBytes()
  }
}
