// SPDX-License-Identifier: GPL-3.0-or-later

import Digests
import PersistentCollections
import Simulation

/// The tokens of the write transactions of the last ten minutes. [DDB.transactions.token]
struct TransactionTokens: Sendable, Codable {
  /// How long a token is good for.
  static let life: Duration = .minutes(10)

  /// A transaction that came with a token.
  struct Use: Hashable, Sendable, Codable {
    let token: String
    /// What tells its actions from others.
    let digest: SHA256Digest
    let at: Instant
  }

  private var uses: OrderedMap<String, Use> = OrderedMap()
  private var order: AppendLog<Use> = AppendLog()

  /// What a token that is used again was used for, if it is still good.
  ///
  /// - Complexity: O(log n) in the tokens remembered.
  func earlier(than use: Use) -> Use? {
    uses[use.token].flatMap { $0.at + Self.life > use.at ? $0 : nil }
  }

  /// Remembers a token, and forgets those that are no longer good.
  ///
  /// - Complexity: O(log n) amortised in the tokens remembered.
  fileprivate mutating func note(_ use: Use) {
    while let oldest = order.first, oldest.at + Self.life <= use.at {
      if uses[oldest.token] == oldest { uses[oldest.token] = nil }
      order.removeFirst(1)
    }
    uses[use.token] = use
    order.append(use)
  }
}

extension TransactionTokens? {
  mutating func note(_ use: TransactionTokens.Use) {
    if self == nil { self = TransactionTokens() }
    self?.note(use)
  }
}
