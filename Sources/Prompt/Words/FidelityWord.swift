// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import ServiceModel
import StateStore
import Terminal

extension Console {
  /// `fidelity`: what is simulated, what is not, and what is taken without effect.
  func fidelity(_ call: Call) throws -> Int32 {
    try call.takesNothing()
    let services = Service.names.compactMap(ServiceFidelity.init)
    let missing = WordTable.all.filter { !$0.isBuilt }
    if settings.printsJSON {
      answer([
        "services": .array(services.map(\.document)),
        "wordsNotBuilt": .array(missing.map { .string($0.name) }),
        "notes": .array(Self.notes.map(Document.string)),
      ])
      return 0
    }
    for service in services {
      say(profile.styled(service.name, .bold))
      tell(service.summary, first: "  ")
      if service.answered.isEmpty {
        say()
        continue
      }
      let width = (service.answered.map(\.name.count).max() ?? 0) + 2
      for operation in service.answered {
        let name = operation.name.padding(toWidth: width)
        tell(
          operation.state, first: "  " + name,
          rest: String(repeating: " ", count: columns > 2 * width ? width + 2 : 4))
      }
      if !service.missing.isEmpty {
        tell("answer \"not simulated\": \(service.missing.joined(separator: ", "))", first: "  ")
      }
      say()
    }
    tell(
      "\"Settings only\": they are checked, kept and told as the service does, and nothing follows "
        + "from them. \"Refused\": the service itself refuses everybody by now, or finds nothing.")
    say()
    tell("Every other service of AWS answers \"not simulated\".")
    say()
    tell("Words not built yet: \(missing.map(\.name).joined(separator: ", ")).")
    say()
    for note in Self.notes { tell(note, first: "- ") }
    return 0
  }

  private static let notes = [
    "Errors, statuses and times follow the services' public references; docs/SOURCES.md says for "
      + "each fact where it comes from and how sure it is.",
    "Regions of DynamoDB word some refusals differently: newer ones begin item operations' refusals "
      + "with \"1 validation error detected: \". The words here are those without.",
    "Policies of roles and service control policies come with a world or from Organizations and are "
      + "evaluated, and so are those of vaults and topics; every other caller is an administrator. A "
      + "table's or stream's resource policy is kept and told, and nobody is held to it; the policy "
      + "given with a key is taken and forgotten, its account's own permissions alone count; a "
      + "condition that would not be looked at is refused, not passed over.",
    "Where a world declares roles for an account, there are no others, and who may assume them is "
      + "looked at; of an account without declared ones any role can be assumed. Keys of a role are good for an hour at the "
      + "prompt and the endpoint. A profile with role_arn is its role without a call to STS.",
    "Global tables: replicas of on-demand tables. Eventually consistent, a write takes one second to "
      + "the other Regions; strongly consistent, none, and as nothing here happens between two "
      + "requests no ReplicatedWriteConflictException is met. Strong consistency over two sets of "
      + "Regions, replicas with provisioned units (they need auto scaling) and several accounts are "
      + "not simulated.",
    "Contributor Insights name and count CloudWatch's rules, which see no traffic. A Kinesis "
      + "destination goes through its states; Kinesis is not simulated, any stream of the table's own "
      + "account and Region is taken to be there, and no record is sent.",
    "The endpoint (serve) answers all of these in their own protocols; a request takes a millisecond "
      + "there, and who looks at what is under way finds it done the next time, unless --instant, --speed "
      + "or --real-time say otherwise. Signatures are not checked. S3 there: no copies, no uploads in parts.",
    "Provisioned units limit tables and their global indexes, with five minutes' units kept for a "
      + "burst, and so do on-demand maxima; partitions, the account and the growth of an on-demand "
      + "table do not. A world's own traffic and a condition that fails take no units. Only "
      + "so often answered are DescribeBackup and DeleteBackup (10 a second), ListBackups (5) and "
      + "second changes made too soon.",
    "Rules of the event bus pass events on to SNS topics whose policy lets them; targets of other kinds "
      + "are kept and get nothing. Who subscribes by mail confirms after a minute; \"events\" shows what "
      + "was delivered.",
    "A restore takes four minutes, or eight to another Region, and two seconds more for each GB of "
      + "real or declared size, a quarter more with each index; the service promises no such rate.",
    "A declared size (size: 500GB) stands behind statistics, backups, restore times and the bill; the "
      + "items stay few and real, and each stands for an equal share of it: an incremental export is "
      + "paid by the shares of what changed. Behind an export's files stands a fifth of what was "
      + "exported, as the bill counts them, but not behind a copy that somebody makes of them.",
    "Objects lie in S3 Standard or, put there with --storage-class, in Glacier Deep Archive. Nothing is "
      + "read from that, as restoring objects is not simulated, nor are lifecycle rules, other "
      + "classes, the least of 180 days and what an archived object adds to its own bytes.",
    "The bill has nineteen lines: PITR, backup storage, restores, data taken to another Region, exports "
      + "full and incremental, imports, AWS Backup's warm and cold storage, early deletion, restores from both and copies, "
      + "tables of both classes, objects in S3 and in its Deep Archive, keys and what item requests make tables ask "
      + "of them (streams and backups ask nothing here); reads and writes cost nothing, nor do other "
      + "requests to KMS, S3 and other services; "
      + "prices outside the listed Regions are derived, those of cold storage and copies unconfirmed.",
    "AWS Backup protects tables alone, as snapshots. Vault policies are evaluated, locks and "
      + "lifecycles hold over virtual time, and plans run in any time zone, by the zone's present rule. "
      + "A job begins a minute after it is asked for, a plan's within the hour. Its role has to be one "
      + "that AWS Backup may assume and that is allowed what the job does. The vault Default is not "
      + "made by itself.",
    "Restore tests really restore and delete; reports are written into buckets whose policies nobody "
      + "looks at. A logically air-gapped vault is shared with nobody and takes copies alone.",
    "An alarm's actions reach SNS topics alone. Filters of "
      + "subscriptions look at attributes of messages, not at their bodies.",
    "Exports and imports are real gzip and DynamoDB JSON; imports read at most 1,000 objects and 64 "
      + "MiB. Buckets of another account are denied.",
  ]
}

/// How each operation of one service stands with the engine.
private struct ServiceFidelity {
  struct Answered {
    let name: String
    let standing: OperationStanding
    let withoutEffect: [String]

    /// The standing, and the members that change nothing here.
    var state: String {
      guard !withoutEffect.isEmpty else { return standing.rawValue }
      return "\(standing.rawValue); takes without effect: \(withoutEffect.joined(separator: ", "))"
    }
  }

  let name: String
  let answered: [Answered]
  let missing: [String]

  init?(_ name: String) {
    guard let service = Service.named(name) else { return nil }
    self.name = name
    let types = service.operations.map {
      ($0.cliName, Catalog.operation(service: name, name: $0.name))
    }
    missing = types.filter { $0.1 == nil }.map(\.0)
    answered = types.compactMap { cliName, type in
      type.map {
        Answered(name: cliName, standing: $0.standing, withoutEffect: $0.acceptedWithoutEffect)
      }
    }
  }

  var summary: String {
    "\(answered.count) of \(answered.count + missing.count) operations are answered"
  }

  var document: Document {
    [
      "service": .string(name), "simulated": .array(answered.map { .string($0.name) }),
      "notSimulated": .array(missing.map(Document.string)),
      "operations": .array(
        answered.map { ["name": .string($0.name), "state": .string($0.state)] }),
    ]
  }
}

extension String {
  /// The text with spaces after it, up to a width.
  fileprivate func padding(toWidth width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
