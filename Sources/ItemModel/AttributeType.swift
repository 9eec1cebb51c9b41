// SPDX-License-Identifier: GPL-3.0-or-later

/// The ten types of attribute value; raw values are the service's type keys.
///
/// `allCases` is in the order in which the service's model declares them.
package enum AttributeType: String, CaseIterable, Hashable, Sendable {
  case string = "S"
  case number = "N"
  case binary = "B"
  case stringSet = "SS"
  case numberSet = "NS"
  case binarySet = "BS"
  case map = "M"
  case list = "L"
  case null = "NULL"
  case bool = "BOOL"

  /// The type with this key; nil for a name that is none.
  ///
  /// The usual keys are one letter, which is told faster than by comparing it with all ten.
  ///
  /// - Complexity: O(1).
  init?(key: String) {
    let letters = key.utf8
    guard letters.count == 1 else {
      self.init(rawValue: key)
      return
    }
    switch letters.first {
    case UInt8(ascii: "S"): self = .string
    case UInt8(ascii: "N"): self = .number
    case UInt8(ascii: "B"): self = .binary
    case UInt8(ascii: "M"): self = .map
    case UInt8(ascii: "L"): self = .list
    default: return nil
    }
  }
}
