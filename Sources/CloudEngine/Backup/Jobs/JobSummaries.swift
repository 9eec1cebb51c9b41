// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// How many jobs of one kind there were, by day or by period, and by what they have in common.
/// [BKP.summary]
private struct JobCounts {
  /// What the jobs of a row have in common.
  struct Row: Hashable, Comparable {
    let start: Instant
    let end: Instant
    let state: String
    let resourceType: String
    let category: String?

    static func < (left: Row, right: Row) -> Bool {
      // The newest day first.
      (right.start, left.state, left.category ?? "") < (
        left.start, right.state, right.category ?? ""
      )
    }
  }

  /// What a request asks for; a member that it leaves out is taken apart value by value.
  struct Question {
    let accountId: String?
    let state: String?
    let resourceType: String?
    let messageCategory: String?
    let aggregationPeriod: String?
  }

  /// Stands for every value together.
  static let together = "AGGREGATE_ALL"
  /// Stands for every value by itself.
  static let each = "ANY"
  /// The most rows on a page.
  static let pageLimit = 500

  /// The rows of a question, newest first.
  ///
  /// - Complexity: O(n) in the number of jobs of the period.
  static func rows<Job: ServiceJob>(
    of jobs: some Sequence<Job>, asked question: Question, at now: Instant,
    seen: (Job) -> (state: String, category: String?)
  ) -> [(row: Row, count: Int)] {
    let day = Duration.days(1)
    let midnight = now - .milliseconds(now.milliseconds % day.wholeMilliseconds)
    let days: Int64 = question.aggregationPeriod == "SEVEN_DAYS" ? 7 : 14
    let first = midnight - .days(days - 1)
    var counts: OrderedMap<Row, Int> = OrderedMap()
    for job in jobs {
      guard job.createdAt >= first else { break }
      let (state, category) = seen(job)
      guard
        let shownState = shown(state, asked: question.state),
        let shownType = shown(BackupSettings.dynamoDB, asked: question.resourceType)
      else { continue }
      var shownCategory: String?
      if let category {
        guard let text = shown(category, asked: question.messageCategory) else { continue }
        shownCategory = text
      } else if let asked = question.messageCategory, ![together, each].contains(asked) {
        continue
      }
      let isDaily = question.aggregationPeriod ?? "ONE_DAY" == "ONE_DAY"
      let start =
        isDaily
        ? job.createdAt - .milliseconds(job.createdAt.milliseconds % day.wholeMilliseconds) : first
      let row = Row(
        start: start, end: isDaily ? start + day : midnight + day, state: shownState,
        resourceType: shownType, category: shownCategory)
      counts[row, default: 0] += 1
    }
    return counts.map { (row: $0.key, count: $0.value) }
  }

  /// What a row shows for a value; nil if the question leaves the value out.
  private static func shown(_ value: String, asked: String?) -> String? {
    switch asked {
    case nil, each: value
    case together: together
    default: asked == value ? value : nil
    }
  }
}

extension Cloud {
  /// Whose jobs a caller's summary counts: another account's only for the organization's management.
  private func summarized(_ account: String?, for caller: Caller) -> Place {
    guard let account, let organization, organization.managementAccount == caller.account,
      organization.includes(account)
    else { return caller.place }
    return Place(account: account, region: caller.region)
  }

  fileprivate func summary<Job: ServiceJob>(
    of list: JobList<Job>, asked question: JobCounts.Question, for caller: Caller, limit: Int?,
    token: String?, seen: (Job) -> (state: String, category: String?)
  ) throws(ServiceError) -> Page<JobSummary> {
    let place = summarized(question.accountId, for: caller)
    let rows = JobCounts.rows(
      of: self[place].awsBackup[keyPath: list].newestFirst, asked: question, at: now, seen: seen)
    let summaries = rows.map { row, count in
      JobSummary(
        region: place.region, accountId: place.account, state: row.state,
        resourceType: row.resourceType, messageCategory: row.category, count: count,
        startTime: Timestamp(row.start), endTime: Timestamp(row.end))
    }
    return try Page(
      summaries, limit: min(limit ?? JobCounts.pageLimit, JobCounts.pageLimit), token: token)
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
package struct ListBackupJobSummaries: BackupOperation {
  let accountId: String?
  let state: String?
  let resourceType: String?
  let messageCategory: String?
  let aggregationPeriod: String?
  let maxResults: Int?
  let nextToken: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let backupJobSummaries: [JobSummary]
    let aggregationPeriod: String
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let question = JobCounts.Question(
      accountId: accountId, state: state, resourceType: resourceType,
      messageCategory: messageCategory, aggregationPeriod: aggregationPeriod)
    let now = cloud.now
    let page = try cloud.summary(
      of: \.backupJobs, asked: question, for: caller, limit: maxResults, token: nextToken
    ) { job in
      (job.shownState(at: now), job.state.isOver ? MessageCategory.of(job.message) : nil)
    }
    return Output(
      backupJobSummaries: page.shown, aggregationPeriod: aggregationPeriod ?? "ONE_DAY",
      nextToken: page.nextToken)
  }
}

/// Counts the copy jobs of the last 7 or 14 days. [BKP.summary]
package struct ListCopyJobSummaries: BackupOperation {
  let accountId: String?
  let state: String?
  let resourceType: String?
  let messageCategory: String?
  let aggregationPeriod: String?
  let maxResults: Int?
  let nextToken: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let copyJobSummaries: [JobSummary]
    let aggregationPeriod: String
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let question = JobCounts.Question(
      accountId: accountId, state: state, resourceType: resourceType,
      messageCategory: messageCategory, aggregationPeriod: aggregationPeriod)
    let page = try cloud.summary(
      of: \.copies, asked: question, for: caller, limit: maxResults, token: nextToken
    ) { job in
      (job.state.rawValue, job.endedAt.map { _ in CopyFailure.category(of: job.message) })
    }
    return Output(
      copyJobSummaries: page.shown, aggregationPeriod: aggregationPeriod ?? "ONE_DAY",
      nextToken: page.nextToken)
  }
}

/// Counts the restore jobs of the last 7 or 14 days. [BKP.summary]
package struct ListRestoreJobSummaries: BackupOperation {
  let accountId: String?
  let state: String?
  let resourceType: String?
  let aggregationPeriod: String?
  let maxResults: Int?
  let nextToken: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let restoreJobSummaries: [RestoreJobSummary]
    let aggregationPeriod: String
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let question = JobCounts.Question(
      accountId: accountId, state: state, resourceType: resourceType, messageCategory: nil,
      aggregationPeriod: aggregationPeriod)
    let page = try cloud.summary(
      of: \.restoreJobs, asked: question, for: caller, limit: maxResults, token: nextToken
    ) { job in
      (job.state.rawValue, nil)
    }
    return Output(
      restoreJobSummaries: page.shown.map(RestoreJobSummary.init),
      aggregationPeriod: aggregationPeriod ?? "ONE_DAY",
      nextToken: page.nextToken)
  }
}
