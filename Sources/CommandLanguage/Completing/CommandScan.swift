// SPDX-License-Identifier: GPL-3.0-or-later

import ServiceModel

/// How far the words of a command have come: service, operation, options given, option open.
struct CommandScan {
  let words: [String]
  private(set) var command: String?
  private(set) var service: Service?
  private(set) var operation: OperationModel?
  private(set) var waiter: Waiter?
  private(set) var isWaiting = false
  /// The words that are neither options nor their values.
  private(set) var plain: [String] = []
  private(set) var given: Set<String> = []
  /// The option whose value is expected at the cursor.
  private(set) var openOption: String?
  /// Whether the open option takes any number of words and has one.
  private(set) var listIsOpen = false
  /// How many words each option of the operation takes.
  private var arities: [String: OptionArity] = [:]

  init(_ words: [String]) { self.words = words }

  mutating func read() {
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      if word.hasPrefix("--") {
        readOption(word, &index)
      } else {
        readWord(word)
      }
    }
  }

  private mutating func readWord(_ word: String) {
    plain.append(word)
    if command == nil {
      command = word
      service = Service.named(word)
    } else if isWaiting, waiter == nil {
      waiter = service?.waiter(named: word)
      operation = waiter.flatMap { service?.operation(named: $0.operation) }
    } else if operation == nil {
      if word == "wait" { isWaiting = true } else { operation = service?.operation(named: word) }
    }
  }

  private mutating func readOption(_ word: String, _ index: inout Int) {
    openOption = nil
    listIsOpen = false
    let name = word.split(separator: "=", maxSplits: 1).first.map(String.init) ?? word
    given.insert(name)
    guard name == word, let arity = arity(of: name) else { return }
    switch arity {
    case .flag: break
    case .one, .optional:
      if index < words.count, !words[index].hasPrefix("--") {
        index += 1
      } else if index == words.count {
        openOption = name
      }
    case .many:
      let start = index
      while index < words.count, !words[index].hasPrefix("--") { index += 1 }
      if index == words.count {
        openOption = name
        listIsOpen = index > start
      }
    }
  }

  private mutating func arity(of name: String) -> OptionArity? {
    if let form = GlobalOptions.forms.first(where: { $0.name == name }) { return form.arity }
    guard let operation else { return nil }
    if arities.isEmpty {
      for form in OperationOptions(operation, isWaiter: isWaiting).forms {
        arities[form.name] = form.arity
      }
    }
    return arities[name]
  }
}
