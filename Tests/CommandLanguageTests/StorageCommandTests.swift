// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import CommandLanguage
import Documents
import Simulation
import Testing

/// A cloud behind a door, for commands that need answers that fit together.
private final class Workshop {
  var cloud = Cloud(seed: 7, clock: Instant(seconds: 1_772_818_800))
  var context = CommandLanguageTests.context()

  var door: Door {
    Door(
      perform: { request in
        do throws(ServiceError) {
          return .success(try self.cloud.perform(request))
        } catch {
          return .failure(error)
        }
      },
      now: { self.cloud.now }, advance: { self.cloud.advance(by: $0) }, pending: { [] })
  }

  func run(_ line: String) -> CommandOutcome {
    guard case .command(let words, _) = Words.read(line, value: { _ in nil }) else {
      return CommandOutcome(stderr: "not a command", status: -1)
    }
    return AWSCommand.run(words: words, context: context, door: door)
  }
}

@Suite("The commands of aws s3")
struct StorageCommandTests {
  /// One line, and what it prints, errors after `!`, the status last where it is not 0.
  private struct Step: Sendable {
    let line: String
    let printed: String
  }

  private static let session: [Step] = [
    Step(line: "aws s3 ls", printed: ""),
    Step(line: "aws s3 mb s3://shelf", printed: "make_bucket: shelf\n"),
    Step(line: "aws s3 mb s3://shelf --region us-east-1", printed: "make_bucket: shelf\n"),
    Step(
      line: "aws s3 mb s3://Shelf",
      printed: "!make_bucket failed: s3://Shelf An error occurred (InvalidBucketName) when calling "
        + "the CreateBucket operation: The specified bucket is not valid.\n 1"),
    Step(
      line: "aws s3 mb shelf",
      printed: "!\naws: [ERROR]: An error occurred (ParamValidation): <S3Uri>\n"
        + "Error: Invalid argument type\n 252"),
    Step(line: "aws s3 mb s3://far --region eu-west-1", printed: "make_bucket: far\n"),
    Step(line: "aws s3 ls", printed: "2026-03-06 17:40:00 far\n2026-03-06 17:40:00 shelf\n"),
    Step(
      line: "aws s3 cp name.txt s3://shelf/in/",
      printed: "upload: ./name.txt to s3://shelf/in/name.txt\n"),
    Step(
      line: "aws s3 cp bytes.bin s3://shelf",
      printed: "upload: ./bytes.bin to s3://shelf/bytes.bin\n"),
    Step(
      line: "aws s3 ls s3://shelf",
      printed: "                           PRE in/\n2026-03-06 17:40:00          2 bytes.bin\n"),
    Step(
      line: "aws s3 ls shelf/in/ --human-readable --summarize",
      printed:
        "2026-03-06 17:40:00    9 Bytes name.txt\n\nTotal Objects: 1\n   Total Size: 9 Bytes\n"),
    Step(
      line: "aws s3 ls s3://shelf --recursive",
      printed:
        "2026-03-06 17:40:00          2 bytes.bin\n2026-03-06 17:40:00          9 in/name.txt\n"
    ),
    Step(line: "aws s3 ls s3://shelf/none", printed: " 1"),
    Step(line: "aws s3 cp s3://shelf/in/name.txt -", printed: "from-file"),
    Step(
      line: "aws s3 cp s3://shelf/in/name.txt s3://far/copy.txt",
      printed: "copy: s3://shelf/in/name.txt to s3://far/copy.txt\n"),
    Step(
      line: "aws s3 cp s3://shelf s3://far/all --recursive --dryrun",
      printed: "(dryrun) copy: s3://shelf/bytes.bin to s3://far/all/bytes.bin\n"
        + "(dryrun) copy: s3://shelf/in/name.txt to s3://far/all/in/name.txt\n"),
    Step(
      line: "aws s3 cp s3://shelf/none -",
      printed: "!download failed: s3://shelf/none to - An error occurred (404) when calling the "
        + "HeadObject operation: Not Found\n 1"),
    Step(
      line: "aws s3 cp s3://shelf/none s3://far",
      printed: "!fatal error: An error occurred (404) when calling the HeadObject operation: "
        + "Key \"none\" does not exist\n 1"),
    Step(
      line: "aws s3 cp none.txt s3://shelf",
      printed: "!\naws: [ERROR]: The user-provided path none.txt does not exist.\n 255"),
    Step(
      line: "aws s3 cp name.txt s3://nowhere",
      printed: "!upload failed: ./name.txt to s3://nowhere/name.txt An error occurred "
        + "(NoSuchBucket) when calling the PutObject operation: The specified bucket does not "
        + "exist\n 1"),
    Step(
      line: "aws s3 cp s3://shelf/in/name.txt out.txt",
      printed:
        "!\naws: [ERROR]: aws s3 cp to a file is not simulated by Rewind here. Print the object: aws s3 cp s3://shelf/in/name.txt -\n 255"
    ),
    Step(
      line: "aws s3 cp a b",
      printed: "!\naws: [ERROR]: An error occurred (ParamValidation): usage: aws s3 cp <LocalPath> "
        + "<S3Uri> or <S3Uri> <LocalPath> or <S3Uri> <S3Uri>\nError: Invalid argument type\n 252"),
    Step(
      line: "aws s3 sync s3://shelf s3://far",
      printed: "!\naws: [ERROR]: aws s3 sync is not simulated by Rewind. Nothing was changed.\n 255"
    ),
    Step(
      line: "aws s3 rb s3://shelf",
      printed: "!remove_bucket failed: s3://shelf An error occurred (BucketNotEmpty) when calling "
        + "the DeleteBucket operation: The bucket you tried to delete is not empty\n 1"),
    Step(line: "aws s3 rm s3://shelf/in/name.txt", printed: "delete: s3://shelf/in/name.txt\n"),
    Step(line: "aws s3 rm s3://shelf/in/name.txt --quiet", printed: ""),
    Step(
      line: "aws s3 rb s3://shelf --force",
      printed: "delete: s3://shelf/bytes.bin\nremove_bucket: shelf\n"),
    Step(
      line: "aws s3 ls s3://shelf",
      printed: "!\naws: [ERROR]: An error occurred (NoSuchBucket) when calling the ListObjectsV2 "
        + "operation: The specified bucket does not exist\n\nAdditional error details:\n"
        + "BucketName: shelf\n 254"),
    Step(
      line: "aws s3 rm s3://shelf --recursive",
      printed: "!fatal error: An error occurred (NoSuchBucket) when calling the ListObjectsV2 "
        + "operation: The specified bucket does not exist\n 1"),
    Step(line: "aws s3 rm s3://far/copy.txt", printed: "delete: s3://far/copy.txt\n"),
    Step(line: "aws s3 rb s3://far", printed: "remove_bucket: far\n"),
  ]

