// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import OrderedCollections

/// How many words an option takes.
enum OptionArity: Hashable, Sendable {
  /// None; the option itself is the value.
  case flag(Bool)
  case one
  /// None or more, up to the next option.
  case many
  /// One, or a value assumed in its absence.
  case optional(assumed: String)
}

/// What an option's words must look like before the option is understood.
enum OptionType: Hashable, Sendable {
  case text
  /// A whole number (`invalid int value`).
  case whole
  /// A number (`invalid float value`).
  case real
  case choice([String])
}

/// One option of a command, as the parser needs to know it.
struct OptionForm: Hashable, Sendable {
  /// With its hyphens: `--table-name`.
  let name: String
  /// Where the value goes; the two options of a boolean share it.
  let destination: String
  var arity = OptionArity.one
  var type = OptionType.text
  var isRequired = false
  /// The lower-case forms count too.
  var isCaseInsensitive = false

  init(
    _ name: String, destination: String? = nil, arity: OptionArity = .one,
    type: OptionType = .text, isRequired: Bool = false
  ) {
    self.name = name
    self.destination = destination ?? name
    self.arity = arity
    self.type = type
    self.isRequired = isRequired
  }
}

/// A parsed option: its words, or the value of its flag.
enum OptionValue: Hashable, Sendable {
  case flag(Bool)
  case word(String)
  case words([String])
}

/// Reads options out of words as the AWS CLI's parser (Python's argparse) does.
///
/// Options may be shortened as long as they are unambiguous, `--name=value` and `--name value` are
/// the same, and the last one given counts. Words that begin with a hyphen are options unless they
/// hold a blank or are negative numbers. What nothing takes is handed on.
struct OptionParser {
  /// The outcome: values by destination, positional words, and what was not understood, in order.
  struct Result {
    var values: [String: OptionValue] = [:]
    var positionals: [String] = []
    var rest: [String] = []
  }

  private enum Kind: Hashable {
    case word
    /// An option of ours, with the value after its equals sign.
    case option(OptionForm, attached: String?)
    case unknown
    case separator
  }

  private let forms: OrderedDictionary<String, OptionForm>
  private let positionalNames: [String]
  private let putsFirstWordLast: Bool

  /// - Parameters:
  ///   - forms: The options, in the order in which missing ones are listed.
  ///   - positionals: The names of the words that must stand by themselves.
  ///   - putsFirstWordLast: Whether a word before all options, which might have been `help`, is
  ///     listed last among those not understood.
  init(
    _ forms: [OptionForm], positionals: [String] = [], putsFirstWordLast: Bool = false
  ) {
    self.putsFirstWordLast = putsFirstWordLast
    self.forms = OrderedDictionary(forms.map { ($0.name, $0) }) { _, last in last }
    positionalNames = positionals
  }

  /// Reads the words.
  ///
  /// - Throws: `.usage` in argparse's words.
  /// - Complexity: O(words × options) when options are shortened, else O(words).
  func parse(_ words: [String]) throws(CommandError) -> Result {
    var result = Result()
    let kinds = try classify(words)
    var index = 0
    while index < words.count {
      switch kinds[index] {
      case .word:
        if result.positionals.count < positionalNames.count {
          result.positionals.append(words[index])
        } else {
          result.rest.append(words[index])
        }
        index += 1
      case .separator:
        // Only the last parser of a command takes the separator away.
        if !positionalNames.isEmpty { result.rest.append(words[index]) }
        index += 1
      case .unknown:
        result.rest.append(words[index])
        index += 1
      case .option(let form, let attached):
        index += 1
        try consume(form, attached, words, kinds, &index, &result)
      }
    }
    try requireAll(result)
    if putsFirstWordLast, kinds.first == .word, !result.rest.isEmpty {
      result.rest.append(result.rest.removeFirst())
    }
    return result
  }

  private func requireAll(_ result: Result) throws(CommandError) {
    var missing = forms.values.filter { $0.isRequired && result.values[$0.destination] == nil }
      .map(\.name)
    missing += positionalNames.dropFirst(result.positionals.count)
    guard missing.isEmpty else {
      throw .usage(
        "the following arguments are required: " + missing.joined(separator: ", "))
    }
  }

  // MARK: Classifying

