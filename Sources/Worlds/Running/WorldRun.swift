// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
internal import CommandLanguage
package import ContentFormat
package import Documents
internal import ItemModel
package import Simulation
internal import TableStore

/// A world in motion: a cloud, the schedule it follows, and the moments it has passed through.
///
/// It is a value: a copy is a fork, and nothing done to a copy is seen by the original. Whoever keeps
/// the cloud elsewhere (a session on disk) makes one from the session's clouds to check against, and
/// moves its clock with `StartWorld.move(to:door:cloud:)`.
package struct WorldRun: Sendable {
  package let world: StartWorld
  package private(set) var schedule: Schedule
  package private(set) var cloud: Cloud
  /// The cloud after each thing that changed it, oldest first; the first is the empty beginning.
  package private(set) var moments: [Cloud]
  /// The first moment that is the learner's: the start.
  package private(set) var startMoment = 0
  /// Names set by `NAME=$(…)`.
  package var names: [String: String] = [:]

  private init(world: StartWorld, schedule: Schedule, cloud: Cloud, moments: [Cloud]) {
    self.world = world
    self.schedule = schedule
    self.cloud = cloud
    self.moments = moments
  }

  /// The world at its clock, before anybody does anything.
  ///
  /// - Parameters:
  ///   - world: The resolved description.
  ///   - streams: Traffic streams to leave out.
  /// - Returns: A run whose clock stands at the world's.
  /// - Throws: `ContentProblem` where the engine refuses a part of the world.
  package static func start(
    _ world: StartWorld, without streams: Set<String> = []
  ) throws(ContentProblem) -> WorldRun {
    let schedule = world.schedule.without(streams)
    let empty = Cloud(
      seed: world.seed, clock: Instant(milliseconds: schedule.start.milliseconds - 1))
    var run = WorldRun(world: world, schedule: schedule, cloud: empty, moments: [empty])
    if let failure = run.move(to: world.clock) { throw failure }
    run.moments.append(run.cloud)
    run.startMoment = run.moments.count - 1
    return run
  }

  /// The same world with a cloud that lives elsewhere, and the states it went through since the start.
  package func adopting(_ cloud: Cloud, through states: [Cloud]) -> WorldRun {
    var run = self
    run.moments = Array(moments[...startMoment]) + states
    run.cloud = cloud
    return run
  }

  package var now: Instant { cloud.now }

  /// What placeholders stand for now, the world's ids included.
  package var bindings: Bindings {
    Self.bindings(of: world, in: cloud, start: moments[startMoment])
  }

  /// What placeholders stand for in a cloud of a world.
  ///
  /// - Parameters:
  ///   - world: The world it was started from.
  ///   - cloud: The cloud now.
  ///   - start: The cloud in which the world's backups are looked for; the present one for nil.
  /// - Returns: The names and what they stand for at the cloud's instant.
  package static func bindings(
    of world: StartWorld, in cloud: Cloud, start: Cloud? = nil
  ) -> Bindings {
    var result = world.bindings(at: cloud.now)
    for table in world.description.tables {
      guard let place = try? world.description.place(table.value.place),
        let live = cloud[place].table(named: table.name),
        case .thing(let text, var parts)? = result[table.name]
      else { continue }
      parts["id"] = .text(live.id)
      result[table.name] = .thing(text: text, parts: parts)
    }
    for history in world.description.backups {
      guard let id = history.id, let arn = backupARN(history, world, start ?? cloud) else {
        continue
      }
      let short = arn.split(separator: "/").last.map(String.init) ?? arn
      result[id] = .thing(text: arn, parts: ["arn": .text(arn), "id": .text(short)])
    }
    return result
  }

  /// The newest backup that a line of the world's history made.
  private static func backupARN(
    _ history: BackupHistory, _ world: StartWorld, _ cloud: Cloud
  ) -> String? {
    let name = history.name ?? history.id ?? ""
    let table = world.description.tables.first { $0.name == history.of }
    guard let place = try? world.description.place(table?.value.place) else { return nil }
    return CloudReader(cloud, place).backups(of: history.of)
      .filter { $0["BackupName"]?.string == name }.last?["BackupArn"]?.string
  }

  // MARK: Time

  /// Lets time pass; traffic and incidents on the way happen at their instants.
  package mutating func advance(by duration: Duration) {
    _ = move(to: cloud.now + duration)
  }

  package mutating func advance(to instant: Instant) { _ = move(to: instant) }

  /// Moves the clock, and gives the first refusal among the world's own set-up steps.
  private mutating func move(to end: Instant) -> ContentProblem? {
    var failure: ContentProblem?
    let target = min(end, Cloud.lastInstant)
    while let next = schedule.nextInstant(after: cloud.now, through: target) {
      cloud.advance(to: next)
      for happening in schedule.happenings(at: next) {
        let problem = happen(happening)
        if failure == nil { failure = problem }
      }
    }
    cloud.advance(to: target)
    return failure
  }

  private mutating func happen(_ happening: Schedule.Happening) -> ContentProblem? {
    switch happening {
    case .write(_, let request):
      // A write to a table that is gone is lost, as it would be.
      _ = try? cloud.perform(request)
    case .incident(let incident):
      let refusal = apply(incident)
      // What the world is built of must succeed; what happens later may fail, as life has it.
      if let refusal, cloud.now < world.clock {
        return ContentProblem(
          .badValue, "line \(incident.mark.line): the service refuses: \(refusal)")
      }
    case .setUp(let step):
      do throws(ServiceError) {
        try step.perform(in: &cloud)
        moments.append(cloud)
      } catch {
        return ContentProblem(
          .badValue, "line \(step.mark.line): the service refuses: \(error.message)")
      }
    }
    return nil
  }

  /// Makes an incident happen now.
  ///
  /// - Returns: The words of the first refusal; nil if everything was accepted.
  @discardableResult
  package mutating func apply(_ incident: Incident) -> String? {
    var refusal: String?
    for request in incident.requests(in: cloud, world) {
      do throws(ServiceError) {
        _ = try cloud.perform(request)
      } catch {
        refusal = refusal ?? error.message
      }
    }
    if case .run(let commands)? = incident.event {
      let profile = (try? world.profile(incident.runAs)) ?? world.learner
      var runner = CommandRunner(profile: profile, profiles: world.profiles)
      runner.takesTime = false
      let bindings = bindings
      for command in commands {
        let live = LiveCloud(self)
        // What somebody else does wrong is a part of the story; it stays as the cloud took it.
        let result = try? runner.run(command.text, bindings, door: live.door(isTimed: false))
        self = live.run
        if result?.isAccepted != true {
          refusal = refusal ?? result.map { $0.refusal?.message ?? $0.stderr } ?? command.text
        }
      }
    }
    moments.append(cloud)
    return refusal
  }

  // MARK: Commands

  /// Sends one request, as a learner's program would; accepted changes become moments.
  package mutating func perform(_ request: ServiceRequest) -> Result<Document, ServiceError> {
    do throws(ServiceError) {
      let answer = try cloud.perform(request)
      if !Cloud.isReadOnly(request) {
        moments.append(cloud)
      }
      return .success(answer)
    } catch {
      return .failure(error)
    }
  }

  /// Runs one command line of content.
  ///
  /// - Parameters:
  ///   - line: The line, placeholders in it.
  ///   - runAs: `account/role`; the learner for nil.
  /// - Returns: What was printed and whether it was accepted.
  /// - Throws: `ContentProblem` for an undeclared placeholder, an unknown role, or no command.
  @discardableResult
  package mutating func run(
    _ line: String, as runAs: String? = nil
  ) throws(ContentProblem) -> RunResult {
    var runner = CommandRunner(profile: try world.profile(runAs), profiles: world.profiles)
    runner.names = names
    let bindings = bindings
    let live = LiveCloud(self)
    let result = try runner.run(line, bindings, door: live.door(isTimed: true))
    self = live.run
    names = runner.names
    // What a command set going may have ended within its second: looked at after each command.
    if result.isAccepted { moments.append(cloud) }
    return result
  }

  // MARK: The past

  /// This run as it was at an instant; itself where the instant is not past.
  ///
  /// The nearest earlier moment is taken and time is let pass from there, so that what happened by
  /// itself in between is there too. The world's own clock means the start, before the learner's first
  /// command, which may bear the same instant.
  package func state(at instant: Instant) -> WorldRun {
    if instant == world.clock, startMoment > 0 { return atStart }
    guard instant < cloud.now else { return self }
    var (low, high) = (0, moments.count)
    while low < high {
      let middle = (low + high) / 2
      if moments[middle].now <= instant { low = middle + 1 } else { high = middle }
    }
    var past = self
    past.moments = Array(moments[..<max(1, low)])
    past.cloud = past.moments[past.moments.count - 1]
    past.startMoment = min(startMoment, past.moments.count - 1)
    past.advance(to: instant)
    return past
  }
}

