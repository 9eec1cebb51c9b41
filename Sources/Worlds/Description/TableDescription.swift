// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat
package import Documents
package import ItemModel
internal import Simulation

/// A table of the world: its shape, contents and settings.
package struct TableDescription: Sendable {
  package var key = KeyAttribute(name: "id", type: .string)
  package var sort: KeyAttribute?
  package var indexes: [Named<IndexDescription>] = []
  package var items = ItemsDescription.generated(count: 0)
  package var like: ItemKind?
  package var created: FieldTime?
  package var pitr: RecoveryDescription?
  package var ttl: String?
  package var tags: [Named<String>] = []
  package var stream: StreamView?
  package var size: Int64?
  package var place: String?
  package var isDeletionProtected = false
  package var mark = Mark.start

  static let format = Format.record(
    "table", "A table.", TableDescription(),
    [
      .defaulted("key", \.key, .keyAttribute, "The partition key: order_id, or {order_id: N}."),
      .optional("sort", \.sort, .keyAttribute, "The sort key."),
      .defaulted(
        "indexes", \.indexes, .named(.table, IndexDescription.format, count: 1...20),
        "Secondary indexes by name."),
      .defaulted("items", \.items, ItemsDescription.format, "How many items, or the items."),
      .optional(
        "like", \.like, .choice, "What generated items look like; guessed from the table's name."),
      .optional("created", \.created, .time, "When it was made; 60 days before the clock."),
      .optional(
        "pitr", \.pitr, RecoveryDescription.format,
        "Point-in-time recovery: true, a recovery period such as 14d, or {period, since}."),
      .optional("ttl", \.ttl, .text, "The attribute that expires items."),
      .defaulted("tags", \.tags, .named(.any, .text, count: 1...50), "Tags."),
      .optional("stream", \.stream, .choice, "What its stream shows."),
      .optional(
        "size", \.size, .byteCount,
        "The size it stands for, such as 500GB; its items stay few and real."),
      .optional("in", \.place, .text, "Where it is: account/region, account or region."),
      .defaulted(
        "deletion-protection", \.isDeletionProtected, .boolean, "Whether it refuses deletion."),
      .notBuilt("encryption-key", instead: "update-table --sse-specification in the timeline"),
      .mark(\.mark),
    ])
}

/// The contents of a table at the start.
package enum ItemsDescription: Sendable {
  case generated(count: Int)
  case written([AttributeMap])

  static let format: Format<ItemsDescription> = .either(
    text: Format.integer(0...100_000).map { .generated(count: $0) },
    list: Format<[AttributeMap]>.list(.attributes, count: 0...10_000).map { .written($0) })
}

/// The attributes of generated items.
package enum ItemKind: String, ContentChoice { case orders, customers, events, plain }

/// What a stream's records hold, in the service's words.
package enum StreamView: String, ContentChoice {
  case keysOnly = "KEYS_ONLY"
  case newImage = "NEW_IMAGE"
  case oldImage = "OLD_IMAGE"
  case both = "NEW_AND_OLD_IMAGES"
}

/// Point-in-time recovery as a world begins with it.
package struct RecoveryDescription: Hashable, Sendable {
  package var isOn = true
  package var periodDays = 35
  package var since: FieldTime?

  private static let days = Format<Duration>.length.parsed { length throws(ContentProblem) in
    let days = length.wholeMilliseconds / 86_400_000
    guard (1...35).contains(days), length == .days(days) else {
      throw ContentProblem(.badValue, "a recovery period is 1d to 35d")
    }
    return Int(days)
  }

  private static let full = Format.record(
    "pitr", "Point-in-time recovery.", RecoveryDescription(),
    [
      .defaulted("period", \.periodDays, days, "The recovery period.", default: "35d"),
      .optional("since", \.since, .time, "When it was switched on; 40 days before the clock."),
    ])

  static let format: Format<RecoveryDescription> = .either(
    text: Format<RecoveryDescription>(
      schema: Schema(["type": ["boolean", "string"], "pattern": "^(true|false|[0-9]{1,2}d)$"])
    ) { node, reading in
      var recovery = RecoveryDescription()
      if case .bool(let isOn) = node.document {
        recovery.isOn = isOn
        return recovery
      }
      guard let days = days.read(node, &reading) else { return nil }
      recovery.periodDays = days
      return recovery
    }, mapping: full)
}

