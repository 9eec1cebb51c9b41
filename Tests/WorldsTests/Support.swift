// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import ContentFormat
import Simulation
import Testing
import Worlds

/// A file with a world, as labs and proofs hold one.
func world(_ text: String) throws -> WorldDescription {
  let file = ContentFile(bytes: Array(text.utf8), file: "world.yaml", as: WorldDescription.format)
  return try #require(file.value, "\(file.errors)")
}

func start(_ text: String, seed: UInt64 = 7) throws -> WorldRun {
  try WorldRun.start(StartWorld(try world(text), seed: seed))
}

func errors(ofWorld text: String) -> [String] {
  ContentFile(bytes: Array(text.utf8), file: "w", as: WorldDescription.format)
    .errors.map(\.description)
}

func verdict(_ condition: String, _ run: WorldRun, answer: String? = nil) throws -> Verdict {
  let file = ContentFile(bytes: Array(condition.utf8), file: "check", as: Condition.format)
  let value = try #require(file.value, "\(file.errors)")
  return try value.evaluate(in: Scene(run, answer: answer))
}

let home = Place(account: "111122223333", region: "us-east-1")

let ordersWorld = """
  clock: "2026-03-06T17:40:00Z"
  tables:
    orders: { key: order_id, items: 40, pitr: true }
  """