extension WorldRun {
  /// The run as it was when the clock started.
  package var atStart: WorldRun { at(moment: startMoment) }

  /// The run at each moment since the start, and now.
  package var learnerMoments: [WorldRun] {
    var result = (startMoment..<moments.count).map { at(moment: $0) }
    if let last = result.last, last.now < now { result.append(self) }
    return result
  }

  private func at(moment index: Int) -> WorldRun {
    var past = self
    past.moments = Array(moments[...index])
    past.cloud = moments[index]
    return past
  }
}

/// A run behind a door: closures share it, so it is an object for as long as one command lasts.
final class LiveCloud {
  var run: WorldRun

  init(_ run: WorldRun) { self.run = run }

  func door(isTimed: Bool) -> Door {
    Door(
      perform: { self.run.perform($0) }, now: { self.run.now },
      advance: { if isTimed { self.run.advance(by: $0) } },
      pending: { self.run.cloud.pendingTransitions.map { ($0.at, $0.what) } })
  }
}

extension SetUp {
  func perform(in cloud: inout Cloud) throws(ServiceError) {
    switch action {
    case .request(let request): _ = try cloud.perform(request)
    case .load(let items, let table, let place):
      try cloud.load(items.map { Item($0) }, into: table, in: place)
    case .size(let bytes, let table, let place):
      try cloud.declareSize(bytes, ofTable: table, in: place)
    case .form(let organization): cloud.form(organization)
    case .declare(let role): cloud.declare(role)
    }
  }
}
