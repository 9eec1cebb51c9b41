// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

/// Everything that changes a vault or its recovery points, in each state of its lock, for whoever asks.
///
/// The vault `kept` holds `$POINT`, to be deleted after 35 days; the vault `bare` is empty and locked
/// alike; the vault `side` has no lock and holds `$OTHER`.
@Suite("Vault Lock")
struct VaultLockTests {
  enum Lock: String, CaseIterable, CustomTestStringConvertible {
    case unlocked, governance, grace, final
    var testDescription: String { rawValue }
  }

  enum Who: String, CaseIterable, CustomTestStringConvertible {
    case admin, root, otherAccount
    var testDescription: String { rawValue }

    var caller: Caller {
      switch self {
      case .admin: Caller(account: "123456789012", region: "us-east-1")
      case .root:
        Caller(
          account: "123456789012", region: "us-east-1",
          principal: Principal(kind: .root, name: "root"))
      case .otherAccount: Caller(account: "444455556666", region: "us-east-1")
      }
    }
  }

  /// One operation with what it comes to: an error, a job's state and message, or `done`.
  struct Row: Sendable, CustomTestStringConvertible {
    let what: String
    let operation: String
    let input: String
    let unlocked: String
    let governance: String
    let grace: String
    let final: String
    let otherAccount: String
    var testDescription: String { what }

    init(
      _ what: String, _ operation: String, _ input: String, _ unlocked: String = "done",
      governance: String? = nil, grace: String? = nil, final: String? = nil,
      otherAccount: String = noVault
    ) {
      (self.what, self.operation, self.input) = (what, operation, input)
      self.unlocked = unlocked
      self.governance = governance ?? unlocked
      self.grace = grace ?? self.governance
      self.final = final ?? self.grace
      self.otherAccount = otherAccount
    }

    func expected(_ lock: Lock, _ who: Who) -> String {
      guard who != .otherAccount else { return otherAccount }
      return switch lock {
      case .unlocked: unlocked
      case .governance: governance
      case .grace: grace
      case .final: final
      }
    }
  }

  static let noVault =
    "ResourceNotFoundException: Backup vault with the specified name does not exist"
  static let noPoint = "ResourceNotFoundException: Cannot find recovery point."
  static let kept =
    "InvalidRequestException: RecoveryPoint cannot be deleted or updated (Backup vault configured "
    + "with Lock)"
  static let immutable =
    "InvalidRequestException: Vault Lock configuration is immutable and cannot be "
  static let notEmpty =
    "InvalidRequestException: Backup vault cannot be deleted because it contains recovery points."
  static let outside =
    "FAILED: Backup job failed because the lifecycle is outside the valid range for backup vault."
  static let copyOutside =
    "FAILED: Copy job failed. The retention specified in the job is not within the range specified "
    + "for the target Backup Vault."
  static let point = "'BackupVaultName':'kept','RecoveryPointArn':'$POINT'"
  static let vault = "arn:aws:backup:us-east-1:123456789012:backup-vault:kept"
  static let role = "'IamRoleArn':'\(Bench.role)'"

