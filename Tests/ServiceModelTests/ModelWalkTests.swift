// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import ServiceModel
import Testing

@Suite("Models")
struct ModelWalkTests {
  @Test(
    "every shape is whole: what it refers to is there, its limits make sense",
    arguments: Service.names)
  func shapes(service name: String) throws {
    let service = try #require(Service.named(name))
    for shape in service.shapes {
      #expect(service.shape(named: shape.name) === shape)
      #expect((shape.kind == .list) == (shape.element != nil), "\(shape.name)")
      #expect((shape.kind == .map) == (shape.key != nil && shape.value != nil), "\(shape.name)")
      #expect(shape.kind == .structure || shape.members.isEmpty, "\(shape.name)")
      for member in shape.members {
        #expect(shape.member(named: member.name) == member)
        #expect(service.shape(named: member.shape.name) === member.shape)
        #expect(member.isRequired == shape.required.contains(member.name))
      }
      for name in shape.required {
        #expect(shape.member(named: name) != nil, "\(shape.name).\(name)")
      }
      if let minimum = shape.minimum, let maximum = shape.maximum { #expect(minimum <= maximum) }
      #expect(Set(shape.enumeration).count == shape.enumeration.count, "\(shape.name)")
    }
  }

  @Test("every operation's input, output and errors are structures", arguments: Service.names)
  func operations(service name: String) throws {
    for operation in try #require(Service.named(name)).operations {
      #expect(operation.input.map { $0.kind == .structure } ?? true, "\(operation.name)")
      #expect(operation.output.map { $0.kind == .structure } ?? true, "\(operation.name)")
      for error in operation.errors { #expect(error.exception != nil, "\(error.name)") }
      let options = operation.input?.members.map(\.optionName) ?? []
      #expect(Set(options).count == options.count, "\(operation.name)")
      guard let pagination = operation.pagination else { continue }
      #expect(pagination.inputTokens.count == pagination.outputTokens.count)
      let keys = pagination.inputTokens + [pagination.limitKey].compactMap(\.self)
      for key in keys { #expect(operation.input?.member(named: key) != nil, "\(key)") }
      for key in pagination.resultKeys + pagination.outputTokens {
        #expect(operation.output?.member(named: key) != nil, "\(operation.name) \(key)")
      }
    }
  }

  @Test("every waiter asks an operation there is", arguments: Service.names)
  func waiters(service name: String) throws {
    let service = try #require(Service.named(name))
    for waiter in service.waiters {
      #expect(service.operation(named: waiter.operation) != nil, "\(waiter.name)")
      #expect(service.waiter(named: waiter.cliName)?.name == waiter.name)
      #expect(waiter.delaySeconds > 0 && waiter.maxAttempts > 0 && !waiter.acceptors.isEmpty)
      for acceptor in waiter.acceptors {
        let isPath = [.path, .pathAll, .pathAny].contains(acceptor.matcher)
        #expect(isPath == (acceptor.argument != nil), "\(waiter.name)")
      }
    }
  }

  @Test("attribute values hold attribute values")
  func recursion() throws {
    let value = try #require(Service.dynamodb.shape(named: "AttributeValue"))
    #expect(value.member(named: "L")?.shape.element === value)
    #expect(value.member(named: "M")?.shape.value === value)
    #expect(
      value.members.map(\.name) == ["S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"])
  }

  @Test("what the CLI needs of an operation is there")
  func createBackup() throws {
    let service = Service.dynamodb
    #expect(service.serviceID == "DynamoDB" && service.targetPrefix == "DynamoDB_20120810")
    #expect(service.jsonVersion == "1.0" && service.signingName == "dynamodb")
    #expect(Service.dynamodbstreams.signingName == "dynamodb")
    let operation = try #require(service.operation(named: "create-backup"))
    #expect(operation.input?.members.map(\.optionName) == ["--table-name", "--backup-name"])
    #expect(
      operation.errors.map(\.name) == [
        "TableNotFoundException", "TableInUseException", "ContinuousBackupsUnavailableException",
        "BackupInUseException", "LimitExceededException", "InternalServerError",
      ])
    #expect(operation.errors.last?.exception?.isFault == true)
    let restore = try #require(service.operation(named: "restore-table-to-point-in-time")?.input)
    let latest = try #require(restore.member(named: "UseLatestRestorableTime"))
    #expect(latest.optionName == "--use-latest-restorable-time")
    #expect(latest.negativeOptionName == "--no-use-latest-restorable-time")
    #expect(restore.member(named: "TargetTableName")?.negativeOptionName == nil)
    let pages = try #require(service.operation(named: "ListBackups")?.pagination)
    #expect(pages.inputTokens == ["ExclusiveStartBackupArn"] && pages.limitKey == "Limit")
    #expect(pages.outputTokens == ["LastEvaluatedBackupArn"])
    let scan = try #require(service.operation(named: "Scan")?.pagination)
    #expect(scan.resultKeys == ["Items", "Count", "ScannedCount"])
    #expect(scan.nonAggregateKeys == ["ConsumedCapacity"])
    let exists = try #require(service.waiter(named: "table-exists"))
    #expect(exists.delaySeconds == 20 && exists.maxAttempts == 25)
    #expect(exists.acceptors.map(\.matcher) == [.path, .error])
    #expect(exists.acceptors.first?.expected == "ACTIVE")
    let plan = try #require(Service.backup.operation(named: "GetBackupPlan"))
    #expect(plan.httpMethod == "GET" && plan.requestURI == "/backup/plans/{backupPlanId}/")
    #expect(plan.input?.member(named: "BackupPlanId")?.location == .uri)
    #expect(plan.input?.member(named: "BackupPlanId")?.locationName == "backupPlanId")
    let assume = try #require(Service.sts.operation(named: "AssumeRole"))
    #expect(assume.errors.first?.exception?.code == "MalformedPolicyDocument")
    #expect(assume.errors.first?.exception?.httpStatus == 400)
  }

