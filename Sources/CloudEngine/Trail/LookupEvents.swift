// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import PersistentCollections
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
    let accessKeyId: String
    let eventTime: Timestamp
    let eventSource: String
    let username: String
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
    let end = try endOfPage(in: cloud.observations.events)
    let found = matching(in: cloud, for: caller, before: end)
    let page = found.prefix(maxResults ?? 50)
    return Output(
      events: page.map(\.event).map(Event.init),
      nextToken: page.count < found.count ? page.last.map { "next-\($0.position)" } : nil)
  }

  private static let invalidToken = ServiceError(
    code: "InvalidNextTokenException", message: "The next token is invalid.")

  /// The position in the trail that the page's events come before.
  ///
  /// A token names the last event of the page before it, so events that arrive meanwhile neither
  /// repeat nor hide any.
  private func endOfPage(in events: AppendLog<TrailEvent>) throws(ServiceError) -> Int {
    guard let nextToken else { return events.endIndex }
    guard nextToken.hasPrefix("next-"), let position = Int(nextToken.dropFirst(5)),
      (events.startIndex..<events.endIndex).contains(position)
    else { throw Self.invalidToken }
    return position
  }

  private func matching(
    in cloud: Cloud, for caller: Caller, before end: Int
  ) -> [(position: Int, event: TrailEvent)] {
    let arrived = cloud.now - Self.delivery
    let oldest = max(cloud.now - Self.kept, startTime?.instant ?? Instant(milliseconds: .min))
    let attribute = lookupAttributes?.first
    let events = cloud.observations.events
    return (events.startIndex..<end).reversed().map { ($0, events[$0]) }.filter { _, event in
      event.at <= arrived && event.at >= oldest
        && (endTime.map { event.at <= $0.instant } ?? true)
        && event.caller.place == caller.place
        && (attribute.map(event.matches) ?? true)
    }
  }
}

extension LookupEvents.Event {
  init(_ event: TrailEvent) {
    eventId = event.eventID
    eventName = event.name
    readOnly = event.isReadOnly ? "true" : "false"
    accessKeyId = event.caller.accessKeyID
    eventTime = Timestamp(event.at.flooredToSecond)
    eventSource = event.source
    username = event.caller.userName
    resources =
      event.tableName.map {
        [.init(resourceType: "AWS::DynamoDB::Table", resourceName: $0)]
      } ?? []
    cloudTrailEvent = event.record.json(.compact)
  }
}

extension TrailEvent {
  fileprivate func matches(_ attribute: LookupEvents.Attribute) -> Bool {
    let value = attribute.attributeValue
    return switch attribute.attributeKey {
    case "EventId": eventID == value
    case "EventName": name == value
    case "ReadOnly": value == (isReadOnly ? "true" : "false")
    case "Username": caller.userName == value
    case "ResourceType": tableName != nil && value == "AWS::DynamoDB::Table"
    case "ResourceName": tableName == value
    case "EventSource": source == value
    case "AccessKeyId": caller.accessKeyID == value
    default: false
    }
  }
}
