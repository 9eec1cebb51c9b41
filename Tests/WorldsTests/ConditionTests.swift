// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import ContentFormat
import Documents
import Simulation
import Testing
import Worlds

@Suite("Conditions")
struct ConditionTests {
  private func restored() throws -> WorldRun {
    var run = try start(ordersWorld)
    try run.run("aws dynamodb create-backup --table-name orders --backup-name pre")
    try run.run(
      "aws dynamodb delete-item --table-name orders --key '{\"order_id\":{\"S\":\"o-000001\"}}'")
    return run
  }

  @Test("an untouched start fails what a command later meets")
  func backup() throws {
    var run = try start(ordersWorld)
    let before = try verdict("backup: { of: orders, min: 1 }", run)
    #expect(before == Verdict(false, expected: "at least 1", actual: "0"))
    let result = try run.run("aws dynamodb create-backup --table-name <orders> --backup-name pre")
    #expect(result.status == 0 && result.isChange)
    #expect(try verdict("backup: { of: orders, min: 1 }", run).passes)
    #expect(try verdict("backup: { of: orders, restores: same-items, status: usable }", run).passes)
    #expect(
      try verdict("backup: { of: orders, restores: no }", run).nearest?.hasPrefix(
        "backup pre of orders") == true)
  }

  @Test("an accepted command takes a second, a refused one none")
  func second() throws {
    var run = try start(ordersWorld)
    let clock = run.now
    let refused = try run.run("aws dynamodb describe-table --table-name nothing")
    #expect(refused.status == 254 && run.now == clock)
    try run.run("aws dynamodb list-tables")
    #expect(run.now == clock + .seconds(1))
    try run.run("time +3h")
    #expect(run.now == clock + .seconds(1) + .hours(3))
  }

  @Test(
    "commands are measured by answer or refusal",
    arguments: [
      ("{run: aws dynamodb list-tables, query: length(TableNames), is: 1}", true),
      ("{run: aws dynamodb list-tables, query: 'TableNames[0]', is: <orders>}", true),
      ("{run: aws dynamodb list-tables, query: length(TableNames), min: 2}", false),
      (
        "{run: aws dynamodb describe-table --table-name nothing, refused: ResourceNotFoundException}",
        true
      ),
      (
        "{run: aws dynamodb describe-table --table-name nothing, refused: LimitExceededException}",
        false
      ),
      ("{run: aws dynamodb list-tables, refused: ResourceNotFoundException}", false),
      ("{run: aws dynamodb describe-table --table-name nothing}", false),
      ("{run: aws dynamodb list-tables}", true),
    ])
  func commands(_ condition: String, _ passes: Bool) throws {
    #expect(try verdict(condition, start(ordersWorld)).passes == passes)
  }

  @Test("checking leaves no trace, whatever it tries")
  func noTrace() throws {
    let run = try restored()
    let before = run.cloud.fullFingerprint()
    for condition in [
      "{run: aws dynamodb delete-table --table-name orders}",
      "{backup: {of: orders, restores: same-items}, after: 34d}",
      "{table: orders, attack: [orders]}",
      "{table: orders, probe: aws dynamodb delete-table --table-name orders}",
      "{bill: {max: 5}}", "{table: orders, ever: true}",
    ] {
      _ = try verdict(condition, run)
      #expect(run.cloud.fullFingerprint() == before)
    }
  }

  @Test("tense: now, ever, always, never")
  func tense() throws {
    var run = try start(ordersWorld)
    try run.run("aws dynamodb create-backup --table-name orders --backup-name pre")
    try run.run(
      "ARN=$(aws dynamodb list-backups --query 'BackupSummaries[0].BackupArn' --output text)")
    try run.run("aws dynamodb delete-backup --backup-arn $ARN")
    let backup = "backup: { of: orders, min: 1 }"
    #expect(try !verdict(backup, run).passes)
    #expect(try verdict("{\(backup), ever: true}", run).passes)
    #expect(try !verdict("{\(backup), always: true}", run).passes)
    #expect(try !verdict("{\(backup), never: true}", run).passes)
    #expect(try verdict("{table: orders, always: true}", run).passes)
    #expect(try verdict("{table: nothing, never: true}", run).passes)
    #expect(try !verdict("{table: nothing, ever: true}", run).passes)
  }

  @Test("any needs one, all needs each, with a share")
  func anyAll() throws {
    let run = try start(ordersWorld)
    #expect(try verdict("any: [{table: nothing}, {table: orders}]", run).passes)
    #expect(try !verdict("any: [{table: nothing}, {table: nobody}]", run).passes)
    let all = try verdict("all: [{table: nothing}, {table: orders}]", run)
    #expect(!all.passes && all.share == 0.5)
    #expect(try verdict("all: [{table: ord*}, {table: orders}]", run).passes)
  }

  @Test("same items are graded by the share that agree, and say what is there")
  func sameItems() throws {
    let run = try restored()
    let verdict = try verdict("same-items: { table: orders, as: { backup-of: orders } }", run)
    #expect(!verdict.passes && verdict.share == 39.0 / 40)
    #expect(verdict.actual == "97.5% agree")
    #expect(
      try WorldsTests.verdict(
        "same-items: { table: orders, as: { backup-of: orders }, min-share: 0.97 }", run
      ).passes)
    #expect(
      try WorldsTests.verdict("same-items: { table: ordres, as: orders }", run).nearest
        == "table orders")
  }

  @Test("untouched sees items, settings and absence")
  func untouched() throws {
    let run = try start(ordersWorld)
    #expect(try verdict("untouched: [orders]", run).passes)
    #expect(try verdict("untouched: [orders]", restored()).actual == "1 items of orders changed")
    for (command, actual) in [
      (
        "aws dynamodb tag-resource --resource-arn <orders.arn> --tags Key=a,Value=b",
        "tags of orders changed"
      ),
      (
        "aws dynamodb update-continuous-backups --table-name orders --point-in-time-recovery-specification PointInTimeRecoveryEnabled=false",
        "pitr of orders changed, period of orders changed"
      ),
    ] {
      var changed = run
      #expect(try changed.run(command).status == 0)
      let found = try verdict("untouched: orders", changed).actual
      #expect(found == actual)
    }
    var tagged = run
    try tagged.run("aws dynamodb tag-resource --resource-arn <orders.arn> --tags Key=a,Value=b")
    #expect(try verdict("untouched: { of: orders, except: a }", tagged).passes)
    try tagged.run("aws dynamodb delete-table --table-name orders")
    try tagged.run("wait")
    #expect(try verdict("untouched: orders", tagged).actual == "orders is gone")
  }

  @Test("a restored table is held to the settings of the old one")
  func settings() throws {
    var run = try start(ordersWorld)
    try run.run(
      "aws dynamodb restore-table-to-point-in-time --source-table-name orders --target-table-name fresh --use-latest-restorable-time"
    )
    try run.run("wait")
    let like = try verdict("settings: { table: fresh, like: orders, of: [pitr, ttl] }", run)
    #expect(like == Verdict(false, share: 0.5, expected: "pitr true", actual: "pitr false"))
    try run.run(
      "aws dynamodb update-continuous-backups --table-name fresh --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true"
    )
    #expect(try verdict("settings: { table: fresh, pitr: true, period: 35d }", run).passes)
    #expect(try verdict("same-items: { table: fresh, as: orders }", run).passes)
    #expect(try verdict("table: { name: '*', min: 2, max: 2 }", run).passes)
    #expect(try verdict("table: { name: '*', not: orders, max: 0 }", run).passes == false)
  }

  @Test("windows are what PITR covers")
  func window() throws {
    let run = try start(ordersWorld)
    #expect(try verdict("window: { table: orders, from: -35d, until: -5m }", run).passes)
    #expect(try !verdict("window: { table: orders, from: -36d }", run).passes)
    #expect(try !verdict("window: { table: orders, until: -4m }", run).passes)
    #expect(try verdict("{window: { table: orders, until: -4m }, after: 1m}", run).passes)
  }

  @Test("messages count that reached somebody through a topic")
  func messages() throws {
    var run = try start("tables: { orders: { key: id } }")
    try run.run("TOPIC=$(aws sns create-topic --name on-call --query TopicArn --output text)")
    try run.run("aws sns publish --topic-arn $TOPIC --message 'nobody listens'")
    #expect(try !verdict("message: { to: on-call }", run).passes)
    #expect(
      try verdict("message: { to: on-call }", run).nearest == "\"nobody listens\" to nobody")
    try run.run(
      "aws sns subscribe --topic-arn $TOPIC --protocol sqs "
        + "--notification-endpoint arn:aws:sqs:us-east-1:111122223333:queue")
    try run.run("aws sns publish --topic-arn $TOPIC --subject Backups --message 'orders failed'")
    #expect(try verdict("message: { to: on-*, about: orders failed, max: 1, min: 1 }", run).passes)
    #expect(try verdict("message: { to: on-call, about: Backups }", run).passes)
    #expect(try !verdict("message: { to: on-call, about: customers }", run).passes)
    #expect(try !verdict("message: { to: elsewhere }", run).passes)
    run.advance(by: .hours(1))
    #expect(try !verdict("message: { to: on-call, within: 30m }", run).passes)
    #expect(try verdict("message: { to: on-call, within: 2h }", run).passes)
    #expect(try !verdict("message: { to: on-call, from: +30m }", run).passes)
  }

  @Test("the trail tells who did what")
  func trail() throws {
    var run = try start(ordersWorld)
    #expect(try !verdict("trail: { event: CreateBackup, by: you }", run).passes)
    try run.run("aws dynamodb create-backup --table-name orders --backup-name pre")
    try run.run("aws dynamodb create-backup --table-name nothing --backup-name pre")
    #expect(
      try verdict("trail: { event: CreateBackup, by: you, table: orders, max: 1, min: 1 }", run)
        .passes)
    #expect(try verdict("trail: { event: Create*, error: TableNotFoundException }", run).passes)
    #expect(try verdict("trail: { event: CreateTable, max: 0 }", run).passes)
    #expect(try verdict("trail: { event: CreateTable, from: -61d }", run).passes)
  }

  @Test("money is compared in dollars or against the start")
  func bill() throws {
    var run = try start("tables: { orders: { key: id, items: 100, pitr: 35d } }")
    #expect(try verdict("bill: { of: orders, line: pitr, against: start, is: 1 }", run).passes)
    #expect(try verdict("bill: { of: orders, line: pitr, for: 30d, min: 0 }", run).passes)
    try run.run(
      "aws dynamodb update-continuous-backups --table-name orders --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true,RecoveryPeriodInDays=14"
    )
    #expect(try verdict("bill: { of: orders, line: pitr, against: start, is: 1 }", run).passes)
    try run.run(
      "aws dynamodb update-continuous-backups --table-name orders --point-in-time-recovery-specification PointInTimeRecoveryEnabled=false"
    )
    #expect(try verdict("bill: { of: orders, line: pitr, against: start, is: 0 }", run).passes)
  }

  @Test(
    "answers are typed",
    arguments: [
      ("{kind: number, is: 35}", "35", true), ("{kind: number, is: 35}", "35.0", true),
      ("{kind: number, is: 35}", "x", false), ("{kind: name, is: orders}", "orders", true),
      ("{kind: name, is: <orders>}", "order", false),
      ("{kind: time, is: <start>, within: 1m}", "2026-03-06T17:40:30Z", true),
      ("{kind: time, is: <start>, within: 1m}", "2026-03-06T17:41:01Z", false),
      ("{kind: time, is: <start>, within: 1m}", "soon", false),
    ])
  func answers(_ measure: String, _ answer: String, _ passes: Bool) throws {
    let run = try start(ordersWorld)
    #expect(try verdict("answer: \(measure)", run, answer: answer).passes == passes)
    #expect(try verdict("answer: \(measure)", run).actual == "no answer yet")
  }

  @Test("an app is back when its item names a table with the right items")
  func service() throws {
    var run = try start(
      ordersWorld
        + "\napps: { shop: { uses: orders } }\ntimeline: [{ id: ruin, at: +10m, scramble: orders }]"
    )
    #expect(try verdict("service: { app: shop }", run).passes)
    run.advance(by: .minutes(16))
    #expect(try !verdict("service: { app: shop, from: <ruin> }", run).passes)
    try run.run(
      "aws dynamodb restore-table-to-point-in-time --source-table-name orders --target-table-name fresh --restore-date-time <ruin - 1s>"
    )
    try run.run("wait")
    try run.run(
      "aws dynamodb update-item --table-name app-config --key '{\"app\":{\"S\":\"shop\"}}' --update-expression 'SET table_name = :t' --expression-attribute-values '{\":t\":{\"S\":\"fresh\"}}'"
    )
    #expect(try verdict("service: { app: shop, from: <ruin> }", run).passes)
    #expect(try verdict("service: { app: shop, from: <ruin>, max: 15m }", run).passes)
    #expect(try !verdict("service: { app: shop, from: <ruin>, max: 5m }", run).passes)
  }

  @Test("an attack takes what nothing protects")
  func attack() throws {
    let run = try restored()
    #expect(try !verdict("{table: orders, attack: [orders]}", run).passes)
    #expect(try !verdict("{backup: {of: orders}, attack: [orders]}", run).passes)
    #expect(try verdict("{backup: {of: orders, kind: system}, attack: [orders]}", run).passes)
  }

  @Test("a placeholder's value stays within its word")
  func wholeWords() throws {
    let parameters = ContentFile(
      bytes: Array("name: {pick: [\"a b; --x '$Y\"]}".utf8), file: "p", as: Parameter.format)
    var run = try WorldRun.start(
      StartWorld(try world(ordersWorld), parameters: try #require(parameters.value), seed: 1))
    let result = try run.run("aws dynamodb describe-table --table-name <name>")
    #expect(result.stderr.contains("a b; --x '$Y"))
    #expect(throws: ContentProblem.self) {
      try run.run("aws dynamodb describe-table --table-name <nmae>")
    }
  }

  @Test(
    "what cannot be measured is refused by name",
    arguments: [
      (
        "backup: { of: orders, kind: aws-backup }",
        "kind: aws-backup is not built yet"
      ),
      (
        "backup: { of: orders, cold-after: 5d }",
        "cold-after is not built yet"
      ),
      ("bill: { line: frozen }", "\"frozen\" is not known here"),
      ("{table: a-b, ever: true, never: true}", "only one of ever, always and never can be said"),
      ("{table: a-b, query: x}", "query has a meaning only beside run"),
      (
        "{}",
        "one of these fields is needed: run, same-items, lost-writes, untouched, table, settings, backup, window, trail, message, bill, service, answer, any, all"
      ),
    ])
  func refused(_ text: String, _ message: String) {
    let file = ContentFile(bytes: Array(text.utf8), file: "c", as: Condition.format)
    #expect(file.errors.map(\.message).contains(message), "\(file.errors)")
  }
}
