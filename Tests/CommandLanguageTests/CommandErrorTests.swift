// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import CommandLanguage
import Documents
import Testing

@Suite("Failures of AWS commands")
struct CommandErrorTests {
  private static let invalid = "\naws: [ERROR]: An error occurred (ParamValidation): "

  @Test("are told in the service's words, status 254")
  func service() {
    let refusal = ServiceError(code: "TableNotFoundException", message: "Table not found: Nope")
    let outcome = run(
      "aws dynamodb create-backup --table-name Nope --backup-name bkp",
      Rehearsal([.failure(refusal)]))
    #expect(
      outcome.stderr
        == "\naws: [ERROR]: An error occurred (TableNotFoundException) when calling the "
        + "CreateBackup operation: Table not found: Nope\n")
    #expect(outcome.status == 254)
    #expect(outcome.stdout == "")
    #expect(!outcome.isAccepted && !outcome.isChange)
    #expect(outcome.requests.count == 1)
  }

  @Test(
    "that may pass are met by sending the request twice more, and say so",
    arguments: [
      ("ThrottlingException", 400, 3), ("LimitExceededException", 400, 3),
      ("InternalServerError", 500, 3), ("ValidationException", 400, 1),
    ])
  func retries(code: String, status: Int, attempts: Int) {
    let refusal = ServiceError(code: code, message: "no", status: status)
    let rehearsal = Rehearsal([.failure(refusal)])
    let outcome = run("aws dynamodb list-tables", rehearsal)
    #expect(rehearsal.requests.count == attempts)
    #expect(outcome.stderr.contains("operation (reached max retries: 2): no") == (attempts == 3))
    let passing = Rehearsal([.failure(refusal), .success(["TableNames": []])])
    #expect(run("aws dynamodb list-tables", passing).status == (attempts == 3 ? 0 : 254))
  }

  @Test("show further members in the format asked for")
  func details() {
    let error = ServiceError(
      code: "X", message: "m",
      members: [
        "message": "m", "Reason": "r", "Few": ["a", 1], "Map": ["k": true],
        "Many": [1, 2, 3, 4, 5],
      ])
    func stderr(_ format: String) -> String {
      run("aws dynamodb list-tables \(format)", Rehearsal([.failure(error)])).stderr
    }
    let first = "\naws: [ERROR]: An error occurred (X) when calling the ListTables operation: m\n"
    #expect(
      stderr("") == first
        + "\nAdditional error details:\nReason: r\nFew: [a, 1]\nMap: {k: True}\n"
        + "Many: <complex value>\n"
        + "Use \"--cli-error-format json\" or another error format to see the full details.\n")
    #expect(stderr("--cli-error-format legacy") == first)
    #expect(
      stderr("--cli-error-format json").contains("    \"Code\": \"X\",\n    \"Reason\": \"r\","))
    #expect(stderr("--cli-error-format text").hasPrefix("X\tm\tr\n"))
    #expect(stderr("--cli-error-format yaml").hasPrefix("Code: X\nFew:\n- a\n- 1\n"))
    #expect(stderr("--cli-error-format table").contains("| Code |  Message  | Reason   |\n"))
  }

  @Test(
    "of a line that does not parse end with how to ask for help, status 252",
    arguments: [
      ("aws", "the following arguments are required: command"),
      ("aws dynamodb", "the following arguments are required: operation"),
      (
        "aws dynamodb create-backup",
        "the following arguments are required: --table-name, --backup-name"
      ),
      (
        "aws dynamodb create-backup --table-name o --backup-name",
        "argument --backup-name: expected one argument"
      ),
      (
        "aws dynamodb create-bakup",
        "argument operation: Found invalid choice 'create-bakup'\n\nMaybe you meant:\n\n"
          + "  * create-backup"
      ),
      ("aws dynamodb zzz", "argument operation: Found invalid choice 'zzz'\n"),
      (
        "aws dynamdb list-tables",
        "argument command: Found invalid choice 'dynamdb'\n\nMaybe you meant:\n\n  * dynamodb"
      ),
      (
        "aws dynamodb list-tables --output blah",
        "argument --output: Found invalid choice 'blah'\n"
      ),
      (
        "aws dynamodb list-tables --max-items x",
        "argument --max-items: invalid int value: 'x'"
      ),
      (
        "aws dynamodb create-backup --ba b",
        "the following arguments are required: --table-name"
      ),
      (
        "aws dynamodb list-backups --time-range b",
        "ambiguous option: --time-range could match --time-range-lower-bound, "
          + "--time-range-upper-bound"
      ),
      (
        "aws dynamodb get-item --table-name o --key id={S=k} --consistent-read=true",
        "argument --consistent-read: ignored explicit argument 'true'"
      ),
      (
        "aws dynamodb wait table-exsts --table-name o",
        "argument subcommand: Found invalid choice 'table-exsts'\n\nMaybe you meant:\n\n"
          + "  * table-exists\n  * table-not-exists"
      ),
    ])
  func parsing(line: String, message: String) {
    let outcome = run(line)
    #expect(outcome.stderr == Self.invalid + message + "\n\n" + usage)
    #expect(outcome.status == 252)
    #expect(outcome.requests.isEmpty)
  }

  @Test("of unknown options come after the usage block")
  func unknownOptions() {
    for (line, words) in [
      ("aws dynamodb list-tables --bogus", "--bogus"),
      ("aws dynamodb list-tables --bogus 1 two", "--bogus, 1, two"),
      ("aws dynamodb list-tables extra --x", "--x, extra"),
    ] {
      let outcome = run(line)
      #expect(outcome.stderr == "\n" + usage + "\n\naws: [ERROR]: Unknown options: \(words)\n")
      #expect(outcome.status == 252)
    }
  }

  @Test(
    "of values are told before anything is sent, status 252",
    arguments: [
      (
        "get-item --table-name o --key '{\"id\":}'",
        "Error parsing parameter '--key': Invalid JSON: Expecting value: line 1 column 7 (char 6)\n"
          + "JSON received: {\"id\":}"
      ),
      (
        "get-item --table-name o --key id",
        "Error parsing parameter '--key': Expected: '=', received: 'EOF' for input:\nid\n  ^"
      ),
      (
        "tag-resource --resource-arn a --tags Key=a,Key=b",
        "Error parsing parameter '--tags': Second instance of key \"Key\" encountered for input:\n"
          + "Key=a,Key=b\n      ^\nThis is often because there is a preceding \",\" instead of a space."
      ),
      (
        "get-item --table-name o --key file://nope.json",
        "Error parsing parameter '--key': Unable to load paramfile file://nope.json: "
          + "[Errno 2] No such file or directory: 'nope.json'"
      ),
      (
        "get-item --table-name file://bytes.bin --key id={S=k}",
        "Error parsing parameter '--table-name': Unable to load paramfile (bytes.bin), text contents "
          + "could not be decoded.  If this is a binary file, please use the fileb:// prefix instead "
          + "of the file:// prefix."
      ),
      (
        "create-backup --table-name o --backup-name b",
        "Parameter validation failed:\n"
          + "Invalid length for parameter BackupName, value: 1, valid min length: 3"
      ),
      (
        "update-continuous-backups --table-name o --point-in-time-recovery-specification Bogus=1",
        "Parameter validation failed:\n"
          + "Missing required parameter in PointInTimeRecoverySpecification: "
          + "\"PointInTimeRecoveryEnabled\"\n"
          + "Unknown parameter in PointInTimeRecoverySpecification: \"Bogus\", must be one of: "
          + "PointInTimeRecoveryEnabled, RecoveryPeriodInDays"
      ),
      (
        "restore-table-to-point-in-time --source-table-name orders --target-table-name ooo "
          + "--restore-date-time notadate",
        "Parameter validation failed:\nInvalid type for parameter RestoreDateTime, value: notadate, "
          + "type: <class 'str'>, valid types: <class 'datetime.datetime'>, timestamp-string"
      ),
      (
        "list-tables --query 'a['",
        "Bad value for --query a[: Invalid jmespath expression: Incomplete expression:\n\"a[\"\n   ^"
      ),
      (
        "list-tables --no-paginate --max-items 3",
        "Cannot specify --no-paginate along with pagination arguments: --max-items"
      ),
      (
        "create-backup --cli-input-json '{'",
        "Error parsing parameter 'cli-input-json': Invalid JSON received."
      ),
      (
        "create-backup --cli-input-json '[1]'",
        "Error parsing parameter '--cli-input-json': Invalid type: expecting map, "
          + "received <class 'list'>"
      ),
      (
        "list-tables --endpoint-url nope",
        "Bad value for --endpoint-url \"nope\": scheme is missing.  Must be of the form "
          + "http://<hostname>/ or https://<hostname>/"
      ),
      (
        "wait",
        "usage: aws [options] dynamodb wait <subcommand> [parameters]\n"
          + "aws: [ERROR]: too few arguments"
      ),
    ])
  func values(command: String, message: String) {
    let outcome = run("aws dynamodb " + command)
    #expect(outcome.stderr == Self.invalid + message + "\n")
    #expect(outcome.status == 252)
    #expect(outcome.requests.isEmpty)
  }

  @Test(
    "of other kinds have status 253 and 255",
    arguments: [
      ("aws configure", 255, "Not needed here; never type real keys."),
      ("aws iam list-roles", 255, "aws iam is not simulated by Rewind. Nothing was changed."),
      (
        "aws ddb select orders", 255,
        "aws ddb is not simulated by Rewind. Nothing was changed. aws dynamodb put-item, query and "
          + "scan do the same."
      ),
      (
        "aws dynamodb list-tables --profile nobody", 255,
        "The config profile (nobody) could not be found"
      ),
      (
        "aws dynamodb list-tables --region nowhere-1", 255,
        "Could not connect to the endpoint URL: \"https://dynamodb.nowhere-1.amazonaws.com/\""
      ),
      (
        "aws dynamodb list-tables --region 'not a region'", 255,
        "Provided region_name 'not a region' doesn't match a supported format."
      ),
      (
        "aws dynamodb list-backups --limit x", 255,
        "invalid literal for int() with base 10: 'x'"
      ),
      (
        "aws dynamodb get-item --table-name o --key id={B=x}", 255, "Invalid base64: \"x\""
      ),
      (
        "aws dynamodb list-tables --query 'length(Nope)'", 255,
        "In function length(), invalid type for value: None, expected one of: "
          + "['string', 'array', 'object'], received: \"null\""
      ),
      (
        "aws dynamodb list-tables --debug", 255,
        "--debug is not simulated by Rewind: no request leaves this machine."
      ),
      (
        "aws dynamodb create-backup --cli-input-yaml 5", 252,
        "An error occurred (ParamValidation): Error parsing parameter '--cli-input-yaml': "
          + "Invalid type: expecting map, received <class 'int'>"
      ),
      (
        "aws dynamodb create-backup --cli-input-yaml {a", 252,
        "An error occurred (ParamValidation): Error parsing parameter 'cli-input-yaml': "
          + "Invalid YAML received."
      ),
      (
        "aws dynamodb create-backup --cli-input-yaml {} --cli-input-json {}", 252,
        "An error occurred (ParamValidation): Only one --cli-input- parameter may be specified."
      ),
    ])
  func others(line: String, status: Int32, message: String) {
    let outcome = run(line)
    #expect(outcome.stderr == "\naws: [ERROR]: \(message)\n")
    #expect(outcome.status == status)
  }

  @Test("without a Region have status 253")
  func noRegion() {
    let outcome = run("aws dynamodb list-tables", context: context(region: nil))
    #expect(
      outcome.stderr == "\naws: [ERROR]: An error occurred (NoRegion): You must specify a region. "
        + "You can also configure your region by running \"aws configure\".\n")
    #expect(outcome.status == 253)
    let json = run(
      "aws dynamodb list-tables --cli-error-format json", context: context(region: nil))
    #expect(json.stderr.contains("\"Code\": \"NoRegion\""))
  }

  @Test("come with what to do next, apart from the CLI's own text")
  func coaching() {
    let refusal = Rehearsal([.failure(ServiceError(code: "X", message: "m"))])
    let place = context(tables: ["carts", "orders"])
    #expect(
      run(
        "aws dynamodb create-backup --table-name order --backup-name bkp", refusal, context: place
      ).coaching == ["Did you mean orders?", "Nothing was changed."])
    #expect(
      run("aws dynamodb describe-table --table-name orders", refusal, context: place).coaching
        == ["Nothing was changed."])
    #expect(
      run("aws dynamodb create-backup --table-name a --backup-name bkp --bckup-name b").coaching
        == ["Did you mean --backup-name?", "Nothing was changed."])
    #expect(
      run("aws dynamodb describe-table --table-name=order", refusal, context: place).coaching
        == ["Did you mean orders?", "Nothing was changed."])
    #expect(run("aws dynamodb list-tables").coaching.isEmpty)
    // The error has said it.
    #expect(run("aws iam list-roles").coaching.isEmpty)
  }

  @Test(
    "what a web page made of quotes and hyphens is named, but not in what the service refuses",
    arguments: [
      (
        "aws dynamodb put-item --table-name orders --item '{“id”: {“S”: “x”}}'",
        ["There are curved quotes in it: type \" and '."]
      ),
      (
        "aws dynamodb put-item --table-name orders --item ‘{}’",
        ["There are curved quotes in it: type \" and '."]
      ),
      (
        "aws dynamodb list-tables —output text",
        ["—output begins with a long dash: type --output."]
      ),
      ("aws dynamodb list-tables – x", []), ("aws dynamodb list-tables --bogus", []),
      ("aws dynamodb describe-table --table-name ‘orders’", []),
    ] as [(String, [String])])
  func typography(line: String, sentences: [String]) {
    let refusal = Rehearsal([
      .failure(ServiceError(code: "ResourceNotFoundException", message: "Table: orders not found"))
    ])
    #expect(run(line, refusal).coaching == sentences + ["Nothing was changed."])
  }
}
