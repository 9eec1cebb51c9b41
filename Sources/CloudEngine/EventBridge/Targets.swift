// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections

/// Says who gets a rule's events; a target of an id that is there already is replaced.
/// [EVENTS.targets]
package struct PutTargets: EventBusOperation {
  let rule: String
  let eventBusName: String?
  let targets: [TargetEntry]

  package struct Output: Encodable, Sendable {
    let failedEntryCount: Int
    let failedEntries: [FailedTarget]
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let found = try cloud.rule(rule, on: eventBusName, for: caller)
    for target in targets {
      try target.check()
    }
    let ids = Set(found.targets.map(\.key)).union(targets.map(\.id))
    guard ids.count <= EventRule.mostTargets else { throw .tooManyOfThese }
    // Every refusal is above this line.
    for target in targets {
      cloud[caller.place].eventRules?[rule]?.targets[target.id] = target.target
    }
    return Output(failedEntryCount: 0, failedEntries: [])
  }
}

/// A target as requests give it and answers show it.
package struct TargetEntry: Codable, Sendable {
  let id: String
  let arn: String
  let roleArn: String?
  let input: String?
  let inputPath: String?
  let inputTransformer: Transformer?

  struct Transformer: Codable, Sendable {
    let inputPathsMap: [String: String]?
    let inputTemplate: String
  }

  init(_ target: EventTarget) {
    (id, arn, roleArn) = (target.id, target.arn, target.roleARN)
    (input, inputPath) = (target.input, target.inputPath)
    inputTransformer = target.transformer.map { transformer in
      Transformer(
        inputPathsMap: transformer.paths.isEmpty
          ? nil : Dictionary(uniqueKeysWithValues: transformer.paths.map { ($0.key, $0.value) }),
        inputTemplate: transformer.template)
    }
  }

  fileprivate var target: EventTarget {
    EventTarget(
      id: id, arn: arn, roleARN: roleArn, input: input, inputPath: inputPath,
      transformer: inputTransformer.map { given in
        var paths: OrderedMap<String, String> = OrderedMap()
        for (name, path) in given.inputPathsMap ?? [:] { paths[name] = path }
        return EventTarget.Transformer(paths: paths, template: given.inputTemplate)
      })
  }

  fileprivate func check() throws(ServiceError) {
    guard ARN(arn) != nil else {
      throw .validation(
        "Parameter \(arn) is not valid. Reason: Provided Arn is not in correct format.")
    }
    let forms = [input != nil, inputPath != nil, inputTransformer != nil]
    guard forms.count(where: { $0 }) <= 1 else {
      throw .validation(
        "Only one of Input, InputPath, or InputTransformer must be provided for target \(id).")
    }
    for path in [inputPath].compactMap(\.self) + (inputTransformer?.inputPathsMap ?? [:]).values
    where path != "$" && !path.hasPrefix("$.") {
      throw .validation("Invalid JSON path for target \(id).")
    }
  }
}

/// A target that could not be added or removed.
package struct FailedTarget: Encodable, Sendable {
  let targetId: String
  let errorCode: String
  let errorMessage: String
}

/// Lists who gets a rule's events, by id. [EVENTS.targets]
package struct ListTargetsByRule: EventBusOperation {
  let rule: String
  let eventBusName: String?
  let nextToken: String?
  let limit: Int?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let targets: [TargetEntry]
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let found = try cloud.rule(rule, on: eventBusName, for: caller)
    let start: String? = try PageToken.mark(in: nextToken, otherwise: .invalidEventToken(nextToken))
    let page = Page(found.targets.entries(after: start), limit: limit ?? EventRule.pageLimit) {
      $0.key
    }
    return Output(
      targets: page.shown.map { TargetEntry($0.value) }, nextToken: page.nextToken)
  }
}

/// Takes targets from a rule; those it does not have are named in the answer. [EVENTS.targets]
package struct RemoveTargets: EventBusOperation {
  let rule: String
  let eventBusName: String?
  let ids: [String]

  /// It is for rules that other services made; none do here.
  package static var acceptedWithoutEffect: [String] { ["Force"] }

  package struct Output: Encodable, Sendable {
    let failedEntryCount: Int
    let failedEntries: [FailedTarget]
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let found = try cloud.rule(rule, on: eventBusName, for: caller)
    var failed: [FailedTarget] = []
    for id in ids {
      if found.targets[id] == nil {
        failed.append(
          FailedTarget(
            targetId: id, errorCode: "ResourceNotFoundException",
            errorMessage: "Target \(id) does not exist on rule \(rule)."))
      } else {
        cloud[caller.place].eventRules?[rule]?.targets[id] = nil
      }
    }
    return Output(failedEntryCount: failed.count, failedEntries: failed)
  }
}
