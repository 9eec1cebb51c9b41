// SPDX-License-Identifier: GPL-3.0-or-later

import Prompt
import Terminal
import Testing

@Suite("Screens")
struct ScreenTests {
  private static let story =
    threeOrders + """

      aws dynamodb update-continuous-backups --table-name orders --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true --query ContinuousBackupsDescription.ContinuousBackupsStatus
      time +10m
      aws dynamodb put-item --table-name orders --item '{"id":{"S":"d"}}'
      aws dynamodb create-backup --table-name orders --backup-name nightly --query BackupDetails.BackupName
      time +20m
      aws dynamodb restore-table-to-point-in-time --source-table-name orders --target-table-name orders-2 --restore-date-time 2026-05-01T09:15:00Z --query TableDescription.TableStatus
      """

  private func chart(columns: Int, unicode: Bool = false) throws -> String {
    let bench = Bench()
    bench.profile.columns = columns
    bench.profile.hasUnicode = unicode
    let transcript = try bench.run(
      Self.story.split(separator: "\n").map(String.init) + ["timeline orders"])
    let start = transcript.out.firstRange(of: "orders 123456789012")
    return start.map { String(transcript.out[$0.lowerBound...]) } ?? transcript.out + transcript.err
  }

  @Test("a timeline at 60 columns")
  func narrow() throws {
    #expect(
      try chart(columns: 60) == """
        orders 123456789012 us-east-1

                  Fri 1 May 09:00Z                Fri 1 May 09:30Z
        window    =========================================.......
        writes                    #
        changes   c
        backups                   B
        restores                         R

        1 write; a column is 38 s, the fullest holds 1.
        PITR is on, 35 days: any second from 2026-05-01T09:00:25Z to
        2026-05-01T09:25:29Z.

          c  2026-05-01T09:00:00Z  table created by admin
          c  2026-05-01T09:00:25Z  PITR on by admin
          B  2026-05-01T09:10:27Z  backup nightly
          R  2026-05-01T09:30:28Z  restored to 2026-05-01T09:15:00Z
                                   as orders-2

        """)
  }

  @Test("a timeline at 100 columns")
  func wide() throws {
    #expect(
      try chart(columns: 100) == """
        orders 123456789012 us-east-1

                  Fri 1 May 09:00Z                                                        Fri 1 May 09:30Z
        window    .=========================================================================..............
        writes                                  #
        changes   cc
        backups                                 B
        restores                                             R

        1 write; a column is 20 s, the fullest holds 1.
        PITR is on, 35 days: any second from 2026-05-01T09:00:25Z to 2026-05-01T09:25:29Z.

          c  2026-05-01T09:00:00Z  table created by admin
          c  2026-05-01T09:00:25Z  PITR on by admin
          B  2026-05-01T09:10:27Z  backup nightly
          R  2026-05-01T09:30:28Z  restored to 2026-05-01T09:15:00Z as orders-2

        """)
  }

  @Test("the bill says how it is metered: storage by the hour, a restore once")
  func bill() throws {
    let story = Self.story.split(separator: "\n").map(String.init)
    let restore = try #require(story.firstIndex { $0.contains("restore-table") })
    let before = try Bench().run(Array(story.prefix(restore)) + ["bill"])
    #expect(before.out.contains("USD, metered by the hour held, from"))
    let after = try Bench().run(story + ["bill"])
    #expect(after.out.contains("USD, storage by the hour held, restores and transfers once, from"))
    for part in [
      "orders, us-east-1 123456789012", "GB-Mo x 0.20 =", "GB x 0.15 =", "  Amazon DynamoDB",
      "  table orders", "  total",
    ] {
      #expect(after.out.contains(part), "\(part) in \(after.out)")
    }
    // Less than a cent is no saving.
    #expect(!after.out.contains("would be saved"))
  }

  @Test("every price has its source, and one that no list confirms is marked")
  func prices() throws {
    let shown = try Bench().run(["bill --prices"]).out.split(separator: "\n").map {
      $0.split(separator: " ").joined(separator: " ")
    }
    #expect(shown.contains("pitr 0.20 GB-Mo list 2026-11-22"))
    #expect(shown.contains("cold 0.03? GB-Mo secondary 2026-11-22"))
    #expect(shown.contains("copy-transfer 0.02? GB assumed 2026-11-22"))
    #expect(shown.contains("warm-restore 0.165? GB derived 2026-11-22"))
  }

  @Test("no line of our own passes the edge at 60 columns")
  func edges() throws {
    let bench = Bench()
    bench.profile.columns = 60
    let transcript = try bench.run(
      Self.story.split(separator: "\n").map(String.init) + [
        "timeline orders", "timeline orders 1h", "help", "help all", "bill",
        "bill --prices", "events", "diff", "tour", "lab list",
        "fidelity", "status", "nonsense", "timeline nothing",
      ])
    let screen = try bench.console()
    #expect(screen.runPrompt() == 0)
    let start = screen.out.taken()
    #expect(
      start.hasPrefix(
        """
        Rewind   DynamoDB backup, PITR and AWS Backup, simulated on
                 this machine.
                 Nothing you type here reaches a real AWS account.
        """))
    for line in (transcript.out + transcript.err + start).split(separator: "\n") {
      #expect(!line.hasSuffix(" "), "\(line)")
      let isLong = TerminalText.width(String(line)) > 60
      // A word that does not fit stands alone; commands and ARNs are never broken.
      #expect(!isLong || line.split(separator: " ").contains { $0.count > 40 }, "\(line)")
    }
  }
}
