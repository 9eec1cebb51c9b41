// SPDX-License-Identifier: GPL-3.0-or-later

/// What help says of an operation in our own words: the model has none.
struct OperationNote {
  let service: String
  let operation: String
  /// What it does, and the one thing one would get wrong.
  let does: String
  /// What it costs, in us-east-1; nil for what costs nothing beyond its request.
  var costs: String?
  /// When its effect is there, and how to wait for it; nil for what is there at once.
  var waits: String?
  /// Lines that run one after the other in a world with a table `orders` that has PITR.
  var examples: [String] = []

  /// The note of an operation; nil where the model says enough.
  static func of(service: String, operation: String) -> OperationNote? {
    all.first { $0.service == service && $0.operation == operation }
  }

  /// All notes; a test runs the examples.
  static let all = backups + recovery + tables + items + neighbours

  private init(
    _ operation: String, of service: String = "dynamodb", _ does: String, costs: String? = nil,
    waits: String? = nil, examples: [String] = []
  ) {
    self.service = service
    self.operation = operation
    self.does = does
    self.costs = costs
    self.waits = waits
    self.examples = examples
  }

  /// A line that keeps the newest backup's ARN, for the examples that need one.
  private static let newestBackup =
    "ARN=$(aws dynamodb list-backups --table-name orders --query 'BackupSummaries[-1].BackupArn' "
    + "--output text)"
  private static let firstBackup =
    "aws dynamodb create-backup --table-name orders --backup-name before"
  private static let key = "'{\"order_id\":{\"S\":\"o-1\"}}'"

  // MARK: Backups

  private static let backups = [
    OperationNote(
      "CreateBackup",
      "Keeps a whole table, as it is at this second, until you delete the backup. It takes no "
        + "capacity from the table, whatever its size. Recorded are items, keys, indexes, "
        + "throughput and encryption; not tags, TTL, streams, alarms, policies or PITR.",
      costs: "0.10 USD a GB-month of table and local indexes, each backup for itself.",
      waits: "AVAILABLE well within a second; there is no waiter, describe-backup tells.",
      examples: [firstBackup]),
    OperationNote(
      "DescribeBackup",
      "Tells a backup's status, size and source table: also after the table is gone.",
      examples: [firstBackup, newestBackup, "aws dynamodb describe-backup --backup-arn $ARN"]),
    OperationNote(
      "ListBackups",
      "Lists backups, oldest first, of one table or of all in this Region. Without --backup-type "
        + "it leaves those of AWS Backup out; SYSTEM ones are what deleting a table with PITR left.",
      examples: [
        "aws dynamodb list-backups --table-name orders",
        "aws dynamodb list-backups --backup-type ALL --max-items 5",
      ]),
    OperationNote(
      "DeleteBackup",
      "Deletes a backup for good. There is no undo in the service (there is here: undo), and no "
        + "protection: whoever may call it can.",
      examples: [firstBackup, newestBackup, "aws dynamodb delete-backup --backup-arn $ARN"]),
    OperationNote(
      "RestoreTableFromBackup",
      "Makes a new table of a backup; nothing is ever restored into one that exists. Leaving the "
        + "indexes out, by an empty override, makes it faster. Tags, TTL, streams, policies, alarms, "
        + "auto scaling, deletion protection and PITR are yours to set again.",
      costs: "0.15 USD a GB, once.",
      waits: "Minutes to hours; CREATING until then: aws dynamodb wait table-exists.",
      examples: [
        firstBackup, newestBackup,
        "aws dynamodb restore-table-from-backup --target-table-name orders-copy --backup-arn $ARN",
        "aws dynamodb wait table-exists --table-name orders-copy",
      ]),
  ]

  // MARK: Point-in-time recovery

