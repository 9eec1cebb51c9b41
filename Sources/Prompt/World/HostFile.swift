// SPDX-License-Identifier: GPL-3.0-or-later

import CommandLanguage
import Glibc

/// Files of the host that `file://` names at the prompt: regular ones of at most 1 MiB.
enum HostFile {
  static let limitBytes = 1 << 20

  /// The bytes of a file.
  ///
  /// - Parameters:
  ///   - path: As typed; a leading `~/` is the home folder.
  ///   - home: The home folder.
  /// - Returns: The whole file.
  /// - Throws: What the C library would say.
  static func read(_ path: String, home: String?) throws(FileFailure) -> [UInt8] {
    guard !path.utf8.contains(0) else { throw .notFound }
    // Without O_NONBLOCK a named pipe would wait for ever.
    let file = open(expanded(path, home: home), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw failure(errno) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw failure(errno) }
    if status.st_mode & S_IFMT == S_IFDIR { throw .isDirectory }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .other(number: Int(EINVAL), text: "Not a regular file")
    }
    guard status.st_size <= limitBytes else { throw .tooLarge(limitBytes: limitBytes) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limitBytes {
      let count = buffer.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(errno) }
      guard count > 0 else { return bytes }
      bytes.append(contentsOf: buffer[..<count])
    }
    throw .tooLarge(limitBytes: limitBytes)
  }

  /// Makes a file, or replaces the contents of the one that is there.
  ///
  /// - Throws: What the C library would say.
  static func write(_ bytes: [UInt8], to path: String, home: String?) throws(FileFailure) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .notFound }
    let file = open(
      expanded(path, home: home), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK, 0o644)
    guard file >= 0 else { throw failure(errno) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        let number = errno
        close(file)
        throw failure(number)
      }
      rest = rest.dropFirst(count)
    }
    guard close(file) == 0 else { throw failure(errno) }
  }

  /// The path with the home folder in place of a leading `~/`.
  private static func expanded(_ path: String, home: String?) -> String {
    guard path.hasPrefix("~/"), let home else { return path }
    return home + path.dropFirst()
  }

  private static func failure(_ number: Int32) -> FileFailure {
    switch number {
    case ENOENT: .notFound
    case EACCES, EPERM: .denied
    case EISDIR: .isDirectory
    default: .other(number: Int(number), text: String(cString: strerror(number)))
    }
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The names in a folder for completion, folders with `/` at their end, sorted; hidden ones left out.
  ///
  /// - Parameters:
  ///   - folder: As typed.
  ///   - home: The home folder, for a leading `~/`.
  ///   - base: Where a path begins that is not absolute.
  /// - Returns: At most 1,000 names.
  static func names(in folder: String, home: String?, below base: String) -> [String] {
    var path = expanded(folder.isEmpty ? "." : folder, home: home)
    if !path.hasPrefix("/") { path = base + "/" + path }
    guard !path.utf8.contains(0), let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream), names.count < 1000 {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard !name.hasPrefix(".") else { continue }
      names.append(entry.pointee.d_type == UInt8(DT_DIR) ? name + "/" : name)
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