  static let rows: [Row] = [
    Row("delete a recovery point", "DeleteRecoveryPoint", "{\(point)}", governance: kept),
    Row(
      "shorten a lifecycle", "UpdateRecoveryPointLifecycle",
      "{\(point),'Lifecycle':{'DeleteAfterDays':20}}", governance: kept),
    Row(
      "lengthen a lifecycle", "UpdateRecoveryPointLifecycle",
      "{\(point),'Lifecycle':{'DeleteAfterDays':90}}", governance: kept),
    Row(
      "take a point out of AWS Backup's hands", "DisassociateRecoveryPoint", "{\(point)}",
      "InvalidRequestException: Only continuous recovery points can be disassociated; this one is a "
        + "snapshot."),
    Row("delete the vault", "DeleteBackupVault", "{'BackupVaultName':'kept'}", notEmpty),
    Row("delete an empty vault", "DeleteBackupVault", "{'BackupVaultName':'bare'}"),
    Row(
      "lock in governance mode", "PutBackupVaultLockConfiguration",
      "{'BackupVaultName':'kept','MinRetentionDays':1}", final: immutable + "modified"),
    Row(
      "lock in compliance mode", "PutBackupVaultLockConfiguration",
      "{'BackupVaultName':'kept','ChangeableForDays':3}", final: immutable + "modified"),
    Row(
      "take the lock away", "DeleteBackupVaultLockConfiguration", "{'BackupVaultName':'kept'}",
      final: immutable + "deleted"),
    Row(
      "set the access policy", "PutBackupVaultAccessPolicy",
      "{'BackupVaultName':'kept','Policy':'{\\'Statement\\':{\\'Effect\\':\\'Deny\\',"
        + "\\'Principal\\':\\'*\\',\\'Action\\':\\'backup:DeleteRecoveryPoint\\'}}'}"),
    Row(
      "take the access policy away", "DeleteBackupVaultAccessPolicy",
      "{'BackupVaultName':'kept'}"),
    Row(
      "set notifications", "PutBackupVaultNotifications",
      "{'BackupVaultName':'kept','SNSTopicArn':'arn:aws:sns:us-east-1:123456789012:alerts',"
        + "'BackupVaultEvents':['COPY_JOB_FAILED']}"),
    Row(
      "take notifications away", "DeleteBackupVaultNotifications", "{'BackupVaultName':'kept'}"),
    Row(
      "tag the vault", "TagResource", "{'ResourceArn':'\(vault)','Tags':{'a':'b'}}",
      otherAccount: "ResourceNotFoundException: Resource not found: \(vault)"),
    Row(
      "tag a recovery point", "TagResource", "{'ResourceArn':'$POINT','Tags':{'a':'b'}}",
      otherAccount: "ResourceNotFoundException: Resource not found: $POINT"),
    Row(
      "untag a recovery point", "UntagResource", "{'ResourceArn':'$POINT','TagKeyList':['a']}",
      otherAccount: "ResourceNotFoundException: Resource not found: $POINT"),
    Row(
      "make it once more", "CreateBackupVault", "{'BackupVaultName':'kept'}",
      "AlreadyExistsException: Backup vault with the same name already exists",
      otherAccount: "done"),
    Row(
      "back up within the limits", "StartBackupJob",
      "{'BackupVaultName':'kept','ResourceArn':'\(Bench.ordersARN)',\(role),"
        + "'Lifecycle':{'DeleteAfterDays':7}}", "COMPLETED"),
    Row(
      "back up below the limits", "StartBackupJob",
      "{'BackupVaultName':'kept','ResourceArn':'\(Bench.ordersARN)',\(role),"
        + "'Lifecycle':{'DeleteAfterDays':6}}", "COMPLETED", governance: outside),
    Row(
      "back up for ever", "StartBackupJob",
      "{'BackupVaultName':'kept','ResourceArn':'\(Bench.ordersARN)',\(role)}", "COMPLETED",
      governance: outside),
    Row(
      "copy into it within the limits", "StartCopyJob",
      "{'SourceBackupVaultName':'side','RecoveryPointArn':'$OTHER',\(role),"
        + "'DestinationBackupVaultArn':'\(vault)','Lifecycle':{'DeleteAfterDays':100}}",
      "COMPLETED"),
    Row(
      "copy into it beyond the limits", "StartCopyJob",
      "{'SourceBackupVaultName':'side','RecoveryPointArn':'$OTHER',\(role),"
        + "'DestinationBackupVaultArn':'\(vault)','Lifecycle':{'DeleteAfterDays':101}}",
      "COMPLETED", governance: copyOutside),
    Row(
      "copy out of it", "StartCopyJob",
      "{'SourceBackupVaultName':'kept','RecoveryPointArn':'$POINT',\(role),"
        + "'DestinationBackupVaultArn':'\(vault.replacing(":kept", with: ":side"))'}",
      "COMPLETED"),
    Row(
      "restore out of it", "StartRestoreJob",
      "{'RecoveryPointArn':'$POINT',\(role),'Metadata':{'targetTableName':'again'}}",
      "COMPLETED", otherAccount: noPoint),
  ]

