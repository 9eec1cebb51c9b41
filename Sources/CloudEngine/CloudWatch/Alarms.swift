// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import PersistentCollections
import Simulation

/// Makes an alarm, or gives the one of that name other settings: its state stays. [CW.alarm]
package struct PutMetricAlarm: CloudWatchOperation {
  let alarmName: String
  let alarmDescription: String?
  let actionsEnabled: Bool?
  let okActions: [String]?
  let alarmActions: [String]?
  let insufficientDataActions: [String]?
  let metricName: String?
  let namespace: String?
  let statistic: String?
  let dimensions: [DimensionShape]?
  let period: Int?
  let unit: String?
  let evaluationPeriods: Int?
  let datapointsToAlarm: Int?
  let threshold: Double?
  let comparisonOperator: String?
  let treatMissingData: String?
  let tags: [Tag]?

  package typealias Output = EmptyOutput

  private static let longestPeriod = 604_800
  private static let day = 86_400

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    var settings = try settings()
    let place = caller.place
    let known = cloud.alarm(alarmName, in: place)
    guard known != nil || cloud[place].alarms?.count ?? 0 < MetricAlarm.perRegion else {
      throw ServiceError(
        code: "LimitExceeded", message: "The maximum number of alarms has been exceeded.")
    }
    try MetricAlarm.checkCount(of: settings.tags)
    // Every refusal is above this line.
    // Tags are given with a new alarm only. [CW.alarm.tags]
    if let known { settings.tags = known.settings.tags }
    let now = cloud.now
    var alarm =
      known
      ?? MetricAlarm(
        name: alarmName, place: place, settings: settings, configuredAt: now,
        stateUpdatedAt: now, stateChangedAt: now)
    alarm.settings = settings
    alarm.configuredAt = now
    var alarms = cloud[place].alarms ?? OrderedMap()
    alarms[alarmName] = alarm
    cloud[place].alarms = alarms
    cloud.scheduleAlarm(alarmName, in: place)
    cloud.note(
      AlarmHistoryItem(
        alarm: alarmName, at: now, kind: .configurationUpdate,
        summary: "Alarm \"\(alarmName)\" \(known == nil ? "created" : "updated")",
        data: alarm.configurationData(known == nil ? "Create" : "Update")), in: place)
    return EmptyOutput()
  }

  private func settings() throws(ServiceError) -> MetricAlarm.Settings {
    guard let metricName, let namespace else {
      throw .missingMetricParameter(metricName == nil ? "MetricName" : "Namespace")
    }
    guard let statistic = statistic.flatMap(MetricStatistic.init) else {
      throw .missingMetricParameter("Statistic")
    }
    guard let evaluationPeriods else { throw .missingMetricParameter("EvaluationPeriods") }
    guard let threshold else { throw .missingMetricParameter("Threshold") }
    guard let comparisonOperator else { throw .missingMetricParameter("ComparisonOperator") }
    guard let comparison = MetricAlarm.Comparison(rawValue: comparisonOperator) else {
      throw .notSimulated("\(comparisonOperator) of PutMetricAlarm")
    }
    let period = try checkedPeriod(evaluationPeriods)
    if let datapointsToAlarm, datapointsToAlarm > evaluationPeriods {
      throw .invalidMetricRequest(
        "DatapointsToAlarm must be less than or equal to EvaluationPeriods.")
    }
    let missing = treatMissingData.flatMap(MetricAlarm.MissingData.init)
    guard treatMissingData == nil || missing != nil else {
      throw .invalidMetricRequest(
        "Value '\(treatMissingData ?? "")' at 'treatMissingData' failed to satisfy constraint: "
          + "Member must satisfy enum value set: [breaching, notBreaching, ignore, missing]")
    }
    for action in (okActions ?? []) + (alarmActions ?? []) + (insufficientDataActions ?? []) {
      guard ARN(action) != nil else {
        throw .invalidMetricRequest("Invalid arn syntax: \(action)")
      }
    }
    return MetricAlarm.Settings(
      description: alarmDescription, actionsEnabled: actionsEnabled ?? true,
      okActions: okActions ?? [], alarmActions: alarmActions ?? [],
      insufficientDataActions: insufficientDataActions ?? [],
      metric: MetricName(
        namespace: namespace, name: metricName, dimensions: (dimensions ?? []).map(\.dimension)),
      statistic: statistic, period: period, unit: unit, evaluationPeriods: evaluationPeriods,
      datapointsToAlarm: datapointsToAlarm, threshold: threshold, comparison: comparison,
      missingData: missing,
      tags: MetricAlarm.byKey(tags ?? []))
  }

  private func checkedPeriod(_ evaluationPeriods: Int) throws(ServiceError) -> Int {
    guard let period else { throw .missingMetricParameter("Period") }
    guard period > 0, period % 60 == 0 || [10, 20, 30].contains(period) else {
      throw .invalidMetricRequest("Period must be 10, 20, 30 or a multiple of 60")
    }
    guard period % 60 == 0 else { throw .notSimulated("a Period below 60 in PutMetricAlarm") }
    let (length, isTooMuch) = period.multipliedReportingOverflow(by: evaluationPeriods)
    let longest = period >= 3_600 ? Self.longestPeriod : Self.day
    guard !isTooMuch, length <= longest else {
      throw .invalidMetricRequest(
        "Metrics cannot be checked across more than "
          + (period >= 3_600 ? "seven days" : "a day") + " (EvaluationPeriods * Period must be <= "
          + "\(longest))")
    }
    return period
  }
}

