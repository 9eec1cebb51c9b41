// SPDX-License-Identifier: GPL-3.0-or-later

package import ContentFormat
package import Documents
internal import Worlds

extension Scenario {
  /// The name and version of the format, as its first field.
  package static let formatName = "scenario/1"

  /// The format of a scenario file: decoding and JSON Schema.
  package static let format = Format<Scenario>(schema: record.schema) { node, reading in
    guard var scenario = record.read(node, &reading) else { return nil }
    let errors = reading.errors.count
    scenario.readWorlds(&reading)
    scenario.nameParts()
    ScenarioRules(scenario, root: node).report(&reading)
    return reading.errors.count == errors ? scenario : nil
  }

  /// The draft-07 schema of scenario files.
  package static var schemaFile: Document {
    format.schema.file(id: "scenario-1.schema.json", title: "Rewind scenario, version 1")
  }

  private static let record = Format.record(
    "scenario", "A lab.", Scenario(),
    head + [
      .required("story", \.story, Format.text.located, "What happened and what is wanted."),
      .defaulted("params", \.parameters, Parameter.format, "What the seed decides."),
      .required("world", \.parts.world.asNode, node(WorldDescription.format.schema), "The world."),
      .optional("traffic", \.parts.traffic, node(part("traffic")), "Streams of writes over time."),
      .optional("timeline", \.parts.timeline, node(part("timeline")), "What happens, and when."),
      .defaulted(
        "variants", \.parts.variants,
        .named(.identifier, node(WorldDescription.format.schema), count: 1...20),
        "The world with parts changed, by name; the seed decides which a run gets."),
      .required("tasks", \.tasks, .list(ScenarioTask.format, count: 1...20), "What to do."),
      .defaulted(
        "guards", \.guards, .list(Check.format, count: 1...20),
        "Checks that hold over the whole lab."),
      .defaulted("targets", \.targets, Targets.format, "What is measured besides."),
      .required(
        "solutions", \.solutions, .named(.identifier, Solution.format, count: 1...20),
        "Ways to do everything, by name."),
      .defaulted(
        "traps", \.traps, .named(.identifier, Trap.format, count: 1...20),
        "Known wrong ways, by name."),
      .optional("debrief", \.debrief, Format.text.located, "What was learned."),
      .defaulted(
        "undo", \.undo, .choice, "Whether undo is free, counted or off.", default: "free"),
      .defaulted(
        "feedback", \.feedback, .choice, "What check tells: full, pass-fail, or end.",
        default: "full"),
    ])

  private static let head: [Field<Scenario>] = [
    .required(
      "rewind", \.formatMark, .constant(formatName), "The format and its version."),
    .required("id", \.id, .identifier, "Its id, the same as its file's name."),
    .required("title", \.title, .text, "Its title."),
    .defaulted("minutes", \.minutes, .integer(1...600), "How long it takes.", default: 10),
    .defaulted("level", \.level, .choice, "basic, advanced or expert.", default: "basic"),
    .required(
      "teaches", \.teaches, .list(Format.claim.located, count: 1...40),
      "Ids of the study guide's claims."),
    .defaulted("exam", \.exam, .oneOrMany(.text), "Exams and domains that it serves."),
    .defaulted("needs", \.needs, .oneOrMany(.identifier), "Labs best done before."),
    .defaulted("objectives", \.objectives, .oneOrMany(.text), "What one can do afterwards."),
    .optional("version", \.version, .text, "Its version."),
    .optional("license", \.license, .text, "Its licence."),
  ]

  /// Only its presence matters; nothing is kept.
  private var formatMark: String {
    get { Self.formatName }
    set { _ = newValue }
  }

  private static func node(_ schema: Schema) -> Format<ContentNode> {
    Format<ContentNode>(schema: schema) { node, _ in node }
  }

  /// The schema of one field of the world, which may also stand beside it.
  private static func part(_ name: String) -> Schema {
    let world = WorldDescription.format.schema
    let property = world.definitions["world"]?["properties"]?[name]?.object ?? [:]
    return Schema(property, definitions: world.definitions)
  }

  /// Decodes the world and its variants, with traffic and timeline put into it.
  private mutating func readWorlds(_ reading: inout Reading) {
    guard let written = parts.world else { return }
    var members: [ContentNode.Member] = []
    for (name, node) in [("traffic", parts.traffic), ("timeline", parts.timeline)] {
      guard let node else { continue }
      if let member = written.mapping?.first(where: { $0.name == name }) {
        reading.report(
          .conflict, "\(name) stands in the world and beside it", fix: "keep one of them",
          at: member.nameMark)
      }
      members.append(ContentNode.Member(name: name, nameMark: node.mark, node: node))
    }
    let extra = ContentNode(value: .mapping(members), mark: written.mark)
    let base = written.overlaid(by: extra)
    guard let description = WorldDescription.format.read(base, &reading) else { return }
    world = description
    for variant in parts.variants {
      let changed = base.overlaid(by: variant.value)
      guard let description = WorldDescription.format.read(changed, &reading) else { return }
      variants.append(Named(variant.name, description, at: variant.mark))
    }
  }

  /// Gives tasks and checks the ids they have when none is written.
  private mutating func nameParts() {
    for task in tasks.indices {
      if tasks[task].id == nil { tasks[task].id = "task-\(task + 1)" }
      for check in tasks[task].checks.indices where tasks[task].checks[check].id == nil {
        tasks[task].checks[check].id = "task-\(task + 1)-check-\(check + 1)"
      }
    }
    for check in guards.indices where guards[check].id == nil {
      guards[check].id = "guard-\(check + 1)"
    }
    // A trap of a lab with one check fails that check.
    let ids = checks.compactMap(\.id)
    guard ids.count == 1 else { return }
    for trap in traps.indices where traps[trap].value.fails.isEmpty {
      traps[trap].value.fails = [Located(ids[0], at: traps[trap].mark)]
    }
  }
}

extension ContentNode? {
  /// The node of a field that must be there.
  var asNode: ContentNode {
    get { self ?? ContentNode(value: .mapping([]), mark: .start) }
    set { self = newValue }
  }
}

extension ContentNode {
  /// This mapping with the members of another; mappings within are merged, all else is replaced.
  ///
  /// - Complexity: O(n · m) in the members of the two, level by level.
  func overlaid(by other: ContentNode) -> ContentNode {
    guard var members = mapping, let others = other.mapping else { return other }
    for new in others {
      if let index = members.firstIndex(where: { $0.name == new.name }) {
        members[index].node = members[index].node.overlaid(by: new.node)
        members[index].nameMark = new.nameMark
      } else {
        members.append(new)
      }
    }
    return ContentNode(value: .mapping(members), mark: mark)
  }
}

extension Format where Value == String {
  /// The id of a claim of the study guide: `OND-1`.
  static let claim = Format.text.parsed { text throws(ContentProblem) in
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, (2...4).contains(parts[0].count), (1...2).contains(parts[1].count),
      parts[0].utf8.allSatisfy({ (0x41...0x5A).contains($0) }),
      parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else {
      throw ContentProblem(.badValue, "\"\(text)\" is no claim's id", fix: "such as OND-1")
    }
    return text
  }.annotated("pattern", "^[A-Z]{2,4}-[0-9]{1,2}$")
}
