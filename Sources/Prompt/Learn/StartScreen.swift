// SPDX-License-Identifier: GPL-3.0-or-later

import Quiz
import Scenarios
import Simulation
import StateStore
import Terminal

extension Console {
  /// The prompt for a person: the start screen, then lines until they leave.
  ///
  /// A world that was left in the middle is opened again first.
  ///
  /// - Returns: The exit status.
  package func runPrompt() -> Int32 {
    isReachable = true
    let status = perform {
      try startScreen()
      return 0
    }
    if status != 0, isLeaving { return status }
    return runLines()
  }

  private func startScreen() throws {
    let name = "Rewind"
    let lines = TerminalText.wrapped(
      "DynamoDB backup, PITR and AWS Backup, simulated on this machine.\n"
        + "Nothing you type here reaches a real AWS account.",
      to: columns, first: name + "   ")
    for (number, line) in lines.enumerated() {
      say(number == 0 ? profile.styled(name, .bold) + line.dropFirst(name.count) : line)
    }
    say()
    showDoors()
    say()
    let id = try learner.currentWorld()
    if try learner.world(id).exists { try goOn(id) }
  }

  /// What there is to do, counted from the content as it is.
  private func showDoors() {
    do {
      let index = try ContentIndex(try shelf.root(settings))
      let seen = Set(try experience().keys)
      let new = index.questions.count { !seen.contains($0) }
      let passed = Set(try labResultsIfAny().filter(\.hasPassed).map(\.scenario))
      let next = index.next(passed: passed).map { "next: \($0.id) (\($0.minutes) min)" }
      let form = ExamForm.standard.fitting(index.questions.count)
      table(
        [
          [
            "1", "quiz", counted(index.questions.count, "question"),
            new > 0 ? "\(new) new" : "all seen",
          ],
          ["2", "lab", counted(index.labs.count, "lab"), plain(next ?? "all passed")],
          ["3", "exam", "\(form.questions) questions in \(form.minutes) min", "or \"exam mini\""],
          ["4", "tour", "3 minutes, shows the keys"],
        ])
    } catch {
      complain(PromptRefusal(error))
      say("  Without questions and labs there is the sandbox: aws …, help, tour.")
    }
  }

  /// Opens the world that was left, and says where it stands.
  private func goOn(_ id: String) throws {
    try atWorld({ try goOn(id, $0) }, here: { try goOnHere(id) })
  }

  /// The world is open in another process.
  private func goOn(_ id: String, _ held: HeldWorld) throws {
    let place = try held.look()
    let lab = place.lab
    var text = lab.map { "Going on with the lab \($0)" } ?? "Going on in \(id)"
    text += " at \(place.now)"
    if place.isFork { text += ", inside a what-if" }
    tell(plain(text) + (lab == nil ? "." : ". \"task\" shows what is asked."))
    tell(
      "It is open in \(held.owner) too: what is typed here is done there, so undo and what-if are "
        + "shared. Leaving here leaves it open there.")
    say()
  }

  private func goOnHere(_ id: String) throws {
    let session = try world()
    let lab = try labDesk.run(session)
    var text = lab.map { "Going on with the lab \($0.scenario.id)" } ?? "Going on in \(id)"
    text += " at \(session.now.promptText)"
    if session.isFork { text += ", inside a what-if" }
    tell(plain(text) + (lab == nil ? "." : ". \"task\" shows what is asked."))
    say()
  }
}