/// An alarm as the service shows it.
package struct AlarmDescription: Encodable, Sendable {
  let alarmName: String
  let alarmArn: String
  let alarmDescription: String?
  let alarmConfigurationUpdatedTimestamp: Timestamp
  let actionsEnabled: Bool
  let okActions: [String]
  let alarmActions: [String]
  let insufficientDataActions: [String]
  let stateValue: String
  let stateReason: String
  let stateReasonData: String?
  let stateUpdatedTimestamp: Timestamp
  let metricName: String
  let namespace: String
  let statistic: String
  let dimensions: [DimensionShape]
  let period: Int
  let unit: String?
  let evaluationPeriods: Int
  let datapointsToAlarm: Int?
  let threshold: Double
  let comparisonOperator: String
  let treatMissingData: String?
  let stateTransitionedTimestamp: Timestamp

  init(_ alarm: MetricAlarm) {
    let settings = alarm.settings
    alarmName = alarm.name
    alarmArn = alarm.arn
    alarmDescription = settings.description
    alarmConfigurationUpdatedTimestamp = Timestamp(alarm.configuredAt)
    actionsEnabled = settings.actionsEnabled
    okActions = settings.okActions
    alarmActions = settings.alarmActions
    insufficientDataActions = settings.insufficientDataActions
    stateValue = alarm.state.rawValue
    stateReason = alarm.reason
    stateReasonData = alarm.reasonData
    stateUpdatedTimestamp = Timestamp(alarm.stateUpdatedAt)
    metricName = settings.metric.name
    namespace = settings.metric.namespace
    statistic = settings.statistic.rawValue
    dimensions = settings.metric.dimensions.map(DimensionShape.init)
    period = settings.period
    unit = settings.unit
    evaluationPeriods = settings.evaluationPeriods
    datapointsToAlarm = settings.datapointsToAlarm
    threshold = settings.threshold
    comparisonOperator = settings.comparison.rawValue
    treatMissingData = settings.missingData?.rawValue
    stateTransitionedTimestamp = Timestamp(alarm.stateChangedAt)
  }
}

/// Lists alarms by name, a hundred to a page at most. [CW.alarm.list]
package struct DescribeAlarms: CloudWatchOperation {
  let alarmNames: [String]?
  let alarmNamePrefix: String?
  let alarmTypes: [String]?
  let stateValue: String?
  let actionPrefix: String?
  let maxRecords: Int?
  let nextToken: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    /// There never are any: they are made by an operation that is not simulated.
    let compositeAlarms: [EmptyOutput]
    let metricAlarms: [AlarmDescription]
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    if alarmNames?.isEmpty == false, alarmNamePrefix != nil {
      throw .invalidMetricCombination(
        "AlarmNamePrefix and AlarmNames cannot be specified together.")
    }
    let wantsThem = alarmTypes?.contains("MetricAlarm") ?? true
    let start: String? = try PageToken.mark(in: nextToken, otherwise: .invalidMetricToken)
    let rest = (cloud[caller.place].alarms ?? OrderedMap()).entries(after: start).lazy
      .map(\.value).filter { wantsThem && isAsked($0) }
    let page = Page(rest, limit: maxRecords ?? 50, mark: \.name)
    return Output(
      compositeAlarms: [], metricAlarms: page.shown.map(AlarmDescription.init),
      nextToken: page.nextToken)
  }

  private func isAsked(_ alarm: MetricAlarm) -> Bool {
    let settings = alarm.settings
    let actions = settings.okActions + settings.alarmActions + settings.insufficientDataActions
    return (alarmNames?.contains(alarm.name) ?? true)
      && alarm.name.hasPrefix(alarmNamePrefix ?? "")
      && stateValue ?? alarm.state.rawValue == alarm.state.rawValue
      && (actionPrefix.map { prefix in actions.contains { $0.hasPrefix(prefix) } } ?? true)
  }
}

