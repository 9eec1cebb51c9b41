// SPDX-License-Identifier: GPL-3.0-or-later

import OrderedCollections
import ServiceModel

/// The options by which `aws cloudwatch put-metric-data` takes one value without JSON: each fills
/// a member of the first element of `MetricData`.
enum MetricOptions {
  /// The member that they fill, which is no required option any more where they are.
  static let list = "MetricData"

  /// The members that have an option of their own, in the CLI's order.
  private static let parts = [
    "MetricName", "Timestamp", "Unit", "Value", "Dimensions", "StatisticValues",
    "StorageResolution",
  ]

  /// The options of an operation; none for all but one.
  static func all(of operation: OperationModel) -> [OperationOption] {
    guard operation.name == "PutMetricData",
      let element = operation.input?.member(named: list)?.shape.element
    else { return [] }
    return parts.compactMap { element.member(named: $0) }.map { part in
      OperationOption(
        name: part.optionName, role: .metric(part), isRequired: false, isHidden: false)
    }
  }

  /// The value of `MetricData` that the options give together.
  ///
  /// - Parameters:
  ///   - options: The operation's options.
  ///   - values: What was typed.
  /// - Returns: A list of one, nil if none of them is there.
  /// - Throws: `.parameter` beside `--metric-data`, `.general` for texts that are no numbers or
  ///   no pairs.
  static func value(
    _ options: OperationOptions, _ values: [String: OptionValue]
  ) throws(CommandError) -> ParameterValue? {
    var datum: OrderedDictionary<String, ParameterValue> = [:]
    for option in options.all {
      guard case .metric(let part) = option.role, let word = values.word(option.name) else {
        continue
      }
      if values["--metric-data"] != nil, part.name != "StorageResolution" {
        let key = option.name.dropFirst(2).split(separator: "-").joined(separator: "_")
        throw .parameter(
          "The key \"\(key)\" cannot be specified when one of the following keys are also "
            + "specified: metric_data")
      }
      datum[part.name] = try value(of: part, word)
    }
    return datum.isEmpty ? nil : .list([.map(datum)])
  }

  private static func value(
    of part: Member, _ word: String
  ) throws(CommandError) -> ParameterValue {
    switch part.shape.kind {
    case .integer: return try PythonNumber.integer(.string(word))
    case .double: return try decimal(word)
    case .list:
      return .list(
        try pairs(word).map { .map(["Name": .string($0.name), "Value": .string($0.value)]) })
    case .structure:
      var members: OrderedDictionary<String, ParameterValue> = [:]
      for pair in try pairs(word) { members[pair.name] = try decimal(pair.value) }
      return .map(members)
    default: return .string(word)
    }
  }

  /// A few words on what an option takes, for `help`.
  static func describe(_ part: Member) -> String {
    switch part.shape.kind {
    case .list: "NAME=VALUE,NAME=VALUE…"
    case .structure: part.shape.members.map { $0.name + "=NUMBER" }.joined(separator: ",")
    default: HelpText.describe(part.shape)
    }
  }

  private static func decimal(_ text: String) throws(CommandError) -> ParameterValue {
    guard let number = PythonNumber.real(text) else {
      throw .general("[<class 'decimal.ConversionSyntax'>]")
    }
    return .double(number)
  }

  /// The pairs of `a=1,b=2`.
  private static func pairs(
    _ text: String
  ) throws(CommandError) -> [(name: String, value: String)] {
    var pairs: [(name: String, value: String)] = []
    for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = pair.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard sides.count > 1 else {
        throw .general("not enough values to unpack (expected 2, got 1)")
      }
      guard sides.count == 2 else { throw .general("too many values to unpack (expected 2)") }
      pairs.append((sides[0], sides[1]))
    }
    return pairs
  }
}