  @Test("operations have botocore's names", arguments: botocoreNames)
  func operationNames(service name: String, expected: String) throws {
    let expected = expected.split { $0 == " " || $0 == "\n" }.map(String.init)
    #expect(try #require(Service.named(name)).operations.map(\.cliName) == expected)
  }

  /// What botocore 1.43.11 makes of the operations' names, in the order of those.
  static let botocoreNames: [(String, String)] = [
    (
      "backup",
      """
      associate-backup-vault-mpa-approval-team cancel-legal-hold create-backup-plan
      create-backup-selection create-backup-vault create-framework create-legal-hold
      create-logically-air-gapped-backup-vault create-report-plan
      create-restore-access-backup-vault create-restore-testing-plan
      create-restore-testing-selection create-tiering-configuration delete-backup-plan
      delete-backup-selection delete-backup-vault delete-backup-vault-access-policy
      delete-backup-vault-lock-configuration delete-backup-vault-notifications delete-framework
      delete-recovery-point delete-report-plan delete-restore-testing-plan
      delete-restore-testing-selection delete-tiering-configuration describe-backup-job
      describe-backup-vault describe-copy-job describe-framework describe-global-settings
      describe-protected-resource describe-recovery-point describe-region-settings
      describe-report-job describe-report-plan describe-restore-job describe-scan-job
      disassociate-backup-vault-mpa-approval-team disassociate-recovery-point
      disassociate-recovery-point-from-parent export-backup-plan-template get-backup-plan
      get-backup-plan-from-json get-backup-plan-from-template get-backup-selection
      get-backup-vault-access-policy get-backup-vault-notifications get-legal-hold
      get-recovery-point-index-details get-recovery-point-restore-metadata
      get-restore-job-metadata get-restore-testing-inferred-metadata get-restore-testing-plan
      get-restore-testing-selection get-supported-resource-types get-tiering-configuration
      list-backup-job-summaries list-backup-jobs list-backup-plan-templates
      list-backup-plan-versions list-backup-plans list-backup-selections list-backup-vaults
      list-copy-job-summaries list-copy-jobs list-frameworks list-indexed-recovery-points
      list-legal-holds list-protected-resources list-protected-resources-by-backup-vault
      list-recovery-points-by-backup-vault list-recovery-points-by-legal-hold
      list-recovery-points-by-resource list-report-jobs list-report-plans
      list-restore-access-backup-vaults list-restore-job-summaries list-restore-jobs
      list-restore-jobs-by-protected-resource list-restore-testing-plans
      list-restore-testing-selections list-scan-job-summaries list-scan-jobs list-tags
      list-tiering-configurations put-backup-vault-access-policy
      put-backup-vault-lock-configuration put-backup-vault-notifications
      put-restore-validation-result revoke-restore-access-backup-vault start-backup-job
      start-copy-job start-report-job start-restore-job start-scan-job stop-backup-job
      tag-resource untag-resource update-backup-plan update-framework update-global-settings
      update-recovery-point-index-settings update-recovery-point-lifecycle
      update-region-settings update-report-plan update-restore-testing-plan
      update-restore-testing-selection update-tiering-configuration
      """
    ),
    (
      "cloudtrail",
      """
      lookup-events
      """
    ),
    (
      "dynamodb",
      """
      batch-execute-statement batch-get-item batch-write-item create-backup create-global-table
      create-table delete-backup delete-item delete-resource-policy delete-table describe-backup
      describe-continuous-backups describe-contributor-insights describe-endpoints
      describe-export describe-global-table describe-global-table-settings describe-import
      describe-kinesis-streaming-destination describe-limits describe-table
      describe-table-replica-auto-scaling describe-time-to-live
      disable-kinesis-streaming-destination enable-kinesis-streaming-destination
      execute-statement execute-transaction export-table-to-point-in-time get-item
      get-resource-policy import-table list-backups list-contributor-insights list-exports
      list-global-tables list-imports list-tables list-tags-of-resource put-item
      put-resource-policy query restore-table-from-backup restore-table-to-point-in-time scan
      tag-resource transact-get-items transact-write-items untag-resource
      update-continuous-backups update-contributor-insights update-global-table
      update-global-table-settings update-item update-kinesis-streaming-destination update-table
      update-table-replica-auto-scaling update-time-to-live
      """
    ),
    (
      "dynamodbstreams",
      """
      describe-stream get-records get-shard-iterator list-streams
      """
    ),
    (
      "sts",
      """
      assume-role get-caller-identity
      """
    ),
  ]
}
