// SPDX-License-Identifier: GPL-3.0-or-later

internal import CloudEngine
package import ContentFormat
package import Documents

/// An account of the world.
package struct AccountDescription: Hashable, Sendable {
  /// What an account is in the world's organization.
  package enum Part: String, ContentChoice {
    case management
    case member
    /// A member that keeps copies; to the services it is like any other.
    case vault
  }

  package var id = ""
  package var region = "us-east-1"
  /// Nil for an account that stands alone.
  package var part: Part?
  /// The service control policies that are attached to it.
  package var policies: [Named<PolicyDescription>] = []

  static let format = Format.record(
    "account", "An account.", AccountDescription(),
    [
      .required("id", \.id, .accountID, "Twelve digits, in quotes."),
      .defaulted("region", \.region, .region, "Its usual Region.", default: "us-east-1"),
      .optional(
        "organization", \.part, .choice,
        "Its part in the organization: management, member or vault; alone if left out."),
      .defaulted(
        "policies", \.policies, PolicyDescription.namedFormat,
        "Service control policies attached to it, by name."),
    ],
    needs: [(field: "policies", other: "organization")])

  /// The account of a world that names none.
  static let standard = Named("main", AccountDescription(id: "111122223333"), at: .start)

  init(id: String = "") { self.id = id }
}

/// What an organization's management account has settled before the world's clock.
package struct OrganizationDescription: Hashable, Sendable {
  package var id = "o-exampleorgid"
  package var allowsCopies = false
  package var trusted = ["backup.amazonaws.com"]
  /// The service control policies of the root.
  package var policies: [Named<PolicyDescription>] = []
  package var mark = Mark.start

  static let format = Format.record(
    "organization", "The organization that accounts with a part in it belong to.",
    OrganizationDescription(),
    [
      .defaulted("id", \.id, .organizationID, "Its id.", default: "o-exampleorgid"),
      .defaulted(
        "cross-account-backup", \.allowsCopies, .boolean,
        "Whether recovery points may be copied between its accounts.", default: false),
      .defaulted(
        "trusted", \.trusted, .list(.text, count: 0...20),
        "The services it has let in.", default: ["backup.amazonaws.com"]),
      .defaulted(
        "policies", \.policies, PolicyDescription.namedFormat,
        "Service control policies for all accounts but the management account, by name."),
      .mark(\.mark),
    ])
}

/// A role that commands can be run as, and that AWS Backup can take on.
package struct RoleDescription: Hashable, Sendable {
  /// The name of its account; nil for the first.
  package var account: String?
  package var path = "/"
  /// Names or ids of accounts and names of services; nil for everybody.
  package var trusted: [String]?
  /// Nil for a role that may do everything.
  package var policies: [Named<PolicyDescription>]?

  static let format = Format.record(
    "role", "A role. An account for which one is declared has no other.", RoleDescription(),
    [
      .optional("account", \.account, .identifier, "The account it belongs to, by name."),
      .defaulted("path", \.path, .rolePath, "Its path.", default: "/"),
      .optional(
        "trust", \.trusted, .list(.text, count: 0...20),
        "Who may take it on: accounts, backup.amazonaws.com; everybody if left out."),
      .optional(
        "policies", \.policies, PolicyDescription.namedFormat,
        "What it may do, by the policies' names; everything if left out."),
    ])
}

/// A policy document, in the words of IAM: a list of statements, or the JSON text.
package struct PolicyDescription: Hashable, Sendable {
  /// The statements, placeholders in them.
  package let document: Document
  package let mark: Mark

  static let namedFormat = Format<[Named<PolicyDescription>]>.named(
    .identifier, format, count: 0...20)

  private static let format = Format<PolicyDescription>(
    schema: Schema(["type": ["array", "object", "string"]])
  ) { node, reading in
    var document = node.document
    if let text = document.string {
      guard let parsed = try? Document.parse(text) else {
        reading.report(
          .badValue, "the policy is no JSON document", fix: "a list of statements", at: node.mark)
        return nil
      }
      document = parsed
    }
    if document.array != nil || document["Statement"] == nil {
      document = ["Version": "2012-10-17", "Statement": document]
    }
    return PolicyDescription(document: document, mark: node.mark)
  }

  /// The policy that the engine evaluates, placeholders replaced.
  ///
  /// - Throws: `ContentProblem` for an unknown placeholder and for what is no such policy.
  func policy(_ kind: PolicyKind, _ bindings: Bindings) throws(ContentProblem) -> AccessPolicy {
    let text = try document.substituting(bindings).json(.compact)
    do throws(PolicyProblem) {
      return try AccessPolicy(reading: text, as: kind)
    } catch {
      switch error {
      case .malformed(let why):
        throw ContentProblem(.badValue, "line \(mark.line): the policy is none: \(why)")
      case .notSimulated(let what):
        throw ContentProblem(.notSimulated, "line \(mark.line): \(what) is not simulated")
      }
    }
  }
}

extension Format where Value == String {
  /// The id of an organization.
  fileprivate static let organizationID = Format.text.parsed { text throws(ContentProblem) in
    let rest = text.utf8.dropFirst(2)
    guard text.hasPrefix("o-"), (10...32).contains(rest.count),
      rest.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) })
    else {
      throw ContentProblem(
        .badValue, "\"\(text)\" is no organization's id",
        fix: "o- and 10 to 32 of a-z and 0-9")
    }
    return text
  }.annotated("pattern", "^o-[a-z0-9]{10,32}$")

  /// A role's path, with a slash at both ends.
  fileprivate static let rolePath = Format.text.parsed { text throws(ContentProblem) in
    guard text.hasPrefix("/"), text.hasSuffix("/"), text.utf8.count <= 512 else {
      throw ContentProblem(
        .badValue, "\"\(text)\" is no role's path", fix: "/ or, say, /service-role/")
    }
    return text
  }.annotated("pattern", "^/(.*/)?$")
}
