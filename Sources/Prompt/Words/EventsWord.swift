// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import StateStore
import Terminal

extension Console {
  /// `events [TABLE] [N]`: the audit trail, and the messages that topics passed on, newest last.
  func events(_ call: Call) throws -> Int32 {
    let session = try world()
    var table: String?
    var limit = 20
    for argument in call.arguments {
      if let number = Int(argument), number >= 1 { limit = number } else { table = argument }
    }
    guard call.arguments.count <= 2 else { throw call.misuse() }
    let all = session.cloud.observations.events.filter { table == nil || $0.tableName == table }
    let shown = all.suffix(limit)
    if settings.printsJSON {
      for event in shown { out.write(event.document.json(.compact) + "\n") }
      guard table == nil else { return 0 }
      for message in session.cloud.observations.notifications.suffix(limit) {
        out.write(message.document.json(.compact) + "\n")
      }
      return 0
    }
    let messages = table == nil ? session.cloud.observations.notifications.suffix(limit) : []
    guard !all.isEmpty || !messages.isEmpty else {
      tell("The trail holds nothing\(table.map { " about \(plain($0))" } ?? "").")
      return 0
    }
    if shown.count < all.count {
      say("  … \(counted(all.count - shown.count, "earlier event")); \"events 1000\" shows more")
    }
    for event in shown {
      let who = plain(event.caller.userName)
      let error = event.errorCode.map { ", \(plain($0))" } ?? ""
      tell(
        "\(event.name) \(plain(event.tableName ?? "-")) by \(who)\(error)",
        first: "  \(event.at.rfc3339)  ", rest: "    ")
    }
    if !messages.isEmpty {
      say()
      say("Messages")
    }
    for message in messages { tell(message) }
    say()
    tell("Reading and writing items leaves no event; \"aws cloudtrail lookup-events\" says more.")
    return 0
  }
}

extension Console {
  /// A message that a topic passed on: to whom, and its first line.
  private func tell(_ message: Notification) {
    let readers = message.recipients.map { plain($0) }.joined(separator: ", ")
    let text = (message.subject.map { $0 + ": " } ?? "") + message.message
    let head = text.split(separator: "\n").first ?? ""
    tell(
      "\(plain(ARN(message.topicARN)?.resource ?? message.topicARN)) to \(readers.isEmpty ? "nobody" : readers): "
        + plain(String(head.prefix(160))),
      first: "  \(message.at.rfc3339)  ", rest: "    ")
  }
}

extension Notification {
  fileprivate var document: Document {
    [
      "at": .string(at.rfc3339), "topic": .string(topicARN), "messageId": .string(messageID),
      "subject": subject.map(Document.string) ?? .null, "message": .string(message),
      "recipients": .array(recipients.map(Document.string)),
    ]
  }
}

extension TrailEvent {
  /// The event's head for a program.
  fileprivate var document: Document {
    [
      "at": .string(at.rfc3339), "event": .string(name), "source": .string(source),
      "user": .string(caller.userName), "account": .string(caller.account),
      "region": .string(caller.region), "table": tableName.map(Document.string) ?? .null,
      "error": errorCode.map(Document.string) ?? .null, "readOnly": .bool(isReadOnly),
    ]
  }
}
