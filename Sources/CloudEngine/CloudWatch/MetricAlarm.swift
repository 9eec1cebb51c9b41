// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import PersistentCollections
import Simulation

/// An alarm on one metric: what it watches, what it does, and how it stands. [CW.alarm]
struct MetricAlarm: Codable, Sendable {
  let name: String
  let place: Place
  var settings: Settings
  var configuredAt: Instant
  var state: State = .insufficientData
  var reason = "Unchecked: Initial alarm creation"
  var reasonData: String?
  var stateUpdatedAt: Instant
  var stateChangedAt: Instant
  /// Its place on the agenda.
  var dueToken: AgendaToken?

  enum State: String, Codable, Sendable {
    case ok = "OK"
    case alarm = "ALARM"
    case insufficientData = "INSUFFICIENT_DATA"
  }

  /// What a request says of an alarm.
  struct Settings: Codable, Sendable {
    let description: String?
    let actionsEnabled: Bool
    let okActions: [String]
    let alarmActions: [String]
    let insufficientDataActions: [String]
    let metric: MetricName
    let statistic: MetricStatistic
    /// In seconds.
    let period: Int
    let unit: String?
    let evaluationPeriods: Int
    let datapointsToAlarm: Int?
    let threshold: Double
    let comparison: Comparison
    let missingData: MissingData?
    var tags: OrderedMap<String, String>
  }

  enum Comparison: String, Codable, Sendable {
    case greaterOrEqual = "GreaterThanOrEqualToThreshold"
    case greater = "GreaterThanThreshold"
    case less = "LessThanThreshold"
    case lessOrEqual = "LessThanOrEqualToThreshold"

    func holds(_ value: Double, _ threshold: Double) -> Bool {
      switch self {
      case .greaterOrEqual: value >= threshold
      case .greater: value > threshold
      case .less: value < threshold
      case .lessOrEqual: value <= threshold
      }
    }

    /// As reasons say it.
    var words: String {
      switch self {
      case .greaterOrEqual: "greater than or equal to"
      case .greater: "greater than"
      case .less: "less than"
      case .lessOrEqual: "less than or equal to"
      }
    }
  }

  /// What a period without values counts as. [CW.alarm.missing]
  enum MissingData: String, Codable, Sendable {
    case missing, notBreaching, breaching, ignore
  }

  static let perRegion = 5_000

  var arn: String {
    "arn:\(place.partition.rawValue):cloudwatch:\(place.region):\(place.account):alarm:\(name)"
  }

  func actions(on state: State) -> [String] {
    guard settings.actionsEnabled else { return [] }
    return switch state {
    case .ok: settings.okActions
    case .alarm: settings.alarmActions
    case .insufficientData: settings.insufficientDataActions
    }
  }

  /// When it is looked at next: at the end of each of its periods.
  func nextLook(after now: Instant) -> Instant {
    let length = Int64(settings.period) * 1_000
    return Instant(milliseconds: (now.milliseconds / length + 1) * length)
  }
}

extension MetricAlarm.Settings {
  /// Alarms on DynamoDB's metrics stay as they are without data, whatever they say.
  /// [CW.alarm.missing]
  var effectiveMissingData: MetricAlarm.MissingData {
    metric.namespace == MetricName.dynamoDB ? .ignore : missingData ?? .missing
  }

  /// How many periods are looked at to find enough with values: more than are evaluated, because
  /// values may come late. (assumed)
  fileprivate var range: Int { evaluationPeriods + (period < 300 ? 5 : 2) }
}

// MARK: - Looking at it

extension MetricAlarm {
  /// What the values of the last periods come to.
  struct Outcome {
    let state: State
    let reason: String
    let reasonData: String?
  }

