// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections

extension Topic {
  static let tagsPerTopic = 50

  /// A request's tags by key. [SNS.tags]
  ///
  /// - Throws: InvalidParameter for a key that stands twice.
  static func checked(_ tags: [Tag]) throws(ServiceError) -> OrderedMap<String, String> {
    let result = OrderedMap(tags.map { (key: $0.key, value: $0.value) })
    guard result.count == tags.count else {
      throw .invalidParameter("Duplicated keys are not allowed.")
    }
    guard result.count <= tagsPerTopic else { throw .tooManyTopicTags }
    return result
  }
}

extension ServiceError {
  fileprivate static let tooManyTopicTags = ServiceError(
    code: "TagLimitExceeded",
    message: "Could not complete request: tag quota of per resource exceeded")
}

extension Cloud {
  /// The topic whose tags are asked for.
  ///
  /// - Throws: ResourceNotFound, InvalidParameter or AuthorizationError.
  fileprivate func taggedTopic(_ arn: String, for caller: Caller) throws(ServiceError) -> Topic {
    let place = try caller.placeOfTopic(arn)
    guard let topic = self[place].topics?[arn] else {
      throw ServiceError(
        code: "ResourceNotFound", message: "Resource does not exist", status: 404)
    }
    return topic
  }
}

/// The operations on topics' tags, which bear the names of other services'. [SNS.tags]
extension Topic {
  /// Adds tags to a topic, or replaces their values.
  package struct TagResource: TopicOperation {
    let resourceArn: String
    let tags: [Tag]

    package typealias Output = EmptyOutput

    package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
      let topic = try cloud.taggedTopic(resourceArn, for: caller)
      var merged = topic.tags
      for (key, value) in try Topic.checked(tags) { merged[key] = value }
      guard merged.count <= Topic.tagsPerTopic else { throw .tooManyTopicTags }
      cloud[caller.place].topics?[topic.arn]?.tags = merged
      return EmptyOutput()
    }
  }

  /// Removes tags; a key that is not there is no error.
  package struct UntagResource: TopicOperation {
    let resourceArn: String
    let tagKeys: [String]

    package typealias Output = EmptyOutput

    package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
      var topic = try cloud.taggedTopic(resourceArn, for: caller)
      for key in tagKeys { topic.tags[key] = nil }
      cloud[caller.place].topics?[topic.arn]?.tags = topic.tags
      return EmptyOutput()
    }
  }

  /// Lists a topic's tags, by key.
  package struct ListTagsForResource: TopicOperation {
    let resourceArn: String

    package static var isReadOnly: Bool { true }

    package struct Output: Encodable, Sendable { let tags: [Tag] }

    package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
      let topic = try cloud.taggedTopic(resourceArn, for: caller)
      return Output(tags: topic.tags.map { Tag(key: $0.key, value: $0.value) })
    }
  }
}
