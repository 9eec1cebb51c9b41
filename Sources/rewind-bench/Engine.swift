// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import ItemModel
import Simulation
import TableStore

/// Operations as every way in asks for them: a document in, a document out, through the cloud.
enum Engine {
  static func run(_ scale: Scale, _ report: inout Report) throws {
    report.section("Backups through the engine")
    try backups(scale, &report)
    report.section("Items through the engine, documents in and out")
    for count in scale.isSmoke ? [10_000] : [100_000, 1_000_000] {
      try items(count, scale, &report)
    }
    try transactions(scale, &report)
    try query(scale, &report)
    try json(scale, &report)
  }

  // MARK: Backups

  private static func backups(_ scale: Scale, _ report: inout Report) throws {
    var times: [(count: Int, seconds: Double)] = []
    for count in scale.isSmoke ? [1_000, 10_000] : [1_000, 100_000, 1_000_000] {
      var bench = try BenchCloud(items: count)
      let request: Document = ["TableName": "orders", "BackupName": "nightly"]
      // The first one has caches to fill.
      try bench.call("CreateBackup", request)
      let rounds = 200
      var least = Double.infinity
      for _ in 0..<scale.repeats {
        let time = try seconds { for _ in 0..<rounds { try bench.call("CreateBackup", request) } }
        least = min(least, time / Double(rounds))
      }
      times.append((count, least))
      if count == (scale.isSmoke ? 10_000 : 100_000) { try restore(&bench, count, &report) }
    }
    let worst = times.map(\.seconds).max() ?? 0
    let ratio = worst / (times.map(\.seconds).min() ?? 1)
    let dictionary = Dictionary(
      uniqueKeysWithValues: Samples.items(scale.size(100_000, smoke: 10_000)).map {
        ($0.key, $0.item)
      })
    let deep = best(of: scale.repeats, { dictionary }) { $0[.first] = Samples.item(0) }
    let sizes = times.map { "\($0.count): \(each($0.seconds))" }.joined(separator: ", ")
    report.add(
      Row(
        "CreateBackup", goal: "≤ 30 µs", each(worst), beside: "\(sizes); deep copy \(each(deep))",
        isMet: worst <= 30e-6))
    report.add(
      Row(
        "CreateBackup, largest ÷ smallest table", goal: "≤ 1.5", "\(rounded(ratio))",
        isMet: ratio <= 1.5))
  }

  private static func restore(
    _ bench: inout BenchCloud, _ count: Int, _ report: inout Report
  ) throws {
    let answer = try bench.call(
      "CreateBackup", ["TableName": "orders", "BackupName": "to-restore"])
    guard let arn = answer["BackupDetails"]?["BackupArn"] else { return }
    bench.cloud.advance(by: .minutes(1))
    let before = heapByteCount()
    let time = try seconds {
      try bench.call(
        "RestoreTableFromBackup", ["TargetTableName": "restored", "BackupArn": arn])
    }
    let bytes = heapByteCount() - before
    report.add(
      Row(
        "RestoreTableFromBackup of \(count) items", goal: "≤ 1 ms", each(time), isMet: time <= 1e-3)
    )
    report.add(
      Row(
        "memory of that restore", goal: "≤ 64 KB", "\(rounded(Double(bytes) / 1024)) KB",
        isMet: bytes <= 65_536))
  }

  // MARK: Items

  private static func items(_ count: Int, _ scale: Scale, _ report: inout Report) throws {
    let writes = scale.size(100_000, smoke: 2_000)
    let numbers = Samples.shuffled(count, seed: 8).prefix(writes)
    let puts = numbers.map { Document.put($0, version: 1) }
    let typed = numbers.map { Samples.item($0, version: 2) }
    var times: [Bool: Double] = [:]
    var bench = try BenchCloud(items: count)
    for recovery in [false, true] {
      if recovery { try bench.enableRecovery() }
      var least = Double.infinity
      for _ in 0..<scale.repeats {
        least = min(least, try seconds { for put in puts { try bench.call("PutItem", put) } })
      }
      times[recovery] = least
      let load = try seconds { try bench.cloud.load(typed, into: "orders", in: bench.caller.place) }
      let goal = count >= 1_000_000 ? 300e3 : 500e3
      let name = "\(count) items, recovery \(recovery ? "on" : "off")"
      report.add(
        Row(
          "PutItem, \(name)", goal: "≥ \(rate(1, Int(goal)))", rate(least, writes),
          beside: "as values, without a request: \(rate(load, writes))",
          isMet: Double(writes) / least >= goal))
    }
    let ratio = (times[false] ?? 0) / (times[true] ?? 1)
    report.add(
      Row(
        "PutItem, recovery on ÷ off", goal: "≥ 0.85", "\(rounded(ratio))", isMet: ratio >= 0.85))
    let gets = numbers.map { Document.get($0) }
    var least = Double.infinity
    for _ in 0..<scale.repeats {
      least = min(least, try seconds { for get in gets { try bench.call("GetItem", get) } })
    }
    report.add(
      Row(
        "GetItem, \(count) items", goal: "≥ 800 k/s", rate(least, writes),
        isMet: Double(writes) / least >= 800e3))
  }

