// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import ServiceModel
import Simulation
import Testing

@Suite("Absurd requests")
struct AbsurdInputTests {
  private static let absurdities: [Document] = [
    .null, "", -1, 0, 1, 1e300, true, [], [.null], [:], ["": ""], "a", "arn:::::",
    .string(String(repeating: "x", count: 70_000)), 9_223_372_036_854_775_807,
  ]

  /// Codes that any operation may answer, declared in its model or not.
  private static let common: Set<String> = [
    "ValidationException", "SerializationException", "AccessDeniedException",
    ServiceError.notSimulatedCode, "ThrottlingException",
  ]

  /// Codes of Amazon S3, whose model declares hardly any.
  private static let ofStorage: Set<String> = [
    "NoSuchBucket", "NoSuchKey", "InvalidBucketName", "AccessDenied", "BucketNotEmpty",
    "InvalidArgument", "InvalidLocationConstraint", "IllegalLocationConstraintException",
    "KeyTooLongError", "InvalidDigest", "BadDigest", "KMS.NotFoundException", "400", "403", "404",
  ]

  /// Every value that comes from a document by putting an absurdity in one place of it.
  private static func mutations(of document: Document) -> [Document] {
    var results = absurdities
    switch document {
    case .object:
      for (name, value) in document.members {
        results.append(document.without(name))
        results += mutations(of: value).map { document.with(name, $0) }
      }
    case .array(let elements):
      for (position, element) in elements.prefix(2).enumerated() {
        for mutation in mutations(of: element) {
          var copy = elements
          copy[position] = mutation
          results.append(.array(copy))
        }
      }
      results.append(.array(elements + elements))
    default: break
    }
    return results
  }

  private static func refusal(of request: ServiceRequest, by cloud: Cloud) -> ServiceError? {
    var fork = cloud
    do throws(ServiceError) {
      _ = try fork.perform(request)
      // What was taken must also run its course.
      fork.advance(by: .hours(1))
      return nil
    } catch {
      return error
    }
  }

  @Test("whatever stands in a request, it is taken or refused with a code of its model")
  func codes() throws {
    let world = try RefusalTests.world.get()
    var rows: [String: [Refusal]] = [:]
    for row in Refusals.all where row.input.utf8.count < 2_000 {
      rows[row.operation, default: []].append(row)
    }
    var count = 0
    for (operation, rows) in rows.sorted(by: { $0.key < $1.key }) {
      let longest = rows.sorted { $0.input.utf8.count > $1.input.utf8.count }.prefix(2)
      let service = rows[0].service
      let model = try #require(Service.named(service)?.operation(named: operation))
      let allowed = Self.common.union(model.errors.map(\.name)).union(
        model.errors.compactMap { $0.exception?.code }
      )
      .union(
        service == "cloudwatch"
          ? ["MissingParameter", "ValidationError", "InvalidParameterCombination"] : []
      )
      .union(service == "sts" ? ["ValidationError"] : [])
      .union(service == "s3api" ? Self.ofStorage : [])
      for row in longest {
        for input in Self.mutations(of: try json(world.filled(row.input))) {
          count += 1
          let request = ServiceRequest(
            service: service, operation: operation, input: input, caller: world.bench.caller)
          guard let error = Self.refusal(of: request, by: world.bench.cloud) else { continue }
          #expect(allowed.contains(error.code), "\(operation) \(input.json()): \(error)")
          #expect(!error.message.isEmpty)
        }
      }
    }
    #expect(count > 2_000)
  }
}
