// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import Testing

private let nines38 = String(repeating: "9", count: 38)

@Suite("Numbers")
struct NumbersTests {
  @Test(
    "a number prints in the service's normal form",
    arguments: [
      ("0", "0"), ("-0", "0"), ("0.000", "0"), ("0E999", "0"), ("-0e-999999999999", "0"),
      ("1E2", "100"), ("1.50", "1.5"), ("+7", "7"), ("007", "7"), (".5", "0.5"), ("5.", "5"),
      ("-12.340e1", "-123.4"), ("100e-2", "1"), ("1e-3", "0.001"), ("-0.00120", "-0.0012"),
      ("10.01", "10.01"), ("18446744073709551615", "18446744073709551615"),
      ("18446744073709551616", "18446744073709551616"), ("0.10", "0.1"), ("120.0e-1", "12"),
      ("0000000000000000000000000000000000000000000000001", "1"),
      ("1000000000000000000000000000000000000000000000000e-48", "1"),
      ("9.9999999999999999999999999999999999999E+125", nines38 + String(repeating: "0", count: 88)),
      ("1E-130", "0." + String(repeating: "0", count: 129) + "1"),
    ])
  func normalForm(text: String, expected: String) throws {
    let number = try DecimalNumber(parsing: text)
    #expect(number.description == expected)
    #expect(try DecimalNumber(parsing: number.description) == number)
  }

  @Test(
    "a text that is no number is refused with the text",
    arguments: [
      "", "b", " 1", "1 ", "--1", "+-1", "1.2.3", "1e", "1e+", "e5", ".", "-", "-.", ".e1", "1_000",
      "0x10", "NaN", "Infinity", "1,5", "１", "1e1.5", "1e5e5",
    ])
  func notANumber(text: String) {
    #expect(throws: NumberError.notANumber(text)) { try DecimalNumber(parsing: text) }
  }

  @Test(
    "limits hold at both edges and one past",
    arguments: [
      (nines38, nil), ("1" + nines38, NumberError.precision),
      ("0." + nines38, nil), ("1." + nines38, .precision), (nines38 + "0", nil),
      ("1E125", nil), ("1E126", .overflow), ("-1E126", .overflow), ("10E124", nil),
      ("10E125", .overflow), ("9.9999999999999999999999999999999999999E125", nil),
      ("9.99999999999999999999999999999999999999E125", .precision),
      ("1E-130", nil), ("1E-131", .underflow), ("-1E-131", .underflow), ("0.1E-129", nil),
      ("1.1E-130", nil), ("9.9E-131", .underflow), ("1E99999999999999999999", .overflow),
      ("1E-99999999999999999999", .underflow), ("1" + nines38 + "E126", .overflow),
      ("1" + nines38 + "E-200", .underflow),
    ] as [(String, NumberError?)])
  func limits(text: String, expected: NumberError?) {
    var met: NumberError?
    do { _ = try DecimalNumber(parsing: text) } catch { met = error }
    #expect(met == expected)
  }

  @Test(
    "sums and differences are exact or refused",
    arguments: [
      ("1", "2", "3"), ("0.1", "0.2", "0.3"), ("1", "-1", "0"), ("5", "0", "5"), ("0", "-5", "-5"),
      ("-3", "1", "-2"), ("99", "1", "100"), ("1E125", "-1E125", "0"),
      (nines38, "1", "1" + String(repeating: "0", count: 38)),
      // 10^38 less 1 spans 39 digits and yet needs only 38.
      ("1E38", "-1", nines38), ("-1E38", "1", "-" + nines38),
      ("1E37", "0.1", nil), ("1E36", "0.1", "1" + String(repeating: "0", count: 36) + ".1"),
      ("1E38", "1", nil), ("1E39", "-1", nil), ("9E38", "-1", nil), ("1E125", "1E-130", nil),
      ("9.9E125", "1E124", nil), ("-9.9E125", "-1E124", nil), ("1.1E-130", "-1E-130", nil),
      (nines38, "0." + nines38, nil),
    ] as [(String, String, String?)])
  func sums(left: String, right: String, expected: String?) throws {
    let (a, b) = (try DecimalNumber(parsing: left), try DecimalNumber(parsing: right))
    #expect((try? a + b)?.description == expected)
    #expect((try? b + a)?.description == expected)
    #expect((try? a - b.negated)?.description == expected)
  }

  @Test("a sum out of range says how")
  func sumErrors() throws {
    let (big, small) = (try DecimalNumber(parsing: "9.9E125"), try DecimalNumber(parsing: "1E124"))
    #expect(throws: NumberError.overflow) { try big + small }
    #expect(throws: NumberError.precision) { try big + 1 }
    let (tiny, other) = (
      try DecimalNumber(parsing: "1.1E-130"), try DecimalNumber(parsing: "1E-130")
    )
    #expect(throws: NumberError.underflow) { try tiny - other }
  }

  @Test(
    "numbers compare by value",
    arguments: [
      ("0", "1"), ("-1", "0"), ("-2", "-1"), ("9", "10"), ("-10", "-9"), ("1.5", "1.51"),
      ("1E-130", "1E-129"), ("-1E125", "-1E-130"), ("0", "1E-130"), ("-1E-130", "0"),
      ("99999999999999999999999999999999999998", nines38), (nines38, "1E38"),
      ("1.9", "2"), ("19", "20"), ("0.9", "1"),
    ])
  func order(less: String, greater: String) throws {
    let (a, b) = (try DecimalNumber(parsing: less), try DecimalNumber(parsing: greater))
    #expect(a < b)
    #expect(!(b < a))
    #expect(a != b)
  }

  @Test("integers keep their value through texts and bytes", arguments: [1, 7, 42])
  func integers(seed: UInt64) throws {
    var dice = Dice(seed: seed)
    for _ in 0..<500 {
      let shift = dice.roll(63)
      let (a, b) = (Int(truncatingIfNeeded: dice.next()) >> shift, dice.roll(1_000) - 500)
      let (x, y) = (DecimalNumber(a), DecimalNumber(b))
      #expect(x.description == String(a))
      #expect(x.integer == a)
      #expect(try DecimalNumber(parsing: String(a)) == x)
      #expect((x < y) == (a < b))
      let (sum, overflow) = a.addingReportingOverflow(b)
      if !overflow { #expect(try (x + y).integer == sum) }
    }
    #expect(DecimalNumber(Int.min).description == String(Int.min))
    #expect(DecimalNumber(Int.min).integer == Int.min)
    #expect(try DecimalNumber(parsing: "9223372036854775808").integer == nil)
    #expect(try DecimalNumber(parsing: "1.5").integer == nil)
  }

  @Test(
    "a number counts the bytes the service counts",
    arguments: [
      ("0", 1), ("1", 2), ("-1", 3), ("12", 2), ("10", 2), ("100", 2), ("123", 3), ("1234", 3),
      ("120", 3), ("0.12", 2), ("0.012", 3), ("-0.012", 4), (nines38, 20), ("1E125", 2),
    ])
  func byteCount(text: String, expected: Int) throws {
    #expect(try DecimalNumber(parsing: text).byteCount == expected)
  }
}
