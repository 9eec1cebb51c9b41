// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Adds tags to a table or replaces their values, all or none. [DDB.tags]
package struct TagResource: DynamoDBOperation {
  let resourceArn: String
  let tags: [Tag]

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard !tags.isEmpty else { throw .validation("Atleast one Tag needs to be provided as Input.") }
    let checked = try Tag.checked(tags)
    let id = try cloud.taggedTable(resourceArn, for: caller)
    var merged = cloud[caller.place][id].settings.tags
    for tag in checked {
      merged.removeAll { $0.key.utf8.elementsEqual(tag.key.utf8) }
      merged.append(tag)
    }
    guard merged.count <= Limits.tagsPerResource else {
      throw .limitExceeded(
        "Subscriber limit exceeded: Number of Tags exceed the current limit for the provided "
          + "ResourceArn")
    }
    cloud[caller.place][id].settings.tags = merged.inOrder
    cloud.meterTable(of: id)
    return EmptyOutput()
  }
}

/// Removes tags from a table; a key that is not there is no error. [DDB.tags]
package struct UntagResource: DynamoDBOperation {
  let resourceArn: String
  let tagKeys: [String]

  package typealias Output = EmptyOutput

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    guard !tagKeys.isEmpty else {
      throw .validation("Atleast one Tag Key needs to be provided as Input.")
    }
    let id = try cloud.taggedTable(resourceArn, for: caller)
    cloud[caller.place][id].settings.tags.removeAll { tag in
      tagKeys.contains { $0.utf8.elementsEqual(tag.key.utf8) }
    }
    cloud.meterTable(of: id)
    return EmptyOutput()
  }
}

/// Lists the tags of a table. [DDB.tags]
package struct ListTagsOfResource: DynamoDBOperation {
  let resourceArn: String
  let nextToken: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable { let tags: [Tag] }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    // All tags fit one page, so no token was ever given out.
    guard nextToken == nil else { throw .validation("Invalid NextToken") }
    let id = try cloud.taggedTable(resourceArn, for: caller)
    return Output(tags: cloud[caller.place][id].settings.tags)
  }
}

extension Tag {
  /// The tags of a request, in order. [DDB.tags]
  ///
  /// - Throws: A validation error naming the first key or value that is not allowed.
  static func checked(_ tags: [Tag]) throws(ServiceError) -> [Tag] {
    for (position, tag) in tags.enumerated() {
      guard !tag.key.lowercased().hasPrefix("aws:") else {
        throw .validation("Tag Key cannot be prefixed with aws:, Key: \(tag.key)")
      }
      guard (1...128).contains(tag.key.count), tag.key.allSatisfy(\.isAllowedInTag) else {
        throw .validation("The Tag Key provided is invalid, Key: \(tag.key)")
      }
      guard tag.value.count <= 256, tag.value.allSatisfy(\.isAllowedInTag) else {
        throw .validation("The Tag Value provided is invalid, Value: \(tag.value)")
      }
      if tags[..<position].contains(where: { $0.key == tag.key }) {
        throw .validation(
          "Duplicate Tag Keys provided as input: Duplicate Tag Key found \(tag.key)")
      }
    }
    guard tags.count <= Limits.tagsPerResource else {
      throw .validation("Number of Tags exceed the current limit for the provided ResourceArn")
    }
    return tags.inOrder
  }
}

extension [Tag] {
  fileprivate var inOrder: [Tag] {
    sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }
}

extension Character {
  fileprivate var isAllowedInTag: Bool {
    isLetter || isNumber || self == " " || "+-=._:/@".contains(self)
  }
}

extension Cloud {
  fileprivate func taggedTable(_ arn: String, for caller: Caller) throws(ServiceError) -> TableID {
    guard let parsed = ARN(arn) else {
      throw .invalidValues("ARNs must start with 'arn:': \(arn)")
    }
    guard let name = parsed.tableName else {
      throw .invalidValues("Invalid ResourceArn: \(arn)")
    }
    guard parsed.account == caller.account else { throw .accessDenied() }
    guard parsed.region == caller.region, let table = self[caller.place].tables[name],
      !table.isBeingFilled
    else {
      throw .tableNotFoundByTags(arn)
    }
    return table.identity
  }
}

// MARK: - Time to live

/// Switches the expiry of a table's items on or off.
///
/// Expired items are deleted by the service about two days later, and can be read until then.
/// [DDB.ttl] [DDB.ttl.deletion]
package struct UpdateTimeToLive: DynamoDBOperation {
  /// A second change within this time is refused.
  static let cooldown: Duration = .hours(1)

  let tableName: TableReference
  let timeToLiveSpecification: Specification

  struct Specification: Codable, Sendable {
    let enabled: Bool
    let attributeName: String
  }

  package struct Output: Encodable, Sendable { let timeToLiveSpecification: Specification }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let id = try cloud.table(tableName, for: caller)
    let table = cloud[caller.place][id]
    try table.require(.changeTimeToLive)
    try cloud.requireUsable(table.settings.encryption)
    let asked = timeToLiveSpecification
    switch (table.settings.timeToLive, asked.enabled) {
    case (.on(let attribute), _) where !attribute.utf8.elementsEqual(asked.attributeName.utf8):
      throw .validation(
        "TimeToLive is active on a different AttributeName: current AttributeName is \(attribute)")
    case (.on, true): throw .validation("TimeToLive is already enabled")
    case (.off, false): throw .validation("TimeToLive is already disabled")
    default: break
    }
    guard !cloud.isStrong(id) else { throw .strongTimeToLive }
    if let last = table.settings.lastTimeToLiveChange, cloud.now - last < Self.cooldown {
      throw .validation(
        "Time to live has been modified multiple times within a fixed interval")
    }
    // All replicas of a global table share it. [DDB.global.settings]
    for replica in cloud.replicas(with: id) {
      cloud.setTimeToLive(of: replica, attribute: asked.enabled ? asked.attributeName : nil)
    }
    return Output(timeToLiveSpecification: asked)
  }
}

/// Returns whether a table's items expire, and by which attribute. [DDB.ttl]
package struct DescribeTimeToLive: DynamoDBOperation {
  let tableName: TableReference

  package static var isReadOnly: Bool { true }
  package struct Output: Encodable, Sendable { let timeToLiveDescription: TimeToLiveDescription }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let id = try cloud.table(tableName, for: caller)
    let table = cloud[caller.place][id]
    try table.require(.describeTimeToLive)
    return Output(timeToLiveDescription: TimeToLiveDescription(table.settings.timeToLive))
  }
}
