// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents

extension Document {
  /// True if arrays and objects nest at most this deep.
  ///
  /// - Complexity: O(n) in the number of values.
  func isShallow(_ limit: Int) -> Bool {
    switch self {
    case .array(let elements):
      limit > 0 && elements.allSatisfy { $0.isShallow(limit - 1) }
    case .object(let members):
      limit > 0 && members.allSatisfy { $0.value.isShallow(limit - 1) }
    default: true
    }
  }
}

extension ServiceError {
  /// The refusal of a request that the journal could not read back.
  static let tooDeep = ServiceError(
    code: "SerializationException", message: "The request is nested too deeply.")
}