  /// The same world in each state of the lock, four days after it was made.
  private static let worlds:
    Result<[Lock: (bench: Bench, point: String, other: String)], any Error> =
      Result {
        var bench = try Bench.withVault("kept")
        for name in ["bare", "side"] {
          try bench.backup("CreateBackupVault", "{'BackupVaultName':'\(name)'}")
        }
        let other = try bench.recoveryPoint("side", "'Lifecycle':{'DeleteAfterDays':35}")
        let point = try bench.recoveryPoint("kept", "'Lifecycle':{'DeleteAfterDays':35}")
        var result: [Lock: (Bench, String, String)] = [:]
        for lock in Lock.allCases {
          var world = bench
          world.wait(.days(1))
          for name in ["kept", "bare"] where lock != .unlocked {
            let more =
              [.grace: ",'ChangeableForDays':4", .final: ",'ChangeableForDays':3"][lock] ?? ""
            try world.backup(
              "PutBackupVaultLockConfiguration",
              "{'BackupVaultName':'\(name)','MinRetentionDays':7,'MaxRetentionDays':100\(more)}")
          }
          world.wait(.days(3))
          result[lock] = (world, point, other)
        }
        return result
      }

  private func outcome(_ row: Row, _ lock: Lock, _ who: Who) throws -> String {
    guard let (start, point, other) = try Self.worlds.get()[lock] else { return "no world" }
    var world = start
    func filled(_ text: String) -> String {
      text.replacing("$POINT", with: point).replacing("$OTHER", with: other)
        .replacing("\\'", with: "\\\"")
    }
    let before = world.cloud.fingerprint()
    let answer: Document
    do {
      answer = try world.backup(row.operation, filled(row.input), as: who.caller)
    } catch let error as ServiceError {
      #expect(world.cloud.fingerprint() == before)
      return "\(error.code): \(error.message)".replacing(point, with: "$POINT")
    }
    let (kind, path, state) =
      switch row.operation {
      case "StartBackupJob": ("BackupJob", "", "State")
      case "StartCopyJob": ("CopyJob", "CopyJob.", "State")
      case "StartRestoreJob": ("RestoreJob", "", "Status")
      default: ("", "", "")
      }
    guard !kind.isEmpty else { return "done" }
    world.wait(.hours(1))
    let id = try answer.text(kind + "Id")
    let job = try world.backup("Describe" + kind, "{'\(kind)Id':'\(id)'}", as: who.caller)
    let message = job.at(path + "StatusMessage")?.string.map { ": " + $0 } ?? ""
    return try job.text(path + state) + message
  }

  @Test("what each operation comes to, by the lock and by who asks", arguments: rows, Lock.allCases)
  func matrix(_ row: Row, _ lock: Lock) throws {
    for who in Who.allCases {
      #expect(try outcome(row, lock, who) == row.expected(lock, who), "\(who)")
    }
  }

  @Test("every operation on vaults and their points that changes something has a row")
  func coverage() {
    // What these are about is neither a vault nor a recovery point that is there already.
    let others = [
      "Plan", "Selection", "Settings", "LegalHold", "Framework", "Report", "Validation",
      "LogicallyAirGapped",
    ]
    var changing: [String] = []
    for type in Catalog.backup where !type.isReadOnly { changing.append(type.name) }
    let rows = Set(Self.rows.map(\.operation))
    // Recovery points of tables have no parents, and a job that has begun cannot be stopped.
    #expect(
      changing.filter { name in
        !rows.contains(name) && !others.contains { name.contains($0) }
      } == ["DisassociateRecoveryPointFromParent", "StopBackupJob"])
  }

  @Test("a lock is final exactly when its days have passed, and points still end by themselves")
  func finality() throws {
    var bench = try Bench.withVault("kept")
    _ = try bench.recoveryPoint("kept", "'Lifecycle':{'DeleteAfterDays':7}")
    let put = "{'BackupVaultName':'kept','MinRetentionDays':7,'ChangeableForDays':3}"
    try bench.backup("PutBackupVaultLockConfiguration", put)
    bench.wait(.days(3) - .milliseconds(1))
    var last = bench
    try last.backup("DeleteBackupVaultLockConfiguration", "{'BackupVaultName':'kept'}")
    bench.wait(.milliseconds(1))
    #expect(
      bench.backupRefusal("DeleteBackupVaultLockConfiguration", "{'BackupVaultName':'kept'}")
        == Self.immutable + "deleted")
    bench.wait(.days(5))
    let vault = try bench.backup("DescribeBackupVault", "{'BackupVaultName':'kept'}")
    #expect(vault.show("NumberOfRecoveryPoints") == "0")
    try bench.backup("DeleteBackupVault", "{'BackupVaultName':'kept'}")
  }
}
