// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation
import Synchronization

/// Ids of requests, of the shape the services use: each once in a process; nothing depends on them.
enum RequestID {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)
  private static let count = Atomic<UInt64>(0)

  static func next() -> String {
    var numbers = SplitMix64(seed: count.wrappingAdd(1, ordering: .relaxed).newValue)
    return String(unsafeUninitializedCapacity: 52) { letters in
      for index in 0..<52 { letters[index] = alphabet[Int(numbers.next() % 36)] }
      return 52
    }
  }
}
