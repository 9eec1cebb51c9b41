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

  @Test("tags and attributes are given at a topic's making and later, and told")
  func tags() throws {
    var bench = Bench()
    let tag = "'Tags':[{'Key':'team','Value':'pay'}]"
    try bench.call("CreateTopic", "{'Name':'alerts',\(tag)}", service: "sns")
    try bench.call("CreateTopic", "{'Name':'alerts',\(tag)}", service: "sns")
    #expect(
      bench.refusal(
        "CreateTopic", "{'Name':'alerts','Tags':[{'Key':'team','Value':'x'}]}", service: "sns")
        == "InvalidParameter: Invalid parameter: Tags Reason: Topic already exists with different "
        + "tags")
    let topic = "'ResourceArn':'\(Bench.alerts)'"
    try bench.call(
      "TagResource", "{\(topic),'Tags':[{'Key':'a','Value':'1'},{'Key':'team','Value':'x'}]}",
      service: "sns")
    func shown() throws -> String {
      try bench.show("ListTagsForResource", "{\(topic)}", service: "sns")
    }
    #expect(try shown() == "{'Tags':[{'Key':'a','Value':'1'},{'Key':'team','Value':'x'}]}")
    try bench.call("UntagResource", "{\(topic),'TagKeys':['team','none']}", service: "sns")
    #expect(try shown() == "{'Tags':[{'Key':'a','Value':'1'}]}")
    let many = (1...50).map { "{'Key':'k\($0)','Value':'v'}" }.joined(separator: ",")
    #expect(
      bench.refusal("TagResource", "{\(topic),'Tags':[\(many)]}", service: "sns")
        .hasPrefix("TagLimitExceeded"))
    for (value, expected) in [(",'AttributeValue':'On call'", "'On call'"), ("", "''")] {
      try bench.call(
        "SetTopicAttributes",
        "{'TopicArn':'\(Bench.alerts)','AttributeName':'DisplayName'\(value)}", service: "sns")
      let attributes = try bench.call(
        "GetTopicAttributes", "{'TopicArn':'\(Bench.alerts)'}", service: "sns")
      #expect(attributes.show("Attributes.DisplayName") == expected)
    }
  }

  @Test(
    "a filter sees a message's attributes by their types",
    arguments: [
      ("[\\'order\\']", "'DataType':'String','StringValue':'order'", true),
      ("[\\'order\\']", "'DataType':'String','StringValue':'other'", false),
      ("[\\'order\\']", "'DataType':'String.own','StringValue':'order'", true),
      ("[{\\'numeric\\':[\\'>\\',5]}]", "'DataType':'Number','StringValue':'7'", true),
      ("[{\\'numeric\\':[\\'>\\',5]}]", "'DataType':'Number','StringValue':'5'", false),
      ("[{\\'numeric\\':[\\'>\\',5]}]", "'DataType':'String','StringValue':'7'", false),
      ("[\\'b\\']", "'DataType':'String.Array','StringValue':'[\\'a\\',\\'b\\']'", true),
      ("[\\'AA==\\']", "'DataType':'Binary','BinaryValue':'AA=='", false),
    ])
  func attributes(allowed: String, attribute: String, isSent: Bool) throws {
    var bench = Bench()
    try bench.call("CreateTopic", "{'Name':'alerts'}", service: "sns")
    let filter = "{\\'kind\\':\(allowed)}"
    try bench.call(
      "Subscribe",
      "{'TopicArn':'\(Bench.alerts)','Protocol':'sms','Endpoint':'+15550100',"
        + "'Attributes':{'FilterPolicy':'\(filter)'}}", service: "sns")
    try bench.call(
      "Publish",
      "{'TopicArn':'\(Bench.alerts)','Message':'m','MessageAttributes':{'kind':{\(attribute)}}}",
      service: "sns")
    #expect(bench.notifications == [isSent ? "m > sms:+15550100" : "m > "])
  }

  @Test("the same endpoint with another filter is refused, with the same one it is the same")
  func otherFilter() throws {
    var bench = Bench()
    try bench.call("CreateTopic", "{'Name':'alerts'}", service: "sns")
    func input(_ state: String?) -> String {
      "{'TopicArn':'\(Bench.alerts)','Protocol':'sms','Endpoint':'+15550100'"
        + (state.map { ",'Attributes':{'FilterPolicy':'{\\'State\\':[\\'\($0)\\']}'}" } ?? "") + "}"
    }
    let first = try bench.show("Subscribe", input("FAILED"), service: "sns")
    #expect(try bench.show("Subscribe", input("FAILED"), service: "sns") == first)
    #expect(try bench.show("Subscribe", input(nil), service: "sns") == first)
    #expect(
      bench.refusal("Subscribe", input("COMPLETED"), service: "sns")
        == "InvalidParameter: Invalid parameter: Attributes Reason: Subscription already exists with "
        + "different attributes")
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
