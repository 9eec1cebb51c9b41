// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

extension Bench {
  static func topic(_ name: String) -> String { "arn:aws:sns:us-east-1:123456789012:\(name)" }

  /// Makes a topic that lets some services publish; somebody reads it.
  mutating func makeTopic(_ name: String, for services: String...) throws {
    let names = services.map { "\\'\($0).amazonaws.com\\'" }.joined(separator: ",")
    let policy =
      "{\\'Statement\\':[{\\'Effect\\':\\'Allow\\',\\'Principal\\':{\\'Service\\':[\(names)]},"
      + "\\'Action\\':\\'SNS:Publish\\',\\'Resource\\':\\'*\\'}]}"
    let attributes = services.isEmpty ? "" : ",'Attributes':{'Policy':'\(policy)'}"
    try call("CreateTopic", "{'Name':'\(name)'\(attributes)}", service: "sns")
  }

  /// Has a rule send what it matches to a topic, the state alone where there is one.
  mutating func watch(_ detailType: String, to topic: String, path: String) throws {
    try makeTopic(topic, for: "events")
    try call(
      "PutRule",
      "{'Name':'\(topic)','EventPattern':'{\\'detail-type\\':[\\'\(detailType)\\']}'}",
      service: "events")
    try call(
      "PutTargets",
      "{'Rule':'\(topic)','Targets':[{'Id':'1','Arn':'\(Self.topic(topic))','InputPath':'\(path)'}]}",
      service: "events")
  }

  /// What a topic was sent, in order.
  func sent(to topic: String) -> [String] {
    cloud.observations.notifications.filter { $0.topicARN == Self.topic(topic) }
      .map { $0.message.replacing("\"", with: "'") }
  }
}

