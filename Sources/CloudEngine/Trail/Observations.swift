// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
package import PersistentCollections
package import Simulation

/// What was seen to happen: the audit trail, and how fast requests came.
///
/// Observations are no part of the cloud's state. Refused requests add to them, and the state's
/// fingerprint leaves them out.
package struct Observations: Sendable, Codable {
  /// Every management request so far, oldest first.
  package private(set) var events: AppendLog<TrailEvent> = AppendLog()
  /// What topics passed on, oldest first; nil before the first message.
  private(set) var messages: AppendLog<Notification>?
  /// What AWS Backup did by itself, oldest first; nil before the first of it.
  private var ownEvents: AppendLog<BackupTrailEvent>?
  /// Nil until something was measured.
  private var measured: MetricStore?
  /// Nil until a table first asked its key.
  private var askedKeys: KeyRequests?
  /// Nil until the first request that is counted.
  private var rates: RequestRates?
  /// What is left of limited throughput; nil until the first request that is metered.
  var throughput: ThroughputBuckets?
  /// Draws the trail's own ids, so that a refusal never moves the cloud's.
  private var identifiers: IdentifierSource

  init(seed: UInt64) { identifiers = IdentifierSource(seed: seed &+ 0x0b5e_57a7) }

  mutating func append(_ make: (_ eventID: String, _ requestID: String) -> TrailEvent) {
    let eventID = identifiers.uuid("event")
    events.append(make(eventID, identifiers.uuid("request")))
  }

  /// What topics passed on, oldest first.
  package var notifications: AppendLog<Notification> { messages ?? AppendLog() }

  mutating func append(_ notification: Notification) {
    var all = messages ?? AppendLog()
    all.append(notification)
    messages = all
  }

  /// What AWS Backup did by itself, oldest first: the latest 20,000 events.
  ///
  /// A year of hourly plans makes millions of them, of which nobody looks at more than a few pages.
  package var serviceEvents: AppendLog<BackupTrailEvent> { ownEvents ?? AppendLog() }

  private static let serviceEventsKept = 20_000

  mutating func append(_ event: BackupTrailEvent) {
    if ownEvents == nil { ownEvents = AppendLog() }
    ownEvents?.append(event)
    if let count = ownEvents?.count, count > Self.serviceEventsKept { ownEvents?.removeFirst(1) }
  }

  /// What was measured, changed in place.
  var metrics: MetricStore {
    _read { yield measured ?? MetricStore() }
    _modify {
      var store = measured.take() ?? MetricStore()
      defer { measured = store }
      yield &store
    }
  }

  /// What tables asked of their keys, changed in place.
  var keyRequests: KeyRequests {
    _read { yield askedKeys ?? KeyRequests() }
    _modify {
      var requests = askedKeys.take() ?? KeyRequests()
      defer { askedKeys = requests }
      yield &requests
    }
  }

  mutating func nextMessageID() -> String { identifiers.uuid("message") }
  mutating func nextEventID() -> String { identifiers.uuid("bus-event") }

  /// Counts a request of an operation that may be asked only so often.
  ///
  /// - Throws: `ThrottlingException` if there were too many; not even its input is read then.
  mutating func admit(
    _ request: ServiceRequest, by type: any Operation.Type, at now: Instant
  ) throws(ServiceError) {
    guard let limit = type.requestsPerSecond else { return }
    let key = RequestRates.Key(place: request.caller.place, operation: type.name)
    var counted = rates ?? RequestRates()
    let isAdmitted = counted.admit(key, atMost: limit, at: now)
    rates = counted
    guard isAdmitted else { throw .throttled("Rate exceeded") }
  }
}

/// One record of the audit trail: who asked for what, when, and what became of it. [TRAIL.record]
package struct TrailEvent: Sendable, Codable {
  package let at: Instant
  package let eventID: String
  let requestID: String
  package let service: String
  package let name: String
  package let isReadOnly: Bool
  package let caller: Caller
  /// The request's input as on the wire.
  let input: Document
  /// The output of a request that changes something; null otherwise.
  let output: Document
  package let errorCode: String?
  package let errorMessage: String?
  /// The table the request is about, if it names one.
  package let tableName: String?

  /// The service as the trail names it, which is not always what the CLI calls it. [TRAIL.record]
  package var source: String {
    switch service {
    case "dynamodbstreams": "dynamodb.amazonaws.com"
    case "s3api": "s3.amazonaws.com"
    case "cloudwatch": "monitoring.amazonaws.com"
    default: service + ".amazonaws.com"
    }
  }

  /// The request as the trail writes it; worked out here, because few events are ever looked at.
  package var request: Document { input.lowerCamelCased }

  /// The answer as the trail writes it.
  package var response: Document { output.lowerCamelCased }
}

