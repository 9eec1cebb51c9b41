// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import CommandLanguage
import Documents
import Simulation
import Testing

@Suite("Help")
struct HelpTests {
  /// A world as the examples of help expect it, and the names that their lines set.
  private struct Bench {
    var cloud = Cloud(seed: 7, clock: Instant(seconds: 1_772_818_800))
    var names: [String: String] = [:]

    init() {
      for line in [
        "aws dynamodb create-table --table-name orders --billing-mode PAY_PER_REQUEST "
          + "--attribute-definitions AttributeName=order_id,AttributeType=S "
          + "--key-schema AttributeName=order_id,KeyType=HASH",
        "aws dynamodb wait table-exists --table-name orders",
        "aws dynamodb update-continuous-backups --table-name orders "
          + "--point-in-time-recovery-specification PointInTimeRecoveryEnabled=true",
      ] {
        let outcome = run(line)
        #expect(outcome.status == 0)
      }
      cloud.advance(by: .hours(1))
    }

    mutating func run(_ line: String) -> CommandOutcome {
      let known = names
      var name: String?
      var words: [String] = []
      switch Words.read(line, value: { known[$0] }) {
      case .command(let command, _): words = command
      case .capture(let target, let command): (name, words) = (target, command)
      default: return CommandOutcome(stderr: "not a command", status: -1)
      }
      let box = Box(cloud)
      let outcome = AWSCommand.run(words: words, context: context(), door: box.door)
      cloud = box.cloud
      cloud.advance(by: .seconds(1))
      if let name { names[name] = outcome.stdout.replacing("\n", with: "") }
      return outcome
    }
  }

  private final class Box {
    var cloud: Cloud

    init(_ cloud: Cloud) { self.cloud = cloud }

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
  }

  private static func operations(of service: String) -> [String] {
    let text = run("aws \(service) help").stdout
    let listing = text.split(separator: "Operations\n\n").last?.split(separator: "\n\n").first ?? ""
    return listing.split(separator: "\n").map { String($0.drop { $0 == " " }) }
  }

  private static func examples(in help: String) -> [String] {
    guard let part = help.split(separator: "\nExamples\n\n").dropFirst().first else { return [] }
    return part.split(separator: "\n\n").first.map {
      $0.split(separator: "\n").map { String($0.dropFirst(2)) }
    } ?? []
  }

  @Test("every example runs", arguments: ["dynamodb", "sts", "cloudtrail"])
  func examples(service: String) {
    var count = 0
    let ready = Bench()
    for operation in Self.operations(of: service) {
      var bench = ready
      for line in Self.examples(in: run("aws \(service) \(operation) help").stdout) {
        let outcome = bench.run(line)
        #expect(outcome.status == 0, "\(line): \(outcome.stderr)")
        count += 1
      }
    }
    #expect(count >= (service == "dynamodb" ? 30 : 1))
  }

  @Test("an operation's page says what it does, costs and takes, in 80 columns")
  func page() {
    let page = run("aws dynamodb restore-table-from-backup help").stdout
    for part in [
      "Makes a new table of a backup", "\nCosts: 0.15 USD a GB, once.\n", "\nTakes: Minutes",
      "\nRequired\n\n  --target-table-name", "\nExamples\n\n  aws dynamodb create-backup",
      "\n  254  the service refused\n",
    ] {
      #expect(page.contains(part), "\(part)")
    }
    let prose = page.split(separator: "\nRequired").first ?? ""
    #expect(prose.split(separator: "\n").allSatisfy { $0.unicodeScalars.count <= 80 })
    #expect(run("aws s3api get-object help").stdout.contains("\n    <outfile>\n"))
    #expect(run("aws configure help").stdout.contains("list-profiles"))
  }
}
