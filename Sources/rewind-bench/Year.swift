// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Glibc
import ReferenceModel

/// A year of hourly plans over 200 tables in three accounts, compared with a calculation that shares
/// nothing with the engine but its chance.
enum Year {
  /// Something that should have been equal and was not.
  private struct Difference: Error, CustomStringConvertible { let description: String }

  static func run(_ scale: Scale) throws {
    let year = PlanYear(
      tables: scale.size(200, smoke: 12), days: scale.size(365, smoke: 60))
    print("\(year.tables) tables, \(year.days) days")
    var cloud = try year.begin()
    let before = heapByteCount()
    var result = PlanYear.Result()
    var most = 0
    let time = seconds {
      result = year.run(&cloud) { _ in most = max(most, heapByteCount() - before) }
    }
    print(result)
    let kept = heapByteCount() - before
    print(
      "\(each(time)): \(each(time, result.jobs)) a job; at most \(rounded(Double(most) / 1e6)) MB, "
        + "at the end \(rounded(Double(kept) / 1e6)) MB")
    fflush(nil)
    let expected = year.expected()
    guard result == expected else {
      throw Difference(description: "the year differs from the calculation: \(expected)")
    }
    print("counts and bill equal the calculation to the last digit")
  }
}
