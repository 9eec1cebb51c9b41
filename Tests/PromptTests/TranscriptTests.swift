// SPDX-License-Identifier: GPL-3.0-or-later

import Prompt
import Terminal
import Testing

@Suite("Transcripts")
struct TranscriptTests {
  @Test("help shows eight words, and all the rest when asked")
  func help() throws {
    let transcript = try Bench().run("help")
    #expect(
      transcript.out == """
        aws SERVICE OPERATION …   the AWS CLI; Tab completes
          quiz [N]       answer practice questions, with reasons
          lab [NAME]     list the labs, start or resume one
          exam [mini]    a timed exam with a result by domain
          tour           three minutes that show the keys
          undo [N|NAME]  take the last change back, clock and all
          time [+5m]     the clock; +5m moves it
          status         place, clock, lab, tables, what can be undone
          quit           leave; everything is saved

        "help all" shows every word, "help WORD" says more about one.

        """)
    #expect(transcript.err == "")
    let all = try Bench().run("help all").out
    for word in WordTable.all { #expect(all.contains(word.name), "\(word.name)") }
  }

  @Test("the sandbox starts at the host's second and accepted commands take one second each")
  func clock() throws {
    let transcript = try Bench().run(
      "date\naws dynamodb list-tables --output text\ndate\naws dynamodb nonsense\ndate")
    #expect(
      transcript.out
        == "2026-05-01T09:00:00Z\n2026-05-01T09:00:01Z\n2026-05-01T09:00:01Z\n")
    #expect(transcript.status == 0)
  }

  @Test("status says where one is")
  func status() throws {
    let transcript = try Bench().run(threeOrders + "\nmark before\nundo\nstatus")
    let out = transcript.out
    #expect(
      out.hasSuffix(
        """
        This state is before. "undo before" comes back to it.
        Undone: aws dynamodb put-item --table-name orders --item '{"id":{"S":"c"}}'
        The clock is back at Fri 1 May 09:00Z.
          world  sandbox, seed 0000-0007
          clock  Fri 1 May 09:00Z, 2026-05-01T09:00:24Z, 24 s since the start
          place  123456789012 us-east-1 as admin
          undo   3 changes, redo 1 change
          marks  before
          owner  this process

          table   status  items  PITR  backups
          orders  ACTIVE      2  off         0

        """), "\(out)")
  }

  @Test("undo, redo, marks and what-if move between states, and say so")
  func history() throws {
    let bench = Bench()
    let count = "aws dynamodb scan --table-name orders --select COUNT --query Count"
    let transcript = try bench.run(
      threeOrders + """

        \(count)
        undo 2
        \(count)
        redo 2
        \(count)
        what-if
        aws dynamodb delete-item --table-name orders --key '{"id":{"S":"a"}}'
        \(count)
        discard
        \(count)
        what-if
        aws dynamodb delete-item --table-name orders --key '{"id":{"S":"a"}}'
        keep
        \(count)
        discard
        undo 99
        """)
    let numbers = transcript.out.split(separator: "\n").filter { Int($0) != nil }
    #expect(numbers == ["3", "1", "3", "2", "3", "2"])
    #expect(
      transcript.err == """
        There is no what-if to leave; "what-if" begins one.
        Only 5 of 99 can be undone; "undo 5" undoes all.

        """)
    #expect(transcript.status == 1)
  }

  @Test("names keep answers, a block stops at its first error, lines go on")
  func shellHabits() throws {
    let bench = Bench()
    bench.profile.isInteractive = false
    let transcript = try bench.run([
      "TABLES=$(aws dynamodb list-tables --query 'length(TableNames)')", "variables",
      "aws dynamodb list-tables \\", "  --query TableNames \\", "  --output json",
      "date\nfoo\ndate\ndate", "ls | wc", "for x in a; do", "export AWS_REGION=eu-west-1",
      "aws sts get-caller-identity --query Account --output text", "export PATH=x",
      "aws configure", "unset TABLES", "variables", "# a comment", "",
    ])
    #expect(
      transcript.out == """
        TABLES=0
        []
        2026-05-01T09:00:02Z
        123456789012
        AWS_REGION=eu-west-1

        """)
    #expect(
      transcript.err == """
        foo is no word here. "help" lists the words.
        2 more lines of the block were not run.
        Pipes and loops: type shell.
        Pipes and loops: type shell.
        PATH need not be exported: PATH=value is enough. Only variables that aws reads
        are exported.

        aws: [ERROR]: Not needed here; never type real keys.
        Nothing was changed.

        """)
  }

  @Test(
    "a word used wrongly says how it is used, with status 2",
    arguments: [
      ("time x", "\"x\" is no length of time. Write: time [+5m]\n"),
      ("time +5", "\"+5\" is no length of time. Write: time [+5m]\n"),
      ("sleep", "Write: sleep 60\n"),
      ("quit now", "quit takes nothing after it, and there is \"now\". Write: quit\n"),
      ("staus", "staus is no word here. Did you mean status?\n"),
      ("dynamodb list-tables", "dynamodb is a service of the AWS CLI. Write: aws dynamodb …\n"),
      ("ls", "ls is a word of the shell, which this is not. \"help\" lists the words.\n"),
      (
        "review",
        "review is not built yet. Nothing was changed. \"quiz\" asks what is new.\n"
      ),
      (
        "serve --port x",
        "--port takes a number up to 65535. Write: serve [--port 8000] [-- CMD]\n"
      ),
      ("serve --", "Nothing stands after \"--\". Write: serve [--port 8000] [-- CMD]\n"),
      ("env 8000", "\"8000\" is not known here. Write: env [--port 8000]\n"),
      ("aws 'open", "The line is not finished: a ' is open.\n"),
    ])
  func misuse(line: String, expected: String) throws {
    let transcript = try Bench().run(line)
    #expect(transcript.err == expected)
    #expect(transcript.status == 2)
    #expect(transcript.out == "")
  }

  @Test("strict scripts stop at the first failed command, others go on")
  func strict() throws {
    let lines = ["foo", "date"]
    #expect(try Bench().run(lines).status == 0)
    let strict = try Bench().run(lines) { $0.isStrict = true }
    #expect(strict.status == 2)
    #expect(strict.out == "")
  }

  @Test("state is there again after leaving, names and what-if too")
  func durable() throws {
    let bench = Bench()
    _ = try bench.run(threeOrders + "\nX=1\nwhat-if\naws dynamodb delete-table --table-name orders")
    let back = try bench.run("variables\ndiscard\naws dynamodb list-tables --output text")
    #expect(
      back.out == """
        X=1
        Discarded 1 change. The clock is back at Fri 1 May 09:00Z.
        TABLENAMES\torders

        """)
  }

  @Test("controls from arguments never reach a terminal")
  func hostile() throws {
    let bench = Bench()
    bench.profile.showsOnTerminal = true
    let transcript = try bench.run([
      "\u{1B}[2J", "mark \u{9B}31m", "timeline \u{202E}x", "X='\u{1B}]0;t\u{7}'", "variables",
      "log",
      "aws dynamodb describe-table --table-name '\u{1B}[31m'", "lab \u{7F}", "quiz \u{7}",
      "help \u{1B}",
    ])
    for scalar in (transcript.out + transcript.err).unicodeScalars {
      #expect(
        scalar == "\n" || scalar == "\t"
          || !(scalar.properties.generalCategory == .control || scalar.properties.isBidiControl))
    }
  }
}
