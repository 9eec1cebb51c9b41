// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import CommandLanguage
import Documents
import Testing

@Suite("Pages and waiters")
struct PagingTests {
  private static func tables(_ names: [String], next: String? = nil) -> Result<
    Document, ServiceError
  > {
    var page: Document = ["TableNames": .array(names.map { .string($0) })]
    if let next { page = page.with("LastEvaluatedTableName", .string(next)) }
    return .success(page)
  }

  private static func items(_ count: Int, next: String? = nil) -> Result<Document, ServiceError> {
    let items = (0..<count).map { Document.object(["id": ["S": .string("k\($0)")]]) }
    var page: Document = [
      "Items": .array(items), "Count": .integer(Int64(count)), "ScannedCount": .integer(9),
    ]
    if let next { page = page.with("LastEvaluatedKey", ["id": ["S": .string(next)]]) }
    return .success(page)
  }

  private static let three = [
    tables(["aaa", "bbb"], next: "bbb"), tables(["ccc", "ddd"], next: "ddd"), tables(["eee"]),
  ]

  @Test("are joined to one answer")
  func merging() {
    let rehearsal = Rehearsal(Self.three)
    #expect(
      run("aws dynamodb list-tables --query 'join(`,`,TableNames)'", rehearsal).stdout
        == "\"aaa,bbb,ccc,ddd,eee\"\n")
    #expect(
      rehearsal.inputs
        == ["{}", #"{"ExclusiveStartTableName":"bbb"}"#, #"{"ExclusiveStartTableName":"ddd"}"#])
    let scan = run(
      "aws dynamodb scan --table-name o", Rehearsal([Self.items(2, next: "k1"), Self.items(1)]))
    #expect(
      scan.stdout.hasSuffix(
        """
            ],
            "Count": 3,
            "ScannedCount": 18,
            "ConsumedCapacity": null
        }

        """))
  }

  @Test("are printed one by one as text, the query on each")
  func text() {
    #expect(
      run("aws dynamodb list-tables --output text --query TableNames", Rehearsal(Self.three)).stdout
        == "aaa\tbbb\nccc\tddd\neee\n")
    let scan = run(
      "aws dynamodb scan --table-name o --output text",
      Rehearsal([Self.items(1, next: "k1"), Self.items(1)]))
    #expect(scan.stdout == "None\t1\t9\nID\tk0\n1\t9\nID\tk0\n")
    let cut = run(
      "aws dynamodb list-tables --output text",
      Rehearsal([
        Self.tables(["aaa"], next: "aaa"), .failure(ServiceError(code: "X", message: "m")),
      ]))
    #expect(cut.stdout == "TABLENAMES\taaa\n")
    #expect(cut.status == 254)
  }

  @Test("stop at --max-items and go on from the token")
  func truncation() throws {
    let first = run("aws dynamodb list-tables --max-items 1 --output json", Rehearsal(Self.three))
    #expect(
      first.stdout == """
        {
            "TableNames": [
                "aaa"
            ],
            "NextToken": "eyJFeGNsdXNpdmVTdGFydFRhYmxlTmFtZSI6IG51bGwsICJib3RvX3RydW5jYXRlX2Ftb3VudCI6IDF9"
        }

        """)
    let token = try Document.parse(first.stdout)["NextToken"]?.string ?? ""
    let second = Rehearsal(Self.three)
    #expect(
      run(
        "aws dynamodb list-tables --starting-token \(token) --query 'join(`,`,TableNames)'", second
      )
      .stdout == "\"bbb,ccc,ddd,eee\"\n")
    let boundary = run(
      "aws dynamodb list-tables --max-items 2 --query NextToken --output text",
      Rehearsal(Self.three))
    #expect(boundary.stdout.contains("TABLENAMES") == false)
    let raw = Rehearsal(Self.three)
    _ = run("aws dynamodb list-tables --starting-token orders", raw)
    #expect(raw.inputs.first == #"{"ExclusiveStartTableName":"orders"}"#)
    let size = Rehearsal([Self.tables(["aaa"])])
    _ = run("aws dynamodb list-tables --page-size 7", size)
    #expect(size.inputs == [#"{"Limit":7}"#])
  }

  @Test("cut at every length give back the whole, token by token", arguments: 1...6)
  func everyCut(size: Int) throws {
    var names: [String] = []
    var token: String?
    var rounds = 0
    repeat {
      let rehearsal = Rehearsal()
      var line = "aws dynamodb list-tables --max-items \(size)"
      if let token { line += " --starting-token \(token)" }
      // A service with two names a page, that answers from any cursor.
      let door = Door(
        perform: { request in
          let all = ["aaa", "bbb", "ccc", "ddd", "eee"]
          let start = request.input["ExclusiveStartTableName"]?.string
          let from = start.flatMap { all.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
          let page = Array(all[from...].prefix(2))
          return Self.tables(page, next: from + 2 < all.count ? page.last : nil)
        }, now: rehearsal.door.now, advance: { _ in }, pending: { [] })
      let outcome = AWSCommand.run(words: try Words.split(line), context: context(), door: door)
      let answer = try Document.parse(outcome.stdout)
      names += (answer["TableNames"]?.array ?? []).compactMap(\.string)
      token = answer["NextToken"]?.string
      rounds += 1
    } while token != nil && rounds < 10
    #expect(names == ["aaa", "bbb", "ccc", "ddd", "eee"])
  }

  @Test("are not joined with --no-paginate or the service's own options")
  func native() {
    for line in [
      "aws dynamodb list-tables --no-paginate", "aws dynamodb list-tables --limit 2",
      "aws dynamodb list-tables --cli-input-json '{\"Limit\":2}'",
    ] {
      let rehearsal = Rehearsal(Self.three)
      let outcome = run(line + " --query LastEvaluatedTableName", rehearsal)
      #expect(outcome.stdout == "\"bbb\"\n")
      #expect(rehearsal.requests.count == 1)
    }
  }

  @Test("that do not move on are an error, and so is a limit of nothing")
  func odd() {
    let still = run("aws dynamodb list-tables", Rehearsal([Self.tables(["aaa"], next: "aaa")]))
    #expect(
      still.stderr == "\naws: [ERROR]: Error during pagination: The same next token was received "
        + "twice: {'ExclusiveStartTableName': 'aaa'}\n")
    #expect(still.status == 255)
    let none = run("aws dynamodb list-tables --max-items 0", Rehearsal(Self.three))
    #expect(
      none.stderr
        == "warning: Non-positive values for --max-items may result in undefined behavior.\n")
    #expect(none.stdout.hasPrefix("{\n    \"TableNames\": [],\n"))
  }

  // MARK: Waiters

  private static func status(_ status: String) -> Result<Document, ServiceError> {
    .success(["Table": ["TableStatus": .string(status)]])
  }
  private static let missing = Result<Document, ServiceError>.failure(
    ServiceError(code: "ResourceNotFoundException", message: "none"))

  @Test("wait poll by poll at the model's delay and print nothing")
  func waiting() {
    let rehearsal = Rehearsal([Self.missing, Self.status("CREATING"), Self.status("ACTIVE")])
    let outcome = run("aws dynamodb wait table-exists --table-name o", rehearsal)
    #expect(outcome.stdout == "" && outcome.stderr == "" && outcome.status == 0)
    #expect(rehearsal.pauses == [.seconds(20), .seconds(20)])
    #expect(rehearsal.inputs == Array(repeating: #"{"TableName":"o"}"#, count: 3))
    #expect(outcome.isAccepted && !outcome.isChange)
    let gone = run("aws dynamodb wait table-not-exists --table-name o", Rehearsal([Self.missing]))
    #expect(gone.status == 0)
  }

  @Test("fail in the CLI's words")
  func failing() {
    let slow = Rehearsal([Self.status("CREATING")])
    let timeout = run("aws dynamodb wait table-exists --table-name o", slow)
    #expect(
      timeout.stderr == "\naws: [ERROR]: Waiter TableExists failed: Max attempts exceeded\n")
    #expect(timeout.status == 255)
    #expect(slow.requests.count == 25)
    #expect(slow.pauses.count == 24)
    #expect(
      run("aws dynamodb wait table-exists --table-name o", Rehearsal([Self.missing])).stderr
        == "\naws: [ERROR]: Waiter TableExists failed: Max attempts exceeded. Previously accepted "
        + "state: Matched expected service error code: ResourceNotFoundException\n")
    let denied = ServiceError(code: "AccessDeniedException", message: "no")
    #expect(
      run("aws dynamodb wait table-exists --table-name o", Rehearsal([.failure(denied)])).stderr
        == "\naws: [ERROR]: Waiter TableExists failed: An error occurred (AccessDeniedException): no\n"
    )
    let arn = "arn:aws:dynamodb:us-east-1:123456789012:table/orders/export/01"
    let failed = Rehearsal([.success(["ExportDescription": ["ExportStatus": "FAILED"]])])
    #expect(
      run("aws dynamodb wait export-completed --export-arn \(arn)", failed).stderr
        == "\naws: [ERROR]: Waiter ExportCompleted failed: Waiter encountered a terminal failure "
        + "state: For expression \"ExportDescription.ExportStatus\" we matched expected path: "
        + "\"FAILED\"\n")
    let any = Rehearsal([
      .success(["KinesisDataStreamDestinations": [["DestinationStatus": "ACTIVE"]]])
    ])
    #expect(
      run("aws dynamodb wait kinesis-streaming-destination-active --table-name o", any).status == 0)
  }
}
