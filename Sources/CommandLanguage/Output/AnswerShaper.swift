// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import OrderedCollections
import ServiceModel
import Simulation

/// Makes of an answer as it comes over the wire the value that the CLI prints and queries.
enum AnswerShaper {
  /// The seconds since 1970 that the calendar reaches: up to the end of the year 9999.
  private static let years = 0.0..<253_402_300_800.0

  /// The answer with members in the model's order, times as ISO 8601, and nothing the model lacks.
  ///
  /// - Complexity: O(n).
  static func shape(_ value: Document, as shape: Shape) -> Document {
    switch (shape.kind, value) {
    case (.structure, .object(let members)):
      var result: OrderedDictionary<String, Document> = [:]
      for member in shape.members {
        if let written = members[member.name], !written.isNull {
          result[member.name] = Self.shape(written, as: member.shape)
        }
      }
      return .object(result)
    case (.map, .object(let members)):
      guard let held = shape.value else { return value }
      return .object(members.mapValues { Self.shape($0, as: held) })
    case (.list, .array(let elements)):
      guard let held = shape.element else { return value }
      return .array(elements.map { Self.shape($0, as: held) })
    case (.timestamp, .integer(let seconds)) where years.contains(Double(seconds)):
      return .string(Instant(seconds: seconds).awsISO)
    case (.timestamp, .double(let seconds)) where years.contains(seconds):
      return .string(Instant(milliseconds: Int64((seconds * 1000).rounded())).awsISO)
    case (.float, .integer(let number)), (.double, .integer(let number)):
      // The services write `5.0`, never `5`, for a member of a real type.
      return .double(Double(number))
    default:
      return value
    }
  }
}
