// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine

/// Why a command line did not do what it says; rendering picks the CLI's words and exit status.
enum CommandError: Error, Hashable {
  /// An option's value does not fit: status 252.
  case parameter(String)
  /// The line does not parse; the usage block follows: status 252.
  case usage(String)
  /// Words that no option takes; the usage block comes first: status 252.
  case unknownOptions([String])
  /// Region, profile or credentials are missing: status 253.
  case configuration(code: String, message: String)
  /// The service refused: status 254.
  case service(ServiceError, operation: String)
  /// Anything else: status 255.
  case general(String)

  /// The problem with one option's value, as the CLI introduces it.
  static func parsing(_ option: String, _ message: String) -> CommandError {
    .parameter("Error parsing parameter '\(option)': \(message)")
  }

  var status: Int32 {
    switch self {
    case .parameter, .usage, .unknownOptions: 252
    case .configuration: 253
    case .service: 254
    case .general: 255
    }
  }
}
