// SPDX-License-Identifier: GPL-3.0-or-later

/// How an exam is made up: its numbers, its time, its pass mark, its kinds and its domains.
///
/// Figures are those of the exam guides of April 2026. [EXAM.guides]
package struct ExamBlueprint: Hashable, Sendable {
  /// A part of the exam and its share of the scored questions, in per cent.
  package struct Domain: Hashable, Sendable {
    package let number: Int
    package let title: String
    package let weight: Int
  }

  /// Such as `SAA-C03`; `subject` for the blueprint of this subject alone.
  package let code: String
  package let name: String
  package let scored: Int
  package let unscored: Int
  package let minutes: Int
  /// On the scale of 100 to 1,000.
  package let passMark: Int
  package let kinds: [QuestionKind]
  package let domains: [Domain]
  /// When it was last held, for one that is no longer; nil for one that is.
  package let retired: String?
  /// Whether AWS Backup is named as out of its scope.
  package let leavesOutAWSBackup: Bool

  package var total: Int { scored + unscored }

  /// The domain with a number; nil if there is none.
  package func domain(_ number: Int) -> Domain? { domains.first { $0.number == number } }

  /// The domains of this exam that a question belongs to.
  package func domains(of question: Question) -> [Int] {
    if code == Self.subjectCode {
      return domains.filter { $0.title == question.topic }.map(\.number)
    }
    return question.exams.first { $0.exam == code }?.domains ?? []
  }

  /// Whether a question may stand in this exam: its kind, its shape and its tag.
  ///
  /// Multiple choice has one right of four; multiple response two or more right of five or more.
  package func admits(_ question: Question) -> Bool {
    guard kinds.contains(question.kind), !domains(of: question).isEmpty else { return false }
    return switch question.kind {
    case .oneRight: question.choices.count == 4
    case .severalRight: question.choices.count >= 5
    default: true
    }
  }
}

extension ExamBlueprint {
  private init(
    _ code: String, _ name: String, professional: Bool = false, minutes: Int? = nil,
    pass: Int? = nil, kinds: [QuestionKind] = [.oneRight, .severalRight], retired: String? = nil,
    leavesOutAWSBackup: Bool = false, _ domains: [(String, Int)]
  ) {
    self.code = code
    self.name = name
    scored = professional ? 65 : 50
    unscored = professional ? 10 : 15
    self.minutes = minutes ?? (professional ? 180 : 130)
    passMark = pass ?? (professional ? 750 : 720)
    self.kinds = kinds
    self.domains = domains.enumerated().map {
      Domain(number: $0.offset + 1, title: $0.element.0, weight: $0.element.1)
    }
    self.retired = retired
    self.leavesOutAWSBackup = leavesOutAWSBackup
  }

  /// The blueprint with a code, in any case; nil for an exam we know nothing of.
  package static func named(_ code: String) -> ExamBlueprint? {
    let wanted = code.uppercased()
    return (all + [subject]).first { $0.code.uppercased() == wanted }
  }

  static let subjectCode = "subject"

  /// This subject alone, for whoever aims at no exam: every kind of an exam, weighted by topic.
  ///
  /// It is nobody's exam. Weights are ours; minutes and pass mark are those of an associate exam.
  package static let subject = ExamBlueprint(
    subjectCode, "DynamoDB backup and restore", kinds: [.oneRight, .severalRight, .order, .match],
    [
      ("GEN", 5), ("OND", 15), ("NAT", 10), ("BKP", 20), ("XRG", 10), ("PITR", 30), ("GLB", 5),
      ("BP", 5),
    ])

