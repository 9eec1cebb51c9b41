// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import Testing

@testable import CommandLanguage

@Suite("Shorthand")
struct ShorthandTests {
  private static func read(_ text: String) throws(ShorthandError) -> Document {
    try Shorthand.parse(text) { word throws(ShorthandError) in
      switch word {
      case "file://a": .string("content")
      case "fileb://a": .bytes([1, 2])
      case "file://missing": throw .file("Unable to load paramfile file://missing")
      default: nil
      }
    }.document
  }

  @Test(
    "describes maps, lists and texts",
    arguments: [
      ("a=b", #"{"a":"b"}"#),
      ("a=", #"{"a":""}"#),
      ("a=b,c=d", #"{"a":"b","c":"d"}"#),
      ("a=b,c", #"{"a":["b","c"]}"#),
      ("a=b,c,d=e,f", #"{"a":["b","c"],"d":["e","f"]}"#),
      ("a=b,c,d=e", #"{"a":["b","c"],"d":"e"}"#),
      ("a=[b,c]", #"{"a":["b","c"]}"#),
      ("a=[]", #"{"a":[]}"#),
      ("a=[ b , c ]", #"{"a":["b","c"]}"#),
      ("a=[[b],{c=d}]", #"{"a":[["b"],{"c":"d"}]}"#),
      ("a={b=c,d={e=[f]}}", #"{"a":{"b":"c","d":{"e":["f"]}}}"#),
      ("a={}", #"{"a":{}}"#),
      ("a={ b = c }", #"{"a":{"b":"c"}}"#),
      (#"a=b\,c"#, #"{"a":"b,c"}"#),
      (#"a='b,c=d',e=f"#, #"{"a":"b,c=d","e":"f"}"#),
      (#"a="b,c",d"#, #"{"a":["b,c","d"]}"#),
      (#"a='it\'s'"#, #"{"a":"it's"}"#),
      (#"a='b\\c'"#, #"{"a":"b\\c"}"#),
      (#"a='b\'"#, #"{"a":"b\\"}"#),
      ("a=b c , d=e", #"{"a":"b c","d":"e"}"#),
      ("a=1=2", #"{"a":"1=2"}"#),
      (" a=b", #"!Expected: '=', received: 'a' for input:"# + "\n a=b\n ^"),
      (":n={N=-5}", #"{":n":{"N":"-5"}}"#),
      ("a@=file://a", #"{"a":"content"}"#),
      ("a@=fileb://a,b=c", #"{"a":"AQI=","b":"c"}"#),
      ("a={b@=file://a}", #"{"a":{"b":"content"}}"#),
      ("a@=plain", #"{"a":"plain"}"#),
      ("é=b", "!Expected: '=', received: 'é' for input:\né=b\n^"),
      ("a=é", #"{"a":"é"}"#),
      ("", "!Expected: '=', received: 'EOF' for input:\n\n^"),
      ("a", "!Expected: '=', received: 'EOF' for input:\na\n ^"),
      ("a=b,", "!Expected: '<second>', received: '<none>' for input:\na=b,\n    ^"),
      ("a=b,c=", #"{"a":"b","c":""}"#),
      ("a=[b", "!Expected: ',', received: 'EOF' for input:\na=[b\n    ^"),
      ("a={b=c", "!Expected: ',', received: 'EOF' for input:\na={b=c\n      ^"),
      ("a={b}", "!Expected: '=', received: '}' for input:\na={b}\n    ^"),
      ("a=b]", "!Expected: ',', received: ']' for input:\na=b]\n   ^"),
      ("a='b", "!Expected: '<singled quoted>', received: '<none>' for input:\na='b\n  ^"),
      ("a=\"b", "!Expected: '<double quoted>', received: '<none>' for input:\na=\"b\n  ^"),
      ("a=🙂", "!Expected: ',', received: '🙂' for input:\na=🙂\n  ^"),
      (
        "a=b,\nb=c]\nd=e",
        #"!Expected: ',', received: ']' for input:"# + "\na=b,\nb=c]\n   ^\nd=e"
      ),
      (
        "a=b,a=c",
        "!Second instance of key \"a\" encountered for input:\na=b,a=c\n    ^\n"
          + "This is often because there is a preceding \",\" instead of a space."
      ),
      ("a@=file://missing", "!Unable to load paramfile file://missing"),
    ])
  func grammar(text: String, expected: String) {
    do throws(ShorthandError) {
      let value = try Self.read(text)
      #expect(value.json(.compact) == expected)
    } catch {
      #expect("!" + error.message == expected)
    }
  }

  @Test("is refused beyond 256 levels instead of exhausting the stack")
  func depth() {
    let inside = String(repeating: "[", count: 256) + String(repeating: "]", count: 256)
    #expect(throws: Never.self) { try Self.read("a=" + inside) }
    #expect(throws: ShorthandError.self) { try Self.read("a=[" + inside + "]") }
    #expect(throws: ShorthandError.self) {
      try Self.read("a=" + String(repeating: "[", count: 100_000))
    }
  }
}

@Suite("JSON on a command line")
struct CommandJSONTests {
  @Test(
    "is read as the AWS CLI reads it",
    arguments: [
      ("{}", "{}"), (" [1, -2.5, 1e3, true, false, null] ", "[1,-2.5,1000.0,true,false,null]"),
      (#"{"a":1,"a":2}"#, #"{"a":2}"#),
      (#""\u00e9\ud83d\ude42\n\/""#, "\"é🙂\\n/\""),
      ("", "!Expecting value: line 1 column 1 (char 0)"),
      ("{", "!Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
      ("{a", "!Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
      (#"{"a"}"#, "!Expecting ':' delimiter: line 1 column 5 (char 4)"),
      (#"{"a":}"#, "!Expecting value: line 1 column 6 (char 5)"),
      (#"{"a":1"#, "!Expecting ',' delimiter: line 1 column 7 (char 6)"),
      ("{\"a\":1,}", "!Illegal trailing comma before end of object: line 1 column 7 (char 6)"),
      ("[1,]", "!Illegal trailing comma before end of array: line 1 column 3 (char 2)"),
      ("[1 2]", "!Expecting ',' delimiter: line 1 column 4 (char 3)"),
      ("{} x", "!Extra data: line 1 column 4 (char 3)"),
      ("\"a", "!Unterminated string starting at: line 1 column 1 (char 0)"),
      ("\"a\nb\"", "!Invalid control character at: line 1 column 3 (char 2)"),
      (#""\x""#, #"!Invalid \escape: line 1 column 2 (char 1)"#),
      (#""\u12""#, #"!Invalid \uXXXX escape: line 1 column 3 (char 2)"#),
      ("[\n1,\n2 3]", "!Expecting ',' delimiter: line 3 column 3 (char 7)"),
      ("01", "!Extra data: line 1 column 2 (char 1)"),
    ])
  func words(text: String, expected: String) {
    do throws(CommandJSONError) {
      #expect(try CommandJSON.parse(text).document.json(.compact) == expected)
    } catch {
      #expect("!" + error.message == expected)
    }
  }

  @Test("is refused beyond 512 levels instead of exhausting the stack")
  func depth() {
    let deep = { String(repeating: "[", count: $0) + String(repeating: "]", count: $0) }
    #expect(throws: Never.self) { try CommandJSON.parse(deep(512)) }
    #expect(throws: CommandJSONError.self) { try CommandJSON.parse(deep(513)) }
    #expect(throws: CommandJSONError.self) { try CommandJSON.parse(deep(50_000)) }
  }

  @Test(
    "carries blobs as base64, forgiven as the CLI forgives",
    arguments: [
      ("", []), ("AQI=", [1, 2]), ("AQ I\n=", [1, 2]), ("AQI", nil), ("A", nil), ("AQ==", [1]),
      ("AQID", [1, 2, 3]), ("é", nil),
    ] as [(String, [UInt8]?)])
  func base64(text: String, bytes: [UInt8]?) {
    #expect(Base64.decode(text) == bytes)
    if let bytes { #expect(Base64.decode(Base64.encode(bytes)) == bytes) }
  }
}

@Suite("Near words")
struct NearWordTests {
  @Test(
    "are offered when a letter or two are wrong",
    arguments: [
      ("order", ["orders", "carts"], "orders"), ("oders", ["orders", "odors"], "orders"),
      ("Orders", ["orders"], "orders"), ("odrers", ["orders"], "orders"),
      ("orders", ["orders"], nil), ("x", ["orders"], nil), ("invoices", ["orders"], nil),
      ("", ["orders"], nil), ("order", [], nil), ("$", ["1", "s"], nil), ("oo", ["o"], "o"),
    ] as [(String, [String], String?)])
  func suggestions(word: String, choices: [String], meant: String?) {
    #expect(suggest(word, among: choices) == meant)
  }

  @Test("are at most three, the most similar first, as the CLI lists them")
  func closeMatches() {
    let choices = ["create-backup", "create-table", "delete-backup", "describe-backup", "help"]
    #expect(
      CloseMatches.matches(to: "create-bakup", among: choices, cutoff: 0.8) == ["create-backup"])
    #expect(
      CloseMatches.matches(to: "abcd", among: ["abcx", "abcy", "abcz", "abc"], cutoff: 0.7)
        == ["abc", "abcz", "abcy"])
    #expect(CloseMatches.matches(to: "zzz", among: choices, cutoff: 0.8).isEmpty)
  }
}
