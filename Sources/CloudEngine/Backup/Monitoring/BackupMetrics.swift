// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// What AWS Backup counts for its metrics. [BKP.metrics]
enum BackupCount: Int, CaseIterable, Sendable {
  case backupCreated, backupPending, backupRunning, backupAborted, backupCompleted, backupFailed
  case backupExpired
  case copyCreated, copyRunning, copyCompleted, copyFailed
  case restorePending, restoreRunning, restoreCompleted, restoreFailed
  case pointCompleted, pointDeleting, pointCold

  /// The metric's name.
  var metricName: String {
    switch self {
    case .backupCreated: "NumberOfBackupJobsCreated"
    case .backupPending: "NumberOfBackupJobsPending"
    case .backupRunning: "NumberOfBackupJobsRunning"
    case .backupAborted: "NumberOfBackupJobsAborted"
    case .backupCompleted: "NumberOfBackupJobsCompleted"
    case .backupFailed: "NumberOfBackupJobsFailed"
    case .backupExpired: "NumberOfBackupJobsExpired"
    case .copyCreated: "NumberOfCopyJobsCreated"
    case .copyRunning: "NumberOfCopyJobsRunning"
    case .copyCompleted: "NumberOfCopyJobsCompleted"
    case .copyFailed: "NumberOfCopyJobsFailed"
    case .restorePending: "NumberOfRestoreJobsPending"
    case .restoreRunning: "NumberOfRestoreJobsRunning"
    case .restoreCompleted: "NumberOfRestoreJobsCompleted"
    case .restoreFailed: "NumberOfRestoreJobsFailed"
    case .pointCompleted: "NumberOfRecoveryPointsCompleted"
    case .pointDeleting: "NumberOfRecoveryPointsDeleting"
    case .pointCold: "NumberOfRecoveryPointsCold"
    }
  }
}

/// How often each of AWS Backup's counts went up in five minutes.
struct BackupCounts: MetricBucket {
  var minute: Int64
  private var counts: [Int32]

  init(minute: Int64) {
    self.minute = minute
    counts = [Int32](repeating: 0, count: BackupCount.allCases.count)
  }

  subscript(count: BackupCount) -> Int { Int(counts[count.rawValue]) }

  mutating func add(_ count: BackupCount) { counts[count.rawValue] += 1 }

  mutating func merge(_ later: BackupCounts) {
    for index in counts.indices { counts[index] += later.counts[index] }
  }
}

/// A vault of a place, whether it is still there or not.
struct VaultKey: Hashable, Comparable, Sendable, Codable {
  let place: Place
  let vault: String

  static func < (left: VaultKey, right: VaultKey) -> Bool {
    left.place == right.place ? left.vault < right.vault : left.place < right.place
  }
}
