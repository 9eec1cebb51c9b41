// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// An operation of Amazon EventBridge, formerly CloudWatch Events.
protocol EventBusOperation: Operation {}

extension EventBusOperation {
  package static var service: String { "events" }
}

/// Makes a rule, or changes the one of that name; its targets stay. [EVENTS.rule]
package struct PutRule: EventBusOperation {
  let name: String
  let scheduleExpression: String?
  let eventPattern: String?
  let state: String?
  let description: String?
  let roleArn: String?
  let eventBusName: String?

  package struct Output: Encodable, Sendable {
    let ruleArn: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    try caller.requireDefaultBus(eventBusName)
    guard eventPattern?.isEmpty == false || scheduleExpression?.isEmpty == false else {
      throw .validation("Parameter(s) EventPattern or ScheduleExpression must be specified.")
    }
    var pattern: EventPattern?
    if let eventPattern, !eventPattern.isEmpty { pattern = try EventPattern(eventPattern) }
    var schedule: EventSchedule?
    if let scheduleExpression, !scheduleExpression.isEmpty {
      schedule = try EventSchedule(scheduleExpression)
    }
    var rules = cloud[caller.place].eventRules ?? OrderedMap()
    guard rules[name] != nil || rules.count < EventRule.mostRules else { throw .tooManyOfThese }
    // Every refusal is above this line.
    var rule =
      rules[name]
      ?? EventRule(
        name: name, arn: ARN.rule(name, in: caller.place), owner: caller.account, isEnabled: true)
    rule.pattern = pattern
    rule.schedule = schedule
    rule.description = description
    rule.roleARN = roleArn
    rule.isEnabled = state != "DISABLED"
    rule.seesReads = state == EventRule.seesReadsState ? true : nil
    rules[name] = rule
    cloud[caller.place].eventRules = rules
    cloud.scheduleRule(name, in: caller.place)
    return Output(ruleArn: rule.arn)
  }
}

/// A rule as the service shows it.
package struct RuleDescription: Encodable, Sendable {
  let name: String
  let arn: String
  let eventPattern: String?
  let scheduleExpression: String?
  let state: String
  let description: String?
  let roleArn: String?
  let eventBusName = "default"

  init(_ rule: EventRule) {
    name = rule.name
    arn = rule.arn
    eventPattern = rule.pattern?.text
    scheduleExpression = rule.schedule?.text
    state = rule.state
    description = rule.description
    roleArn = rule.roleARN
  }
}

/// Tells what a rule is for. [EVENTS.rule]
package struct DescribeRule: EventBusOperation {
  let name: String
  let eventBusName: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let name: String
    let arn: String
    let eventPattern: String?
    let scheduleExpression: String?
    let state: String
    let description: String?
    let roleArn: String?
    let eventBusName: String
    let createdBy: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let rule = try cloud.rule(name, on: eventBusName, for: caller)
    let shown = RuleDescription(rule)
    return Output(
      name: shown.name, arn: shown.arn, eventPattern: shown.eventPattern,
      scheduleExpression: shown.scheduleExpression, state: shown.state,
      description: shown.description, roleArn: shown.roleArn, eventBusName: shown.eventBusName,
      createdBy: rule.owner)
  }
}

/// Lists the rules of the default bus by name. [EVENTS.rule]
package struct ListRules: EventBusOperation {
  let namePrefix: String?
  let eventBusName: String?
  let nextToken: String?
  let limit: Int?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let rules: [RuleDescription]
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    try caller.requireDefaultBus(eventBusName)
    let start: String? = try PageToken.mark(in: nextToken, otherwise: .invalidEventToken(nextToken))
    let rules = cloud[caller.place].eventRules ?? OrderedMap()
    let rest = rules.entries(after: start).lazy.filter { $0.key.hasPrefix(namePrefix ?? "") }
    let page = Page(rest, limit: limit ?? EventRule.pageLimit) { $0.key }
    return Output(
      rules: page.shown.map { RuleDescription($0.value) }, nextToken: page.nextToken)
  }
}

/// Deletes a rule that has no targets any more; nothing happens if there is none. [EVENTS.rule]
package struct DeleteRule: EventBusOperation {
  let name: String
  let eventBusName: String?

  package typealias Output = EmptyOutput
  /// It is for rules that other services made; none do here.
  package static var acceptedWithoutEffect: [String] { ["Force"] }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    try caller.requireDefaultBus(eventBusName)
    guard var rule = cloud[caller.place].eventRules?[name] else { return EmptyOutput() }
    guard rule.targets.isEmpty else {
      throw .validation("Rule can't be deleted since it has targets.")
    }
    cloud.cancel(&rule)
    cloud[caller.place].eventRules?[name] = nil
    return EmptyOutput()
  }
}

/// Lets a rule pass events on again. [EVENTS.rule]
package struct EnableRule: EventBusOperation {
  let name: String
  let eventBusName: String?

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let rule = try cloud.rule(name, on: eventBusName, for: caller)
    guard !rule.isEnabled else { return EmptyOutput() }
    cloud[caller.place].eventRules?[name]?.isEnabled = true
    cloud[caller.place].eventRules?[name]?.seesReads = nil
    cloud.scheduleRule(name, in: caller.place)
    return EmptyOutput()
  }
}

/// Keeps a rule from passing events on. [EVENTS.rule]
package struct DisableRule: EventBusOperation {
  let name: String
  let eventBusName: String?

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    _ = try cloud.rule(name, on: eventBusName, for: caller)
    cloud[caller.place].eventRules?[name]?.isEnabled = false
    cloud.scheduleRule(name, in: caller.place)
    return EmptyOutput()
  }
}

extension EventRule {
  /// How many rules or targets make a page unless a request says so. [EVENTS.rule]
  static let pageLimit = 100
}

extension ServiceError {
  static func invalidEventToken(_ token: String?) -> ServiceError {
    .validation("Invalid NextToken: \(token ?? "")")
  }
}

extension Caller {
  /// Refuses every bus but the default one, by its name or its ARN.
  func requireDefaultBus(_ name: String?) throws(ServiceError) {
    guard let name, name != "default" else { return }
    let arn =
      "arn:\(place.partition.rawValue):events:\(region):\(account):event-bus/default"
    guard name == arn else {
      throw .eventBusNotFound(ARN(name).map { ARN.lastPart($0.resource) } ?? name)
    }
  }
}

extension Cloud {
  /// A rule of the caller's default bus.
  ///
  /// - Throws: ResourceNotFound.
  func rule(_ name: String, on bus: String?, for caller: Caller) throws(ServiceError) -> EventRule {
    try caller.requireDefaultBus(bus)
    guard let rule = self[caller.place].eventRules?[name] else { throw .ruleNotFound(name) }
    return rule
  }

  /// Puts a rule on the agenda for the next time it is due, if it has a schedule and is enabled.
  mutating func scheduleRule(_ name: String, in place: Place) {
    guard var rule = self[place].eventRules?[name] else { return }
    cancel(&rule)
    if let next = rule.schedule?.next(after: now), rule.isEnabled {
      rule.dueToken = agenda.schedule(.ruleIsDue(place, name: name), at: next)
    }
    self[place].eventRules?[name] = rule
  }

  fileprivate mutating func cancel(_ rule: inout EventRule) {
    if let token = rule.dueToken { agenda.cancel(token) }
    rule.dueToken = nil
  }
}
