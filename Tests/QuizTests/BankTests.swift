// SPDX-License-Identifier: GPL-3.0-or-later

import ContentFormat
import Documents
import Quiz
import Testing

@Suite("Banks of questions")
struct BankTests {
  @Test(
    "every kind is read, and known by what it holds",
    arguments: [
      (Sample.one, QuestionKind.oneRight), (Sample.several, .severalRight), (Sample.order, .order),
      (Sample.match, .match), (Sample.predict, .predict), (Sample.command, .command),
    ])
  func kinds(text: String, kind: QuestionKind) throws {
    let question = try Sample.question(text)
    #expect(question.kind == kind)
    #expect(question.bank == "sample")
    #expect(question.file == "sample.yaml")
  }

  @Test("the fields of a question are what was written")
  func fields() throws {
    let question = try Sample.question(Sample.one)
    #expect(question.id == "one")
    #expect(question.topic == "PITR")
    #expect(question.teaches.map(\.value) == [ClaimID("PITR-6")])
    #expect(question.exams.map(\.exam) == ["SAA-C03"])
    #expect(question.exams.first?.domains == [2])
    #expect(question.choices.map(\.isRight) == [true, false, false, false])
    #expect(question.choices.map(\.why) == ["It is.", "It is not.", "Nor is this.", "Nor this."])
    #expect(question.cite.map(\.text) == ["Guide, \"Part\", read 2026-04-30"])
    #expect(!question.isProvable)
  }

  @Test("the digest follows the content and not the layout")
  func digests() throws {
    let first = try Sample.question(Sample.one)
    let moved = try Sample.question("# a comment\n" + Sample.one)
    let reworded = try Sample.question(Sample.one.replacing("Beta", with: "Beth"))
    #expect(first.digest == moved.digest)
    #expect(first.digest != reworded.digest)
  }

  struct Broken: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let from: String
    let to: String
    let error: String
    var testDescription: String { name }

    init(_ name: String, _ text: String, _ from: String, _ to: String, _ error: String) {
      self.name = name
      self.text = text
      self.from = from
      self.to = to
      self.error = error
    }
  }

  static let brokenBanks: [Broken] = [
    Broken(
      "unknown field", Sample.one, "teaches:", "teachs:",
      "sample.yaml:7:5: error unknown-field: there is no field teachs here "
        + "(did you mean teaches?)"),
    Broken(
      "no reason", Sample.one, "        why: It is not.\n", "",
      "sample.yaml:13:9: error missing-field: the field why is missing"),
    Broken(
      "nothing right", Sample.one, "- right: Alpha", "- wrong: Alpha",
      "sample.yaml:6:5: error answer-key: no choice is right"),
    Broken(
      "both right and wrong", Sample.one, "- right: Alpha\n",
      "- right: Alpha\n        wrong: No way\n",
      "sample.yaml:12:9: error conflict: right and wrong cannot stand together (keep one of them)"),
    Broken(
      "a count that is not so", Sample.several, "Which are right?", "Select TWO of these.",
      "sample.yaml:6:5: error answer-key: the stem asks for 2, and 3 are right "
        + "(leave the number out; it is counted)"),
    Broken(
      "two equal choices", Sample.one, "Gamma", "beta!",
      "sample.yaml:15:9: error bad-value: two choices say the same"),
    Broken(
      "neither proof nor citation", Sample.one,
      "    cite: { title: Guide, section: Part, read: \"2026-04-30\" }\n", "",
      "sample.yaml:6:5: error proof: there is neither a proof nor a citation (add prove or cite)"),
    Broken(
      "no claim's id", Sample.one, "[PITR-6]", "[PITR6]",
      "sample.yaml:7:15: error bad-value: \"PITR6\" is no claim's id (such as PITR-8)"),
    Broken(
      "an exam that is none", Sample.one, "SAA-C03", "SAA-C99",
      "sample.yaml:8:13: error bad-value: \"SAA-C99\" is not allowed as a name "
        + "(the code of an exam, such as SAA-C03)"),
    Broken(
      "a domain that is none", Sample.one, "SAA-C03: 2", "SAA-C03: 5",
      "sample.yaml:8:13: error bad-value: SAA-C03 has no domain 5 (1 to 4)"),
    Broken(
      "AWS Backup in DVA-C02", Sample.one, "[PITR-6]\n    exam: { SAA-C03: 2 }",
      "[BKP-5]\n    exam: { DVA-C02: 1 }",
      "sample.yaml:8:13: error conflict: AWS Backup is out of scope for DVA-C02 (remove the tag)"),
    Broken(
      "a day that is none", Sample.one, "2026-04-30", "2026-04-31",
      "sample.yaml:19:48: error bad-value: \"2026-04-31\" is no day (such as 2026-04-18)"),
    Broken(
      "a claim without a measure", Sample.several, "{ right: Alpha, why: Yes. }",
      "{ right: Alpha, why: Yes., claim: { is: 1 } }",
      "sample.yaml:11:9: error conflict: a claim needs prove with a measure"),
    Broken(
      "a prediction of nothing", Sample.predict,
      "      measure: { run: aws dynamodb scan --table-name tab --select COUNT, query: Count }\n",
      "", "sample.yaml:6:5: error proof: a prediction needs prove with a measure: its answer"),
    Broken(
      "an order without a reason", Sample.order, "    why: So it goes.\n", "",
      "sample.yaml:6:5: error missing-field: the field why is missing"),
    Broken(
      "two equal steps", Sample.order, "Third", "second",
      "sample.yaml:9:28: error bad-value: two steps say the same"),
    Broken(
      "six choices for one answer", Sample.several,
      "- { right: Gamma, why: Yes. }\n      - { wrong: Delta, why: No. }\n"
        + "      - { right: Epsilon, why: Yes. }",
      "- { wrong: Gamma, why: No. }\n      - { wrong: Delta, why: No. }\n"
        + "      - { wrong: Zeta, why: No. }\n      - { wrong: Epsilon, why: No. }",
      "sample.yaml:6:5: error badly"),
  ]

  @Test("a broken question is refused at its place", arguments: BankTests.brokenBanks)
  func refused(_ broken: Broken) {
    let text = broken.text.replacing(broken.from, with: broken.to, maxReplacements: 1)
    #expect(text != broken.text)
    let file = Sample.bank(text)
    #expect(file.value == nil)
    let found = file.errors.map(\.description)
    if broken.error.hasSuffix("badly") {
      #expect(found == ["sample.yaml:6:5: error bad-value: 6 choices for one answer (at most 5)"])
    } else {
      #expect(found.contains(broken.error), "found: \(found)")
    }
  }

  @Test("a bank without its head is refused", arguments: ["rewind:", "bank:", "title:", "as-of:"])
  func heads(field: String) {
    let head = Sample.head.split(separator: "\n").filter { !$0.hasPrefix(field) }
      .joined(separator: "\n")
    let file = Bank.read(Array((head + "\n" + Sample.one).utf8), file: "b.yaml")
    #expect(
      file.errors.map(\.message) == ["the field \(field.dropLast()) is missing"])
  }

  @Test("what is wrong between questions is found: ids, stems, claims")
  func between() throws {
    let second = Sample.one.replacing("[PITR-6]", with: "[PITR-66]")
    let bank = try #require(Sample.bank(Sample.one, second).value)
    let catalog = ContentFile(
      bytes: Array(
        "rewind: claims/1\ntopics: { PITR: Recovery }\nclaims: { PITR-6: Default. }\n".utf8),
      file: "claims.yaml", as: ClaimCatalog.format)
    let whole = QuestionLibrary(claims: try #require(catalog.value), banks: [bank])
    #expect(
      whole.errors.map(\.description) == [
        "sample.yaml:20:5: error duplicate-key: a second question is called one "
          + "(the first is at sample.yaml:6)",
        "sample.yaml:20:5: error duplicate-stem: one asks the same (it is at sample.yaml:6)",
        "sample.yaml:21:15: error unknown-name: there is no claim PITR-66 (did you mean PITR-6?)",
      ])
  }

  @Test("the schema is draft-07 and knows every kind")
  func schema() throws {
    let schema = Bank.schema
    #expect(schema["$schema"]?.string == "http://json-schema.org/draft-07/schema#")
    let properties = try #require(schema["definitions"]?["question"]?["properties"]?.object)
    for name in ["choices", "order", "match", "predict", "command", "prove", "cite", "teaches"] {
      #expect(properties[name] != nil, "\(name)")
    }
  }
}

