// SPDX-License-Identifier: GPL-3.0-or-later

import Glibc

/// Plain files and folders that survive a crash: 0600 and 0700, replaced whole or not at all.
enum DurableFile {
  /// The largest plain file that is read; results and pointers are far smaller.
  static let readLimitBytes = 64 << 20

  /// Replaces a file's contents: temporary file, fsync, rename, fsync of the folder.
  ///
  /// - Throws: `.diskFull` or `.failedWrite`; the old contents are then still there.
  static func write(_ bytes: [UInt8], to path: String) throws(StateError) {
    let temporary = "\(path).tmp-\(getpid())"
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw failure(of: path) }
    do {
      defer { close(file) }
      guard fchmod(file, 0o600) == 0, writeAll(bytes, to: file), fsync(file) == 0 else {
        let error = failure(of: path)
        unlink(temporary)
        throw error
      }
    }
    guard rename(temporary, path) == 0 else {
      let error = failure(of: path)
      unlink(temporary)
      throw error
    }
    try syncFolder(of: path)
  }

  /// The contents of a file; nil if there is none.
  ///
  /// - Throws: `.unusable` if it cannot be read or is longer than the limit.
  static func read(
    _ path: String, limit: Int = readLimitBytes
  ) throws(StateError) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw .unusable(path: path, reason: reason(errno))
    }
    defer { close(file) }
    var status = stat()
    var bytes: [UInt8] = []
    if fstat(file, &status) == 0 { bytes.reserveCapacity(min(Int(status.st_size), limit)) }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(file, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .unusable(path: path, reason: reason(errno)) }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[..<count])
      guard bytes.count <= limit else {
        throw .unusable(path: path, reason: "it is longer than \(limit) bytes")
      }
    }
  }

  /// Makes a folder and those above it that are missing, each 0700.
  static func makeFolder(_ path: String) throws(StateError) {
    var made = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: true) {
      made += "/" + part
      guard mkdir(made, 0o700) != 0 else {
        try syncFolder(of: made)
        continue
      }
      let problem = errno
      if problem == EEXIST || isFolder(made) { continue }
      throw .unusable(path: made, reason: reason(problem))
    }
    guard isFolder(path) else { throw .unusable(path: path, reason: "it is not a folder") }
  }

  /// The names in a folder, sorted by bytes; none if there is no such folder.
  static func names(in path: String) throws(StateError) -> [String] {
    guard let folder = opendir(path) else {
      if errno == ENOENT || errno == ENOTDIR { return [] }
      throw .unusable(path: path, reason: reason(errno))
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Removes a file; one that is not there is gone already.
  static func remove(_ path: String) { unlink(path) }

  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Flushes the entries of the folder that holds a path.
  static func syncFolder(of path: String) throws(StateError) {
    let cut = path.lastIndex(of: "/") ?? path.startIndex
    let folder = cut == path.startIndex ? "/" : String(path[..<cut])
    let file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard file >= 0 else { throw failure(of: folder) }
    defer { close(file) }
    guard fsync(file) == 0 else { throw failure(of: folder) }
  }

  /// Writes all bytes at the file's position; false leaves the reason in `errno`.
  static func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(file, $0.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      written += count
    }
    return true
  }

  /// The error for a failed call on a path, from `errno`.
  static func failure(of path: String) -> StateError {
    let problem = errno
    return problem == ENOSPC || problem == EDQUOT
      ? .diskFull(path: path) : .failedWrite(path: path, reason: reason(problem))
  }

  static func reason(_ number: Int32) -> String {
    String(cString: strerror(number))
  }
}
