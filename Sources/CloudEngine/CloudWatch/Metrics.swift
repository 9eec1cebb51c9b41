// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import PersistentCollections
import Simulation

/// A metric as requests and answers name it.
struct MetricShape: Codable, Sendable {
  let namespace: String?
  let metricName: String?
  let dimensions: [DimensionShape]?

  init(_ metric: MetricName) {
    namespace = metric.namespace
    metricName = metric.name
    dimensions = metric.dimensions.map(DimensionShape.init)
  }
}

struct DimensionShape: Codable, Sendable {
  let name: String
  let value: String

  init(_ dimension: MetricDimension) {
    name = dimension.name
    value = dimension.value
  }

  var dimension: MetricDimension { MetricDimension(name, value) }
}

/// Lists the metrics of which anything was heard in two weeks, 500 to a page. [CW.list]
package struct ListMetrics: CloudWatchOperation {
  let namespace: String?
  let metricName: String?
  let dimensions: [Filter]?
  let recentlyActive: String?
  let nextToken: String?

  struct Filter: Decodable, Sendable {
    let name: String
    let value: String?
  }

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let metrics: [MetricShape]
    let nextToken: String?
  }

  private static let pageLength = 500

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let age: Duration = recentlyActive == nil ? .days(14) : .hours(3)
    let all = cloud.observations.metrics.metrics(
      in: caller.place, since: cloud.now - age, at: cloud.now)
    let page = try Page(
      all.filter(isAsked), limit: Self.pageLength, token: nextToken,
      otherwise: .invalidMetricParameter("The value for parameter NextToken is invalid.")
    ) {
      "\($0.namespace) \($0.name) \($0.dimensions.map { [$0.name, $0.value] })"
    }
    return Output(metrics: page.shown.map(MetricShape.init), nextToken: page.nextToken)
  }

  private func isAsked(_ metric: MetricName) -> Bool {
    namespace ?? metric.namespace == metric.namespace && metricName ?? metric.name == metric.name
      && (dimensions ?? []).allSatisfy { filter in
        metric.dimensions.contains {
          $0.name == filter.name && filter.value ?? $0.value == $0.value
        }
      }
  }
}

/// Returns statistics of one metric over time. [CW.statistics]
package struct GetMetricStatistics: CloudWatchOperation {
  let namespace: String
  let metricName: String
  let dimensions: [DimensionShape]?
  let startTime: Timestamp
  let endTime: Timestamp
  let period: Int
  let statistics: [String]?
  let unit: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let label: String
    let datapoints: [Datapoint]
  }

  struct Datapoint: Encodable, Sendable {
    let timestamp: Timestamp
    let sampleCount: Double?
    let average: Double?
    let sum: Double?
    let minimum: Double?
    let maximum: Double?
    let unit: String?
  }

  private static let mostPoints = 1_440

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard startTime.instant < endTime.instant else {
      throw .invalidMetricParameter(
        "The parameter StartTime must be less than the parameter EndTime.")
    }
    guard MetricPeriod.isValid(period) else {
      throw .invalidMetricParameter(
        "The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60.")
    }
    let wanted = (statistics ?? []).compactMap(MetricStatistic.init)
    guard !wanted.isEmpty else {
      throw .missingMetricParameter("Statistics or ExtendedStatistics")
    }
    let length = (endTime.instant - startTime.instant).wholeMilliseconds
    let count = length / (Int64(period) * 1_000)
    guard count <= Self.mostPoints else {
      throw .invalidMetricCombination(
        "You have requested up to \(count.grouped) datapoints, which exceeds the limit of 1,440. "
          + "You may reduce the datapoints requested by increasing Period, or decreasing the time "
          + "range.")
    }
    let metric = MetricName(
      namespace: namespace, name: metricName, dimensions: (dimensions ?? []).map(\.dimension))
    let points = cloud.points(
      of: metric, in: caller.place, unit: unit, from: startTime.instant, until: endTime.instant,
      every: period, alignedTo: startTime.instant)
    let unit = cloud.observations.metrics.unit(of: metric, in: caller.place)
    func value(_ point: MetricPoint, _ statistic: MetricStatistic) -> Double? {
      wanted.contains(statistic) ? point.value(of: statistic) : nil
    }
    return Output(
      label: metricName,
      datapoints: points.map { at, point in
        Datapoint(
          timestamp: Timestamp(at), sampleCount: value(point, .sampleCount),
          average: value(point, .average), sum: value(point, .sum),
          minimum: value(point, .minimum), maximum: value(point, .maximum), unit: unit)
      })
  }
}

