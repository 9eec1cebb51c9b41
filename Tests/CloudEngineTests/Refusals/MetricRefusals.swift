// SPDX-License-Identifier: GPL-3.0-or-later

/// What CloudWatch refuses.
extension Refusals {
  static let metrics: [Refusal] = {
    func row(_ operation: String, _ input: String, _ error: String, line: Int = #line) -> Refusal {
      Refusal(operation, input, error, service: "cloudwatch", line: line)
    }
    func statistics(_ more: String) -> String {
      "{'Namespace':'N','MetricName':'M','Statistics':['Sum'],\(more)}"
    }
    func alarm(_ more: String) -> String {
      "{'AlarmName':'a','Namespace':'N','MetricName':'M','Statistic':'Sum','Threshold':1,"
        + "'ComparisonOperator':'GreaterThanThreshold',\(more)}"
    }
    let unknown = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:none"
    let noAlarm = "ResourceNotFoundException: Unknown"
    let wrongToken = "InvalidNextToken: The next token is invalid."
    return [
      row(
        "GetMetricStatistics", statistics("'StartTime':0,'EndTime':86460,'Period':60"),
        "InvalidParameterCombination: You have requested up to 1,441 datapoints, which exceeds the "
          + "limit of 1,440. You may reduce the datapoints requested by increasing Period, or "
          + "decreasing the time range."),
      row(
        "GetMetricStatistics", statistics("'StartTime':0,'EndTime':60,'Period':61"),
        "InvalidParameterValue: The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60."),
      row(
        "GetMetricStatistics", statistics("'StartTime':60,'EndTime':60,'Period':60"),
        "InvalidParameterValue: The parameter StartTime must be less than the parameter EndTime."),
      row(
        "GetMetricStatistics",
        "{'Namespace':'N','MetricName':'M','StartTime':0,'EndTime':60,'Period':60}",
        "MissingParameter: The parameter Statistics or ExtendedStatistics is required."),
      row(
        "GetMetricData",
        "{'StartTime':0,'EndTime':60,'MetricDataQueries':[{'Id':'m','Expression':'1'}]}",
        "NotSimulated: MetricDataQueries[].Expression of GetMetricData is not simulated by Rewind. "
          + "Nothing was changed."),
      row(
        "GetMetricData", "{'StartTime':60,'EndTime':0,'MetricDataQueries':[]}",
        "ValidationError: The parameter EndTime must be greater than StartTime."),
      row(
        "GetMetricData", "{'StartTime':0,'EndTime':60,'MetricDataQueries':[{'Id':'M'}]}",
        "ValidationError: The value M for parameter MetricDataQueries.member.Id is not matching the "
          + "expected pattern ^[a-z][a-zA-Z0-9_]*$."),
      row(
        "PutMetricData", "{'Namespace':'AWS/X','MetricData':[{'MetricName':'M','Value':1}]}",
        "InvalidParameterValue: The value AWS/ for parameter Namespace is invalid. It is reserved "
          + "for AWS services."),
      row(
        "PutMetricData", "{'Namespace':'X','MetricData':[{'MetricName':'M'}]}",
        "InvalidParameterCombination: The parameters MetricData.member.1.Value, StatisticValues and "
          + "Values are mutually exclusive and you have specified 0."),
      row(
        "PutMetricData",
        "{'Namespace':'X','MetricData':[{'MetricName':'M','Value':1,'Timestamp':0}]}",
        "InvalidParameterValue: The parameter MetricData.member.1.Timestamp must specify a time "
          + "within the past two weeks and no more than two hours in the future."),
      row(
        "ListMetrics", "{'NextToken':'x'}",
        "InvalidParameterValue: The value for parameter NextToken is invalid."),
      row("DescribeAlarms", "{'NextToken':'x'}", wrongToken),
      row(
        "DescribeAlarms", "{'AlarmNames':['a'],'AlarmNamePrefix':'a'}",
        "InvalidParameterCombination: AlarmNamePrefix and AlarmNames cannot be specified together."),
      row("DescribeAlarmHistory", "{'NextToken':'x'}", wrongToken),
      row(
        "ListTagsForResource", "{'ResourceARN':'$TOPIC'}",
        "InvalidParameterValue: Invalid resource ARN: $TOPIC"),
      row("TagResource", "{'ResourceARN':'\(unknown)','Tags':[]}", noAlarm),
      row("UntagResource", "{'ResourceARN':'\(unknown)','TagKeys':['a']}", noAlarm),
      row(
        "DeleteAlarms", "{'AlarmNames':['none']}", "ResourceNotFound: Alarms not found: none"),
      row(
        "SetAlarmState", "{'AlarmName':'none','StateValue':'OK','StateReason':'r'}",
        "ResourceNotFound: Alarms not found: none"),
      row(
        "PutMetricAlarm", alarm("'EvaluationPeriods':1,'DatapointsToAlarm':2,'Period':60"),
        "ValidationError: DatapointsToAlarm must be less than or equal to EvaluationPeriods."),
      row(
        "PutMetricAlarm", alarm("'EvaluationPeriods':1,'Period':60,'TreatMissingData':'never'"),
        "ValidationError: Value 'never' at 'treatMissingData' failed to satisfy constraint: Member "
          + "must satisfy enum value set: [breaching, notBreaching, ignore, missing]"),
      row(
        "PutMetricAlarm", alarm("'EvaluationPeriods':1,'Period':60,'AlarmActions':['page me']"),
        "ValidationError: Invalid arn syntax: page me"),
      row(
        "PutMetricAlarm", alarm("'EvaluationPeriods':1441,'Period':60"),
        "ValidationError: Metrics cannot be checked across more than a day (EvaluationPeriods * "
          + "Period must be <= 86400)"),
      row(
        "PutMetricAlarm", alarm("'EvaluationPeriods':1,'Period':90"),
        "ValidationError: Period must be 10, 20, 30 or a multiple of 60"),
      row(
        "PutMetricAlarm", alarm("'Period':60"),
        "MissingParameter: The parameter "
          + "EvaluationPeriods is required."),
    ]
  }()
}