  /// Four updates together: what they cost must not depend on how many items there are.
  private static func transactions(_ scale: Scale, _ report: inout Report) throws {
    var times: [Double] = []
    for count in scale.isSmoke ? [1_000, 10_000] : [100_000, 1_000_000] {
      var bench = try BenchCloud(items: count)
      let numbers = Samples.shuffled(count, seed: 9).prefix(scale.size(40_000, smoke: 400))
      let requests = stride(from: 0, to: numbers.count, by: 4).map { first -> Document in
        let actions = numbers[first..<(first + 4)].map { number -> Document in
          ["Put": Document.put(number, version: 1)]
        }
        return ["TransactItems": .array(actions)]
      }
      var least = Double.infinity
      for _ in 0..<scale.repeats {
        least = min(
          least, try seconds { for each in requests { try bench.call("TransactWriteItems", each) } }
        )
      }
      times.append(least / Double(requests.count))
    }
    let worst = times.max() ?? 0
    let ratio = worst / (times.min() ?? 1)
    report.add(
      Row(
        "TransactWriteItems of 4 items", goal: "independent of table size", each(worst),
        beside: "largest ÷ smallest table \(rounded(ratio))", isMet: ratio <= 1.5))
  }

  private static func query(_ scale: Scale, _ report: inout Report) throws {
    var times: [Double] = []
    let request: Document = [
      "TableName": "orders", "KeyConditionExpression": "pk = :p", "Limit": 100,
      "ExpressionAttributeValues": [":p": ["S": "customer-7"]],
    ]
    for count in scale.isSmoke ? [1_000, 10_000] : [10_000, 1_000_000] {
      var bench = try BenchCloud(items: 0, sortKey: true)
      let items = (0..<count).lazy.map { number in
        Item([
          "pk": .string("customer-\(number / 200)"), "sk": .number(DecimalNumber(number % 200)),
          "v": .string("a short value"),
        ])
      }
      try bench.cloud.load(items, into: "orders", in: bench.caller.place)
      let rounds = scale.size(500, smoke: 20)
      var least = Double.infinity
      for _ in 0..<scale.repeats {
        least = min(
          least, try seconds { for _ in 0..<rounds { try bench.call("Query", request) } })
      }
      times.append(least / Double(rounds))
    }
    let worst = times.max() ?? 0
    report.add(
      Row(
        "Query of 100 items", goal: "≤ 10 µs", each(worst),
        beside: "larger ÷ smaller table \(rounded(worst / (times.min() ?? 1)))",
        isMet: worst <= 10e-6))
  }

  // MARK: JSON

  private static func json(_ scale: Scale, _ report: inout Report) throws {
    let text = Array(
      Document.put(1, version: 1).json(.compact).utf8)
    let rounds = scale.size(20_000, smoke: 500)
    let bytes = text.count * rounds
    var parsed = Document.null
    let parse = try best(of: scale.repeats, { 0 }) { _ in
      for _ in 0..<rounds { parsed = try Document.parse(text) }
    }
    let write = best(of: scale.repeats, { 0 }) { sum in
      for _ in 0..<rounds { sum += parsed.jsonBytes().count }
    }
    var copies = [UInt8](repeating: 0, count: text.count)
    let copy = best(of: scale.repeats, { 0 }) { sum in
      for _ in 0..<rounds {
        copies.withUnsafeMutableBytes { $0.copyBytes(from: text) }
        sum += Int(copies[rounds % copies.count])
      }
    }
    func speed(_ time: Double) -> Double { Double(bytes) / time / 1e6 }
    for (what, time) in [("parsed", parse), ("written", write)] {
      report.add(
        Row(
          "JSON of a PutItem \(what), \(text.count) B", goal: "≥ 200 MB/s",
          "\(rounded(speed(time))) MB/s", beside: "memcpy \(rounded(speed(copy))) MB/s",
          isMet: speed(time) >= 200))
    }
    let fields = try Document.parse(text)["Item"] ?? .null
    let encode = try best(of: scale.repeats, { 0 }) { sum in
      for _ in 0..<rounds { sum += Item(try AttributeMap(json: fields)).encoded.count }
    }
    let item = Item(try AttributeMap(json: fields))
    let decode = best(of: scale.repeats, { 0 }) { sum in
      for _ in 0..<rounds { sum += item.attributes.json.object?.count ?? 0 }
    }
    report.add(Row("item from its document", each(encode, rounds)))
    report.add(Row("document from an item", each(decode, rounds)))
  }
}
