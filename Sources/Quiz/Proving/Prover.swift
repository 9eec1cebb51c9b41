// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat
internal import Documents
internal import Simulation
internal import Worlds

/// Runs what decides a question: every choice on a fork of its own.
///
/// Pure: the engine is a value in memory, nothing outside is read or written, and the same question
/// and seed give the same report.
package enum Prover {
  /// Proves a question.
  ///
  /// - Parameters:
  ///   - question: Any question; one without a proof gives a report without executed trials.
  ///   - seed: Decides the items, traffic and identifiers of the world.
  /// - Returns: What was run and seen; `problems` names every contradiction with choice, expected
  ///   and measured.
  package static func prove(_ question: Question, seed: UInt64 = 1) -> ProofReport {
    var report = ProofReport(question: question.id, seed: seed)
    do throws(ContentProblem) {
      switch question.task {
      case .command(let task): try prove(task, of: question, &report)
      case .order(let steps): try prove(steps, of: question, &report)
      case .predict: try provePrediction(of: question, &report)
      case .choices(let choices): try prove(choices, of: question, &report)
      case .match, nil: break
      }
    } catch {
      report.problems.append(
        ContentError(
          file: question.file, mark: question.proof?.mark ?? question.mark, code: error.code,
          message: "\(question.id): \(error.message)", fix: error.fix))
    }
    return report
  }

  // MARK: Choices

  private static func prove(
    _ choices: [Choice], of question: Question, _ report: inout ProofReport
  ) throws(ContentProblem) {
    guard let proof = question.proof else {
      report.trials = choices.indices.map { index in
        var trial = Self.trial(choices[index], at: index)
        trial.cite = choices[index].cite + question.cite
        return trial
      }
      return
    }
    var bench = try Bench(proof.world, proof.run, seed: report.seed)
    report.preparation = bench.takeCommands()
    for (index, choice) in choices.enumerated() {
      var trial = Self.trial(choice, at: index)
      trial.cite = choice.cite
      if choice.cite.isEmpty {
        var fork = bench
        try fork.run(choice.attempt)
        trial.commands = fork.takeCommands()
        if let measure = proof.measure, let claim = choice.claim {
          trial.findings = [try fork.find(measure.condition(claim), goal: "What it claims")]
        } else {
          trial.findings = try fork.find(proof.metWhen)
        }
      }
      report.trials.append(trial)
      guard !trial.agreesWithKey else { continue }
      report.contradict(
        in: question, at: choice.mark,
        "choice \(index + 1) (\"\(choice.text)\")", trial)
    }
  }

  private static func trial(_ choice: Choice, at index: Int) -> ProofTrial {
    ProofTrial(subject: .choice(index), text: choice.text, isKeyedRight: choice.isRight)
  }

  // MARK: Orders

  private static func prove(
    _ steps: [OrderStep], of question: Question, _ report: inout ProofReport
  ) throws(ContentProblem) {
    guard let proof = question.proof else { return }
    var bench = try Bench(proof.world, proof.run, seed: report.seed)
    report.preparation = bench.takeCommands()
    for order in permutations(of: steps.count) {
      let isRight = order == Array(steps.indices)
      let text = order.map { String($0 + 1) }.joined(separator: " ")
      var trial = ProofTrial(subject: .order(order), text: text, isKeyedRight: isRight)
      var fork = bench
      do throws(ContentProblem) {
        for index in order { try fork.run(steps[index].attempt, isAuthors: isRight) }
        trial.findings = try fork.find(proof.metWhen)
      } catch {
        // In a wrong order a step may lack what an earlier one would have given it.
        guard !isRight else { throw error }
        trial.findings = [
          ProofFinding(
            goal: "Every step can be done", expected: "each step in its place",
            actual: error.message, passes: false)
        ]
      }
      trial.commands = fork.takeCommands()
      report.trials.append(trial)
      if !trial.agreesWithKey {
        report.contradict(in: question, at: question.mark, "the order \(text)", trial)
      }
    }
  }

  /// Every order of so many steps, the right one first.
  static func permutations(of count: Int) -> [[Int]] {
    guard count > 0 else { return [[]] }
    return permutations(of: count - 1).flatMap { order in
      (0...order.count).reversed().map { place in
        var longer = order
        longer.insert(count - 1, at: place)
        return longer
      }
    }
  }

  // MARK: Predictions

  private static func provePrediction(
    of question: Question, _ report: inout ProofReport
  ) throws(ContentProblem) {
    guard let proof = question.proof, let measure = proof.measure else { return }
    var bench = try Bench(proof.world, proof.run, seed: report.seed)
    report.preparation = bench.takeCommands()
    // Nothing is asked of the value but that there is one.
    var wish = Comparison()
    wish.lacks = .string("\u{FFFF}")
    let finding = try bench.find(measure.condition(wish), goal: "What the engine measures")
    var trial = ProofTrial(subject: .measure, text: finding.actual, isKeyedRight: true)
    trial.findings = [finding]
    report.trials.append(trial)
    if finding.actual == Document.null.shown {
      report.problems.append(
        ContentError(
          file: question.file, mark: proof.mark, code: .proof,
          message: "\(question.id): the measure gives nothing"))
    }
  }

  /// Compares a prediction with what the engine measures.
  ///
  /// - Returns: Whether it is near enough, and the measured value in words.
  /// - Throws: `ContentProblem` where the proof cannot be run.
  static func judge(
    prediction text: String, of question: Question, seed: UInt64
  ) throws(ContentProblem) -> ProofFinding {
    guard case .predict(let prediction)? = question.task, let proof = question.proof,
      let measure = proof.measure
    else { throw ContentProblem(.proof, "\(question.id) measures nothing") }
    let bench = try Bench(proof.world, proof.run, seed: seed)
    var wish = Comparison()
    wish.equal = PredictionText.value(of: text)
    wish.within = wish.equal.flatMap { Quantity($0) } == nil ? nil : prediction.within
    return try bench.find(measure.condition(wish), goal: question.ask)
  }

  // MARK: Commands

  private static func prove(
    _ task: CommandTask, of question: Question, _ report: inout ProofReport
  ) throws(ContentProblem) {
    var bench = try Bench(task.world, task.prepare, seed: report.seed)
    report.preparation = bench.takeCommands()
    func attempt(
      _ commands: [ContentCommand], _ words: String, right: Bool
    ) throws(ContentProblem) -> ProofTrial {
      var trial = ProofTrial(subject: .command, text: words, isKeyedRight: right)
      var fork = bench
      try fork.run(commands)
      trial.commands = fork.takeCommands()
      trial.findings = try fork.find(task.checks)
      return trial
    }
    func add(_ trial: ProofTrial, at mark: Mark) {
      report.trials.append(trial)
      if !trial.agreesWithKey { report.contradict(in: question, at: mark, trial.text, trial) }
    }
    add(try attempt([], "no command at all", right: false), at: question.mark)
    for solution in task.solutions {
      add(try attempt([solution], "the solution \(solution.text)", right: true), at: solution.mark)
    }
    for wrong in task.wrong {
      let words = wrong.run.map(\.text).joined(separator: "; ")
      add(try attempt(wrong.run, "the wrong command \(words)", right: false), at: wrong.mark)
    }
  }

  /// Runs what a learner typed at a command question, on a fork.
  ///
  /// - Throws: `ContentProblem` for a line that is no command, or a world that cannot be built.
  static func judge(
    command line: String, of task: CommandTask, seed: UInt64
  ) throws(ContentProblem) -> ProofTrial {
    var bench = try Bench(task.world, task.prepare, seed: seed)
    _ = bench.takeCommands()
    var trial = ProofTrial(subject: .command, text: line, isKeyedRight: true)
    try bench.run([ContentCommand(text: line, mark: .start)], isAuthors: false)
    trial.commands = bench.takeCommands()
    trial.findings = try bench.find(task.checks)
    return trial
  }
}

