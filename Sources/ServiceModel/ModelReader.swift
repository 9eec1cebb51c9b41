// SPDX-License-Identifier: GPL-3.0-or-later

internal import Documents
internal import OrderedCollections

/// Turns a model's JSON text into shapes, operations and waiters.
///
/// The text is part of the program, so whatever is wrong with it is ours: it stops the program with
/// a sentence.
struct ModelReader {
  let metadata: Document
  let shapes: [Shape]
  let shapeIndex: [String: Int]
  private let model: Document

  init(_ text: StaticString) {
    let bytes = text.withUTF8Buffer { Array($0) }
    do {
      model = try Document.parse(bytes)
    } catch {
      preconditionFailure("An embedded model is not JSON: \(error).")
    }
    guard let metadata = model["metadata"], let descriptions = model["shapes"]?.object else {
      preconditionFailure("An embedded model lacks its metadata or its shapes.")
    }
    self.metadata = metadata
    let namespace = Self.namespace(metadata)
    shapes = descriptions.map { Self.bareShape(named: $0.key, $0.value, in: namespace) }
    shapeIndex = Dictionary(
      uniqueKeysWithValues: descriptions.keys.enumerated().map { ($0.element, $0.offset) })
    for (shape, description) in zip(shapes, descriptions.values) {
      fill(shape, from: description)
    }
  }

  /// The package of the service's own types: its signing name and its version without hyphens.
  private static func namespace(_ metadata: Document) -> String {
    let name = metadata["signingName"]?.string ?? metadata["endpointPrefix"]?.string ?? ""
    let version = (metadata["apiVersion"]?.string ?? "").filter { $0 != "-" }
    return "com.amazonaws.\(name).v\(version)"
  }

  /// The text of a member that every model's metadata has.
  func text(_ name: String) -> String { required(metadata[name]?.string, name) }

  private func required<Value>(_ value: Value?, _ name: String) -> Value {
    guard let value else { preconditionFailure("An embedded model lacks “\(name)”.") }
    return value
  }
}

// MARK: - Shapes

extension ModelReader {
  private static func bareShape(named name: String, _ description: Document, in namespace: String)
    -> Shape
  {
    guard let kind = description["type"]?.string.flatMap(Shape.Kind.init(rawValue:)) else {
      preconditionFailure("The shape \(name) of an embedded model has no type we know.")
    }
    var exception: ExceptionTraits?
    if description["exception"]?.bool == true {
      let error = description["error"]
      exception = ExceptionTraits(
        code: error?["code"]?.string,
        httpStatus: error?["httpStatusCode"]?.integer.map(Int.init),
        isFault: description["fault"]?.bool ?? false)
    }
    return Shape(
      name: name, kind: kind,
      minimum: description["min"]?.integer.map(Int.init),
      maximum: description["max"]?.integer.map(Int.init),
      pattern: description["pattern"]?.string,
      enumeration: description["enum"]?.array?.compactMap(\.string) ?? [],
      isUnion: description["union"]?.bool ?? false,
      isSensitive: description["sensitive"]?.bool ?? false,
      exception: exception,
      wire: WireTraits(
        payload: description["payload"]?.string,
        isFlattened: description["flattened"]?.bool ?? false,
        elementName: description["member"]?["locationName"]?.string),
      namespace: namespace)
  }

  private func fill(_ shape: Shape, from description: Document) {
    switch shape.kind {
    case .structure:
      let required = description["required"]?.array?.compactMap(\.string) ?? []
      let members = description["members"]?.object ?? [:]
      shape.setMembers(
        members.map { member(named: $0.key, $0.value, isRequired: required.contains($0.key)) },
        required: required)
    case .list:
      shape.setContents(element: reference(description["member"]), key: nil, value: nil)
    case .map:
      shape.setContents(
        element: nil, key: reference(description["key"]), value: reference(description["value"]))
    default: break
    }
  }

  private func member(named name: String, _ description: Document, isRequired: Bool) -> Member {
    Member(
      name: name, shape: reference(description), isRequired: isRequired,
      location: description["location"]?.string.map {
        required(Member.Location(rawValue: $0), "location")
      },
      locationName: description["locationName"]?.string,
      isIdempotencyToken: description["idempotencyToken"]?.bool ?? false,
      isStreaming: description["streaming"]?.bool ?? false)
  }

  /// The shape that `{"shape": "TableName"}` refers to.
  private func reference(_ description: Document?) -> Shape {
    let name = required(description?["shape"]?.string, "shape")
    return shapes[required(shapeIndex[name], name)]
  }
}

// MARK: - Operations and waiters

extension ModelReader {
  /// All operations, by name.
  func operations() -> [OperationModel] {
    let descriptions = required(model["operations"]?.object, "operations")
    return descriptions.map { operation(named: $0.key, $0.value) }.sorted { $0.name < $1.name }
  }

  private func operation(named name: String, _ description: Document) -> OperationModel {
    OperationModel(
      name: name, cliName: commandName(name),
      httpMethod: required(description["http"]?["method"]?.string, "method"),
      requestURI: required(description["http"]?["requestUri"]?.string, "requestUri"),
      responseCode: description["http"]?["responseCode"]?.integer.map(Int.init),
      input: description["input"].map { reference($0) },
      output: description["output"].map { reference($0) },
      errors: description["errors"]?.array?.map { reference($0) } ?? [],
      isIdempotent: description["idempotent"]?.bool ?? false,
      pagination: model["pagination"]?[name].map(pagination))
  }

  private func pagination(_ description: Document) -> Pagination {
    func names(_ key: String) -> [String] {
      switch description[key] {
      case .string(let name): [name]
      case .array(let names): names.compactMap(\.string)
      default: []
      }
    }
    return Pagination(
      inputTokens: names("input_token"), outputTokens: names("output_token"),
      limitKey: description["limit_key"]?.string, resultKeys: names("result_key"),
      nonAggregateKeys: names("non_aggregate_keys"),
      moreResults: description["more_results"]?.string)
  }

  /// All waiters, in model order.
  func waiters() -> [Waiter] {
    (model["waiters"]?.object ?? [:]).map { name, description in
      Waiter(
        name: name, cliName: commandName(name),
        operation: required(description["operation"]?.string, "operation"),
        delaySeconds: Int(required(description["delay"]?.integer, "delay")),
        maxAttempts: Int(required(description["maxAttempts"]?.integer, "maxAttempts")),
        acceptors: required(description["acceptors"]?.array, "acceptors").map(acceptor))
    }
  }

  private func acceptor(_ description: Document) -> Waiter.Acceptor {
    Waiter.Acceptor(
      state: required(description["state"]?.string.flatMap(Waiter.State.init), "state"),
      matcher: required(description["matcher"]?.string.flatMap(Waiter.Matcher.init), "matcher"),
      argument: description["argument"]?.string,
      expected: required(description["expected"], "expected"))
  }
}
