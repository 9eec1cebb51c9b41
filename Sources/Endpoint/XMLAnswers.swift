// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import ServiceModel

/// How services that answer in XML are asked and answered. [WIRE.xml]
///
/// STS takes a form with the operation as `Action`; S3 is answered by name until it is built.
struct XMLProtocol {
  enum Form {
    /// `<ErrorResponse><Error>…`, as the query protocol has it.
    case query
    /// `<Error>…` alone, as S3 has it.
    case plain
  }

  let form: Form

  /// The operation and the input of a form: parameters of one level, which is all that STS is asked here.
  static func fields(of body: [UInt8]) -> (action: String?, input: Document) {
    var action: String?
    var members: [(String, Document)] = []
    for field in String(decoding: body, as: UTF8.self).split(separator: "&") {
      let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let (name, value) = (plain(parts[0]), parts.count > 1 ? plain(parts[1]) : "")
      if name == "Action" {
        action = value
      } else if name != "Version" {
        members.append((name, .string(value)))
      }
    }
    return (action, Document(members: members))
  }

  /// A form's text without its escapes.
  private static func plain(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: Answers

  func answer(_ output: Document, of operation: String, _ service: Service) -> WireAnswer {
    answer(
      200,
      "<\(operation)Response xmlns=\"https://sts.amazonaws.com/doc/\(service.apiVersion)/\">"
        + "<\(operation)Result>\(elements(of: output))</\(operation)Result>"
        + "<ResponseMetadata><RequestId>\(RequestID.next())</RequestId></ResponseMetadata>"
        + "</\(operation)Response>")
  }

  func answer(_ error: ServiceError) -> WireAnswer {
    let what =
      "<Code>\(escaped(error.code))</Code><Message>\(escaped(error.message))</Message>"
    let text =
      switch form {
      case .query:
        "<ErrorResponse><Error><Type>Sender</Type>\(what)</Error>"
          + "<RequestId>\(RequestID.next())</RequestId></ErrorResponse>"
      case .plain: "<Error>\(what)<RequestId>\(RequestID.next())</RequestId></Error>"
      }
    return answer(error.status, text)
  }

  private func answer(_ status: Int, _ text: String) -> WireAnswer {
    WireAnswer(
      status: status, headers: ["Content-Type": "text/xml"],
      body: Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\(text)".utf8))
  }

  private func elements(of document: Document) -> String {
    document.members.map { name, value in
      let inside =
        switch value {
        case .array(let elements):
          elements.map { "<member>\(content(of: $0))</member>" }.joined()
        default: content(of: value)
        }
      return "<\(name)>\(inside)</\(name)>"
    }.joined()
  }

  private func content(of value: Document) -> String {
    switch value {
    case .object: elements(of: value)
    case .string(let text): escaped(text)
    default: escaped(value.json(.compact))
    }
  }

  private func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
