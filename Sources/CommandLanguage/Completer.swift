// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import ServiceModel

/// One way to go on from the cursor.
package struct Completion: Hashable, Sendable {
  /// What the word at the cursor becomes, quoted where the shell needs it.
  package let text: String
  /// A few words on it; empty where there is nothing to add.
  package let description: String
  /// Whether the word is finished and a blank may follow.
  package let isFinal: Bool

  package init(text: String, description: String = "", isFinal: Bool = true) {
    self.text = text
    self.description = description
    self.isFinal = isFinal
  }
}

/// Offers what may stand at the cursor: services, operations, options, values, live names, files.
///
/// Required options come first. It reads any line, whole or broken, and never fails.
package struct Completer {
  /// The words of the prompt besides `aws`, with a few words on each.
  package var words: [(word: String, description: String)]
  /// Names that exist now.
  package var live: LiveNames
  /// The names in the folder of a path that `file://` begins; folders end in `/`.
  package var files: (String) -> [String]
  /// The names that have a value, for `$`.
  package var variables: [String]

  package init(
    words: [(word: String, description: String)] = [], live: LiveNames = LiveNames(),
    variables: [String] = [], files: @escaping (String) -> [String] = { _ in [] }
  ) {
    self.words = words
    self.live = live
    self.variables = variables
    self.files = files
  }

  /// What may stand at the cursor.
  ///
  /// - Parameters:
  ///   - line: The line as typed so far.
  ///   - cursor: A byte offset; beyond the line means its end.
  /// - Returns: Completions of the word that ends at the cursor, best first.
  /// - Complexity: O(n) in the length of the line and the number of choices.
  package func completions(for line: String, at cursor: Int) -> [Completion] {
    let place = CursorWord(line, cursor: cursor)
    guard !place.isComment else { return [] }
    if place.prefix.utf8.first == .dollar, !place.isQuoted {
      let typed = place.prefix.withoutPrefix("$")
      return variables.filter { $0.utf8.starts(with: typed.utf8) }.map {
        Completion(text: "$" + $0)
      }
    }
    guard let first = place.before.first else {
      let all = [("aws", "the AWS CLI's commands")] + words.map { ($0.word, $0.description) }
      return matching(place, all.map { Completion(text: $0.0, description: $0.1) })
    }
    guard first == "aws" else { return [] }
    return matching(place, afterAWS(Array(place.before.dropFirst()), place: place))
  }

  // MARK: Commands

  private func afterAWS(_ words: [String], place: CursorWord) -> [Completion] {
    var scan = CommandScan(words)
    scan.read()
    if let option = scan.openOption {
      return values(of: option, scan: scan, place: place)
    }
    if place.prefix.hasPrefix("-") { return options(scan) }
    if scan.command == "s3" { return storage(words) }
    guard let service = scan.service else {
      return scan.command == nil
        ? Service.names.map { Completion(text: $0, description: Service.named($0)?.fullName ?? "") }
          + [Completion(text: "s3", description: "buckets and objects, as files")]
          + [Completion(text: "help", description: "services and options")]
        : []
    }
    if scan.isWaiting, scan.waiter == nil {
      return service.waiters.map {
        Completion(
          text: $0.cliName, description: "every \($0.delaySeconds) s, up to \($0.maxAttempts) times"
        )
      }
    }
    guard scan.operation != nil else { return operations(of: service) }
    return options(scan)
  }

  /// What may follow `aws s3`: a command, then the buckets there are.
  private func storage(_ words: [String]) -> [Completion] {
    guard words.count > 1 else {
      return StorageCommand.summaries.map {
        Completion(text: $0.0.rawValue, description: $0.1)
      }
    }
    return live.buckets.map { Completion(text: "s3://\($0)/", isFinal: false) }
  }

  private func operations(of service: Service) -> [Completion] {
    var result = service.operations.map { operation in
      let required = OperationOptions(operation).all.filter(\.isRequired).map(\.name)
      return Completion(text: operation.cliName, description: required.joined(separator: " "))
    }
    if !service.waiters.isEmpty { result.append(Completion(text: "wait", description: "waiters")) }
    return result + [Completion(text: "help", description: "its operations")]
  }

  private func options(_ scan: CommandScan) -> [Completion] {
    var result: [Completion] = []
    if let operation = scan.operation {
      let options = OperationOptions(operation, isWaiter: scan.isWaiting)
      for option in HelpText.ordered(options) where !scan.given.contains(option.name) {
        let note = (option.isRequired ? "required, " : "") + HelpText.describe(option)
        result.append(Completion(text: option.name, description: note))
      }
    }
    for form in GlobalOptions.forms where !scan.given.contains(form.name) {
      result.append(Completion(text: form.name, description: HelpText.describe(form)))
    }
    return result
  }

  // MARK: Values

  private func values(of option: String, scan: CommandScan, place: CursorWord) -> [Completion] {
    for scheme in ["file://", "fileb://"] where place.prefix.hasPrefix(scheme) {
      return paths(place.prefix.withoutPrefix(scheme), scheme: scheme)
    }
    if let form = GlobalOptions.forms.first(where: { $0.name == option }) {
      if case .choice(let choices) = form.type { return choices.map { Completion(text: $0) } }
      if option == "--region" { return CompleterRegions.all.map { Completion(text: $0) } }
      return LiveValues.names(for: option, live: live).map { Completion(text: $0) }
    }
    guard let operation = scan.operation else { return [] }
    let options = OperationOptions(operation, isWaiter: scan.isWaiting)
    guard let found = options.all.first(where: { $0.name == option }) else { return [] }
    let names = LiveValues.names(for: option, live: live)
    var result = names.map { Completion(text: $0) }
    switch found.role {
    case .skeleton: result += ["input", "output"].map { Completion(text: $0) }
    case .member(let member): result += values(of: member.shape, option: option, place: place)
    default: break
    }
    // A list may be over: its next word may as well be an option.
    if scan.listIsOpen, place.prefix.isEmpty { result += self.options(scan) }
    return result
  }

  private func values(of shape: Shape, option: String, place: CursorWord) -> [Completion] {
    if !shape.enumeration.isEmpty { return shape.enumeration.map { Completion(text: $0) } }
    switch shape.kind {
    case .list:
      guard let element = shape.element else { return [] }
      if option == "--table-names" { return live.tables.map { Completion(text: $0) } }
      return values(of: element, option: option, place: place)
    case .structure: return shorthand(shape, place: place)
    default: return []
    }
  }

  /// The members of a structure as shorthand: `Enabled=`, and values of what stands before the
  /// cursor.
  private func shorthand(_ shape: Shape, place: CursorWord) -> [Completion] {
    let typed = place.prefix
    guard typed.utf8.first != UInt8(ascii: "{"), typed.utf8.first != UInt8(ascii: "[") else {
      return []
    }
    let comma = typed.utf8.lastIndex(of: UInt8(ascii: ","))
    let headEnd = comma.map { typed.utf8.index(after: $0) } ?? typed.utf8.startIndex
    let head = String(decoding: typed.utf8[..<headEnd], as: UTF8.self)
    let part = typed.utf8[headEnd...]
    if let equals = part.firstIndex(of: UInt8(ascii: "=")) {
      let key = String(decoding: part[..<equals], as: UTF8.self)
      guard let member = shape.member(named: key) else { return [] }
      let choices =
        member.shape.kind == .boolean ? ["true", "false"] : member.shape.enumeration
      return choices.map { Completion(text: "\(head)\(key)=\($0)", isFinal: false) }
    }
    return shape.members.map { member in
      let note = (member.isRequired ? "required, " : "") + HelpText.describe(member.shape)
      return Completion(text: "\(head)\(member.name)=", description: note, isFinal: false)
    }
  }

  private func paths(_ typed: String, scheme: String) -> [Completion] {
    let slash = typed.utf8.lastIndex(of: UInt8(ascii: "/"))
    let end = slash.map { typed.utf8.index(after: $0) } ?? typed.utf8.startIndex
    let folder = String(decoding: typed.utf8[..<end], as: UTF8.self)
    return files(folder).map { name in
      Completion(text: scheme + folder + name, isFinal: !name.hasSuffix("/"))
    }
  }

  private func matching(_ place: CursorWord, _ all: [Completion]) -> [Completion] {
    var seen: Set<String> = []
    return all.compactMap { completion in
      guard completion.text.utf8.starts(with: place.prefix.utf8),
        seen.insert(completion.text).inserted
      else { return nil }
      return Completion(
        text: place.quoted(completion.text), description: completion.description,
        isFinal: completion.isFinal)
    }
  }
}

