// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import Endpoint
import ServiceModel

/// Inputs as clients put them on the wire, by the protocol of the service.
struct RequestWriter {
  let service: Service
  let operation: OperationModel
  var region = "us-east-1"

  func request(_ input: Document) -> WireRequest {
    switch service.protocolName {
    case "rest-json", "rest-xml": rest(input)
    case "query": form(input)
    default: json(input)
    }
  }

  private func json(_ input: Document) -> WireRequest {
    WireRequest(
      method: "POST", target: "/",
      headers: WireHeaders(
        signature + [
          (name: "X-Amz-Target", value: "\(service.targetPrefix ?? "").\(operation.name)"),
          (name: "Content-Type", value: "application/x-amz-json-\(service.jsonVersion ?? "1.0")"),
        ]), body: input.jsonBytes(.compact))
  }

  private var signature: [(name: String, value: String)] {
    [
      (
        name: "Authorization",
        value: "AWS4-HMAC-SHA256 Credential=123456789012/20260306/\(region)/\(service.signingName)"
          + "/aws4_request, SignedHeaders=host, Signature=00"
      )
    ]
  }

  // MARK: REST

  private func rest(_ input: Document) -> WireRequest {
    var target = operation.requestURI
    var query: [String] = []
    var headers = signature
    var body: [(String, Document)] = []
    for (name, value) in input.members {
      let member = operation.input?.member(named: name)
      let label = member?.locationName ?? name
      let text = value.string ?? value.json(.compact)
      switch member?.location {
      case .uri:
        target = target.replacing("{\(label)}", with: Self.escaped(text))
          .replacing("{\(label)+}", with: Self.escaped(text))
      case .querystring: query.append("\(label)=\(Self.escaped(text))")
      case .header: headers.append((name: label, value: Self.line(text)))
      case .headers: headers.append((name: label + "x", value: Self.line(text)))
      default: body.append((label, value))
      }
    }
    if !query.isEmpty {
      target += (target.contains("?") ? "&" : "?") + query.joined(separator: "&")
    }
    return WireRequest(
      method: operation.httpMethod, target: target, headers: WireHeaders(headers),
      body: bytes(of: body))
  }

  private func bytes(of members: [(String, Document)]) -> [UInt8] {
    guard !members.isEmpty else { return [] }
    guard service.protocolName == "rest-xml" else {
      return Document(members: members).jsonBytes(.compact)
    }
    let isObject = operation.output?.members.contains { $0.name == "ETag" } == true
    if isObject { return Array((members[0].1.string ?? "").utf8) }
    return Array(members.map { Self.element($0, $1) }.joined().utf8)
  }

  private static func element(_ name: String, _ value: Document) -> String {
    let inside =
      switch value {
      case .object(let members): members.map { element($0, $1) }.joined()
      case .array(let elements): elements.map { element("member", $0) }.joined()
      default: value.string ?? value.json(.compact)
      }
    return "<\(name)>\(inside)</\(name)>"
  }

  /// All but letters, digits and a few signs as `%XX`.
  private static func escaped(_ text: String) -> String {
    text.utf8.map { byte in
      let isPlain =
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte)
        || (0x61...0x7a).contains(byte) || byte == 0x2d || byte == 0x2e
      let digits = String(byte, radix: 16, uppercase: true)
      return isPlain
        ? String(Unicode.Scalar(byte)) : "%" + (digits.count < 2 ? "0" : "") + digits
    }.joined()
  }

  private static func line(_ text: String) -> String {
    String(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value < 0x7f }.map(Character.init))
  }

  // MARK: Forms

  private func form(_ input: Document) -> WireRequest {
    var fields = ["Action=\(operation.name)", "Version=\(service.apiVersion)"]
    Self.add(input, at: "", to: &fields)
    return WireRequest(
      method: "POST", target: "/",
      headers: WireHeaders(
        signature + [(name: "Content-Type", value: "application/x-www-form-urlencoded")]),
      body: Array(fields.joined(separator: "&").utf8))
  }

  private static func add(_ value: Document, at path: String, to fields: inout [String]) {
    func below(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
    switch value {
    case .object(let members):
      for (name, value) in members { add(value, at: below(name), to: &fields) }
    case .array(let elements):
      for (index, value) in elements.enumerated() {
        add(value, at: below("member.\(index + 1)"), to: &fields)
      }
    default: fields.append("\(path)=\(escaped(value.string ?? value.json(.compact)))")
    }
  }
}
