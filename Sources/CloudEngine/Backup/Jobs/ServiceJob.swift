// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// What backup, copy and restore jobs have in common: somebody asks for them, they come to an end, and
/// they can be looked at for 30 days. [BKP.job]
protocol ServiceJob: Registered {
  associatedtype State: Sendable

  /// Where the job was asked for.
  var place: Place { get }
  /// What the request gave to be told from another one like it; nil if it gave nothing.
  var token: String? { get }
  var state: State { get set }
  var message: String? { get set }
  var endedAt: Instant? { get set }

  /// What jobs of this kind are called, for their tokens.
  static var kind: String { get }
}

extension ServiceJob {
  /// Brings the job to an end.
  ///
  /// - Parameters:
  ///   - state: One of the states that nothing follows.
  ///   - message: Why, in the service's words; nil if all is well.
  ///   - now: The present instant.
  mutating func end(as state: State, _ message: String?, at now: Instant) {
    self.state = state
    self.message = message
    endedAt = now
  }
}

/// The jobs of one kind that a place keeps.
typealias JobList<Job: ServiceJob> = WritableKeyPath<BackupService, Register<Job>>

extension BackupService {
  /// The job that was asked for with a token before; nil if none was, or it is long over.
  func job<Job: ServiceJob>(token: String?, among list: JobList<Job>) -> Job? {
    guard let token, let id = tokens[Job.kind + " " + token] else { return nil }
    return self[keyPath: list][id]
  }

  /// Keeps a new job, and forgets those that cannot be looked at any more, with their tokens.
  ///
  /// - Returns: Where the job was put.
  /// - Complexity: O(log n), and as much for each one forgotten.
  @discardableResult
  mutating func keep<Job: ServiceJob>(_ job: Job, among list: JobList<Job>) -> Int {
    if let token = job.token { tokens[Job.kind + " " + token] = job.id }
    func keep(in jobs: inout Register<Job>) -> (position: Int, tokens: [String]) {
      (jobs.append(job), jobs.forget(before: job.createdAt - BackupJob.kept) { $0.token })
    }
    let kept = keep(in: &self[keyPath: list])
    for token in kept.tokens { tokens[Job.kind + " " + token] = nil }
    return kept.position
  }
}

extension Cloud {
  /// A job of the caller's place that can still be looked at; nil if there is none.
  func job<Job: ServiceJob>(_ id: String, among list: JobList<Job>, for caller: Caller) -> Job? {
    guard let job = self[caller.place].awsBackup[keyPath: list][id], isListed(job) else {
      return nil
    }
    return job
  }

  /// Whether a job is of the last 30 days.
  func isListed(_ job: some ServiceJob) -> Bool { job.createdAt >= now - BackupJob.kept }

  /// A page of the jobs of the last 30 days, newest first.
  ///
  /// - Throws: InvalidParameterValue for a token that was never given out.
  func page<Job: ServiceJob>(
    of list: JobList<Job>, for caller: Caller, limit: Int?, token: String?,
    where isAsked: @escaping (Job) -> Bool
  ) throws(ServiceError) -> Page<Job> {
    let oldest = now - BackupJob.kept
    return try Page(
      newestFirst: self[caller.place].awsBackup[keyPath: list], limit: limit, token: token,
      where: isAsked, while: { $0.createdAt >= oldest })
  }
}