/// Regions offered after `--region`.
enum CompleterRegions {
  static let all = Partition.allCases.flatMap(\.regions)
}

/// The word at the cursor and the words before it.
struct CursorWord {
  /// The finished words before the one at the cursor, of the same command.
  private(set) var before: [String] = []
  /// The beginning of the word at the cursor, without quotes.
  private(set) var prefix = ""
  private(set) var isQuoted = false
  private(set) var isComment = false

  init(_ line: String, cursor: Int) {
    let bytes = Array(line.utf8)
    var end = max(0, min(cursor, bytes.count))
    // A cursor inside a character stands before it.
    while end > 0, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    var words: [LineScanner.Word] = []
    var stop: LineScanner.Stop?
    var position = 0
    while position < end {
      var scanner = LineScanner(bytes: Array(bytes[..<end]), from: position)
      stop = scanner.scan()
      words = scanner.words
      switch stop {
      case .operatorCharacter, .placeholder: position = max(scanner.index, position) + 1
      case .openSubstitution:
        // Complete the command that is being typed inside `$(`.
        position = Self.lastSubstitution(in: bytes[..<end], from: position) ?? end
      case nil: position = scanner.statementEnd
      default: position = end
      }
    }
    isComment = Self.endsInComment(bytes[..<end])
    take(words, end: end, stop: stop)
  }

