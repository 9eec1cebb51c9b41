// SPDX-License-Identifier: GPL-3.0-or-later

import Documents

/// A path of an `aws s3` command: `s3://BUCKET/KEY`, a file of this machine, or `-`.
enum StoragePath: Hashable {
  case object(bucket: String, key: String)
  case file(String)
  /// Standard input or output.
  case stream

  init(_ word: String) {
    guard word.utf8.starts(with: "s3://".utf8) else {
      self = word == "-" ? .stream : .file(word)
      return
    }
    let rest = word.withoutPrefix("s3://")
    let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    self = .object(
      bucket: parts.first.map(String.init) ?? "", key: parts.count > 1 ? String(parts[1]) : "")
  }

  var isRemote: Bool { if case .object = self { true } else { false } }

  /// The members by which S3's operations name an object; none of what is not there.
  var members: Document {
    guard case .object(let bucket, let key) = self else { return .emptyObject }
    return ["Bucket": .string(bucket), "Key": .string(key)]
  }

  /// The path as the CLI prints it after a transfer.
  var shown: String {
    switch self {
    case .object(let bucket, let key): "s3://\(bucket)/\(key)"
    case .stream: "-"
    case .file(let path):
      path.utf8.contains(UInt8(ascii: "/")) ? path.withoutPrefix("./") : "./" + path
    }
  }

  /// What stands after the last slash.
  var lastComponent: String {
    let text =
      switch self {
      case .object(_, let key): key
      case .file(let path): path
      case .stream: ""
      }
    return text.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init) ?? ""
  }

  /// The target of a copy of one thing: a key that is empty or ends in a slash is a folder.
  func receiving(_ source: StoragePath) -> StoragePath {
    guard case .object(let bucket, let key) = self, key.isEmpty || key.hasSuffix("/") else {
      return self
    }
    return .object(bucket: bucket, key: key + source.lastComponent)
  }
}

/// Texts of the `aws s3` commands. [CLI.s3]
enum StorageText {
  /// A size with `--human-readable`: `1 Byte`, `10 Bytes`, `1.5 KiB`.
  static func humanReadable(_ bytes: Int64) -> String {
    if bytes == 1 { return "1 Byte" }
    if bytes < 1024 { return "\(bytes) Bytes" }
    var unit = 1024.0
    for suffix in ["KiB", "MiB", "GiB", "TiB", "PiB"] {
      if (Double(bytes) / (unit * 1024) * 1024).rounded(.toNearestOrEven) < 1024 {
        let tenths = Int64((Double(bytes) / unit * 10).rounded(.toNearestOrEven))
        return "\(tenths / 10).\(tenths % 10) \(suffix)"
      }
      unit *= 1024
    }
    return "\(bytes) Bytes"
  }

  static func aligned(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.utf8.count)) + text
  }

  /// The type that a file's name gives away; nil for one that says nothing.
  static func contentType(of name: String) -> String? {
    let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    let types = [
      (".json", "application/json"), (".csv", "text/csv"), (".txt", "text/plain"),
      (".html", "text/html"), (".xml", "text/xml"), (".md", "text/markdown"),
    ]
    return types.first { plain.hasSuffix($0.0) }?.1
  }
}
