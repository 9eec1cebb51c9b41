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
}