  private mutating func take(_ words: [LineScanner.Word], end: Int, stop: LineScanner.Stop?) {
    var words = words
    if let last = words.last, last.end == end || stop != nil {
      words.removeLast()
      isQuoted = last.isQuoted
      prefix = Self.text(last)
    }
    let settings = words.prefix { Self.text($0).utf8.contains(UInt8(ascii: "=")) }
    before = words.dropFirst(settings.count).map(Self.text)
    if before.first == "let" {
      before = Array(before.drop { $0 != "aws" })
    }
  }

  private static func text(_ word: LineScanner.Word) -> String {
    word.pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .name(let name): "$" + name
      case .substitution: ""
      }
    }.joined()
  }

  private static func lastSubstitution(in bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
    var position = bytes.endIndex - 1
    while position > start {
      if bytes[position] == UInt8(ascii: "("), bytes[position - 1] == .dollar {
        return position + 1
      }
      position -= 1
    }
    return nil
  }

  /// Whether the last line has a `#` at the start of a word outside quotes.
  private static func endsInComment(_ bytes: ArraySlice<UInt8>) -> Bool {
    var quote: UInt8?
    var previous = UInt8.space
    var isComment = false
    for byte in bytes {
      if byte == .newline, quote == nil { isComment = false }
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == .singleQuote || byte == .doubleQuote, !isComment {
        quote = byte
      } else if byte == .hash, previous == .space || previous == .tab || previous == .newline {
        isComment = true
      }
      previous = byte
    }
    return isComment
  }

  /// The completion as it has to be typed here: in quotes if it holds what a shell would take
  /// apart.
  func quoted(_ text: String) -> String {
    guard !isQuoted else { return text }
    let plain = text.utf8.allSatisfy { byte in
      byte.isLetter || byte.isDigit || byte >= 0x80 || "-_./:=,@%+$".utf8.contains(byte)
    }
    guard !plain else { return text }
    let inner = text.unicodeScalars.map { $0 == "'" ? "'\\''" : String($0) }.joined()
    return "'" + inner + "'"
  }
}

/// How far the words of a command have come: service, operation, options given, option open.
struct CommandScan {
  let words: [String]
  private(set) var command: String?
  private(set) var service: Service?
  private(set) var operation: OperationModel?
  private(set) var waiter: Waiter?
  private(set) var isWaiting = false
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
