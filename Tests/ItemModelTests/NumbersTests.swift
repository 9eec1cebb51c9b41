// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import Testing

@Suite("Numbers")
struct NumbersTests {
  @Test(
    "a number prints in the service's normal form",
    arguments: [
      ("0", "0"), ("-0", "0"), ("0.000", "0"), ("0E999", "0"), ("1E2", "100"), ("1.50", "1.5"),
      ("+7", "7"), ("007", "7"), (".5", "0.5"), ("5.", "5"), ("-12.340e1", "-123.4"),
      ("100e-2", "1"), ("1e-3", "0.001"), ("-0.00120", "-0.0012"), ("10.01", "10.01"),
      ("18446744073709551616", "18446744073709551616"),
    ])
  func normalForm(text: String, expected: String) throws {
    #expect(try DecimalNumber(parsing: text).description == expected)
  }
}