  /// How the alarm is to stand, by the values at the ends of its last periods.
  ///
  /// The newest values within the range decide, as many as are evaluated; what is missing of them
  /// counts as the alarm says. [CW.alarm.evaluation]
  ///
  /// - Parameters:
  ///   - points: The periods with values within the range, oldest first.
  ///   - now: The end of the last period.
  /// - Returns: Nil where it stays as it is.
  func outcome(of points: [(at: Instant, point: MetricPoint)], at now: Instant) -> Outcome? {
    let wanted = settings.evaluationPeriods
    let recent = Array(points.suffix(wanted))
    let values = recent.map { $0.point.value(of: settings.statistic) }
    let breaching = values.count { settings.comparison.holds($0, settings.threshold) }
    let missing = wanted - recent.count
    let needed = settings.datapointsToAlarm ?? wanted
    let state: State? =
      switch settings.effectiveMissingData {
      case .breaching: breaching + missing >= needed ? .alarm : .ok
      case .notBreaching: breaching >= needed ? .alarm : .ok
      case .missing:
        if recent.isEmpty {
          .insufficientData
        } else {
          breaching >= needed || missing > 0 && breaching == recent.count ? .alarm : .ok
        }
      case .ignore:
        if recent.isEmpty || missing > 0 && breaching == recent.count && breaching < needed {
          nil
        } else {
          breaching >= needed ? .alarm : .ok
        }
      }
    guard let state else { return nil }
    return Outcome(
      state: state, reason: reason(state, recent, values, missing),
      reasonData: reasonData(recent, values, at: now).json(.compact))
  }

  private func reason(
    _ state: State, _ recent: [(at: Instant, point: MetricPoint)], _ values: [Double],
    _ missing: Int
  ) -> String {
    let periods = settings.evaluationPeriods
    guard state != .insufficientData else {
      return "Insufficient Data: \(periods) \(periods == 1 ? "datapoint was" : "datapoints were") "
        + "unknown."
    }
    var text = "Threshold Crossed: "
    guard !recent.isEmpty else {
      let treated = settings.effectiveMissingData == .breaching ? "Breaching" : "NonBreaching"
      return text + "no datapoints were received for \(periods) "
        + "\(periods == 1 ? "period" : "periods") and \(missing) missing "
        + "\(missing == 1 ? "datapoint was" : "datapoints were") treated as [\(treated)]."
    }
    let isAlarm = state == .alarm
    let counted = zip(recent, values).filter {
      settings.comparison.holds($0.1, settings.threshold) == isAlarm
    }
    let shown = counted.isEmpty ? Array(zip(recent, values)) : counted
    let list = shown.reversed().map { "\($0.1) (\($0.0.at.inReason))" }.joined(separator: ", ")
    text += "\(shown.count) out of the last \(periods) datapoints [\(list)] "
    text += shown.count == 1 ? "was " : "were "
    let needed = settings.datapointsToAlarm ?? periods
    let minimum = isAlarm ? needed : periods - needed + 1
    return text + (isAlarm ? "" : "not ")
      + "\(settings.comparison.words) the threshold (\(settings.threshold)) (minimum \(minimum) "
      + "\(minimum == 1 ? "datapoint" : "datapoints") for "
      + "\(isAlarm ? "OK -> ALARM" : "ALARM -> OK") transition)."
  }

  private func reasonData(
    _ recent: [(at: Instant, point: MetricPoint)], _ values: [Double], at now: Instant
  ) -> Document {
    [
      "version": "1.0", "queryDate": .string(now.inReasonData),
      "startDate": recent.first.map { Document.string($0.at.inReasonData) } ?? .null,
      "statistic": .string(settings.statistic.rawValue),
      "period": .integer(Int64(settings.period)),
      "recentDatapoints": .array(values.map(Document.double)),
      "threshold": .double(settings.threshold),
      "evaluatedDatapoints": .array(
        zip(recent, values).reversed().map { point, value in
          [
            "timestamp": .string(point.at.inReasonData),
            "sampleCount": .double(point.point.count), "value": .double(value),
          ]
        }),
    ]
  }
}

