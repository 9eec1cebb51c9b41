// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine

extension Timeline {
  /// What a checkpoint holds of a timeline: all but the start, and but the clouds of steps, marks and the
  /// like, which are found in the journal when they are needed.
  struct Record: Codable {
    let cloud: Cloud
    let steps: [Step]
    let redos: [Redo]
    let marks: [Mark]
    let fork: Fork?
    let variables: [String: String]
    let notes: [SessionNote]
    let entries: [LogEntry]
    let standings: [LogEntry.Standing]
    let openRequests: [LogEntry.Request]
  }

  /// The present as a checkpoint holds it.
  var record: Record {
    Record(
      cloud: cloud, steps: steps, redos: redos, marks: marks, fork: fork, variables: variables,
      notes: notes, entries: entries, standings: standings, openRequests: openRequests)
  }
}
