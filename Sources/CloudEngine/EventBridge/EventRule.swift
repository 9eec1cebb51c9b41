// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import PersistentCollections
import Simulation

/// A rule of the default event bus: which events it is for, and who gets them. [EVENTS.rule]
struct EventRule: Sendable, Codable {
  let name: String
  let arn: String
  let owner: String
  var pattern: EventPattern?
  /// When it is due by itself, as given.
  var schedule: EventSchedule?
  var isEnabled: Bool
  /// True for a rule that is also told of calls that change nothing. [EVENTS.calls]
  var seesReads: Bool?
  var description: String?
  var roleARN: String?
  var targets: OrderedMap<String, EventTarget> = OrderedMap()
  /// Its place on the agenda while it has a schedule and is enabled.
  var dueToken: AgendaToken?

  /// Its state as it was put.
  var state: String {
    guard isEnabled else { return "DISABLED" }
    return seesReads == true ? Self.seesReadsState : "ENABLED"
  }

  static let seesReadsState = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
  static let mostTargets = 5
  static let mostRules = 300
}

/// Who gets a rule's events, and in what form.
struct EventTarget: Sendable, Hashable, Codable {
  let id: String
  let arn: String
  let roleARN: String?
  let input: String?
  let inputPath: String?
  let transformer: Transformer?

  struct Transformer: Sendable, Hashable, Codable {
    /// By the names that the template uses, the paths of what stands for them.
    let paths: OrderedMap<String, String>
    let template: String
  }

  /// The message that the target gets of an event. [EVENTS.input]
  func message(of event: Document) -> String {
    if let input { return input }
    if let inputPath { return (Self.value(at: inputPath, in: event) ?? .null).json(.compact) }
    guard let transformer else { return event.json(.compact) }
    var text = ""
    var rest = transformer.template[...]
    while let start = rest.firstIndex(of: "<"), let end = rest[start...].firstIndex(of: ">") {
      text += rest[..<start]
      let name = String(rest[rest.index(after: start)..<end])
      if let path = transformer.paths[name] {
        let value = Self.value(at: path, in: event)
        text += value?.string ?? value?.json(.compact) ?? ""
      } else {
        text += rest[start...end]
      }
      rest = rest[rest.index(after: end)...]
    }
    return text + rest
  }

  /// What stands at a path such as `$.detail.state`; nil if nothing does.
  private static func value(at path: String, in event: Document) -> Document? {
    var value: Document? = event
    for name in path.split(separator: ".").dropFirst() { value = value?[String(name)] }
    return value
  }
}

/// When a rule is due: again and again after so long, or at times of a calendar. [EVENTS.schedule]
struct EventSchedule: Sendable, Hashable, Codable {
  let text: String
  /// Nil for a calendar's times, which the text says.
  let interval: Duration?

  private static let wrong = ServiceError.validation("Parameter ScheduleExpression is not valid.")

  /// - Throws: A validation error.
  init(_ text: String) throws(ServiceError) {
    self.text = text
    if text.hasPrefix("cron(") {
      interval = nil
      guard cron != nil else { throw Self.wrong }
      return
    }
    guard text.hasPrefix("rate("), text.hasSuffix(")") else { throw Self.wrong }
    let words = text.dropFirst(5).dropLast().split(separator: " ")
    guard words.count == 2, let count = Int64(words[0]), count > 0, count <= 1_000_000 else {
      throw Self.wrong
    }
    // One of them is singular, several are plural.
    switch (words[1], count == 1) {
    case ("minute", true), ("minutes", false): interval = .minutes(count)
    case ("hour", true), ("hours", false): interval = .hours(count)
    case ("day", true), ("days", false): interval = .days(count)
    default: throw Self.wrong
    }
  }

  private var cron: CronExpression? { try? CronExpression(text, isHourlyAtMost: false) }

  /// When it is next due by the calendar of UTC; nil for never again.
  func next(after now: Instant) -> Instant? {
    if let interval { return now + interval }
    guard let utc = ZoneRule.named(BackupRule.defaultZone) else { return nil }
    return cron?.next(after: now, in: utc)
  }
}

extension ARN {
  static func rule(_ name: String, in place: Place) -> String {
    "arn:\(place.partition.rawValue):events:\(place.region):\(place.account):rule/\(name)"
  }
}

// MARK: - Events

/// Something that a service tells the event bus. [EVENTS.envelope]
struct BusEvent: Hashable, Sendable, Codable {
  /// Such as `aws.backup`.
  let source: String
  /// Such as `Backup Job State Change`.
  let detailType: String
  let resources: [String]
  let detail: Document

  func envelope(id: String, at now: Instant, in place: Place) -> Document {
    [
      "version": "0", "id": .string(id), "detail-type": .string(detailType),
      "source": .string(source), "account": .string(place.account),
      "time": .string(now.flooredToSecond.rfc3339), "region": .string(place.region),
      "resources": .array(resources.map(Document.string)), "detail": detail,
    ]
  }
}

extension Cloud {
  /// Tells the bus of a place what happened; the rules for it pass it on at once.
  ///
  /// - Parameters:
  ///   - event: What happened.
  ///   - place: Where.
  ///   - instant: When; now if left out.
  /// - Complexity: O(n) in the number of rules there.
  mutating func emit(_ event: BusEvent, in place: Place, of instant: Instant? = nil) {
    guard let rules = self[place].eventRules, !rules.isEmpty else { return }
    let envelope = event.envelope(id: observations.nextEventID(), at: instant ?? now, in: place)
    for rule in rules.values where rule.isEnabled && rule.pattern?.matches(envelope) ?? false {
      deliver(envelope, by: rule)
    }
  }

  /// Tells the bus of a call that the audit trail has: one that changes nothing reaches only rules that
  /// ask for those too. [EVENTS.calls]
  ///
  /// - Complexity: O(n) in the number of rules there.
  mutating func emit(_ call: TrailEvent) {
    let place = call.caller.place
    guard let rules = self[place].eventRules,
      rules.values.contains(where: { $0.isEnabled && $0.pattern != nil })
    else { return }
    let service = call.source.prefix { $0 != "." }
    let event = BusEvent(
      source: "aws.\(service)", detailType: "AWS API Call via CloudTrail", resources: [],
      detail: call.record)
    let envelope = event.envelope(id: observations.nextEventID(), at: now, in: place)
    for rule in rules.values where rule.isEnabled && (!call.isReadOnly || rule.seesReads == true) {
      if rule.pattern?.matches(envelope) ?? false { deliver(envelope, by: rule) }
    }
  }

  /// A rule's schedule is due, and will be again.
  mutating func ruleIsDue(_ name: String, in place: Place) {
    guard let rule = self[place].eventRules?[name] else { return }
    scheduleRule(name, in: place)
    let event = BusEvent(
      source: "aws.events", detailType: "Scheduled Event", resources: [rule.arn],
      detail: .emptyObject)
    deliver(event.envelope(id: observations.nextEventID(), at: now, in: place), by: rule)
  }

  /// Topics that let the bus publish get the event; nothing runs at targets of other kinds.
  private mutating func deliver(_ envelope: Document, by rule: EventRule) {
    for target in rule.targets.values {
      guard let arn = ARN(target.arn), arn.service == "sns" else { continue }
      let place = Place(account: arn.account, region: arn.region)
      guard let topic = self[place].topics?[target.arn],
        topic.admits(service: "events.amazonaws.com", for: ARN(rule.arn)?.account)
      else { continue }
      publish(target.message(of: envelope), to: target.arn)
    }
  }
}
