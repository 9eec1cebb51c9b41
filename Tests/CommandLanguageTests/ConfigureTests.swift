// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import CommandLanguage
import Documents
import Simulation
import Testing

/// A world's settings and keys, kept from line to line.
private final class Desk {
  var names: [String: String] = [:]
  var environment: [String: String] = [:]
  var cloud = Cloud(seed: 7, clock: Instant(seconds: 1_772_818_800))

  func run(_ line: String) -> CommandOutcome {
    guard case .command(let words, _) = Words.read(line, value: { _ in nil }) else {
      return CommandOutcome(stderr: "not a command", status: -1)
    }
    var context = context(environment: environment)
    context.configuration = Configuration(names: names)
    var door = Door(
      perform: { request in
        do throws(ServiceError) {
          return .success(try self.cloud.perform(request))
        } catch {
          return .failure(error)
        }
      },
      now: { self.cloud.now }, advance: { self.cloud.advance(by: $0) }, pending: { [] })
    door.roleSession = { self.cloud.roleSession(forKey: $0) }
    let outcome = AWSCommand.run(words: words, context: context, door: door)
    for change in outcome.configured { names[change.worldName] = change.value }
    return outcome
  }

  var arn: String {
    run("aws sts get-caller-identity --query Arn --output text").stdout
      .replacing("\n", with: "")
  }
}