  private func classify(_ words: [String]) throws(CommandError) -> [Kind] {
    var kinds: [Kind] = []
    kinds.reserveCapacity(words.count)
    var isAfterSeparator = false
    for word in words {
      if isAfterSeparator {
        kinds.append(.word)
      } else if word == "--" {
        isAfterSeparator = true
        kinds.append(.separator)
      } else {
        kinds.append(try classify(word))
      }
    }
    return kinds
  }

  private func classify(_ word: String) throws(CommandError) -> Kind {
    guard word.utf8.first == UInt8(ascii: "-"), word.utf8.count > 1 else { return .word }
    if let form = forms[word] { return .option(form, attached: nil) }
    let (name, attached) = Self.split(word)
    if attached != nil, let form = forms[name] { return .option(form, attached: attached) }
    if name.hasPrefix("--") {
      let matches = forms.values.filter { $0.name.utf8.starts(with: name.utf8) }
      if matches.count > 1 {
        let names = matches.map(\.name).joined(separator: ", ")
        throw .usage("ambiguous option: \(word) could match \(names)")
      }
      if let only = matches.first { return .option(only, attached: attached) }
    }
    if Self.isNegativeNumber(word) || word.utf8.contains(.space) { return .word }
    return .unknown
  }

  private static func split(_ word: String) -> (name: String, value: String?) {
    guard let equals = word.utf8.firstIndex(of: UInt8(ascii: "=")) else { return (word, nil) }
    return (
      String(decoding: word.utf8[..<equals], as: UTF8.self),
      String(decoding: word.utf8[equals...].dropFirst(), as: UTF8.self)
    )
  }

  private static func isNegativeNumber(_ word: String) -> Bool {
    let digits = word.utf8.dropFirst()
    let whole = digits.prefix(while: \.isDigit)
    let rest = digits.dropFirst(whole.count)
    if rest.isEmpty { return !whole.isEmpty }
    let fraction = rest.dropFirst()
    return rest.first == UInt8(ascii: ".") && !fraction.isEmpty && fraction.allSatisfy(\.isDigit)
  }

  // MARK: Consuming

  private func consume(
    _ form: OptionForm, _ attached: String?, _ words: [String], _ kinds: [Kind],
    _ index: inout Int, _ result: inout Result
  ) throws(CommandError) {
    switch form.arity {
    case .flag(let value):
      if let attached {
        throw .usage(
          "argument \(form.name): ignored explicit argument \(attached.pythonRepr)")
      }
      result.values[form.destination] = .flag(value)
    case .one:
      var word = attached
      if word == nil, index < words.count, kinds[index] == .word {
        word = words[index]
        index += 1
      }
      guard let word else { throw .usage("argument \(form.name): expected one argument") }
      try check(word, form)
      result.values[form.destination] = .word(word)
    case .optional(let assumed):
      var word = attached
      if word == nil, index < words.count, kinds[index] == .word {
        word = words[index]
        index += 1
      }
      if let word { try check(word, form) }
      result.values[form.destination] = .word(word ?? assumed)
    case .many:
      var taken = attached.map { [$0] } ?? []
      if attached == nil {
        while index < words.count, kinds[index] == .word {
          taken.append(words[index])
          index += 1
        }
      }
      result.values[form.destination] = .words(taken)
    }
  }

  private func check(_ word: String, _ form: OptionForm) throws(CommandError) {
    switch form.type {
    case .text: break
    case .whole:
      guard PythonNumber.integer(word) != nil else {
        throw .usage("argument \(form.name): invalid int value: \(word.pythonRepr)")
      }
    case .real:
      guard PythonNumber.real(word) != nil else {
        throw .usage("argument \(form.name): invalid float value: \(word.pythonRepr)")
      }
    case .choice(let choices):
      guard choices.contains(word) else { throw .invalidChoice(form.name, word, of: choices) }
    }
  }
}

extension CommandError {
  /// A word that is none of those allowed, with those that look like it.
  static func invalidChoice(
    _ argument: String, _ word: String, of choices: [String]
  ) -> CommandError {
    var text = "argument \(argument): Found invalid choice '\(word)'\n"
    let similar = CloseMatches.matches(to: word, among: choices, cutoff: 0.8)
    if !similar.isEmpty {
      text += "\nMaybe you meant:\n\n" + similar.map { "  * " + $0 }.joined(separator: "\n")
    }
    return .usage(text)
  }
}
