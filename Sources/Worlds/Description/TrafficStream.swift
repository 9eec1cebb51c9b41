// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat
package import Documents
internal import Simulation

/// Writes that arrive over time.
///
/// Each stream draws from a random stream of its own, so the world
/// without one of them is well defined: the others write exactly as before.
package struct TrafficStream: Sendable {
  package enum Action: Hashable, Sendable {
    case put(String)
    case update(String)
    case delete(String)

    package var table: String {
      switch self {
      case .put(let name), .update(let name), .delete(let name): name
      }
    }
  }

  package var id = ""
  package var from: FieldTime?
  package var until: FieldTime?
  package var action: Action?
  package var rate = Rate(perHour: 60)
  package var set: Document?
  package var mark = Mark.start

  static let listFormat = Format<[TrafficStream]>.list(format, count: 1...50)

  static let format = Format.record(
    "traffic", "A stream of writes.", TrafficStream(),
    [
      .required("id", \.id, .identifier, "Its name: <id.first>, <id.last>, `without: id`."),
      .optional("from", \.from, .time, "When it begins; with the clock if left out."),
      .optional("until", \.until, .time, "When it ends; never if left out."),
      .oneOf(
        \.action,
        [
          Alternative("put", Format.text.map(Action.put), "The table that gets new items."),
          Alternative("update", Format.text.map(Action.update), "The table whose items change."),
          Alternative("delete", Format.text.map(Action.delete), "The table that loses items."),
        ]),
      .required("rate", \.rate, Rate.format, "How often, such as 40/h."),
      .optional("set", \.set, .settings, "Attributes that the written items get."),
      .mark(\.mark),
    ]
  ).validated { stream, node, reading in
    if case .update? = stream.action, stream.set == nil {
      reading.report(.missingField, "an update needs set: what changes", at: node.mark)
    }
    if case .delete? = stream.action, stream.set != nil {
      reading.report(.conflict, "a deletion sets nothing", at: node.mark)
    }
  }
}

/// How often something happens.
package struct Rate: Hashable, Sendable {
  /// The time from one to the next, in milliseconds.
  package let intervalMilliseconds: Int64

  package init(perHour count: Int64) { intervalMilliseconds = 3_600_000 / max(1, count) }

  private init(intervalMilliseconds: Int64) { self.intervalMilliseconds = intervalMilliseconds }

  static let format = Format<String>.text.parsed { text throws(ContentProblem) in
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let units: [Substring: Int64] = ["s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
    guard parts.count == 2, let count = Int64(parts[0]), (1...1_000_000).contains(count),
      let unit = units[parts[1]], unit / count >= 10
    else {
      throw ContentProblem(
        .badValue, "\"\(text)\" is no rate", fix: "such as 40/h; at most 100/s")
    }
    return Rate(intervalMilliseconds: unit / count)
  }.annotated("pattern", "^[0-9]{1,7}/(s|m|h|d)$")
}

extension Format where Value == Document {
  /// A mapping of attributes to values, typed by JSON's rules when used.
  static let settings = Format<Document>(
    schema: Schema(["type": "object", "minProperties": 1])
  ) { node, reading in
    guard let members = node.mapping, !members.isEmpty else {
      reading.report(.wrongType, "expected a mapping of attributes", at: node.mark)
      return nil
    }
    return node.document
  }
}
