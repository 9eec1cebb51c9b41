// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
package import Documents

/// What a learner has done and wants, apart from any world: damage to a world never reaches it.
///
/// Several processes may use it at once. Each change is on the disk when its call returns; a record
/// that is not as written is never returned, but thrown as `.damaged`.
package final class ProgressStore {
  private let database: ProgressDatabase

  /// Opens a learner's progress, making it if there is none.
  ///
  /// - Throws: `StateError`.
  /// - Complexity: O(n) in the number of records.
  package init(_ learner: LearnerFolder) throws(StateError) {
    try learner.make()
    database = try ProgressDatabase(
      path: learner.progressPath, headPath: learner.path + "/progress.head")
  }

  deinit { try? database.close() }

  // MARK: Questions

  /// Adds an answer to a question.
  package func add(_ attempt: QuestionAttempt) throws(StateError) {
    try add(attempt, replaces: false)
  }

  /// All answers, oldest first.
  package func attempts() throws(StateError) -> [QuestionAttempt] { try all() }

  /// The answers to one question, oldest first.
  package func attempts(at question: String) throws(StateError) -> [QuestionAttempt] {
    try all(key: question)
  }

  // MARK: Exams

  /// Stores a sitting, replacing what was stored of it.
  package func save(_ sitting: ExamSitting) throws(StateError) {
    try add(sitting, replaces: true)
  }

  /// All sittings, oldest first.
  package func sittings() throws(StateError) -> [ExamSitting] { try all() }

  /// One sitting; nil if there is none of the id.
  package func sitting(_ id: String) throws(StateError) -> ExamSitting? {
    try sittings().last { $0.id.utf8.elementsEqual(id.utf8) }
  }

  /// The sitting that was begun and not ended, even if its deadline has passed.
  package func runningSitting() throws(StateError) -> ExamSitting? {
    try sittings().last { $0.state == .running }
  }

  // MARK: Labs

  /// Adds the result of a lab, replacing one of the same id.
  package func add(_ result: LabResult) throws(StateError) {
    try add(result, replaces: true)
  }

  /// All results of labs, oldest first.
  package func labResults() throws(StateError) -> [LabResult] { try all() }

  // MARK: Aim, settings, schedule

  /// What the learner works towards; nil if nothing was said.
  package func aim() throws(StateError) -> Aim? {
    try value(.aim, "aim").flatMap(Aim.init)
  }

  /// Sets the aim, or takes it away with nil.
  package func setAim(_ aim: Aim?) throws(StateError) {
    try setValue(.aim, "aim", to: aim?.document)
  }

  /// What a named value belongs to.
  package enum ValueKind: String, Hashable, Sendable, CaseIterable {
    case aim
    /// A preference, by name.
    case setting
    /// A question's place in the review schedule, by question id: the scheduler's own document.
    case card
    /// A report that something is wrong with a question, by question id.
    case report
    /// A lab that was seen, begun or solved, by scenario id.
    case lab = "lab-state"
  }

  /// A named value; nil if it was never set.
  package func value(_ kind: ValueKind, _ name: String) throws(StateError) -> Document? {
    try values(kind).last { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  /// All named values of a kind, in the order in which they were first set.
  package func values(_ kind: ValueKind) throws(StateError) -> [(name: String, value: Document)] {
    var values: [(name: String, value: Document)] = []
    for record in try database.records(kind.rawValue) {
      values.append((record.key, try document(of: record)))
    }
    return values
  }

  /// Sets a named value, or takes it away with nil.
  package func setValue(
    _ kind: ValueKind, _ name: String, to value: Document?
  ) throws(StateError) {
    if let value {
      try database.write(kind.rawValue, name, value, replaces: true)
    } else {
      try database.remove(kind.rawValue, name)
    }
  }

  // MARK: Records

  private func add(_ record: some ProgressRecord, replaces: Bool) throws(StateError) {
    try database.write(type(of: record).kind, record.key, record.document, replaces: replaces)
  }

  private func all<Record: ProgressRecord>(key: String? = nil) throws(StateError) -> [Record] {
    var records: [Record] = []
    for stored in try database.records(Record.kind) {
      if let key, !stored.key.utf8.elementsEqual(key.utf8) { continue }
      guard let record = Record(try document(of: stored)) else { throw unreadable(stored) }
      records.append(record)
    }
    return records
  }

  private func document(of record: StoredRecord) throws(StateError) -> Document {
    guard let document = try? Document.parse(record.payload) else { throw unreadable(record) }
    return document
  }

  private func unreadable(_ record: StoredRecord) -> StateError {
    .damaged(path: database.path, what: "record \(record.id) is not one that rewind writes")
  }
}

extension ProgressStore {
  /// What SQLite's own check of the database finds; the records were checked when read.
  func findings() throws(StateError) -> [String] { try database.findings() }
}
