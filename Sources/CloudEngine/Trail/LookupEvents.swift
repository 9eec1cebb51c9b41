// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import Simulation

/// Looks up management events of the last 90 days in the caller's account and Region, newest first.
///
/// An event shows up minutes after the call. Reads and writes of items are data events, which the
/// event history never holds. [TRAIL.lookup]
package struct LookupEvents: Operation {
  /// How long an event takes to arrive.
  static let delivery: Duration = .minutes(3)
  static let kept: Duration = .days(90)

  let lookupAttributes: [Attribute]?
  let startTime: Timestamp?
  let endTime: Timestamp?
  let eventCategory: String?
  let maxResults: Int?
  let nextToken: String?

  struct Attribute: Decodable, Sendable {
    let attributeKey: String
    let attributeValue: String
  }

  package static var service: String { "cloudtrail" }
  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let events: [Event]
    let nextToken: String?
  }

  struct Event: Encodable, Sendable {
    let eventId: String
    let eventName: String
    let readOnly: String
    let accessKeyId: String?
    let eventTime: Timestamp
    let eventSource: String
    let username: String?
    let resources: [Resource]
    let cloudTrailEvent: String
  }

  struct Resource: Encodable, Sendable {
    let resourceType: String
    let resourceName: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    if let lookupAttributes, lookupAttributes.count > 1 {
      throw ServiceError(
        code: "InvalidLookupAttributesException",
        message: "Only one lookup attribute may be specified.")
    }
    if eventCategory != nil { throw .notSimulated("EventCategory insight of LookupEvents") }
    if let startTime, let endTime, startTime.instant > endTime.instant {
      throw ServiceError(
        code: "InvalidTimeRangeException", message: "Start time must be before end time.")
    }
    let all = recorded(in: cloud, for: caller)
    let page = try rest(of: all).prefix(maxResults ?? 50)
    let isLast = page.endIndex == all.endIndex
    return Output(
      events: page.map(Event.init), nextToken: isLast ? nil : page.last.map { "next-\($0.id)" })
  }

  /// What comes after the page that a token ended, which names its last event: so events that arrive
  /// meanwhile neither repeat nor hide any.
  private func rest(of events: [Recorded]) throws(ServiceError) -> ArraySlice<Recorded> {
    guard let nextToken else { return events[...] }
    guard nextToken.hasPrefix("next-"),
      let last = events.firstIndex(where: { $0.id == nextToken.dropFirst(5) })
    else {
      throw ServiceError(
        code: "InvalidNextTokenException", message: "The next token is invalid.")
    }
    return events[(last + 1)...]
  }

  /// What is asked for, newest first: what somebody called, and what AWS Backup did by itself.
  private func recorded(in cloud: Cloud, for caller: Caller) -> [Recorded] {
    let arrived = cloud.now - Self.delivery
    let oldest = max(cloud.now - Self.kept, startTime?.instant ?? Instant(milliseconds: .min))
    let newest = min(arrived, endTime?.instant ?? arrived)
    let attribute = lookupAttributes?.first
    func isAsked(_ event: Recorded) -> Bool {
      event.at >= oldest && event.at <= newest && event.place == caller.place
        && attribute.map(event.matches) ?? true
    }
    let calls = cloud.observations.events.lazy.map(Recorded.call).filter(isAsked)
    let own = cloud.observations.serviceEvents.lazy.map(Recorded.own).filter(isAsked)
    var result: [Recorded] = []
    var (nextCall, nextOwn) = (calls.makeIterator(), own.makeIterator())
    var (call, event) = (nextCall.next(), nextOwn.next())
    while let next = [call, event].compactMap(\.self).min(by: { $0.at < $1.at }) {
      result.append(next)
      if case .call = next { call = nextCall.next() } else { event = nextOwn.next() }
    }
    return result.reversed()
  }
}

/// An event of the trail: a call, or what a service did by itself.
private enum Recorded {
  case call(TrailEvent)
  case own(BackupTrailEvent)

  var at: Instant {
    switch self {
    case .call(let event): event.at
    case .own(let event): event.at
    }
  }

  var place: Place {
    switch self {
    case .call(let event): event.caller.place
    case .own(let event): event.place
    }
  }

  var id: String {
    switch self {
    case .call(let event): event.eventID
    case .own(let event): event.eventID
    }
  }

  func matches(_ attribute: LookupEvents.Attribute) -> Bool {
    let value = attribute.attributeValue
    switch self {
    case .call(let event):
      return switch attribute.attributeKey {
      case "EventId": event.eventID == value
      case "EventName": event.name == value
      case "ReadOnly": value == (event.isReadOnly ? "true" : "false")
      case "Username": event.caller.userName == value
      case "ResourceType": event.resources.contains { $0.type == value }
      case "ResourceName": event.resources.contains { $0.name == value }
      case "EventSource": event.source == value
      case "AccessKeyId": event.caller.accessKeyID == value
      default: false
      }
    case .own(let event):
      // Nobody called it, so it has no user and no key.
      return switch attribute.attributeKey {
      case "EventId": event.eventID == value
      case "EventName": event.name.rawValue == value
      case "ReadOnly": value == "false"
      case "EventSource": event.source == value
      default: false
      }
    }
  }
}

extension LookupEvents.Event {
  fileprivate init(_ recorded: Recorded) {
    switch recorded {
    case .call(let event):
      eventId = event.eventID
      eventName = event.name
      readOnly = event.isReadOnly ? "true" : "false"
      accessKeyId = event.caller.accessKeyID
      eventTime = Timestamp(event.at.flooredToSecond)
      eventSource = event.source
      username = event.caller.userName
      resources = event.resources.map {
        LookupEvents.Resource(resourceType: $0.type, resourceName: $0.name)
      }
      cloudTrailEvent = event.record.json(.compact)
    case .own(let event):
      eventId = event.eventID
      eventName = event.name.rawValue
      readOnly = "false"
      accessKeyId = nil
      eventTime = Timestamp(event.at.flooredToSecond)
      eventSource = event.source
      username = nil
      resources = []
      cloudTrailEvent = event.record.json(.compact)
    }
  }
}
