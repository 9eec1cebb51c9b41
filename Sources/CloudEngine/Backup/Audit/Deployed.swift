// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// What is deployed for a while after it is made or changed: a report plan or a framework.
/// [BKP.durations]
protocol Deployed: Codable, Sendable {
  /// What a refusal calls it, such as `Framework all`.
  var title: String { get }
  var createdAt: Instant { get }
  var updatedAt: Instant? { get set }
  /// The token of the last change; nil before the first one and for one that had none.
  var updateToken: String? { get set }
}

extension Deployed {
  /// How long it takes.
  private static var settling: Duration { .minutes(1) }

  func deploymentStatus(at now: Instant) -> String {
    if now < createdAt + Self.settling { return "CREATE_IN_PROGRESS" }
    if let updatedAt, now < updatedAt + Self.settling { return "UPDATE_IN_PROGRESS" }
    return "COMPLETED"
  }

  /// Refuses to change what is still being deployed.
  ///
  /// - Throws: Conflict.
  func requireReady(at now: Instant) throws(ServiceError) {
    let status = deploymentStatus(at: now)
    guard status == "COMPLETED" else {
      throw .backupConflict("\(title) is in deployment status \(status).")
    }
  }

  /// Whether a token is that of the last change, which is then asked for again.
  func isRepeated(_ token: String?) -> Bool { token != nil && token == updateToken }

  mutating func noteUpdate(at now: Instant, token: String?) {
    updatedAt = now
    updateToken = token
  }
}

/// What a place keeps by name of one kind; nil before the first of it.
typealias NamedList<Element: Codable & Sendable> = WritableKeyPath<
  BackupService, OrderedMap<String, Element>?
>

extension Cloud {
  /// Keeps something in place of what has its name; nil takes that away.
  mutating func keep<Element: Codable & Sendable>(
    _ element: Element?, named name: String, among list: NamedList<Element>, in place: Place
  ) {
    var all = self[place].awsBackup[keyPath: list].take() ?? OrderedMap()
    all[name] = element
    self[place].awsBackup[keyPath: list] = all
  }
}
