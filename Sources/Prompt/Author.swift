// SPDX-License-Identifier: GPL-3.0-or-later

import ContentFormat
import Documents
import Glibc
import Quiz
import Scenarios
import StateStore
import Terminal

extension Console {
  /// Looks content files and folders over: schema, names, solutions and traps over many seeds.
  ///
  /// - Parameters:
  ///   - paths: Files and folders; the program's own content if empty.
  ///   - seeds: Over how many seeds solutions and traps are run.
  /// - Returns: 0 if nothing is wrong, 3 if something is, one line for each on standard output.
  package func runAuthorCheck(_ paths: [String], seeds: Int) -> Int32 {
    author(paths) { bench in
      switch bench {
      case .scenarios(let files, let library, let folder):
        let checker = ScenarioChecker(seeds: 1...UInt64(max(1, seeds)), claims: claims(folder))
        return library.map { checker.check($0) } ?? files.flatMap { checker.check($0) }
      case .questions(let library, let errors): return library.errors + errors
      }
    }
  }

  /// Proves questions: each choice on a fork of its own.
  ///
  /// - Parameters:
  ///   - paths: Files and folders; the program's own questions if empty.
  ///   - seeds: Over how many seeds.
  /// - Returns: 0 if every proof holds, 3 if one does not.
  package func runAuthorProve(_ paths: [String], seeds: Int) -> Int32 {
    author(paths) { bench in
      guard case .questions(let library, let errors) = bench else { return [] }
      var found = library.errors + errors
      for question in library.questions {
        var report = Prover.prove(question)
        for seed in 2...UInt64(max(2, seeds)) where report.problems.isEmpty && seeds > 1 {
          report = Prover.prove(question, seed: seed)
        }
        found += report.problems
        if !settings.printsJSON { say("\(plain(question.id)): \(plain(report.summary))") }
      }
      return found
    }
  }

  /// Prints the JSON Schema of a format.
  ///
  /// - Parameter format: `scenario`, `questions` or `claims`.
  /// - Returns: The exit status.
  package func runAuthorSchema(_ format: String) -> Int32 {
    let status = perform {
      let schema: Document
      switch format {
      case "scenario": schema = Scenario.schemaFile
      case "questions": schema = Bank.schema
      case "claims":
        schema = ClaimCatalog.format.schema.file(
          id: "claims-1.schema.json", title: "Rewind claims")
      default:
        throw PromptRefusal(
          "There is no format \(plain(format)).", advice: "scenario, questions or claims.",
          status: 2)
      }
      out.write(schema.json(.indented(2)) + "\n")
      return 0
    }
    do { try flush() } catch { return 5 }
    return status
  }

  /// Prints each claim of the study guide with the questions and labs that teach it, and whether a
  /// transcript shows it.
  ///
  /// A star marks a question whose key the engine proves.
  ///
  /// - Returns: 0 if every claim is taught by a question, 1 if one is not.
  package func runAuthorClaims() -> Int32 {
    let status = perform {
      let root = try shelf.root(settings)
      let taught = try shelf.questions(settings).coverage
      let labs = Dictionary(
        ScenarioChecker.coverage(try ScenarioLibrary(root.scenarios))
      ) { first, _ in first }
      let shown = root.claimsWithTranscript
      for claim in taught {
        let id = claim.claim.description
        let questions = claim.questions.map { claim.proved.contains($0) ? $0 + "*" : $0 }
        let isShown = shown?.contains(id) ?? false
        let teachers =
          questions + (labs[id] ?? []).map { "lab:" + $0 } + (isShown ? ["transcript"] : [])
        if settings.printsJSON {
          answer([
            "claim": .string(id), "questions": .array(claim.questions.map(Document.string)),
            "proved": .array(claim.proved.map(Document.string)),
            "labs": .array((labs[id] ?? []).map(Document.string)),
            "transcript": shown == nil ? .null : .bool(isShown),
          ])
        } else {
          let gap = String(repeating: " ", count: max(1, 9 - id.count))
          say(plain(id + gap + (teachers.isEmpty ? "-" : teachers.joined(separator: " "))))
        }
      }
      let untaught = taught.filter(\.questions.isEmpty).count
      let unshown = shown.map { names in
        ", \(taught.filter { !names.contains($0.claim.description) }.count) without a transcript"
      }
      talk(
        "\(counted(taught.count, "claim")), \(untaught) without a question" + (unshown ?? ""))
      return untaught == 0 ? 0 : 1
    }
    do { try flush() } catch { return 5 }
    return status
  }

