// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import Simulation

/// One thing that became of an alarm. [CW.alarm.history]
struct AlarmHistoryItem: Codable, Sendable {
  let alarm: String
  let at: Instant
  let kind: Kind
  let summary: String
  /// JSON.
  let data: String

  enum Kind: String, Codable, Sendable {
    case configurationUpdate = "ConfigurationUpdate"
    case stateUpdate = "StateUpdate"
    case action = "Action"
  }

  static let kept: Duration = .days(30)
}

/// What an alarm says of itself to others. [CW.alarm.messages]
extension MetricAlarm {
  private static func list(_ texts: [String]) -> Document { .array(texts.map(Document.string)) }

  /// What a topic is sent.
  func message(after before: MetricAlarm) -> Document {
    let trigger: Document = [
      "MetricName": .string(settings.metric.name),
      "Namespace": .string(settings.metric.namespace), "StatisticType": "Statistic",
      "Statistic": .string(settings.statistic.rawValue.uppercased()),
      "Unit": settings.unit.map(Document.string) ?? .null,
      "Dimensions": .array(
        settings.metric.dimensions.map {
          ["value": .string($0.value), "name": .string($0.name)]
        }),
      "Period": .integer(Int64(settings.period)),
      "EvaluationPeriods": .integer(Int64(settings.evaluationPeriods)),
      "DatapointsToAlarm": settings.datapointsToAlarm.map { Document.integer(Int64($0)) } ?? .null,
      "ComparisonOperator": .string(settings.comparison.rawValue),
      "Threshold": .double(settings.threshold),
      "TreatMissingData": .string(settings.missingData?.rawValue ?? "missing"),
      "EvaluateLowSampleCountPercentile": "",
    ]
    return [
      "AlarmName": .string(name),
      "AlarmDescription": settings.description.map(Document.string) ?? .null,
      "AWSAccountId": .string(place.account),
      "AlarmConfigurationUpdatedTimestamp": .string(configuredAt.inReasonData),
      "NewStateValue": .string(state.rawValue), "NewStateReason": .string(reason),
      "StateChangeTime": .string(stateUpdatedAt.inReasonData), "Region": .string(place.region),
      "AlarmArn": .string(arn), "OldStateValue": .string(before.state.rawValue),
      "OKActions": Self.list(settings.okActions),
      "AlarmActions": Self.list(settings.alarmActions),
      "InsufficientDataActions": Self.list(settings.insufficientDataActions),
      "Trigger": trigger,
    ]
  }

  private var stateInEvent: Document {
    var members: [(String, Document)] = [
      ("value", .string(state.rawValue)), ("reason", .string(reason)),
    ]
    if let reasonData { members.append(("reasonData", .string(reasonData))) }
    members.append(("timestamp", .string(stateUpdatedAt.inReasonData)))
    return Document(members: members)
  }

  /// What the event bus is told.
  func stateChange(after before: MetricAlarm) -> BusEvent {
    let metric: Document = [
      "namespace": .string(settings.metric.namespace), "name": .string(settings.metric.name),
      "dimensions": Document(
        members: settings.metric.dimensions.map { ($0.name, .string($0.value)) }),
    ]
    let query: Document = [
      "id": .string(UUIDText.derived(from: arn)),
      "metricStat": [
        "metric": metric, "period": .integer(Int64(settings.period)),
        "stat": .string(settings.statistic.rawValue),
      ], "returnData": true,
    ]
    var configuration: [(String, Document)] = [("metrics", [query])]
    if let text = settings.description { configuration.append(("description", .string(text))) }
    return BusEvent(
      source: "aws.cloudwatch", detailType: "CloudWatch Alarm State Change", resources: [arn],
      detail: [
        "alarmName": .string(name), "state": stateInEvent, "previousState": before.stateInEvent,
        "configuration": Document(members: configuration),
      ])
  }

  /// What the history keeps of a change.
  func historyData(after before: MetricAlarm) -> String {
    func shown(_ alarm: MetricAlarm) -> Document {
      let data = alarm.reasonData.flatMap { try? Document.parse($0) }
      return [
        "stateValue": .string(alarm.state.rawValue), "stateReason": .string(alarm.reason),
        "stateReasonData": data ?? .null,
      ]
    }
    let document: Document = [
      "version": "1.0", "oldState": shown(before), "newState": shown(self),
    ]
    return document.json(.compact)
  }

  func actionData(_ action: String, isSent: Bool) -> String {
    let document: Document = [
      "actionState": isSent ? "Succeeded" : "Failed",
      "stateUpdateTimestamp": .integer(stateUpdatedAt.milliseconds),
      "notificationResource": .string(action),
      "error": isSent ? .null : "The topic does not exist or its policy does not allow it",
    ]
    return document.json(.compact)
  }

  /// What the history keeps of its making or changing.
  func configurationData(_ type: String) -> String {
    let document: Document = [
      "version": "1.0", "type": .string(type),
      "updatedAlarm": [
        "alarmName": .string(name), "alarmArn": .string(arn),
        "metricName": .string(settings.metric.name),
        "namespace": .string(settings.metric.namespace),
        "statistic": .string(settings.statistic.rawValue),
        "period": .integer(Int64(settings.period)),
        "evaluationPeriods": .integer(Int64(settings.evaluationPeriods)),
        "threshold": .double(settings.threshold),
        "comparisonOperator": .string(settings.comparison.rawValue),
        "actionsEnabled": .bool(settings.actionsEnabled),
      ],
    ]
    return document.json(.compact)
  }
}
