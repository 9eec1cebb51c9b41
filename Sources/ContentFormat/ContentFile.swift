// SPDX-License-Identifier: GPL-3.0-or-later

package import Digests

/// A content file that was read: its value if nothing is wrong with it, and all that is.
package struct ContentFile<Value: Sendable>: Sendable {
  /// The name printed in errors.
  package let file: String
  /// The value; nil exactly where there are errors.
  package let value: Value?
  /// What is wrong, in the order of the file.
  package let errors: [ContentError]
  /// SHA-256 of the file's bytes: what statistics and results follow.
  package let digest: SHA256Digest

  /// Decodes the bytes of a file by its format.
  ///
  /// - Complexity: O(n) in the number of bytes.
  package init(bytes: [UInt8], file: String, as format: Format<Value>) {
    self.file = file
    digest = Digests.digest(of: bytes)
    let (root, problems) = YAMLReader.read(bytes, file: file)
    guard let root else {
      value = nil
      errors = problems
      return
    }
    var reading = Reading(file: file)
    let decoded = format.read(root, &reading)
    errors = reading.errors.sorted()
    value = errors.isEmpty ? decoded : nil
  }

  /// Reads and decodes a file below a folder; a file that cannot be read is an error of the file.
  package init(name: String, in folder: ContentFolder, as format: Format<Value>) {
    let bytes: [UInt8]
    do throws(ContentProblem) {
      bytes = try folder.bytes(of: name)
    } catch {
      self.init(file: name, problem: error)
      return
    }
    self.init(bytes: bytes, file: name, as: format)
  }

  private init(file: String, problem: ContentProblem) {
    self.file = file
    value = nil
    digest = Digests.digest(of: [])
    errors = [
      ContentError(
        file: file, mark: .start, code: problem.code, message: problem.message, fix: problem.fix)
    ]
  }
}
