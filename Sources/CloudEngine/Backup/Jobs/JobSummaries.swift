// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// What the jobs of a summary's row have in common. [BKP.summary]
private struct JobRow: Hashable, Comparable, LosslessStringConvertible {
  let start: Instant
  let end: Instant
  let state: String
  let resourceType: String
  let category: String?

  init(start: Instant, end: Instant, state: String, resourceType: String, category: String?) {
    self.start = start
    self.end = end
    self.state = state
    self.resourceType = resourceType
    self.category = category
  }

  static func < (left: JobRow, right: JobRow) -> Bool {
    // The newest day first.
    (right.start, left.state, left.category ?? "") < (
      left.start, right.state, right.category ?? ""
    )
  }

  /// Its place in a listing, for the token behind it.
  var description: String {
    "\(start.milliseconds) \(end.milliseconds) \(state) \(resourceType) \(category ?? "")"
  }

  init?(_ description: String) {
    let parts = description.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 5, let start = Int64(parts[0]), let end = Int64(parts[1]) else {
      return nil
    }
    self.init(
      start: Instant(milliseconds: start), end: Instant(milliseconds: end),
      state: String(parts[2]), resourceType: String(parts[3]),
      category: parts[4].isEmpty ? nil : String(parts[4]))
  }
}

/// A request for the counts of jobs; a member that it leaves out is taken apart value by value.
/// [BKP.summary]
protocol JobSummaryRequest: BackupOperation {
  var accountId: String? { get }
  var state: String? { get }
  var resourceType: String? { get }
  var messageCategory: String? { get }
  var aggregationPeriod: String? { get }
  var maxResults: Int? { get }
  var nextToken: String? { get }
}

extension JobSummaryRequest {
  package static var isReadOnly: Bool { true }

  /// How jobs are taken together: each day's by themselves unless the request says otherwise.
  var period: String { aggregationPeriod ?? "ONE_DAY" }

  /// How many jobs there were of each row that is asked for.
  ///
  /// - Complexity: O(n) in the number of jobs of the period.
  private func counts<Job: ServiceJob>(
    of jobs: some Sequence<Job>, at now: Instant, seen: (Job) -> (state: String, category: String?)
  ) -> OrderedMap<JobRow, Int> {
    let day = Duration.days(1)
    let first = now.midnight - .days(period == "SEVEN_DAYS" ? 6 : 13)
    var counts: OrderedMap<JobRow, Int> = OrderedMap()
    for job in jobs {
      guard job.createdAt >= first else { break }
      let (state, category) = seen(job)
      guard
        let shownState = JobSummary.shown(state, asked: self.state),
        let shownType = JobSummary.shown(BackupSettings.dynamoDB, asked: resourceType)
      else { continue }
      var shownCategory: String?
      if let category {
        guard let text = JobSummary.shown(category, asked: messageCategory) else { continue }
        shownCategory = text
      } else if let messageCategory, !JobSummary.manyValues.contains(messageCategory) {
        continue
      }
      let isDaily = period == "ONE_DAY"
      let start = isDaily ? job.createdAt.midnight : first
      let row = JobRow(
        start: start, end: isDaily ? start + day : now.midnight + day, state: shownState,
        resourceType: shownType, category: shownCategory)
      counts[row, default: 0] += 1
    }
    return counts
  }

  /// A page of what is asked for, newest first.
  ///
  /// - Throws: InvalidParameterValue for a token that was never given out.
  fileprivate func summaries<Job: ServiceJob>(
    of list: JobList<Job>, in cloud: Cloud, for caller: Caller,
    seen: (Job) -> (state: String, category: String?)
  ) throws(ServiceError) -> Page<JobSummary> {
    let start: JobRow? = try PageToken.mark(in: nextToken, otherwise: BackupPages.refusal)
    let place = cloud.placeOfSummary(of: accountId, for: caller)
    let counts = counts(
      of: cloud[place].awsBackup[keyPath: list].newestFirst, at: cloud.now, seen: seen)
    let limit = min(maxResults ?? JobSummary.pageLimit, JobSummary.pageLimit)
    return Page(counts.entries(after: start), limit: limit) { $0.key }.map { row, count in
      JobSummary(
        region: place.region, accountId: place.account, state: row.state,
        resourceType: row.resourceType, messageCategory: row.category, count: count,
        startTime: Timestamp(row.start), endTime: Timestamp(row.end))
    }
  }
}

