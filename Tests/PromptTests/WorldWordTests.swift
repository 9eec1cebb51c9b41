// SPDX-License-Identifier: GPL-3.0-or-later

import Prompt
import Testing

@Suite("Worlds at the prompt")
struct WorldWordTests {
  @Test("a world is copied, gone to, exported, imported and removed")
  func round() throws {
    let bench = Bench()
    let file = bench.home + "/lunch.world"
    let answer = try bench.run(
      threeOrders + """

        world copy sandbox before
        aws dynamodb delete-table --table-name orders --query TableDescription.TableName
        world use before
        aws dynamodb list-tables --query TableNames --output text
        world export \(file)
        world import \(file)
        world use lunch
        aws dynamodb scan --table-name orders --query Count
        world remove before
        world
        """)
    #expect(answer.status == 0, "\(answer.err)")
    let lines = answer.out.split(separator: "\n").map(String.init)
    let expected = [
      "Copied sandbox to before.", "This is before.", "orders",
      "Made the world lunch of \(file); \"world use lunch\" goes there.", "This is lunch.", "3",
      "Removed before.",
    ]
    for line in expected { #expect(lines.contains(line), "\(line) in \(answer.out)") }
    #expect(lines.contains { $0.hasPrefix("Wrote before to \(file): ") })
    #expect(lines.suffix(2).map { $0.prefix(9) } == [" *  lunch", "    sandb"])
  }

  @Test(
    "what cannot be done says so in one line",
    arguments: [
      ("world remove sandbox", 2, "the world that words act on"),
      ("world remove none", 2, "There is no world none. There is sandbox."),
      ("world copy sandbox sandbox", 2, "There is a world sandbox already."),
      ("world copy sandbox A", 5, "cannot be the name of a learner or world"),
      ("world use none", 2, "There is no world none."),
      ("world import /nowhere/x.world", 2, "There is no file /nowhere/x.world."),
      ("world import /dev/null x", 5, "it is no regular file"),
      ("world import /nowhere/A.world", 2, "Write: world import FILE NAME"),
      ("world export /dev/null", 2, "is there already, and nothing is written over it."),
      ("world paint", 2, "Write: world"),
    ] as [(String, Int32, String)])
  func refusals(_ line: String, _ status: Int32, _ words: String) throws {
    let bench = Bench()
    let answer = try bench.run("mark start\n" + line)
    #expect(answer.status == status)
    #expect(answer.err.replacing("\n", with: " ").contains(words), "\(answer.err)")
  }

  @Test("worlds as JSON")
  func json() throws {
    let bench = Bench()
    let answer = try bench.run("mark start\nworld list") { $0.printsJSON = true }
    #expect(answer.out.contains(#"[{"name":"sandbox","entries":"#), "\(answer.out)")
    #expect(answer.out.contains(#""current":true}]"#), "\(answer.out)")
  }
}
