// SPDX-License-Identifier: GPL-3.0-or-later

import Dispatch
import Glibc
import StateStore
import Terminal
import Testing

@testable import Prompt

/// A prompt that has a world open, and stays.
private final class Host {
  let bench = Bench()
  let console: Console

  init(_ lines: String = "date") throws {
    console = try bench.console()
    console.isReachable = true
    let status = console.runBlock(lines, previous: 0)
    guard status == 0 else { throw PromptRefusal(console.err.taken()) }
    _ = console.out.taken()
  }

  /// Runs lines here.
  func run(_ lines: String) -> String {
    _ = console.runBlock(lines, previous: 0)
    return console.out.taken() + console.err.taken()
  }
}

@Suite("A second process at a world")
struct OwnerPromptTests {
  @Test("the same lines print the same bytes there as at the owner's own prompt")
  func equal() throws {
    let lines =
      threeOrders + """

        aws dynamodb scan --table-name orders --output table
        aws dynamodb scan --table-name orders --query 'Items[].id.S' --output text
        aws dynamodb describe-table --table-name order
        aws dynamodb describe-table
        aws dynamodb put-item --table-name orders --item '{"id":'
        aws nosuch list
        aws dynamodb help
        nosuch
        undo
        undo 99
        redo
        mark here
        undo here
        X=$(aws dynamodb list-tables --query 'TableNames[0]' --output text)
        aws dynamodb describe-table --table-name $X --query Table.TableStatus
        Y=1
        variables
        unset Y
        unset Y
        aws dynamodb describe-table --table-name $Y
        export AWS_REGION=eu-west-1
        aws dynamodb list-tables
        export AWS_REGION=us-east-1
        AWS_REGION=eu-west-1 aws dynamodb list-tables --output yaml
        what-if
        aws dynamodb delete-table --table-name orders --query TableDescription.TableStatus
        what-if
        discard
        keep
        time +5m
        time +x
        sleep 1
        wait
        timeline orders
        bill
        events orders 3
        diff
        help
        help undo
        task
        check
        answer 3
        reset
        world list
        log
        """
    let alone = try Bench().run("date\n" + lines)
    let host = try Host()
    let shared = try host.bench.run(lines)
    #expect("2026-05-01T09:00:00Z\n" + shared.out == alone.out)
    #expect(shared.err == alone.err)
    #expect(shared.status == alone.status)
    #expect(alone.err.contains("Did you mean orders?"))
  }

