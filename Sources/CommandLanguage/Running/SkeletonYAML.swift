// SPDX-License-Identifier: GPL-3.0-or-later

import ServiceModel

/// The template of `--generate-cli-skeleton yaml-input`: every member with an empty value, and in a
/// comment whether it is required and which values it takes.
struct SkeletonYAML {
  private var text = ""
  private var stack: [Shape] = []

  /// The template of an input.
  ///
  /// - Complexity: O(size of the template); recursive shapes stop at their first repetition.
  static func print(_ shape: Shape?) -> String {
    guard let shape, !shape.members.isEmpty else { return "{}\n" }
    var printer = SkeletonYAML()
    printer.stack = [shape]
    printer.members(of: shape, indent: 0, startsOnLine: false)
    return printer.text
  }

  /// The members of a structure; the first one goes on where a list's hyphen stands.
  private mutating func members(of shape: Shape, indent: Int, startsOnLine: Bool) {
    for (index, member) in shape.members.enumerated() {
      if !(startsOnLine && index == 0) { text += String(repeating: " ", count: indent) }
      text += Self.name(member.name) + ":"
      let note = Self.note(on: member)
      let isFirstNote = note.isEmpty || !Self.standsBelowNote(index, in: shape)
      let comment = note.isEmpty ? "" : (isFirstNote ? "  # " : " # ") + note
      value(member.shape, indent: indent, comment: comment)
    }
  }

  /// Writes what stands after a name's colon, to the end of its lines.
  private mutating func value(_ shape: Shape, indent: Int, comment: String) {
    stack.append(shape)
    defer { stack.removeLast() }
    switch shape.kind {
    case .structure where stack.count(where: { $0 === shape }) > 1 || shape.members.isEmpty:
      text += " {}" + comment + "\n"
    case .structure:
      text += comment + "\n"
      members(of: shape, indent: indent + 2, startsOnLine: false)
    case .map:
      text += comment + "\n" + String(repeating: " ", count: indent + 2) + "KeyName:"
      if let held = shape.value { value(held, indent: indent + 2, comment: "") }
    case .list:
      text += comment + "\n" + String(repeating: " ", count: indent) + "-"
      if let held = shape.element { element(held, indent: indent + 2) }
    default:
      text += " " + Self.scalar(shape) + comment + "\n"
    }
  }

  /// Writes what stands after a list's hyphen.
  private mutating func element(_ shape: Shape, indent: Int) {
    guard shape.kind == .structure, !shape.members.isEmpty,
      !stack.contains(where: { $0 === shape })
    else {
      return nestedElement(shape, indent: indent)
    }
    stack.append(shape)
    defer { stack.removeLast() }
    text += " "
    members(of: shape, indent: indent, startsOnLine: true)
  }

  private mutating func nestedElement(_ shape: Shape, indent: Int) {
    switch shape.kind {
    case .list:
      text += " -"
      if let held = shape.element { element(held, indent: indent + 2) }
    case .map:
      text += " KeyName:"
      if let held = shape.value { value(held, indent: indent, comment: "") }
    default: value(shape, indent: indent, comment: "")
    }
  }

  private static func scalar(_ shape: Shape) -> String {
    switch shape.kind {
    case .integer, .long: "0"
    case .float, .double: "0.0"
    case .boolean: "true"
    case .timestamp: "1970-01-01 00:00:00"
    case .blob: "!!binary ''"
    default: name(shape.enumeration.first ?? "")
    }
  }

  private static func name(_ text: String) -> String {
    text.isEmpty || YAMLScalarLook.isResolvedOtherwise(text) ? "'\(text)'" : text
  }

  // MARK: Comments

  private static func note(on member: Member) -> String {
    let values = member.shape.enumeration
    var parts = member.isRequired ? ["[REQUIRED]"] : []
    if member.isRequired || !values.isEmpty { parts.append("") }
    if !values.isEmpty { parts.append("Valid values are: \(values.joined(separator: ", ")).") }
    return parts.joined(separator: " ")
  }

  /// Whether the CLI's printer finds an earlier comment to stand under, which takes one blank less.
  ///
  /// It looks at the member before, and then at those that come before both here and in the alphabet.
  private static func standsBelowNote(_ index: Int, in shape: Shape) -> Bool {
    if index > 0, !note(on: shape.members[index - 1]).isEmpty { return true }
    let name = shape.members[index].name
    return shape.members.prefix { PythonText.precedes($0.name, name) }
      .contains { !note(on: $0).isEmpty }
  }
}
