// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
package import Simulation

/// What checks and comparisons count of AWS Backup in one place, without a page of descriptions.
extension Region {
  /// The backup jobs that were created in a stretch of time, and how many of them are completed.
  ///
  /// - Complexity: O(n) in the jobs that are kept.
  package func backupJobs(from start: Instant, until end: Instant) -> (all: Int, completed: Int) {
    var result = (all: 0, completed: 0)
    guard let backup = backup?.value else { return result }
    backup.backupJobs.forEach { job in
      guard start <= job.pointee.createdAt, job.pointee.createdAt < end else { return }
      result.all += 1
      if job.pointee.state == .completed { result.completed += 1 }
    }
    return result
  }

  /// The recovery points there are, how many are in cold storage, and how many moved there in a
  /// stretch of time.
  ///
  /// - Complexity: O(n) in the recovery points.
  package func recoveryPoints(
    cooledFrom start: Instant, until end: Instant
  ) -> (all: Int, cold: Int, cooled: Int) {
    var result = (all: 0, cold: 0, cooled: 0)
    guard let backup = backup?.value else { return result }
    backup.recoveryPoints.forEach { point in
      guard point.pointee.completedAt != nil else { return }
      result.all += 1
      guard let since = point.pointee.coldSince else { return }
      result.cold += 1
      if start <= since, since < end { result.cooled += 1 }
    }
    return result
  }
}
