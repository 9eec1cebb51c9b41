// SPDX-License-Identifier: GPL-3.0-or-later

extension WordTable {
  static let learning: [Word] = [
    Word(
      "quiz [N]", "answer practice questions, with reasons", .learn, aliases: ["1"],
      details: "--topic T takes questions on one study-guide id, --seed S repeats a draw. "
        + "Keys: letters or numbers answer, b? means unsure, f flags, x suspends, ! reports, q leaves.",
      at: .process
    ) { try $0.quiz($1) },
    Word(
      "exam [mini]", "a timed exam with a result by domain", .learn, aliases: ["3"],
      details:
        "The clock of an exam is the host's and runs on while you are away; \"exam\" goes back in.",
      at: .process
    ) { try $0.exam($1) },
    .notBuilt(
      "review", "questions that are due today", .learn, instead: "\"quiz\" asks what is new."),
    .notBuilt("plan EXAM DATE", "work towards an exam date", .learn),
    .notBuilt("progress", "what is known and what is not", .learn),
    Word(
      "lab [NAME]", "list the labs, start or resume one", .learn, aliases: ["2"],
      details: "lab list, lab start NAME, lab resume NAME, lab leave, lab result. "
        + "--seed S starts with other numbers.", at: .process
    ) { try $0.lab($1) },
    Word("tour", "three minutes that show the keys", .learn, aliases: ["4"], at: .process) {
      try $0.tour($1)
    },
  ]

  static let lab: [Word] = [
    Word("task", "what is asked, and how far it is", .lab) { try $0.labTask($1) },
    Word("check", "grade the outcome so far", .lab) { try $0.labCheck($1) },
    Word("hint", "the next hint and what it costs", .lab) { try $0.labHint($1) },
    Word("answer VALUE", "answer a task that asks something", .lab) { try $0.labAnswer($1) },
    Word("solution [NAME]", "the reference solutions; the lab counts as seen", .lab) {
      try $0.labSolution($1)
    },
    Word("skip", "leave this task for the next", .lab) { try $0.labSkip($1) },
    Word("reset", "back to the start of this world; undo takes it back", .lab) { try $0.reset($1) },
    .notBuilt(
      "try", "open a question's world", .lab, instead: "\"prove\" in a quiz runs its proof."),
    .notBuilt("compare", "solutions side by side", .lab),
    .notBuilt(
      "blame", "the command after which the goal was lost", .lab,
      instead: "\"check\" says what is missing."),
    .notBuilt("why", "why the last command did what it did", .lab),
  ]

  static let world: [Word] = [
    Word(
      "undo [N|NAME]", "take the last change back, clock and all", .world,
      details:
        "N takes N changes back, NAME goes back to a mark. Commands that only read do not count."
    ) { try $0.undo($1) },
    Word("redo [N]", "do what was undone again", .world) { try $0.redo($1) },
    Word(
      "mark NAME", "give this state a name", .world, details: "Without a name it lists the marks."
    ) {
      try $0.mark($1)
    },
    Word(
      "what-if", "try something that can be thrown away", .world, aliases: ["whatif"],
      details:
        "\"keep\" makes it real, \"discard\" throws it away. Leaving and coming back keeps it open."
    ) { try $0.whatIf($1) },
    Word("keep", "make the what-if real", .world) { try $0.keep($1) },
    Word("discard", "throw the what-if away", .world) { try $0.discard($1) },
    Word(
      "time [+5m]", "the clock; +5m moves it", .world,
      details: "Units: ms s m h d. \"time aws …\" runs a command and shows what it took."
    ) { try $0.time($1) },
    Word("wait", "until nothing is under way", .world) { try $0.wait($1) },
    Word("sleep 60", "let seconds pass on the virtual clock", .world) { try $0.sleep($1) },
    Word(
      "world [list]", "the worlds by name; copy, remove, export, import one", .world,
      details: "world use NAME, world copy NAME NEW, world remove NAME, world export FILE [NAME], "
        + "world import FILE [NAME]. A file holds a whole world and opens on another machine; "
        + "nothing is written over.", at: .process
    ) { try $0.worlds($1) },
    Word(
      "serve [--port 8000] [-- CMD]", "the endpoint for other clients", .world,
      details: "The AWS CLI and the SDKs ask this world until Ctrl-C; with CMD, until it ends. "
        + "--instant ends transitions at once, --speed 60 lets a minute pass in a second, --real-time a "
        + "second; --memory serves a new world that is kept nowhere. "
        + "rewind aws … and prompts in other terminals share the world with them.",
      at: .process
    ) { try $0.serve($1) },
    Word("shell", "a real shell that talks to this world", .world, at: .process) {
      try $0.shell($1)
    },
    Word(
      "env [--port 8000]", "the endpoint's environment", .world,
      details: "eval \"$(rewind env)\" in another terminal.", at: .process
    ) { try $0.printEnvironment($1) },
  ]

  static let looking: [Word] = [
    Word("status", "place, clock, lab, tables, what can be undone", .look) { try $0.status($1) },
    Word("log [N]", "what was typed", .look, aliases: ["history"]) { try $0.log($1) },
    Word(
      "timeline TABLE [2h]", "the restore window, writes, backups, restores", .look,
      details: "A length of time shows only the last of it."
    ) { try $0.timeline($1) },
    Word(
      "bill [NAME|--prices]", "what going back costs", .look,
      details:
        "NAME is a table, a vault, a key's id or an account. --prices lists each price with its "
        + "source."
    ) { try $0.bill($1) },
    Word("events [TABLE] [N]", "the audit trail", .look) { try $0.events($1) },
    Word("diff [N]", "what differs from the start, or from N changes ago", .look) {
      try $0.diff($1)
    },
    Word("date", "the virtual clock", .look) { try $0.date($1) },
    Word("variables", "the names set here", .look) { try $0.variables($1) },
  ]

  static let general: [Word] = [
    Word("help [all|WORD]", "these words", .general, at: .process) { try $0.help($1) },
    Word("unset NAME", "forget a name", .general) { try $0.unset($1) },
    Word("fidelity", "what is simulated and what is not", .general, at: .process) {
      try $0.fidelity($1)
    },
    Word("quit", "leave; everything is saved", .general, aliases: ["exit", "bye"], at: .process) {
      try $0.quit($1)
    },
  ]
}
