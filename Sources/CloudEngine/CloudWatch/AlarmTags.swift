// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections

extension MetricAlarm {
  static let tagsPerAlarm = 50

  /// Tags by key, of several with one key the last.
  static func byKey(_ tags: [Tag]) -> OrderedMap<String, String> {
    OrderedMap(tags.map { (key: $0.key, value: $0.value) })
  }

  /// Refuses more tags than an alarm may have. [CW.alarm.tags]
  static func checkCount(of tags: OrderedMap<String, String>) throws(ServiceError) {
    guard tags.count <= tagsPerAlarm else {
      throw .invalidMetricParameter("A resource can have at most \(tagsPerAlarm) tags.")
    }
  }
}

extension Cloud {
  /// The alarm whose tags are asked for, by its ARN.
  ///
  /// - Throws: InvalidParameterValue, or ResourceNotFoundException.
  fileprivate func taggedAlarm(
    _ text: String, for caller: Caller
  ) throws(ServiceError) -> MetricAlarm {
    guard let arn = ARN(text), arn.service == "cloudwatch" else {
      throw .invalidMetricParameter("Invalid resource ARN: \(text)")
    }
    guard arn.place == caller.place, arn.resource.hasPrefix("alarm:"),
      let alarm = alarm(String(arn.resource.dropFirst("alarm:".count)), in: caller.place)
    else {
      throw ServiceError(code: "ResourceNotFoundException", message: "Unknown", status: 404)
    }
    return alarm
  }
}

/// The operations on alarms' tags, which bear the names of other services'. [CW.alarm.tags]
extension MetricAlarm {
  /// Adds tags to an alarm, or replaces their values.
  package struct TagResource: CloudWatchOperation {
    let resourceARN: String
    let tags: [Tag]

    package typealias Output = EmptyOutput

    package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
      let alarm = try cloud.taggedAlarm(resourceARN, for: caller)
      var merged = alarm.settings.tags
      for (key, value) in MetricAlarm.byKey(tags) { merged[key] = value }
      try MetricAlarm.checkCount(of: merged)
      cloud[caller.place].alarms?[alarm.name]?.settings.tags = merged
      return EmptyOutput()
    }
  }

  /// Removes tags; a key that is not there is no error.
  package struct UntagResource: CloudWatchOperation {
    let resourceARN: String
    let tagKeys: [String]

    package typealias Output = EmptyOutput

    package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
      var alarm = try cloud.taggedAlarm(resourceARN, for: caller)
      for key in tagKeys { alarm.settings.tags[key] = nil }
      cloud[caller.place].alarms?[alarm.name] = alarm
      return EmptyOutput()
    }
  }

  /// Lists an alarm's tags, by key.
  package struct ListTagsForResource: CloudWatchOperation {
    let resourceARN: String

    package static var isReadOnly: Bool { true }

    package struct Output: Encodable, Sendable { let tags: [Tag] }

    package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
      let alarm = try cloud.taggedAlarm(resourceARN, for: caller)
      return Output(tags: alarm.settings.tags.map { Tag(key: $0.key, value: $0.value) })
    }
  }
}
