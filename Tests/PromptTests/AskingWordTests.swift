// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Terminal
import Testing

@testable import Prompt

/// Text in one line, so that it does not matter where it was wrapped.
private func joined(_ text: String) -> String {
  text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
}

@Suite("Quiz, exam, tour and labs, key by key")
struct AskingWordTests {
  @Test("a quiz knows its keys: help, prove, suspend, report")
  func quizKeys() throws {
    let bench = Bench()
    let done = try bench.run([
      "quiz document", "help", "prove", "a", "prove", "", "x", "! a word is missing", "q",
    ])
    let out = joined(done.out)
    #expect(out.contains("A letter or a number answers; b? says that you are unsure."))
    #expect(done.err == "Answer first; a proof would tell.\n")
    #expect(out.contains("Wrong. Right is: C"))
    #expect(out.contains("not run; see Amazon DynamoDB API Reference"))
    #expect(out.contains("proved: 2 of 4 executed"))
    #expect(out.contains("doc-2 will not be asked again."))
    #expect(out.contains("Noted, thank you: doc-3."))
    #expect(out.contains("Sure and wrong is what to look at first: 1."))
    // The suspended one is left out of the next draw.
    #expect(try bench.run(["quiz document", "q"]).out.contains("Question 1 of 6"))
  }

  @Test("a proof runs every choice and shows what each came to")
  func proof() throws {
    let done = try Bench().run(["quiz pitr-allowed-periods", "a b c", "prove", "q"])
    let out = joined(done.out)
    #expect(out.contains("$ aws dynamodb update-continuous-backups"), "\(out)")
    #expect(out.contains("[yes]") && out.contains("[no]"))
    #expect(out.contains("proved: "))
  }

  @Test(
    "what a quiz or an exam does not take says so",
    arguments: [
      ("quiz nosuch", "There are no questions about nosuch.", 2),
      ("quiz 0", "At least one question.", 2),
      ("quiz --mode cram", "The mode cram is not built yet.", 2),
      ("quiz 1 pitr more", "Write: quiz [N]", 2), ("quiz --seed", "--seed needs a value.", 2),
      ("quiz --seed x", "\"x\" is no seed.", 2),
      ("exam nosuch", "There is no exam nosuch; there is SAA-C03,", 2),
      ("exam review nosuch", "Review all, wrong, flagged or unsure.", 2),
      ("exam result", "No exam was finished yet. \"exam mini\" is a short one.", 1),
      ("exam review", "No exam was finished yet.", 1),
      ("lab nosuch", "There is no lab nosuch. \"lab list\" shows them.", 2),
      ("lab firstbackup", "There is no lab firstbackup. Did you mean first-backup?", 2),
      ("lab start", "Which one? \"lab list\" shows them.", 2),
      ("lab a b c", "Write: lab [NAME]", 2),
      ("lab resume bad-deploy", "The lab bad-deploy was not begun.", 1),
      ("lab resume", "No lab was begun.", 1), ("lab leave", "This is no lab.", 1),
      ("task", "This is no lab.", 1), ("hint", "This is no lab.", 1),
      ("answer", "Write: answer VALUE", 2), ("tour x", "tour takes nothing after it", 2),
      ("review", "review is not built yet. Nothing was changed.", 2),
      ("serve --port x", "--port takes a number up to 65535.", 2),
      ("serve --", "Nothing stands after \"--\".", 2),
      ("env x", "\"x\" is not known here.", 2), ("events orders 0 1", "Write: events", 2),
      ("timeline none", "There is no table none in us-east-1.", 1),
      ("dynamodb", "dynamodb is a service of the AWS CLI. Write: aws dynamodb", 2),
      ("ls", "ls is a word of the shell, which this is not.", 2),
      ("stauts", "stauts is no word here. Did you mean status?", 2),
      ("cloudwatch", "cloudwatch is a service of the AWS CLI. Write: aws cloudwatch", 2),
      ("list-tables", "list-tables is a command of aws dynamodb. Write: aws dynamodb list-", 2),
      ("create-topic", "create-topic is a command of aws sns. Write: aws sns create-topic", 2),
      ("rewind aws", "This is Rewind already. Leave rewind out.", 2), ("x!", "x! is no word", 2),
      ("%", "% is no word here. \"help\" lists the words.", 2),
    ] as [(String, String, Int32)])
  func refusals(line: String, words: String, status: Int32) throws {
    let done = try Bench().run(line)
    #expect(joined(done.err).contains(words), "\(done.err)")
    #expect(done.status == status)
  }

  @Test("an exam: answering, flags, going about, the list, and its end")
  func exam() throws {
    let bench = Bench()
    let sat = try bench.run([
      "exam mini", "zz", "n", "a", "f", "l", "g 3", "p", "end", "end!", "exam result",
      "exam review flagged", "exam review all",
    ])
    let out = joined(sat.out)
    #expect(out.contains("Noted. "), "\(out)")
    #expect(out.contains("1. 2+f 3."))
    #expect(out.contains("Your answer: A"))
    #expect(out.contains("9 unanswered, 1 flagged. \"end!\" ends all the same."))
    #expect(out.contains("below the pass mark of 720"))
    #expect(out.contains("Not answered: 9."))
    #expect(out.contains("1 of 1 ") && out.contains("10 of 10 "))
    #expect(out.contains("Your answer: none"))
    // The next one is begun anew.
    #expect(try bench.run(["exam SOA-C03 full", "q"]).out.contains("SOA-C03, domains"))
  }

