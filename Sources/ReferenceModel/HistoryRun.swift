// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import ItemModel
import Simulation
import TableStore

/// A history run on the engine and on the model at once, which must agree after every command.
package struct HistoryRun {
  /// The first difference between engine and model.
  package struct Difference: Error, Sendable, CustomStringConvertible {
    package let step: Int
    package let command: HistoryCommand
    package let what: String

    package var description: String { "after command \(step) (\(command.source)): \(what)" }
  }

  static let account = "111122223333"
  private static let start: Int64 = 1_772_818_800_123

  var cloud: Cloud
  var model: ReferenceModel
  var backupARNs: [Int: String] = [:]
  /// Images found equal to what the model holds, by table with its number of writes, and by backup.
  var verifiedTables: [Int: (writes: Int, image: TableImage?)] = [:]
  var verifiedBackups: [Int: TableImage] = [:]
  /// Every other history keeps the images it has seen, so that each write meets shared nodes; in the
  /// others tables are changed where they lie.
  let keepsImages: Bool
  private var identifiers: Set<String> = []
  /// Every how many refusals the whole cloud is compared with what it was.
  private let fingerprintEvery: Int
  private var refusals: Int
  private var store = StoreRun()
  /// Whether the last command changed nothing, time included, by what the model says.
  ///
  /// All has been compared then; should the engine have changed something, the next comparison finds
  /// it, and there is one at the end.
  private var hasAgreed = false

  private init(seed: UInt64) {
    cloud = Cloud(seed: seed, clock: Instant(milliseconds: Self.start))
    model = ReferenceModel(now: Self.start)
    keepsImages = seed % 2 == 0
    fingerprintEvery = 400
    refusals = Int(seed % 400)
  }

  /// Runs a history.
  ///
  /// A snapshot of the cloud is taken half way; it must not change until the end.
  ///
  /// - Parameters:
  ///   - history: The commands.
  ///   - seed: Decides the cloud's identifiers.
  /// - Returns: The first difference, or nil if engine and model agree throughout.
  package static func difference(_ history: [HistoryCommand], seed: UInt64) -> Difference? {
    var run = HistoryRun(seed: seed)
    var snapshot: HistoryRun?
    for (step, command) in history.enumerated() {
      if step == history.count / 2 { snapshot = run }
      if step == history.count / 3, seed % 16 == 1, let what = run.reopen() {
        return Difference(step: step, command: command, what: what)
      }
      let isLast = step == history.count - 1
      if let what = run.perform(command, isComplete: step % 4 == 0 || isLast) {
        return Difference(step: step, command: command, what: what)
      }
      if run.hasAgreed, !isLast { continue }
      if let what = run.disagreement(after: step, of: history.count) {
        return Difference(step: step, command: command, what: what)
      }
    }
    guard let last = history.last, let what = snapshot?.disagreement(after: 0, of: 1) else {
      return nil
    }
    return Difference(step: history.count, command: last, what: "a snapshot changed: \(what)")
  }

  /// Goes on with the cloud as a checkpoint of it brings it back.
  private mutating func reopen() -> String? {
    do {
      let checkpoint = try Checkpoint.encode(cloud)
      let back = try Checkpoint.decode(Cloud.self, from: checkpoint)
      guard try Checkpoint.encode(back) == checkpoint else {
        return "a checkpoint brings back another cloud"
      }
      cloud = back
      return nil
    } catch {
      return "a checkpoint does not come back: \(error)"
    }
  }

  /// The commands of the shortest history found that still fails, by leaving commands out.
  ///
  /// - Parameters:
  ///   - history: One that fails.
  ///   - fails: Whether a history still shows what is looked for.
  /// - Returns: The positions of the commands that stay; no single one can be left out.
  /// - Complexity: O(n²) runs.
  package static func shortened<Command>(
    _ history: [Command], while fails: ([Command]) -> Bool
  ) -> [Int] {
    var result = Array(history.indices)
    var length = max(1, result.count / 2)
    while true {
      let before = result.count
      var position = 0
      while position < result.count {
        let shorter = Array(
          result[..<position] + result[min(position + length, result.count)...])
        if fails(shorter.map { history[$0] }) { result = shorter } else { position += length }
      }
      if length == 1, result.count == before { return result }
      length = max(1, length / 2)
    }
  }

  // MARK: One command on both

  /// Performs a command on both sides; a text if one refuses what the other does not.
  private mutating func perform(_ command: HistoryCommand, isComplete: Bool) -> String? {
    hasAgreed = false
    if case .advance(let milliseconds) = command {
      cloud.advance(by: .milliseconds(milliseconds))
      model.advance(to: model.now + milliseconds)
      noteSystemBackups()
      return nil
    }
    if case .store(let command) = command {
      hasAgreed = true
      return store.perform(command, isComplete: isComplete)
    }
    if command.isRead {
      hasAgreed = true
      return readDisagreement(command)
    }
    let moment = restoreMoment(of: command)
    guard let request = request(for: command, at: moment) else {
      hasAgreed = true
      return nil
    }
    var expected: String?
    var made: Int?
    if model.admit(request.operation, request.caller.region) {
      do throws(ReferenceModel.Refusal) {
        made = try model.perform(command, at: moment, backups: backupARNs.count)
      } catch {
        expected = error.code
      }
    } else {
      expected = Self.tooFast
    }
    hasAgreed = expected != nil
    return send(request, expecting: expected, making: made)
  }

  static let tooFast = "ThrottlingException"

  /// What the engine answers to a request that looks; nil if it comes too fast for both sides.
  mutating func ask(_ request: ServiceRequest) throws(ServiceError) -> Document? {
    let isAdmitted = model.admit(request.operation, request.caller.region)
    do throws(ServiceError) {
      let answer = try cloud.perform(request)
      if isAdmitted { return answer }
    } catch {
      guard !isAdmitted, error.code == Self.tooFast else { throw error }
      return nil
    }
    throw ServiceError(code: "Answered", message: "the model says that it comes too fast")
  }

  private mutating func send(
    _ request: ServiceRequest, expecting expected: String?, making backup: Int?
  ) -> String? {
    var before: String?
    if expected != nil {
      refusals += 1
      if refusals % fingerprintEvery == 0 { before = cloud.fingerprint() }
    }
    do throws(ServiceError) {
      let answer = try cloud.perform(request)
      if let expected { return "the engine accepts what the model refuses with \(expected)" }
      if let backup { backupARNs[backup] = answer["BackupDetails"]?["BackupArn"]?.string }
      return repeatedIdentifier(in: answer, of: request.operation)
    } catch {
      guard error.code == expected else {
        return "the engine refuses with \(error.code) (\(error.message)), the model says "
          + (expected ?? "yes")
      }
      if let before, before != cloud.fingerprint() { return "a refused request changes the cloud" }
      return nil
    }
  }

  /// Tables and backups are made under identifiers never seen before.
  private mutating func repeatedIdentifier(in answer: Document, of operation: String) -> String? {
    let made: String? =
      switch operation {
      case "CreateBackup": answer["BackupDetails"]?["BackupArn"]?.string
      case "CreateTable", "RestoreTableFromBackup", "RestoreTableToPointInTime":
        answer["TableDescription"]?["TableId"]?.string
      default: nil
      }
    guard let made, !identifiers.insert(made).inserted else { return nil }
    return "the identifier \(made) comes twice"
  }

  private func restoreMoment(of command: HistoryCommand) -> Int64? {
    guard case .restorePoint(let source, let moment, _, _) = command else { return nil }
    let window = model.find(source).flatMap { model.window($0) } ?? (model.now...model.now)
    return switch moment {
    case .latest: nil
    case .fromEarliest(let seconds): window.lowerBound + seconds * 1000
    case .fromLatest(let seconds): window.upperBound + seconds * 1000
    // A fraction of a second is not looked at.
    case .ago(let seconds): model.now - seconds * 1000
    }
  }

  /// System backups come by themselves; their ids follow from the instant of the deletion.
  private mutating func noteSystemBackups() {
    for (number, backup) in model.backups.enumerated() where backupARNs[number] == nil {
      let digits = String(backup.at)
      let id = String(repeating: "0", count: 14 - digits.count) + digits + "-00000000"
      backupARNs[number] = "\(arn(model.tables[backup.table].name))/backup/\(id)"
    }
  }

  func arn(_ table: TableName) -> String {
    ARN.table(table.text, in: Self.place(table.region))
  }

  static func place(_ region: Int) -> Place { places[region] }
  private static let places = HistoryCommand.regions.map { Place(account: account, region: $0) }
}

