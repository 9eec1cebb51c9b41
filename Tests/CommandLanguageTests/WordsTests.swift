// SPDX-License-Identifier: GPL-3.0-or-later

import CommandLanguage
import Testing

@Suite("Words of a typed line")
struct WordsTests {
  /// Values of names for the tables below.
  static let names = ["ARN": "arn:a b", "EMPTY": "", "N": "7"]

  static func read(_ line: String) -> Line { Words.read(line) { names[$0] } }

  @Test(
    "are cut as sh cuts them",
    arguments: [
      ("aws dynamodb list-tables", ["aws", "dynamodb", "list-tables"]),
      ("  aws\t a  ", ["aws", "a"]),
      ("a 'b c' \"d e\"", ["a", "b c", "d e"]),
      ("a'b'\"c\"d", ["abcd"]),
      ("a '' \"\" b", ["a", "", "", "b"]),
      (#"a\ b \\ \' \" \x"#, ["a b", "\\", "'", "\"", "x"]),
      (
        #"'a\b' "a\b" "a\"b" "a\\b" "a\$N" "a\`b""#, ["a\\b", "a\\b", "a\"b", "a\\b", "a$N", "a`b"]
      ),
      ("a # comment", ["a"]),
      ("a#b 'x' #", ["a#b", "x"]),
      ("a \\\n b", ["a", "b"]),
      ("a\\\nb", ["ab"]),
      ("'a\nb'", ["a\nb"]),
      ("$ARN ${N}x \"$ARN!\" '$ARN' $EMPTY", ["arn:a b", "7x", "arn:a b!", "$ARN", ""]),
      ("a$ $5 ${ $- a$", ["a$", "$5", "${", "$-", "a$"]),
      ("--query 'Items[?a==`1`]'", ["--query", "Items[?a==`1`]"]),
      ("a '<table>x' \"a<b\" 'a | b'", ["a", "<table>x", "a<b", "a | b"]),
      ("é 日本 🙂", ["é", "日本", "🙂"]),
    ])
  func cutting(line: String, words: [String]) {
    #expect(Self.read(line) == .command(words, environment: []))
  }

  @Test(
    "tell what a line is besides a command",
    arguments: [
      ("", Line.empty), ("   # only words", .empty), ("\n\n", .empty),
      ("X=1", .assign(Line.Setting(name: "X", value: "1"))),
      ("X=", .assign(Line.Setting(name: "X", value: ""))),
      ("X='a b'$N", .assign(Line.Setting(name: "X", value: "a b7"))),
      ("let X = 5", .assign(Line.Setting(name: "X", value: "5"))),
      ("X=$(aws a --b $N)", .capture(name: "X", command: ["aws", "a", "--b", "7"])),
      ("X=\"$(aws a 'b)')\"", .capture(name: "X", command: ["aws", "a", "b)"])),
      ("let X = aws a b", .capture(name: "X", command: ["aws", "a", "b"])),
      ("let X=aws a b", .capture(name: "X", command: ["aws", "a", "b"])),
      ("let X = $(aws a)", .capture(name: "X", command: ["aws", "a"])),
      (
        "export AWS_REGION=eu-west-1", .export(Line.Setting(name: "AWS_REGION", value: "eu-west-1"))
      ),
      (
        "AWS_REGION=eu-west-1 aws a",
        .command(
          ["aws", "a"], environment: [Line.Setting(name: "AWS_REGION", value: "eu-west-1")])
      ),
      ("1X=2", .command(["1X=2"], environment: [])),
      ("a X=2", .command(["a", "X=2"], environment: [])),
    ] as [(String, Line)])
  func kinds(line: String, meaning: Line) {
    #expect(Self.read(line) == meaning)
  }

  @Test(
    "ask for the rest of an unfinished line",
    arguments: [
      ("a 'b", Line.Continuation.singleQuote), ("a \"b", .doubleQuote), ("a \"b\\", .doubleQuote),
      ("a \\", .backslash), ("X=$(aws a", .substitution), ("X=\"$(aws a)", .doubleQuote),
    ])
  func continuation(line: String, why: Line.Continuation) {
    #expect(Self.read(line) == .incomplete(why))
  }

  @Test(
    "refuse what needs a shell, and say what to do",
    arguments: [
      ("aws a | grep b", "Pipes and loops: type shell."),
      ("aws a && aws b", "Pipes and loops: type shell."),
      ("aws a; aws b", "Pipes and loops: type shell."),
      ("aws a > file", "Pipes and loops: type shell."),
      ("aws a < file", "Pipes and loops: type shell."),
      ("for x in 1 2", "Pipes and loops: type shell."),
      ("(aws a)", "Pipes and loops: type shell."),
      (
        "aws a --table-name <table>",
        "Replace <table> with a real value, without the angle brackets. Tab lists the names."
      ),
      (
        "aws a --b '<backup-arn>'",
        "Replace <backup-arn> with a real value, without the angle brackets. Tab lists the names."
      ),
      (
        "aws a <release - 1s>",
        "Replace <release - 1s> with a real value, without the angle brackets. Tab lists the names."
      ),
      ("aws a $NONE", "NONE has no value. Give it one first: NONE=$(aws … --output text)"),
      (
        "aws a $(aws b)",
        "Keep the answer under a name first: NAME=$(aws … --output text), then use $NAME."
      ),
      ("X=$(date)", "Only aws commands can stand inside $( )."),
      (
        "export X=1",
        "X need not be exported: X=value is enough. "
          + "Only variables that aws reads are exported."
      ),
      ("let", "Write: let NAME = aws …"),
      ("export AWS_REGION", "Write: export AWS_REGION=eu-west-1"),
      ("let 5 = aws a", "5 cannot be a name: letters, digits and _, not beginning with a digit."),
      ("a\nb", "One command a line."),
    ])
  func refusals(line: String, message: String) {
    guard case .refused(let refusal) = Self.read(line) else {
      Issue.record("not refused: \(line)")
      return
    }
    #expect(refusal.message == message)
  }

  @Test("hold to the stated limits")
  func limits() {
    let whole = String(repeating: "a ", count: 4096)
    guard case .command(let words, _) = Self.read(whole) else {
      Issue.record("4,096 words are refused")
      return
    }
    #expect(words.count == 4096)
    #expect(Self.read(whole + "a") == .refused(.tooManyWords))
    let long = String(repeating: "a", count: Words.maximumBytes)
    #expect(Self.read(long) == .command([long], environment: []))
    #expect(Self.read(long + "a") == .refused(.tooLong))
  }

  @Test(
    "of a pasted block are cut into commands",
    arguments: [
      ("a\nb\n", ["a", "b"]),
      ("a\n\n# x\n  b", ["a", "  b"]),
      ("a \\\n  b\nc", ["a \\\n  b", "c"]),
      ("a 'x\ny'\nb", ["a 'x\ny'", "b"]),
      ("a | b\nc", ["a | b", "c"]),
      ("a <t>\nb", ["a <t>", "b"]),
      ("a 'x\n", ["a 'x\n"]),
      ("", []),
    ])
  func statements(block: String, lines: [String]) {
    #expect(Words.statements(in: block) == lines)
  }

  @Test("of content without names to expand are split or refused")
  func split() throws {
    #expect(try Words.split("aws dynamodb get-item --key '{\"a\":1}'").last == "{\"a\":1}")
    #expect(throws: LineRefusal.shellSyntax) { try Words.split("aws a | b") }
    #expect(throws: LineRefusal.unset(name: "X")) { try Words.split("aws $X") }
  }
}