  @Test("one aws command from outside prints AWS's bytes alone")
  func oneCommand() throws {
    let host = try Host(threeOrders)
    let console = try host.bench.console { $0.coaches = false }
    let words = ["aws", "dynamodb", "describe-table", "--table-name", "order"]
    #expect(console.runWords(words) == 254)
    #expect(console.out.taken() == "")
    #expect(
      console.err.taken() == """

        aws: [ERROR]: An error occurred (ResourceNotFoundException) when calling the DescribeTable operation: Requested resource not found: Table: order not found

        """)
  }

  @Test("undo, what-if and the log see all lines, whoever typed them")
  func shared() throws {
    let host = try Host(threeOrders)
    let put = "aws dynamodb put-item --table-name orders --item '{\"id\":{\"S\":\"d\"}}'"
    #expect(try host.bench.run(put).status == 0)
    #expect(host.run("log 1").contains(put))
    #expect(host.run("undo").contains("Undone: \(put)"))
    #expect(try host.bench.run("what-if").status == 0)
    #expect(host.run("status").contains("what-if  since"))
    #expect(try host.bench.run("status").out.contains("owner    process \(getpid())"))
    #expect(host.run("discard").contains("Discarded"))
  }

  @Test("files are the other process's, read there")
  func files() throws {
    let host = try Host(threeOrders)
    let folder = host.bench.home
    #expect(mkfifo(folder + "/pipe", 0o600) == 0)
    func write(_ name: String, _ text: String) throws {
      try writeDurably(Array(text.utf8), to: "\(folder)/\(name)")
    }
    try write("item.json", #"{"id":{"S":"from a file"}}"#)
    try write("names.json", ##"{"#i":"id"}"##)
    try write("large.json", String(repeating: " ", count: 1 << 20 + 1))
    // HOME is the other process's too.
    host.bench.environment["HOME"] = folder
    let put = "aws dynamodb put-item --table-name orders --item"
    let lines = """
      \(put) file://~/item.json --expression-attribute-names file://\(folder)/names.json --condition-expression 'attribute_not_exists(#i)'
      \(put) file://\(folder)/nope.json
      \(put) file://\(folder)
      \(put) file://\(folder)/pipe
      \(put) file://\(folder)/large.json
      aws dynamodb get-item --table-name orders --key '{"id":{"S":"from a file"}}' --query Item.id.S
      """
    let shared = try host.bench.run(lines)
    let alone = Bench()
    alone.environment["HOME"] = folder
    let expected = try alone.run(threeOrders + "\n" + lines)
    #expect(expected.out.hasSuffix(shared.out) && shared.out == "\"from a file\"\n")
    #expect(shared.err == expected.err)
    for text in ["No such file", "Is a directory", "Not a regular file", "File too large"] {
      #expect(shared.err.contains(text), "\(text)")
    }
    // A line that was given up to fetch its files stands once in the log.
    let log = try host.bench.run("log").out.split(separator: "\n")
    #expect(log.count { $0.contains("file://~/item.json") } == 1)
  }

  @Test("what needs its own terminal or worlds is done there, or refused by name")
  func ownWords() throws {
    let host = try Host(threeOrders)
    func run(_ line: String) throws -> Bench.Transcript { try host.bench.run(line) }
    #expect(try run("fidelity").out == host.run("fidelity"))
    #expect(try run("tour").status == 0)
    #expect(try run("world copy sandbox other").status == 5)
    for word in ["serve --port 0", "shell"] {
      let refused = try run(word)
      #expect(refused.status == 5)
      #expect(refused.err.contains("The world sandbox is open in process \(getpid())."))
      #expect(refused.err.contains("\"shell\" there."))
    }
    let called = try host.bench.console(["serve"]) { $0.calledAs = "./it's" }
    #expect(called.runLines() == 5)
    #expect(called.err.taken().contains(#"eval "$('./it'\''s' env)" leads"#))
    let lab = try run("lab first-backup\nstatus\nlab leave\nstatus")
    #expect(lab.status == 0 && lab.out.contains("owner  this process"))
    #expect(lab.out.contains("Left first-backup"))
    #expect(lab.out.contains("owner  process \(getpid())"))
    // The owner's prompt is where it was.
    #expect(host.run("status").contains("world  sandbox"))
  }

  @Test("a lab that is open elsewhere is gone on with there, and left without closing it")
  func labs() throws {
    let host = try Host("lab first-backup")
    let backup = "aws dynamodb create-backup --table-name orders --backup-name pre-release"
    let there = try host.bench.run("lab resume\n\(backup)\ncheck\nhelp\nlab leave\nlab leave")
    #expect(there.out.contains("Task 1"))
    #expect(there.out.contains("Lab done: 10 of 10"))
    #expect(there.out.contains("grade the outcome so far"))
    #expect(there.out.contains("Left first-backup"))
    #expect(there.err.contains("This is no lab."))
    #expect(host.run("task").contains("This lab is done: 10 of 10."))
    #expect(try host.bench.run("lab result").out.contains("passed"))
  }

  @Test("an owner that leaves makes room, in the middle of another's script too")
  func succession() throws {
    let host = try Host(threeOrders)
    let client = try host.bench.console()
    client.isReachable = true
    #expect(client.runBlock("status", previous: 0) == 0)
    #expect(client.out.taken().contains("owner  process"))
    try host.console.closeWorld()
    #expect(client.runBlock("status", previous: 0) == 0)
    #expect(client.out.taken().contains("owner  this process"))
    // And now it is the other way round.
    #expect(host.run("status").contains("owner  process"))
    try client.closeWorld()
  }

  @Test("a person's second prompt says whose world it is, and has its prompt and completion")
  func interactive() throws {
    let host = try Host(threeOrders + "\nwhat-if")
    host.bench.profile = TerminalProfile(
      isInteractive: true, showsOnTerminal: true, hasColour: false, hasUnicode: true, columns: 80)
    let console = try host.bench.console(["aws dynamodb list-tables --no-such"])
    let status = console.runPrompt()
    #expect(status == 252)
    let out = console.out.taken()
    #expect(out.contains("Going on in sandbox at Fri 1 May 09:00Z, inside a what-if."))
    #expect(out.contains("It is open in process \(getpid()) too"))
  }

  @Test("its prompt and its completion are the world's as it is now")
  func promptAndCompletion() throws {
    let host = try Host(threeOrders)
    host.bench.profile = TerminalProfile(
      isInteractive: true, showsOnTerminal: true, hasColour: false, hasUnicode: true, columns: 80)
    let folder = host.bench.home
    try writeDurably([], to: folder + "/an-item.json")
    let console = try host.bench.console { $0.workingDirectory = folder }
    #expect(try console.promptNow() == "rewind> ")
    #expect(console.runBlock("status", previous: 0) == 0)
    #expect(try console.promptNow() == "sandbox Fri 1 May 09:00Z> ")
    _ = host.run("what-if\ntime +3d")
    #expect(try console.promptNow() == "sandbox what-if +3d Mon 4 May 09:00Z> ")
    let line = "aws dynamodb describe-table --table-name o"
    let found = console.completions(line, at: line.utf8.count)
    #expect(found.candidates.map(\.text) == ["orders"])
    #expect(found.start == line.utf8.count - 1)
    let file = "aws dynamodb put-item --item file://an"
    #expect(
      console.completions(file, at: file.utf8.count).candidates.map(\.text)
        == ["file://an-item.json"])
    try host.console.closeWorld()
    #expect(console.completions(line, at: line.utf8.count).candidates.isEmpty)
    #expect(try console.promptNow() == "rewind> ")
  }

  @Test("sixteen at once each get their own answer")
  func many() throws {
    let host = try Host(threeOrders)
    nonisolated(unsafe) let bench = host.bench
    DispatchQueue.concurrentPerform(iterations: 16) { number in
      for round in 0..<3 {
        let key = "\(number)-\(round)"
        let done = try? bench.run(
          "aws dynamodb put-item --table-name orders --item '{\"id\":{\"S\":\"k\(key)\"}}' --return-values ALL_OLD\n"
            + "aws dynamodb get-item --table-name orders --key '{\"id\":{\"S\":\"k\(key)\"}}' --query Item.id.S"
        )
        if done?.status != 0 || done?.out != "\"k\(key)\"\n" {
          Issue.record("\(key): \(String(describing: done))")
        }
      }
    }
    #expect(host.run("aws dynamodb scan --table-name orders --query Count") == "51\n")
    #expect(host.run("undo 48").contains("Undone: 48 changes."))
  }

  @Test("a guest may not do what is for the process that it is typed in")
  func forbidden() throws {
    let host = try Host(threeOrders)
    let world = try #require(host.console.owned)
    let out = OutputChannel.memory()
    let guest = Console(
      guestOf: world, host.console.learner, settings: host.console.settings, profile: .plain,
      out: out, err: out)
    for words in [["quit"], ["serve"], ["world", "use", "x"], ["lab", "start", "first-backup"]] {
      let status = guest.perform {
        try guest.run(.command(words, settings: [], typed: words[0]))
      }
      #expect(status == 2)
      #expect(out.taken() == "This is for the process that it is typed in.\n")
    }
    #expect(!guest.isLeaving)
    #expect(host.run("date").hasPrefix("2026-05-01"))
  }
}
