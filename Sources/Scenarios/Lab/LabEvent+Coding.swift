// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents
internal import Simulation

extension LabEvent {
  /// The event as a note's document.
  package var document: Document {
    switch self {
    case .check(let record): ["check": record.document]
    case .hint(let task, let hint):
      ["hint": ["task": .integer(Int64(task)), "hint": .integer(Int64(hint))]]
    case .solution(let name): ["solution": .string(name)]
    case .skip(let task): ["skip": .integer(Int64(task))]
    case .answer(let task, let value):
      ["answer": ["task": .integer(Int64(task)), "value": .string(value)]]
    case .recovered(let at, let entries):
      ["recovered": ["at": .instant(at), "entries": .integers(entries)]]
    case .finish(let record): ["finish": record.document]
    }
  }

  /// Reads a note's document; nil for one that is none of these.
  package init?(_ document: Document) {
    if let check = document["check"] {
      guard let record = CheckRecord(check) else { return nil }
      self = .check(record)
    } else if let hint = document["hint"] {
      guard let task = hint["task"]?.integer, let number = hint["hint"]?.integer else { return nil }
      self = .hint(task: Int(task), hint: Int(number))
    } else if let name = document["solution"]?.string {
      self = .solution(name)
    } else if let task = document["skip"]?.integer {
      self = .skip(task: Int(task))
    } else if let answer = document["answer"] {
      guard let task = answer["task"]?.integer, let value = answer["value"]?.string else {
        return nil
      }
      self = .answer(task: Int(task), value: value)
    } else if let recovered = document["recovered"] {
      guard let at = recovered["at"]?.instant, let entries = recovered["entries"]?.integers else {
        return nil
      }
      self = .recovered(at: at, entries: entries)
    } else if let finish = document["finish"] {
      guard let record = FinishRecord(finish) else { return nil }
      self = .finish(record)
    } else {
      return nil
    }
  }
}

extension CheckRecord {
  var document: Document {
    [
      "at": .instant(at), "entries": .integers(entries),
      "tasks": .array(tasks.map(\.document)), "guards": .array(guards.map(\.document)),
      "trap": trap.map(Document.string) ?? .null,
    ]
  }

  init?(_ document: Document) {
    guard let at = document["at"]?.instant, let entries = document["entries"]?.integers,
      let tasks = document["tasks"]?.array, let guards = document["guards"]?.array
    else { return nil }
    self.at = at
    self.entries = entries
    self.tasks = tasks.compactMap(TaskVerdict.init)
    self.guards = guards.compactMap(CheckVerdict.init)
    trap = document["trap"]?.string
    guard self.tasks.count == tasks.count, self.guards.count == guards.count else { return nil }
  }
}

extension TaskVerdict {
  var document: Document {
    ["task": .integer(Int64(task)), "checks": .array(checks.map(\.document))]
  }

  init?(_ document: Document) {
    guard let task = document["task"]?.integer, let checks = document["checks"]?.array else {
      return nil
    }
    self.task = Int(task)
    self.checks = checks.compactMap(CheckVerdict.init)
    guard self.checks.count == checks.count else { return nil }
  }
}

extension CheckVerdict {
  var document: Document {
    [
      "id": .string(id), "passes": .bool(passes), "earned": .integer(Int64(earned)),
      "expected": .string(expected), "actual": .string(actual),
      "nearest": nearest.map(Document.string) ?? .null,
    ]
  }

  init?(_ document: Document) {
    guard let id = document["id"]?.string, case .bool(let passes)? = document["passes"],
      let earned = document["earned"]?.integer, let expected = document["expected"]?.string,
      let actual = document["actual"]?.string
    else { return nil }
    self.id = id
    self.passes = passes
    self.earned = Int(earned)
    self.expected = expected
    self.actual = actual
    nearest = document["nearest"]?.string
  }
}

extension FinishRecord {
  var document: Document {
    [
      "at": .instant(at), "entries": .integers(entries),
      "tasks": .array(tasks.map(\.document)), "guards": .array(guards.map(\.document)),
      "targets": .array(targets.map(\.document)),
    ]
  }

  init?(_ document: Document) {
    guard let at = document["at"]?.instant, let entries = document["entries"]?.integers,
      let tasks = document["tasks"]?.array, let guards = document["guards"]?.array,
      let targets = document["targets"]?.array
    else { return nil }
    self.at = at
    self.entries = entries
    self.tasks = tasks.compactMap(TaskVerdict.init)
    self.guards = guards.compactMap(CheckVerdict.init)
    self.targets = targets.compactMap(TargetVerdict.init)
    guard self.tasks.count == tasks.count, self.guards.count == guards.count,
      self.targets.count == targets.count
    else { return nil }
  }
}

extension TargetVerdict {
  var document: Document {
    [
      "kind": .string(kind.rawValue), "earned": .integer(Int64(earned)),
      "points": .integer(Int64(points)), "expected": .string(expected),
      "actual": .string(actual),
    ]
  }

  init?(_ document: Document) {
    guard let kind = document["kind"]?.string.flatMap(Kind.init),
      let earned = document["earned"]?.integer, let points = document["points"]?.integer,
      let expected = document["expected"]?.string, let actual = document["actual"]?.string
    else { return nil }
    self.kind = kind
    self.earned = Int(earned)
    self.points = Int(points)
    self.expected = expected
    self.actual = actual
  }
}

extension Document {
  static func instant(_ instant: Instant) -> Document { .string(instant.rfc3339Milliseconds) }

  static func integers(_ values: [Int]) -> Document { .array(values.map { .integer(Int64($0)) }) }

  /// The moment that a text spells.
  var instant: Instant? { string.flatMap { try? Instant(rfc3339: $0) } }

  /// The whole numbers of a list; nil where something else is in it.
  var integers: [Int]? {
    guard let array else { return nil }
    let values = array.compactMap { $0.integer.map(Int.init) }
    return values.count == array.count ? values : nil
  }
}
