// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import Quiz
import Simulation
import StateStore
import Terminal

extension Console {
  /// `exam [CODE] [mini|full]`, `exam review [all|wrong|flagged|unsure]`, `exam result`.
  func exam(_ call: Call) throws -> Int32 {
    var arguments = Array(call.arguments)
    let seed = try call.takeSeed(&arguments, settings)
    if arguments.first == "result" { return try showLastResult() }
    if arguments.first == "review" {
      guard let kind = ExamResult.Review(rawValue: arguments.dropFirst().first ?? "wrong") else {
        throw call.misuse("Review all, wrong, flagged or unsure.")
      }
      return try reviewExam(kind)
    }
    if try hasProgress, let sitting = try progress().runningSitting() {
      return try resumeExam(sitting)
    }
    var blueprint =
      try hasProgress
      ? progress().aim().flatMap { ExamBlueprint.named($0.exam) } ?? .subject : .subject
    var form = ExamForm.standard
    var isFull = false
    for argument in arguments {
      switch argument {
      case "mini": form = .mini
      case "full": isFull = true
      default:
        guard let named = ExamBlueprint.named(argument) else {
          let codes = ExamBlueprint.all.map(\.code) + [ExamBlueprint.subject.code]
          throw call.misuse(
            "There is no exam \(plain(argument)); there is \(codes.joined(separator: ", ")).")
        }
        blueprint = named
      }
    }
    if isFull { form = .full(blueprint) }
    return try beginExam(blueprint, form, seed: seed ?? settings.newSeed())
  }

  // MARK: Sitting

  private func beginExam(_ blueprint: ExamBlueprint, _ form: ExamForm, seed: UInt64) throws -> Int32
  {
    let library = try usableLibrary()
    let paper = ExamPaper(
      blueprint, form, from: library.questions, seed: seed, experience: try experience(),
      suspended: try suspended())
    tell(plain(paper.scope))
    guard !paper.items.isEmpty else { return 1 }
    for remark in paper.remarks { tell(plain(remark)) }
    let session = ExamSession(paper, at: try settings.hostNow())
    say(
      "\(counted(paper.form.questions, "question")) in \(paper.form.minutes) min, until "
        + "\(session.deadline.rfc3339). Leaving does not stop the clock.")
    tell(
      "Enter or n next, p previous, g 3 goes to 3, l lists, f flags, b? unsure, end ends, q leaves."
    )
    let store = try progress()
    let id = "exam-\(try store.sittings().count + 1)"
    let sitting = ExamSitting(
      id: id, blueprint: blueprint.code, seed: seed, startedAt: session.startedAt,
      deadline: session.deadline, paper: paper.document)
    try store.save(sitting)
    return try sit(session, sitting)
  }

  private func resumeExam(_ sitting: ExamSitting) throws -> Int32 {
    let session = try session(of: sitting)
    let now = try settings.hostNow()
    if session.isOver(at: now) {
      say("The time of \(sitting.id) ran out at \(sitting.deadline.rfc3339).")
      return try endExam(session, sitting, at: sitting.deadline)
    }
    say("Going on with \(sitting.id): \(clock(session.remaining(at: now))) left.")
    return try sit(session, sitting)
  }

  /// A stored sitting as a session.
  private func session(of sitting: ExamSitting) throws -> ExamSession {
    do {
      let paper = try ExamPaper(sitting.paper, questions: try usableLibrary().questions)
      return ExamSession(
        resuming: paper, startedAt: sitting.startedAt, deadline: sitting.deadline,
        answers: sitting.answers, flags: sitting.flags)
    } catch let mismatch as ExamPaper.Mismatch {
      if sitting.state == .running {
        var given = sitting
        given.state = .abandoned
        try progress().save(given)
      }
      let what: String =
        switch mismatch {
        case .unreadable: "its paper is none that this program writes"
        case .missing(let question): "the question \(question) is gone"
        case .changed(let question): "the question \(question) was edited"
        }
      throw PromptRefusal(
        "\(sitting.id) cannot be gone on with: \(plain(what)).", advice: "\"exam\" begins another.",
        status: 3)
    }
  }

