// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import OrderedCollections

/// Prints a value as `--output table` does: nested boxes of `+`, `-` and `|`.
///
/// The first structure becomes a row under its names; lists of structures share a heading; whatever
/// is nested gets a box of its own, one bar further in. A table wider than the terminal turns every
/// one-row box on its side.
struct TablePrinter {
  /// A box: a title, headings, rows.
  private struct Section {
    var title = ""
    var headings: [String] = []
    var rows: [[String]] = []
    var indent = 0
    var columnCount: Int?
    var widths: [Int] = []

    mutating func setHeadings(_ names: [String]) {
      widen(for: names)
      if columnCount == nil { columnCount = names.count }
      headings = names
    }

    mutating func addRow(_ row: [String]) throws(CommandError) {
      let expected = columnCount ?? row.count
      columnCount = expected
      guard row.count == expected else {
        throw .general("Row should have \(expected) elements, instead it has \(row.count)")
      }
      rows.append(row)
      widen(for: row)
    }

    private mutating func widen(for row: [String]) {
      let lengths = row.map(EastAsianWidth.columns)
      if widths.isEmpty {
        widths = lengths
      } else {
        for (index, length) in lengths.enumerated() where index < widths.count {
          widths[index] = max(widths[index], length)
        }
      }
    }

    /// The width with borders and the bars of the boxes around it.
    var totalWidth: Int {
      let content = widths.reduce(0) { $0 + $1 + 4 } + 2 + 2 * indent
      return max(EastAsianWidth.columns(of: title) + 2 + 2 * indent, content)
    }

    /// Column widths stretched or squeezed to the sum.
    func columnWidths(sum: Int) -> [Int] {
      let natural = widths.map { $0 + 4 }
      let total = natural.reduce(0, +)
      guard total > 0 else { return natural }
      let factor = Double(sum) / Double(total)
      var scaled = natural.map { Int((factor * Double($0)).rounded(.toNearestOrEven)) }
      var excess = scaled.reduce(0, +) - sum
      while excess != 0 {
        let order = excess > 0 ? Array(scaled.indices) : scaled.indices.reversed()
        for index in order where excess != 0 {
          scaled[index] += excess > 0 ? -1 : 1
          excess += excess > 0 ? -1 : 1
        }
      }
      return scaled
    }
  }

  private var sections: [Section] = []
  private let hasColour: Bool

  private init(hasColour: Bool) { self.hasColour = hasColour }

  /// The table of a value, or nothing for an empty one.
  ///
  /// - Parameters:
  ///   - value: What to show.
  ///   - title: The operation's name.
  ///   - terminalWidth: Columns of the terminal; 80 where there is none.
  ///   - hasColour: Whether cells and the bars around inner boxes are coloured.
  /// - Returns: The lines of the table, each with its newline.
  /// - Throws: `.general` for rows of unequal length, as the CLI fails.
  /// - Complexity: O(n log n).
  static func print(
    _ value: Document, title: String, terminalWidth: Int, hasColour: Bool = false
  ) throws(CommandError) -> String {
    var printer = TablePrinter(hasColour: hasColour)
    guard try printer.build(title, value, indent: 0) else { return "" }
    return printer.render(terminalWidth: terminalWidth)
  }

  // MARK: Sections from a value

  /// - Returns: Whether there was anything to show.
  private mutating func build(
    _ title: String?, _ value: Document, indent: Int
  ) throws(CommandError) -> Bool {
    guard !Self.isFalse(value) else { return false }
    if let title { newSection(title, indent: indent) }
    switch value {
    case .array(let elements):
      if elements.first?.isObject == true {
        try buildList(elements, indent: indent, title: title)
      } else {
        for element in elements { try buildRow(element) }
      }
    case .object(let members): try buildStructure(members, indent: indent)
    default: break
    }
    return true
  }

  private mutating func buildRow(_ element: Document) throws(CommandError) {
    switch element {
    case .array(let cells) where cells.allSatisfy({ !$0.isContainer }):
      try addRow(cells.map(\.pythonText))
    case .object(let members):
      // The CLI walks the structure as if it were a row: only its names appear.
      try addRow(Array(members.keys))
    case .array:
      _ = try build(nil, element, indent: 0)
    default:
      try addRow([element.pythonText])
    }
  }

  private mutating func buildStructure(
    _ members: OrderedDictionary<String, Document>, indent: Int
  ) throws(CommandError) {
    let (scalars, nested) = Self.grouped(members)
    if scalars.count == 1, let only = scalars.first {
      try addRow([only, members[only]?.pythonText ?? ""])
    } else if !scalars.isEmpty {
      setHeadings(scalars)
      try addRow(scalars.map { members[$0]?.pythonText ?? "" })
    }
    for name in nested {
      if let value = members[name] { _ = try build(name, value, indent: indent + 1) }
    }
  }

  private mutating func buildList(
    _ elements: [Document], indent: Int, title: String?
  ) throws(CommandError) {
    var headingSet: OrderedSet<String> = []
    var nestedSet: OrderedSet<String> = []
    for element in elements where element != .array([]) && element != "" {
      guard case .object(let members) = element else { throw Self.notARow(element) }
      let (scalars, nested) = Self.grouped(members)
      headingSet.append(contentsOf: scalars)
      nestedSet.append(contentsOf: nested)
    }
    let headings = headingSet.sorted(by: PythonText.precedes)
    let nested = nestedSet.sorted(by: PythonText.precedes)
    setHeadings(headings)
    for (index, element) in elements.enumerated() {
      guard headings.isEmpty || element.isObject else {
        throw .general("'\(element.pythonTypeName)' object has no attribute 'get'")
      }
      let members = element.object ?? [:]
      if index > 0, !nested.isEmpty {
        newSection(title ?? "", indent: indent)
        setHeadings(headings)
      }
      try addRow(headings.map { members[$0]?.pythonText ?? "" })
      for name in nested {
        if let value = members[name] { _ = try build(name, value, indent: indent + 1) }
      }
    }
  }

