// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import PersistentCollections
package import Simulation

/// A topic of the notification service and who has subscribed to it. [SNS.topic]
struct Topic: Sendable, Codable {
  let arn: String
  let owner: String
  /// As given, by name: `DisplayName`, `Policy` and the like.
  var attributes: OrderedMap<String, String>
  var tags: OrderedMap<String, String>
  /// By ARN, which is the order of nothing but names.
  var subscriptions: OrderedMap<String, TopicSubscription> = OrderedMap()

  /// Attributes that a topic may be made with.
  static let attributeNames = [
    "DeliveryPolicy", "DisplayName", "FifoTopic", "KmsMasterKeyId", "Policy", "SignatureVersion",
    "TracingConfig",
  ]

  /// True if the topic's policy lets a service publish here. [SNS.policy]
  ///
  /// The policy that a topic has by itself lets only its owner, whom a service stands for where it
  /// says whose message it is.
  ///
  /// - Parameters:
  ///   - principal: The service's name.
  ///   - account: Whose alarm, rule or vault it is about; nil for the topic's owner.
  ///   - tellsOwner: Whether the service says so as `aws:SourceOwner`.
  /// - Returns: Whether some statement allows it and none denies it.
  func admits(
    service principal: String, for account: String? = nil, tellsOwner: Bool = false
  ) -> Bool {
    let text = attributes["Policy"] ?? defaultPolicy
    guard let policy = try? AccessPolicy(reading: text, as: .topic) else { return false }
    let account = account ?? owner
    var values = ["aws:sourceaccount": [account]]
    if tellsOwner { values["aws:sourceowner"] = [account] }
    let request = AccessRequest(
      action: "sns:Publish", resource: arn,
      requester: AccessRequester(caller: nil, service: principal), values: values)
    return policy.allows(request) && !policy.denies(request)
  }

  /// Refuses a text that is no policy, and one with a part that would not be looked at.
  static func check(policy text: String) throws(ServiceError) {
    do throws(PolicyProblem) {
      _ = try AccessPolicy(reading: text, as: .topic)
    } catch {
      throw error.refusal { _ in .invalidParameter("Attributes Reason: Policy Error: null") }
    }
  }
}

/// Somebody who gets a topic's messages. [SNS.subscribe]
struct TopicSubscription: Sendable, Hashable, Codable {
  let arn: String
  let owner: String
  /// `email`, `sqs`, `lambda` and so on.
  let proto: String
  let endpoint: String
  /// From when messages are delivered: whoever is asked by mail or web has to confirm first.
  let confirmedAt: Instant
  /// What a message's attributes must say; nil for all messages.
  let filter: EventPattern?

  static let protocols = [
    "application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs",
  ]
  private static let asked = ["email", "email-json", "http", "https"]
  /// How long those who are asked take to confirm. (assumed)
  private static let confirming: Duration = .seconds(60)

  static func confirmation(of proto: String, asked now: Instant) -> Instant {
    asked.contains(proto) ? now + confirming : now
  }

  func isConfirmed(at now: Instant) -> Bool { confirmedAt <= now }

  /// True if a message with some attributes is for it. [SNS.filter]
  ///
  /// - Parameters:
  ///   - attributes: As texts, by name.
  ///   - types: The types of those that are no plain String.
  /// - Returns: Whether the filter has nothing against it.
  func admits(
    _ attributes: OrderedMap<String, String>?, types: OrderedMap<String, String>?
  ) -> Bool {
    guard let filter else { return true }
    let shown = (attributes ?? OrderedMap()).compactMap { name, text in
      MessageAttribute.filtered(text, type: types?[name]).map { (name, $0) }
    }
    return filter.matches(Document(members: shown))
  }
}

/// A message that a topic passed on, as its subscribers have it.
package struct Notification: Sendable, Codable {
  package let at: Instant
  package let topicARN: String
  package let messageID: String
  package let subject: String?
  package let message: String
  /// Whom it reached, such as `email:on-call@example.com`; empty if nobody has subscribed.
  package let recipients: [String]
  /// What filters look at, by name; nil for a message that has none.
  let attributes: OrderedMap<String, String>?
}

extension Cloud {
  /// Passes a message on to the confirmed subscribers of a topic.
  ///
  /// - Returns: The message's id; nil if there is no such topic.
  /// - Complexity: O(n) in the number of subscriptions.
  @discardableResult
  mutating func publish(
    _ message: String, subject: String? = nil, attributes: OrderedMap<String, String>? = nil,
    types: OrderedMap<String, String>? = nil, to topicARN: String
  ) -> String? {
    guard let place = ARN(topicARN).map({ Place(account: $0.account, region: $0.region) }),
      let topic = self[place].topics?[topicARN]
    else { return nil }
    let now = now
    let id = observations.nextMessageID()
    let recipients = topic.subscriptions.values.filter {
      $0.isConfirmed(at: now) && $0.admits(attributes, types: types)
    }
    observations.append(
      Notification(
        at: now, topicARN: topicARN, messageID: id, subject: subject, message: message,
        recipients: recipients.map { "\($0.proto):\($0.endpoint)" }, attributes: attributes))
    return id
  }
}

extension ARN {
  static func topic(_ name: String, in place: Place) -> String {
    "arn:\(place.partition.rawValue):sns:\(place.region):\(place.account):\(name)"
  }
}