extension Cloud {
  /// Remembers a management request, refused ones included; requests on items are data events and
  /// are not kept.
  mutating func observe(
    _ request: ServiceRequest, by type: any Operation.Type,
    outcome: Result<Document, ServiceError>
  ) {
    let now = now
    let (response, error): (Document, ServiceError?) =
      switch outcome {
      case .success(let output): (type.recorded(output), nil)
      case .failure(let error): (.null, error)
      }
    observations.append { eventID, requestID in
      TrailEvent(
        at: now, eventID: eventID, requestID: requestID, service: request.service,
        name: request.operation, isReadOnly: type.isReadOnlyInTrail, caller: request.caller,
        input: request.input, output: response, errorCode: error?.code,
        errorMessage: error?.message, tableName: TrailEvent.tableName(in: request.input))
    }
    if let call = observations.events.last { emit(call) }
  }
}

extension TrailEvent {
  fileprivate static func tableName(in input: Document) -> String? {
    for member in ["TableName", "SourceTableName", "TargetTableName"] {
      guard let text = input[member]?.string else { continue }
      return ARN(text)?.tableName ?? text
    }
    for member in ["BackupArn", "ResourceArn", "SourceTableArn", "TableArn", "StreamArn"] {
      guard let arn = input[member]?.string.flatMap(ARN.init) else { continue }
      return arn.backup?.table ?? arn.stream?.table ?? arn.tableName
    }
    return nil
  }

  /// What the request is about, as far as the trail says it: tables, keys and vaults.
  var resources: [(type: String, name: String, arn: String)] {
    var result: [(type: String, name: String, arn: String)] = []
    if let tableName {
      let arn = ARN.table(tableName, in: caller.place)
      result.append((type: "AWS::DynamoDB::Table", name: tableName, arn: arn))
    }
    if service == "backup", let vault = input["BackupVaultName"]?.string {
      let arn = ARN.vault(vault, in: caller.place)
      result.append((type: "AWS::Backup::BackupVault", name: vault, arn: arn))
    }
    if service == "kms", let key = input["KeyId"]?.string ?? output["KeyMetadata"]?["Arn"]?.string {
      let arn = key.hasPrefix("arn:") ? key : ARN.key(key, in: caller.place)
      result.append((type: "AWS::KMS::Key", name: arn, arn: arn))
    }
    return result
  }

  /// The record as JSON, in the service's own member order. [TRAIL.record]
  var record: Document {
    var members: [(String, Document)] = [
      ("eventVersion", "1.11"), ("userIdentity", identity),
      ("eventTime", .string(at.flooredToSecond.rfc3339)), ("eventSource", .string(source)),
      ("eventName", .string(name)), ("awsRegion", .string(caller.region)),
      ("sourceIPAddress", "192.0.2.10"), ("userAgent", "aws-cli/2"),
    ]
    if let errorCode { members.append(("errorCode", .string(errorCode))) }
    if let errorMessage { members.append(("errorMessage", .string(errorMessage))) }
    members += [
      ("requestParameters", request), ("responseElements", response),
      ("requestID", .string(requestID)), ("eventID", .string(eventID)),
      ("readOnly", .bool(isReadOnly)),
    ]
    let resources = resources.map { resource -> Document in
      [
        "accountId": .string(caller.account), "type": .string(resource.type),
        "ARN": .string(resource.arn),
      ]
    }
    if !resources.isEmpty { members.append(("resources", .array(resources))) }
    members += [
      ("eventType", "AwsApiCall"),
      ("apiVersion", source == "dynamodb.amazonaws.com" ? "2012-08-10" : .null),
      ("managementEvent", true), ("recipientAccountId", .string(caller.account)),
      ("eventCategory", "Management"),
    ]
    return Document(members: members)
  }

  /// The role behind a session. [TRAIL.record]
  private var sessionContext: Document {
    let role = String(caller.userID.prefix { $0 != ":" })
    return [
      "sessionIssuer": [
        "type": "Role", "principalId": .string(role), "arn": .string(caller.roleARN),
        "accountId": .string(caller.account), "userName": .string(caller.principal.name),
      ]
    ]
  }

  private var identity: Document {
    var members: [(String, Document)] = [
      ("type", .string(caller.principal.kind.rawValue)), ("principalId", .string(caller.userID)),
      ("arn", .string(caller.arn)), ("accountId", .string(caller.account)),
      ("accessKeyId", .string(caller.accessKeyID)),
    ]
    if caller.principal.kind == .user {
      members.append(("userName", .string(caller.principal.name)))
    }
    if caller.principal.kind == .role { members.append(("sessionContext", sessionContext)) }
    return Document(members: members)
  }
}

extension Document {
  /// The same value with each member's first letters in lower case, as the trail writes them:
  /// `TableName` becomes `tableName`, `SSEDescription` becomes `sSEDescription`. [TRAIL.record]
  fileprivate var lowerCamelCased: Document {
    switch self {
    case .object:
      Document(
        members: members.map { member in
          (
            member.name.prefix(1).lowercased() + member.name.dropFirst(),
            member.value.lowerCamelCased
          )
        })
    case .array(let elements): .array(elements.map(\.lowerCamelCased))
    default: self
    }
  }
}
