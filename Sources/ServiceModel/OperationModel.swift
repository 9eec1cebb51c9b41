// SPDX-License-Identifier: GPL-3.0-or-later

package import Documents

/// One operation of a service: its names, its input and output, and how it can fail.
package struct OperationModel: Sendable {
  /// The service's name of the operation: `CreateBackup`.
  package let name: String
  /// The CLI's name of the operation: `create-backup`.
  package let cliName: String
  /// The HTTP method, `POST` for everything but REST.
  package let httpMethod: String
  /// The path with its placeholders in braces, `/` for everything but REST.
  package let requestURI: String
  /// The HTTP status of an accepted request where the model gives one; else it is 200.
  package let responseCode: Int?
  /// The structure a request fills; nil when there is nothing to say.
  package let input: Shape?
  /// The structure an answer fills; nil when there is nothing to say.
  package let output: Shape?
  /// The exceptions the operation declares, in model order.
  package let errors: [Shape]
  /// Whether asking twice is the same as asking once.
  package let isIdempotent: Bool
  /// How the answer comes in pages; nil when it comes whole.
  package let pagination: Pagination?

  /// Whether the answer holds a body of any length, which a client saves rather than prints.
  package var answersWithStream: Bool { output?.members.contains(where: \.isStreaming) ?? false }
}

/// How an operation's answer comes in pages.
///
/// Names of members may be JMESPath expressions; where the model gives one name it is a list of
/// one.
package struct Pagination: Hashable, Sendable {
  /// The members of the input that say where to go on.
  package let inputTokens: [String]
  /// The members of the output that say where to go on, in step with `inputTokens`.
  package let outputTokens: [String]
  /// The member of the input that limits a page.
  package let limitKey: String?
  /// The members of the output that pages add to; the first is the one counted.
  package let resultKeys: [String]
  /// The members of the output that are taken from the first page.
  package let nonAggregateKeys: [String]
  /// The boolean member of the output that says whether there is another page.
  package let moreResults: String?
}

/// A wait of the CLI: an operation asked again until its answer has a certain look.
package struct Waiter: Sendable {
  /// What to do when an acceptor matches.
  package enum State: String, Hashable, Sendable { case success, failure, retry }

  /// What an acceptor looks at.
  package enum Matcher: String, Hashable, Sendable {
    /// The value at the path equals the expected one.
    case path
    /// The value at the path is a list that is not empty and whose elements all equal the expected
    /// one.
    case pathAll
    /// The value at the path is a list one of whose elements equals the expected one.
    case pathAny
    /// The HTTP status equals the expected one.
    case status
    /// The error's code equals the expected one; an expected boolean says whether there is an error
    /// at all.
    case error
  }

  /// One look at an answer.
  package struct Acceptor: Hashable, Sendable {
    package let state: State
    package let matcher: Matcher
    /// The JMESPath expression of the three `path` matchers.
    package let argument: String?
    package let expected: Document
  }

  /// The model's name: `TableExists`.
  package let name: String
  /// The CLI's name, after `wait`: `table-exists`.
  package let cliName: String
  /// The service's name of the operation that is asked: `DescribeTable`.
  package let operation: String
  /// The pause between two requests, in seconds.
  package let delaySeconds: Int
  package let maxAttempts: Int
  /// What to look at, in order; the first that matches decides.
  package let acceptors: [Acceptor]
}
