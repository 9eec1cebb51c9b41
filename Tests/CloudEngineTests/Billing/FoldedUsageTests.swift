// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Simulation
import Testing

@Suite("Old charges")
struct FoldedUsageTests {
  /// 600 backups, each kept for an hour, and one for two and a half days: more than the ledger keeps
  /// one by one.
  @Test("what ended long ago is known by the day, and nothing of it is lost")
  func folding() throws {
    var bench = Bench(start: Worked.june - .hours(1))
    try bench.makeTable()
    try bench.cloud.declareSize(Worked.size, ofTable: "orders", in: bench.place)
    bench.cloud.advance(to: Worked.june)
    let long = try bench.call("CreateBackup", "{'TableName':'orders','BackupName':'long'}")
      .text("BackupDetails.BackupArn")
    for hour in 0..<600 {
      let arn = try bench.call("CreateBackup", "{'TableName':'orders','BackupName':'short'}")
        .text("BackupDetails.BackupArn")
      bench.wait(.hours(1))
      try bench.call("DeleteBackup", "{'BackupArn':'\(arn)'}")
      if hour == 59 { try bench.call("DeleteBackup", "{'BackupArn':'\(long)'}") }
    }
    let known = bench.cloud.ledger.charges(from: Worked.june, until: bench.now)
      .filter { $0.line == .backup }
    // Old ones are looked at after every 64.
    #expect(512..<576 ~= known.count)
    let bill = Bill(bench.cloud, until: bench.now)
    let sum = bill.entries.filter { $0.heading.line == .backup }
      .reduce(USD.zero) { $0 + $1.cost }
    // 660 hours of 720, at 50 dollars a month.
    #expect(sum.text(places: 10) == "45.8333333333")
    let days = Bill.boundaries(
      from: Worked.june, until: Worked.june + .days(4), step: \.startOfNextDay)
    for (isPosted, hours) in [(false, [48, 48, 36, 24]), (true, [84, 24, 24, 24])] {
      let entries = bench.cloud.usage(between: days, isPosted: isPosted)
        .filter { $0.heading.line == .backup }
      let expected = hours.map { Int128($0) * 3_600_000 * Int128(Worked.size) }
      #expect(entries.map(\.amount) == expected)
    }
  }
}
