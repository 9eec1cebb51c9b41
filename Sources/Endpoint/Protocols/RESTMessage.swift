// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ItemModel
import ServiceModel

/// What the REST protocols share: members in paths, queries and headers, and bodies of one member.
struct RESTMessage {
  let operation: OperationModel
  let times: WireText.TimeFormat

  // MARK: Requests

  /// The members of a request that travel beside the body.
  func members(_ match: RESTRoutes.Match, _ target: RequestTarget, _ headers: WireHeaders)
    -> [(String, Document)]
  {
    (operation.input?.members ?? []).compactMap { member in
      let name = member.locationName ?? member.name
      switch member.location {
      case .uri: return match.labels[name].map { (member.name, .string($0)) }
      case .querystring:
        let texts = target.query.filter { $0.name == name }.map(\.value)
        guard let first = texts.first else { return nil }
        guard let element = member.shape.element else {
          return (member.name, WireText.value(first, as: member.shape.kind))
        }
        return (
          member.name, .array(texts.map { WireText.value($0, as: element.kind) })
        )
      case .header:
        return headers[name].map { (member.name, WireText.value($0, as: member.shape.kind)) }
      case .headers:
        let found = headers.fields.filter { $0.name.lowercased().hasPrefix(name.lowercased()) }
        guard !found.isEmpty else { return nil }
        let entries = found.map {
          (String($0.name.dropFirst(name.count)), Document.string($0.value))
        }
        return (member.name, Document(members: entries))
      case .statusCode, nil: return nil
      }
    }
  }

  /// The member of the input that is the body, alone.
  var payload: Member? { Self.payload(of: operation.input) }

  private static func payload(of shape: Shape?) -> Member? {
    shape?.wire.payload.flatMap { shape?.member(named: $0) }
  }

  // MARK: Answers

  /// The headers that an answer's members are.
  func headers(of output: Document) -> [(name: String, value: String)] {
    (operation.output?.members ?? []).flatMap { member -> [(name: String, value: String)] in
      guard let value = output[member.name], !value.isNull else { return [] }
      let name = member.locationName ?? member.name
      switch member.location {
      case .header:
        return [(name, Self.line(WireText.text(value, as: member.shape.kind, times: .http)))]
      case .headers:
        return value.members.map { (name + $0.name, Self.line($0.value.string ?? "")) }
      default: return []
      }
    }
  }

  /// The members that an answer's body holds, and the one it is, if it is one alone.
  func body(of output: Document) -> (payload: Member?, members: [(Member, Document)]) {
    let members = (operation.output?.members ?? []).filter { $0.location == nil }
    let given = members.compactMap { member in
      output[member.name].flatMap { $0.isNull ? nil : (member, $0) }
    }
    return (Self.payload(of: operation.output), given)
  }

  var status: Int { operation.responseCode ?? 200 }

  /// A text that can stand in a header: nothing in it ends a line.
  private static func line(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? " " : $0 }))
  }
}