  @Test("an exam that nobody marks is a document where one is asked for")
  func examJSON() throws {
    let bench = Bench()
    _ = try bench.run(["exam mini", "end!"])
    let result = try bench.run("exam result") { $0.printsJSON = true }
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(result.out.utf8)) as? [String: Any])
    #expect(object["reaches"] as? Bool == false && object["unanswered"] as? Int == 10)
    #expect(result.status == 1)
    let quiz = try bench.run(["quiz 1", "a", ""]) { $0.printsJSON = true }
    #expect(quiz.out.contains("\n{\"asked\":1,\"right\":"))
  }

  @Test("a lab's hints end, its solutions are shown and remembered, a task can be skipped")
  func labHelp() throws {
    let bench = Bench()
    let done = try bench.run(
      "lab first-backup\nhint\nhint\nhint\nsolution nosuch\nanswer x\nsolution\nskip\nskip\nlab list\nstatus"
    )
    let (out, err) = (joined(done.out), joined(done.err))
    #expect(out.contains("Hint 2 of 2, costs 2 points: aws dynamodb create-backup"))
    #expect(err.contains("There are no more hints for this task. \"solution\" shows a way."))
    #expect(err.contains("There is no such solution. There is native, from-json."))
    #expect(out.contains("native: one of 2 known ways aws dynamodb create-backup --table-name"))
    #expect(out.contains("The lab counts as seen now."))
    #expect(out.contains("10 points begun Take your first backup"))
    #expect(out.contains("solution seen"))
  }

  @Test("the tour waits for Enter where a person reads, and can be left")
  func tour() throws {
    let bench = Bench()
    let piped = try bench.run("tour").out
    #expect(piped.contains("5 of 5") && piped.contains("That was the tour."))
    bench.profile.isInteractive = true
    let left = try bench.run(["tour", "", "q", "quit"]).out
    #expect(left.contains("2 of 5") && !left.contains("3 of 5"))
  }

  @Test("without content there is still the sandbox")
  func noContent() throws {
    let bench = Bench()
    bench.environment["REWIND_CONTENT"] = "/nowhere"
    bench.profile.isInteractive = true
    let console = try bench.console(["date"])
    #expect(console.runPrompt() == 0)
    #expect(console.err.taken().contains("/nowhere holds no scenarios or questions folder."))
    let out = console.out.taken()
    #expect(out.contains("Without questions and labs there is the sandbox: aws …, help, tour."))
    #expect(out.contains("2026-05-01T09:00:00Z"))
  }

  @Test("a pasted block says what it runs, and stops at what fails")
  func block() throws {
    let bench = Bench()
    bench.profile.isInteractive = true
    let done = try bench.run(["date\nnosuch\ndate", "mark \\", "here", "'open", "mark"])
    #expect(done.out.contains("> date\n2026-05-01T09:00:00Z\n"))
    #expect(done.err.contains("1 more line of the block was not run."))
    #expect(done.out.contains("This state is here."))
    #expect(done.err.contains("The line is not finished: a ' is open."))
    let continued = try bench.run(["mark \\\n  here\ndate"])
    #expect(continued.out.contains("> mark \\\n    here\nThis"), "\(continued.out)")
  }

  @Test(
    "a prompt that was copied along is left out, and nothing else",
    arguments: [
      ("$ date", "date"), ("% date", "date"), ("> aws s3 ls", "aws s3 ls"),
      ("rewind> lab list", "lab list"), ("user@host:~$ aws s3 ls", "aws s3 ls"),
      ("[user@host ~]$ aws s3 ls", "aws s3 ls"), ("root@host:/# aws s3 ls", "aws s3 ls"),
      ("bad-deploy vault/eu-west-1 what-if +35d Fri 10 Apr 14:41Z> check", "check"),
      ("$ ARN=$(aws sts get-caller-identity)", "ARN=$(aws sts get-caller-identity)"),
      ("$ aws a \\\n  --b c", "aws a \\\n  --b c"),
      ("answer 5$ time", "answer 5$ time"), ("aws a > check", "aws a > check"),
      ("echo hi > check", "echo hi > check"), ("X=1> check", "X=1> check"),
      ("cat 'a> check'", "cat 'a> check'"), ("$ nothing", "$ nothing"), ("$", "$"), ("", ""),
    ])
  func copiedPrompts(line: String, rest: String) {
    #expect(PastedPrompt.removed(from: line) == rest)
  }

  @Test("an answer is taken, and it is said where no task asks for one")
  func unasked() throws {
    let asked = "Noted. \"check\" tells whether it is right."
    #expect(try Bench().run("lab bad-deploy\nanswer 14:05").out.contains(asked))
    let unasked = try Bench().run("lab first-backup\nanswer 14:05").out
    #expect(joined(unasked).contains("Noted, but no task of this lab asks for an answer"))
    #expect(!unasked.contains(asked))
  }

  @Test("where nothing was finished there is nothing to verify, and that is said")
  func nothingToVerify() throws {
    let console = try Bench().console()
    #expect(console.runVerify([]) == 0)
    #expect(console.err.taken() == "There are no results yet: a lab leaves one when it is done.\n")
  }

  @Test("every word says what it is for after --help, and does nothing", arguments: WordTable.all)
  func wordHelp(word: Word) throws {
    let asked = try Bench().run("\(word.name) --help")
    let short = try Bench().run("\(word.name) -h")
    #expect(asked.status == 0 && asked.out.hasPrefix(word.usage + "\n  "), "\(asked)")
    #expect(short.out == asked.out && asked.err.isEmpty)
  }

  @Test("a copied block runs without its prompts")
  func copiedBlock() throws {
    let done = try Bench().run("$ mark here\nrewind> undo here")
    #expect(done.status == 0 && done.out.contains("Back at the mark here."), "\(done)")
  }
}
