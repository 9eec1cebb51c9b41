// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
package import CommandLanguage
package import ContentFormat
internal import ItemModel
package import Simulation

/// A world description resolved with a seed: every name bound, every time known.
///
/// It builds the start cloud, knows what happens when, and belongs to no run: labs, proofs, traps and
/// counterfactuals of one seed share it.
package struct StartWorld: Sendable {
  package let description: WorldDescription
  package let seed: UInt64
  package let clock: Instant
  package let schedule: Schedule
  /// What placeholders may call: parameters, tables, accounts, roles, backups, streams, incidents.
  package let bindings: Bindings

  /// Who built the world, and who runs its incidents unless `as` says otherwise.
  package static let platform = Principal(kind: .role, name: "platform", session: "platform")

  /// Resolves a description.
  ///
  /// - Parameters:
  ///   - description: What the file says.
  ///   - parameters: The lab's parameters, drawn from the seed.
  ///   - seed: Decides parameters, items, traffic and identifiers.
  /// - Throws: `ContentProblem` for a time or a name that cannot be resolved.
  package init(
    _ description: WorldDescription, parameters: [Named<Parameter>] = [], seed: UInt64
  ) throws(ContentProblem) {
    self.description = description
    self.seed = seed
    clock = description.clock
    var names = try Parameter.draw(parameters, seed: seed, clock: clock)
    names["start"] = .time(clock)
    for incident in description.timeline {
      if let at = incident.at {
        names[incident.id] = .time(try at.instant(from: clock, Bindings(names)))
      }
    }
    for (name, value) in try Self.things(description) where names[name] == nil {
      names[name] = value
    }
    schedule = try Schedule(description, seed: seed, clock: clock, Bindings(names))
    bindings = Bindings(names)
  }

  private static func things(
    _ description: WorldDescription
  ) throws(ContentProblem) -> [String: Binding] {
    var names: [String: Binding] = [:]
    let accounts = description.allAccounts
    for account in accounts {
      names[account.name] = .thing(
        text: account.value.id,
        parts: ["id": .text(account.value.id), "region": .text(account.value.region)])
    }
    for role in description.roles {
      let account = accounts.first { $0.name == role.value.account } ?? accounts[0]
      let arn = "arn:aws:iam::\(account.value.id):role\(role.value.path)\(role.name)"
      names[role.name] = .thing(
        text: arn, parts: ["arn": .text(arn), "account": .text(account.value.id)])
    }
    for table in description.tables {
      let place = try description.place(table.value.place)
      names[table.name] = .thing(
        text: table.name,
        parts: [
          "arn": .text(ARN.table(table.name, in: place)), "region": .text(place.region),
          "account": .text(place.account),
        ])
    }
    return names
  }

  /// What placeholders stand for at an instant: `<now>` and what streams have written so far too.
  package func bindings(at now: Instant) -> Bindings {
    var result = bindings
    result["now"] = .time(now)
    for stream in schedule.streams {
      var parts: [String: Binding] = [:]
      if let first = stream.first(through: now) { parts["first"] = .time(first) }
      if let last = stream.last(through: now) { parts["last"] = .time(last) }
      result[stream.id] = .thing(text: stream.id, parts: parts)
    }
    return result
  }

  /// The learner's credentials.
  package var learner: Profile { description.learner }

  /// The credentials behind `account/role`, `role` or `account`; the learner's for nil.
  ///
  /// - Throws: `ContentProblem` for names the world does not have.
  package func profile(_ text: String?) throws(ContentProblem) -> Profile {
    try description.profile(text)
  }

  /// Every profile a command of this world can name after `--profile`.
  package var profiles: [String: Profile] {
    var result: [String: Profile] = [:]
    for name in description.allAccounts.map(\.name) + description.roles.map(\.name) {
      if let profile = try? profile(name) { result[name] = profile }
    }
    return result
  }
}

extension WorldDescription {
  /// The credentials of the learner, who is the first account's administrator.
  fileprivate var learner: Profile {
    let account = allAccounts[0].value
    return Profile(account: account.id, region: account.region)
  }

