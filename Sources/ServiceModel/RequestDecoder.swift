// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents

/// Turns the input of a request into the type that an operation declares for it.
///
/// Properties are written the Swift way (`tableName`, `sseSpecification`) and meet the model's
/// members (`TableName`, `SSESpecification`) without regard to case, so no type needs `CodingKeys`.
/// A property of type `Document` takes its member as it is; a type of its own (a table name, an
/// instant) reads itself from a single value container. A property that the model does not know is
/// our mistake and stops the program.
///
/// ```swift
/// struct Request: Decodable { let tableName: String; let limit: Int? }
/// let (request, unread) = try RequestDecoder.decode(Request.self, from: input, shape: shape)
/// ```
package enum RequestDecoder {
  /// Decodes a request and says which of its members the type never asked for.
  ///
  /// - Parameters:
  ///   - type: The type that the operation declares.
  ///   - input: The input, checked by `serializationError` and `violations` before.
  ///   - shape: The operation's input in the model.
  /// - Returns: The request, and the paths of members that were given, that the model knows, and
  ///   that no property asked for: `Tags`, `GlobalSecondaryIndexes[].WarmThroughput`,
  ///   `RequestItems.*.Keys`; each path once. Members that the model does not know are ignored, as
  ///   the services do.
  /// - Throws: What a type of its own throws, unchanged; `DecodingError` where the input lacks what
  ///   the type requires, or holds another kind of value than it reads.
  /// - Complexity: O(n) in the number of values read.
  package static func decode<Request: Decodable>(
    _ type: Request.Type, from input: Document, shape: Shape
  ) throws -> (value: Request, unread: [String]) {
    let report = UnreadReport()
    let node = RequestNode(document: input, shape: shape, parent: nil, step: .root, report: report)
    let value = try node.value(type)
    node.finish()
    return (value, report.paths)
  }
}

/// The paths of members that nobody asked for, each once, in the order met.
final class UnreadReport {
  private(set) var paths: [String] = []
  private var known: Set<String> = []

  func add(_ path: String) {
    if known.insert(path).inserted { paths.append(path) }
  }
}

/// One value of the input while a type reads it.
final class RequestNode: Decoder {
  /// How a value is reached from the one around it.
  enum Step {
    case root
    case member(String)
    case entry(String)
    case element(Int)
  }

  let document: Document
  let shape: Shape?
  let parent: RequestNode?
  let step: Step
  let report: UnreadReport

  /// For each member of a structure whether a property asked for it.
  private var asked: [Bool]
  private var isReadWhole = false
  /// Values read through nested containers, whose reading ends with this one's.
  private var nested: [RequestNode] = []

  init(document: Document, shape: Shape?, parent: RequestNode?, step: Step, report: UnreadReport) {
    self.document = document
    self.shape = shape
    self.parent = parent
    self.step = step
    self.report = report
    asked = Array(repeating: false, count: shape?.members.count ?? 0)
  }

  var userInfo: [CodingUserInfoKey: Any] { [:] }

  var codingPath: [any CodingKey] {
    var path: [any CodingKey] = []
    var node: RequestNode? = self
    while let current = node {
      switch current.step {
      case .root: break
      case .member(let name), .entry(let name): path.append(PathKey(stringValue: name))
      case .element(let index): path.append(PathKey(intValue: index))
      }
      node = current.parent
    }
    return path.reversed()
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(try RequestMembers<Key>(node: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { try RequestElements(node: self) }

  func singleValueContainer() -> any SingleValueDecodingContainer { RequestValue(node: self) }
}

extension RequestNode {
  /// Reads the whole value as a type.
  @inline(__always)
  func value<Value: Decodable>(_ type: Value.Type) throws -> Value {
    switch readScalar(type, from: document) {
    case .value(let value):
      isReadWhole = true
      return value
    case .mismatch: throw mismatch(type)
    case .notScalar: return try type.init(from: self)
    }
  }

  func child(_ document: Document, _ shape: Shape?, _ step: Step) -> RequestNode {
    RequestNode(document: document, shape: shape, parent: self, step: step, report: report)
  }

  /// Keeps a value that is read through a nested container until this one is read.
  func keep(_ child: RequestNode) -> RequestNode {
    nested.append(child)
    return child
  }

  /// The member that a property asks for, noted as asked.
  func member(for key: some CodingKey) -> Member? {
    guard let shape, shape.kind == .structure else { return nil }
    guard let index = shape.memberIndex(folding: key.stringValue) else {
      preconditionFailure("The model's \(shape.name) has no member for “\(key.stringValue)”.")
    }
    asked[index] = true
    return shape.members[index]
  }

  /// Reports members that nobody asked for; called when the value has been read.
  func finish() {
    for child in nested { child.finish() }
    guard !isReadWhole, let shape, shape.kind == .structure, let members = document.object else {
      return
    }
    for (name, value) in members {
      guard !value.isNull, let index = shape.memberIndex(named: name), !asked[index] else {
        continue
      }
      let path = modelPath
      report.add(path.isEmpty ? name : "\(path).\(name)")
    }
  }

  /// The place in the input without indices and map keys: `GlobalSecondaryIndexes[].Projection`.
  private var modelPath: String {
    let outer = parent?.modelPath ?? ""
    switch step {
    case .root: return outer
    case .member(let name): return outer.isEmpty ? name : "\(outer).\(name)"
    case .entry: return outer.isEmpty ? "*" : "\(outer).*"
    case .element: return "\(outer)[]"
    }
  }

  func mismatch(_ type: Any.Type) -> DecodingError {
    DecodingError.typeMismatch(
      type,
      .init(codingPath: codingPath, debugDescription: "The value cannot be read as \(type)."))
  }
}

extension Document: Decodable {
  /// Takes the value as it stands in a request; only `RequestDecoder` can give it.
  ///
  /// - Throws: A type mismatch under any other decoder.
  package init(from decoder: any Decoder) throws {
    guard decoder is RequestNode else {
      throw DecodingError.typeMismatch(
        Document.self,
        .init(
          codingPath: decoder.codingPath, debugDescription: "Documents are parsed, not decoded."))
    }
    self = try decoder.singleValueContainer().decode(Document.self)
  }
}
