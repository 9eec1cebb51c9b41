// SPDX-License-Identifier: GPL-3.0-or-later

import ReferenceModel
import Testing

@Suite("Plans over a long time")
struct PlanYearTests {
  @Test("counts and bill of hourly plans equal a calculation of its own, to the last digit")
  func agreement() throws {
    let year = PlanYear(tables: 4, days: 40)
    var cloud = try year.begin()
    let result = year.run(&cloud)
    #expect(result == year.expected())
    #expect(result.jobs == 4 * (40 * 24 + 1 + 6))
    #expect(result.expired > 0 && result.cooled > 0 && result.keptCold == result.cooled)
  }
}