/// Deletes alarms, all that are named or none. [CW.alarm.delete]
package struct DeleteAlarms: CloudWatchOperation {
  let alarmNames: [String]

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let unknown = alarmNames.filter { cloud.alarm($0, in: caller.place) == nil }
    guard unknown.isEmpty else { throw .alarmNotFound(unknown) }
    // Every refusal is above this line.
    for name in alarmNames {
      guard let alarm = cloud.alarm(name, in: caller.place) else { continue }
      if let token = alarm.dueToken { cloud.agenda.cancel(token) }
      cloud[caller.place].alarms?[name] = nil
      let item = AlarmHistoryItem(
        alarm: name, at: cloud.now, kind: .configurationUpdate,
        summary: "Alarm \"\(name)\" deleted", data: alarm.configurationData("Delete"))
      cloud.note(item, in: caller.place)
    }
    return EmptyOutput()
  }
}

/// Lets an alarm stand otherwise until it is looked at next, to try what it does. [CW.alarm.set]
package struct SetAlarmState: CloudWatchOperation {
  let alarmName: String
  let stateValue: String
  let stateReason: String
  let stateReasonData: String?

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard cloud.alarm(alarmName, in: caller.place) != nil else {
      throw .alarmNotFound([alarmName])
    }
    if let stateReasonData, (try? Document.parse(stateReasonData)) == nil {
      throw ServiceError(
        code: "InvalidFormat", message: "StateReasonData was not valid JSON.")
    }
    guard let state = MetricAlarm.State(rawValue: stateValue) else {
      throw .invalidMetricRequest("Invalid StateValue: \(stateValue)")
    }
    // Every refusal is above this line.
    cloud.setAlarm(
      alarmName, in: caller.place,
      to: MetricAlarm.Outcome(state: state, reason: stateReason, reasonData: stateReasonData))
    return EmptyOutput()
  }
}

/// Lists what became of alarms in the last 30 days, the newest first unless asked otherwise.
/// [CW.alarm.history]
package struct DescribeAlarmHistory: CloudWatchOperation {
  let alarmName: String?
  let alarmTypes: [String]?
  let historyItemType: String?
  let startDate: Timestamp?
  let endDate: Timestamp?
  let maxRecords: Int?
  let scanBy: String?
  let nextToken: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let alarmHistoryItems: [Item]
    let nextToken: String?
  }

  struct Item: Encodable, Sendable {
    let alarmName: String
    let alarmType = "MetricAlarm"
    let timestamp: Timestamp
    let historyItemType: String
    let historySummary: String
    let historyData: String

    private enum CodingKeys: CodingKey {
      case alarmName, alarmType, timestamp, historyItemType, historySummary, historyData
    }

    init(_ item: AlarmHistoryItem) {
      alarmName = item.alarm
      timestamp = Timestamp(item.at)
      historyItemType = item.kind.rawValue
      historySummary = item.summary
      historyData = item.data
    }
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let start: Int? = try PageToken.mark(in: nextToken, otherwise: .invalidMetricToken)
    let history = cloud[caller.place].alarmHistory ?? AppendLog()
    let all = history.indices
    // A mark that lies outside of what is kept is as good as the end it lies behind.
    let mark = start.map { min(max($0, all.lowerBound - 1), all.upperBound) }
    let rest: [Int] =
      scanBy == "TimestampAscending"
      ? Array(all.suffix(from: min((mark ?? all.lowerBound - 1) + 1, all.upperBound)))
      : all.prefix(upTo: max(mark ?? all.upperBound, all.lowerBound)).reversed()
    let now = cloud.now
    let page = Page(
      rest.lazy.map { (place: $0, item: history[$0]) }.filter { isAsked($0.item, at: now) },
      limit: maxRecords ?? 100
    ) { $0.place }
    return Output(
      alarmHistoryItems: page.shown.map { Item($0.item) }, nextToken: page.nextToken)
  }

  private func isAsked(_ item: AlarmHistoryItem, at now: Instant) -> Bool {
    item.at >= now - AlarmHistoryItem.kept && alarmTypes?.contains("MetricAlarm") ?? true
      && startDate.map { $0.instant <= item.at } ?? true
      && endDate.map { item.at <= $0.instant } ?? true
      && alarmName ?? item.alarm == item.alarm
      && historyItemType ?? item.kind.rawValue == item.kind.rawValue
  }
}
