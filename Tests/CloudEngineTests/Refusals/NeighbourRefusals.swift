// SPDX-License-Identifier: GPL-3.0-or-later

/// What the notification service refuses: the topic `$TOPIC` is there.
extension Refusals {
  static let topics: [Refusal] = {
    func row(_ operation: String, _ input: String, _ error: String, line: Int = #line) -> Refusal {
      Refusal(operation, input, error, service: "sns", line: line)
    }
    let noARN =
      "InvalidParameter: Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, "
      + "not 1"
    return [
      row("DeleteTopic", "{'TopicArn':'x'}", noARN),
      row("GetTopicAttributes", "{'TopicArn':'x'}", noARN),
      row(
        "Unsubscribe", "{'SubscriptionArn':'x'}",
        "InvalidParameter: Invalid parameter: SubscriptionArn Reason: An ARN must have at least 6 "
          + "elements, not 1"),
      row("ListTopics", "{'NextToken':'x'}", "InvalidParameter: Invalid parameter: NextToken"),
      row(
        "ListSubscriptions", "{'NextToken':'x'}", "InvalidParameter: Invalid parameter: NextToken"),
      row("CreateTopic", "{'Name':''}", "InvalidParameter: Invalid parameter: Topic Name"),
      row("CreateTopic", "{'Name':'a b'}", "InvalidParameter: Invalid parameter: Topic Name"),
      row(
        "CreateTopic", "{'Name':'a.fifo'}",
        "NotSimulated: a FIFO topic is not simulated by Rewind. Nothing was changed."
      ),
      row(
        "Subscribe", "{'TopicArn':'$TOPIC','Protocol':'pigeon','Endpoint':'x'}",
        "InvalidParameter: Invalid parameter: Amazon SNS does not support this protocol string: "
          + "pigeon"
      ),
      row(
        "Subscribe", "{'TopicArn':'$TOPIC','Protocol':'email','Endpoint':'nobody'}",
        "InvalidParameter: Invalid parameter: Email address"
      ),
      row(
        "Subscribe", "{'TopicArn':'$TOPIC','Protocol':'https','Endpoint':'http://a'}",
        "InvalidParameter: Invalid parameter: Endpoint must match the specified protocol"
      ),
      row(
        "Publish", "{'TopicArn':'$TOPICx','Message':'m'}", "NotFound: Topic does not exist"
      ),
      row(
        "Publish", "{'TopicArn':'alerts','Message':'m'}",
        "InvalidParameter: Invalid parameter: TopicArn Reason: An ARN must have at least 6 "
          + "elements, not 1"
      ),
      row(
        "Publish", "{'TopicArn':'$TOPIC','Message':''}",
        "InvalidParameter: Invalid parameter: Empty message"
      ),
      row(
        "Publish", "{'TopicArn':'arn:aws:sns:us-east-1:210987654321:alerts','Message':'m'}",
        "AuthorizationError: User: arn:aws:iam::123456789012:user/admin is not authorized to "
          + "perform this action on resource: arn:aws:sns:us-east-1:210987654321:alerts"
      ),
    ]
  }()

  /// What the event bus refuses: the rule `failures` has a target.
  static let eventRules: [Refusal] = {
    func row(_ operation: String, _ input: String, _ error: String, line: Int = #line) -> Refusal {
      Refusal(operation, input, error, service: "events", line: line)
    }
    let noRule = "ResourceNotFoundException: Rule r does not exist on EventBus default."
    return [
      row(
        "ListRules", "{'NextToken':'x'}", "ValidationException: Invalid NextToken: x"),
      row("ListTargetsByRule", "{'Rule':'r'}", noRule),
      row("RemoveTargets", "{'Rule':'r','Ids':['1']}", noRule),
      row("EnableRule", "{'Name':'r'}", noRule),
      row("DisableRule", "{'Name':'r'}", noRule),
      row(
        "PutTargets",
        "{'Rule':'failures','Targets':[{'Id':'2','Arn':'$TOPIC','Input':'1','InputPath':'$'}]}",
        "ValidationException: Only one of Input, InputPath, or InputTransformer must be provided "
          + "for target 2."),
      row(
        "PutTargets", "{'Rule':'failures','Targets':[{'Id':'2','Arn':'$TOPIC','InputPath':'x'}]}",
        "ValidationException: Invalid JSON path for target 2."),
      row(
        "PutRule", "{'Name':'r','ScheduleExpression':'cron(0 12 * * * *)'}",
        "ValidationException: Parameter ScheduleExpression is not valid."),
      row(
        "PutRule", "{'Name':'r'}",
        "ValidationException: Parameter(s) EventPattern or ScheduleExpression must be specified."
      ),
      row(
        "PutRule", "{'Name':'r','ScheduleExpression':'rate(1 minutes)'}",
        "ValidationException: Parameter ScheduleExpression is not valid."
      ),
      row(
        "PutRule", "{'Name':'r','ScheduleExpression':'rate(2 minute)'}",
        "ValidationException: Parameter ScheduleExpression is not valid."
      ),
      row(
        "PutRule", "{'Name':'r','ScheduleExpression':'rate(0 minutes)'}",
        "ValidationException: Parameter ScheduleExpression is not valid."
      ),
      row(
        "PutRule", "{'Name':'r','EventPattern':'{}'}",
        "InvalidEventPatternException: Event pattern is not valid. Reason: Empty patterns are not "
          + "allowed"
      ),
      row(
        "PutRule", "{'Name':'r','EventPattern':'{','EventBusName':'mine'}",
        "ResourceNotFoundException: Event bus mine does not exist."
      ),
      row(
        "DeleteRule", "{'Name':'failures'}",
        "ValidationException: Rule can't be deleted since it has targets."
      ),
      row(
        "DescribeRule", "{'Name':'r'}",
        "ResourceNotFoundException: Rule r does not exist on EventBus default."
      ),
      row(
        "PutTargets", "{'Rule':'failures','Targets':[{'Id':'2','Arn':'x'}]}",
        "ValidationException: Parameter x is not valid. Reason: Provided Arn is not in correct "
          + "format."
      ),
      row(
        "PutTargets",
        "{'Rule':'failures','Targets':[{'Id':'a','Arn':'$TOPIC'},{'Id':'b','Arn':'$TOPIC'},"
          + "{'Id':'c','Arn':'$TOPIC'},{'Id':'d','Arn':'$TOPIC'},{'Id':'e','Arn':'$TOPIC'}]}",
        "LimitExceededException: The requested resource exceeds the maximum number allowed."
      ),
    ]
  }()

  static let identity = [
    Refusal(
      "AssumeRole", "{'RoleArn':'arn:aws:iam::123456789012:user/x','RoleSessionName':'session'}",
      "ValidationError: Request ARN is invalid", service: "sts", line: #line)
  ]
}
