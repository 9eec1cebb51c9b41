// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import CommandLanguage
import ContentFormat
import ItemModel
import Simulation
import TableStore
import Testing
import Worlds

@Suite("Start worlds")
struct StartWorldTests {
  @Test("a world starts at its clock with its tables, items and a real history")
  func start() throws {
    let run = try WorldsTests.start(ordersWorld)
    #expect(run.now == (try Instant(rfc3339: "2026-03-06T17:40:00Z")))
    let table = try #require(run.cloud[home].table(named: "orders"))
    #expect(table.isActive && table.image.count == 40)
    let window = try #require(table.restoreWindow(at: run.now))
    #expect(window.lowerBound == run.now - .days(35))
    #expect(window.upperBound == run.now - .minutes(5))
  }

  @Test("the same seed gives the same bytes, another seed another world")
  func deterministic() throws {
    let first = try WorldsTests.start(ordersWorld, seed: 1).cloud.fingerprint()
    #expect(try WorldsTests.start(ordersWorld, seed: 1).cloud.fingerprint() == first)
    #expect(try WorldsTests.start(ordersWorld, seed: 2).cloud.fingerprint() != first)
  }

  @Test("written items, keys, indexes, tags, TTL and streams are as described")
  func described() throws {
    let run = try WorldsTests.start(
      """
      tables:
        parts:
          key: { part: N }
          sort: rev
          items:
            - { part: 1, rev: a, name: bolt, weights: [1, 2.50], ok: true, none: null }
          indexes:
            by-name: { key: name }
            by-weight: { kind: local, sort: { weight: N }, projection: keys-only }
          ttl: expires
          tags: { team: shop }
          stream: NEW_IMAGE
          in: eu-west-1
          deletion-protection: true
      """)
    let place = Place(account: "111122223333", region: "eu-west-1")
    let image = try #require(run.cloud[place].table(named: "parts")?.image)
    let item = try #require(image.items.first { _ in true }?.attributes)
    #expect(item["part"] == .number(1) && item["name"] == .string("bolt"))
    #expect(item["ok"] == .bool(true) && item["none"] == .null)
    #expect(image.index(named: "by-name")?.count == 1)
    let settings = try verdict(
      """
      settings:
        table: { table: parts, in: eu-west-1 }
        ttl: expires
        tags: { team: shop }
        stream: NEW_IMAGE
        deletion-protection: true
        indexes: [by-weight, by-name]
        pitr: false
      """, run)
    #expect(settings.passes, "\(settings)")
  }

  @Test("a world can make a global table, and its traffic reaches every Region of it")
  func globalTable() throws {
    var run = try WorldsTests.start(
      """
      tables: { orders: { key: order_id, items: 5 } }
      traffic: [{ id: shop, put: orders, rate: 60/h, set: { state: new } }]
      timeline:
        - id: spread
          at: +1m
          run: |
            aws dynamodb update-table --table-name orders --replica-updates '[{"Create":{"RegionName":"eu-west-1"}}]'
        - { id: guard, at: +30m, run: aws dynamodb create-backup --table-name orders --backup-name kept --region eu-west-1 }
      """)
    run.advance(by: .hours(2))
    let ireland = Place(account: home.account, region: "eu-west-1")
    let here = try #require(run.cloud[home].table(named: "orders")?.image.count)
    let there = try #require(run.cloud[ireland].table(named: "orders")?.image.count)
    #expect(there > 20 && here - there <= 1)
    #expect(run.cloud[ireland].listedBackups(at: run.now).map(\.name) == ["kept"])
    #expect(run.cloud[home].listedBackups(at: run.now).isEmpty)
  }

  @Test("backups of the past hold the past, under their names")
  func backups() throws {
    let run = try WorldsTests.start(
      """
      tables:
        orders: { key: order_id, items: 10 }
      backups:
        - { id: nightly, of: orders, every: 1d, from: -5d }
        - { id: before, of: orders, at: -2h, name: pre }
      traffic:
        - { id: web, put: orders, from: -4d, rate: 2/h }
      """)
    #expect(try verdict("backup: { of: orders, name: nightly, min: 5, max: 5 }", run).passes)
    #expect(try verdict("backup: { of: orders, name: pre, restores: same-items }", run).passes)
    #expect(try verdict("backup: { of: orders, until: -4d, min: 2, max: 2 }", run).passes)
    let arn = try run.bindings.substitute("<before.arn>")
    #expect(arn.contains(":table/orders/backup/"))
    #expect(try run.bindings.substitute("<before>") == arn)
    let older = try verdict(
      "same-items: { table: { backup-of: orders, before: -3d }, as: { table: orders, at: -2d } }",
      run)
    #expect(!older.passes && older.share > 0)
  }

