// SPDX-License-Identifier: GPL-3.0-or-later

import ServiceModel

/// One option of an operation: a member of its input, or one the CLI adds.
struct OperationOption {
  enum Role: Hashable {
    case member(Member)
    /// `--no-…` of a boolean member.
    case negation(Member)
    /// One that fills a member of a metric's value.
    case metric(Member)
    case cliInputJSON
    case cliInputYAML
    case skeleton
    case startingToken
    case pageSize
    case maxItems
  }

  let name: String
  let role: Role
  let isRequired: Bool
  /// Native paging options are accepted, not shown.
  let isHidden: Bool
}

/// The options of one operation, as the AWS CLI lays them out from the model.
struct OperationOptions {
  let all: [OperationOption]
  let forms: [OptionForm]
  private let canBeFilledIn: Bool

  /// Lays out the options.
  ///
  /// - Parameters:
  ///   - operation: The operation; its input's members become options.
  ///   - isWaiter: Waiters poll one operation and take no paging options.
  init(_ operation: OperationModel, isWaiter: Bool = false) {
    let paging = isWaiter ? nil : operation.pagination
    let native = Set((paging?.inputTokens ?? []) + (paging?.limitKey.map { [$0] } ?? []))
    var options: [OperationOption] = []
    for member in operation.input?.members ?? [] {
      let isHidden = native.contains(member.name)
      let isRequired = member.isRequired && !member.isIdempotencyToken
      options.append(
        OperationOption(
          name: Self.renamed["\(operation.name).\(member.name)"] ?? member.optionName,
          role: .member(member),
          isRequired: isRequired, isHidden: isHidden))
      if let negative = member.negativeOptionName {
        options.append(
          OperationOption(
            name: negative, role: .negation(member), isRequired: false, isHidden: isHidden))
      }
    }
    options += MetricOptions.all(of: operation)
    canBeFilledIn = !operation.answersWithStream
    let added = canBeFilledIn ? Self.added(paging) : []
    for (name, role) in added where !options.contains(where: { $0.name == name }) {
      options.append(OperationOption(name: name, role: role, isRequired: false, isHidden: false))
    }
    all = options
    let limitKind = paging?.limitKey.flatMap { operation.input?.member(named: $0)?.shape.kind }
    forms = options.map { Self.form($0, limitKind: limitKind) }
  }

  /// Options that the CLI calls by another name than the model's: this one would be an
  /// abbreviation of `--endpoint-url`.
  private static let renamed = ["Subscribe.Endpoint": "--notification-endpoint"]

  private static func added(
    _ paging: Pagination?
  ) -> [(name: String, role: OperationOption.Role)] {
    var added: [(name: String, role: OperationOption.Role)] = [
      ("--cli-input-json", .cliInputJSON), ("--cli-input-yaml", .cliInputYAML),
    ]
    if let paging {
      added.append(("--starting-token", .startingToken))
      if paging.limitKey != nil { added.append(("--page-size", .pageSize)) }
      added.append(("--max-items", .maxItems))
    }
    added.append(("--generate-cli-skeleton", .skeleton))
    return added
  }

  private static func form(_ option: OperationOption, limitKind: Shape.Kind?) -> OptionForm {
    switch option.role {
    case .member(let member):
      // Booleans are flags; the request's check, not the parser, misses a required one.
      if member.shape.kind == .boolean { return OptionForm(option.name, arity: .flag(true)) }
      return OptionForm(
        option.name, arity: member.shape.kind == .list ? .many : .one,
        type: type(of: member.shape.kind), isRequired: option.isRequired)
    case .negation(let member):
      return OptionForm(option.name, destination: member.optionName, arity: .flag(false))
    case .skeleton:
      return OptionForm(
        option.name, arity: .optional(assumed: "input"),
        type: .choice(["input", "output", "yaml-input"]))
    case .pageSize, .maxItems:
      return OptionForm(option.name, type: limitKind == .string ? .text : .whole)
    case .cliInputJSON, .cliInputYAML, .startingToken, .metric:
      return OptionForm(option.name)
    }
  }

  private static func type(of kind: Shape.Kind) -> OptionType {
    switch kind {
    case .long: .whole
    case .float, .double: .real
    default: .text
    }
  }

  /// The forms with nothing required, for commands that fill in a skeleton or JSON.
  func forms(forWords words: [String]) -> [OptionForm] {
    let asksForOutput = zip(words, words.dropFirst()).contains {
      $0 == ("--generate-cli-skeleton", "output")
    }
    let isFilledIn =
      words.contains("--cli-input-json") || words.contains("--cli-input-yaml")
      || (words.contains("--generate-cli-skeleton") && !asksForOutput)
    guard isFilledIn, canBeFilledIn else { return forms }
    return forms.map { form in
      var form = form
      form.isRequired = false
      return form
    }
  }
}
