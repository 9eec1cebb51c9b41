// SPDX-License-Identifier: GPL-3.0-or-later

/// Why a text or a sum is not a number of the service.
package enum NumberError: Error, Hashable, Sendable {
  /// The magnitude is 1E+126 or more.
  case overflow
  /// The magnitude is below 1E-130 and not zero.
  case underflow
  /// More than 38 significant digits.
  case precision
  /// Not a number at all; carries the text, which may be empty.
  case notANumber(String)

  /// The service's words, after "ValidationException". [DDB.value.errors]
  package var message: String {
    switch self {
    case .overflow:
      "Number overflow. Attempting to store a number with magnitude larger than supported range"
    case .underflow:
      "Number underflow. Attempting to store a number with magnitude smaller than supported range"
    case .precision: "Attempting to store more than 38 significant digits in a Number"
    case .notANumber(""): "The parameter cannot be converted to a numeric value"
    case .notANumber(let text): "The parameter cannot be converted to a numeric value: \(text)"
    }
  }
}
