// SPDX-License-Identifier: GPL-3.0-or-later

import Glibc
import Terminal
import Testing

@testable import Prompt

@Suite("Clients of the endpoint")
struct ClientTests {
  /// Runs `aws a 'b c'` as a program of `serve -- CMD` does.
  ///
  /// - Returns: What an `aws` on the path got as its words, and whether the folder was made.
  private func words(_ bench: Bench, isInstalled: Bool, ours: [String]?) throws -> String? {
    let bin = bench.home + "/it's here"
    mkdir(bin, 0o700)
    let said = bench.home + "/said"
    if isInstalled {
      try HostFile.write(
        Array("#!/bin/sh\nprintf '%s|' \"$@\" > '\(said)'\n".utf8), to: bin + "/aws", home: nil)
      chmod(bin + "/aws", 0o755)
    }
    var environment = ["PATH": bin, "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "TMPDIR": bench.home]
    guard let folder = try ClientFolder(environment, ours: ours) else { return nil }
    environment["PATH"] = folder.path + ":" + bin
    #expect(ChildProcess.run(["/bin/sh", "-c", "aws a 'b c'"], environment: environment) == 0)
    var status = stat()
    #expect(stat(folder.path, &status) == 0 && status.st_mode & 0o777 == 0o700)
    folder.remove()
    #expect(stat(folder.path, &status) != 0)
    return String(decoding: try HostFile.read(said, home: nil), as: UTF8.self)
  }

  @Test("the installed aws is led to the endpoint, whatever its version, and the folder goes away")
  func installed() throws {
    #expect(
      try words(Bench(), isInstalled: true, ours: nil)
        == "--endpoint-url|http://127.0.0.1:9|a|b c|")
  }

  @Test("where none is installed ours answers, but not for a world that it cannot reach")
  func ours() throws {
    let bench = Bench()
    let said = bench.home + "/said"
    let command = ["/bin/sh", "-c", "printf '%s|' \"$@\" > '\(said)'", "it's", "aws"]
    #expect(try words(bench, isInstalled: false, ours: command) == "aws|a|b c|")
    #expect(try words(Bench(), isInstalled: false, ours: nil) == nil)
  }

  @Test("env has a function for AWS CLIs that do not look at the variable")
  func function() throws {
    let bench = Bench()
    let text = try bench.run("env --port 8123").out
    try HostFile.write(Array(text.utf8), to: bench.home + "/env", home: nil)
    // `command` would find a program; a function of that name stands in for it.
    let script = """
      command() { printf '%s|' "$@"; }; export AWS_PROFILE=own AWS_SESSION_TOKEN=token
      . \(bench.home)/env; aws a 'b c' > \(bench.home)/said
      unset AWS_ENDPOINT_URL; aws d "$AWS_PROFILE$AWS_SESSION_TOKEN" >> \(bench.home)/said
      """
    #expect(ChildProcess.run(["/bin/bash", "-c", script], environment: [:]) == 0)
    #expect(
      String(decoding: try HostFile.read(bench.home + "/said", home: nil), as: UTF8.self)
        == "aws|--endpoint-url=http://127.0.0.1:8123|a|b c|aws|d||")
  }

  @Test("an aws command alone obeys its environment as the AWS CLI does; the prompt has its own")
  func environment() throws {
    let bench = Bench()
    let words = ["aws", "sns", "create-topic", "--name", "ops", "--query", "TopicArn"]
    func alone(_ environment: [String: String]) throws -> (out: String, status: Int32) {
      let console = try bench.console { $0.environment.merge(environment) { $1 } }
      let status = console.runWords(words)
      return (console.out.taken(), status)
    }
    #expect(try alone(["AWS_DEFAULT_REGION": "eu-west-1"]).out.contains(":eu-west-1:"))
    let both = ["AWS_DEFAULT_REGION": "eu-west-1", "AWS_REGION": "eu-central-1"]
    #expect(try alone(both).out.contains(":eu-central-1:"))
    #expect(try alone(["AWS_REGION": ""]).out.contains(":us-east-1:"))
    #expect(try alone(["AWS_DEFAULT_OUTPUT": "text"]).out.hasPrefix("arn:"))
    bench.environment.merge(both) { $1 }
    #expect(try bench.run(words.joined(separator: " ")).out.contains(":us-east-1:"))
  }

  @Test("a profile of the shell counts if the world has it, and is the user's own affair if not")
  func profiles() throws {
    let bench = Bench()
    let settings = [
      "aws configure set aws_access_key_id 444455556666 --profile safe",
      "aws configure set region us-east-1 --profile safe",
    ]
    let typed = "AWS_PROFILE=own aws sts get-caller-identity"
    #expect(try bench.run(settings + [typed]).status == 255)
    func account(_ environment: [String: String], _ options: [String] = []) throws -> String {
      let console = try bench.console {
        $0.environment.merge(environment) { $1 }
        $0.coaches = false
      }
      let words = "aws sts get-caller-identity --query Account --output text".split(separator: " ")
      let status = console.runWords(words.map(String.init) + options)
      return status == 0 ? console.out.taken() : "\(status)"
    }
    #expect(try account(["AWS_PROFILE": "safe"]) == "444455556666\n")
    #expect(try account(["AWS_PROFILE": "own"]) == "123456789012\n")
    #expect(try account(["AWS_PROFILE": "own"], ["--profile", "own"]) == "255")
    #expect(try bench.run("export AWS_PROFILE=safe").status == 0)
    #expect(try account(["AWS_PROFILE": "own"]) == "444455556666\n")
  }
}