  private func sit(_ first: ExamSession, _ stored: ExamSitting) throws -> Int32 {
    var session = first
    var sitting = stored
    show(session)
    while true {
      try flush()
      let left = session.remaining(at: try settings.hostNow())
      let prompt = "\(session.place + 1)/\(session.paper.items.count) \(clock(left))> "
      guard case .line(let line) = lines.readLine(prompt: prompt, isCommand: false) else {
        return 0
      }
      switch session.enter(line, at: try settings.hostNow()) {
      case .refused(let words): talk(words)
      case .answered, .flagged:
        sitting.answers = session.answersDocument
        sitting.flags = session.flags
        try progress().save(sitting)
        say(session.isFlagged(session.place) ? "Noted, flagged." : "Noted.")
      case .moved: show(session)
      case .overview: showOverview(session)
      case .confirmEnd(let unanswered, let flagged):
        say("\(unanswered) unanswered, \(flagged) flagged. \"end!\" ends all the same.")
      case .reported(let question, let words): try report(question, words)
      case .left:
        say("The exam goes on until \(session.deadline.rfc3339); \"exam\" comes back.")
        return 0
      case .ended(let timeOver):
        if timeOver { say("The time is over.") }
        return try endExam(session, sitting, at: settings.hostNow())
      }
    }
  }

  private func show(_ session: ExamSession) {
    let place = session.place
    show(
      session.sheet, head: "Question \(place + 1) of \(session.paper.items.count)",
      topic: session.isFlagged(place) ? "flagged" : "")
    if let answer = session.answers[place] {
      say("\nYour answer: \(plain(session.sheet.text(of: answer.response)))")
    }
  }

  private func showOverview(_ session: ExamSession) {
    let cells = session.places.map { place in
      "\(place.place + 1)\(place.isAnswered ? "+" : ".")\(place.isFlagged ? "f" : "")"
    }
    tell(cells.joined(separator: " "), first: "  ")
    say("  + answered  . not answered  f flagged")
  }

  /// `38:12`, `1:02:05`.
  private func clock(_ duration: Duration) -> String {
    let seconds = duration.wholeMilliseconds / 1000
    let two: (Int64) -> String = { $0 < 10 ? "0\($0)" : "\($0)" }
    let rest = "\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    return seconds >= 3600 ? "\(seconds / 3600):\(rest)" : rest
  }

  // MARK: Results

  private func endExam(
    _ session: ExamSession, _ stored: ExamSitting, at now: Instant
  ) throws -> Int32 {
    var sitting = stored
    let result = session.result(at: now)
    sitting.answers = session.answersDocument
    sitting.flags = session.flags
    sitting.state = .finished
    sitting.result = result.document
    let store = try progress()
    for record in result.records {
      try store.add(QuestionAttempt(record, mode: .exam, sitting: sitting.id))
    }
    // Saved last: until then the sitting is still running and can be ended again.
    try store.save(sitting)
    show(result)
    say("\"exam review wrong\" goes through what was wrong; all, flagged and unsure work too.")
    return result.reachesPassMark ? 0 : 1
  }

  private func show(_ result: ExamResult) {
    if settings.printsJSON { return answer(result.document) }
    say()
    tell(profile.styled(result.sentence, .bold))
    tell("The scale is AWS's, the formula is ours: an estimate, not a score.")
    say("Time used: \(clock(result.timeUsed)) of \(clock(result.timeAllowed)).")
    if result.unanswered > 0 { say("Not answered: \(result.unanswered).") }
    if result.unscored > 0 { say("Unscored: \(result.unscored).") }
    say()
    for tally in result.byDomain { say("  \(plain(tally.name)): \(tally.right) of \(tally.total)") }
    if result.byTopic.count > 1, result.blueprint.code != ExamBlueprint.subject.code {
      say("By topic")
      for tally in result.byTopic {
        say("  \(plain(tally.name)): \(tally.right) of \(tally.total)")
      }
    }
    for sentence in result.calibration.sentences { say(sentence) }
  }

  private func lastResult() throws -> ExamResult {
    guard try hasProgress,
      let sitting = try progress().sittings().last(where: { $0.state == .finished })
    else {
      throw PromptRefusal("No exam was finished yet.", advice: "\"exam mini\" is a short one.")
    }
    return try session(of: sitting).result(at: sitting.deadline)
  }

  private func showLastResult() throws -> Int32 {
    let result = try lastResult()
    show(result)
    return result.reachesPassMark ? 0 : 1
  }

  private func reviewExam(_ kind: ExamResult.Review) throws -> Int32 {
    let items = try lastResult().review(kind)
    guard !items.isEmpty else {
      say("Nothing to review.")
      return 0
    }
    for (index, item) in items.enumerated() {
      show(
        item.sheet, head: "\(index + 1) of \(items.count)", topic: item.isRight ? "right" : "wrong")
      let given = item.answer.map { item.sheet.text(of: $0.response) } ?? "none"
      say("\nYour answer: \(plain(given))")
      show(item.explanation)
      guard index < items.count - 1, profile.isInteractive else { continue }
      try flush()
      guard case .line(let line) = lines.readLine(prompt: "Enter goes on> ", isCommand: false),
        !line.hasPrefix("q")
      else { return 0 }
    }
    return 0
  }
}
