// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import OrderedCollections
import ServiceModel
import Simulation

/// The last steps from what a command says to what a request carries: blobs and times.
enum RequestValues {
  /// The value with its blobs read: base64 text by default, the text itself where raw is asked for.
  ///
  /// - Throws: `.general` for text that is not base64.
  /// - Complexity: O(n).
  static func decodingBlobs(
    _ value: ParameterValue, shape: Shape, isRaw: Bool
  ) throws(CommandError) -> ParameterValue {
    switch (shape.kind, value) {
    case (.blob, .string(let text)):
      if isRaw { return .bytes(Array(text.utf8)) }
      guard let bytes = Base64.decode(text) else { throw .general("Invalid base64: \"\(text)\"") }
      return .bytes(bytes)
    case (.structure, .map(var members)):
      for member in shape.members {
        if let written = members[member.name] {
          members[member.name] = try decodingBlobs(written, shape: member.shape, isRaw: isRaw)
        }
      }
      return .map(members)
    case (.map, .map(var members)):
      guard let held = shape.value else { return value }
      for (key, written) in members {
        members[key] = try decodingBlobs(written, shape: held, isRaw: isRaw)
      }
      return .map(members)
    case (.list, .list(let elements)):
      guard let held = shape.element else { return value }
      var result: [ParameterValue] = []
      for element in elements {
        result.append(try decodingBlobs(element, shape: held, isRaw: isRaw))
      }
      return .list(result)
    default:
      return value
    }
  }

  /// The request with its times as whole seconds since 1970; fractions are dropped, as the CLI
  /// does.
  ///
  /// Times that cannot be read stay as they are: the check of the request has named them.
  /// - Complexity: O(n).
  static func encodingTimes(_ value: Document, shape: Shape) -> Document {
    switch (shape.kind, value) {
    case (.timestamp, .string(let text)):
      guard let instant = try? Instant(awsTimestamp: text) else { return value }
      return .integer(instant.flooredToSecond.milliseconds / 1000)
    case (.timestamp, .double(let number)):
      return Int64(exactly: number.rounded(.down)).map { .integer($0) } ?? value
    case (.structure, .object(var members)):
      for member in shape.members {
        if let written = members[member.name] {
          members[member.name] = encodingTimes(written, shape: member.shape)
        }
      }
      return .object(members)
    case (.map, .object(let members)):
      guard let held = shape.value else { return value }
      return .object(members.mapValues { encodingTimes($0, shape: held) })
    case (.list, .array(let elements)):
      guard let held = shape.element else { return value }
      return .array(elements.map { encodingTimes($0, shape: held) })
    default:
      return value
    }
  }
}
