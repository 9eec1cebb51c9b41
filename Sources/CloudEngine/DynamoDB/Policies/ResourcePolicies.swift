// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Gives a table or a stream a policy, or changes the one it has. [DDB.policy]
///
/// The same policy in another layout is no change. A backup does not record it, and a restored table
/// has none.
package struct PutResourcePolicy: DynamoDBOperation {
  let resourceArn: String
  let policy: String
  let expectedRevisionId: String?

  /// Without permissions to lose, nobody can be locked out.
  package static var acceptedWithoutEffect: [String] { ["ConfirmRemoveSelfResourceAccess"] }
  package struct Output: Encodable, Sendable { let revisionId: String }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let resource = try PolicyResource(resourceArn, for: caller)
    let text = try PolicyDocument.canonical(policy, forStream: resource.label != nil)
    let id = try cloud.policyTable(resource, for: caller)
    let present = cloud.policy(of: resource, in: caller.place)
    try resource.check(expected: expectedRevisionId, against: present)
    if let present, present.text == text { return Output(revisionId: present.revision) }
    try cloud.checkPolicyChange(of: resource, id)
    // Every refusal is above this line.
    let new = ResourcePolicy(text: text, changedAt: cloud.now)
    cloud.setPolicy(new, of: resource, in: caller.place)
    return Output(revisionId: new.revision)
  }
}

/// Returns the policy of a table or a stream, in the service's own layout. [DDB.policy]
package struct GetResourcePolicy: DynamoDBOperation {
  let resourceArn: String

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let policy: String
    let revisionId: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let resource = try PolicyResource(resourceArn, for: caller)
    // A stream can be asked for after its table; it has lost its policy then.
    if resource.label == nil || cloud[caller.place].tables[resource.table] != nil {
      _ = try cloud.policyTable(resource, for: caller)
    }
    guard let policy = cloud.policy(of: resource, in: caller.place), let text = policy.text else {
      throw .policyNotFound(resourceArn)
    }
    return Output(policy: text, revisionId: policy.revision)
  }
}

/// Takes the policy of a table or a stream away; none there is no error. [DDB.policy]
package struct DeleteResourcePolicy: DynamoDBOperation {
  let resourceArn: String
  let expectedRevisionId: String?

  package struct Output: Encodable, Sendable { let revisionId: String? }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let resource = try PolicyResource(resourceArn, for: caller)
    let id = try cloud.policyTable(resource, for: caller)
    let present = cloud.policy(of: resource, in: caller.place)
    try resource.check(expected: expectedRevisionId, against: present)
    guard let present, present.text != nil else {
      return Output(revisionId: present?.revision)
    }
    try cloud.checkPolicyChange(of: resource, id)
    // Every refusal is above this line.
    cloud.setPolicy(
      ResourcePolicy(text: nil, changedAt: cloud.now), of: resource, in: caller.place)
    return Output(revisionId: present.revision)
  }
}

/// The table or the stream that a request on policies names. [DDB.policy.arn]
struct PolicyResource: Hashable, Sendable {
  let table: String
  /// The stream's label; nil for the table.
  let label: String?

  init(_ text: String, for caller: Caller) throws(ServiceError) {
    guard text.hasPrefix("arn:") else {
      throw .invalidValues("ARNs must start with 'arn:': \(text)")
    }
    guard let arn = ARN(text), arn.service == "dynamodb",
      arn.region == caller.region, Partition(ofRegion: arn.region)?.rawValue == arn.partition
    else { throw .invalidValues("Invalid resource Arn: \(text)") }
    guard arn.account == caller.account else {
      throw .validation(
        "This action is only supported by accounts that match the resource owner’s account.")
    }
    if let stream = arn.stream {
      (table, label) = (stream.table, stream.label)
    } else if let name = arn.tableName {
      (table, label) = (name, nil)
    } else if arn.resource.contains("/index/") {
      throw .invalidValues(
        "Invalid resource arn provided, only table or stream is accepted. Provided resource arn: "
          + text)
    } else {
      throw .invalidValues("Provided Arn is not a DynamoDB resource arn: \(text)")
    }
  }

  /// Refuses a change of another revision than the request expects.
  func check(expected: String?, against present: ResourcePolicy?) throws(ServiceError) {
    guard let expected else { return }
    guard let present, expected != "NO_POLICY" || present.text != nil else {
      if expected == "NO_POLICY" { return }
      throw .policyNotFound(
        "Requested update for policy with revision id \(expected), but table \(table) has no "
          + "associated policy.")
    }
    if expected == "NO_POLICY" {
      throw .policyNotFound(
        "Requested policy update expecting none to be present for table \(table), but a policy "
          + "exists with revision id \(present.revision).")
    }
    guard expected == present.revision else {
      throw .policyNotFound(
        "Requested update for policy with revision id \(expected), but the policy associated to "
          + "target table \(table) has revision id \(present.revision).")
    }
  }
}

extension Cloud {
  /// The table that has a policy, or whose stream has it.
  ///
  /// - Throws: ResourceNotFound for a table that is not there yet or any more, and for its stream.
  fileprivate func policyTable(
    _ resource: PolicyResource, for caller: Caller
  ) throws(ServiceError) -> TableID {
    guard let region = places[caller.place], let table = region.tables[resource.table],
      table.restore == nil, table.status != .creating || table.backupReadiness != .unknown
    else {
      throw .tableNotFoundByTables(resource.table)
    }
    if let label = resource.label {
      guard region.streams[StreamKey(table: resource.table, label: label)] != nil else {
        throw ServiceError(
          code: "ResourceNotFoundException",
          message: "Requested resource not found: Stream: \(label) not found for Table: "
            + resource.table)
      }
    }
    return table.identity
  }

  fileprivate func policy(of resource: PolicyResource, in place: Place) -> ResourcePolicy? {
    let region = self[place]
    guard let label = resource.label else { return region.tables[resource.table]?.resourcePolicy }
    return region.streams[StreamKey(table: resource.table, label: label)]?.resourcePolicy
  }

  fileprivate func checkPolicyChange(
    of resource: PolicyResource, _ id: TableID
  ) throws(ServiceError) {
    guard self[id.place][id].status != .deleting else {
      throw .inUse("Table is being deleted: \(id.name)")
    }
    let subject = resource.label.map { "stream \($0)" } ?? "table \(id.name)"
    try policy(of: resource, in: id.place)?
      .checkCooldown(of: subject, table: id.name, at: now)
  }

  fileprivate mutating func setPolicy(
    _ policy: ResourcePolicy, of resource: PolicyResource, in place: Place
  ) {
    if let label = resource.label {
      let key = StreamKey(table: resource.table, label: label)
      self[place].streams[existing: key].resourcePolicy = policy
    } else {
      self[place].tables[existing: resource.table].resourcePolicy = policy
    }
  }
}

extension ServiceError {
  fileprivate static func policyNotFound(_ detail: String) -> ServiceError {
    ServiceError(
      code: "PolicyNotFoundException",
      message: "Resource-based policy not found for the provided ResourceArn: \(detail)")
  }
}