/// A secondary index.
package struct IndexDescription: Sendable {
  package enum Kind: String, ContentChoice { case global, local }
  package enum Projection: Hashable, Sendable { case all, keysOnly, include([String]) }
  package enum Whole: String, ContentChoice {
    case all
    case keysOnly = "keys-only"
  }

  package var key: KeyAttribute?
  package var sort: KeyAttribute?
  package var kind = Kind.global
  package var projection = Projection.all

  static let format = Format.record(
    "index", "A secondary index.", IndexDescription(),
    [
      .optional("key", \.key, .keyAttribute, "Its partition key; a local index has the table's."),
      .optional("sort", \.sort, .keyAttribute, "Its sort key."),
      .defaulted("kind", \.kind, .choice, "global or local.", default: "global"),
      .defaulted(
        "projection", \.projection,
        .either(
          text: Format<Whole>.choice.map { $0 == .all ? .all : .keysOnly },
          list: Format<[String]>.list(.text, count: 1...20).map { .include($0) }),
        "all, keys-only, or a list of attributes.", default: "all"),
    ]
  ).validated { index, node, reading in
    if index.kind == .global, index.key == nil {
      reading.report(.missingField, "a global index needs a key", at: node.mark)
    }
    if index.kind == .local, index.key != nil || index.sort == nil {
      reading.report(
        .conflict, "a local index has the table's key and a sort of its own", at: node.mark)
    }
  }
}

extension Format where Value == KeyAttribute {
  /// A key attribute: its name, a string; or `{name: N}` with its type S, N or B.
  static let keyAttribute: Format<KeyAttribute> = .either(
    text: Format<String>.text.map { KeyAttribute(name: $0, type: .string) },
    mapping: Format<[Named<KeyType>]>.named(.any, .choice, count: 1...1).parsed {
      types throws(ContentProblem) in
      guard let only = types.first else { throw ContentProblem(.badValue, "one attribute") }
      let type: KeyAttributeType =
        switch only.value {
        case .string: .string
        case .number: .number
        case .binary: .binary
        }
      return KeyAttribute(name: only.name, type: type)
    })
}

/// The types a key attribute may have, in the service's letters.
package enum KeyType: String, ContentChoice {
  case string = "S"
  case number = "N"
  case binary = "B"
}

extension Format where Value == AttributeMap {
  /// An item: attributes typed by JSON's rules (text S, numbers N, true BOOL, null NULL, lists L,
  /// mappings M).
  static let attributes = Format<Document>(
    schema: Schema(["type": "object", "minProperties": 1])
  ) { node, reading in
    guard let members = node.mapping, !members.isEmpty else {
      reading.report(
        .wrongType, "expected an item: a mapping of attributes", at: node.mark)
      return nil
    }
    return node.document
  }.parsed { document throws(ContentProblem) in try AttributeMap(content: document) }
}

extension Format where Value == Int64 {
  /// A size with its unit: `500GB`; a GB is 2^30 bytes, as the service bills.
  static let byteCount = Format<String>.text.parsed { text throws(ContentProblem) in
    let digits = text.prefix { $0.isASCII && $0.isWholeNumber }
    let units: [String: Int64] = [
      "B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40,
    ]
    guard (1...6).contains(digits.count), let count = Int64(digits),
      let unit = units[String(text.dropFirst(digits.count))]
    else {
      throw ContentProblem(.badValue, "\"\(text)\" is no size", fix: "such as 500GB or 20TB")
    }
    return count * unit
  }.annotated("pattern", "^[0-9]{1,6}(B|KB|MB|GB|TB)$")
}

extension AttributeMap {
  /// An item from content, typed by JSON's rules.
  ///
  /// - Throws: `ContentProblem` for a number DynamoDB cannot hold.
  package init(content: Document) throws(ContentProblem) {
    self.init()
    for (name, value) in content.object ?? [:] {
      self[name] = try AttributeValue(content: value)
    }
  }
}

extension AttributeValue {
  /// An attribute from content, typed by JSON's rules.
  package init(content: Document) throws(ContentProblem) {
    switch content {
    case .null: self = .null
    case .bool(let value): self = .bool(value)
    case .string(let text): self = .string(text)
    case .integer, .double:
      let text = content.json(.compact)
      guard let number = try? DecimalNumber(parsing: text) else {
        throw ContentProblem(.badValue, "\(text) is no number DynamoDB can hold")
      }
      self = .number(number)
    case .array(let elements):
      var values: [AttributeValue] = []
      for element in elements { values.append(try AttributeValue(content: element)) }
      self = .list(values)
    case .object:
      self = .map(try AttributeMap(content: content))
    }
  }
}

extension NameRule {
  /// The name of a table or an index: 3 to 255 letters, digits, `_`, `.` and `-`.
  static let table = NameRule(
    pattern: "^[a-zA-Z0-9_.-]{3,255}$", words: "3 to 255 of a-z, A-Z, 0-9, _ . and -"
  ) { $0.utf8.count >= 3 && NameRule.resource.isValid($0) }
}
