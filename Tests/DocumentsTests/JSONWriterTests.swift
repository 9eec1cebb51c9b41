// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import Testing

@Suite("Writing JSON")
struct JSONWriterTests {
  static let value: Document = [
    "a": 1, "list": [1, "x", [], [:]], "empty": [:], "none": [], "deep": ["b": [nil, true]],
  ]

  @Test("compact JSON has no white space")
  func compact() {
    #expect(
      Self.value.json()
        == #"{"a":1,"list":[1,"x",[],{}],"empty":{},"none":[],"deep":{"b":[null,true]}}"#)
    #expect(Self.value.jsonBytes() == Array(Self.value.json().utf8))
  }

  @Test("spaced JSON is Python's on one line")
  func spaced() {
    #expect(
      Self.value.json(.spaced)
        == #"{"a": 1, "list": [1, "x", [], {}], "empty": {}, "none": [], "deep": {"b": [null, true]}}"#
    )
  }

  @Test("indented JSON is Python's with indent=4")
  func indented() {
    #expect(
      Self.value.json(.indented(4)) == """
        {
            "a": 1,
            "list": [
                1,
                "x",
                [],
                {}
            ],
            "empty": {},
            "none": [],
            "deep": {
                "b": [
                    null,
                    true
                ]
            }
        }
        """)
    #expect(Document.array([]).json(.indented(4)) == "[]")
    #expect(Document.string("x").json(.indented(4)) == "\"x\"")
  }

  @Test(
    "doubles are written as Python's repr",
    arguments: [
      (0.0, "0.0"), (-0.0, "-0.0"), (1.0, "1.0"), (-1.5, "-1.5"), (0.5, "0.5"), (0.1, "0.1"),
      (100.0, "100.0"), (123456.789, "123456.789"), (0.0001, "0.0001"), (0.00012, "0.00012"),
      (0.00001, "1e-05"), (0.000015, "1.5e-05"), (1e15, "1000000000000000.0"),
      (9007199254740993.0, "9007199254740992.0"), (9999999999999998.0, "9999999999999998.0"),
      (1e16, "1e+16"), (12345678901234567.0, "1.2345678901234568e+16"), (1e22, "1e+22"),
      (1e100, "1e+100"), (.leastNonzeroMagnitude, "5e-324"),
      (1.7976931348623157e308, "1.7976931348623157e+308"),
      (1489602797.149, "1489602797.149"),
    ])
  func doubles(_ number: Double, _ text: String) throws {
    #expect(Document.double(number).json() == text)
    #expect(try Document.parse(text).number == number)
  }

  @Test("numbers that JSON does not have are null in JSON and Python's words elsewhere")
  func notFinite() {
    #expect(Document.array([.double(.nan), .double(.infinity)]).json() == "[null,null]")
    #expect(Document.double(.nan).pythonRepr == "nan")
    #expect(Document.double(-.infinity).pythonRepr == "-inf")
  }

  @Test(
    "characters are escaped as Python escapes them",
    arguments: [
      ("\"\\/", #""\"\\/""#, #""\"\\/""#),
      ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#, #""\b\t\n\f\r""#),
      ("\0\u{1}\u{1F}", #""\u0000\u0001\u001f""#, #""\u0000\u0001\u001f""#),
      ("\u{7F}", "\"\u{7F}\"", #""\u007f""#),
      ("é€😀", "\"é€😀\"", #""\u00e9\u20ac\ud83d\ude00""#),
      ("a\u{2028}b", "\"a\u{2028}b\"", #""a\u2028b""#),
      ("plain", "\"plain\"", "\"plain\""),
    ])
  func escapes(_ text: String, _ plain: String, _ ascii: String) throws {
    #expect(Document.string(text).json() == plain)
    #expect(Document.string(text).json(ascii: true) == ascii)
    #expect(try Document.parse(ascii) == .string(text))
    #expect(Document.object([text: 1]).json(ascii: true) == "{\(ascii):1}")
  }

  @Test(
    "values are written as Python's repr",
    arguments: [
      (Document.null, "None"), (true, "True"), (false, "False"), (1, "1"), (1.0, "1.0"),
      ("a", "'a'"), ("it's", "\"it's\""), ("it's \"so\"", #"'it\'s "so"'"#), ("\"", "'\"'"),
      ("\n\r\t\\\0", #"'\n\r\t\\\x00'"#), ("\u{7F}\u{A0}é", #"'\x7f\xa0é'"#),
      ("\u{200B}\u{E000}", #"'\u200b\ue000'"#), ("\u{E0001}😀", #"'\U000e0001😀'"#),
      (["a": [1, nil], "b": [:]], "{'a': [1, None], 'b': {}}"), ([], "[]"),
    ] as [(Document, String)])
  func python(_ value: Document, _ text: String) {
    #expect(value.pythonRepr == text)
  }

  @Test("Python's str leaves a string bare, and types have Python's names")
  func pythonText() {
    #expect(Document.string("it's").pythonText == "it's")
    #expect(Document.array(["a"]).pythonText == "['a']")
    let values: [Document] = [nil, true, 1, 1.5, "", [], [:]]
    #expect(
      values.map(\.pythonTypeName) == ["NoneType", "bool", "int", "float", "str", "list", "dict"])
  }
}

@Suite("Document values")
struct DocumentTests {
  @Test(
    "equality is by value, exact in numbers and bytes",
    arguments: [
      (1, 1.0, true), (0, -0.0, true), (true, 1, false), (nil, false, false), ("1", 1, false),
      (.integer(9_007_199_254_740_993), .double(9_007_199_254_740_992), false),
      (.integer(9_007_199_254_740_992), .double(9_007_199_254_740_992), true),
      (.integer(.max), .double(0x1p63), false),
      ("\u{E9}", "e\u{301}", false), ("é", "é", true),
      (["a": 1, "b": 2], ["b": 2, "a": 1.0], true), (["a": 1], ["a": 1, "b": 2], false),
      (["a": nil], ["b": nil], false), ([1, 2], [2, 1], false), ([], [:], false),
    ] as [(Document, Document, Bool)])
  func equality(_ left: Document, _ right: Document, _ equal: Bool) {
    #expect((left == right) == equal)
    #expect((right == left) == equal)
    if equal { #expect(left.hashValue == right.hashValue) }
  }

  @Test("members and elements are reached, and what is absent is nil")
  func access() {
    let value: Document = ["a": [1, 2.5, "x", true, nil]]
    #expect(value["a"]?[0]?.integer == 1)
    #expect(value["a"]?[1]?.number == 2.5)
    #expect(value["a"]?[0]?.number == 1)
    #expect(value["a"]?[1]?.integer == nil)
    #expect(value["a"]?[2]?.string == "x")
    #expect(value["a"]?[3]?.bool == true)
    #expect(value["a"]?[4]?.isNull == true)
    #expect(value["a"]?[5] == nil)
    #expect(value["a"]?[-1] == nil)
    #expect(value["b"] == nil)
    #expect(value[0] == nil)
    #expect(Document.string("a")["a"] == nil)
  }

  @Test("an object is built, extended and reduced without changing the original")
  func members() {
    let value = Document(members: [("a", 1), ("b", 2), ("a", 3)])
    #expect(value.json() == #"{"a":3,"b":2}"#)
    #expect(value.with("c", 4).json() == #"{"a":3,"b":2,"c":4}"#)
    #expect(value.without("a").json() == #"{"b":2}"#)
    #expect(value.json() == #"{"a":3,"b":2}"#)
    #expect(value.members.map(\.name) == ["a", "b"])
    #expect(Document.integer(1).members.isEmpty)
    #expect(Document.integer(1).with("a", 2).json() == #"{"a":2}"#)
    #expect(Document.integer(1).without("a") == 1)
    #expect(Document.emptyObject.json() == "{}")
  }
}