@Suite("aws configure and credentials")
struct ConfigureTests {
  @Test("what is set is got, listed and followed")
  func settings() {
    let desk = Desk()
    #expect(desk.run("aws configure get region").stdout == "us-east-1\n")
    #expect(desk.run("aws configure get output").status == 1)
    for line in [
      "region eu-west-1", "output text", "profile.vault.aws_access_key_id 210987654321",
      "profile.vault.region eu-central-1", "audit.s3.addressing_style path",
    ] {
      let outcome = desk.run("aws configure set \(line)")
      #expect(outcome.status == 0 && outcome.stdout.isEmpty, "\(line): \(outcome.stderr)")
    }
    #expect(desk.run("aws configure get default.region").stdout == "eu-west-1\n")
    #expect(desk.run("aws configure get region --profile vault").stdout == "eu-central-1\n")
    #expect(desk.run("aws configure get profile.audit.s3.addressing_style").stdout == "path\n")
    #expect(desk.run("aws configure get region --profile nobody").status == 255)
    #expect(desk.run("aws configure list-profiles").stdout == "default\naudit\nvault\n")
    let identity = desk.run("aws sts get-caller-identity --profile vault --query [Account,Arn]")
    #expect(identity.stdout.contains("arn:aws:iam::210987654321:user/admin"))
    #expect(identity.requests.first?.caller.region == "eu-central-1")
    #expect(desk.run("aws dynamodb list-tables").requests.first?.caller.region == "eu-west-1")
    #expect(
      desk.run("aws configure list --profile vault --region us-west-2").stdout == """
        NAME       : VALUE                    : TYPE             : LOCATION
        profile    : vault                    : manual           : --profile
        access_key : ****************\(Caller(account: "210987654321", region: "us-west-2").accessKeyID.suffix(4))     : shared-credentials-file : \

        secret_key : ********************     : shared-credentials-file : \

        region     : us-west-2                : manual           : --region

        """)
  }

  @Test(
    "keys of the real world are not kept, nor is anything that asks for them done",
    arguments: [
      "", "set aws_access_key_id AKIAIOSFODNN7EXAMPLE",
      "set aws_secret_access_key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      "set profile.x.aws_session_token IQoJb3JpZ2luX2VjEXAMPLETOKEN", "sso",
      "import --csv file://x",
    ])
  func realKeys(words: String) {
    let desk = Desk()
    let outcome = desk.run("aws configure \(words)")
    #expect(outcome.status == 255 && outcome.configured.isEmpty)
    #expect(outcome.stderr.hasSuffix("Not needed here; never type real keys.\n"))
  }

  @Test("a profile with a role is that role, in its account")
  func roleProfiles() {
    let desk = Desk()
    // A profile that was made here has no Region of its own, as with the CLI.
    #expect(desk.run("aws configure set profile.far.output json").status == 0)
    #expect(desk.run("aws sts get-caller-identity --profile far").status == 253)
    desk.environment["AWS_REGION"] = "us-east-1"
    _ = desk.run("aws configure set profile.up.role_arn arn:aws:iam::210987654321:role/ops/up")
    #expect(
      desk.run("aws sts get-caller-identity --profile up").stderr.contains(
        "Partial credentials found in assume-role, missing: source_profile"))
    _ = desk.run("aws configure set profile.up.source_profile nobody")
    #expect(
      desk.run("aws sts get-caller-identity --profile up").stderr.contains("does not exist"))
    _ = desk.run("aws configure set profile.up.source_profile default")
    _ = desk.run("aws configure set profile.up.role_session_name night")
    desk.environment["AWS_PROFILE"] = "up"
    #expect(desk.arn == "arn:aws:sts::210987654321:assumed-role/up/night")
    desk.environment["AWS_PROFILE"] = "loop"
    _ = desk.run("aws configure set profile.loop.role_arn arn:aws:iam::210987654321:role/a")
    _ = desk.run("aws configure set profile.loop.source_profile twin")
    _ = desk.run("aws configure set profile.twin.role_arn arn:aws:iam::210987654321:role/b")
    _ = desk.run("aws configure set profile.twin.source_profile loop")
    #expect(desk.run("aws sts get-caller-identity").stderr.contains("Infinite loop"))
  }

  @Test("keys of the environment are an account's, a session's or nobody's")
  func keys() throws {
    let desk = Desk()
    desk.environment["AWS_ACCESS_KEY_ID"] = "210987654321"
    #expect(desk.arn == "arn:aws:iam::210987654321:user/admin")
    let issued = try Document.parse(
      desk.run(
        "aws sts assume-role --role-arn arn:aws:iam::111122223333:role/far --role-session-name me"
      ).stdout)
    desk.environment["AWS_ACCESS_KEY_ID"] = issued["Credentials"]?["AccessKeyId"]?.string
    #expect(
      desk.run("aws dynamodb list-tables").stderr.contains(
        "(UnrecognizedClientException) when calling the ListTables operation"))
    desk.environment["AWS_SESSION_TOKEN"] = issued["Credentials"]?["SessionToken"]?.string
    #expect(desk.arn == "arn:aws:sts::111122223333:assumed-role/far/me")
    // A profile that the line names wins over the environment's keys.
    #expect(
      desk.run("aws sts get-caller-identity --profile audit").stdout.contains("210987654321"))
    desk.cloud.advance(by: .hours(1))
    let over = desk.run("aws dynamodb list-tables")
    #expect(over.status == 254 && over.stderr.contains("(ExpiredTokenException)"))
    desk.environment["AWS_ACCESS_KEY_ID"] = "AKIAIOSFODNN7EXAMPLE"
    let real = desk.run("aws dynamodb list-tables")
    #expect(real.status == 254 && real.requests.isEmpty)
    #expect(real.stderr.contains("These look like real keys; nothing was sent on."))
  }

  @Test("times and blobs are printed and read as the settings say")
  func formats() {
    let desk = Desk()
    let table =
      "--attribute-definitions AttributeName=id,AttributeType=B --key-schema "
      + "AttributeName=id,KeyType=HASH --billing-mode PAY_PER_REQUEST"
    _ = desk.run("aws configure set cli_timestamp_format wire")
    let made = desk.run(
      "aws dynamodb create-table --table-name tab \(table) "
        + "--query TableDescription.CreationDateTime")
    #expect(made.stdout == "1772818800.0\n", "\(made)")
    #expect(
      desk.run(
        "aws sts assume-role --role-arn arn:aws:iam::111122223333:role/far --role-session-name me "
          + "--query Credentials.Expiration --output text"
      ).stdout == "2026-03-06T18:40:00Z\n")
    _ = desk.run("aws configure set cli_timestamp_format soon")
    #expect(desk.run("aws dynamodb list-tables").status == 253)
    _ = desk.run("aws configure set cli_timestamp_format iso8601")
    desk.cloud.advance(by: .minutes(1))
    _ = desk.run("aws configure set cli_binary_format raw-in-base64-out")
    _ = desk.run("aws dynamodb put-item --table-name tab --item id={B=hi}")
    let key =
      "aws dynamodb get-item --table-name tab --query Item.id.B --output text --key id={B=hi}"
    #expect(desk.run(key).stdout == "aGk=\n")
    #expect(desk.run(key + " --cli-binary-format base64").status == 255)
  }
}
