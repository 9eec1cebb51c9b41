// SPDX-License-Identifier: GPL-3.0-or-later

/// A term of a statement as written, and where it begins.
struct PartiQLNode: Hashable, Sendable {
  let term: PartiQLTerm
  let place: PartiQLPlace
}

/// A term as written; chains of AND and OR are flat, and the parser bounds how deep the rest nests.
indirect enum PartiQLTerm: Hashable, Sendable {
  case path(PartiQLPath)
  /// A string, a truth value or NULL.
  case literal(AttributeValue)
  /// A number as written, its sign included.
  case number(String)
  /// A `?`, by its position among those of the statement.
  case parameter(Int)
  case list([PartiQLNode])
  case bag([PartiQLNode])
  case tuple([PartiQLMember])
  case missing
  case star
  case call(String, [PartiQLNode])
  case or([PartiQLNode])
  case and([PartiQLNode])
  case not(PartiQLNode)
  /// A sign before something else than a number.
  case signed(String, PartiQLNode)
  case infix(PartiQLNode, String, PartiQLNode)
  case between(PartiQLNode, PartiQLNode, PartiQLNode)
  case isType(PartiQLNode, String)
  case select(PartiQLSelect)
  case change(PartiQLChange)
}

/// A member of a tuple as written.
struct PartiQLMember: Hashable, Sendable {
  let key: PartiQLNode
  let value: PartiQLNode
}

/// A path as written.
struct PartiQLPath: Hashable, Sendable {
  enum Step: Hashable, Sendable {
    case name(String)
    /// Digits, perhaps with a minus, and where they stand.
    case index(String, PartiQLPlace)
    /// A wildcard or what else stands in brackets.
    case other(PartiQLPlace)
  }

  let head: String
  var steps: [Step] = []
}

/// A SELECT as written.
struct PartiQLSelect: Hashable, Sendable {
  struct Order: Hashable, Sendable {
    let key: PartiQLNode
    let isDescending: Bool
  }

  /// What is selected; nil for everything.
  let columns: [PartiQLNode]?
  let source: PartiQLNode
  let condition: PartiQLNode?
  let order: [Order]
}

/// An INSERT, UPDATE or DELETE as written.
struct PartiQLChange: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case insert(PartiQLNode)
    case update([PartiQLAssignment])
    case delete
  }

  let kind: Kind
  let target: PartiQLPath
  let condition: PartiQLNode?
  let returning: PartiQLReturning?
}

/// One SET or REMOVE of an update as written; a removal has no value.
struct PartiQLAssignment: Hashable, Sendable {
  let path: PartiQLPath
  let value: PartiQLNode?
}

/// What a change answers; raw values are as the service prints them.
package enum PartiQLReturning: String, CaseIterable, Hashable, Sendable {
  case allOld = "ALL OLD *"
  case allNew = "ALL NEW *"
  case modifiedOld = "MODIFIED OLD *"
  case modifiedNew = "MODIFIED NEW *"
}

extension PartiQLTerm {
  /// What the service calls a term where it has no use for it. [DDB.partiql.errors]
  var kindName: String {
    switch self {
    case .path(let path): path.steps.isEmpty ? "VariableReference" : "Path"
    case .literal, .number: "Literal"
    case .parameter: "Parameter"
    case .list, .bag: "Seq"
    case .tuple: "Struct"
    case .missing: "LiteralMissing"
    case .star: "*"
    case .call(let function, _): function
    case .or: "or"
    case .and: "and"
    case .not: "not"
    case .signed(let sign, _): sign
    case .infix(_, let symbol, _): symbol
    case .between: "between"
    case .isType: "IsType"
    case .select: "Select"
    case .change: "DataManipulation"
    }
  }
}
