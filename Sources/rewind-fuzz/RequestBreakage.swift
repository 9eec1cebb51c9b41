// SPDX-License-Identifier: GPL-3.0-or-later

import Documents

/// One thing that is wrong with a member of an input.
enum RequestBreakage: CaseIterable {
  case none, missing, null, text, emptyText, longText, controlText, number, negative, huge, fraction
  case truth, list, emptyList, longList, structure, emptyStructure, unknownMember, deep

  /// An input with the member at a path broken; without that member as it is.
  func apply(to input: Document, at path: ArraySlice<String>) -> Document {
    guard let first = path.first else { return broken(input) ?? input }
    switch input {
    case .object(var members):
      if members[first] != nil {
        if path.count == 1, self == .missing {
          members[first] = nil
        } else {
          members[first] = members[first].map { apply(to: $0, at: path.dropFirst()) }
        }
      } else {
        // A map's entries are named by the caller.
        for (name, value) in members { members[name] = apply(to: value, at: path) }
      }
      return .object(members)
    case .array(let elements): return .array(elements.map { apply(to: $0, at: path) })
    default: return input
    }
  }

  private func broken(_ value: Document) -> Document? {
    switch self {
    case .none, .missing: nil
    case .null: .null
    case .text: "no such thing"
    case .emptyText: ""
    case .longText: .string(String(repeating: "x", count: 70_000))
    case .controlText: "a\u{0}\r\n\u{202e}<&\"é\u{301}🙂"
    case .number: 7
    case .negative: -1
    case .huge: .integer(.max)
    case .fraction: 1e300
    case .truth: true
    case .list: [value]
    case .emptyList: []
    case .longList: .array(Array(repeating: value, count: 200))
    case .structure: ["S": value]
    case .emptyStructure: .emptyObject
    case .unknownMember: value.with("NoSuchMember", 1)
    case .deep:
      (0..<490).reduce(value) { inner, number in
        number.isMultiple(of: 2) ? ["M": inner] : ["L": [inner]]
      }
    }
  }
}
