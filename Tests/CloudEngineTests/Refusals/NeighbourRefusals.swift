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
      row("SetTopicAttributes", "{'TopicArn':'x','AttributeName':'DisplayName'}", noARN),
      row(
        "SetTopicAttributes", "{'TopicArn':'$TOPIC','AttributeName':'Owner','AttributeValue':'x'}",
        "InvalidParameter: Invalid parameter: AttributeName"),
      row(
        "SetTopicAttributes", "{'TopicArn':'$TOPIC','AttributeName':'Policy','AttributeValue':'x'}",
        "InvalidParameter: Invalid parameter: Attributes Reason: Policy Error: null"),
      row(
        "ListTagsForResource", "{'ResourceArn':'$TOPICx'}",
        "ResourceNotFound: Resource does not exist"),
      row(
        "TagResource", "{'ResourceArn':'$TOPICx','Tags':[]}",
        "ResourceNotFound: Resource does not exist"),
      row(
        "TagResource",
        "{'ResourceArn':'$TOPIC','Tags':[{'Key':'a','Value':'1'},{'Key':'a','Value':'2'}]}",
        "InvalidParameter: Invalid parameter: Duplicated keys are not allowed."),
      row(
        "UntagResource", "{'ResourceArn':'$TOPICx','TagKeys':['a']}",
        "ResourceNotFound: Resource does not exist"),
      row(
        "Publish",
        "{'TopicArn':'$TOPIC','Message':'m','MessageAttributes':{'n':{'DataType':'Text'}}}",
        "ParameterValueInvalid: The message attribute 'n' has an invalid message attribute type, the "
          + "set of supported type prefixes is Binary, Number, and String."),
      row(
        "Publish",
        "{'TopicArn':'$TOPIC','Message':'m','MessageAttributes':{'n':{'DataType':'Number',"
          + "'StringValue':'many'}}}",
        "ParameterValueInvalid: Could not cast message attribute 'n' value to number."),
      row(
        "Publish",
        "{'TopicArn':'$TOPIC','Message':'m','MessageAttributes':{'n':{'DataType':'Binary',"
          + "'StringValue':'x'}}}",
        "ParameterValueInvalid: The message attribute 'n' must contain non-empty message attribute "
          + "value for message attribute type 'Binary'."),
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
