// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import Testing

@Suite("Reading JSON")
struct JSONParserTests {
  @Test(
    "every kind of value is read",
    arguments: [
      ("null", Document.null), ("true", true), (" false ", false), ("0", 0), ("-0", 0), ("42", 42),
      ("-17", -17), ("9223372036854775807", .integer(.max)),
      ("-9223372036854775808", .integer(.min)),
      ("9223372036854775808", .double(0x1p63)), ("-9223372036854775809", .double(-0x1p63)),
      ("123456789012345678901234567890", .double(1.2345678901234568e29)),
      ("1.5", 1.5), ("-2.50", -2.5), ("1e3", 1000.0), ("1E+2", 100.0), ("25e-2", 0.25),
      ("0.1", 0.1), ("1e22", 1e22), ("1e23", 1e23), ("5e-324", .double(.leastNonzeroMagnitude)),
      ("1e-400", 0.0),
      ("1.7976931348623157e308", .double(.greatestFiniteMagnitude)),
      ("0e99999999999999999999", 0.0),
      ("\"\"", ""), ("\"a\"", "a"), ("\"é😀\"", "é😀"), ("\"\u{7F}\"", "\u{7F}"),
      (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
      (#""\u0041\u00e9\u20AC\ud83d\ude00\u0000""#, "Aé€😀\0"),
      ("[]", []), ("[ ]", []), ("{}", [:]), ("{ }", [:]), ("[1,[2,[]],{}]", [1, [2, []], [:]]),
      (#"{"a":1,"b":{"c":[null]}}"#, ["a": 1, "b": ["c": [nil]]]),
      (" \t\r\n[\n1\t,\r2 ] ", [1, 2]), (#"{"":0}"#, ["": 0]),
    ] as [(String, Document)])
  func accepted(_ text: String, _ value: Document) throws {
    let parsed = try Document.parse(text)
    #expect(parsed == value)
    #expect(parsed.json() == value.json())
    #expect(try Document.parse(Array(text.utf8)) == value)
  }

  @Test(
    "mistakes are told in the words and places of Python's json module",
    arguments: [
      ("", "Expecting value: line 1 column 1 (char 0)"),
      (" ", "Expecting value: line 1 column 2 (char 1)"),
      ("nul", "Expecting value: line 1 column 1 (char 0)"),
      ("True", "Expecting value: line 1 column 1 (char 0)"),
      ("'a'", "Expecting value: line 1 column 1 (char 0)"),
      ("\u{C}1", "Expecting value: line 1 column 1 (char 0)"),
      ("-", "Expecting value: line 1 column 1 (char 0)"),
      ("+1", "Expecting value: line 1 column 1 (char 0)"),
      (".5", "Expecting value: line 1 column 1 (char 0)"),
      ("01", "Extra data: line 1 column 2 (char 1)"),
      ("1.", "Extra data: line 1 column 2 (char 1)"),
      ("1e", "Extra data: line 1 column 2 (char 1)"),
      ("1e+", "Extra data: line 1 column 2 (char 1)"),
      ("0x10", "Extra data: line 1 column 2 (char 1)"),
      ("1 2", "Extra data: line 1 column 3 (char 2)"),
      ("{}}", "Extra data: line 1 column 3 (char 2)"),
      ("\"é\" x", "Extra data: line 1 column 5 (char 4)"),
      ("[", "Expecting value: line 1 column 2 (char 1)"),
      ("[1,]", "Expecting value: line 1 column 4 (char 3)"),
      ("[,1]", "Expecting value: line 1 column 2 (char 1)"),
      ("[1 2]", "Expecting ',' delimiter: line 1 column 4 (char 3)"),
      ("[1", "Expecting ',' delimiter: line 1 column 3 (char 2)"),
      ("[1}", "Expecting ',' delimiter: line 1 column 3 (char 2)"),
      ("[\n1\n2]", "Expecting ',' delimiter: line 3 column 1 (char 4)"),
      ("{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
      ("{a:1}", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
      (
        #"{"a":1,}"#,
        "Expecting property name enclosed in double quotes: line 1 column 8 (char 7)"
      ),
      (#"{"a" 1}"#, "Expecting ':' delimiter: line 1 column 6 (char 5)"),
      (#"{"a":}"#, "Expecting value: line 1 column 6 (char 5)"),
      (#"{"a":1 "b":2}"#, "Expecting ',' delimiter: line 1 column 8 (char 7)"),
      (#"{"é":1]"#, "Expecting ',' delimiter: line 1 column 7 (char 6)"),
      ("\"a", "Unterminated string starting at: line 1 column 1 (char 0)"),
      ("[\"a\\", "Unterminated string starting at: line 1 column 2 (char 1)"),
      ("\"a\nb\"", "Invalid control character at: line 1 column 3 (char 2)"),
      ("\"\\n\u{1F}\"", "Invalid control character at: line 1 column 4 (char 3)"),
      (#""\x""#, "Invalid \\escape: line 1 column 2 (char 1)"),
      (#""\u12""#, "Invalid \\uXXXX escape: line 1 column 3 (char 2)"),
      (#""\u12g4""#, "Invalid \\uXXXX escape: line 1 column 3 (char 2)"),
      (#""\u+123""#, "Invalid \\uXXXX escape: line 1 column 3 (char 2)"),
      ("\u{FEFF}1", "Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)"),
      // What Python lets pass and we do not.
      ("NaN", "Expecting value: line 1 column 1 (char 0)"),
      ("[Infinity]", "Expecting value: line 1 column 2 (char 1)"),
      ("-Infinity", "Expecting value: line 1 column 1 (char 0)"),
      (#"{"a":1,"a":2}"#, "Duplicate key \"a\": line 1 column 8 (char 7)"),
      (#"[{"b":1,"a":2},{"a":1,"\u0061":2}]"#, "Duplicate key \"a\": line 1 column 23 (char 22)"),
      (#""\ud800""#, "Unpaired surrogate in string: line 1 column 2 (char 1)"),
      (#""\udc00""#, "Unpaired surrogate in string: line 1 column 2 (char 1)"),
      (#""\ud800\u0041""#, "Unpaired surrogate in string: line 1 column 2 (char 1)"),
      ("1e309", "Number out of range: line 1 column 1 (char 0)"),
      ("[-1e400]", "Number out of range: line 1 column 2 (char 1)"),
    ])
  func refused(_ text: String, _ message: String) {
    let error = #expect(throws: JSONError.self) { try Document.parse(text) }
    #expect(error?.description == message)
  }

  @Test("the byte offset counts bytes where the column counts characters")
  func offsets() {
    let error = #expect(throws: JSONError.self) { try Document.parse("[\n\"é😀\" x]") }
    #expect(error?.offset == 11)
    #expect(error?.character == 7)
    #expect(error?.line == 2)
    #expect(error?.column == 6)
    #expect(error?.reason == .expectedComma)
  }

  @Test(
    "bytes that are no UTF-8 are refused, escaped string or not",
    arguments: [
      [0x22, 0x80, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xC0, 0x80, 0x22],
      [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22],
      [0x22, 0x5C, 0x6E, 0xFF, 0x22], [0x22, 0xE2, 0x82, 0x5C, 0x6E, 0x22],
    ] as [[UInt8]])
  func invalidUTF8(_ bytes: [UInt8]) {
    let error = #expect(throws: JSONError.self) { try Document.parse(bytes) }
    #expect(error?.reason == .invalidUTF8)
  }

  @Test("nesting is accepted to 512 levels and not beyond, however much beyond", arguments: [1, 2])
  func depth(_ kind: Int) throws {
    let (open, close) = kind == 1 ? ("[", "]") : (#"{"a":["#, "]}")
    func nested(_ count: Int) -> String {
      String(repeating: open, count: count / kind) + String(repeating: close, count: count / kind)
    }
    _ = try Document.parse(nested(512))
    for count in [514, 100_000] {
      let error = #expect(throws: JSONError.self) { try Document.parse(nested(count)) }
      #expect(error?.reason == .tooDeep(limit: 512))
    }
    #expect(throws: JSONError.self) { try Document.parse("[" + nested(512) + "]") }
  }

  @Test("objects of the same keys one after another keep their own values and order")
  func shapes() throws {
    let text =
      #"[{"a":1,"b":2},{"a":3,"b":4},{"b":5,"a":6},{"a":7},{"a":8,"b":9,"c":0},{"S":1},{"N":2},"#
      + #"{"S":3},{"é":1},{"é":2},{"a":{"a":1,"b":2},"b":{"a":1,"b":2}}]"#
    #expect(try Document.parse(text).json() == text)
  }

  @Test(
    "an object of many members finds and refuses as a small one does", arguments: [15, 16, 300])
  func manyMembers(_ count: Int) throws {
    let members = (0..<count).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
    let both = try Document.parse("[{\(members)},{\(members)}]")
    for object in both.array ?? [] {
      #expect(object.object?.count == count)
      for index in 0..<count { #expect(object["k\(index)"]?.integer == Int64(index)) }
    }
    #expect(throws: JSONError.self) { try Document.parse("{\(members),\"k0\":1}") }
  }

  @Test("a shared key list is not changed by changing one of the objects")
  func sharing() throws {
    let pair = try Document.parse(#"[{"S":"a"},{"S":"b"}]"#)
    var first = try #require(pair[0]?.object)
    first["N"] = "1"
    first["S"] = nil
    #expect(pair.json() == #"[{"S":"a"},{"S":"b"}]"#)
    #expect(Document.object(first).json() == #"{"N":"1"}"#)
  }

  @Test("random damage to a text is refused or read, never worse")
  func damage() throws {
    let text = Array(#"{"a":[1,-2.5e3,"x\n\u00e9é"],"b":{"c":null,"d":[true,false,{}]}}"#.utf8)
    for place in text.indices {
      for byte in [0, 0x22, 0x2C, 0x5C, 0x5D, 0x7B, 0x7D, 0x80, 0xFF] as [UInt8] {
        var damaged = text
        damaged[place] = byte
        if let value = try? Document.parse(damaged) {
          #expect(try Document.parse(value.json()) == value)
        }
      }
      #expect(throws: JSONError.self) { try Document.parse(Array(text[..<place])) }
    }
  }
}
