// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Legal holds")
struct LegalHoldTests {
  static let held =
    "InvalidRequestException: The recovery point cannot be deleted because it has active legal "
    + "hold(s)"

  static func delete(_ arn: String) -> String {
    "{'BackupVaultName':'prod','RecoveryPointArn':'\(arn)'}"
  }

  @Test("a held recovery point is deleted neither by hand nor by its lifecycle until all holds end")
  func life() throws {
    var bench = try Bench.withVault()
    let arn = try bench.recoveryPoint("prod", "'Lifecycle':{'DeleteAfterDays':2}")
    let one = try bench.hold("one")
    let two = try bench.hold("two", "'VaultNames':['prod']")
    #expect(try bench.backup("GetLegalHold", one.id).show("Status") == "'CREATING'")
    bench.wait(.minutes(1))
    #expect(try bench.backup("GetLegalHold", one.id).show("Status") == "'ACTIVE'")
    #expect(bench.backupRefusal("DeleteRecoveryPoint", Self.delete(arn)) == Self.held)
    bench.wait(.days(5))
    #expect(try bench.point(arn).show("Status") == "'COMPLETED'")
    try bench.backup("CancelLegalHold", one.cancel())
    bench.wait(.days(1))
    #expect(bench.backupRefusal("DeleteRecoveryPoint", Self.delete(arn)) == Self.held)
    try bench.backup("CancelLegalHold", two.cancel())
    #expect(try bench.backup("GetLegalHold", two.id).show("Status") == "'CANCELING'")
    bench.wait(.minutes(1) - .milliseconds(1))
    #expect(bench.backupRefusal("DeleteRecoveryPoint", Self.delete(arn)) == Self.held)
    bench.wait(.milliseconds(1))
    #expect(try bench.backup("GetLegalHold", two.id).show("Status") == "'CANCELED'")
    // Within a day what is past its end goes.
    bench.wait(.hours(24) + .seconds(11))
    #expect(
      bench.backupRefusal("DescribeRecoveryPoint", Self.delete(arn))
        == "ResourceNotFoundException: Cannot find recovery point.")
  }

  @Test("a hold takes what its selection names and what is there, and it stays behind on a copy")
  func selection() throws {
    var world = try CopyBench()
    let late = try world.bench.recoveryPoint()
    let created = try world.bench.point(world.point).instant("CreationDate").epochSeconds
    for (members, expected) in [
      ("", [late, world.point]), ("'VaultNames':['prod']", [late, world.point]),
      ("'ResourceIdentifiers':['\(Bench.ordersARN)x']", []),
      ("'ResourceIdentifiers':['\(Bench.ordersARN)']", [late, world.point]),
      ("'DateRange':{'FromDate':\(created),'ToDate':\(created)}", [world.point]),
      ("'DateRange':{'FromDate':\(created - 9),'ToDate':\(created - 1)}", []),
    ] as [(String, [String])] {
      var bench = world.bench
      let hold = try bench.hold("h", members)
      _ = try bench.recoveryPoint()
      let listed = try bench.backup("ListRecoveryPointsByLegalHold", hold.id)
      let arns = listed.at("RecoveryPoints")?.array?.compactMap {
        $0["RecoveryPointArn"]?.string
      }
      #expect(arns == expected, "\(members)")
    }
    _ = try world.bench.hold("h")
    let copy = try world.copy(to: CopyBench.vault("123456789012", "eu-west-1"))
    let arn = try copy.text("DestinationRecoveryPointArn")
    try world.bench.backup(
      "DeleteRecoveryPoint", "{'BackupVaultName':'dr','RecoveryPointArn':'\(arn)'}",
      as: world.bench.inRegion("eu-west-1"))
  }

  @Test("a hold goes cold with its recovery point, is tagged, listed and forgotten with its record")
  func record() throws {
    var bench = try Bench.withVault()
    let arn = try bench.recoveryPoint("prod", "'Lifecycle':{'MoveToColdStorageAfterDays':1}")
    let hold = try bench.hold("case 7")
    let shown = try bench.backup("GetLegalHold", hold.id)
    try bench.backup(
      "TagResource", "{'ResourceArn':'\(try shown.text("LegalHoldArn"))','Tags':{'a':'b'}}")
    #expect(
      try bench.backup("ListTags", "{'ResourceArn':'\(try shown.text("LegalHoldArn"))'}").show()
        == "{'Tags':{'a':'b'}}")
    bench.wait(.days(2))
    #expect(try bench.point(arn).show("StorageClass") == "'COLD'")
    let cancelled = bench.now
    try bench.backup("CancelLegalHold", hold.cancel(",'RetainRecordInDays':10"))
    bench.wait(.days(10) - .milliseconds(1))
    let listed = try bench.backup("ListLegalHolds", "{}")
    #expect(listed.show("LegalHolds.0.Status") == "'CANCELED'")
    #expect(try listed.instant("LegalHolds.0.CancellationDate") == cancelled)
    let last = try bench.backup("GetLegalHold", hold.id)
    #expect(last.show("CancelDescription") == "'over'")
    #expect(try last.instant("RetainRecordUntil") == cancelled + .days(10))
    bench.wait(.milliseconds(1))
    #expect(
      bench.backupRefusal("GetLegalHold", hold.id).hasPrefix(
        "ResourceNotFoundException: Cannot find legal hold with ID "))
  }

  @Test("there are at most 50 that are not cancelled, and the same token is the same hold")
  func limits() throws {
    var bench = try Bench.withVault()
    let first = try bench.hold("h", "", ",'IdempotencyToken':'t'")
    let again = try bench.hold("h", "", ",'IdempotencyToken':'t'")
    #expect(first.id == again.id)
    for _ in 1..<50 { _ = try bench.hold("h") }
    let fingerprint = bench.cloud.fingerprint()
    #expect(
      bench.backupRefusal("CreateLegalHold", "{'Title':'h','Description':'d'}")
        == "LimitExceededException: Maximum number of legal holds exceeded")
    #expect(bench.cloud.fingerprint() == fingerprint)
    bench.wait(.minutes(1))
    try bench.backup("CancelLegalHold", first.cancel())
    _ = try bench.hold("h")
    #expect(
      bench.backupRefusal("CancelLegalHold", first.cancel())
        == "InvalidResourceStateException: Legal hold cannot be cancelled in status CANCELING")
  }
}

/// A hold's id as a request's input.
struct HoldID {
  let text: String
  var id: String { "{'LegalHoldId':'\(text)'}" }

  func cancel(_ more: String = "") -> String {
    "{'LegalHoldId':'\(text)','CancelDescription':'over'\(more)}"
  }
}

extension Bench {
  mutating func hold(
    _ title: String, _ selection: String = "", _ more: String = ""
  ) throws -> HoldID {
    HoldID(
      text: try backup(
        "CreateLegalHold",
        "{'Title':'\(title)','Description':'d','RecoveryPointSelection':{\(selection)}\(more)}"
      ).text("LegalHoldId"))
  }
}