  /// The credentials behind `account/role`, `role` or `account`; the learner's for nil.
  ///
  /// - Throws: `ContentProblem` for names the world does not have.
  fileprivate func profile(_ text: String?) throws(ContentProblem) -> Profile {
    guard let text, text != "you" else { return learner }
    let parts = text.split(separator: "/").map(String.init)
    let accounts = allAccounts
    let role = roles.first { $0.name == parts.last }
    let accountName = parts.count == 2 ? parts[0] : role?.value.account ?? parts[0]
    let account =
      accounts.first { $0.name == accountName || $0.value.id == accountName }
      ?? (role != nil && parts.count == 1 ? accounts[0] : nil)
    guard let account, parts.count < 3, parts.count == 1 || role != nil else {
      throw ContentProblem(
        .unknownName, "nobody is called \(text)",
        fix: Suggestion.fix(
          for: text, among: accounts.map(\.name) + roles.map(\.name)))
    }
    let principal = role.map { Principal(kind: .role, name: $0.name, session: $0.name) }
    return Profile(
      account: account.value.id, region: account.value.region,
      principal: principal ?? .administrator)
  }

  /// The accounts, or the one that a world has which names none.
  package var allAccounts: [Named<AccountDescription>] {
    accounts.isEmpty ? [AccountDescription.standard] : accounts
  }

  /// The place that `account/region`, an account or a Region names; the learner's for nil.
  ///
  /// - Throws: `ContentProblem` for an account that does not exist.
  package func place(_ text: String?) throws(ContentProblem) -> Place {
    let home = allAccounts[0].value
    guard let text else { return Place(account: home.id, region: home.region) }
    var account = home
    var region: String?
    for part in text.split(separator: "/").map(String.init) {
      if Partition(ofRegion: part) != nil {
        region = part
      } else if let named = allAccounts.first(where: { $0.name == part || $0.value.id == part }) {
        account = named.value
      } else {
        throw ContentProblem(
          .unknownName, "there is no account or Region \(part)",
          fix: Suggestion.fix(for: part, among: allAccounts.map(\.name)))
      }
    }
    return Place(account: account.id, region: region ?? account.region)
  }

  /// Reports names that refer to nothing, at the places that use them.
  func report(_ reading: inout Reading) {
    var reporter = WorldReporter(world: self, reading: reading)
    reporter.run()
    reading = reporter.reading
  }
}

/// The checks between the parts of a world.
struct WorldReporter {
  let world: WorldDescription
  var reading: Reading

  mutating func run() {
    for table in world.tables { place(table.value.place, at: table.value.mark) }
    for backup in world.backups { table(backup.of, at: backup.mark) }
    for app in world.apps { table(app.value.uses, at: app.value.mark) }
    for stream in world.traffic {
      if let name = stream.action?.table { table(name, at: stream.mark) }
    }
    for incident in world.timeline {
      look(at: incident)
    }
    unique(world.traffic.map { ($0.id, $0.mark) }, "stream")
    unique(world.timeline.map { ($0.id, $0.mark) }, "incident")
    reportPlaces()
  }

  mutating func report(
    _ code: ContentError.Code, _ message: String, fix: String? = nil, at mark: Mark
  ) {
    reading.report(code, message, fix: fix, at: mark)
  }

  private mutating func look(at incident: Incident) {
    switch incident.event {
    case .scramble(let name)?: table(name, at: incident.mark)
    case .failJob(let job)?: table(job.of, at: incident.mark)
    case .keyOff(let text)?, .keyDeletion(let text)?, .emptyVault(let text)?:
      do throws(ContentProblem) {
        _ = try world.placed(text)
      } catch {
        reading.report(error.code, error.message, fix: error.fix, at: incident.mark)
      }
    case .expire(let who)?, .renew(let who)?: somebody(who, at: incident.mark)
    default: break
    }
    if let who = incident.runAs { somebody(who, at: incident.mark) }
  }

  private mutating func table(_ name: String, at mark: Mark) {
    let names = world.tables.map(\.name)
    guard !names.contains(name) else { return }
    reading.report(
      .unknownName, "there is no table \(name)", fix: Suggestion.fix(for: name, among: names),
      at: mark)
  }

  private mutating func somebody(_ text: String, at mark: Mark) {
    do throws(ContentProblem) {
      _ = try world.profile(text)
    } catch {
      reading.report(error.code, error.message, fix: error.fix, at: mark)
    }
  }

  mutating func place(_ text: String?, at mark: Mark) {
    do throws(ContentProblem) {
      _ = try world.place(text)
    } catch {
      reading.report(error.code, error.message, fix: error.fix, at: mark)
    }
  }

  private mutating func unique(_ ids: [(String, Mark)], _ what: String) {
    var seen: [String] = []
    for (id, mark) in ids {
      if seen.contains(id) {
        reading.report(.duplicateKey, "a second \(what) is called \(id)", at: mark)
      }
      seen.append(id)
    }
  }
}
