// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ServiceModel
import Simulation

/// The way from a wire document to a typed request, and from a typed output back.
///
/// The order is the services': JSON types, then the constraints of the model all at once, then
/// what the engine does not know. [DDB.protocol.order]
enum RequestReader {
  static func read<O: Operation>(
    _ type: O.Type, from input: Document
  ) throws(ServiceError) -> O {
    let input = input.isNull ? .emptyObject : input
    guard let shape = model(of: type).input else {
      preconditionFailure("every operation of the engine takes an input: \(O.name)")
    }
    if let text = serializationError(of: input, as: shape) { throw .serialization(text) }
    try type.check(input)
    if let text = violations(of: input, as: shape) { throw .validation(text) }
    return try decode(type, from: input, as: shape)
  }

  private static func decode<O: Operation>(
    _ type: O.Type, from input: Document, as shape: Shape
  ) throws(ServiceError) -> O {
    if var members = RequestMembersReader(input), let request = type.direct(&members),
      members.isComplete
    {
      return request
    }
    do {
      let (request, unread) = try RequestDecoder.decode(type, from: input, shape: shape)
      if let member = unread.first(where: { !type.acceptedWithoutEffect.contains($0) }) {
        throw ServiceError.notSimulated("\(member) of \(O.name)")
      }
      return request
    } catch let error as ServiceError {
      throw error
    } catch {
      throw .serialization("Unexpected field type")
    }
  }

  static func write<O: Operation>(_ output: O.Output, of type: O.Type) -> Document {
    if let document = type.direct(output) { return document }
    guard let shape = model(of: type).output else { return .emptyObject }
    do {
      return try ResponseEncoder.encode(output, as: shape)
    } catch {
      preconditionFailure("the outputs of the engine encode themselves: \(O.name)")
    }
  }

  private static func model<O: Operation>(of type: O.Type) -> OperationModel {
    guard let model = models[ObjectIdentifier(type)] else {
      preconditionFailure("every operation of the engine stands in its service's model: \(O.name)")
    }
    return model
  }

  /// The catalog's operations as their services' models describe them, found once.
  private static let models: [ObjectIdentifier: OperationModel] = {
    var result: [ObjectIdentifier: OperationModel] = [:]
    for type in Catalog.all {
      result[ObjectIdentifier(type)] = Service.named(type.service)?.operation(named: type.name)
    }
    return result
  }()
}

/// An instant as the JSON protocols carry it: a number of seconds since the epoch.
struct Timestamp: Codable, Hashable, Sendable {
  let instant: Instant

  init(_ instant: Instant) { self.instant = instant }

  init(from decoder: any Decoder) throws {
    let seconds = try decoder.singleValueContainer().decode(Double.self)
    // Beyond the years a clock can show, the nearest end is as wrong as the value itself.
    let bounded = min(max(seconds, -62_135_596_800), 253_402_300_799)
    instant = Instant(milliseconds: Int64((bounded * 1000).rounded()))
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(instant.epochSeconds)
  }
}
