// SPDX-License-Identifier: GPL-3.0-or-later

internal import Foundation

/// A folder of content: files are read from below it and from nowhere else.
///
/// Symbolic links are refused everywhere below the folder, so a file from a stranger cannot name
/// what lies outside.
package struct ContentFolder: Hashable, Sendable {
  /// The folder's path, absolute.
  package let path: String
  /// How many files of one kind a folder may hold.
  package static let maximumFiles = 256

  package init(path: String) { self.path = path }

  /// The bytes of a file below the folder.
  ///
  /// - Parameters:
  ///   - name: Its path from the folder, with `/` between parts; no `..`, no absolute path.
  ///   - limit: The most bytes it may have.
  /// - Returns: The whole file.
  /// - Throws: `ContentProblem` where the path leaves the folder, meets a symbolic link, is no regular
  ///   file, or the file is larger than the limit.
  package func bytes(
    of name: String, limit: Int = YAMLReader.maximumBytes
  ) throws(ContentProblem) -> [UInt8] {
    let full = try resolve(name)
    var status = stat()
    guard lstat(full, &status) == 0 else {
      throw ContentProblem(
        .file, "\(name) cannot be found", fix: "check the name and the folder you are in")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw ContentProblem(.file, "\(name) is no regular file")
    }
    guard status.st_size <= limit else {
      throw ContentProblem(.limit, "\(name) has \(status.st_size) bytes", fix: "at most \(limit)")
    }
    guard let data = FileManager.default.contents(atPath: full), data.count <= limit else {
      throw ContentProblem(.file, "\(name) cannot be read")
    }
    return [UInt8](data)
  }

  /// The path of a file below the folder, every part looked at.
  private func resolve(_ name: String) throws(ContentProblem) -> String {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !name.isEmpty, !name.utf8.contains(0), !parts.contains(where: { $0.isEmpty }) else {
      throw ContentProblem(.file, "\"\(name)\" is no path below the folder")
    }
    var full = path
    for part in parts {
      guard part != "..", part != "." else {
        throw ContentProblem(.file, "\"\(name)\" leaves the folder", fix: "a path below \(path)")
      }
      full += "/" + part
      var status = stat()
      guard lstat(full, &status) == 0 else { continue }
      guard status.st_mode & S_IFMT != S_IFLNK else {
        throw ContentProblem(.file, "\(name) is a symbolic link", fix: "copy the file here")
      }
    }
    return full
  }

  /// The names of the YAML files directly in the folder, sorted by their bytes; links are left out.
  ///
  /// - Throws: `ContentProblem` for a folder that cannot be listed, or more than 256 files.
  package func yamlFiles() throws(ContentProblem) -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw ContentProblem(.file, "the folder \(path) cannot be listed")
    }
    let files = names.filter { $0.hasSuffix(".yaml") && !$0.hasPrefix(".") }
    guard files.count <= Self.maximumFiles else {
      throw ContentProblem(
        .limit, "\(path) holds \(files.count) files", fix: "at most \(Self.maximumFiles)")
    }
    return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}

/// Where `scenarios/` and `questions/` are.
package struct ContentRoot: Hashable, Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  package var scenarios: ContentFolder { ContentFolder(path: path + "/scenarios") }
  package var questions: ContentFolder { ContentFolder(path: path + "/questions") }

  /// The claims of the study guide that a transcript of this repository's tests shows at the prompt;
  /// nil where there are no tests beside the content, as for a program that was installed.
  package var claimsWithTranscript: [String]? {
    let folder = path + "/Tests/PromptTests/StudyGuide"
    return (try? FileManager.default.contentsOfDirectory(atPath: folder))?
      .filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(".txt".count)) }.sorted()
  }

  /// Finds the content: the flag, else `REWIND_CONTENT`, else beside the executable or above it, else
  /// the working directory.
  ///
  /// - Parameters:
  ///   - flag: The folder named on the command line.
  ///   - environment: The process's environment.
  ///   - executable: The path of the running program.
  ///   - workingDirectory: Where relative paths begin.
  /// - Returns: The first folder that holds `scenarios` or `questions`. A folder that was named is not
  ///   second-guessed: where it holds neither, the answer is an error.
  /// - Throws: `ContentProblem` naming the places looked at.
  package static func find(
    flag: String?, environment: [String: String], executable: String, workingDirectory: String
  ) throws(ContentProblem) -> ContentRoot {
    if let named = flag ?? environment["REWIND_CONTENT"].flatMap({ $0.isEmpty ? nil : $0 }) {
      let path = absolute(named, from: workingDirectory)
      guard isRoot(path) else {
        throw ContentProblem(
          .file, "\(path) holds no scenarios or questions folder",
          fix: "name the folder that holds them")
      }
      return ContentRoot(path: path)
    }
    var candidate = absolute(executable, from: workingDirectory)
    while let slash = candidate.lastIndex(of: "/"), slash != candidate.startIndex {
      candidate = String(candidate[..<slash])
      if isRoot(candidate) { return ContentRoot(path: candidate) }
    }
    if isRoot(workingDirectory) { return ContentRoot(path: workingDirectory) }
    throw ContentProblem(
      .file, "no scenarios or questions folder beside \(executable) or in \(workingDirectory)",
      fix: "set REWIND_CONTENT to the folder that holds them")
  }

  private static func absolute(_ path: String, from directory: String) -> String {
    URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: directory, isDirectory: true))
      .standardizedFileURL.path
  }

  private static func isRoot(_ path: String) -> Bool {
    ["scenarios", "questions"].contains { name in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path + "/" + name, isDirectory: &isFolder)
        && isFolder.boolValue
    }
  }
}
