// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import Simulation

/// An object as a listing shows it.
struct ListedObject {
  let key: String
  let sizeBytes: Int64
  let lastModified: Instant

  init?(_ entry: Document) {
    guard let key = entry["Key"]?.string, let size = entry["Size"]?.integer,
      let seconds = entry["LastModified"]?.number
    else { return nil }
    self.key = key
    sizeBytes = size
    lastModified = Instant(milliseconds: Int64((seconds * 1000).rounded()))
  }
}

extension CommandRun {
  /// `aws s3 ls`. [CLI.s3]
  mutating func list(_ call: StorageCall, _ storage: Storage) throws(CommandError) {
    // A path without its scheme will do, here alone.
    let word = call.paths.first ?? "s3://"
    let path = StoragePath(word.hasPrefix("s3://") ? word : "s3://" + word)
    guard case .object(let bucket, let key) = path else { return }
    guard !bucket.isEmpty else { return try listBuckets(call, storage) }
    let isRecursive = call.has("--recursive")
    var lines: [String] = []
    var (count, size): (Int64, Int64) = (0, 0)
    do throws(StorageFailure) {
      try eachPage(of: bucket, under: key, delimiter: isRecursive ? nil : "/", storage) { page in
        for group in page["CommonPrefixes"]?.array ?? [] {
          let parts = (group["Prefix"]?.string ?? "").split(
            separator: "/", omittingEmptySubsequences: false)
          lines.append(
            StorageText.aligned("PRE", to: 30) + " " + (parts.dropLast().last ?? "") + "/")
        }
        for object in (page["Contents"]?.array ?? []).compactMap(ListedObject.init) {
          count += 1
          size += object.sizeBytes
          let shown =
            call.has("--human-readable")
            ? StorageText.humanReadable(object.sizeBytes) : "\(object.sizeBytes)"
          let name =
            isRecursive
            ? object.key : StoragePath.object(bucket: bucket, key: object.key).lastComponent
          lines.append(
            "\(object.lastModified.listed) \(StorageText.aligned(shown, to: 10)) \(name)")
        }
      }
    } catch {
      throw error.commandError
    }
    outcome.stdout += lines.map { $0 + "\n" }.joined()
    if call.has("--summarize") {
      let total = call.has("--human-readable") ? StorageText.humanReadable(size) : "\(size)"
      outcome.stdout += "\nTotal Objects: \(count)\n   Total Size: \(total)\n"
    }
    // Nothing under a key that was named is a failure without words.
    if lines.isEmpty, !key.isEmpty { outcome.status = 1 }
  }

  private mutating func listBuckets(
    _ call: StorageCall, _ storage: Storage
  ) throws(CommandError) {
    var members: [(String, Document)] = []
    if let prefix = call.values.word("--bucket-name-prefix") {
      members.append(("Prefix", .string(prefix)))
    }
    if let region = call.values.word("--bucket-region") {
      members.append(("BucketRegion", .string(region)))
    }
    let answer: Document
    do throws(StorageFailure) {
      answer = try ask(storage, "ListBuckets", Document(members: members))
    } catch {
      throw error.commandError
    }
    for bucket in answer["Buckets"]?.array ?? [] {
      guard let name = bucket["Name"]?.string, let seconds = bucket["CreationDate"]?.number
      else { continue }
      let made = Instant(milliseconds: Int64((seconds * 1000).rounded()))
      outcome.stdout += "\(made.listed) \(name)\n"
    }
  }

  /// Asks for a listing, page after page.
  mutating func eachPage(
    of bucket: String, under prefix: String, delimiter: String?, _ storage: Storage,
    _ body: (Document) -> Void
  ) throws(StorageFailure) {
    var token: String?
    repeat {
      var members: [(String, Document)] = [
        ("Bucket", .string(bucket)), ("Prefix", .string(prefix)),
      ]
      if let delimiter { members.append(("Delimiter", .string(delimiter))) }
      if let token { members.append(("ContinuationToken", .string(token))) }
      let page = try ask(storage, "ListObjectsV2", Document(members: members))
      body(page)
      token = page["NextContinuationToken"]?.string
    } while token != nil
  }

  /// All objects under a prefix, in the order of their keys.
  mutating func objects(
    in bucket: String, under prefix: String, _ storage: Storage
  ) throws(StorageFailure) -> [ListedObject] {
    var found: [ListedObject] = []
    try eachPage(of: bucket, under: prefix, delimiter: nil, storage) { page in
      found += (page["Contents"]?.array ?? []).compactMap(ListedObject.init)
    }
    return found
  }
}

extension Instant {
  /// As `aws s3 ls` prints it, in UTC: `2026-06-01 12:00:00`.
  fileprivate var listed: String {
    let text = flooredToSecond.rfc3339
    return String(text.dropLast().map { $0 == "T" ? " " : $0 })
  }
}
