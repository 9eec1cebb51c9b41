// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
import Documents
import ItemModel
import JMESPath
import Simulation

extension FuzzTarget {
  static let json = FuzzTarget(
    "json",
    seeds: [
      #"{"a":[1,-2.5e3,true,null,"é\u00e9\ud83d\ude42"],"b":{"c":{}}}"#, "[[[[]]]]", "\"x\"",
      #"{"TableName":"orders","Key":{"id":{"S":"a"}}}"#,
    ]
  ) { bytes in
    guard let document = try? Document.parse(bytes) else { return nil }
    for text in [document.json(.compact), document.json(.indented(4))] {
      guard (try? Document.parse(text)) == document else { return "does not survive printing" }
    }
    return nil
  }

  private static let values = [
    #"{"S":"a"}"#, #"{"N":"-1.50E3"}"#, #"{"B":"AAEC"}"#, #"{"SS":["a","b"]}"#,
    #"{"NS":["1","2.0"]}"#, #"{"M":{"a":{"L":[{"NULL":true},{"BOOL":false}]}}}"#,
    #"{"BS":["AA==","AQ=="]}"#,
  ]
  private static let types = ["S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"]

  static let attributeValue = FuzzTarget(
    "attribute-value", seeds: values, pieces: types + values
  ) { bytes in
    guard let document = try? Document.parse(bytes),
      let value = try? AttributeValue(json: document)
    else { return nil }
    guard (try? AttributeValue(json: value.json)) == value else { return "is not itself as JSON" }
    let item = Item(AttributeMap([("k", value)]))
    guard item.attributes["k"] == value else { return "is not itself in an item" }
    guard Item(decoding: item.encoded) == item else { return "its item is not itself as bytes" }
    return nil
  }

  static let item = FuzzTarget(
    "item",
    seeds: values.compactMap { text in
      guard let document = try? Document.parse(text),
        let value = try? AttributeValue(json: document)
      else { return nil }
      return String(decoding: Item(AttributeMap([("k", value)])).encoded, as: UTF8.self)
    } + ["\u{0}\u{0}\u{0}\u{0}"]
  ) { bytes in
    guard let item = Item(decoding: bytes) else { return nil }
    return Item(item.attributes).encoded == bytes ? nil : "decodes bytes that it would not write"
  }

  static let number = FuzzTarget(
    "number",
    seeds: ["0", "-1.5", "1E+125", "0.000123", "9.9999999999999999999999999999999999999E125"],
    pieces: ["E", "e", ".", "+", "00", "99999999999999999999"]
  ) { bytes in
    guard let number = try? DecimalNumber(parsing: text(bytes)) else { return nil }
    guard (try? DecimalNumber(parsing: number.description)) == number else {
      return "is not itself as text"
    }
    guard !(number < number), (try? number - number)?.description == "0" else {
      return "is not equal to itself"
    }
    return nil
  }

  private static let sample = AttributeMap([
    ("id", .string("a")), ("n", .number(DecimalNumber(7))),
    ("l", .list([.string("x"), .map(AttributeMap([("y", .null)]))])),
    ("m", .map(AttributeMap([("k", .bool(true))]))), ("s", .stringSet(["p", "q"])),
  ])

  private static func context() -> ExpressionContext {
    let names: Document = ["#n": "n", "#l": "l"]
    let values: Document = [
      ":n": ["N": "1"], ":s": ["S": "x"], ":l": ["L": []], ":p": ["SS": ["p"]],
    ]
    return (try? ExpressionContext(names: names, values: values)) ?? ExpressionContext()
  }

  private static let expressionWords = [
    "AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE", "size", "contains",
    "begins_with", "attribute_exists", "attribute_not_exists", "attribute_type", "if_not_exists",
    "list_append", "#n", ":n", ":s", ":l", ":p", "l[0]", "m.k", "<>", "<=", ">=", "name",
  ]

  static let condition = FuzzTarget(
    "condition",
    seeds: [
      "#n = :n AND (attribute_exists(id) OR NOT l[0] <> :s)", "n BETWEEN :n AND :n",
      "size(m.k) > :n", "id IN (:s, :n) AND contains(s, :s)",
    ], pieces: expressionWords
  ) { bytes in
    var context = context()
    guard let condition = try? ConditionExpression(text(bytes), as: .condition, context: &context)
    else {
      return nil
    }
    _ = condition.evaluate(sample)
    return condition.evaluate(AttributeMap()) == condition.evaluate(AttributeMap())
      ? nil : "has two outcomes"
  }

  static let update = FuzzTarget(
    "update",
    seeds: [
      "SET #n = n + :n, l[1].y = if_not_exists(id, :s) REMOVE m.k", "ADD n :n DELETE s :p",
      "SET l = list_append(l, :l)",
    ], pieces: expressionWords
  ) { bytes in
    var context = context()
    guard let update = try? UpdateExpression(text(bytes), context: &context),
      let outcome = try? update.apply(to: sample)
    else { return nil }
    let item = Item(outcome.item)
    return item.attributes == outcome.item ? nil : "makes what an item cannot hold"
  }

