// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import Testing

private let invalid = "One or more parameter values were invalid: "
private let tooDeep =
  "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels "
  + "beyond supported limit"
private let notNumber = "The parameter cannot be converted to a numeric value"
private let empty =
  "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
private let twoTypes =
  "Supplied AttributeValue has more than one datatypes set, "
  + "must contain exactly one of the supported datatypes"

@Suite("Values in the service's JSON")
struct ValuesTests {
  @Test(
    "a value comes back as the service shows it",
    arguments: [
      (#"{"S": ""}"#, #"{"S": ""}"#), (#"{"S": "é"}"#, #"{"S": "é"}"#),
      (#"{"N": "1.50"}"#, #"{"N": "1.5"}"#), (#"{"B": ""}"#, #"{"B": ""}"#),
      (#"{"B": "AP8="}"#, #"{"B": "AP8="}"#), (#"{"BOOL": false}"#, #"{"BOOL": false}"#),
      (#"{"NULL": true}"#, #"{"NULL": true}"#), (#"{"L": []}"#, #"{"L": []}"#),
      (#"{"M": {}}"#, #"{"M": {}}"#),
      (#"{"SS": ["b", "a", ""]}"#, #"{"SS": ["", "a", "b"]}"#),
      (#"{"NS": ["10", "9", "-1.0"]}"#, #"{"NS": ["-1", "9", "10"]}"#),
      (#"{"BS": ["/w==", "", "AA=="]}"#, #"{"BS": ["", "AA==", "/w=="]}"#),
      (#"{"S": "a", "N": null, "X": 5}"#, #"{"S": "a"}"#),
      (
        #"{"M": {"b": {"L": [{"N": "1e1"}, {"NULL": true}]}, "a": {"S": "x"}}}"#,
        #"{"M": {"a": {"S": "x"}, "b": {"L": [{"N": "10"}, {"NULL": true}]}}}"#
      ),
    ] as [(String, String)])
  func roundTrip(text: String, expected: String) throws {
    let value = try AttributeValue(json: Document.parse(text))
    #expect(try value.json == Document.parse(expected))
    #expect(try AttributeValue(json: value.json) == value)
  }

  @Test(
    "content that is not a value is refused in the service's words",
    arguments: [
      ("{}", empty), (#"{"a": ""}"#, empty), (#"{"S": null}"#, empty), ("null", empty),
      (#"{"M": {"a": {}}}"#, empty), (#"{"L": [{}]}"#, empty), (#"{"L": [{"a": {}}]}"#, empty),
      (#"{"L": [null]}"#, empty), (#"{"S": "a", "N": "1"}"#, twoTypes),
      (#"{"L": [], "M": {}}"#, twoTypes), (#"{"S": "", "BOOL": true}"#, twoTypes),
      (#"{"NULL": false}"#, invalid + "Null attribute value types must have the value of true"),
      (#"{"NULL": "no"}"#, invalid + "Null attribute value types must have the value of true"),
      (#"{"SS": []}"#, invalid + "An string set  may not be empty"),
      (#"{"NS": []}"#, invalid + "An number set  may not be empty"),
      (#"{"BS": []}"#, invalid + "Binary sets should not be empty"),
      (#"{"SS": ["a", "a"]}"#, invalid + "Input collection [a, a] contains duplicates."),
      (#"{"SS": ["b", "a", "b"]}"#, invalid + "Input collection [b, a, b] contains duplicates."),
      (#"{"NS": ["1", "1.0"]}"#, "Input collection contains duplicates"),
      (
        #"{"BS": ["Yg==", "Yg=="]}"#,
        invalid + "Input collection [Yg==, Yg==]of type BS contains duplicates."
      ),
      (#"{"N": ""}"#, notNumber), (#"{"N": "b"}"#, notNumber + ": b"),
      (#"{"NS": ["1", "b"]}"#, notNumber + ": b"), (#"{"NS": ["1", ""]}"#, notNumber),
      (
        #"{"N": "1e126"}"#,
        "Number overflow. Attempting to store a number with magnitude larger than supported range"
      ),
      (
        #"{"N": "1e-131"}"#,
        "Number underflow. Attempting to store a number with magnitude smaller than supported range"
      ),
      (
        #"{"N": "123456789012345678901234567890123456789"}"#,
        "Attempting to store more than 38 significant digits in a Number"
      ),
      // A type's own problem comes before that of two types.
      (#"{"S": "a", "N": ""}"#, notNumber),
      (#"{"S": "a", "SS": []}"#, invalid + "An string set  may not be empty"),
    ] as [(String, String)])
  func validation(text: String, message: String) throws {
    let json = try Document.parse(text)
    #expect(throws: ItemError.validation(message)) { try AttributeValue(json: json) }
    let item: Document = ["ok": ["S": "a"], "x": json]
    #expect(throws: ItemError.validation(message)) { try AttributeMap(json: item) }
  }

  @Test(
    "JSON of the wrong shape is a serialization problem",
    arguments: [
      (#"{"N": 1}"#, "NUMBER_VALUE cannot be converted to String"),
      (#"{"N": 1.5}"#, "DECIMAL_VALUE cannot be converted to String"),
      (#"{"S": true}"#, "TRUE_VALUE cannot be converted to String"),
      (#"{"S": false}"#, "FALSE_VALUE cannot be converted to String"),
      (#"{"S": {}}"#, "Start of structure or map found where not expected"),
      (#"{"S": []}"#, "Unrecognized collection type class java.lang.String"),
      (#"{"NS": [1]}"#, "NUMBER_VALUE cannot be converted to String"),
      (#"{"SS": "a"}"#, "Unexpected field type"), (#"{"L": 1}"#, "Unexpected field type"),
      (#"{"L": {}}"#, "Start of structure or map found where not expected"),
      (#"{"M": "a"}"#, "Unexpected field type"),
      (
        #"{"M": []}"#,
        "Unrecognized collection type "
          + "java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>"
      ),
      (#""a""#, "Unexpected value type in payload"),
      (#"{"M": {"a": 1}}"#, "Unexpected value type in payload"),
      (
        #"{"L": [[]]}"#,
        "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue"
      ),
      (#"{"B": 1}"#, "only base-64-encoded strings are convertible to bytes"),
      (#"{"B": []}"#, "Unrecognized collection type class java.nio.ByteBuffer"),
      (#"{"B": "23456"}"#, "Base64 encoded length is expected a multiple of 4 bytes but found: 5"),
      (#"{"BS": ["=+/="]}"#, "Invalid last non-pad Base64 character dectected"),
      (#"{"B": "+/+="}"#, "Invalid last non-pad Base64 character dectected"),
      (#"{"B": "AA=A"}"#, "Invalid last non-pad Base64 character dectected"),
      (#"{"B": "A==="}"#, "Invalid last non-pad Base64 character dectected"),
      (#"{"B": "===="}"#, "Invalid last non-pad Base64 character dectected"),
      (#"{"B": "AA*="}"#, "Invalid Base64 character: '*'"),
      (#"{"BOOL": 1}"#, "NUMBER_VALUE cannot be converted to Boolean"),
      (#"{"BOOL": "23"}"#, "Unexpected token received from parser"),
      (#"{"NULL": {}}"#, "Start of structure or map found where not expected"),
      // The whole value is read before any of it is validated.
      (#"{"L": [{"N": "b"}, {"S": 1}]}"#, "NUMBER_VALUE cannot be converted to String"),
      (#"{"SS": [], "S": 1}"#, "NUMBER_VALUE cannot be converted to String"),
    ] as [(String, String)])
  func serialization(text: String, message: String) throws {
    let json = try Document.parse(text)
    #expect(throws: ItemError.serialization(message)) { try AttributeValue(json: json) }
    let item: Document = ["early": [:], "late": json]
    #expect(throws: ItemError.serialization(message)) { try AttributeMap(json: item) }
  }

  @Test("an Item that is no object is a serialization problem")
  func mapShape() {
    #expect(throws: ItemError.serialization("Unexpected field type")) { try AttributeMap(json: 1) }
  }

  @Test("values nest 32 levels and no more")
  func depth() throws {
    let deepest = nested(31, around: .string("leaf"))
    #expect(deepest.levelCount == 32)
    #expect(try AttributeValue(json: deepest.json) == deepest)
    #expect(try AttributeMap(json: ["a": deepest.json])["a"] == deepest)
    let tooDeepValue = nested(32, around: .string("leaf"))
    #expect(tooDeepValue.levelCount == 33)
    #expect(throws: ItemError.validation(tooDeep)) { try AttributeValue(json: tooDeepValue.json) }
    let maps = (0..<32).reduce(AttributeValue.null) { inner, _ in .map(["a": inner]) }
    #expect(throws: ItemError.validation(tooDeep)) { try AttributeValue(json: maps.json) }
    #expect(nested(31, around: .list([])).levelCount == 32)
  }

  @Test("attribute names may have 65,535 bytes and no more", arguments: [65_535, 65_536])
  func nameLength(count: Int) {
    let name = String(repeating: "n", count: count)
    let json: Document = ["a": ["M": .object([name: ["S": "x"]])]]
    let read = Result { try AttributeMap(json: json) }
    let refusal = ItemError.validation(
      "1 validation error detected: Attribute name is too large, must be less than 65536 bytes")
    if count == 65_535 {
      #expect((try? read.get())?.count == 1)
    } else {
      #expect(throws: refusal) { try read.get() }
    }
  }

  @Test("an error in ExpressionAttributeValues names its placeholder")
  func expressionAttributeValues() throws {
    let good: Document = [":b": ["N": "2"], ":a": ["S": "x"]]
    #expect(
      try AttributeMap.expressionAttributeValues(json: good) == [
        ":a": .string("x"), ":b": .number(2),
      ])
    let refusal = ItemError.validation(
      "ExpressionAttributeValues contains invalid value: "
        + "The parameter cannot be converted to a numeric value: b for key :x")
    #expect(throws: refusal) {
      try AttributeMap.expressionAttributeValues(json: [":a": ["S": "x"], ":x": ["N": "b"]])
    }
    let shape = ItemError.serialization("NUMBER_VALUE cannot be converted to String")
    #expect(throws: shape) {
      try AttributeMap.expressionAttributeValues(json: [":x": ["N": "b"], ":y": ["S": 1]])
    }
  }

  @Test(
    "base64 reads and writes the standard vectors",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func base64(plain: String, text: String) throws {
    #expect(Base64.text(of: Array(plain.utf8)) == text)
    #expect(try Base64.bytes(of: text) == Array(plain.utf8))
  }

  @Test("base64 keeps every byte")
  func base64Bytes() throws {
    let all = (0...255).map { UInt8($0) }
    for count in 250...256 {
      let bytes = Array(all.prefix(count))
      #expect(try Base64.bytes(of: Base64.text(of: bytes)) == bytes)
    }
  }

  @Test("strings are told apart by bytes, not by canonical equivalence")
  func bytes() {
    let (composed, decomposed) = ("\u{E9}", "e\u{301}")
    #expect(composed == decomposed)
    #expect(AttributeValue.string(composed) != .string(decomposed))
    #expect(
      AttributeValue.strings([composed, decomposed, composed])
        == .stringSet([decomposed, composed]))
    var map = AttributeMap()
    map[composed] = .number(1)
    map[decomposed] = .number(2)
    #expect(map.count == 2)
    #expect(map[composed] == .number(1))
    #expect(Item(map)[decomposed] == .number(2))
    #expect(Set([AttributeValue.string(composed), .string(decomposed)]).count == 2)
    #expect(Item(["a": .string(composed)]) != Item(["a": .string(decomposed)]))
  }

  @Test("a map agrees with a plain dictionary through random changes", arguments: [3, 11])
  func mapModel(seed: UInt64) {
    var dice = Dice(seed: seed)
    var (map, twin) = (AttributeMap(), [[UInt8]: AttributeValue]())
    for _ in 0..<2_000 {
      let name = dice.text(upTo: 2)
      let value: AttributeValue? = dice.roll(3) == 0 ? nil : .number(DecimalNumber(dice.roll(100)))
      map[name] = value
      twin[Array(name.utf8)] = value
      #expect(map[name] == value)
      #expect(map.contains(name: name) == (value != nil))
    }
    let order = twin.keys.sorted { $0.lexicographicallyPrecedes($1) }
    #expect(map.names.map { Array($0.utf8) } == order)
    #expect(map.map(\.value) == order.map { twin[$0] })
  }

  @Test(
    "a value counts the bytes the service counts",
    arguments: [
      (.string("é"), 2), (.binary([1, 2, 3]), 3), (.null, 1), (.bool(true), 1), (.number(12), 2),
      (.strings(["a", "bc"]), 3), (.numbers([1, 123]), 5), (.binaries([[1], [2, 3]]), 3),
      (.list([]), 3), (.map([:]), 3), (.list([.string("ab"), .null]), 3 + 1 + 2 + 1 + 1),
      (.map(["ab": .string("cde")]), 3 + 1 + 2 + 3),
    ] as [(AttributeValue, Int)])
  func byteCount(value: AttributeValue, expected: Int) {
    #expect(value.byteCount == expected)
  }
}
