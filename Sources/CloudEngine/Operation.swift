// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
package import ServiceModel

/// One operation of one service: a request that performs itself on the cloud.
///
/// A conforming type bears the operation's exact name and declares only the members it interprets.
/// A member that the service's model knows and the type does not declare is refused as not
/// simulated, unless `acceptedWithoutEffect` lists it.
package protocol Operation: Decodable, Sendable {
  associatedtype Output: Encodable & Sendable

  /// The service's name in the AWS CLI, such as `dynamodb`.
  static var service: String { get }

  /// The operation's name, spelled as in the service's reference.
  static var name: String { get }

  /// True if a request never changes a resource. [DDB.trail.readOnly]
  static var isReadOnly: Bool { get }

  /// What the trail says of `isReadOnly`, which differs where an answer is all that changes.
  static var isReadOnlyInTrail: Bool { get }

  /// The part of an answer that the trail keeps; null where it keeps none.
  static func recorded(_ answer: Document) -> Document

  /// True if this request changes no resource; it depends on the input where an operation does both.
  static func isReadOnly(_ input: Document) -> Bool

  /// False for item operations, which the audit trail's event history does not hold.
  static var isManagementEvent: Bool { get }

  /// How many requests a second an account may make in a Region; nil where nothing is counted.
  static var requestsPerSecond: Int64? { get }

  /// Members, as paths such as `SSESpecification.SSEType`, that are taken and change nothing here.
  static var acceptedWithoutEffect: [String] { get }

  /// How far the engine goes with it, for whoever asks what is real here.
  static var standing: OperationStanding { get }

  /// Refuses values that the service words otherwise than by the constraints of its model.
  ///
  /// It sees the input before those constraints are checked; most operations have none of these.
  static func check(_ input: Document) throws(ServiceError)

  /// Makes the request from its members without the detour by `Decodable`, for operations asked often.
  ///
  /// The members' kinds and limits have been checked. Nil, and any member that was given and not
  /// taken, leaves the request to `Decodable`: the outcome is the same, only slower.
  static func direct(_ members: inout RequestMembersReader) -> Self?

  /// The output as on the wire, made without the detour by `Encodable`; nil leaves it to `Encodable`.
  static func direct(_ output: Output) -> Document?

  /// Reads a request, carries it out and writes the answer.
  ///
  /// No operation has its own: it is a requirement so that the way is compiled for each operation
  /// alone, where one for all would look every member's type up at run time.
  static func answer(
    _ request: ServiceRequest, input: Shape, output: Shape?, in cloud: inout Cloud
  ) throws(ServiceError) -> Document

  /// Carries the request out at the cloud's present instant.
  ///
  /// Every refusal precedes the first change.
  ///
  /// - Throws: One of the errors the service's model declares, or a validation error.
  func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output
}

extension Operation {
  // An interpolated type is its name; described as any other value, it is first asked for every way in
  // which it could describe itself, which takes a hundred times as long.
  package static var name: String { "\(Self.self)" }
  package static var isReadOnly: Bool { false }
  package static var isReadOnlyInTrail: Bool { isReadOnly }
  package static func recorded(_ answer: Document) -> Document { isReadOnly ? .null : answer }
  package static func isReadOnly(_ input: Document) -> Bool { isReadOnly }
  package static var isManagementEvent: Bool { true }
  package static var requestsPerSecond: Int64? { nil }
  package static var acceptedWithoutEffect: [String] { [] }
  package static var standing: OperationStanding { .simulated }
  package static func check(_ input: Document) throws(ServiceError) {}
  package static func direct(_ members: inout RequestMembersReader) -> Self? { nil }
  package static func direct(_ output: Output) -> Document? { nil }

  package static func answer(
    _ request: ServiceRequest, input: Shape, output: Shape?, in cloud: inout Cloud
  ) throws(ServiceError) -> Document {
    let operation = try RequestReader.read(Self.self, from: request.input, as: input)
    return RequestReader.write(
      try operation.perform(in: &cloud, as: request.caller), of: Self.self, as: output)
  }
}

/// How far the engine goes with an operation.
package enum OperationStanding: String, Sendable {
  /// It does what the service does.
  case simulated = "simulated"
  /// Its settings are checked, kept and told as the service does; nothing follows from them.
  case settingsOnly = "settings only"
  /// The service itself refuses everybody by now, or has nothing to find.
  case refusedEverywhere = "refused, as at the service"
}

/// An operation of Amazon DynamoDB.
package protocol DynamoDBOperation: Operation {}

extension DynamoDBOperation {
  package static var service: String { "dynamodb" }
}

/// The answer of an operation that says nothing.
package struct EmptyOutput: Encodable, Sendable {}

/// A request as it reaches the engine from any way in.
package struct ServiceRequest: Sendable, Hashable {
  /// The service's name in the AWS CLI, such as `dynamodb`.
  package let service: String
  /// The operation's name, such as `CreateBackup`.
  package let operation: String
  /// The input, shaped as on the wire.
  package let input: Document
  package let caller: Caller

  package init(service: String, operation: String, input: Document, caller: Caller) {
    self.service = service
    self.operation = operation
    self.input = input
    self.caller = caller
  }
}
