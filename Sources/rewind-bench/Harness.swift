// SPDX-License-Identifier: GPL-3.0-or-later

import Glibc

/// How much a run measures: all of it, or enough to see that it works.
struct Scale {
  let isSmoke: Bool

  /// A size of the full run, or what stands for it in a short one.
  func size(_ full: Int, smoke: Int) -> Int { isSmoke ? smoke : full }

  /// How often a measurement is repeated; the best counts.
  var repeats: Int { isSmoke ? 1 : 3 }
}

/// One line of the table: what was measured, what it should be, and what was measured beside it in
/// the same process.
struct Row {
  let what: String
  let goal: String
  let measured: String
  let beside: String
  /// Nil where there is no figure to reach.
  let isMet: Bool?

  init(
    _ what: String, goal: String = "–", _ measured: String, beside: String = "",
    isMet: Bool? = nil
  ) {
    self.what = what
    self.goal = goal
    self.measured = measured
    self.beside = beside
    self.isMet = isMet
  }
}

/// Collects rows and prints them as they come.
struct Report {
  let isMarkdown: Bool
  private(set) var missed: [String] = []

  init(isMarkdown: Bool) { self.isMarkdown = isMarkdown }

  mutating func section(_ title: String) {
    if isMarkdown {
      print("\n**\(title)**\n\n| what | goal | measured | beside it |\n|---|---|---|---|")
    } else {
      print("\n\(title)")
    }
    fflush(nil)
  }

  mutating func add(_ row: Row) {
    let mark = row.isMet.map { $0 ? "" : " (missed)" } ?? ""
    if row.isMet == false { missed.append(row.what) }
    if isMarkdown {
      print("| \(row.what) | \(row.goal) | \(row.measured)\(mark) | \(row.beside) |")
    } else {
      print(
        "  \(padded(row.what, 46)) \(padded(row.measured, 22)) goal \(padded(row.goal, 18))",
        terminator: "")
      print(" \(padded(mark, 9)) \(row.beside)")
    }
    fflush(nil)
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

/// The seconds that a piece of work takes of this thread's processor time, so that what else runs on
/// the machine counts less.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  try time(CLOCK_THREAD_CPUTIME_ID, body)
}

/// The seconds that a piece of work takes for somebody who waits for it.
func wallSeconds(_ body: () throws -> Void) rethrows -> Double {
  try time(CLOCK_MONOTONIC, body)
}

private func time(_ clock: clockid_t, _ body: () throws -> Void) rethrows -> Double {
  func now() -> Double {
    var now = timespec()
    clock_gettime(clock, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
  }
  let start = now()
  try body()
  return now() - start
}

/// The least seconds of several runs, each on what `prepare` makes for it.
func best<Input>(
  of repeats: Int, _ prepare: () throws -> Input, _ body: (inout Input) throws -> Void
) rethrows -> Double {
  var least = Double.infinity
  for _ in 0..<repeats {
    var input = try prepare()
    least = min(least, try seconds { try body(&input) })
  }
  return least
}

/// Bytes that the allocator has given out and not got back, its own overhead per block included.
///
/// It goes by glibc's `malloc_info`, which the Swift overlay does not show.
func heapByteCount() -> Int {
  typealias Function = @convention(c) (Int32, UnsafeMutablePointer<FILE>) -> Int32
  guard let symbol = dlsym(nil, "malloc_info") else { return 0 }
  let mallocInfo = unsafeBitCast(symbol, to: Function.self)
  var text: UnsafeMutablePointer<CChar>?
  var length = 0
  guard let stream = open_memstream(&text, &length) else { return 0 }
  _ = mallocInfo(0, stream)
  fclose(stream)
  defer { free(text) }
  guard let text else { return 0 }
  // The totals over all arenas follow the last of them.
  let all = String(cString: text).components(before: "</heap>")
  func size(_ prefix: String) -> Int {
    guard let line = all.split(separator: "\n").first(where: { $0.hasPrefix(prefix) }),
      let part = line.split(separator: " ").last(where: { $0.hasPrefix("size=\"") })
    else { return 0 }
    return Int(part.dropFirst(6).prefix { $0.isNumber }) ?? 0
  }
  return size("<system type=\"current\"") + size("<total type=\"mmap\"")
    - size("<total type=\"fast\"") - size("<total type=\"rest\"")
}

extension String {
  /// What follows the last line that is this one.
  fileprivate func components(before line: String) -> Substring {
    var rest = self[...]
    let lines = split(separator: "\n", omittingEmptySubsequences: false)
    if let last = lines.lastIndex(where: { $0 == line }) { rest = self[lines[last].endIndex...] }
    return rest
  }
}

// MARK: Figures as text

/// Seconds for one of `count` in the unit that reads best.
func each(_ seconds: Double, _ count: Int = 1) -> String {
  let one = seconds / Double(count)
  if one < 1e-6 { return "\(rounded(one * 1e9)) ns" }
  if one < 1e-3 { return "\(rounded(one * 1e6)) µs" }
  if one < 1 { return "\(rounded(one * 1e3)) ms" }
  return "\(rounded(one)) s"
}

/// How many a second.
func rate(_ seconds: Double, _ count: Int) -> String {
  let number = Double(count) / seconds
  if number >= 1e6 { return "\(rounded(number / 1e6)) M/s" }
  return number >= 1e3 ? "\(rounded(number / 1e3)) k/s" : "\(rounded(number))/s"
}

/// Three significant digits, which is more than a shared machine repeats.
func rounded(_ number: Double) -> String {
  guard number != 0, number.isFinite else { return "\(number)" }
  let digits = max(0, 2 - Int(log10(abs(number)).rounded(.down)))
  let scale = pow(10.0, Double(digits))
  let value = (number * scale).rounded() / scale
  return digits == 0 ? "\(Int(value))" : "\(value)"
}
