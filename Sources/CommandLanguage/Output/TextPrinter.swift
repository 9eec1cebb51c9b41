// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import OrderedCollections

/// Prints a value as `--output text` does: a line a structure, values between tabs, names in
/// capitals.
///
/// Scalars come first in the order of their names, then what is nested, each line headed by the
/// name it hangs on. Structures in one list share their columns: what one of them lacks is empty.
struct TextPrinter {
  private(set) var text = ""

  /// The lines of the value, each with its newline.
  ///
  /// - Throws: `.general` for a list that mixes structures with other values, as the CLI fails.
  /// - Complexity: O(n log n).
  static func print(_ value: Document) throws(CommandError) -> String {
    var printer = TextPrinter()
    try printer.write(value, under: nil, columns: nil)
    return printer.text
  }

  private mutating func write(
    _ value: Document, under name: String?, columns: [String]?
  ) throws(CommandError) {
    switch value {
    case .object(let members): try write(members, under: name, columns: columns)
    case .array(let elements): try write(elements, under: name)
    default: text += value.pythonText + "\n"
    }
  }

  private mutating func write(
    _ elements: [Document], under name: String?
  ) throws(CommandError) {
    guard !elements.isEmpty else { return }
    if elements.contains(where: \.isObject) {
      let columns = try Self.columns(of: elements)
      for element in elements { try write(element, under: name, columns: columns) }
    } else if elements.contains(where: \.isArray) {
      let scalars = elements.filter { !$0.isContainer }
      if !scalars.isEmpty { writeScalars(scalars, under: name) }
      for element in elements where element.isContainer {
        try write(element, under: name, columns: nil)
      }
    } else {
      writeScalars(elements, under: name)
    }
  }

  private mutating func writeScalars(_ elements: [Document], under name: String?) {
    if let name {
      for element in elements { text += name.uppercased() + "\t" + element.pythonText + "\n" }
    } else {
      text += elements.map(\.pythonText).joined(separator: "\t") + "\n"
    }
  }

  private mutating func write(
    _ members: OrderedDictionary<String, Document>, under name: String?, columns: [String]?
  ) throws(CommandError) {
    var line: [String] = []
    var nested: [String] = []
    if let columns {
      line = columns.map { members[$0]?.pythonText ?? "" }
      let shown = Set(columns)
      nested = members.keys.filter { !shown.contains($0) }.sorted(by: PythonText.precedes)
    } else {
      for key in members.keys.sorted(by: PythonText.precedes) {
        guard let value = members[key] else { continue }
        if value.isContainer { nested.append(key) } else { line.append(value.pythonText) }
      }
    }
    if !line.isEmpty {
      if let name { line.insert(name.uppercased(), at: 0) }
      text += line.joined(separator: "\t") + "\n"
    }
    for key in nested {
      if let value = members[key] { try write(value, under: key, columns: nil) }
    }
  }

  /// The names under which any of the structures holds a scalar, in order.
  private static func columns(of elements: [Document]) throws(CommandError) -> [String] {
    var names: OrderedSet<String> = []
    for element in elements {
      guard case .object(let members) = element else {
        throw .general("'\(element.pythonTypeName)' object has no attribute 'items'")
      }
      for (name, value) in members where !value.isContainer { names.append(name) }
    }
    return names.sorted(by: PythonText.precedes)
  }
}
