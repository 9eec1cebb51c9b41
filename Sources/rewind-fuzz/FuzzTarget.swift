// SPDX-License-Identifier: GPL-3.0-or-later

/// Something that reads text from outside, with what must hold for any input.
struct FuzzTarget: Sendable {
  let name: String
  let mutator: ByteMutator
  /// Reads an input; a sentence if something that must hold does not.
  let run: @Sendable ([UInt8]) -> String?

  init(
    _ name: String, seeds: [String], pieces: [String] = [],
    run: @escaping @Sendable ([UInt8]) -> String?
  ) {
    self.name = name
    mutator = ByteMutator(seeds: seeds, pieces: pieces)
    self.run = run
  }

  /// All readers, by name.
  static let all: [FuzzTarget] =
    [
      json, attributeValue, item, number, condition, update, query, jmesPath, instant, words,
      command, yaml, scenario, questions, inflation, terminal, statement,
    ]
    .sorted { $0.name < $1.name }

  /// The text of an input, faulty bytes replaced.
  static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