@Suite("The repository's questions")
struct RepositoryTests {
  @Test("all are read without an error")
  func sound() {
    #expect(library.errors.map(\.description) == [])
    #expect(
      library.banks.map(\.id) == [
        "aws-backup", "backups", "copies", "document", "money", "pitr", "recovery-points",
        "regions",
      ])
    #expect(library.questions.count >= 50)
  }

  @Test("the schema beside the banks is the one that the code prints")
  func schema() throws {
    // `rewind author schema questions` writes it again after a change of the format.
    let file = try questionFolder.bytes(of: "questions-1.schema.json")
    #expect(String(decoding: file, as: UTF8.self) == Bank.schema.json(.indented(2)) + "\n")
  }

  @Test("the seven of the source document are there, in order, with their options")
  func seven() {
    let seven = library.questions(about: "document")
    #expect(seven.map(\.id) == (1...7).map { "doc-\($0)" })
    #expect(seven.map(\.choices.count) == [4, 4, 4, 4, 4, 6, 4])
    let keys = seven.map { question in
      question.choices.indices.filter { question.choices[$0].isRight }
    }
    #expect(keys == [[2], [1], [1], [2], [2], [0, 2, 4], [2]])
  }

  @Test("every claim is taught by at least one question")
  func coverage() {
    let missing = library.coverage.filter(\.questions.isEmpty).map(\.claim.description)
    #expect(missing == [])
    #expect(library.coverage.count == 56)
  }

  @Test("every choice has a reason, and every question a proof or a citation")
  func reasons() {
    for question in library.questions {
      #expect(question.choices.allSatisfy { !$0.why.isEmpty }, "\(question.id)")
      #expect(question.isProvable || !question.cite.isEmpty, "\(question.id)")
    }
  }

  @Test(
    "a word finds a bank, a question, a topic or a claim",
    arguments: [
      ("document", 7), ("doc-5", 1), ("nothing", 0),
    ])
  func subjects(word: String, count: Int) {
    #expect(library.questions(about: word).count == count)
  }

  @Test("a topic is found in any case")
  func topics() {
    let upper = library.questions(about: "GLB").map(\.id)
    #expect(upper == library.questions(about: "glb").map(\.id))
    #expect(upper == ["glb-replica-pitr", "glb-restore"])
    #expect(library.questions(about: "GLB-3").map(\.id) == ["glb-restore"])
  }
}
