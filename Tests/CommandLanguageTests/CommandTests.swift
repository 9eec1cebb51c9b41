// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import CommandLanguage
import Documents
import Testing

@Suite("AWS commands")
struct CommandTests {
  private static let backup: Document = [
    "BackupDetails": [
      "BackupCreationDateTime": 1_795_332_394.395, "BackupStatus": "AVAILABLE",
      "BackupArn": "arn:x", "BackupName": "bkp", "Unmodelled": 1,
    ]
  ]

  @Test("print the answer as the model orders it, times as ISO 8601 in UTC")
  func json() {
    let rehearsal = Rehearsal([.success(Self.backup)])
    let outcome = run("aws dynamodb create-backup --table-name o --backup-name bkp", rehearsal)
    #expect(
      outcome.stdout == """
        {
            "BackupDetails": {
                "BackupArn": "arn:x",
                "BackupName": "bkp",
                "BackupStatus": "AVAILABLE",
                "BackupCreationDateTime": "2026-11-22T07:26:34.395000+00:00"
            }
        }

        """)
    #expect(outcome.stderr == "")
    #expect(outcome.status == 0)
    #expect(outcome.isAccepted && outcome.isChange)
    #expect(rehearsal.inputs == [#"{"TableName":"o","BackupName":"bkp"}"#])
    #expect(rehearsal.requests.first?.operation == "CreateBackup")
    #expect(
      rehearsal.requests.first?.caller == Caller(account: "123456789012", region: "us-east-1"))
  }

  @Test(
    "print in every format",
    arguments: [
      ("--output text", "BACKUPDETAILS\tarn:x\t2026-11-22T07:26:34.395000+00:00\tbkp\tAVAILABLE\n"),
      (
        "--output yaml",
        "BackupDetails:\n  BackupArn: arn:x\n"
          + "  BackupCreationDateTime: '2026-11-22T07:26:34.395000+00:00'\n"
          + "  BackupName: bkp\n  BackupStatus: AVAILABLE\n"
      ),
      (
        "--output yaml-stream --query BackupDetails.BackupName",
        "- bkp\n"
      ),
      ("--output off", ""),
      ("--query BackupDetails.BackupArn --output text", "arn:x\n"),
      ("--query BackupDetails.BackupArn", "\"arn:x\"\n"),
      ("--query Nope", "null\n"), ("--query Nope --output text", "None\n"),
      ("--query '[]'", "null\n"), ("--output=text --query=BackupDetails.[BackupName]", "bkp\n"),
    ])
  func formats(options: String, stdout: String) {
    let outcome = run(
      "aws dynamodb create-backup --table-name o --backup-name bkp " + options,
      Rehearsal([.success(Self.backup)]))
    #expect(outcome.stdout == stdout)
    #expect(outcome.status == 0)
  }

  @Test("print nothing for an empty answer")
  func empty() {
    #expect(run("aws dynamodb get-item --table-name o --key id={S=k}").stdout == "")
    #expect(run("aws dynamodb get-item --table-name o --key id={S=k} --output yaml").stdout == "")
    #expect(run("aws dynamodb get-item --table-name o --key id={S=k} --output text").stdout == "")
  }

  @Test("let a real-typed number keep its point")
  func reals() {
    let outcome = run(
      "aws dynamodb get-item --table-name o --key id={S=k} --return-consumed-capacity TOTAL",
      Rehearsal([.success(["ConsumedCapacity": ["CapacityUnits": 1, "TableName": "o"]])]))
    #expect(outcome.stdout.contains("\"CapacityUnits\": 1.0"))
  }

  @Test(
    "read every kind of value",
    arguments: [
      (
        "get-item --table-name o --key '{\"id\":{\"S\":\"k\"}}'",
        #"{"TableName":"o","Key":{"id":{"S":"k"}}}"#
      ),
      (
        "get-item --table-name o --key file://key.json",
        #"{"TableName":"o","Key":{"id":{"S":"k"}}}"#
      ),
      (
        "get-item --table-name file://name.txt --key id={N=5}",
        #"{"TableName":"from-file","Key":{"id":{"N":"5"}}}"#
      ),
      (
        "get-item --table-name o --key id={S=k} --consistent-read",
        #"{"TableName":"o","Key":{"id":{"S":"k"}},"ConsistentRead":true}"#
      ),
      (
        "get-item --table-name o --key id={S=k} --consistent-read --no-consistent-read",
        #"{"TableName":"o","Key":{"id":{"S":"k"}},"ConsistentRead":false}"#
      ),
      (
        "get-item --table-name o --key id={B=AQI=}", #"{"TableName":"o","Key":{"id":{"B":"AQI="}}}"#
      ),
      (
        "get-item --table-name o --key id={B=AQI=} --cli-binary-format raw-in-base64-out",
        #"{"TableName":"o","Key":{"id":{"B":"QVFJPQ=="}}}"#
      ),
      (
        "get-item --table-name o --key 'id={B@=fileb://bytes.bin}'",
        #"{"TableName":"o","Key":{"id":{"B":"//4="}}}"#
      ),
      (
        "put-item --table-name o --item id={S=k},t={BOOL=true},l={L=[{S=a}]},s={SS=[a,b]}",
        #"{"TableName":"o","Item":{"id":{"S":"k"},"t":{"BOOL":true},"l":{"L":[{"S":"a"}]},"s":{"SS":["a","b"]}}}"#
      ),
      ("put-item --table-name o --item s={SS=a}", #"{"TableName":"o","Item":{"s":{"SS":["a"]}}}"#),
      (
        "tag-resource --resource-arn a --tags Key=a,Value=b Key=c,Value=d",
        #"{"ResourceArn":"a","Tags":[{"Key":"a","Value":"b"},{"Key":"c","Value":"d"}]}"#
      ),
      (
        "tag-resource --resource-arn a --tags '{\"Key\":\"a\",\"Value\":\"b\"}'",
        #"{"ResourceArn":"a","Tags":[{"Key":"a","Value":"b"}]}"#
      ),
      (
        "untag-resource --tag-keys a b --resource-arn x",
        #"{"ResourceArn":"x","TagKeys":["a","b"]}"#
      ),
      (
        "restore-table-to-point-in-time --source-table-name orders --target-table-name ooo --restore-date-time 2026-11-22T07:26:34.9Z",
        #"{"SourceTableName":"orders","TargetTableName":"ooo","RestoreDateTime":1795332394}"#
      ),
      (
        "restore-table-to-point-in-time --source-table-name orders --target-table-name ooo --restore-date-time 2026-11-22",
        #"{"SourceTableName":"orders","TargetTableName":"ooo","RestoreDateTime":1795305600}"#
      ),
      (
        "restore-table-to-point-in-time --source-table-name orders --target-table-name ooo --restore-date-time 1795332394.7",
        #"{"SourceTableName":"orders","TargetTableName":"ooo","RestoreDateTime":1795332394}"#
      ),
      (
        "update-continuous-backups --table-name o --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true,RecoveryPeriodInDays=7",
        #"{"TableName":"o","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true,"RecoveryPeriodInDays":7}}"#
      ),
      (
        "create-backup --cli-input-json '{\"TableName\":\"o\",\"BackupName\":\"abc\"}' --backup-name bkp",
        #"{"BackupName":"bkp","TableName":"o"}"#
      ),
      ("create-backup --table-n o --backup-na bkp", #"{"TableName":"o","BackupName":"bkp"}"#),
      (
        "create-backup --table-name=o --backup-name='b k p' --region eu-west-1",
        #"{"TableName":"o","BackupName":"b k p"}"#
      ),
      (
        "create-backup --table-name a --table-name o --backup-name bkp",
        #"{"TableName":"o","BackupName":"bkp"}"#
      ),
      (
        "update-item --table-name o --key id={S=k} --update-expression '-a b'",
        #"{"TableName":"o","Key":{"id":{"S":"k"}},"UpdateExpression":"-a b"}"#
      ),
    ])
  func values(command: String, input: String) {
    let rehearsal = Rehearsal()
    let outcome = run("aws dynamodb " + command, rehearsal)
    #expect(outcome.stderr == "")
    #expect(rehearsal.inputs == [input])
  }

  @Test("take Region and account from options, environment and profile, in this order")
  func places() {
    func place(_ line: String, _ context: CommandContext) -> Caller? {
      let rehearsal = Rehearsal()
      _ = run(line, rehearsal, context: context)
      return rehearsal.requests.first?.caller
    }
    let list = "aws dynamodb list-tables"
    let here = "123456789012"
    #expect(place(list, context()) == Caller(account: here, region: "us-east-1"))
    let both = ["AWS_REGION": "eu-west-2", "AWS_DEFAULT_REGION": "eu-west-3"]
    #expect(
      place(list, context(environment: both)) == Caller(account: here, region: "eu-west-2"))
    #expect(
      place(list, context(environment: ["AWS_DEFAULT_REGION": "eu-west-3"]))
        == Caller(account: here, region: "eu-west-3"))
    #expect(
      place(list + " --region sa-east-1", context(environment: both))
        == Caller(account: here, region: "sa-east-1"))
    #expect(
      place("aws --profile audit dynamodb list-tables", context())
        == Caller(account: "210987654321", region: "eu-west-1"))
    #expect(
      place(list, context(environment: ["AWS_PROFILE": "audit"]))
        == Caller(account: "210987654321", region: "eu-west-1"))
    #expect(place(list + " --profile default", context())?.account == here)
  }

  @Test("print samples of input and output without sending anything")
  func skeletons() {
    let rehearsal = Rehearsal()
    #expect(
      run("aws dynamodb create-backup --generate-cli-skeleton", rehearsal).stdout
        == "{\n    \"TableName\": \"\",\n    \"BackupName\": \"\"\n}\n")
    #expect(
      run(
        "aws dynamodb list-tables --generate-cli-skeleton output --query TableNames", rehearsal
      ).stdout == "[\n    \"TableName\"\n]\n")
    #expect(
      run("aws dynamodb update-table --generate-cli-skeleton yaml-input", rehearsal).stdout
        .hasPrefix(
          """
          AttributeDefinitions:
          - AttributeName: ''  # [REQUIRED] 
            AttributeType: S # [REQUIRED]  Valid values are: S, N, B.
          TableName: ''  # [REQUIRED] 
          BillingMode: PROVISIONED #  Valid values are: PROVISIONED, PAY_PER_REQUEST.
          ProvisionedThroughput:
            ReadCapacityUnits: 0  # [REQUIRED] 
            WriteCapacityUnits: 0 # [REQUIRED] 

          """))
    #expect(
      run("aws sts get-caller-identity --generate-cli-skeleton yaml-input", rehearsal).stdout
        == "{}\n")
    let failing = run(
      "aws dynamodb update-continuous-backups --table-name o --point-in-time-recovery-specification "
        + "PointInTimeRecoveryEnabled=true --generate-cli-skeleton output", rehearsal)
    #expect(failing.status == 252)
    #expect(failing.stderr.contains("RecoveryPeriodInDays, value: 0, valid min value: 1"))
    #expect(rehearsal.requests.isEmpty)
  }

  @Test("help from the model, required options first")
  func help() {
    #expect(
      run("aws dynamodb create-backup help").stdout == """
        aws dynamodb create-backup
            --table-name <string>
            --backup-name <string>
            [--cli-input-json <text>]
            [--cli-input-yaml <text>]
            [--generate-cli-skeleton <input|output|yaml-input>]

        Keeps a whole table, as it is at this second, until you delete the backup. It
        takes no capacity from the table, whatever its size. Recorded are items, keys,
        indexes, throughput and encryption; not tags, TTL, streams, alarms, policies or
        PITR.

        Costs: 0.10 USD a GB-month of table and local indexes, each backup for itself.
        Takes: AVAILABLE well within a second; there is no waiter, describe-backup
        tells.

        Required

          --table-name                              string 1…1024
          --backup-name                             string 3…255

        Optional

          --cli-input-json                          JSON with all members; options win
          --cli-input-yaml                          YAML with all members; options win
          --generate-cli-skeleton                   input | output | yaml-input: print a template, send nothing

        Answers with BackupDetails.

        Examples

          aws dynamodb create-backup --table-name orders --backup-name before

        Exit status

          0    done
          252  the line does not parse, or a value does not fit
          253  no Region or no credentials
          254  the service refused
          255  anything else, such as a waiter that gave up

        """)
    for line in [
      "aws help", "aws dynamodb help", "aws dynamodb wait help",
      "aws dynamodb wait table-exists help", "aws dynamodb scan help",
    ] {
      let outcome = run(line)
      #expect(outcome.status == 0 && outcome.stderr == "" && outcome.stdout.utf8.count > 100)
    }
    #expect(!run("aws dynamodb list-backups help").stdout.contains("--exclusive-start-backup-arn"))
    #expect(run("aws --version").stdout.hasPrefix("aws-cli/2."))
  }

  @Test(
    "one value of a metric is put by options of its own",
    arguments: [
      (
        "--value 3 --unit Count --dimensions table=orders,stage=test",
        #"{"MetricName":"Lost","Unit":"Count","Value":3.0,"Dimensions":["#
          + #"{"Name":"table","Value":"orders"},{"Name":"stage","Value":"test"}]}"#
      ),
      (
        "--statistic-values SampleCount=2,Sum=5,Minimum=2,Maximum=3 --storage-resolution 1",
        #"{"MetricName":"Lost","StatisticValues":{"SampleCount":2.0,"Sum":5.0,"Minimum":2.0,"#
          + #""Maximum":3.0},"StorageResolution":1}"#
      ),
      ("--value many", nil), ("--dimensions table", nil), ("--dimensions table=a=b", nil),
      ("--value 1 --metric-data MetricName=Lost", nil), ("--storage-resolution often", nil),
    ] as [(String, String?)])
  func metric(options: String, datum: String?) {
    let rehearsal = Rehearsal()
    let line = "aws cloudwatch put-metric-data --namespace Orders --metric-name Lost \(options)"
    #expect((run(line, rehearsal).status == 0) == (datum != nil))
    #expect(
      rehearsal.inputs
        == (datum.map { [#"{"Namespace":"Orders","MetricData":[\#($0)]}"#] } ?? []))
    #expect(
      run("aws cloudwatch put-metric-data help").stdout.contains("[--statistic-values <text>]"))
  }

  @Test("a topic's subscriber is named as the CLI names it, for --endpoint would be a URL's")
  func subscriber() {
    let topic = "--topic-arn arn:aws:sns:us-east-1:123456789012:ops --protocol email"
    let rehearsal = Rehearsal()
    #expect(run("aws sns subscribe \(topic) --notification-endpoint a@b.c", rehearsal).status == 0)
    #expect(rehearsal.inputs.first?.contains(#""Endpoint":"a@b.c""#) == true)
    #expect(run("aws sns subscribe \(topic) --endpoint a@b.c").status == 252)
  }

  @Test(
    "names of buckets are checked before they are sent, as loosely as the CLI does",
    arguments: [
      ("Shelf_1", 0), (String(repeating: "a", count: 255), 0), ("", 252), ("a b", 252),
      (String(repeating: "a", count: 256), 252),
      ("arn:aws:s3:us-east-1:123456789012:accesspoint/shelf", 0),
    ] as [(String, Int32)])
  func bucketNames(name: String, status: Int32) {
    let outcome = run("aws s3api head-bucket --bucket '\(name)'")
    #expect(outcome.status == status)
    #expect(outcome.stderr.contains("Invalid bucket name") == (status != 0))
  }

  @Test("the first Region's buckets have no location, which is printed")
  func firstRegion() {
    #expect(
      run("aws s3api get-bucket-location --bucket shelf").stdout
        == "{\n    \"LocationConstraint\": null\n}\n")
  }
}
