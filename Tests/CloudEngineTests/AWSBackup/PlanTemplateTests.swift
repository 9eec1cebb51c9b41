// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

@Suite("Plans as templates and as text")
struct PlanTemplateTests {
  @Test("each template makes a plan, and a plan's text makes the same plan again")
  func roundTrip() throws {
    var bench = try Bench.withVault()
    let list = try bench.backup("ListBackupPlanTemplates", "{}")
    let templates = try #require(list.at("BackupPlanTemplatesList")?.array)
    #expect(templates.count == 4)
    for template in templates {
      let id = try template.text("BackupPlanTemplateId")
      let answer = try bench.backup(
        "GetBackupPlanFromTemplate", "{'BackupPlanTemplateId':'\(id)'}")
      let document = answer.show("BackupPlanDocument")
      #expect(document.contains(try template.text("BackupPlanTemplateName")))
      let made = try bench.backup("CreateBackupPlan", "{'BackupPlan':\(document)}")
      let exported = try bench.backup(
        "ExportBackupPlanTemplate", "{'BackupPlanId':'\(try made.text("BackupPlanId"))'}")
      let read = try bench.readPlan(try exported.text("BackupPlanTemplateJson"))
      #expect(read.show("BackupPlan") == document)
    }
    #expect(
      list.show("BackupPlanTemplatesList.0.BackupPlanTemplateName") == "'Daily-35day-Retention'")
  }

  @Test(
    "what is no plan is refused as a text too",
    arguments: [
      (
        "no json",
        "InvalidParameterValueException: The backup plan template is invalid: it is no JSON of a backup plan"
      ),
      (
        "{'BackupPlanName':'p'}",
        "InvalidParameterValueException: The backup plan template is invalid: "
      ),
      (
        "{'BackupPlanName':'p','Rules':[\(Bench.rule("r", "* * ? * * *"))]}",
        "InvalidParameterValueException: Error in rule r : Schedule expression must not run more often"
      ),
      (
        "{'BackupPlanName':'p','Rules':[\(Bench.rule("r", "0 5 ? * * *", "'IndexActions':[]"))]}",
        "NotSimulated: "
      ),
    ] as [(String, String)])
  func refused(text: String, words: String) throws {
    var bench = Bench()
    do {
      _ = try bench.readPlan(text.replacing("'", with: "\""))
      Issue.record("accepted")
    } catch let error as ServiceError {
      #expect("\(error.code): \(error.message)".hasPrefix(words), "\(error)")
    }
  }
}

extension Bench {
  fileprivate mutating func readPlan(_ text: String) throws -> Document {
    try cloud.perform(
      ServiceRequest(
        service: "backup", operation: "GetBackupPlanFromJSON",
        input: Document(members: [("BackupPlanTemplateJson", .string(text))]), caller: caller))
  }
}
