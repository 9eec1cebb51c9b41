// SPDX-License-Identifier: GPL-3.0-or-later

internal import CloudEngine
package import ContentFormat
internal import Simulation

/// `message: {to, about, within, from, min, max}`.
package struct MessageMeasure: Sendable {
  package var topic = ""
  package var about: String?
  package var within: Duration?
  package var from: FieldTime?
  package var minimum: Int?
  package var maximum: Int?

  static let format = Format.record(
    "message", "Messages that reached somebody through a topic.", MessageMeasure(),
    [
      .required("to", \.topic, .text, "The topic's name, with * and ?."),
      .optional("about", \.about, .text, "Words in its subject or its text, letter by letter."),
      .optional("within", \.within, .length, "Not longer ago than this."),
      .optional("from", \.from, .time, "At or after this instant; the start if left out."),
      .optional("min", \.minimum, .integer(0...100_000), "At least; 1 if nothing is said."),
      .optional("max", \.maximum, .integer(0...100_000), "At most."),
    ])

  func evaluate(in run: WorldRun) throws(ContentProblem) -> Verdict {
    let name = try run.bindings.substitute(topic)
    let words = try about.map { text throws(ContentProblem) in try run.bindings.substitute(text) }
    var first = try from?.instant(from: run.world.clock, run.bindings) ?? run.world.clock
    if let within { first = max(first, run.now - within) }
    let sent = run.cloud.observations.notifications.filter { message in
      message.at >= first && Glob.matches(ARN(message.topicARN)?.resource ?? "", name)
    }
    let arrived = sent.filter { message in
      guard !message.recipients.isEmpty else { return false }
      guard let words else { return true }
      return message.message.contains(words) || message.subject?.contains(words) ?? false
    }
    let nearest = sent.last.map { message in
      "\"\(message.subject ?? String(message.message.prefix(60)))\" to "
        + (message.recipients.isEmpty ? "nobody" : message.recipients.joined(separator: ", "))
    }
    return countVerdict(arrived.count, minimum: minimum, maximum: maximum, nearest: nearest)
  }
}
