// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import ServiceModel

/// How services of the query protocol are asked, by a form, and answer, in XML. [WIRE.xml]
struct QueryProtocol: WireProtocol {
  let service: Service

  func operation(of request: WireRequest) throws(ServiceError) -> OperationModel {
    let name = fields(of: request).first { $0.name == "Action" }?.value ?? ""
    guard let operation = service.operation(named: name), operation.name == name else {
      throw ServiceError(
        code: "InvalidAction",
        message: "Could not find operation \(name) for version \(service.apiVersion)")
    }
    return operation
  }

  func input(
    of request: WireRequest, for operation: OperationModel
  ) throws(ServiceError) -> Document {
    var form = Form()
    let fields = fields(of: request)
    guard fields.count <= Self.fieldLimit else {
      throw ServiceError(code: "MalformedInput", message: "The form has too many fields")
    }
    for (name, value) in fields where name != "Action" && name != "Version" {
      guard !name.hasPrefix("X-Amz-") else { continue }
      let path = name.split(separator: ".", omittingEmptySubsequences: false)
      guard path.count <= Self.depthLimit else {
        throw ServiceError(code: "MalformedInput", message: "The form is nested too deeply")
      }
      form.set(path[...], value)
    }
    guard let shape = operation.input else { return .emptyObject }
    return form.document(as: shape)
  }

  /// A form's fields, and the parts of a field's name, at most.
  private static let fieldLimit = 2_000
  private static let depthLimit = 64

  /// A form in the body, or in the query of a request without one.
  private func fields(of request: WireRequest) -> [(name: String, value: String)] {
    request.body.isEmpty
      ? RequestTarget(request.target).query
      : RequestTarget.fields(String(decoding: request.body, as: UTF8.self))
  }

  func answer(_ output: Document, of operation: OperationModel) -> WireAnswer {
    let writer = XMLWriter(times: .iso8601)
    let name = operation.name
    let result = writer.elements(writer.members(of: output, in: operation.output))
    let id = RequestID.next()
    return answer(
      200, id,
      "<\(name)Response\(space)>"
        + (operation.output == nil ? "" : "<\(name)Result>\(result)</\(name)Result>")
        + "<ResponseMetadata><RequestId>\(id)</RequestId></ResponseMetadata></\(name)Response>")
  }

  func answer(_ error: ServiceError, to request: WireRequest) -> WireAnswer {
    let id = RequestID.next()
    let members =
      [
        (name: "Type", value: Document.string(error.status < 500 ? "Sender" : "Receiver")),
        (name: "Code", value: .string(code(of: error))),
        (name: "Message", value: .string(error.message)),
      ] + error.members.members
    return answer(
      error.status, id,
      "<ErrorResponse\(space)><Error>\(XMLWriter.plain(members))</Error>"
        + "<RequestId>\(id)</RequestId></ErrorResponse>")
  }

  private var space: String { service.xmlNamespace.map { " xmlns=\"\($0)\"" } ?? "" }

  /// The code as this protocol has it: the framework's own errors have other names here.
  private func code(of error: ServiceError) -> String {
    switch error.code {
    case "SerializationException": "MalformedInput"
    case "UnrecognizedClientException": "InvalidClientTokenId"
    case "MissingAuthenticationTokenException": "MissingAuthenticationToken"
    case "IncompleteSignatureException": "IncompleteSignature"
    case "ValidationException": "ValidationError"
    default: service.shape(named: error.code)?.exception?.code ?? error.code
    }
  }

  private func answer(_ status: Int, _ id: String, _ text: String) -> WireAnswer {
    WireAnswer(
      status: status, headers: ["Content-Type": "text/xml", "x-amzn-RequestId": id],
      body: XMLWriter.document(text))
  }
}

/// A form whose names are paths, `Tags.member.1.Key=x`, as the tree they make.
private struct Form {
  private var text: String?
  private var children: [(name: String, form: Form)] = []

  mutating func set(_ path: ArraySlice<Substring>, _ value: String) {
    guard let first = path.first else {
      text = value
      return
    }
    if let place = children.firstIndex(where: { $0.name == first }) {
      children[place].form.set(path.dropFirst(), value)
    } else {
      var child = Form()
      child.set(path.dropFirst(), value)
      children.append((String(first), child))
    }
  }

  func document(as shape: Shape) -> Document {
    switch shape.kind {
    case .structure:
      guard text == nil else { return .string(text ?? "") }
      return Document(
        members: children.map { name, child in
          let member = shape.members.first { ($0.locationName ?? $0.name) == name }
          return (member?.name ?? name, member.map { child.document(as: $0.shape) } ?? child.raw)
        })
    case .list:
      let label = shape.wire.elementName ?? "member"
      let list = shape.wire.isFlattened ? self : self[label] ?? self
      guard let element = shape.element, list.text == nil || !list.children.isEmpty else {
        // An empty list has no elements and an empty text.
        return text == "" ? [] : .string(text ?? "")
      }
      return .array(list.numbered.map { $0.document(as: element) })
    case .map:
      guard let value = shape.value else { return .emptyObject }
      let entries = (shape.wire.isFlattened ? self : self["entry"] ?? self).numbered
      return Document(
        members: entries.map { entry in
          // Some maps call their keys and values by other names.
          (
            (entry["key"] ?? entry["Name"])?.text ?? "",
            (entry["value"] ?? entry["Value"])?.document(as: value) ?? .null
          )
        })
    default: return text.map { WireText.value($0, as: shape.kind) } ?? raw
    }
  }

  private subscript(name: String) -> Form? { children.first { $0.name == name }?.form }

  /// The children by their numbers.
  private var numbered: [Form] {
    children.compactMap { name, form in Int(name).map { ($0, form) } }
      .sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// What no shape says anything of.
  private var raw: Document {
    children.isEmpty
      ? .string(text ?? "") : Document(members: children.map { ($0.name, $0.form.raw) })
  }
}
