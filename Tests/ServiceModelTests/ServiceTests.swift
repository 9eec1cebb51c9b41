// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ServiceModel
import Testing

@Suite("Services")
struct ServiceTests {
  @Test("every model is read whole", arguments: Service.names)
  func wholeModel(name: String) throws {
    let service = try #require(Service.named(name))
    #expect(service.cliName == name)
    #expect(!service.operations.isEmpty)
    #expect(service.operations.map(\.name) == service.operations.map(\.name).sorted())
    for operation in service.operations {
      #expect(service.operation(named: operation.name)?.cliName == operation.cliName)
      #expect(service.operation(named: operation.cliName)?.name == operation.name)
    }
    #expect(Set(service.operations.map(\.cliName)).count == service.operations.count)
  }

  @Test("a service without a model is not there")
  func unknownService() {
    #expect(Service.named("ec2") == nil)
    #expect(ServiceModel.named("dynamodb") === Service.dynamodb)
  }

  @Test(
    "names of the CLI are botocore's",
    arguments: [
      ("CreateBackup", "create-backup"),
      ("DescribeTableReplicaAutoScaling", "describe-table-replica-auto-scaling"),
      ("ListTagsOfResource", "list-tags-of-resource"),
      ("RestoreTableToPointInTime", "restore-table-to-point-in-time"),
      ("SSESpecificationOverride", "sse-specification-override"),
      ("S3SseKmsKeyId", "s3-sse-kms-key-id"),
      ("ListARNs", "list-arns"), ("ARNs", "-arns"), ("As", "as"),
      ("already-there", "already-there"),
      ("UseLatestRestorableTime", "use-latest-restorable-time"), ("A", "a"), ("", ""),
    ])
  func commandNames(name: String, expected: String) {
    #expect(commandName(name) == expected)
  }
}