extension Instant {
  /// As reasons write it: `06/03/26 17:40:00`.
  fileprivate var inReason: String {
    let text = Array(rfc3339)
    func part(_ range: Range<Int>) -> String { String(text[range]) }
    return "\(part(8..<10))/\(part(5..<7))/\(part(2..<4)) \(part(11..<19))"
  }

  /// As reason data and messages write it: `2026-03-06T17:40:00.000+0000`.
  var inReasonData: String { String(rfc3339Milliseconds.dropLast()) + "+0000" }
}

// MARK: - What happens

extension Cloud {
  /// An alarm of a place; nil if there is none.
  func alarm(_ name: String, in place: Place) -> MetricAlarm? { self[place].alarms?[name] }

  /// Puts an alarm on the agenda for the end of its next period.
  mutating func scheduleAlarm(_ name: String, in place: Place) {
    guard var alarm = alarm(name, in: place) else { return }
    if let token = alarm.dueToken { agenda.cancel(token) }
    alarm.dueToken = agenda.schedule(
      .alarmIsDue(place, name: name), at: alarm.nextLook(after: now))
    self[place].alarms?[name] = alarm
  }

  /// A period of an alarm is over.
  mutating func alarmIsDue(_ name: String, in place: Place) {
    scheduleAlarm(name, in: place)
    guard let alarm = alarm(name, in: place) else { return }
    let settings = alarm.settings
    let length = Duration.seconds(Int64(settings.period))
    let points = points(
      of: settings.metric, in: place, unit: settings.unit,
      from: now - length * settings.range, until: now, every: settings.period,
      alignedTo: Instant(milliseconds: 0))
    guard let outcome = alarm.outcome(of: points, at: now), outcome.state != alarm.state else {
      return
    }
    setAlarm(name, in: place, to: outcome)
  }

  /// Lets an alarm stand otherwise, and does what it is to do then.
  mutating func setAlarm(_ name: String, in place: Place, to outcome: MetricAlarm.Outcome) {
    guard let before = alarm(name, in: place) else { return }
    var alarm = before
    alarm.state = outcome.state
    alarm.reason = outcome.reason
    alarm.reasonData = outcome.reasonData
    alarm.stateUpdatedAt = now
    let isChange = before.state != outcome.state
    if isChange { alarm.stateChangedAt = now }
    self[place].alarms?[name] = alarm
    guard isChange else { return }
    note(
      AlarmHistoryItem(
        alarm: name, at: now, kind: .stateUpdate,
        summary: "Alarm updated from \(before.state.rawValue) to \(alarm.state.rawValue)",
        data: alarm.historyData(after: before)), in: place)
    emit(alarm.stateChange(after: before), in: place)
    for action in alarm.actions(on: alarm.state) { act(action, of: alarm, after: before) }
  }

  /// Sends an alarm's message to a topic that lets it; other kinds of actions do nothing here.
  private mutating func act(_ action: String, of alarm: MetricAlarm, after before: MetricAlarm) {
    guard let arn = ARN(action), arn.service == "sns" else { return }
    let topic = self[arn.place].topics?[action]
    let isSent =
      topic?.admits(
        service: "cloudwatch.amazonaws.com", for: alarm.place.account, tellsOwner: true) ?? false
    if isSent {
      publish(
        alarm.message(after: before).json(.compact),
        subject: "\(alarm.state.rawValue): \"\(alarm.name)\" in \(alarm.place.region)", to: action)
    }
    note(
      AlarmHistoryItem(
        alarm: alarm.name, at: now, kind: .action,
        summary: (isSent ? "Successfully executed action " : "Failed to execute action ") + action,
        data: alarm.actionData(action, isSent: isSent)), in: alarm.place)
  }

  /// Remembers what became of an alarm, for 30 days. [CW.alarm.history]
  mutating func note(_ item: AlarmHistoryItem, in place: Place) {
    var history = self[place].alarmHistory.take() ?? AppendLog()
    history.append(item)
    let oldest = now - AlarmHistoryItem.kept
    while let first = history.first, first.at < oldest { history.removeFirst(1) }
    self[place].alarmHistory = history
  }
}
