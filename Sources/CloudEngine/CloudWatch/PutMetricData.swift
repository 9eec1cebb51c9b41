// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import Simulation

/// Puts values of a metric of one's own. [CW.put]
package struct PutMetricData: CloudWatchOperation {
  let namespace: String
  let metricData: [Datum]?

  struct Datum: Decodable, Sendable {
    let metricName: String
    let dimensions: [DimensionShape]?
    let timestamp: Timestamp?
    let value: Double?
    let statisticValues: Statistics?
    let values: [Double]?
    let counts: [Double]?
    let unit: String?
  }

  struct Statistics: Decodable, Sendable {
    let sampleCount: Double
    let sum: Double
    let minimum: Double
    let maximum: Double
  }

  package static var isManagementEvent: Bool { false }
  package typealias Output = EmptyOutput

  private static let mostMetrics = 1_000

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard !namespace.hasPrefix("AWS/") else {
      throw .invalidMetricParameter(
        "The value AWS/ for parameter Namespace is invalid. It is reserved for AWS services.")
    }
    guard let metricData, !metricData.isEmpty else { throw .missingMetricParameter("MetricData") }
    guard metricData.count <= Self.mostMetrics else {
      throw .invalidMetricParameter(
        "The collection MetricData must not have a size greater than 1000.")
    }
    let now = cloud.now
    var points: [(datum: Datum, point: MetricPoint)] = []
    for (index, datum) in metricData.enumerated() {
      let at = datum.timestamp?.instant ?? now
      guard at >= now - .days(14), at <= now + .hours(2) else {
        throw .invalidMetricParameter(
          "The parameter MetricData.member.\(index + 1).Timestamp must specify a time within "
            + "the past two weeks and no more than two hours in the future.")
      }
      points.append((datum, try datum.point(at: at, index + 1)))
    }
    // Every refusal is above this line.
    for (datum, point) in points {
      let metric = MetricName(
        namespace: namespace, name: datum.metricName,
        dimensions: (datum.dimensions ?? []).map(\.dimension))
      cloud.observations.metrics.put(
        point, unit: datum.unit ?? "None",
        of: MetricStore.OwnKey(place: caller.place, metric: metric), at: now)
    }
    return EmptyOutput()
  }
}

extension PutMetricData.Datum {
  /// 2 to the power of 360.
  private static let largest = 0x1p360

  /// The values that one part of the request puts.
  fileprivate func point(at instant: Instant, _ number: Int) throws(ServiceError) -> MetricPoint {
    let given = [value != nil, statisticValues != nil, values != nil].count { $0 }
    guard given == 1 else {
      throw .invalidMetricCombination(
        "The parameters MetricData.member.\(number).Value, StatisticValues and Values are mutually "
          + "exclusive and you have specified \(given).")
    }
    let minute = instant.minuteOfEpoch
    let numbers =
      [value, statisticValues?.sum, statisticValues?.minimum, statisticValues?.maximum]
      .compactMap(\.self) + (values ?? [])
    let sizes = [statisticValues?.sampleCount].compactMap(\.self) + (counts ?? [])
    guard numbers.allSatisfy({ abs($0) <= Self.largest }),
      sizes.allSatisfy({ $0 > 0 && $0 <= Self.largest })
    else {
      throw .invalidMetricParameter(
        "The value of MetricData.member.\(number) must be within -2^360 to 2^360, "
          + "its count above 0."
      )
    }
    if let set = statisticValues {
      return MetricPoint(
        minute: minute, count: set.sampleCount, sum: set.sum, minimum: set.minimum,
        maximum: set.maximum)
    }
    var point = MetricPoint(minute: minute)
    let all = values ?? [value].compactMap(\.self)
    guard counts == nil || counts?.count == all.count else {
      throw .invalidMetricParameter(
        "The parameters MetricData.member.\(number).Values and Counts must be of the same size.")
    }
    for (index, value) in all.enumerated() {
      let count = counts?[index] ?? 1
      point.merge(
        MetricPoint(
          minute: minute, count: count, sum: value * count, minimum: value, maximum: value))
    }
    return point
  }
}
