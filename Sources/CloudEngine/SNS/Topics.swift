// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import PersistentCollections
import ServiceModel

/// An operation of Amazon Simple Notification Service.
protocol TopicOperation: Operation {}

extension TopicOperation {
  package static var service: String { "sns" }
}

/// Makes a topic, or answers with the one of that name. [SNS.topic]
package struct CreateTopic: TopicOperation {
  let name: String
  let attributes: [String: String]?
  let tags: [Tag]?

  package struct Output: Encodable, Sendable {
    let topicArn: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    try Self.check(name)
    let given = OrderedMap(
      (attributes ?? [:]).map { (key: $0.key, value: $0.value) })
    for (name, _) in given where !Topic.attributeNames.contains(name) {
      throw .invalidParameter("Attributes Reason: Unknown attribute \(name)")
    }
    if let policy = given["Policy"] { try Topic.check(policy: policy) }
    let tags = try Topic.checked(tags ?? [])
    let arn = ARN.topic(name, in: caller.place)
    if let present = cloud[caller.place].topics?[arn] {
      guard given.allSatisfy({ present.attributes[$0.key] == $0.value }) else {
        throw .invalidParameter("Attributes Reason: Topic already exists with different attributes")
      }
      guard tags.allSatisfy({ present.tags[$0.key] == $0.value }) else {
        throw .invalidParameter("Tags Reason: Topic already exists with different tags")
      }
      return Output(topicArn: arn)
    }
    // Every refusal is above this line.
    var topics = cloud[caller.place].topics ?? OrderedMap()
    topics[arn] = Topic(
      arn: arn, owner: caller.account, attributes: given, tags: tags)
    cloud[caller.place].topics = topics
    return Output(topicArn: arn)
  }

  private static func check(_ name: String) throws(ServiceError) {
    let base = name.hasSuffix(".fifo") ? name.dropLast(5) : name[...]
    let isPlain = base.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard isPlain, !base.isEmpty, name.utf8.count <= 256 else {
      throw .invalidParameter("Topic Name")
    }
    if name.hasSuffix(".fifo") { throw .notSimulated("a FIFO topic") }
  }
}

/// Gives an attribute of a topic another value, or takes it away without one. [SNS.topic]
package struct SetTopicAttributes: TopicOperation {
  let topicArn: String
  let attributeName: String
  let attributeValue: String?

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let topic = try cloud.topic(topicArn, for: caller)
    guard Topic.attributeNames.contains(attributeName), attributeName != "FifoTopic" else {
      throw .invalidParameter("AttributeName")
    }
    let value = attributeValue.flatMap { $0.isEmpty ? nil : $0 }
    if attributeName == "Policy", let value { try Topic.check(policy: value) }
    // Every refusal is above this line.
    cloud[caller.place].topics?[topic.arn]?.attributes[attributeName] = value
    return EmptyOutput()
  }
}

/// Deletes a topic with its subscriptions; nothing happens if there is none. [SNS.topic]
package struct DeleteTopic: TopicOperation {
  let topicArn: String

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let place = try caller.placeOfTopic(topicArn)
    if cloud[place].topics?[topicArn] != nil { cloud[place].topics?[topicArn] = nil }
    return EmptyOutput()
  }
}

/// Lists the topics of the caller's account and Region, a hundred to a page. [SNS.list]
package struct ListTopics: TopicOperation {
  let nextToken: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let topics: [Entry]
    let nextToken: String?
  }

  struct Entry: Encodable, Sendable {
    let topicArn: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let start: String? = try PageToken.mark(
      in: nextToken, otherwise: .invalidParameter("NextToken"))
    let topics = cloud[caller.place].topics ?? OrderedMap()
    let page = Page(topics.entries(after: start), limit: Topic.pageLimit) { $0.key }
    return Output(
      topics: page.shown.map { Entry(topicArn: $0.key) }, nextToken: page.nextToken)
  }
}

/// Tells what a topic is like and how many have subscribed. [SNS.topic]
package struct GetTopicAttributes: TopicOperation {
  let topicArn: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let attributes: OrderedEntries<String>
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let topic = try cloud.topic(topicArn, for: caller)
    let confirmed = topic.subscriptions.values.count { $0.isConfirmed(at: cloud.now) }
    let pending = topic.subscriptions.count - confirmed
    var shown: [(String, String)] = [
      ("Policy", topic.attributes["Policy"] ?? topic.defaultPolicy),
      ("Owner", topic.owner),
      ("SubscriptionsPending", String(pending)), ("TopicArn", topic.arn),
      ("EffectiveDeliveryPolicy", Topic.deliveryPolicy),
      ("SubscriptionsConfirmed", String(confirmed)),
      ("DisplayName", topic.attributes["DisplayName"] ?? ""), ("SubscriptionsDeleted", "0"),
    ]
    for name in Topic.attributeNames where !shown.contains(where: { $0.0 == name }) {
      if let value = topic.attributes[name] { shown.append((name, value)) }
    }
    return Output(attributes: OrderedEntries(shown))
  }
}

extension Topic {
  /// What a topic is made with: the owner alone may do anything.
  var defaultPolicy: String {
    let actions = [
      "GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission",
      "DeleteTopic", "Subscribe", "ListSubscriptionsByTopic", "Publish",
    ].map { Document.string("SNS:\($0)") }
    let statement: Document = [
      "Sid": "__default_statement_ID", "Effect": "Allow", "Principal": ["AWS": "*"],
      "Action": .array(actions), "Resource": .string(arn),
      "Condition": ["StringEquals": ["AWS:SourceOwner": .string(owner)]],
    ]
    let policy: Document = [
      "Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement],
    ]
    return policy.json(.compact)
  }

  fileprivate static let deliveryPolicy: String = {
    let retries: Document = [
      "minDelayTarget": 20, "maxDelayTarget": 20, "numRetries": 3, "numMaxDelayRetries": 0,
      "numNoDelayRetries": 0, "numMinDelayRetries": 0, "backoffFunction": "linear",
    ]
    let policy: Document = [
      "http": [
        "defaultHealthyRetryPolicy": retries, "disableSubscriptionOverrides": false,
        "defaultRequestPolicy": ["headerContentType": "text/plain; charset=UTF-8"],
      ]
    ]
    return policy.json(.compact)
  }()
}

extension Topic {
  /// How many elements make a page of topics or subscriptions. [SNS.list]
  static let pageLimit = 100
}

extension Caller {
  /// The place of a topic that the caller may name: one of their own account.
  ///
  /// - Throws: InvalidParameter for what is no topic's ARN, AuthorizationError for another account's.
  func placeOfTopic(_ text: String) throws(ServiceError) -> Place {
    guard let arn = ARN(text) else {
      let count = text.split(separator: ":", omittingEmptySubsequences: false).count
      throw .invalidParameter("TopicArn Reason: An ARN must have at least 6 elements, not \(count)")
    }
    guard arn.service == "sns", arn.region == region, !arn.resource.contains(":") else {
      throw .invalidParameter("TopicArn")
    }
    guard arn.account == account else {
      throw ServiceError(
        code: "AuthorizationError",
        message: "User: \(self.arn) is not authorized to perform this action on resource: \(text)",
        status: 403)
    }
    return place
  }
}

extension Cloud {
  /// A topic by its ARN.
  ///
  /// - Throws: NotFound, InvalidParameter or AuthorizationError.
  func topic(_ arn: String, for caller: Caller) throws(ServiceError) -> Topic {
    let place = try caller.placeOfTopic(arn)
    guard let topic = self[place].topics?[arn] else { throw .topicNotFound }
    return topic
  }
}