  /// What the CLI says when it looks for names in a value that has none.
  private static func notARow(_ element: Document) -> CommandError {
    switch element {
    case .string: .general("string indices must be integers, not 'str'")
    case .array: .general("list indices must be integers or slices, not str")
    default: .general("'\(element.pythonTypeName)' object is not iterable")
    }
  }

  private mutating func newSection(_ title: String, indent: Int) {
    sections.append(Section(title: title, indent: indent))
  }

  private mutating func setHeadings(_ names: [String]) {
    guard !sections.isEmpty else { return }
    sections[sections.count - 1].setHeadings(names)
  }

  private mutating func addRow(_ row: [String]) throws(CommandError) {
    guard !sections.isEmpty else { return }
    try sections[sections.count - 1].addRow(row)
  }

  private static func grouped(
    _ members: OrderedDictionary<String, Document>
  ) -> (scalars: [String], nested: [String]) {
    let names = members.keys.sorted(by: PythonText.precedes)
    return (
      names.filter { members[$0]?.isContainer == false },
      names.filter { members[$0]?.isContainer == true }
    )
  }

  /// What Python takes for false, for which the CLI prints no table.
  private static func isFalse(_ value: Document) -> Bool {
    switch value {
    case .null, .bool(false), .integer(0), .string(""): true
    case .double(let number): number == 0
    case .array(let elements): elements.isEmpty
    case .object(let members): members.isEmpty
    default: false
    }
  }

  // MARK: Text from sections

  private mutating func render(terminalWidth: Int) -> String {
    var width = sections.map(\.totalWidth).max() ?? 0
    if width > terminalWidth {
      for index in sections.indices { turnOnItsSide(&sections[index]) }
      width = sections.map(\.totalWidth).max() ?? 0
    }
    // The CLI's library for colours ends them after each piece that is written.
    let end = hasColour ? TableColour.end : ""
    var text = String(repeating: "-", count: width) + "\n" + end
    for section in sections {
      let bar = hasColour ? TableColour.bar.around("|") : "|"
      let bars = String(repeating: bar, count: section.indent) + end
      for line in lines(of: section, width: width - 2 * section.indent) {
        text += bars + line + end + bars + "\n" + end
      }
    }
    return text
  }

  /// A box with headings and one row becomes a box of name and value.
  private func turnOnItsSide(_ section: inout Section) {
    guard section.rows.count == 1, !section.headings.isEmpty, let row = section.rows.first else {
      return
    }
    var turned = Section(title: section.title, indent: section.indent)
    for (heading, cell) in zip(section.headings, row) {
      // Rows of two cells always fit: the box is new.
      try? turned.addRow([heading, cell])
    }
    section = turned
  }

  private func lines(of section: Section, width: Int) -> [String] {
    var lines: [String] = []
    if !section.title.isEmpty {
      lines.append(Self.centred(section.title, width: width, left: "|"))
      if section.headings.isEmpty, section.rows.isEmpty {
        lines.append("+" + Self.repeated("-", width - 2) + "+")
      }
    }
    let widths = section.columnWidths(sum: width)
    if !section.headings.isEmpty {
      lines.append(Self.rule(widths))
      lines.append(
        zip(widths, section.headings).enumerated().map { index, cell in
          Self.centred(cell.1, width: cell.0, left: index == 0 ? "|" : "")
        }.joined())
    }
    guard !section.rows.isEmpty, !widths.isEmpty else { return lines }
    lines.append(Self.rule(widths))
    for row in section.rows {
      lines.append(
        zip(widths, row).enumerated().map { index, cell in
          aligned(cell.1, width: cell.0, left: index == 0 ? "|" : "")
        }.joined())
    }
    lines.append(Self.rule(widths))
    return lines
  }

  /// A line across: `+-------+---------+`.
  private static func rule(_ widths: [Int]) -> String {
    widths.enumerated().map { index, width in
      index == 0 ? "+" + repeated("-", width - 2) + "+" : repeated("-", width - 1) + "+"
    }.joined()
  }

  private static func centred(_ text: String, width: Int, left: String) -> String {
    let length = EastAsianWidth.columns(of: text)
    let before = floorHalf(width) - floorHalf(length) - 1
    let after = width - 1 - (left.count + before + length)
    return left + repeated(" ", before) + text + repeated(" ", after) + "|"
  }

  private func aligned(_ text: String, width: Int, left: String) -> String {
    let length = EastAsianWidth.columns(of: text)
    let padding = width - (length + 2 + left.count + 1) >= 0 ? 2 : 0
    let after = width - (left.count + padding + length) - 1
    let shown = hasColour ? TableColour.cell.around(text) : text
    return left + Self.repeated(" ", padding) + shown + Self.repeated(" ", after) + "|"
  }

  private static func floorHalf(_ number: Int) -> Int { number >> 1 }

  private static func repeated(_ character: String, _ count: Int) -> String {
    String(repeating: character, count: max(0, count))
  }
}
