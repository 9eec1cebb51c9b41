// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import Simulation

/// The policy of a table or a stream: who else may do what with it. [DDB.policy]
///
/// It is kept and told; nobody's requests are held to it.
struct ResourcePolicy: Hashable, Sendable, Codable {
  /// The policy in the form in which the service tells it; nil once it was deleted.
  let text: String?
  /// When it became what it is.
  let changedAt: Instant

  /// What a request that expects no other change must name: the change's milliseconds.
  var revision: String { String(changedAt.milliseconds) }

  /// A second change within this time is refused, at first in other words. [DDB.policy.cooldown]
  static let cooldown: Duration = .seconds(15)
  private static let applying: Duration = .seconds(2)

  /// Refuses a change so soon after the last one.
  func checkCooldown(of resource: String, table: String, at now: Instant) throws(ServiceError) {
    guard now - changedAt >= Self.applying else {
      throw .inUse("Table is pending previous resource-based policy update: \(table)")
    }
    guard now - changedAt >= Self.cooldown else {
      let again = (changedAt + Self.cooldown).rfc3339Milliseconds
      throw .throttled(
        "Resource-based policy for \(resource) modified within the previous 15000 milliseconds. "
          + "Please try again after \(again).")
    }
  }
}

/// A policy document as a request brings it, and the form in which it is told again.
enum PolicyDocument {
  /// The most bytes a policy may have, white space included. [DDB.policy]
  static let maximumBytes = 20_480

  private static let streamActions = [
    "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator",
  ]

  /// The canonical form of a policy for a table or a stream. [DDB.policy.form]
  ///
  /// Members in a fixed order, no white space, a list of one as the one, an account's number as its
  /// root: two texts of the same form are the same policy.
  ///
  /// - Throws: The service's refusals of a document that is none.
  static func canonical(_ text: String, forStream: Bool) throws(ServiceError) -> String {
    guard text.utf8.count <= maximumBytes else {
      throw .invalidValues("Maximum policy size of \(maximumBytes) bytes exceeded")
    }
    guard let document = try? Document.parse(text), case .object = document else {
      throw invalid("This policy contains invalid Json")
    }
    let statements =
      switch document["Statement"] {
      case .array(let list)?: list
      case let one?: [one]
      case nil: [Document]()
      }
    guard !statements.isEmpty else {
      throw invalid("Could not parse the policy: Statement is empty!")
    }
    var shown: [Document] = []
    for statement in statements {
      shown.append(try checked(statement, forStream: forStream))
    }
    let names = shown.compactMap { $0["Sid"]?.string }
    guard Set(names).count == names.count else {
      throw invalid("The Statement Ids in the policy are not unique")
    }
    var members: [(String, Document)] = [("Version", document["Version"] ?? "2008-10-17")]
    if let id = document["Id"] { members.append(("Id", id)) }
    members.append(("Statement", .array(shown)))
    return Document(members: members).json()
  }

  private static func checked(
    _ statement: Document, forStream: Bool
  ) throws(ServiceError) -> Document {
    guard case .object = statement else { throw invalid("This policy contains invalid Json") }
    for name in ["Effect", "Principal", "Action", "Resource"]
    where statement[name] == nil && statement["Not" + name] == nil {
      throw invalid("Missing required field \(name)")
    }
    let effect = statement["Effect"]?.string?.lowercased() == "deny" ? "Deny" : "Allow"
    let principal = try principal(statement["Principal"])
    if effect == "Allow", statement["Condition"] == nil, principal.map(isEverybody) ?? false {
      throw .validation(
        "Resource-based policy grants unbounded access in one or more elements. Please revise the "
          + "policy to ensure least-privilege form of access")
    }
    try checkActions(of: statement, forStream: forStream)
    var members: [(String, Document)] = []
    for name in [
      "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource",
      "NotResource", "Condition",
    ] {
      guard let value = statement[name] else { continue }
      switch name {
      case "Effect": members.append((name, .string(effect)))
      case "Principal": members.append((name, principal ?? value))
      case "Condition": members.append((name, value))
      default: members.append((name, single(value)))
      }
    }
    return Document(members: members)
  }

  private static func checkActions(
    of statement: Document, forStream: Bool
  ) throws(ServiceError) {
    guard !forStream else { return }
    let foreign = texts(statement["Action"]).filter { action in
      streamActions.contains { $0.lowercased() == action.lowercased() }
    }
    guard foreign.isEmpty else {
      throw invalid(
        "The following action names are invalid: "
          + foreign.map { "\"\($0)\"" }.joined(separator: ", "))
    }
  }

  /// Accounts by number become their roots, and what is named twice is named once.
  private static func principal(_ value: Document?) throws(ServiceError) -> Document? {
    guard let value else { return nil }
    guard case .object = value else {
      guard value.string == "*" else {
        throw .invalidValues("Invalid principal in policy document.")
      }
      return value
    }
    return Document(
      members: value.members.map { member in
        var seen: [String] = []
        for text in texts(member.value).map(root) where !seen.contains(text) { seen.append(text) }
        return (member.name, single(.array(seen.map(Document.string))))
      })
  }

  private static func root(_ text: String) -> String {
    let isAccount = text.utf8.count == 12 && text.utf8.allSatisfy { (48...57).contains($0) }
    return isAccount ? "arn:aws:iam::\(text):root" : text
  }

  private static func isEverybody(_ principal: Document) -> Bool {
    principal.string == "*" || texts(principal["AWS"]).contains("*")
  }

  private static func texts(_ value: Document?) -> [String] {
    value?.array?.compactMap(\.string) ?? value?.string.map { [$0] } ?? []
  }

  private static func single(_ value: Document) -> Document {
    if let list = value.array, list.count == 1 { return list[0] }
    return value
  }

  private static func invalid(_ detail: String) -> ServiceError {
    .invalidValues("Invalid policy document: \(detail)")
  }
}