  // MARK: Finding content

  /// What a path holds.
  private enum Bench {
    /// Files, or all of a folder.
    case scenarios(files: [ScenarioFile], library: ScenarioLibrary?, folder: ContentFolder)
    case questions(QuestionLibrary, errors: [ContentError])
  }

  private func author(
    _ paths: [String], _ look: (Bench) throws -> [ContentError]
  ) -> Int32 {
    let status = perform {
      var count = 0
      for path in try paths.isEmpty ? ownContent() : paths {
        let bench = try bench(path)
        let errors = try look(bench)
        let folder = Self.isFolder(path) ? path : Self.folder(of: path)
        for var error in errors.sorted() {
          if !error.file.hasPrefix("/") { error.file = Self.joined(folder, error.file) }
          report(error)
        }
        count += errors.count
        talk("\(plain(path)): \(summary(bench)), \(counted(errors.count, "error"))")
      }
      return count == 0 ? 0 : 3
    }
    do { try flush() } catch { return 5 }
    return status
  }

  private func report(_ error: ContentError) {
    guard settings.printsJSON else { return say(plain(error.description)) }
    answer([
      "file": .string(error.file), "line": .integer(Int64(error.line)),
      "column": .integer(Int64(error.column)), "code": .string(error.code.rawValue),
      "message": .string(error.message), "fix": error.fix.map(Document.string) ?? .null,
    ])
  }

  private func summary(_ bench: Bench) -> String {
    switch bench {
    case .scenarios(let files, _, _): counted(files.count, "lab")
    case .questions(let library, _):
      "\(counted(library.questions.count, "question")) for "
        + "\(library.coverage.filter { !$0.questions.isEmpty }.count) of "
        + counted(library.claims.claims.count, "claim")
    }
  }

  private func ownContent() throws -> [String] {
    let root = try shelf.root(settings)
    return [root.scenarios.path, root.questions.path].filter(Self.isFolder)
  }

  private func bench(_ path: String) throws -> Bench {
    do {
      if Self.isFolder(path) {
        let folder = ContentFolder(path: path)
        let names = try folder.yamlFiles()
        guard let first = names.first else {
          throw PromptRefusal("\(plain(path)) holds no .yaml files.", status: 3)
        }
        if Self.isQuestions(try folder.bytes(of: first)) {
          return .questions(.load(folder), errors: [])
        }
        let library = try ScenarioLibrary(folder)
        return .scenarios(files: library.files, library: library, folder: folder)
      }
      let folder = ContentFolder(path: Self.folder(of: path))
      let name = path.split(separator: "/").last.map(String.init) ?? path
      let bytes = try folder.bytes(of: name)
      guard Self.isQuestions(bytes) else {
        return .scenarios(
          files: [ScenarioFile(bytes: bytes, name: name)], library: nil, folder: folder)
      }
      return try oneBank(bytes, name, folder)
    } catch let problem as ContentProblem {
      throw PromptRefusal(problem, status: 3)
    }
  }

  /// One bank as a library of its own, with the claims of its folder.
  private func oneBank(
    _ bytes: [UInt8], _ name: String, _ folder: ContentFolder
  ) throws -> Bench {
    let bank = Bank.read(bytes, file: name)
    let catalog = ContentFile(name: ClaimCatalog.fileName, in: folder, as: ClaimCatalog.format)
    let claims = try catalog.value ?? shelf.questions(settings).claims
    return .questions(
      QuestionLibrary(claims: claims, banks: bank.value.map { [$0] } ?? []), errors: bank.errors)
  }

  /// The ids of the claims that labs may teach; nil where no catalogue is found.
  private func claims(_ folder: ContentFolder) -> [String]? {
    let beside = ContentFolder(path: folder.path + "/../questions")
    let catalog = ContentFile(name: ClaimCatalog.fileName, in: beside, as: ClaimCatalog.format)
    let found = catalog.value ?? (try? shelf.questions(settings).claims)
    return found.flatMap { $0.claims.isEmpty ? nil : $0.ids.map(\.description) }
  }

  /// Whether a file's marker names questions or claims; everything else is held to be a scenario.
  private static func isQuestions(_ bytes: [UInt8]) -> Bool {
    let head = String(decoding: bytes.prefix(4096), as: UTF8.self)
    return head.split(separator: "\n").contains {
      $0.hasPrefix("rewind: questions/") || $0.hasPrefix("rewind: claims/")
        || $0.hasPrefix("bank:")
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func joined(_ folder: String, _ name: String) -> String {
    folder == "." ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }
}
