// SPDX-License-Identifier: GPL-3.0-or-later

/// What a value in a request or an answer may be: a structure with members, a list, a text with
/// limits, and so on.
///
/// Shapes refer to one another and to themselves (an `AttributeValue` holds a list of them), so
/// they are objects of one service, alike for everybody; two of them are the same when they are
/// identical.
///
/// ```swift
/// let input = Service.dynamodb.operation(named: "create-backup")?.input
/// input?.member(named: "BackupName")?.shape.minimum   // 3
/// ```
///
/// `@unchecked Sendable`: the members are set while the service is read, before anybody else sees a
/// shape, and never after.
package final class Shape: @unchecked Sendable {
  /// The kinds of values a model knows, by the model's own words.
  package enum Kind: String, Hashable, Sendable {
    case structure, list, map, string, integer, long, float, double, boolean, timestamp, blob
  }

  /// The shape's name in the model: `CreateBackupInput`.
  package let name: String
  package let kind: Kind
  /// The least length of a text (in characters), list, map or blob, or the least number.
  package let minimum: Int?
  /// The greatest length of a text (in characters), list, map or blob, or the greatest number.
  package let maximum: Int?
  /// The regular expression that the whole text satisfies.
  package let pattern: String?
  /// The texts allowed, in model order; empty when every text is.
  package let enumeration: [String]
  /// Whether exactly one member of the structure may be given.
  package let isUnion: Bool
  /// Whether the value must not be shown.
  package let isSensitive: Bool
  /// The package of the service's own types, part of some messages:
  /// `com.amazonaws.dynamodb.v20120810`.
  let namespace: String
  /// The pattern, ready to be tried.
  let matcher: Pattern?
  /// Whether the shape is the value of an item's attribute, which the item model reads.
  let isAttributeValue: Bool
  /// What is particular to a structure that an operation answers instead of its output.
  package let exception: ExceptionTraits?

  // What is set while the service is read needs no watch over who else might be changing it.
  /// The members of a structure, in model order; empty for other kinds.
  @exclusivity(unchecked) package private(set) var members: [Member] = []
  /// The names of the members that must be given, in the model's order of requirements.
  @exclusivity(unchecked) package private(set) var required: [String] = []
  /// What a list holds.
  @exclusivity(unchecked) package private(set) var element: Shape?
  /// What the names of a map are.
  @exclusivity(unchecked) package private(set) var key: Shape?
  /// What a map holds under its names.
  @exclusivity(unchecked) package private(set) var value: Shape?
  /// How the value is written where it is not JSON.
  package let wire: WireTraits

  @exclusivity(unchecked) private var exactNames = NameTable([], ignoringCase: false)
  @exclusivity(unchecked) private var foldedNames = NameTable([], ignoringCase: true)

  init(
    name: String, kind: Kind, minimum: Int?, maximum: Int?, pattern: String?,
    enumeration: [String], isUnion: Bool, isSensitive: Bool, exception: ExceptionTraits?,
    wire: WireTraits, namespace: String
  ) {
    self.name = name
    self.kind = kind
    self.minimum = minimum
    self.maximum = maximum
    self.pattern = pattern
    self.enumeration = enumeration
    self.isUnion = isUnion
    self.isSensitive = isSensitive
    self.exception = exception
    self.wire = wire
    self.namespace = namespace
    matcher = pattern.flatMap(Pattern.init)
    isAttributeValue = kind == .structure && name == "AttributeValue"
  }

  /// A structure without members: the input of an operation that has none.
  package static let nothing = Shape(
    name: "Nothing", kind: .structure, minimum: nil, maximum: nil, pattern: nil, enumeration: [],
    isUnion: false, isSensitive: false, exception: nil,
    wire: WireTraits(payload: nil, isFlattened: false, elementName: nil), namespace: "")

  /// Gives a structure its members; called once, while the service is read.
  func setMembers(_ members: [Member], required: [String]) {
    self.members = members
    self.required = required
    exactNames = NameTable(members.map(\.name), ignoringCase: false)
    foldedNames = NameTable(members.map(\.name), ignoringCase: true)
    for (index, member) in members.enumerated() {
      precondition(
        foldedNames.place(of: member.name) == index,
        "Two members of \(name) differ only in case: \(member.name).")
    }
  }

  /// Gives a list or a map what it holds; called once, while the service is read.
  func setContents(element: Shape?, key: Shape?, value: Shape?) {
    self.element = element
    self.key = key
    self.value = value
  }
}

extension Shape {
  /// The member of a structure with exactly this name.
  ///
  /// - Complexity: O(1) on average.
  package func member(named name: String) -> Member? {
    memberIndex(named: name).map { members[$0] }
  }

  /// The place among `members` of the one with exactly this name.
  ///
  /// - Complexity: O(1) on average.
  func memberIndex(named name: String) -> Int? {
    // A name not found by its bytes may still be one by Swift's equality, by which documents go.
    exactNames.place(of: name) ?? members.firstIndex { $0.name == name }
  }

  /// The place among `members` of the one with this name, in whatever case it is written.
  ///
  /// - Complexity: O(1) on average.
  func memberIndex(folding name: String) -> Int? { foldedNames.place(of: name) }
}

extension Shape: Hashable {
  package static func == (left: Shape, right: Shape) -> Bool { left === right }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// A member of a structure.
package struct Member: Sendable, Hashable {
  /// Where a member travels in a REST request or answer, when not in the body.
  package enum Location: String, Hashable, Sendable {
    case uri, querystring, header, headers, statusCode
  }

  /// The member's name as the service spells it: `TableName`.
  package let name: String
  package let shape: Shape
  package let isRequired: Bool
  /// Where the member travels; nil for the body.
  package let location: Location?
  /// The name on the wire where it differs from `name`.
  package let locationName: String?
  /// Whether a client that is given no value makes one up.
  package let isIdempotencyToken: Bool
  /// Whether the value is the body as it is, of any length.
  package let isStreaming: Bool
  /// The CLI's option for the member, when the structure is an operation's input: `--table-name`.
  package var optionName: String { "--" + commandName(name) }
  /// The CLI's option that gives `false` to a boolean member: `--no-consistent-read`; nil for other
  /// kinds.
  package var negativeOptionName: String? {
    shape.kind == .boolean ? "--no-" + commandName(name) : nil
  }
}

/// What a model says of a shape's look in REST and XML.
package struct WireTraits: Hashable, Sendable {
  /// The member of a structure that is the body, alone; nil where all that have no other place are.
  package let payload: String?
  /// Whether a list's elements stand where it would stand, with none around them.
  package let isFlattened: Bool
  /// What each element of a list is called; nil for `member`.
  package let elementName: String?
}

/// What a model says about an exception.
package struct ExceptionTraits: Hashable, Sendable {
  /// The code on the wire, where it differs from the shape's name.
  package let code: String?
  /// The HTTP status, where the model gives one.
  package let httpStatus: Int?
  /// Whether the service, not the request, is at fault.
  package let isFault: Bool
}