extension QuestionLibrary {
  /// Proves every question that the engine can decide, over several seeds.
  ///
  /// - Parameter seeds: The worlds' seeds.
  /// - Returns: Every contradiction once, by file and place; empty where all proofs hold.
  /// - Complexity: One run of each choice for each seed.
  package func prove(seeds: [UInt64] = [1]) -> [ContentError] {
    var found: Set<ContentError> = []
    for question in questions where question.isProvable {
      for seed in seeds { found.formUnion(Prover.prove(question, seed: seed).problems) }
    }
    return found.sorted()
  }
}

extension ProofReport {
  /// Adds the contradiction between a key and what came out.
  fileprivate mutating func contradict(
    in question: Question, at mark: Mark, _ what: String, _ trial: ProofTrial
  ) {
    let seen = trial.findings.first { $0.passes != trial.isKeyedRight } ?? trial.findings.first
    let details = seen.map { " (\($0.goal): expected \($0.expected), measured \($0.actual))" } ?? ""
    let verdict =
      trial.isKeyedRight ? "is keyed right, but does not hold" : "is keyed wrong, but holds"
    problems.append(
      ContentError(
        file: question.file, mark: mark, code: .answerKey,
        message: "\(question.id): \(what) \(verdict)\(details)"))
  }
}

/// A fork to work on: a run of the proof's world, and what was typed there so far.
struct Bench: Sendable {
  private var run: WorldRun
  private var commands: [ProvedCommand] = []

