// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat
internal import Documents
package import Worlds

/// What a proof measures once, to be compared with what each choice claims.
package struct ProofMeasure: Sendable {
  enum Body: Sendable {
    case run([ContentCommand])
    case bill(BillMeasure)
  }

  var body: Body?
  var query: String?

  static let format = Format.record(
    "proof-measure", "What is measured, without a comparison: that is each choice's claim.",
    ProofMeasure(),
    [
      .oneOf(
        \.body,
        [
          Alternative(
            "run", Format.commands.map(Body.run), "AWS commands; the last one's answer."),
          Alternative("bill", bill, "Money."),
        ]),
      .optional("query", \.query, .text, "A JMESPath query on the command's answer."),
    ], needs: [("query", "run")]
  ).validated { measure, node, reading in
    if case .bill(let bill)? = measure.body, !bill.comparison.isEmpty {
      reading.report(
        .conflict, "a proof's measure compares nothing; the choices' claims do", at: node.mark)
    }
  }

  /// The bill as a condition has it, read through the condition's own format.
  private static let bill = Format<Body>(
    schema: Schema(["$ref": "#/definitions/bill"])
  ) { node, reading in
    let member = ContentNode.Member(name: "bill", nameMark: node.mark, node: node)
    let whole = ContentNode(value: .mapping([member]), mark: node.mark)
    guard let condition = Condition.format.read(whole, &reading),
      case .measure(.bill(let bill))? = condition.body
    else { return nil }
    return .bill(bill)
  }

  /// The condition that the measure is as a comparison wants it.
  package func condition(_ comparison: Comparison) -> Condition {
    var condition = Condition()
    switch body {
    case .run(let commands)?:
      condition.body = .measure(.run(commands))
      condition.query = query
      condition.comparison = comparison
    case .bill(var bill)?:
      bill.comparison = comparison
      condition.body = .measure(.bill(bill))
    case nil: break
    }
    return condition
  }
}