@Suite("What AWS Backup tells")
struct BackupMonitoringTests {
  @Test("each change of a job, its recovery point and its vault reaches the bus")
  func bus() throws {
    var bench = try Bench.withOrders()
    try bench.watch("Backup Job State Change", to: "jobs", path: "$.detail.state")
    try bench.watch("Recovery Point State Change", to: "points", path: "$.detail.status")
    try bench.watch("Backup Vault State Change", to: "vaults", path: "$.detail.state")
    try bench.watch("Region Setting State Change", to: "settings", path: "$.detail.state")
    try bench.backup("CreateBackupVault", "{'BackupVaultName':'prod'}")
    let arn = try bench.recoveryPoint()
    try bench.backup(
      "UpdateRecoveryPointLifecycle",
      "{'BackupVaultName':'prod','RecoveryPointArn':'\(arn)','Lifecycle':{'DeleteAfterDays':7}}")
    try bench.backup(
      "DeleteRecoveryPoint", "{'BackupVaultName':'prod','RecoveryPointArn':'\(arn)'}")
    bench.wait(.minutes(10))
    try bench.backup(
      "PutBackupVaultLockConfiguration", "{'BackupVaultName':'prod','MinRetentionDays':1}")
    try bench.backup("DeleteBackupVault", "{'BackupVaultName':'prod'}")
    try bench.backup("CreateLogicallyAirGappedBackupVault", AirGappedVaultTests.create(7, 30))
    try bench.backup(
      "UpdateRegionSettings", "{'ResourceTypeOptInPreference':{'DynamoDB':true}}")
    bench.wait(.minutes(5))
    #expect(bench.sent(to: "jobs") == ["'CREATED'", "'PENDING'", "'RUNNING'", "'COMPLETED'"])
    #expect(
      bench.sent(to: "points") == ["'CREATING'", "'COMPLETED'", "'MODIFIED'", "'DELETING'"])
    #expect(
      bench.sent(to: "vaults") == ["'CREATED'", "'MODIFIED'", "'DELETED'", "'CREATED'"])
    #expect(bench.sent(to: "settings") == ["'MODIFIED'"])
  }

  @Test("an event says what its guide shows, and comes with the next five minutes")
  func shape() throws {
    var bench = try Bench.withVault()
    try bench.watch("Backup Job State Change", to: "jobs", path: "$")
    let id = try bench.startBackup()
    bench.wait(.minutes(4))
    #expect(bench.sent(to: "jobs").isEmpty)
    bench.wait(.minutes(6))
    let job = try bench.job(id)
    let last = try Document.parse(
      try #require(bench.sent(to: "jobs").last).replacing("'", with: "\""))
    #expect(last.show("source") == "'aws.backup'" && last.show("account") == "'123456789012'")
    #expect(last.show("resources") == "['\(try job.text("RecoveryPointArn"))']")
    let detail = try #require(last.at("detail"))
    #expect(
      detail.members.map(\.name) == [
        "backupJobId", "backupSizeInBytes", "backupVaultArn", "backupVaultName",
        "bytesTransferred", "creationDate", "iamRoleArn", "resourceArn", "resourceType", "state",
        "completionDate", "startBy", "percentDone",
      ])
    #expect(detail.show("backupJobId") == "'\(id)'" && detail.show("percentDone") == "100")
    let size = try #require(job.at("BackupSizeInBytes")).json()
    #expect(detail.show("backupSizeInBytes") == "'\(size)'")
  }

  @Test("a failed job is told with its reason in quotes, a plan with what became of it")
  func failureAndPlan() throws {
    var bench = try Bench.withVault()
    try bench.watch("Backup Job State Change", to: "jobs", path: "$.detail.statusMessage")
    try bench.watch("Backup Plan State Change", to: "plans", path: "$.detail.state")
    _ = try bench.startBackup()
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    let plan = try bench.backup(
      "CreateBackupPlan",
      "{'BackupPlan':{'BackupPlanName':'p','Rules':[{'RuleName':'r','TargetBackupVaultName':'prod'}]}}"
    ).text("BackupPlanId")
    try bench.backup("DeleteBackupPlan", "{'BackupPlanId':'\(plan)'}")
    bench.wait(.minutes(10))
    #expect(bench.sent(to: "jobs").last == "'\\'Table not found.\\''")
    #expect(bench.sent(to: "plans") == ["'CREATED'", "'DELETED'"])
  }

  @Test("copies and restores are told too")
  func copiesAndRestores() throws {
    var bench = try Bench.withVault()
    try bench.watch("Copy Job State Change", to: "copies", path: "$.detail.state")
    try bench.watch("Restore Job State Change", to: "restores", path: "$.detail.status")
    try bench.backup(
      "UpdateRegionSettings", "{'ResourceTypeManagementPreference':{'DynamoDB':true}}")
    try bench.backup("CreateBackupVault", "{'BackupVaultName':'second'}")
    let arn = try bench.recoveryPoint()
    try bench.backup(
      "StartCopyJob",
      "{'RecoveryPointArn':'\(arn)','SourceBackupVaultName':'prod','IamRoleArn':'\(Bench.role)',"
        + "'DestinationBackupVaultArn':'arn:aws:backup:us-east-1:123456789012:backup-vault:second'}"
    )
    try bench.backup(
      "StartRestoreJob",
      "{'RecoveryPointArn':'\(arn)','IamRoleArn':'\(Bench.role)','Metadata':{'targetTableName':'copy'}}"
    )
    bench.wait(.hours(1))
    #expect(bench.sent(to: "copies") == ["'CREATED'", "'RUNNING'", "'COMPLETED'"])
    // A new restore job has a state and no status.
    #expect(bench.sent(to: "restores") == ["null", "'PENDING'", "'RUNNING'", "'COMPLETED'"])
  }

  @Test("a vault's topic gets the events that were asked for, if its policy lets AWS Backup")
  func notifications() throws {
    var bench = try Bench.withVault()
    try bench.makeTopic("open", for: "backup")
    try bench.makeTopic("closed")
    for topic in ["closed", "open"] {
      try bench.backup(
        "PutBackupVaultNotifications",
        "{'BackupVaultName':'prod','SNSTopicArn':'\(Bench.topic(topic))',"
          + "'BackupVaultEvents':['BACKUP_JOB_STARTED','BACKUP_JOB_COMPLETED','BACKUP_JOB_FAILED']}"
      )
      _ = try bench.recoveryPoint()
    }
    #expect(bench.sent(to: "closed").isEmpty)
    let messages = bench.sent(to: "open")
    #expect(messages.count == 2, "\(messages)")
    #expect(messages.first?.hasPrefix("An AWS Backup job was started. Recovery point ARN:") == true)
    let last = try #require(messages.last)
    #expect(last.hasPrefix("An AWS Backup job was completed successfully. "))
    #expect(last.contains("Resource ARN : \(Bench.ordersARN). BackupJob ID : "))
    #expect(
      bench.cloud.observations.notifications.last?.subject == "Notification from AWS Backup")
    // COMPLETED is said of every end; a job that failed has its own deprecated event besides.
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    bench.wait(.minutes(1))
    _ = try bench.startBackup()
    bench.wait(.minutes(10))
    #expect(bench.sent(to: "open").count == 4)
    try bench.backup("DeleteBackupVaultNotifications", "{'BackupVaultName':'prod'}")
    _ = try bench.startBackup()
    bench.wait(.minutes(10))
    #expect(bench.sent(to: "open").count == 4)
  }

  @Test("a filter on the State attribute keeps successes from a reader")
  func filter() throws {
    var bench = try Bench.withVault()
    try bench.makeTopic("alarm", for: "backup")
    try bench.call(
      "Subscribe",
      "{'TopicArn':'\(Bench.topic("alarm"))','Protocol':'sms','Endpoint':'+15550100',"
        + "'Attributes':{'FilterPolicy':'{\\'State\\':[{\\'anything-but\\':\\'COMPLETED\\'}]}'}}",
      service: "sns")
    try bench.backup(
      "PutBackupVaultNotifications",
      "{'BackupVaultName':'prod','SNSTopicArn':'\(Bench.topic("alarm"))',"
        + "'BackupVaultEvents':['BACKUP_JOB_COMPLETED']}")
    _ = try bench.recoveryPoint()
    try bench.call("DeleteTable", "{'TableName':'orders'}")
    bench.wait(.minutes(1))
    _ = try bench.startBackup()
    bench.wait(.minutes(10))
    #expect(
      bench.cloud.observations.notifications.map(\.recipients) == [[], ["sms:+15550100"]])
  }

  @Test("the trail has what AWS Backup did by itself, between the calls")
  func trail() throws {
    var bench = try Bench.withVault()
    let arn = try bench.recoveryPoint()
    _ = bench.backupRefusal("DeleteBackupVault", "{'BackupVaultName':'prod'}")
    bench.wait(.minutes(5))
    func events(_ key: String, _ value: String) throws -> [Document] {
      try bench.call(
        "LookupEvents",
        "{'LookupAttributes':[{'AttributeKey':'\(key)','AttributeValue':'\(value)'}]}",
        service: "cloudtrail")["Events"]?.array ?? []
    }
    let names: [String] = try events("EventSource", "backup.amazonaws.com").map {
      try $0.text("EventName")
    }
    let expected: [String] = [
      "DeleteBackupVault", "DescribeBackupJob", "RecoveryPointCreated", "BackupJobCompleted",
      "BackupJobStarted", "StartBackupJob", "CreateBackupVault",
    ]
    #expect(names == expected)
    let made = try Document.parse(
      try events("EventName", "RecoveryPointCreated")[0].text("CloudTrailEvent"))
    #expect(made.show("eventType") == "'AwsServiceEvent'")
    #expect(made.show("userIdentity.invokedBy") == "'backup.amazonaws.com'")
    #expect(made.show("serviceEventDetails.recoveryPointArn") == "'\(arn)'")
    // Whoever tried and failed is there as well, by vault.
    let refused = try events("ResourceName", "prod")
    #expect(refused.first?.show("EventName") == "'DeleteBackupVault'")
    let record = try Document.parse(try refused[0].text("CloudTrailEvent"))
    #expect(record.show("errorCode") == "'InvalidRequestException'")
    #expect(record.show("resources.0.type") == "'AWS::Backup::BackupVault'")
    // The table's own trail shows the backup as a call of AWS Backup's.
    let asked = try ["CreateBackup", "StartAwsBackupJob"].map { try events("EventName", $0).count }
    #expect(asked.reduce(0, +) == 1)
  }
}