extension ReferenceModel {
  /// Performs a command; the number of the backup it makes, if it makes one.
  fileprivate mutating func perform(
    _ command: HistoryCommand, at moment: Milliseconds?, backups count: Int
  ) throws(Refusal) -> Int? {
    switch command {
    case .create(let table, let indexes): try create(table, indexes)
    case .drop(let table): try drop(table)
    case .put(let table, let key, let item): try write(table, [(key, item)])
    case .delete(let table, let key): try write(table, [(key, nil)])
    case .batch(let table, let entries): try write(table, entries.map { ($0.key, $0.item) })
    case .update(let table, let key, let change): try update(table, key, change)
    case .protect(let table, let on): try protect(table, on)
    case .encrypt(let table, let on): try encrypt(table, on)
    case .recovery(let table, let on, let days): try setRecovery(table, on: on, days: days)
    case .backUp(let table): return try backUp(table)
    case .deleteBackup(let number, let region): try deleteBackup(number % count, region)
    case .restoreBackup(let number, let target, let override):
      try restore(backup: number % count, target, override)
    case .restorePoint(let source, _, let target, let override):
      try restore(source, at: moment, target, override)
    case .advance, .describe, .describeBackup, .scan, .query, .listBackups, .listTables, .store:
      break
    }
    return nil
  }
}
