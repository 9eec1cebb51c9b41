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
    _ type: O.Type, from input: Document, as shape: Shape
  ) throws(ServiceError) -> O {
    if input.isNull { return try read(type, from: .emptyObject, as: shape) }
    let isPlain = shape.plainlyAdmits(input)
    if !isPlain, let text = serializationError(of: input, as: shape) { throw .serialization(text) }
    try type.check(input)
    if !isPlain, let text = violations(of: input, as: shape) { throw .validation(text) }
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

  static func write<O: Operation>(
    _ output: O.Output, of type: O.Type, as shape: Shape?
  ) -> Document {
    if let document = type.direct(output) { return document }
    guard let shape else { return .emptyObject }
    do {
      return try ResponseEncoder.encode(output, as: shape)
    } catch {
      preconditionFailure("the outputs of the engine encode themselves: \(O.name)")
    }
  }
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
