// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import Testing

@testable import CommandLanguage

@Suite("Output formats")
struct PrinterTests {
  private static let backup: Document = [
    "BackupDetails": [
      "BackupArn": "arn:x", "BackupName": "b", "BackupSizeBytes": 10, "Expired": nil, "Ok": true,
    ]
  ]
  private static let items: Document = [
    "Items": [
      ["id": "a", "n": 1.5, "tags": ["x", "y"]], ["id": "b", "extra": ["k": "v"]],
    ],
    "Count": 2,
  ]
  private static let names: Document = ["TableNames": ["orders", "café", "日本"]]
  private static let rows: Document = [["a", 1], ["b", nil]]

  @Test("text: a line a structure, values between tabs, shared columns, None for nothing")
  func text() throws {
    #expect(try TextPrinter.print(Self.backup) == "BACKUPDETAILS\tarn:x\tb\t10\tNone\tTrue\n")
    #expect(
      try TextPrinter.print(Self.items)
        == "2\nITEMS\ta\t1.5\nTAGS\tx\nTAGS\ty\nITEMS\tb\t\nEXTRA\tv\n")
    #expect(
      try TextPrinter.print(Self.names)
        == "TABLENAMES\torders\nTABLENAMES\tcafé\nTABLENAMES\t日本\n")
    #expect(try TextPrinter.print(Self.rows) == "a\t1\nb\tNone\n")
    #expect(try TextPrinter.print(nil) == "None\n")
    #expect(try TextPrinter.print([]) == "")
    #expect(try TextPrinter.print([:]) == "")
    #expect(try TextPrinter.print(["a", ["b", "c"], "d"]) == "a\td\nb\tc\n")
    #expect(throws: CommandError.general("'str' object has no attribute 'items'")) {
      try TextPrinter.print([["a": 1], "b"])
    }
  }

  @Test("table: cells and bars are coloured, and each piece ends its colour, as the CLI has it")
  func colouredTables() throws {
    let end = TableColour.end
    let bar = TableColour.bar.rawValue + "|" + end
    let cell = TableColour.cell.rawValue + "a" + end
    #expect(
      try TablePrinter.print(["N": ["a"]], title: "T", terminalWidth: 80, hasColour: true) == """
        ---------
        \(end)\(end)|   T   |\(end)\(end)
        \(end)\(end)+-------+\(end)\(end)
        \(end)\(bar)\(end)|  N  |\(end)\(bar)\(end)
        \(end)\(bar)\(end)+-----+\(end)\(bar)\(end)
        \(end)\(bar)\(end)|  \(cell)  |\(end)\(bar)\(end)
        \(end)\(bar)\(end)+-----+\(end)\(bar)\(end)
        \(end)
        """)
  }

  @Test(
    "--color says whether tables have colour; auto asks who shows them, other formats have none",
    arguments: [
      ("--output table --color on", false, true), ("--output table --color off", true, false),
      ("--output table --color auto", true, true), ("--output table", true, true),
      ("--output table", false, false), ("--output text --color on", true, false),
    ] as [(String, Bool, Bool)])
  func whenColoured(options: String, isShown: Bool, expected: Bool) {
    var context = context()
    context.showsColour = isShown
    let answer = Rehearsal([.success(["TableNames": ["orders"]])])
    let outcome = run("aws dynamodb list-tables \(options)", answer, context: context)
    #expect(outcome.hasColour == expected)
    #expect(outcome.stdout.contains("\u{1B}[34morders") == expected)
  }

  @Test("table: nested boxes")
  func tables() throws {
    #expect(
      try TablePrinter.print(Self.backup, title: "Op", terminalWidth: 80) == """
        ---------------------------------------------------------------------
        |                                Op                                 |
        +-------------------------------------------------------------------+
        ||                          BackupDetails                          ||
        |+-----------+-------------+-------------------+----------+--------+|
        || BackupArn | BackupName  |  BackupSizeBytes  | Expired  |  Ok    ||
        |+-----------+-------------+-------------------+----------+--------+|
        ||  arn:x    |  b          |  10               |  None    |  True  ||
        |+-----------+-------------+-------------------+----------+--------+|

        """)
    #expect(
      try TablePrinter.print(Self.items, title: "Op", terminalWidth: 80) == """
        -----------------
        |      Op       |
        +---------+-----+
        |  Count  |  2  |
        +---------+-----+
        ||    Items    ||
        |+-----+-------+|
        || id  |   n   ||
        |+-----+-------+|
        ||  a  |  1.5  ||
        |+-----+-------+|
        |||   tags    |||
        ||+-----------+||
        |||  x        |||
        |||  y        |||
        ||+-----------+||
        ||    Items    ||
        |+------+------+|
        ||  id  |  n   ||
        |+------+------+|
        ||  b   |      ||
        |+------+------+|
        |||   extra   |||
        ||+----+------+||
        |||  k |  v   |||
        ||+----+------+||

        """)
  }

  @Test("table: wide and ambiguous characters take two columns, a wide table turns on its side")
  func widths() throws {
    #expect(
      try TablePrinter.print(Self.names, title: "Op", terminalWidth: 80) == """
        --------------
        |     Op     |
        +------------+
        ||TableNames||
        |+----------+|
        ||  orders  ||
        ||  café   ||
        ||  日本    ||
        |+----------+|

        """)
    #expect(
      try TablePrinter.print(["Name": "orders", "Status": "ACTIVE"], title: "T", terminalWidth: 20)
        == """
        ----------------------
        |          T         |
        +---------+----------+
        |  Name   |  orders  |
        |  Status |  ACTIVE  |
        +---------+----------+

        """)
    #expect(try TablePrinter.print(nil, title: "T", terminalWidth: 80) == "")
    #expect(
      try TablePrinter.print(["A": []], title: "T", terminalWidth: 80) == "---\n|T|\n+-+\n")
    #expect(throws: CommandError.general("Row should have 2 elements, instead it has 1")) {
      try TablePrinter.print([["a", "b"], ["c"]], title: "T", terminalWidth: 80)
    }
  }

  @Test("yaml: block style, names in order")
  func yaml() {
    #expect(
      YAMLPrinter.print(Self.items)
        == "Count: 2\nItems:\n- id: a\n  n: 1.5\n  tags:\n  - x\n  - y\n- extra:\n    k: v\n  id: b\n"
    )
    #expect(YAMLPrinter.print(Self.rows) == "- - a\n  - 1\n- - b\n  - null\n")
    #expect(YAMLPrinter.print(["a": [], "b": [:], "": 1]) == "? ''\n: 1\na: []\nb: {}\n")
    #expect(YAMLPrinter.print("plain") == "\"plain\"\n")
    #expect(YAMLPrinter.print(.null) == "null\n")
    #expect(YAMLPrinter.print("12") == "\"12\"\n")
    #expect(YAMLPrinter.print([]) == "[]\n")
  }

  @Test(
    "yaml: texts are quoted where they would be read as something else",
    arguments: [
      ("a b", "a b"), ("yes", "yes"), ("true", "'true'"), ("1", "'1'"), ("1.0", "'1.0'"),
      ("2026-03-06", "'2026-03-06'"), ("2026-03-06T17:40:00Z", "'2026-03-06T17:40:00Z'"),
      ("2026-11-22T07:26:34.395000+00:00", "'2026-11-22T07:26:34.395000+00:00'"),
      ("", "''"), ("null", "'null'"), ("~", "'~'"), ("- a", "'- a'"), ("a: b", "'a: b'"),
      ("#c", "'#c'"), ("a #b", "'a #b'"), ("it's", "it's"), ("'q'", "'''q'''"),
      ("x\ny", "'x\n\n  y'"), ("tab\t", "\"tab\\t\""), ("arn:aws:x", "arn:aws:x"),
      ("0o17", "'0o17'"), ("1_0", "'1_0'"), ("=", "'='"), ("<<", "'<<'"), ("é", "é"),
      ("ü🚀", "\"ü\\U0001F680\""),
      ("[a]", "'[a]'"), ("a:", "'a:'"), ("-", "'-'"), ("--- a", "'--- a'"), ("*a", "'*a'"),
      (#"a\b"#, #"a\b"#), ("\u{1B}[0m", "\"\\e[0m\""), ("a \nb", "\"a \\nb\""),
      (
        String(repeating: "word ", count: 30) + "end",
        String(repeating: "word ", count: 15) + "word\n  "
          + String(repeating: "word ", count: 14) + "end"
      ),
    ])
  func yamlTexts(text: String, written: String) {
    #expect(YAMLPrinter.print(["k": .string(text)]) == "k: \(written)\n")
  }
}