  /// Every exam in which the subject can appear, active ones first.
  package static let all: [ExamBlueprint] = [
    ExamBlueprint(
      "SAA-C03", "Solutions Architect - Associate",
      [
        ("Design Secure Architectures", 30), ("Design Resilient Architectures", 26),
        ("Design High-Performing Architectures", 24), ("Design Cost-Optimized Architectures", 20),
      ]),
    ExamBlueprint(
      "SOA-C03", "CloudOps Engineer - Associate",
      [
        ("Monitoring, Logging, Analysis, Remediation, and Performance Optimization", 22),
        ("Reliability and Business Continuity", 22),
        ("Deployment, Provisioning, and Automation", 22), ("Security and Compliance", 16),
        ("Networking and Content Delivery", 18),
      ]),
    ExamBlueprint(
      "DVA-C02", "Developer - Associate", leavesOutAWSBackup: true,
      [
        ("Development with AWS Services", 32), ("Security", 26), ("Deployment", 24),
        ("Troubleshooting and Optimization", 18),
      ]),
    ExamBlueprint(
      "DOP-C02", "DevOps Engineer - Professional", professional: true,
      [
        ("SDLC Automation", 22), ("Configuration Management and IaC", 17),
        ("Resilient Cloud Solutions", 15), ("Monitoring and Logging", 15),
        ("Incident and Event Response", 14), ("Security and Compliance", 17),
      ]),
    ExamBlueprint(
      "SAP-C02", "Solutions Architect - Professional", professional: true,
      [
        ("Design Solutions for Organizational Complexity", 26), ("Design for New Solutions", 29),
        ("Continuous Improvement for Existing Solutions", 25),
        ("Accelerate Workload Migration and Modernization", 20),
      ]),
    ExamBlueprint(
      "DEA-C01", "Data Engineer - Associate",
      [
        ("Data Ingestion and Transformation", 34), ("Data Store Management", 26),
        ("Data Operations and Support", 22), ("Data Security and Governance", 18),
      ]),
    ExamBlueprint(
      "SCS-C03", "Security - Specialty", minutes: 170, pass: 750,
      kinds: [.oneRight, .severalRight, .order, .match],
      [
        ("Detection", 16), ("Incident Response", 14), ("Infrastructure Security", 18), ("IAM", 20),
        ("Data Protection", 18), ("Security Foundations and Governance", 14),
      ]),
    ExamBlueprint(
      "SOA-C02", "SysOps Administrator - Associate", retired: "29 September 2025",
      [
        ("Monitoring, Logging, and Remediation", 20), ("Reliability and Business Continuity", 16),
        ("Deployment, Provisioning, and Automation", 18), ("Security and Compliance", 16),
        ("Networking and Content Delivery", 18), ("Cost and Performance Optimization", 12),
      ]),
    ExamBlueprint(
      "DBS-C01", "Database - Specialty", minutes: 180, pass: 750, retired: "30 April 2024",
      [
        ("Workload-Specific Database Design", 26), ("Deployment and Migration", 20),
        ("Management and Operations", 18), ("Monitoring and Troubleshooting", 18),
        ("Database Security", 18),
      ]),
  ]
}

/// How many questions in how many minutes.
package struct ExamForm: Hashable, Sendable {
  package var questions: Int
  package var minutes: Int

  package init(questions: Int, minutes: Int) {
    self.questions = questions
    self.minutes = minutes
  }

  /// 20 questions in 40 minutes: what an exam is unless more is asked for.
  package static let standard = ExamForm(questions: 20, minutes: 40)
  /// 10 questions in 20 minutes.
  package static let mini = ExamForm(questions: 10, minutes: 20)

  /// As the exam itself is held.
  package static func full(_ blueprint: ExamBlueprint) -> ExamForm {
    ExamForm(questions: blueprint.total, minutes: blueprint.minutes)
  }

  /// This form, or the largest one that so many questions allow, at the same time a question.
  ///
  /// - Returns: Minutes rounded up, so that nobody gets less than their share.
  package func fitting(_ available: Int) -> ExamForm {
    guard available < questions, questions > 0 else { return self }
    return ExamForm(
      questions: available, minutes: (minutes * available + questions - 1) / questions)
  }
}
