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
    let shape = model(of: type).input
    if let text = RequestValidator.serializationError(of: input, as: shape) {
      throw .serialization(text)
    }
    if let text = RequestValidator.violations(of: input, as: shape) { throw .validation(text) }
    do {
      let (request, unread) = try RequestDecoder.decode(type, from: input, as: shape)
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
    ResponseEncoder.encode(output, as: model(of: type).output)
  }

  private static func model<O: Operation>(of type: O.Type) -> OperationModel {
    guard let model = ServiceModel.named(O.service)?.operation(named: O.name) else {
      preconditionFailure("every operation of the engine stands in its service's model: \(O.name)")
    }
    return model
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
