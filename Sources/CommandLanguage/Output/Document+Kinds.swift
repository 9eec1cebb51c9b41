// SPDX-License-Identifier: GPL-3.0-or-later

import Documents

extension Document {
  /// Whether the value is a list or a structure.
  var isContainer: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }

  var isObject: Bool { if case .object = self { true } else { false } }
  var isArray: Bool { if case .array = self { true } else { false } }
}
