// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Prompt
import Terminal
import Testing

@Suite("Labs, quiz and exam at the prompt")
struct LearningTests {
  @Test("the first lab from start to result")
  func firstLab() throws {
    let bench = Bench()
    let transcript = try bench.run(
      """
      lab first-backup
      aws dynamodb create-backup --table-name order --backup-name pre-release
      check
      aws dynamodb create-backup --table-name orders --backup-name pre-release --query BackupDetails.BackupStatus
      check
      """)
    #expect(
      transcript.out.contains("Lab done: 10 of 10, 1 command (best known: 1), no hints."),
      "\(transcript.out)")
    #expect(
      transcript.err.contains(
        "An error occurred (TableNotFoundException) when calling the CreateBackup operation"))
    #expect(transcript.err.contains("Did you mean orders? Nothing was changed."))
    #expect(transcript.status == 0)
    let console = try bench.console()
    #expect(console.runVerify([]) == 0)
    #expect(console.out.taken() == "first-backup-7-1: replays to 10 of 10\n")
  }

  @Test("a lab left in the middle goes on where it was")
  func resume() throws {
    let bench = Bench()
    _ = try bench.run("lab first-backup\nhint\naws dynamodb list-tables")
    let back = try bench.run("date\nhint\nlab leave\ndate\nlab resume\ncheck")
    #expect(back.out.hasPrefix("2026-03-06T17:40:01Z\nHint 2 of 2"), "\(back.out)")
    #expect(back.out.contains("This is the sandbox.\n2026-05-01T09:00:00Z\n"))
    #expect(back.status == 1)
  }

  @Test("a quiz grades, explains, and keeps the answers")
  func quiz() throws {
    let bench = Bench()
    let transcript = try bench.run(["quiz document", "z", "a?", "a", "f", "", "q", "date"])
    #expect(transcript.out.contains("Question 1 of 7"), "\(transcript.out)")
    #expect(transcript.err.contains("Answer with letters"), "\(transcript.err)")
    #expect(transcript.out.contains("Flagged."))
    #expect(transcript.out.contains("of 1 right."))
    #expect(transcript.status == 0)
  }

  @Test("an exam goes on while one is away and ends at its deadline")
  func exam() throws {
    let bench = Bench()
    let begun = try bench.run(["exam mini", "a", "q"])
    #expect(
      begun.out.contains("10 questions in 20 min, until 2026-05-01T09:20:00Z"), "\(begun.out)")
    let second = try bench.run(["exam", "q"])
    #expect(second.out.contains("Going on with exam-1: 20:00 left."))
    bench.environment["REWIND_NOW"] = "2026-05-01T09:20:01Z"
    let over = try bench.run(["exam", "exam result"])
    #expect(over.out.contains("The time of exam-1 ran out at 2026-05-01T09:20:00Z."))
    #expect(over.out.contains("Estimate "))
  }

  @Test("what the start screen counts is what the libraries hold")
  func counts() throws {
    let bench = Bench()
    bench.profile.isInteractive = true
    let console = try bench.console()
    _ = console.runPrompt()
    let screen = console.out.taken()
    let labs = try Bench().run("lab list").out.split(separator: "\n").filter {
      $0.contains(" min ")
    }
    #expect(screen.contains("\(labs.count) labs"))
    let check = try Bench().console()
    _ = check.runAuthorCheck([Bench.root + "/questions"], seeds: 1)
    let words = check.err.taken().split(separator: " ")
    let count = words.firstIndex { $0.hasPrefix("question") && $0 != words[0] }.map {
      words[$0 - 1]
    }
    #expect(screen.contains("  \(count ?? "?") questions "), "\(screen)")
  }

  @Test("a result replays to its score, whatever was undone, discarded and let pass on the way")
  func replays() throws {
    let bench = Bench()
    let transcript = try bench.run(
      """
      lab first-backup
      time +1h
      aws dynamodb create-backup --table-name orders --backup-name early --query BackupDetails.BackupStatus
      time +2h
      sleep 30
      undo
      check
      what-if
      time +1d
      aws dynamodb delete-table --table-name orders --query TableDescription.TableStatus
      wait
      discard
      NAME=pre-release
      X=$(aws dynamodb list-tables --query 'TableNames[0]' --output text)
      hint
      aws dynamodb create-backup --table-name $X --backup-name $NAME --query BackupDetails.BackupStatus
      check
      """)
    #expect(transcript.out.contains("Lab done: 10 of 10"), "\(transcript.out)\(transcript.err)")
    let console = try bench.console()
    #expect(console.runVerify([]) == 0)
    #expect(console.out.taken() == "first-backup-7-1: replays to 10 of 10\n")
  }

  @Test("one undo takes back one change of the learner, and the world's own writes with it")
  func undoWithTraffic() throws {
    let bench = Bench()
    let count = "aws dynamodb scan --table-name orders --select COUNT --query Count"
    let transcript = try bench.run(
      """
      lab bad-deploy
      \(count)
      aws dynamodb put-item --table-name orders --item '{"order_id":{"S":"mine-1"}}'
      aws dynamodb put-item --table-name orders --item '{"order_id":{"S":"mine-2"}}'
      time +2h
      undo
      \(count)
      undo
      \(count)
      redo 2
      undo 3
      """)
    let counts = transcript.out.split(separator: "\n").compactMap { Int($0) }
    #expect(counts.count == 3)
    #expect(counts[1] == counts[0] + 1)
    #expect(counts[2] == counts[0])
    #expect(transcript.err == "Only 2 of 3 can be undone; \"undo 2\" undoes all.\n")
  }

  @Test("author claims lists every claim with what teaches it, and says if one is not taught")
  func authorClaims() throws {
    let bench = Bench()
    let all = try bench.console()
    #expect(all.runAuthorClaims() == 0)
    let lines = all.out.taken().split(separator: "\n")
    #expect(lines.count == 56)
    #expect(
      lines.contains {
        $0.hasPrefix("OND-5    ond-outlives-table*") && $0.hasSuffix(" transcript")
      })
    #expect(lines.contains { $0.hasPrefix("PITR-3 ") && $0.contains("lab:bad-deploy") })
    bench.environment["REWIND_CONTENT"] = bench.home
    for folder in ["questions", "scenarios"] { mkdir("\(bench.home)/\(folder)", 0o700) }
    try "rewind: claims/1\ntopics:\n  GEN: General\nclaims:\n  GEN-9: Nobody asks.\n".write(
      toFile: bench.home + "/questions/claims.yaml", atomically: true, encoding: .utf8)
    let bare = try bench.console()
    #expect(bare.runAuthorClaims() == 1)
    #expect(bare.out.taken() == "GEN-9    -\n")
  }
}
