// SPDX-License-Identifier: GPL-3.0-or-later

import ContentFormat
import Glibc
import Quiz
import Scenarios

/// Questions and labs, read when the first word needs them.
final class ContentShelf {
  private var root: ContentRoot?
  private var questionLibrary: QuestionLibrary?
  private var scenarioLibrary: ScenarioLibrary?

  /// Where content is.
  ///
  /// - Throws: A refusal naming the places looked at.
  func root(_ settings: ConsoleSettings) throws -> ContentRoot {
    if let root { return root }
    do {
      let found = try ContentRoot.find(
        flag: settings.contentPath, environment: settings.environment,
        executable: Self.executable, workingDirectory: settings.workingDirectory)
      root = found
      return found
    } catch {
      throw PromptRefusal(error, status: 3)
    }
  }

  /// All questions.
  func questions(_ settings: ConsoleSettings) throws -> QuestionLibrary {
    if let questionLibrary { return questionLibrary }
    let library = QuestionLibrary.load(try root(settings).questions)
    questionLibrary = library
    return library
  }

  /// All labs.
  func scenarios(_ settings: ConsoleSettings) throws -> ScenarioLibrary {
    if let scenarioLibrary { return scenarioLibrary }
    do {
      let library = try ScenarioLibrary(try root(settings).scenarios)
      scenarioLibrary = library
      return library
    } catch let problem as ContentProblem {
      throw PromptRefusal(problem, status: 3)
    }
  }

  private static var executable: String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    guard count > 0 else { return CommandLine.arguments.first ?? "rewind" }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

extension PromptRefusal {
  /// What is wrong with content, as a refusal.
  init(_ problem: ContentProblem, status: Int32) {
    self.init(
      plain(problem.message) + ".", advice: problem.fix.map { plain($0) + "." } ?? "",
      status: status)
  }
}
