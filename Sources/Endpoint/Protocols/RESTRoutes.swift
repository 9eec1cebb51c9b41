// SPDX-License-Identifier: GPL-3.0-or-later

import ServiceModel
import Synchronization

/// The operations of a REST service by method, path and query, as the model has them.
final class RESTRoutes: Sendable {
  /// A request's operation and the texts of its labels.
  struct Match {
    let operation: OperationModel
    let labels: [String: String]
    /// The names in the query that told this operation from others.
    let literals: [String]
  }

  private struct Route: Sendable {
    let operation: OperationModel
    let segments: [Segment]
    let query: [(name: String, value: String)]

    /// How much of it is fixed: of several that match, the most fixed one is meant.
    var weight: Int {
      query.count * 100 + segments.count { if case .literal = $0 { true } else { false } }
    }
  }

  private enum Segment: Sendable {
    case literal(String)
    case label(String)
    /// Takes all that is left, slashes too.
    case greedy(String)
  }

  private let routes: [Route]

  private init(_ service: Service) {
    routes = service.operations.map(Self.route).sorted { $0.weight > $1.weight }
  }

  private static let known = Mutex<[String: RESTRoutes]>([:])

  /// The routes of a service, made at the first use.
  static func of(_ service: Service) -> RESTRoutes {
    known.withLock { known in
      if let routes = known[service.cliName] { return routes }
      let routes = RESTRoutes(service)
      known[service.cliName] = routes
      return routes
    }
  }

  private static func route(_ operation: OperationModel) -> Route {
    let parts = operation.requestURI.split(separator: "?", maxSplits: 1)
    let segments = (parts.first ?? "").split(separator: "/").map { text -> Segment in
      guard text.hasPrefix("{"), text.hasSuffix("}") else { return .literal(String(text)) }
      let name = text.dropFirst().dropLast()
      return name.hasSuffix("+") ? .greedy(String(name.dropLast())) : .label(String(name))
    }
    return Route(
      operation: operation, segments: segments,
      query: parts.count > 1 ? RequestTarget.fields(parts[1]) : [])
  }

  /// The operation a request is for; nil if the service has none like it.
  ///
  /// - Complexity: O(n) in the number of operations.
  func match(_ method: String, _ target: RequestTarget) -> Match? {
    for route in routes where route.operation.httpMethod == method {
      guard
        route.query.allSatisfy({ name, value in
          target.query.contains { $0.name == name && (value.isEmpty || $0.value == value) }
        }), let labels = Self.labels(route.segments, target.segments)
      else { continue }
      return Match(operation: route.operation, labels: labels, literals: route.query.map(\.name))
    }
    return nil
  }

  private static func labels(_ wanted: [Segment], _ given: [String]) -> [String: String]? {
    var labels: [String: String] = [:]
    var rest = given[...]
    for segment in wanted {
      guard let first = rest.first, !first.isEmpty || rest.count > 1 else { return nil }
      switch segment {
      case .literal(let text):
        guard text == first else { return nil }
      case .label(let name): labels[name] = first
      case .greedy(let name):
        labels[name] = rest.joined(separator: "/")
        rest = []
      }
      rest = rest.dropFirst()
    }
    // A slash at the end makes no difference.
    return rest.isEmpty || rest.elementsEqual([""]) ? labels : nil
  }
}
