// SPDX-License-Identifier: GPL-3.0-or-later

import Prompt
import Terminal
import Testing

@Suite("Completion at the prompt")
struct CompletionTests {
  @Test(
    "the completed word begins after a blank, $( or an open quote",
    arguments: [
      ("", 0), ("aws", 0), ("aws dyn", 4), ("aws  ", 5), ("X=$(aws dyn", 8), ("X=$(aw", 4),
      ("aws --query 'a b", 13), ("aws \"x y", 5), ("aws 'a' b", 8), ("a\\ b", 0),
    ])
  func wordStart(line: String, expected: Int) throws {
    let console = try Bench().console()
    #expect(console.completions(line, at: line.utf8.count).start == expected)
  }

  @Test("words, services, options, live names and arguments of words are offered")
  func offers() throws {
    let bench = Bench()
    _ = try bench.run(threeOrders)
    let console = try bench.console()
    func texts(_ line: String) -> [String] {
      console.completions(line, at: line.utf8.count).candidates.map(\.text)
    }
    #expect(texts("stat") == ["status"])
    #expect(texts("aws dynamod").contains("dynamodb"))
    #expect(texts("timeline ") == [])
    _ = try console.world()
    #expect(texts("timeline o") == ["orders"])
    #expect(texts("aws dynamodb describe-table --table-name o") == ["orders"])
    #expect(texts("aws dynamodb create-backup --").prefix(2) == ["--table-name", "--backup-name"])
    #expect(texts("lab first").contains("first-backup"))
    #expect(texts("help whatever") == [])
  }
}
