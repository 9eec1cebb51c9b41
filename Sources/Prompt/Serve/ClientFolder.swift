// SPDX-License-Identifier: GPL-3.0-or-later

import Glibc
import StateStore

/// A folder with an `aws` that talks to the endpoint, to stand first on a program's path.
///
/// AWS CLIs before 2.13 (version 1: 1.29) do not look at `AWS_ENDPOINT_URL` and would ask AWS itself, so
/// the installed one is run with `--endpoint-url`; one typed after it counts. Where none is installed
/// ours answers, in the same world.
struct ClientFolder {
  let path: String
  private var program: String { path + "/aws" }

  /// Makes the folder; nil if there is no `aws` to run.
  ///
  /// - Parameters:
  ///   - environment: Where the AWS CLI is looked for, and temporary folders are made.
  ///   - ours: The words that run our own `aws`; nil where it would have another world.
  /// - Throws: A refusal if the folder cannot be made.
  init?(_ environment: [String: String], ours: [String]?) throws {
    var words: [String]
    if let installed = Self.installed(environment["PATH"] ?? "") {
      words = [Self.quoted(installed), "--endpoint-url", "\"$AWS_ENDPOINT_URL\""]
    } else if let ours {
      words = ours.map(Self.quoted)
    } else {
      return nil
    }
    words.append("\"$@\"")
    let parent = environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
    var template = Array((parent + "/rewind-aws-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else {
      throw PromptRefusal(
        "No folder can be made in \(parent).", advice: "TMPDIR names another place for it.",
        status: StateError.exitStatus)
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    do {
      try HostFile.write(
        Array("#!/bin/sh\nexec \(words.joined(separator: " "))\n".utf8), to: program, home: nil)
      chmod(program, 0o700)
    } catch {
      remove()
      throw PromptRefusal("\(program) cannot be written.", status: StateError.exitStatus)
    }
  }

  /// Takes the folder away.
  func remove() {
    unlink(program)
    rmdir(path)
  }

  /// The first `aws` on a path that can be run.
  private static func installed(_ path: String) -> String? {
    path.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/aws" }
      .first { candidate in
        var status = stat()
        return stat(candidate, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
          && access(candidate, X_OK) == 0
      }
  }

  private static func quoted(_ word: String) -> String {
    "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }
}
