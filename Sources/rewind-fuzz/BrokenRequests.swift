// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Endpoint
import ServiceModel
import Simulation

/// Requests to the endpoint with one thing wrong in each: every operation and every parameter of the
/// simulated services in turn, each broken in each way, and every seventh in its bytes or its head.
struct BrokenRequests {
  private struct Target {
    let service: Service
    let operation: OperationModel
    let paths: [[String]]
  }

  private let targets: [Target]
  private let names: [(suffix: String, value: String)]
  private let seed: UInt64

  /// - Parameters:
  ///   - names: What names refer to in the world that is asked, by the ends of members' names.
  ///   - seed: Decides all that is not in turn.
  init(names: [(suffix: String, value: String)], seed: UInt64) {
    self.names = names
    self.seed = seed
    targets = Catalog.all.compactMap { type in
      guard let service = Service.named(type.service),
        let operation = service.operation(named: type.name)
      else { return nil }
      return Target(
        service: service, operation: operation,
        paths: [[]] + RequestSample.paths(of: operation.input))
    }
  }

  /// How many operations there are, and parameters broken in how many ways.
  var size: (operations: Int, breakages: Int) {
    (
      targets.count,
      targets.reduce(0) { $0 + $1.paths.count } * RequestBreakage.allCases.count
    )
  }

  /// The request of a number, and its operation's name.
  func request(_ number: Int) -> (name: String, request: WireRequest) {
    let target = targets[number % targets.count]
    let turn = number / targets.count
    let path = target.paths[turn % target.paths.count]
    let ways = RequestBreakage.allCases
    let way = ways[(turn / target.paths.count + turn) % ways.count]
    var sample = RequestSample(
      names: names, random: SplitMix64(seed: seed &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(number)))
    let input =
      target.operation.input.map { sample.value(of: $0, with: path[...]) } ?? .emptyObject
    let writer = RequestWriter(service: target.service, operation: target.operation)
    let request = writer.request(way.apply(to: input, at: path[...]))
    let name =
      "\(target.service.cliName) \(target.operation.name) \(path.joined(separator: ".")) \(way)"
    guard number % 7 == 6 else { return (name, request) }
    return (name + ", bytes or head", Self.spoil(request, &sample.random))
  }

  /// Breaks a request below its members.
  private static func spoil(_ request: WireRequest, _ random: inout SplitMix64) -> WireRequest {
    var (method, target, body) = (request.method, request.target, request.body)
    var fields = request.headers.fields
    let place = Int.random(in: 0...max(0, body.count - 1), using: &random)
    switch Int.random(in: 0..<14, using: &random) {
    case 0: body = Array(body.prefix(place))
    case 1: if !body.isEmpty { body[place] = .random(in: 0...255, using: &random) }
    case 2: body.insert(0xff, at: min(place, body.count))
    case 3: body = Array(repeating: UInt8(ascii: "["), count: 50_000)
    case 4: body += body
    case 5: method = ["GET", "DELETE", "PATCH", "HEAD"][place % 4]
    case 6: target = target + "/../%zz?" + String(repeating: "a=b&", count: 50)
    case 7: fields.removeAll { $0.name == "Authorization" }
    case 8: replace("Authorization", ["Basic x", "AWS4-HMAC-SHA256 Credential=", "é"][place % 3])
    case 9:
      replace(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=AKIA0000000000000000/1/eu-nowhere-1/dynamodb/aws4_request")
    case 10: replace("X-Amz-Target", ["", ".", "DynamoDB_20120810.", "a.b.c", "🙂"][place % 5])
    case 11: fields += [(name: "smithy-protocol", value: "rpc-v2-cbor")]
    case 12: fields += [(name: "x-amz-content-sha256", value: "STREAMING-UNSIGNED-PAYLOAD-TRAILER")]
    default:
      fields += [(name: "Accept-Encoding", value: "gzip"), (name: "Range", value: "bytes=1-0")]
    }
    func replace(_ name: String, _ value: String) {
      fields = fields.map { $0.name == name ? (name: name, value: value) : $0 }
    }
    return WireRequest(method: method, target: target, headers: WireHeaders(fields), body: body)
  }
}
