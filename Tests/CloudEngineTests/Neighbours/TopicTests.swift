// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

extension Bench {
  static let alerts = "arn:aws:sns:us-east-1:123456789012:alerts"

  /// A topic that the event bus may publish to, with somebody who reads mail.
  mutating func makeAlerts() throws {
    let policy = """
      {\\'Statement\\':[{\\'Effect\\':\\'Allow\\',\\'Principal\\':{\\'Service\\':\
      \\'events.amazonaws.com\\'},\\'Action\\':\\'sns:Publish\\',\\'Resource\\':\\'*\\'}]}
      """
    try call("CreateTopic", "{'Name':'alerts','Attributes':{'Policy':'\(policy)'}}", service: "sns")
    try call(
      "Subscribe",
      "{'TopicArn':'\(Self.alerts)','Protocol':'email','Endpoint':'on-call@example.com'}",
      service: "sns")
    wait(.seconds(60))
  }

  var notifications: [String] {
    cloud.observations.notifications.map { message in
      "\(message.message.replacing("\"", with: "'")) > \(message.recipients.joined(separator: " "))"
    }
  }
}

@Suite("Topics")
struct TopicTests {
  @Test("a topic is made once under its name, and gone with its subscriptions")
  func life() throws {
    var bench = Bench()
    let arn = Bench.alerts
    #expect(
      try bench.show("CreateTopic", "{'Name':'alerts'}", service: "sns") == "{'TopicArn':'\(arn)'}")
    #expect(
      try bench.show("CreateTopic", "{'Name':'alerts'}", service: "sns") == "{'TopicArn':'\(arn)'}")
    #expect(
      bench.refusal(
        "CreateTopic", "{'Name':'alerts','Attributes':{'DisplayName':'x'}}", service: "sns")
        == "InvalidParameter: Invalid parameter: Attributes Reason: Topic already exists with "
        + "different attributes")
    #expect(
      try bench.show("ListTopics", "{}", service: "sns") == "{'Topics':[{'TopicArn':'\(arn)'}]}")
    try bench.call(
      "Subscribe", "{'TopicArn':'\(arn)','Protocol':'email','Endpoint':'a@example.com'}",
      service: "sns")
    try bench.call("DeleteTopic", "{'TopicArn':'\(arn)'}", service: "sns")
    try bench.call("DeleteTopic", "{'TopicArn':'\(arn)'}", service: "sns")
    #expect(try bench.show("ListTopics", "{}", service: "sns") == "{'Topics':[]}")
    #expect(
      try bench.show("ListSubscriptions", "{}", service: "sns") == "{'Subscriptions':[]}")
    #expect(
      bench.refusal("GetTopicAttributes", "{'TopicArn':'\(arn)'}", service: "sns")
        == "NotFound: Topic does not exist")
  }

  @Test("who is asked by mail gets nothing before they confirm; a queue is there at once")
  func confirmation() throws {
    var bench = Bench()
    let arn = Bench.alerts
    try bench.call("CreateTopic", "{'Name':'alerts'}", service: "sns")
    #expect(
      try bench.show(
        "Subscribe", "{'TopicArn':'\(arn)','Protocol':'email','Endpoint':'a@example.com'}",
        service: "sns") == "{'SubscriptionArn':'pending confirmation'}")
    let queue = "arn:aws:sqs:us-east-1:123456789012:q"
    let subscribed = try bench.call(
      "Subscribe", "{'TopicArn':'\(arn)','Protocol':'sqs','Endpoint':'\(queue)'}", service: "sns")
    let subscription = try #require(subscribed["SubscriptionArn"]?.string)
    #expect(subscription.hasPrefix(arn + ":"))
    func counts() throws -> [String?] {
      let shown = try bench.call("GetTopicAttributes", "{'TopicArn':'\(arn)'}", service: "sns")
      return ["SubscriptionsPending", "SubscriptionsConfirmed"].map {
        shown["Attributes"]?[$0]?.string
      }
    }
    #expect(try counts() == ["1", "1"])
    bench.wait(.milliseconds(59_999))
    try bench.call("Publish", "{'TopicArn':'\(arn)','Message':'one'}", service: "sns")
    bench.wait(.milliseconds(1))
    try bench.call("Publish", "{'TopicArn':'\(arn)','Message':'two'}", service: "sns")
    #expect(try counts() == ["0", "2"])
    try bench.call("Unsubscribe", "{'SubscriptionArn':'\(subscription)'}", service: "sns")
    try bench.call("Publish", "{'TopicArn':'\(arn)','Message':'three'}", service: "sns")
    let mails = bench.notifications.map { $0.split(separator: " > ", maxSplits: 1) }
    #expect(mails.map { $0.first } == ["one", "two", "three"])
    #expect(mails.map { $0.last?.contains("email:a@example.com") } == [false, true, true])
    #expect(mails.map { $0.last?.contains("sqs:" + queue) } == [true, true, false])
  }

  @Test("asking twice for the same is one subscription")
  func again() throws {
    var bench = Bench()
    try bench.makeAlerts()
    let input =
      "{'TopicArn':'\(Bench.alerts)','Protocol':'email','Endpoint':'on-call@example.com'}"
    #expect(try bench.call("Subscribe", input, service: "sns")["SubscriptionArn"] != nil)
    let all = try bench.call("ListSubscriptions", service: "sns")
    #expect(all["Subscriptions"]?.array?.count == 1)
  }

  @Test("topics come a hundred to a page")
  func pages() throws {
    var bench = Bench()
    for number in 100..<201 {
      try bench.call("CreateTopic", "{'Name':'t\(number)'}", service: "sns")
    }
    let first = try bench.call("ListTopics", service: "sns")
    #expect(first["Topics"]?.array?.count == 100)
    let token = try #require(first["NextToken"]?.string)
    #expect(
      try bench.show("ListTopics", "{'NextToken':'\(token)'}", service: "sns")
        == "{'Topics':[{'TopicArn':'arn:aws:sns:us-east-1:123456789012:t200'}]}")
  }
}
