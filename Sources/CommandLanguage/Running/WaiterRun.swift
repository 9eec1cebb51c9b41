// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import JMESPath
import ServiceModel

/// Polls an operation until its answer has the look a waiter wants, letting virtual time pass
/// between.
struct WaiterRun {
  let waiter: Waiter

  /// Polls to the end.
  ///
  /// - Parameters:
  ///   - ask: Sends the request once.
  ///   - pause: Lets the waiter's delay pass.
  /// - Throws: `.general` when the waiter fails or gives up, in the CLI's words.
  func run(
    ask: () -> Result<Document, ServiceError>, pause: () -> Void
  ) throws(CommandError) {
    var attempts = 0
    var lastMatched: Waiter.Acceptor?
    while true {
      let answer = ask()
      attempts += 1
      let matched = waiter.acceptors.first { Self.matches($0, answer) }
      if let matched { lastMatched = matched }
      switch matched?.state {
      case .success: return
      case .failure:
        let reason = matched.map(Self.explanation) ?? ""
        throw failed("Waiter encountered a terminal failure state: \(reason)")
      case nil:
        if case .failure(let error) = answer {
          throw failed("An error occurred (\(error.code)): \(error.message)")
        }
      case .retry: break
      }
      guard attempts < waiter.maxAttempts else {
        throw failed(
          "Max attempts exceeded"
            + (lastMatched.map { ". Previously accepted state: " + Self.explanation($0) } ?? ""))
      }
      pause()
    }
  }

  private func failed(_ reason: String) -> CommandError {
    .general("Waiter \(waiter.name) failed: \(reason)")
  }

  private static func matches(
    _ acceptor: Waiter.Acceptor, _ answer: Result<Document, ServiceError>
  ) -> Bool {
    switch (acceptor.matcher, answer) {
    case (.path, .success(let value)): return found(acceptor, in: value) == acceptor.expected
    case (.pathAll, .success(let value)):
      guard let elements = found(acceptor, in: value).array, !elements.isEmpty else { return false }
      return elements.allSatisfy { $0 == acceptor.expected }
    case (.pathAny, .success(let value)):
      return found(acceptor, in: value).array?.contains(acceptor.expected) ?? false
    case (.status, .success): return acceptor.expected == 200
    case (.status, .failure(let error)):
      return acceptor.expected == .integer(Int64(error.status))
    case (.error, .success): return acceptor.expected == false
    case (.error, .failure(let error)):
      return acceptor.expected == true || acceptor.expected.string == error.code
    case (.path, .failure), (.pathAll, .failure), (.pathAny, .failure): return false
    }
  }

  private static func found(_ acceptor: Waiter.Acceptor, in value: Document) -> Document {
    guard let path = acceptor.argument, let expression = try? JMESPathExpression(parsing: path)
    else { return .null }
    return (try? expression.search(in: value)) ?? .null
  }

  private static func explanation(_ acceptor: Waiter.Acceptor) -> String {
    let path = acceptor.argument ?? ""
    let expected = acceptor.expected.pythonText
    return switch acceptor.matcher {
    case .path: "For expression \"\(path)\" we matched expected path: \"\(expected)\""
    case .pathAll:
      "For expression \"\(path)\" all members matched expected path: \"\(expected)\""
    case .pathAny:
      "For expression \"\(path)\" we matched expected path: \"\(expected)\" at least once"
    case .status: "Matched expected HTTP status code: \(expected)"
    case .error: "Matched expected service error code: \(expected)"
    }
  }
}
