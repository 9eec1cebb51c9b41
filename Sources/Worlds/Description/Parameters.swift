// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat
package import Simulation

/// How one parameter is drawn from the seed.
package enum Parameter: Sendable {
  case pick([String])
  case integer(Int, Int)
  case time(FieldTime, FieldTime)

  /// The `params:` mapping.
  package static let format = Format<[Named<Parameter>]>.named(
    .placeholder, one, count: 1...50)

  private struct Source: Sendable {
    var parameter: Parameter?
  }

  private static let one = Format.record(
    "param", "A parameter drawn from the seed.", Source(),
    [
      .oneOf(
        \.parameter,
        [
          Alternative("pick", Format<[String]>.list(.text).map(Parameter.pick), "One of these."),
          Alternative(
            "int",
            Format<[Int]>.list(.integer(-1_000_000...1_000_000), count: 2...2).parsed {
              ends throws(ContentProblem) in
              guard let low = ends.first, let high = ends.last, low <= high else {
                throw ContentProblem(.badValue, "the first end is above the second")
              }
              return .integer(low, high)
            }, "A whole number between the ends."),
          Alternative(
            "time",
            Format<[FieldTime]>.list(.time, count: 2...2).parsed { ends throws(ContentProblem) in
              guard let low = ends.first, let high = ends.last else {
                throw ContentProblem(.badValue, "two ends are needed")
              }
              return .time(low, high)
            }, "A whole second between the ends."),
        ])
    ]
  ).parsed { source throws(ContentProblem) in
    guard let parameter = source.parameter else {
      throw ContentProblem(.missingField, "pick, int or time")
    }
    return parameter
  }

  /// What every parameter is under one seed.
  ///
  /// The name decides the draw, so adding a parameter does not
  /// change the others.
  ///
  /// - Throws: `ContentProblem` where the ends of a time are in the wrong order.
  package static func draw(
    _ parameters: [Named<Parameter>], seed: UInt64, clock: Instant
  ) throws(ContentProblem) -> [String: Binding] {
    var result: [String: Binding] = [:]
    for parameter in parameters {
      var source = IdentifierSource(seed: seed)
      let number = source.draw("parameter " + parameter.name)
      switch parameter.value {
      case .pick(let choices):
        result[parameter.name] = .text(choices[Int(number % UInt64(choices.count))])
      case .integer(let low, let high):
        result[parameter.name] = .text(String(low + Int(number % UInt64(high - low + 1))))
      case .time(let low, let high):
        let first = try low.instant(from: clock, Bindings(result)).ceiledToSecond
        let last = try high.instant(from: clock, Bindings(result)).flooredToSecond
        guard first <= last else {
          throw ContentProblem(
            .badValue, "the times of \(parameter.name) leave no whole second between them")
        }
        let seconds = UInt64((last - first).wholeMilliseconds / 1000) + 1
        result[parameter.name] = .time(first + .seconds(Int64(number % seconds)))
      }
    }
    return result
  }
}

extension NameRule {
  /// A name that placeholders can use: begins with a letter.
  static let placeholder = NameRule(
    pattern: "^[a-z][a-z0-9-]{0,63}$", words: "a-z, 0-9 and -, beginning with a letter"
  ) { Identifier.isValid($0) && $0.utf8.first.map { (0x61...0x7A).contains($0) } == true }
}
