// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import OrderedCollections
import ServiceModel

/// Fills a shape with sample values, for `--generate-cli-skeleton`.
struct Skeleton {
  /// Whether texts are the names of their members (output) or empty (input).
  let namesTexts: Bool

  /// The sample of a shape; where the CLI picks an enum value at random, the first one.
  ///
  /// - Complexity: O(size of the sample); recursive shapes stop at their first repetition.
  func sample(of shape: Shape?) -> Document {
    guard let shape else { return .object([:]) }
    var stack: [Shape] = []
    return sample(shape, name: "", &stack)
  }

  private func sample(_ shape: Shape, name: String, _ stack: inout [Shape]) -> Document {
    stack.append(shape)
    defer { stack.removeLast() }
    switch shape.kind {
    case .structure:
      if stack.count(where: { $0 === shape }) > 1 { return .object([:]) }
      var members: OrderedDictionary<String, Document> = [:]
      for member in shape.members {
        members[member.name] = sample(member.shape, name: member.name, &stack)
      }
      return .object(members)
    case .list:
      guard let element = shape.element else { return .array([]) }
      return .array([sample(element, name: namesTexts ? element.name : "", &stack)])
    case .map:
      guard let value = shape.value else { return .object([:]) }
      return .object(["KeyName": sample(value, name: "", &stack)])
    case .string:
      return .string(namesTexts ? name : shape.enumeration.first ?? "")
    case .integer, .long: return .integer(0)
    case .float, .double: return .double(0)
    case .boolean: return .bool(true)
    case .timestamp: return .string("1970-01-01T00:00:00")
    case .blob: return .null
    }
  }
}
