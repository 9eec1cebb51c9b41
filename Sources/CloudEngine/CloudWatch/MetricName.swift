// SPDX-License-Identifier: GPL-3.0-or-later

/// What tells one thing measured from another: a namespace, a name, and dimensions. [CW.metrics]
struct MetricName: Codable, Hashable, Sendable {
  let namespace: String
  let name: String
  /// In the order of their names: two metrics are the same whatever order they were given in.
  let dimensions: [MetricDimension]

  init(namespace: String, name: String, dimensions: [MetricDimension]) {
    self.namespace = namespace
    self.name = name
    self.dimensions = dimensions.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
  }

  static let backup = "AWS/Backup"
  static let dynamoDB = "AWS/DynamoDB"

  /// The value of a dimension; nil if the metric has none of that name.
  subscript(dimension name: String) -> String? { dimensions.first { $0.name == name }?.value }

  /// True if the metric has exactly these dimensions.
  func has(_ names: [String]) -> Bool { dimensions.map(\.name) == names.sorted() }
}

extension MetricName: Comparable {
  static func < (left: MetricName, right: MetricName) -> Bool { left.order < right.order }

  private var order: (String, String, String) {
    (namespace, name, dimensions.map { "\($0.name)=\($0.value)" }.joined(separator: "\u{1}"))
  }
}

/// One of the names and values that tell metrics of a name apart.
struct MetricDimension: Codable, Hashable, Sendable {
  let name: String
  let value: String

  init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// A statistic of the values that were measured in a period. [CW.statistics]
enum MetricStatistic: String, Codable, Hashable, Sendable {
  case sampleCount = "SampleCount"
  case average = "Average"
  case sum = "Sum"
  case minimum = "Minimum"
  case maximum = "Maximum"
}

/// The values that were measured in one stretch of time, as far as statistics go.
struct MetricPoint: MetricBucket, Hashable {
  var minute: Int64
  private(set) var count = 0.0
  private(set) var sum = 0.0
  private(set) var minimum = 0.0
  private(set) var maximum = 0.0

  init(minute: Int64) { self.minute = minute }

  /// A stretch with some values.
  init(minute: Int64, count: Double, sum: Double, minimum: Double, maximum: Double) {
    self.minute = minute
    self.count = count
    self.sum = sum
    self.minimum = minimum
    self.maximum = maximum
  }

  mutating func add(_ value: Double) {
    minimum = count == 0 ? value : min(minimum, value)
    maximum = count == 0 ? value : max(maximum, value)
    count += 1
    sum += value
  }

  mutating func merge(_ later: MetricPoint) {
    guard later.count > 0 else { return }
    minimum = count == 0 ? later.minimum : min(minimum, later.minimum)
    maximum = count == 0 ? later.maximum : max(maximum, later.maximum)
    count += later.count
    sum += later.sum
  }

  func value(of statistic: MetricStatistic) -> Double {
    switch statistic {
    case .sampleCount: count
    case .average: sum / count
    case .sum: sum
    case .minimum: minimum
    case .maximum: maximum
    }
  }
}
