// SPDX-License-Identifier: GPL-3.0-or-later

/// Runs the parts that were asked for.
enum Benchmarks {
  /// The process's exit status: 1 where something was wrong, not where it was slow.
  static func run(_ parts: [String], _ scale: Scale, isMarkdown: Bool) -> Int32 {
    var report = Report(isMarkdown: isMarkdown)
    func wants(_ part: String) -> Bool {
      parts.contains(part) || (parts.isEmpty && !["month", "year"].contains(part))
    }
    do {
      if wants("structures") { Structures.run(scale, &report) }
      if wants("baselines") { try Baselines.run(scale, &report) }
      if wants("histories") { Histories.run(scale, &report) }
      if wants("engine") { try Engine.run(scale, &report) }
      if wants("checkpoints") { try Checkpoints.run(scale, &report) }
      if wants("durability") { try Durability.run(scale, &report) }
      if wants("month") { try Month(isSmoke: scale.isSmoke).run() }
      if wants("year") { try Year.run(scale) }
    } catch {
      print("rewind-bench: \(error)")
      return 1
    }
    if !report.missed.isEmpty, !scale.isSmoke {
      print("\nMissed on this machine: \(report.missed.joined(separator: "; "))")
    }
    return 0
  }
}