  private static let recovery = [
    OperationNote(
      "UpdateContinuousBackups",
      "Turns point-in-time recovery on or off, or changes how many days it reaches back (1 to 35). "
        + "Turning it off forgets the whole history at once; turning it on again begins anew.",
      costs: "0.20 USD a GB-month of table and local indexes while on, however many days.",
      waits: "On at once; what can be restored trails the present by about five minutes.",
      examples: [
        "aws dynamodb update-continuous-backups --table-name orders "
          + "--point-in-time-recovery-specification "
          + "PointInTimeRecoveryEnabled=true,RecoveryPeriodInDays=14"
      ]),
    OperationNote(
      "DescribeContinuousBackups",
      "Tells whether point-in-time recovery is on, and between which two seconds a table can be "
        + "restored.",
      examples: ["aws dynamodb describe-continuous-backups --table-name orders"]),
    OperationNote(
      "RestoreTableToPointInTime",
      "Makes a new table with the items as they were at a second of the window; settings are those "
        + "that the source has now. Give one source (name or ARN) and one time: --restore-date-time, "
        + "or --use-latest-restorable-time, which is about five minutes ago and not now.",
      costs: "0.15 USD a GB, once; from another Region also the transfer.",
      waits: "Minutes to hours; CREATING until then: aws dynamodb wait table-exists.",
      examples: [
        "aws dynamodb restore-table-to-point-in-time --source-table-name orders "
          + "--target-table-name orders-then --use-latest-restorable-time",
        "aws dynamodb wait table-exists --table-name orders-then",
      ]),
    OperationNote(
      "ExportTableToPointInTime",
      "Writes the items of a second of the window, or what changed between two, to a bucket, "
        + "without touching the table's capacity. Needs point-in-time recovery.",
      costs: "0.10 USD a GB of table and local indexes; an incremental one by what it reads.",
      waits: "Minutes: aws dynamodb wait export-completed."),
  ]

  // MARK: Tables

  private static let tables = [
    OperationNote(
      "CreateTable",
      "Makes a table. Only the attributes of keys are defined; everything else is the items'. Local "
        + "indexes can be made here and never later.",
      waits: "ACTIVE after seconds: aws dynamodb wait table-exists.",
      examples: [
        "aws dynamodb create-table --table-name notes --billing-mode PAY_PER_REQUEST "
          + "--attribute-definitions AttributeName=id,AttributeType=S "
          + "--key-schema AttributeName=id,KeyType=HASH",
        "aws dynamodb wait table-exists --table-name notes",
      ]),
    OperationNote(
      "DescribeTable",
      "Tells everything about a table but what is in it. ItemCount and TableSizeBytes are about six "
        + "hours old.",
      examples: ["aws dynamodb describe-table --table-name orders --query Table.TableStatus"]),
    OperationNote(
      "UpdateTable",
      "Changes a table's capacity, indexes, stream, class, encryption, protection or replicas; the "
        + "service takes one kind of change at a time while the table is ACTIVE.",
      waits: "UPDATING until it is done: aws dynamodb wait table-exists.",
      examples: [
        "aws dynamodb update-table --table-name orders --deletion-protection-enabled"
      ]),
    OperationNote(
      "DeleteTable",
      "Deletes a table with all its items. With point-in-time recovery on, a system backup stays "
        + "for 35 days, at no charge; without it nothing does. On-demand backups always stay.",
      waits: "DELETING for seconds: aws dynamodb wait table-not-exists.",
      examples: [
        "aws dynamodb delete-table --table-name orders",
        "aws dynamodb wait table-not-exists --table-name orders",
        "aws dynamodb list-backups --table-name orders --backup-type SYSTEM",
      ]),
    OperationNote(
      "ListTables", "Lists the names of this account's tables in this Region, 100 a page.",
      examples: ["aws dynamodb list-tables"]),
    OperationNote(
      "UpdateTimeToLive",
      "Names the attribute that holds an item's end, as epoch seconds in a Number. Expired items go "
        + "within days, at no charge, and are read until then. No restore brings the setting.",
      examples: [
        "aws dynamodb update-time-to-live --table-name orders "
          + "--time-to-live-specification Enabled=true,AttributeName=expires"
      ]),
  ]

