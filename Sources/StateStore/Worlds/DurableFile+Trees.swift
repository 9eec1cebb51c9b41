// SPDX-License-Identifier: GPL-3.0-or-later

import Glibc

extension DurableFile {
  /// Writes a file that must not be there: whole, flushed, mode 0600.
  ///
  /// - Returns: False if there is one; it is as it was.
  /// - Throws: `.diskFull` or `.failedWrite`; then there is none.
  static func writeNew(_ bytes: [UInt8], to path: String) throws(StateError) -> Bool {
    let draft = "\(path).new-\(getpid())"
    try write(bytes, to: draft)
    defer { unlink(draft) }
    // Unlike a rename, a link never replaces.
    guard link(draft, path) == 0 else {
      if errno == EEXIST { return false }
      throw failure(of: path)
    }
    try syncFolder(of: path)
    return true
  }

  /// Whether a path is a regular file, or a link to one.
  static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// The bytes of all files below a folder.
  static func byteCount(below path: String) -> Int64 {
    var total: Int64 = 0
    for name in (try? names(in: path)) ?? [] {
      let entry = "\(path)/\(name)"
      var status = stat()
      guard lstat(entry, &status) == 0 else { continue }
      total +=
        status.st_mode & S_IFMT == S_IFDIR ? byteCount(below: entry) : Int64(status.st_size)
    }
    return total
  }

  /// Removes a folder and all below it, as far as that can be done; links are not followed.
  static func removeTree(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      unlink(path)
      return
    }
    for name in (try? names(in: path)) ?? [] { removeTree("\(path)/\(name)") }
    rmdir(path)
  }
}