  @Test("a session prints what the CLI prints, line by line")
  func session() {
    let workshop = Workshop()
    for step in Self.session {
      let outcome = workshop.run(step.line)
      let printed =
        outcome.stdout + (outcome.stderr.isEmpty ? "" : "!" + outcome.stderr)
        + (outcome.status == 0 ? "" : " \(outcome.status)")
      #expect(printed == step.printed, "\(step.line)")
    }
  }

  @Test("an object that is no text goes out byte by byte, one that is goes out as text")
  func binary() {
    let workshop = Workshop()
    _ = workshop.run("aws s3 mb s3://shelf")
    let put = workshop.run("aws s3api put-object --bucket shelf --key b --body bytes.bin")
    #expect(put.stdout.contains(#""ServerSideEncryption": "AES256""#))
    let copied = workshop.run("aws s3 cp s3://shelf/b -")
    #expect(copied.contents == [0xFF, 0xFE] && copied.stdout.isEmpty)
    let got = workshop.run("aws s3api get-object --bucket shelf --key b /dev/stdout")
    #expect(got.contents == [0xFF, 0xFE])
    #expect(got.stdout.contains(#""ContentLength": 2"#) && !got.stdout.contains("Body"))
  }

  @Test("what the CLI reads or writes beside the request is checked before anything is sent")
  func files() {
    let workshop = Workshop()
    _ = workshop.run("aws s3 mb s3://shelf")
    let missing = workshop.run("aws s3api put-object --bucket shelf --key b --body none.bin")
    #expect(
      missing.stderr
        == "\naws: [ERROR]: An error occurred (ParamValidation): Error parsing parameter '--body': "
        + "Blob values must be a path to a file.\n")
    let outfile = workshop.run("aws s3api get-object --bucket shelf --key b")
    #expect(outfile.stderr.contains("the following arguments are required: outfile"))
    let written = workshop.run("aws s3api get-object --bucket shelf --key b out.txt")
    #expect(written.status == 255 && written.stderr.contains("not simulated by Rewind here"))
    let skeleton = workshop.run("aws s3api get-object --bucket shelf --generate-cli-skeleton x")
    #expect(skeleton.stderr.contains("the following arguments are required: --key"))
    #expect(missing.requests.isEmpty && outfile.requests.isEmpty && written.requests.isEmpty)
  }

  @Test("an object goes into the file that is named, or into a folder under its own name")
  func downloads() {
    let workshop = Workshop()
    var written: [String: [UInt8]] = [:]
    workshop.context.writeFile = { path, bytes throws(FileFailure) in
      if path == "sub" { throw .isDirectory }
      if path == "no/x" { throw .notFound }
      written[path] = bytes
    }
    _ = workshop.run("aws s3 mb s3://shelf")
    _ = workshop.run("aws s3 cp name.txt s3://shelf/in/a")
    let got = workshop.run("aws s3api get-object --bucket shelf --key in/a one.txt")
    #expect(got.stdout.contains(#""ContentLength": 9"#) && !got.stdout.contains("Body"))
    #expect(
      workshop.run("aws s3 cp s3://shelf/in/a sub").stdout
        == "download: s3://shelf/in/a to sub/a\n")
    #expect(
      workshop.run("aws s3 cp s3://shelf/in/a two.txt --dryrun").stdout
        == "(dryrun) download: s3://shelf/in/a to ./two.txt\n")
    #expect(written == ["one.txt": Array("from-file".utf8), "sub/a": Array("from-file".utf8)])
    let failed = workshop.run("aws s3api get-object --bucket shelf --key in/a no/x")
    #expect(failed.status == 255)
    #expect(
      failed.stderr == "\naws: [ERROR]: [Errno 2] No such file or directory: 'no/x'\n")
    #expect(workshop.run("aws s3 cp s3://shelf/in/none three.txt").status == 1)
  }

  @Test("what is archived is passed over with a warning, or refused where it would be printed")
  func archived() {
    let workshop = Workshop()
    workshop.context.writeFile = { _, _ throws(FileFailure) in throw .notFound }
    _ = workshop.run("aws s3 mb s3://shelf")
    #expect(
      workshop.run("aws s3 cp name.txt s3://shelf/a --storage-class DEEP_ARCHIVE").status == 0)
    #expect(workshop.run("aws s3 cp name.txt s3://shelf/b").status == 0)
    let warning =
      "warning: Skipping file s3://shelf/a. Object is of storage class GLACIER. Unable to perform "
      + "KIND operations on GLACIER objects. You must restore the object to be able to perform the "
      + "operation. See aws s3 KIND help for additional parameter options to ignore or force these "
      + "transfers.\n"
    let lines: [(line: String, stdout: String, stderr: String, status: Int32)] = [
      ("aws s3 cp s3://shelf/a out.txt", "", warning.replacing("KIND", with: "download"), 2),
      ("aws s3 cp s3://shelf/a s3://shelf/c", "", warning.replacing("KIND", with: "copy"), 2),
      (
        "aws s3 cp s3://shelf s3://shelf/all --recursive",
        "copy: s3://shelf/b to s3://shelf/all/b\n", warning.replacing("KIND", with: "copy"), 2
      ),
      (
        "aws s3 cp s3://shelf/a -", "",
        "download failed: s3://shelf/a to - An error occurred (InvalidObjectState) when calling the "
          + "GetObject operation: The operation is not valid for the object's storage class\n", 1
      ),
      (
        "aws s3 cp s3://shelf/a out.txt --force-glacier-transfer", "",
        "\naws: [ERROR]: --force-glacier-transfer of aws s3 cp is not simulated by Rewind. Nothing "
          + "was changed.\n", 255
      ),
    ]
    for (line, stdout, stderr, status) in lines {
      let outcome = workshop.run(line)
      #expect(outcome.stdout == stdout, "\(line)")
      #expect(outcome.stderr == stderr, "\(line)")
      #expect(outcome.status == status, "\(line)")
    }
  }

  @Test(
    "the waiters look at the status", arguments: [("bucket-exists", 0), ("bucket-not-exists", 255)])
  func waiters(_ name: String, _ status: Int32) {
    let workshop = Workshop()
    _ = workshop.run("aws s3 mb s3://shelf")
    #expect(workshop.run("aws s3api wait \(name) --bucket shelf").status == status)
  }
}
