// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
package import Simulation

extension Cloud {
  /// When the next transition that a `wait` waits for ends; nil if nothing is under way.
  ///
  /// - Complexity: O(n) in the length of the agenda.
  package var nextTransition: Instant? {
    agenda.first { $0.occurrence.transition != nil }?.token.instant
  }

  /// When what a request looks at will next be in another state; nil if it is at rest.
  ///
  /// For a client that polls: it has no way to let virtual time pass. Whatever a request names, by a
  /// name or an ARN, is looked at, in every Region of its account.
  ///
  /// - Complexity: O(n) in the length of the agenda.
  package func nextTransition(lookedAtBy request: ServiceRequest) -> Instant? {
    guard request.operation.hasPrefix("Describe") else { return nil }
    let names = request.input.members.compactMap(\.value.string)
    return agenda.first { entry in
      guard entry.occurrence.transition != nil, let subject = entry.occurrence.subject,
        subject.account == request.caller.account
      else { return false }
      return names.contains { $0 == subject.name || $0.hasSuffix("/" + subject.name) }
    }?.token.instant
  }
}

extension Occurrence {
  /// Whose state changes, and in which account; nil where nobody waits for it.
  fileprivate var subject: (account: String, name: String)? {
    switch self {
    case .tableBecomesActive(let table), .tableUpdateEnds(let table),
      .tableBecomesReadyForBackups(let table), .tableDisappears(let table),
      .indexAllocated(let table, _), .indexBecomesActive(let table, _),
      .indexDisappears(let table, _), .warmThroughputRaised(let table, _),
      .tableArchived(let table), .encryptionChangeEnds(let table), .keyReturnNoticed(let table),
      .insightsSettle(let table, _), .destinationSettles(let table, _):
      (table.place.account, table.name)
    case .backupBecomesAvailable(let place, let key), .systemBackupListed(let place, let key):
      (place.account, key.id)
    case .exportEnds(let place, let arn), .importedTableAppears(let place, let arn),
      .importEnds(let place, let arn):
      (place.account, arn)
    case .backup(let occurrence): occurrence.subject
    case .replica(let occurrence): occurrence.table.map { ($0.place.account, $0.name) }
    default: nil
    }
  }
}

extension BackupOccurrence {
  /// The job or recovery point whose state changes, and its account.
  fileprivate var subject: (account: String, name: String)? {
    switch self {
    case .jobBegins(let place, let id, _), .jobEnds(let place, let id, _, _),
      .jobAborted(let place, let id), .copyBegins(let place, let id),
      .copyEnds(let place, let id), .restoreBegins(let place, let id),
      .restoreEnds(let place, let id), .reportEnds(let place, let id):
      (place.account, id)
    case .recoveryPointGone(let place, let arn, _): (place.account, arn)
    default: nil
    }
  }
}

extension ReplicaOccurrence {
  fileprivate var table: TableID? {
    switch self {
    case .isListed(let table, _, _), .becomesActive(let table), .deletionBegins(let table),
      .leavesGroup(let table):
      table
    default: nil
    }
  }
}
