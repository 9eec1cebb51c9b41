// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel

/// Reads the items of an import's objects: DynamoDB JSON lines or CSV. [DDB.import.formats]
struct ImportReader {
  private let isCSV: Bool
  private let delimiter: UInt8
  private let header: [String]?
  /// The types of key attributes; all others in a CSV file are texts.
  private let types: [String: String]

  init(_ parameters: ImportParameters) {
    let csv = parameters.inputFormatOptions?.csv
    isCSV = parameters.inputFormat == "CSV"
    delimiter = csv?.delimiter?.utf8.first ?? UInt8(ascii: ",")
    header = csv?.headerList
    var types: [String: String] = [:]
    for definition in parameters.tableCreationParameters.attributeDefinitions {
      types[definition.attributeName] = definition.attributeType
    }
    self.types = types
  }

  /// Hands every item of a text over, nil for one that cannot be read.
  ///
  /// - Complexity: O(n) in the length of the text.
  func read(_ text: [UInt8], _ body: (Item?) -> Void) {
    isCSV ? readRows(text, body) : readLines(text, body)
  }

  private func readLines(_ text: [UInt8], _ body: (Item?) -> Void) {
    for line in text.split(separator: UInt8(ascii: "\n")) {
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      guard line.contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }) else {
        continue
      }
      body(Self.item(Array(line)))
    }
  }

  private static func item(_ line: [UInt8]) -> Item? {
    guard let document = try? Document.parse(line), let json = document["Item"],
      document.members.count == 1, let attributes = try? AttributeMap(json: json)
    else { return nil }
    return Item(attributes)
  }

  private func readRows(_ text: [UInt8], _ body: (Item?) -> Void) {
    var names = header
    CSVText.forEachRow(of: text, delimiter: delimiter) { row in
      guard let row else { return body(nil) }
      guard let header = names else {
        names = row
        return
      }
      body(item(row, named: header))
    }
  }

  private func item(_ row: [String], named header: [String]) -> Item? {
    guard row.count == header.count else { return nil }
    var attributes = AttributeMap()
    for (name, text) in zip(header, row) {
      guard !attributes.contains(name: name),
        let value = try? AttributeValue(json: .object([types[name] ?? "S": .string(text)]))
      else { return nil }
      attributes[name] = value
    }
    return Item(attributes)
  }
}

/// Comma-separated values: fields may stand in double quotes, a quote inside them is written twice.
enum CSVText {
  /// Hands every row over, nil for one whose quotes do not close or that is no UTF-8.
  ///
  /// Empty lines are passed over.
  ///
  /// - Complexity: O(n) in the length of the text.
  static func forEachRow(of text: [UInt8], delimiter: UInt8, _ body: ([String]?) -> Void) {
    var row: [[UInt8]] = [[]]
    var isQuoted = false
    var isWhole = true
    var index = text.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0

    func end() {
      defer { (row, isWhole) = ([[]], true) }
      if row.count == 1, row[0].isEmpty, isWhole { return }
      let fields = row.compactMap { String(validating: $0, as: UTF8.self) }
      body(isWhole && fields.count == row.count ? fields : nil)
    }

    while index < text.count {
      let byte = text[index]
      index += 1
      if isQuoted {
        guard byte == UInt8(ascii: "\"") else {
          row[row.count - 1].append(byte)
          continue
        }
        if index < text.count, text[index] == UInt8(ascii: "\"") {
          row[row.count - 1].append(byte)
          index += 1
        } else {
          isQuoted = false
        }
      } else if byte == UInt8(ascii: "\""), row[row.count - 1].isEmpty {
        isQuoted = true
      } else if byte == delimiter {
        row.append([])
      } else if byte == UInt8(ascii: "\n") {
        end()
      } else if byte != UInt8(ascii: "\r") || index < text.count && text[index] != 0x0a {
        row[row.count - 1].append(byte)
      }
    }
    if isQuoted { isWhole = false }
    end()
  }
}
