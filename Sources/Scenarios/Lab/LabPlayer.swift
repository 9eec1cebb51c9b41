// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
internal import CommandLanguage
package import ContentFormat
internal import Digests
package import Documents
package import Simulation
package import Worlds

/// Plays command lines in a lab's world the way the prompt does, and writes down what came of them.
///
/// Reference solutions, traps and the replay of results go through it; names that a line sets and
/// `export` stay for the lines after it.
package struct LabPlayer: Sendable {
  package private(set) var world: WorldRun
  private var names: [String: String]
  private var environment: [String: String] = [:]

  package init(_ world: WorldRun) {
    self.world = world
    names = world.names
  }

  /// What one line came to.
  package struct Outcome: Sendable {
    package var result: RunResult
    /// When it began.
    package var at: Instant
    /// SHA-256 of each answer or refusal, in the order of the requests.
    package var digests: [String]
    /// Whether an accepted request changed something.
    package var isChange: Bool
  }

  /// Plays one line.
  ///
  /// - Throws: `ContentProblem` for an undeclared placeholder, or words that are no command.
  package mutating func play(_ line: String) throws(ContentProblem) -> Outcome {
    var runner = CommandRunner(profile: world.world.learner, profiles: world.world.profiles)
    runner.names = names
    runner.context.environment = environment
    let bindings = world.bindings
    let box = WorldBox(world)
    let at = world.now
    let result = try runner.run(line, bindings, door: box.door)
    world = box.world
    names = runner.names
    environment = runner.context.environment
    world.names = names
    return Outcome(result: result, at: at, digests: box.digests, isChange: box.isChange)
  }
}

/// A world behind a door for as long as one line lasts.
private final class WorldBox {
  var world: WorldRun
  var digests: [String] = []
  var isChange = false

  init(_ world: WorldRun) { self.world = world }

  var door: Door {
    Door(
      perform: { request in
        let outcome = self.world.perform(request)
        self.digests.append(OutcomeDigest.hex(of: outcome))
        if case .success = outcome,
          !Cloud.isReadOnly(request)
        {
          self.isChange = true
        }
        return outcome
      }, now: { self.world.now }, advance: { self.world.advance(by: $0) },
      pending: { self.world.cloud.pendingTransitions.map { ($0.at, $0.what) } })
  }
}

/// The digest of an answer, as the journal of a world writes it.
package enum OutcomeDigest {
  /// 64 hexadecimal digits.
  package static func hex(of outcome: Result<Document, ServiceError>) -> String {
    switch outcome {
    case .success(let output):
      return digest(of: Array("accepted\n".utf8) + output.jsonBytes(.compact)).hex
    case .failure(let error):
      let words: Document = .array([.string(error.message), error.members])
      return digest(
        of: Array("refused\n\(error.code)\n\(error.status)\n".utf8) + words.jsonBytes(.compact)
      ).hex
    }
  }
}