  init(
    _ description: WorldDescription, _ prepare: [ContentCommand], seed: UInt64
  ) throws(ContentProblem) {
    run = try WorldRun.start(try StartWorld(description, seed: seed))
    try run(prepare)
  }

  /// The commands run since the last time, taken away.
  mutating func takeCommands() -> [ProvedCommand] {
    defer { commands = [] }
    return commands
  }

  /// Runs commands one after the other; a refusal by the service is a result, not an error.
  ///
  /// - Throws: `ContentProblem` for an author's command that the command language does not take.
  mutating func run(
    _ lines: [ContentCommand], isAuthors: Bool = true
  ) throws(ContentProblem) {
    for command in lines {
      let at = run.now
      // Names and placeholders of the moment: the learner sees what was really sent.
      let shown = (try? run.bindings.substitute(command.text)) ?? command.text
      let result: RunResult
      do throws(ContentProblem) {
        result = try run.run(command.text)
      } catch {
        throw ContentProblem(
          error.code, "line \(command.mark.line): \(error.message)", fix: error.fix)
      }
      if isAuthors, result.status == 252 || result.status == 253 {
        let words = result.stderr.split(separator: "\n").last.map(String.init) ?? ""
        throw ContentProblem(.command, "line \(command.mark.line): \(words)")
      }
      commands.append(
        ProvedCommand(
          line: shown, at: at, stdout: result.stdout, stderr: result.stderr,
          status: result.status))
    }
  }

  func find(_ condition: Condition, goal: String) throws(ContentProblem) -> ProofFinding {
    let verdict = try condition.evaluate(in: Scene(run))
    return ProofFinding(
      goal: goal, expected: verdict.expected, actual: verdict.actual, passes: verdict.passes)
  }

  func find(_ checks: [Check]) throws(ContentProblem) -> [ProofFinding] {
    var findings: [ProofFinding] = []
    for check in checks { findings.append(try find(check.condition, goal: check.goal)) }
    return findings
  }
}

/// Reading of typed predictions.
enum PredictionText {
  /// `$1,500.00`, `100 USD` and `35` are numbers; a time is its instant; the rest is text.
  static func value(of text: String) -> Document {
    let bare = text.filter { $0 != "$" && $0 != "," }
    let first = bare.split(separator: " ").first.map(String.init) ?? ""
    if let number = JSONNumber.parse(first), !first.contains("T") { return number }
    return .string(text)
  }
}
