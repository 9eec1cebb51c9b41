// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import PersistentCollections
import Simulation

/// Asks for a topic's messages; who is asked by mail or web gets none until they confirm.
///
/// With a filter policy only messages whose attributes match it. [SNS.subscribe]
package struct Subscribe: TopicOperation {
  let topicArn: String
  let `protocol`: String
  let endpoint: String?
  let attributes: [String: String]?
  let returnSubscriptionArn: Bool?

  package struct Output: Encodable, Sendable {
    let subscriptionArn: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let topic = try cloud.topic(topicArn, for: caller)
    guard TopicSubscription.protocols.contains(`protocol`) else {
      throw .invalidParameter("Amazon SNS does not support this protocol string: \(`protocol`)")
    }
    guard let endpoint, !endpoint.isEmpty else { throw .invalidParameter("Endpoint") }
    try Self.check(endpoint, for: `protocol`)
    let filter = try filterPolicy()
    let present = topic.subscriptions.values.first {
      $0.proto == `protocol` && $0.endpoint == endpoint
    }
    if attributes?["FilterPolicy"] != nil, let present, present.filter != filter {
      throw .invalidParameter(
        "Attributes Reason: Subscription already exists with different attributes")
    }
    // Every refusal is above this line.
    let subscription: TopicSubscription
    if let present {
      subscription = present
    } else {
      let id = cloud.identifiers.uuid("subscription")
      subscription = TopicSubscription(
        arn: "\(topic.arn):\(id)", owner: caller.account, proto: `protocol`, endpoint: endpoint,
        confirmedAt: TopicSubscription.confirmation(of: `protocol`, asked: cloud.now),
        filter: filter)
      cloud[caller.place].topics?[topicArn]?.subscriptions[subscription.arn] = subscription
    }
    let isShown = returnSubscriptionArn ?? false || subscription.isConfirmed(at: cloud.now)
    return Output(subscriptionArn: isShown ? subscription.arn : "pending confirmation")
  }

  private func filterPolicy() throws(ServiceError) -> EventPattern? {
    for name in (attributes ?? [:]).keys.sorted() where name != "FilterPolicy" {
      throw .notSimulated("the attribute \(name) of Subscribe")
    }
    guard let text = attributes?["FilterPolicy"] else { return nil }
    do throws(ServiceError) {
      return try EventPattern(text)
    } catch {
      throw .invalidParameter("Attributes Reason: FilterPolicy: \(error.message)")
    }
  }

  private static func check(_ endpoint: String, for proto: String) throws(ServiceError) {
    switch proto {
    case "email", "email-json":
      let parts = endpoint.split(separator: "@", omittingEmptySubsequences: false)
      guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
        throw .invalidParameter("Email address")
      }
    case "http", "https":
      guard endpoint.hasPrefix(proto + "://") else {
        throw .invalidParameter("Endpoint must match the specified protocol")
      }
    case "sms":
      guard endpoint.utf8.allSatisfy({ $0 == UInt8(ascii: "+") || (0x30...0x39).contains($0) })
      else { throw .invalidParameter("Invalid SMS endpoint: \(endpoint)") }
    default:
      guard ARN(endpoint) != nil else {
        throw .invalidParameter("\(proto.uppercased()) endpoint ARN")
      }
    }
  }
}

/// Ends a subscription; nothing happens if there is none. [SNS.subscribe]
package struct Unsubscribe: TopicOperation {
  let subscriptionArn: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard let end = subscriptionArn.utf8.lastIndex(of: UInt8(ascii: ":")),
      ARN(subscriptionArn)?.service == "sns"
    else {
      throw .invalidParameter(
        "SubscriptionArn Reason: An ARN must have at least 6 elements, not "
          + "\(subscriptionArn.split(separator: ":", omittingEmptySubsequences: false).count)")
    }
    let topic = String(subscriptionArn[..<end])
    let place = try caller.placeOfTopic(topic)
    if cloud[place].topics?[topic]?.subscriptions[subscriptionArn] != nil {
      cloud[place].topics?[topic]?.subscriptions[subscriptionArn] = nil
    }
    return EmptyOutput()
  }
}

/// Lists the subscriptions of the caller's account and Region, a hundred to a page. [SNS.list]
package struct ListSubscriptions: TopicOperation {
  let nextToken: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let subscriptions: [Entry]
    let nextToken: String?
  }

  struct Entry: Encodable, Sendable {
    let subscriptionArn: String
    let owner: String
    let `protocol`: String
    let endpoint: String
    let topicArn: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    var entries: OrderedMap<String, Entry> = OrderedMap()
    for topic in cloud[caller.place].topics?.values.map({ $0 }) ?? [] {
      for subscription in topic.subscriptions.values {
        let isConfirmed = subscription.isConfirmed(at: cloud.now)
        entries[subscription.arn] = Entry(
          subscriptionArn: isConfirmed ? subscription.arn : "PendingConfirmation",
          owner: subscription.owner, protocol: subscription.proto,
          endpoint: subscription.endpoint, topicArn: topic.arn)
      }
    }
    let start: String? = try PageToken.mark(
      in: nextToken, otherwise: .invalidParameter("NextToken"))
    let page = Page(entries.entries(after: start), limit: Topic.pageLimit) { $0.key }
    return Output(subscriptions: page.shown.map(\.value), nextToken: page.nextToken)
  }
}

/// Sends a message to everybody who has subscribed to a topic. [SNS.publish]
///
/// What was delivered can be seen with `events`.
package struct Publish: TopicOperation {
  let topicArn: String?
  let targetArn: String?
  let message: String
  let subject: String?
  let messageAttributes: [String: MessageAttribute]?

  package static var isManagementEvent: Bool { false }
  private static let maximumByteCount = 262_144

  package struct Output: Encodable, Sendable {
    let messageId: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard let arn = topicArn ?? targetArn else {
      throw .invalidParameter("TopicArn or TargetArn Reason: no value for required parameter")
    }
    guard !message.isEmpty else { throw .invalidParameter("Empty message") }
    guard message.utf8.count <= Self.maximumByteCount else {
      throw .invalidParameter("Message too long")
    }
    if let subject {
      let isPlain = subject.utf8.allSatisfy { (0x20...0x7e).contains($0) }
      guard !subject.isEmpty, isPlain, subject.utf8.count <= 100 else {
        throw .invalidParameter("Subject")
      }
    }
    var attributes: OrderedMap<String, String> = OrderedMap()
    var types: OrderedMap<String, String> = OrderedMap()
    for (name, attribute) in (messageAttributes ?? [:]).sorted(by: { $0.key < $1.key }) {
      attributes[name] = try attribute.value(named: name)
      types[name] = attribute.dataType
    }
    _ = try cloud.topic(arn, for: caller)
    let id = cloud.publish(
      message, subject: subject, attributes: attributes.isEmpty ? nil : attributes, types: types,
      to: arn)
    guard let id else { throw .topicNotFound }
    return Output(messageId: id)
  }
}