  @Test("a declared size is shown and billed while the items stay few")
  func declaredSize() throws {
    let run = try WorldsTests.start(
      "tables: { big: { key: id, items: 5, size: 500GB, pitr: 35d } }")
    let size = "run: aws dynamodb describe-table --table-name big, query: Table.TableSizeBytes"
    #expect(try verdict("{\(size), is: 536870912000}", run).passes)
    let bill = "of: big, line: pitr, for: 30d"
    #expect(try verdict("bill: { \(bill), is: 97, within: 4 }", run).passes)
    #expect(try verdict("bill: { \(bill), against: start, is: 1 }", run).passes)
  }

  @Test("parameters follow the seed and stay within their ends, whole seconds")
  func parameters() throws {
    let text = "{a: {pick: [x, y, z]}, b: {int: [3, 5]}, c: {time: [-50m, -20m]}}"
    let file = ContentFile(bytes: Array(text.utf8), file: "p", as: Parameter.format)
    let parameters = try #require(file.value, "\(file.errors)")
    let clock = Instant(seconds: 1_772_818_800)
    var picks: Set<Binding> = []
    for seed in 0..<50 {
      let drawn = try Parameter.draw(parameters, seed: UInt64(seed), clock: clock)
      #expect(try Parameter.draw(parameters, seed: UInt64(seed), clock: clock) == drawn)
      if let pick = drawn["a"] { picks.insert(pick) }
      guard case .text(let number)? = drawn["b"], case .time(let time)? = drawn["c"] else {
        Issue.record("a parameter is missing")
        continue
      }
      #expect(["3", "4", "5"].contains(number))
      #expect((clock - .minutes(50)...clock - .minutes(20)).contains(time))
      #expect(time == time.flooredToSecond)
    }
    #expect(picks.count == 3)
  }

  @Test(
    "what refers to nothing, or is not simulated, is refused by name",
    arguments: [
      (
        "tables: {orders: {key: id}}\napps: {shop: {uses: order}}",
        "w:2:14: error unknown-name: there is no table order (did you mean orders?)"
      ),
      (
        "tables: {t: {key: id}}",
        "w:1:10: error bad-value: \"t\" is not allowed as a name (3 to 255 of a-z, A-Z, 0-9, _ . and -)"
      ),
      (
        "vaults: {v: {}}",
        "w:1:1: error not-simulated: vaults is not built yet "
          + "(create-backup-vault in the timeline, before the clock)"
      ),
      (
        "tables: {orders: {key: id, pitr: 36d}}",
        "w:1:34: error bad-value: a recovery period is 1d to 35d"
      ),
      (
        "tables: {orders: {key: id, in: mars-1}}",
        "w:1:18: error unknown-name: there is no account or Region mars-1 (one of: main)"
      ),
      (
        "tables: {orders: {key: id}}\ntraffic: [{id: w, update: orders, rate: 1/h}]",
        "w:2:11: error missing-field: an update needs set: what changes"
      ),
      (
        "traffic: [{id: w, put: orders, rate: 0/h}]",
        "w:1:38: error bad-value: \"0/h\" is no rate (such as 40/h; at most 100/s)"
      ),
    ])
  func refused(_ text: String, _ expected: String) {
    #expect(errors(ofWorld: text).contains(expected), "\(errors(ofWorld: text))")
  }

  @Test("a world part after the clock is refused")
  func future() throws {
    #expect(throws: ContentProblem.self) {
      try WorldsTests.start("tables: {orders: {key: id}}\nbackups: [{of: orders, at: +1h}]")
    }
  }
}

/// A cloud with an owner of its own, as a session is one.
final class Elsewhere {
  var cloud: Cloud

  init(_ cloud: Cloud) { self.cloud = cloud }

  var door: Door {
    Door(
      perform: { request in
        do throws(ServiceError) {
          return .success(try self.cloud.perform(request))
        } catch {
          return .failure(error)
        }
      }, now: { self.cloud.now }, advance: { self.cloud.advance(by: $0) },
      pending: { self.cloud.pendingTransitions.map { ($0.at, $0.what) } })
  }
}

