// SPDX-License-Identifier: GPL-3.0-or-later

internal import ContentFormat
internal import Documents
internal import Worlds

/// Finds what a check demands by name though nothing that the learner reads, and nothing of the
/// world, says that name.
struct UnstatedNames {
  private let visible: String
  private let world: [String]

  init(_ scenario: Scenario) {
    var texts = [scenario.story.value]
    for task in scenario.tasks {
      texts.append(task.brief.value)
      texts += task.checks.map(\.goal)
    }
    texts += scenario.guards.map(\.goal)
    visible = texts.joined(separator: "\n")
    world =
      scenario.world.tables.map(\.name) + scenario.world.apps.map(\.value.config)
      + scenario.world.allAccounts.flatMap { [$0.name, $0.value.id, $0.value.region] }
      + scenario.world.roles.map(\.name)
  }

  /// The names that a condition demands and nobody says.
  func names(in condition: Condition) -> [String] {
    let demanded: [String] =
      switch condition.body {
      case .measure(let measure)?: Self.demanded(by: measure)
      case .any(let parts)?, .all(let parts)?: parts.flatMap { names(in: $0) }
      case nil: []
      }
    return demanded.filter { !isStated($0) }
  }

  private func isStated(_ name: String) -> Bool {
    if world.contains(name) || visible.contains(name) { return true }
    // Part of a place, such as dr/eu-west-1.
    let parts = name.split(separator: "/").map(String.init)
    return parts.count > 1 && parts.allSatisfy { isStated($0) }
  }

  private static func demanded(by measure: Measure) -> [String] {
    switch measure {
    case .sameItems(let measure): names(measure.table)
    case .lostWrites(let measure): names(measure.table)
    case .untouched(let measure): measure.names
    case .table(let measure):
      // A table that must not exist need not be named to anybody.
      measure.maximum == 0 ? [] : plain(measure.name) + [measure.place].compactMap { $0 }
    case .settings(let measure):
      names(measure.table)
        + measure.wanted.sorted { $0.key.rawValue < $1.key.rawValue }.flatMap { _, value in
          texts(value)
        }
    case .backup(let measure):
      measure.maximum == 0
        ? [] : [measure.of, measure.place].compactMap { $0 } + (measure.name.map(plain) ?? [])
    case .window(let measure): [measure.table] + [measure.place].compactMap { $0 }
    case .message(let measure):
      measure.maximum == 0 ? [] : plain(measure.topic)
    case .run, .trail, .bill, .service, .answer: []
    }
  }

  private static func names(_ reference: TableRef) -> [String] {
    guard case .table(let name)? = reference.source else { return [] }
    return [name] + [reference.place].compactMap { $0 }
  }

  private static func plain(_ pattern: String) -> [String] {
    pattern.contains("*") || pattern.contains("?") ? [] : [pattern]
  }

  /// The texts that a setting must have, the names of its members too.
  private static func texts(_ value: Document) -> [String] {
    value.texts + (value.object.map { Array($0.keys) } ?? [])
  }
}