extension Cloud {
  /// Whose jobs a caller's summary counts: another account's only for the organization's management
  /// account and for a member that AWS Backup's administration was given to. [BKP.summary]
  fileprivate func placeOfSummary(of account: String?, for caller: Caller) -> Place {
    guard let account, let organization, organization.includes(account),
      organization.administers(Role.backupService, caller.account)
    else { return caller.place }
    return Place(account: account, region: caller.region)
  }
}

/// How many jobs there were of one kind in one period. [BKP.summary]
package struct JobSummary: Encodable, Sendable {
  let region: String
  let accountId: String
  let state: String
  let resourceType: String
  let messageCategory: String?
  let count: Int
  let startTime: Timestamp
  let endTime: Timestamp

  /// Stands for every value together.
  private static let together = "AGGREGATE_ALL"
  /// What stands for more than one value: together, or each by itself.
  static let manyValues = [together, "ANY"]
  /// The most rows on a page.
  static let pageLimit = 500

  /// What a row shows for a value; nil if the request does not ask for it.
  static func shown(_ value: String, asked: String?) -> String? {
    switch asked {
    case nil, "ANY": value
    case together: together
    default: asked == value ? value : nil
    }
  }
}

/// How many restore jobs there were in one period: they have no categories of messages. [BKP.summary]
package struct RestoreJobSummary: Encodable, Sendable {
  let region: String
  let accountId: String
  let state: String
  let resourceType: String
  let count: Int
  let startTime: Timestamp
  let endTime: Timestamp

  init(_ summary: JobSummary) {
    region = summary.region
    accountId = summary.accountId
    state = summary.state
    resourceType = summary.resourceType
    count = summary.count
    startTime = summary.startTime
    endTime = summary.endTime
  }
}

/// Counts the backup jobs of the last 7 or 14 days. [BKP.summary]
package struct ListBackupJobSummaries: JobSummaryRequest {
  let accountId: String?
  let state: String?
  let resourceType: String?
  let messageCategory: String?
  let aggregationPeriod: String?
  let maxResults: Int?
  let nextToken: String?

  package struct Output: Encodable, Sendable {
    let backupJobSummaries: [JobSummary]
    let aggregationPeriod: String
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let now = cloud.now
    let page = try summaries(of: \.backupJobs, in: cloud, for: caller) { job in
      (job.shownState(at: now), job.state.isOver ? MessageCategory.of(job.message) : nil)
    }
    return Output(
      backupJobSummaries: page.shown, aggregationPeriod: period,
      nextToken: page.nextToken)
  }
}

/// Counts the copy jobs of the last 7 or 14 days. [BKP.summary]
package struct ListCopyJobSummaries: JobSummaryRequest {
  let accountId: String?
  let state: String?
  let resourceType: String?
  let messageCategory: String?
  let aggregationPeriod: String?
  let maxResults: Int?
  let nextToken: String?

  package struct Output: Encodable, Sendable {
    let copyJobSummaries: [JobSummary]
    let aggregationPeriod: String
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let page = try summaries(of: \.copies, in: cloud, for: caller) { job in
      (job.state.rawValue, job.endedAt.map { _ in CopyFailure.category(of: job.message) })
    }
    return Output(
      copyJobSummaries: page.shown, aggregationPeriod: period,
      nextToken: page.nextToken)
  }
}

/// Counts the restore jobs of the last 7 or 14 days. [BKP.summary]
package struct ListRestoreJobSummaries: JobSummaryRequest {
  /// Restores have no categories of messages.
  var messageCategory: String? { nil }

  let accountId: String?
  let state: String?
  let resourceType: String?
  let aggregationPeriod: String?
  let maxResults: Int?
  let nextToken: String?

  package struct Output: Encodable, Sendable {
    let restoreJobSummaries: [RestoreJobSummary]
    let aggregationPeriod: String
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let page = try summaries(of: \.restoreJobs, in: cloud, for: caller) { job in
      (job.state.rawValue, nil)
    }
    return Output(
      restoreJobSummaries: page.shown.map(RestoreJobSummary.init),
      aggregationPeriod: period,
      nextToken: page.nextToken)
  }
}