@Suite("Traffic and incidents")
struct TrafficTests {
  static let text = """
    clock: "2026-03-06T17:40:00Z"
    tables:
      orders: { key: order_id, items: 30, pitr: true }
    traffic:
      - { id: web, put: orders, from: -1h, rate: 40/h }
      - { id: bad, update: orders, from: +10m, until: +20m, rate: 3/m, set: { status: broken } }
    timeline:
      - { id: hello, at: +5m, say: Good evening. }
      - { id: ruin, at: +30m, scramble: orders }
      - { id: drop, at: +40m, as: main, run: aws dynamodb delete-table --table-name orders }
    """

  private func count(_ run: WorldRun) -> Int {
    run.cloud[home].table(named: "orders")?.image.count ?? -1
  }

  @Test("writes arrive at their rate, in the past too, wherever the clock stops on the way")
  func rate() throws {
    let run = try start(Self.text)
    #expect(count(run) == 70)
    var once = run
    once.advance(by: .minutes(9))
    var steps = run
    for _ in 0..<540 { steps.advance(by: .seconds(1)) }
    #expect(once.cloud.fingerprint() == steps.cloud.fingerprint())
    #expect(count(once) == 76)
  }

  @Test("the world without a stream differs in that stream alone")
  func without() throws {
    var run = try start(Self.text)
    run.advance(by: .minutes(25))
    let broken = try verdict(
      "same-items: { table: orders, as: { table: orders, without: bad } }", run)
    #expect(!broken.passes && broken.share > 0.3 && broken.share < 1)
    let before = try verdict(
      "same-items: { table: { table: orders, at: 2026-03-06T17:49:00Z }, as: { table: orders, at: 2026-03-06T17:49:00Z, without: bad } }",
      run)
    #expect(before.passes)
    #expect(
      try verdict(
        "same-items: { table: orders, as: { table: orders, without: bad }, ignore: [status] }", run
      ).passes)
  }

  @Test("incidents happen when the clock passes them")
  func incidents() throws {
    var run = try start(Self.text)
    run.advance(by: .minutes(31))
    #expect(
      try !verdict("same-items: { table: orders, as: { table: orders, at: +29m } }", run).passes)
    #expect(try verdict("table: orders", run).passes)
    run.advance(by: .minutes(10))
    #expect(try !verdict("table: orders", run).passes)
    let said = run.schedule.incidents(after: run.world.clock, through: run.now)
    #expect(said.map(\.incident.id) == ["hello", "ruin", "drop"])
    #expect(try run.bindings.substitute("<ruin - 1s>") == "2026-03-06T18:09:59Z")
  }

  @Test("a cloud that lives elsewhere goes the same way as a run")
  func door() throws {
    var run = try start(Self.text)
    let elsewhere = Elsewhere(run.cloud)
    let happened = run.world.move(
      to: run.now + .minutes(41), door: elsewhere.door, cloud: { elsewhere.cloud })
    run.advance(by: .minutes(41))
    #expect(happened.map(\.incident.id) == ["hello", "ruin", "drop"])
    #expect(elsewhere.cloud.fingerprint() == run.cloud.fingerprint())
  }

  @Test("first and last of a stream are its actual writes")
  func firstAndLast() throws {
    var run = try start(Self.text)
    #expect(throws: ContentProblem.self) { try run.bindings.substitute("<bad.first>") }
    run.advance(by: .minutes(25))
    let first = try Instant(rfc3339: try run.bindings.substitute("<bad.first>"))
    let last = try Instant(rfc3339: try run.bindings.substitute("<bad.last>"))
    let clock = run.world.clock
    #expect(first >= clock + .minutes(10) && first < clock + .minutes(11))
    #expect(last < clock + .minutes(20) && last >= clock + .minutes(19))
    #expect(
      try verdict(
        "same-items: { table: { table: orders, at: <bad.first - 1ms> }, as: { table: orders, at: +10m } }",
        run
      ).share < 1.01)
  }

  @Test("lost writes are counted by the stream that wrote them")
  func lostWrites() throws {
    var run = try start(Self.text)
    #expect(try verdict("lost-writes: { in: orders, by: web }", run).passes)
    run.advance(by: .minutes(9))
    let old = "{ table: orders, at: -30m }"
    let lost = try verdict("lost-writes: { in: \(old), from: orders, by: web }", run)
    #expect(!lost.passes && lost.actual == "26 of 46")
    #expect(
      try verdict("lost-writes: { in: \(old), from: orders, by: web, since: +0s, max: 6 }", run)
        .passes)
    #expect(
      try !verdict("lost-writes: { in: \(old), from: orders, by: web, since: +0s, max: 5 }", run)
        .passes)
  }
}