  static let statement = FuzzTarget(
    "statement",
    seeds: [
      "SELECT m.k[0], \"s\" FROM \"t\".\"i\" WHERE id IN ['a', ?] AND NOT (n > 1 OR s IS MISSING)",
      "INSERT INTO t VALUE {'id': 'a', 'l': [1e3, <<'x'>>, {'k': NULL}], 'p': ?}",
      "UPDATE t SET n = n - -.5 SET ss = set_add(ss, <<1>>) REMOVE l[0] WHERE id='a' RETURNING ALL OLD *",
      "EXISTS(SELECT * FROM t WHERE id = 'a' AND attribute_type(s, 'S') = true) -- why",
      "FROM t WHERE id = 'a' AND n BETWEEN 1 AND 2 SET l = list_append(l, [1])",
    ],
    pieces: expressionWords + [
      "((((", "[[[[", "{'a':", "<<", ">>", "''", "\"", "/*", "*/", "--", "- - ", "NOT ", "SELECT ",
      "1+",
      " AND id IN ['a','b']", " OR id = 'c'", "1e99999", "[*]", "IS ", "ORDER BY id DESC",
    ]
  ) { bytes in
    guard
      let statement = try? PartiQLStatement(
        text(bytes), parameters: [.string("a"), .number(1), .bool(true)])
    else { return nil }
    let schema = KeySchema(partition: KeyAttribute(name: "id", type: .string))
    if let reads = try? statement.condition?.reads(on: schema),
      reads.count > PartiQLCondition.maximumReads
    {
      return "is read in too many parts"
    }
    if statement.condition?.expression.evaluate(sample) == true,
      statement.condition?.expression.evaluate(sample) == false
    {
      return "has two outcomes"
    }
    guard case .update(let update, _) = statement.action,
      let outcome = try? update.apply(to: sample)
    else { return nil }
    return Item(outcome.item).attributes == outcome.item ? nil : "makes what an item cannot hold"
  }

  static let query = FuzzTarget(
    "key-condition",
    seeds: ["id = :s AND #n BETWEEN :n AND :n", "id = :s AND begins_with(n, :s)"],
    pieces: expressionWords
  ) { bytes in
    var context = context()
    let text = text(bytes)
    _ = try? ProjectionExpression(text, context: &context)
    guard let key = try? KeyConditionExpression(text, context: &context) else { return nil }
    let schema = KeySchema(
      partition: [KeyAttribute(name: "id", type: .string)],
      sort: [KeyAttribute(name: "n", type: .number)])
    _ = try? key.condition(on: schema)
    return nil
  }

  static let jmesPath = FuzzTarget(
    "jmespath",
    seeds: [
      "Table.[Name,Items[?n > `1`].id | [0]]", "sort_by(a, &b)[::-1]", "{x: a.b, y: length(@)}",
      "a[*].b[] || `{\"k\": [1]}`", "join(', ', keys(m))", "map(&to_string(@), l[1:3])",
    ],
    pieces: ["sort_by", "max_by", "&", "[]", "[*]", "[?", "||", "&&", "`", "::", "to_number"]
  ) { bytes in
    guard let expression = try? JMESPathExpression(parsing: text(bytes)) else { return nil }
    let document: Document = [
      "Table": ["Name": "a", "Items": [["n": 1, "id": "x"], ["n": 2, "id": "y"]]],
      "a": [["b": 1], ["b": 2.5], nil], "l": [1, "2", true], "m": ["k": nil],
    ]
    guard let result = try? expression.search(in: document) else { return nil }
    return (try? expression.search(in: document)) == result ? nil : "has two results"
  }

  static let instant = FuzzTarget(
    "instant",
    seeds: [
      "2026-03-06T17:40:00Z", "1772818800.25", "2026-02-28", "2d", "500ms",
      "2026-11-22T07:26:34.395000+00:00", "9999-12-31T23:59:59+14:00",
    ], pieces: ["T", "Z", "+00:00", "-12:30", "2024-02-29", "24:00:00", "60"]
  ) { bytes in
    let text = text(bytes)
    if let instant = try? Instant(awsTimestamp: text) {
      guard (try? Instant(awsTimestamp: instant.awsISO)) == instant.flooredToSecond else {
        return "is not itself as text"
      }
    }
    if let instant = try? Instant(rfc3339: text) {
      guard (try? Instant(rfc3339: instant.rfc3339Milliseconds)) == instant else {
        return "is not itself as RFC 3339"
      }
    }
    if let duration = try? Duration(short: text) {
      guard (try? Duration(short: duration.shortText)) == duration else {
        return "is not itself as a length"
      }
    }
    return nil
  }

  static let inflation = FuzzTarget(
    "inflation", seeds: ["", "hello", String(repeating: "ab", count: 500)]
  ) { bytes in
    // Once as data to be packed, and once as if it had been packed.
    guard (try? gunzip(gzip(bytes))) == bytes else { return "does not survive packing" }
    var packed = gzip(bytes)
    if let place = bytes.first.map({ Int($0) % packed.count }) { packed[place] ^= 0x10 }
    _ = try? gunzip(packed)
    _ = try? gunzip(bytes)
    return nil
  }
}
