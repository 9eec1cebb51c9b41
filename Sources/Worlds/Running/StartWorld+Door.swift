// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
package import CommandLanguage
internal import ContentFormat
package import Simulation

extension StartWorld {
  /// Moves the clock of a cloud that lives elsewhere (a session on disk), and makes traffic and
  /// incidents happen in it at their instants.
  ///
  /// The owner wraps this around its own way of letting time pass and hands commands a door whose
  /// `advance` comes here; a `WorldRun` does the same to the cloud it holds.
  ///
  /// - Parameters:
  ///   - end: Where the clock is to stand.
  ///   - door: The way to the cloud; its `advance` moves the clock and nothing else.
  ///   - cloud: The cloud as it is at the time of asking.
  /// - Returns: The incidents that happened, in order, for their words.
  package func move(
    to end: Instant, door: Door, cloud: () -> Cloud
  ) -> [(at: Instant, incident: Incident)] {
    var happened: [(at: Instant, incident: Incident)] = []
    while let next = schedule.nextInstant(after: door.now(), through: end) {
      door.advance(next - door.now())
      // A clock that cannot reach the instant has met the end of time.
      guard door.now() == next else { return happened }
      for happening in schedule.happenings(at: next) {
        switch happening {
        case .setUp: break
        case .write(_, let request): _ = door.perform(request)
        case .incident(let incident):
          apply(incident, door: door, cloud: cloud())
          happened.append((next, incident))
        }
      }
    }
    if door.now() < end { door.advance(end - door.now()) }
    return happened
  }

  private func apply(_ incident: Incident, door: Door, cloud: Cloud) {
    for request in incident.requests(in: cloud, self) { _ = door.perform(request) }
    guard case .run(let commands)? = incident.event else { return }
    var runner = CommandRunner(
      profile: (try? profile(incident.runAs)) ?? learner, profiles: profiles)
    runner.takesTime = false
    var still = door
    still.advance = { _ in }
    let bindings = WorldRun.bindings(of: self, in: cloud)
    for command in commands { _ = try? runner.run(command.text, bindings, door: still) }
  }
}