  // MARK: Items

  private static let items = [
    OperationNote(
      "PutItem",
      "Writes a whole item over the one of the same key, if any. A condition makes it refuse instead.",
      examples: [
        "aws dynamodb put-item --table-name orders --item \(key)",
        "aws dynamodb put-item --table-name orders --item \(key) "
          + "--condition-expression 'attribute_exists(order_id)'",
      ]),
    OperationNote(
      "GetItem",
      "Reads one item by its whole key; prints nothing where there is none. Eventually consistent "
        + "unless --consistent-read is given.",
      examples: ["aws dynamodb get-item --table-name orders --key \(key)"]),
    OperationNote(
      "UpdateItem",
      "Changes attributes of one item, and makes the item where there is none.",
      examples: [
        "aws dynamodb update-item --table-name orders --key \(key) "
          + "--update-expression 'SET #s = :s' --expression-attribute-names '{\"#s\":\"status\"}' "
          + "--expression-attribute-values '{\":s\":{\"S\":\"paid\"}}' --return-values ALL_NEW"
      ]),
    OperationNote(
      "DeleteItem", "Deletes one item by its key; deleting what is not there is no error.",
      examples: ["aws dynamodb delete-item --table-name orders --key \(key)"]),
    OperationNote(
      "Query",
      "Reads the items of one partition, in the order of the sort key. A filter drops what was read, "
        + "and paid for, already.",
      examples: [
        "aws dynamodb query --table-name orders --key-condition-expression 'order_id = :o' "
          + "--expression-attribute-values '{\":o\":{\"S\":\"o-1\"}}'"
      ]),
    OperationNote(
      "Scan",
      "Reads a whole table or index, a megabyte a page: the dearest way to find something.",
      examples: ["aws dynamodb scan --table-name orders --select COUNT"]),
  ]

  // MARK: Neighbours

  private static let neighbours = [
    OperationNote(
      "GetCallerIdentity", of: "sts",
      "Tells whose credentials a command carries; nobody is refused.",
      examples: ["aws sts get-caller-identity"]),
    OperationNote(
      "AssumeRole", of: "sts",
      "Issues keys of a role, for an hour at most here. A profile with role_arn and source_profile "
        + "(aws configure set) does the same behind --profile.",
      examples: [
        "aws sts assume-role --role-arn arn:aws:iam::210987654321:role/restore "
          + "--role-session-name night"
      ]),
    OperationNote(
      "LookupEvents", of: "cloudtrail",
      "Finds who called what in the last 90 days, newest first, by one attribute at most. Calls show "
        + "up after minutes; reads and writes of items never do.",
      examples: [
        "aws cloudtrail lookup-events --lookup-attributes "
          + "AttributeKey=EventName,AttributeValue=CreateBackup"
      ]),
    OperationNote(
      "GetCostAndUsage", of: "ce",
      "Says what was used and what it cost, by month, day or hour (of the last 14 days). DynamoDB posts "
        + "its own backups for the rest of the month at once; AWS Backup's lines grow by the hour. "
        + "The service charges a cent for each request; here it is free.",
      examples: [
        "aws ce get-cost-and-usage --time-period Start=2026-03-01,End=2026-04-01 "
          + "--granularity MONTHLY --metrics UnblendedCost UsageQuantity "
          + "--group-by Type=DIMENSION,Key=USAGE_TYPE"
      ]),
    OperationNote(
      "UpdateCostAllocationTagsStatus", of: "ce",
      "Makes tags split the bill, from a day later on. Only the account that pays may; DynamoDB's own "
        + "backups bear no tags."),
    OperationNote(
      "ScheduleKeyDeletion", of: "kms",
      "Disables a key now and deletes it after 7 to 30 days; tables and backups encrypted with it are "
        + "lost then."),
  ]
}
