// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import OrderedCollections
import ServiceModel
import Simulation

/// How an answer's times are printed.
enum TimestampFormat {
  /// `2026-11-22T07:26:34.395000+00:00`.
  case iso
  /// As the JSON protocols carry them: seconds since 1970.
  case number
  /// As the XML protocols carry them: `2026-11-22T07:26:34Z`.
  case text
}

/// Makes of an answer as it comes over the wire the value that the CLI prints and queries.
enum AnswerShaper {
  /// The seconds since 1970 that the calendar reaches: up to the end of the year 9999.
  private static let years = 0.0..<253_402_300_800.0

  /// The answer with members in the model's order, times as asked for, and nothing the model lacks.
  ///
  /// - Complexity: O(n).
  static func shape(
    _ value: Document, as shape: Shape, times: TimestampFormat = .iso
  ) -> Document {
    switch (shape.kind, value) {
    case (.structure, .object(let members)):
      var result: OrderedDictionary<String, Document> = [:]
      for member in shape.members {
        if let written = members[member.name], !written.isNull {
          result[member.name] = Self.shape(written, as: member.shape, times: times)
        }
      }
      return .object(result)
    case (.map, .object(let members)):
      guard let held = shape.value else { return value }
      return .object(members.mapValues { Self.shape($0, as: held, times: times) })
    case (.list, .array(let elements)):
      guard let held = shape.element else { return value }
      return .array(elements.map { Self.shape($0, as: held, times: times) })
    case (.timestamp, .integer(let seconds)) where years.contains(Double(seconds)):
      return times.print(Instant(seconds: seconds), value)
    case (.timestamp, .double(let seconds)) where years.contains(seconds):
      return times.print(Instant(milliseconds: Int64((seconds * 1000).rounded())), value)
    case (.float, .integer(let number)), (.double, .integer(let number)):
      // The services write `5.0`, never `5`, for a member of a real type.
      return .double(Double(number))
    default:
      return value
    }
  }
}

extension TimestampFormat {
  fileprivate func print(_ instant: Instant, _ wire: Document) -> Document {
    switch self {
    case .iso: .string(instant.awsISO)
    case .number: wire
    case .text: .string(instant.rfc3339)
    }
  }
}