/// Returns values of up to 500 metrics over time, the newest first unless asked otherwise.
/// [CW.data]
package struct GetMetricData: CloudWatchOperation {
  let metricDataQueries: [Query]
  let startTime: Timestamp
  let endTime: Timestamp
  let scanBy: String?

  struct Query: Decodable, Sendable {
    let id: String
    let metricStat: Stat?
    let label: String?
    let returnData: Bool?
  }

  struct Stat: Decodable, Sendable {
    let metric: MetricShape
    let period: Int
    let stat: String
    let unit: String?
  }

  package static var isReadOnly: Bool { true }
  package static var isManagementEvent: Bool { false }

  package struct Output: Encodable, Sendable {
    let metricDataResults: [Result]
    let messages: [String]
  }

  struct Result: Encodable, Sendable {
    let id: String
    let label: String
    let timestamps: [Timestamp]
    let values: [Double]
    let statusCode: String
  }

  private static let mostQueries = 500
  private static let mostPoints = 100_800

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard metricDataQueries.count <= Self.mostQueries else {
      throw .invalidMetricRequest(
        "The collection MetricDataQueries must not have a size greater than 500.")
    }
    guard startTime.instant < endTime.instant else {
      throw .invalidMetricRequest("The parameter EndTime must be greater than StartTime.")
    }
    var ids: Set<String> = []
    for query in metricDataQueries {
      guard Self.isIdentifier(query.id) else {
        throw .invalidMetricRequest(
          "The value \(query.id) for parameter MetricDataQueries.member.Id is not matching the "
            + "expected pattern ^[a-z][a-zA-Z0-9_]*$.")
      }
      guard ids.insert(query.id).inserted else {
        throw .invalidMetricRequest(
          "The values for parameter Id in MetricDataQueries are not unique.")
      }
    }
    var results: [Result] = []
    var count = 0
    for query in metricDataQueries {
      let result = try result(of: query, in: cloud, for: caller)
      count += result.values.count
      if query.returnData != false { results.append(result) }
    }
    guard count <= Self.mostPoints else {
      throw .notSimulated("more than 100,800 values in GetMetricData")
    }
    return Output(metricDataResults: results, messages: [])
  }

  private static func isIdentifier(_ text: String) -> Bool {
    guard let first = text.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
    else { return false }
    return text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }

  private func result(
    of query: Query, in cloud: Cloud, for caller: Caller
  ) throws(ServiceError) -> Result {
    guard let stat = query.metricStat, let namespace = stat.metric.namespace,
      let name = stat.metric.metricName
    else {
      throw .invalidMetricRequest(
        "The parameter MetricDataQueries.member.MetricStat with its Metric is required.")
    }
    guard let statistic = MetricStatistic(rawValue: stat.stat) else {
      throw .notSimulated("the Stat \(stat.stat) of GetMetricData")
    }
    guard MetricPeriod.isValid(stat.period) else {
      throw .invalidMetricRequest(
        "The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60.")
    }
    let metric = MetricName(
      namespace: namespace, name: name,
      dimensions: (stat.metric.dimensions ?? []).map(\.dimension))
    var points = cloud.points(
      of: metric, in: caller.place, unit: stat.unit, from: startTime.instant,
      until: endTime.instant, every: stat.period, alignedTo: Instant(milliseconds: 0))
    if scanBy != "TimestampAscending" { points.reverse() }
    return Result(
      id: query.id, label: query.label ?? name, timestamps: points.map { Timestamp($0.at) },
      values: points.map { $0.point.value(of: statistic) }, statusCode: "Complete")
  }
}

/// The lengths of time that statistics are made over.
enum MetricPeriod {
  /// As long as anything is kept.
  private static let longest = 455 * 86_400

  static func isValid(_ seconds: Int) -> Bool {
    (1...longest).contains(seconds)
      && ([1, 5, 10, 20, 30].contains(seconds) || seconds % 60 == 0)
  }
}

extension Cloud {
  /// What was measured of a metric in each period of a stretch of time, oldest first; periods in
  /// which nothing was are left out.
  ///
  /// - Parameters:
  ///   - metric: The metric, with exactly its dimensions.
  ///   - place: Where.
  ///   - unit: Only values of this unit; any for nil.
  ///   - start: The first instant.
  ///   - end: What everything comes before.
  ///   - period: Its length in seconds.
  ///   - anchor: An instant at which a period begins; only its whole minute counts.
  /// - Returns: When each period begins, and what was measured in it.
  /// - Complexity: O(log n + k) for k stretches that were measured.
  func points(
    of metric: MetricName, in place: Place, unit: String?, from start: Instant,
    until end: Instant, every period: Int, alignedTo anchor: Instant
  ) -> [(at: Instant, point: MetricPoint)] {
    let store = observations.metrics
    if let unit, store.unit(of: metric, in: place) != unit { return [] }
    let length = Int64(period) * 1_000
    let zero = anchor.minuteOfEpoch * 60_000
    func begin(_ instant: Instant) -> Int64 {
      let passed = instant.milliseconds - zero
      return zero + (passed - (passed % length + length) % length)
    }
    let first = Instant(milliseconds: begin(start))
    let last = (end.milliseconds + 59_999) / 60_000
    var result: [(at: Instant, point: MetricPoint)] = []
    for point in store.points(of: metric, in: place, first.minuteOfEpoch..<last, at: now) {
      let at = Instant(milliseconds: begin(Instant(minuteOfEpoch: point.minute)))
      if let open = result.last, open.at == at {
        result[result.count - 1].point.merge(point)
      } else {
        result.append((at, point))
      }
    }
    return result
  }
}

extension Int64 {
  /// With commas between thousands, as refusals write large numbers.
  fileprivate var grouped: String {
    let digits = Array(String(self))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }
}
