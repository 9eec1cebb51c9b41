// SPDX-License-Identifier: GPL-3.0-or-later

import Simulation

/// What one account may see of the bill, and under which names.
struct CostView {
  /// The accounts whose costs can be seen, in order.
  let accounts: [String]
  private let cloud: Cloud
  private var now: Instant { cloud.now }
  private let tags: CostAllocationTags

  init(_ cloud: Cloud, for caller: Caller) {
    let organization = cloud.organization
    if let organization, organization.managementAccount == caller.account {
      accounts = ([caller.account] + organization.members).sorted()
    } else {
      accounts = [caller.account]
    }
    self.cloud = cloud
    tags = cloud.costAllocationTags(payingFor: caller.account)
  }

  /// What was used and posted in each of a period's stretches, split where a tag becomes active.
  func entries(of period: CostPeriod) -> [BillEntry] {
    var bounds = period.stretches.map(\.from)
    guard let first = bounds.first, let last = period.stretches.last else { return [] }
    bounds.append(last.until)
    bounds += tags.activeFrom.filter { first < $0 && $0 < last.until }
    // No entry crosses the end of a month.
    let sorted = Array(Set(bounds)).sorted().filter { $0 < now }
    guard let start = sorted.first else { return [] }
    let until = min(now, last.until)
    guard start < until else { return [] }
    return cloud.usage(between: sorted.filter { $0 < until } + [until], isPosted: true)
      .filter { accounts.contains($0.heading.place.account) }
  }

  /// The value of a tag that is active where an entry begins; nil for none.
  func value(ofTag key: String, of entry: BillEntry) -> String? {
    guard tags.isActive(key, at: entry.from) else { return nil }
    return entry.heading.tags?[key]
  }
}

extension BillHeading {
  /// The usage type with its Region's prefix, as the bill writes it. [PRICE.usage]
  package var usageType: String {
    guard line.subject != .key else { return "\(place.region)-\(line.usageType)" }
    return (BillingRegion.prefixes[place.region] ?? "\(place.region)-") + line.usageType
  }
}

/// How the bill abbreviates Regions. [PRICE.usage]
enum BillingRegion {
  static let prefixes = [
    "us-east-1": "", "us-east-2": "USE2-", "us-west-1": "USW1-", "us-west-2": "USW2-",
    "eu-west-1": "EU-", "eu-west-2": "EUW2-", "eu-west-3": "EUW3-", "eu-central-1": "EUC1-",
    "eu-north-1": "EUN1-", "eu-south-1": "EUS1-", "ap-northeast-1": "APN1-",
    "ap-northeast-2": "APN2-", "ap-northeast-3": "APN3-", "ap-southeast-1": "APS1-",
    "ap-southeast-2": "APS2-", "ap-south-1": "APS3-", "ap-east-1": "APE1-",
    "sa-east-1": "SAE1-", "ca-central-1": "CAN1-", "me-south-1": "MES1-",
    "af-south-1": "AFS1-", "us-gov-west-1": "UGW1-", "us-gov-east-1": "UGE1-",
  ]
}

// MARK: - Grouping

/// The dimensions that mean something here. [CE.dimensions]
enum CostDimension: String, CaseIterable {
  case account = "LINKED_ACCOUNT"
  case region = "REGION"
  case recordType = "RECORD_TYPE"
  case service = "SERVICE"
  case usageType = "USAGE_TYPE"

  func value(of heading: BillHeading) -> String {
    switch self {
    case .account: heading.place.account
    case .region: heading.place.region
    case .recordType: "Usage"
    case .service: heading.line.service
    case .usageType: heading.usageType
    }
  }
}

/// What results are grouped by. [CE.grouping]
enum CostGrouping: Hashable {
  case dimension(CostDimension)
  case tag(String)

  /// What the service admits, in its order. [CE.errors]
  private static let dimensions = [
    "AZ", "INSTANCE_TYPE", "LINKED_ACCOUNT", "OPERATION", "PURCHASE_TYPE", "SERVICE",
    "USAGE_TYPE", "PLATFORM", "TENANCY", "RECORD_TYPE", "LEGAL_ENTITY_NAME", "INVOICING_ENTITY",
    "DEPLOYMENT_OPTION", "DATABASE_ENGINE", "CACHE_ENGINE", "INSTANCE_TYPE_FAMILY", "REGION",
    "BILLING_ENTITY", "RESERVATION_ID", "SAVINGS_PLANS_TYPE", "SAVINGS_PLAN_ARN",
    "OPERATING_SYSTEM",
  ]

  init(_ group: GetCostAndUsage.Group) throws(ServiceError) {
    let key = group.key ?? ""
    switch group.type {
    case "TAG": self = .tag(key)
    case "DIMENSION":
      guard Self.dimensions.contains(key) else {
        throw .validation(
          "Group Definition dimension is invalid. Valid values are "
            + Self.dimensions.joined(separator: ", "))
      }
      guard let dimension = CostDimension(rawValue: key) else {
        throw .notSimulated("the dimension \(key) of GetCostAndUsage")
      }
      self = .dimension(dimension)
    case "COST_CATEGORY": throw .notSimulated("cost categories of GetCostAndUsage")
    default: throw .validation("Group Definition type is invalid.")
    }
  }

  func key(of entry: BillEntry, _ view: CostView) -> String {
    switch self {
    case .dimension(let dimension): dimension.value(of: entry.heading)
    case .tag(let key): "\(key)$\(view.value(ofTag: key, of: entry) ?? "")"
    }
  }
}

// MARK: - Filtering

/// A condition on what is counted: one root, which may hold more of its kind. [CE.filter]
struct CostExpression: Decodable, Sendable {
  let or: [CostExpression]?
  let and: [CostExpression]?
  let not: Inner?
  let dimensions: Values?
  let tags: Values?

  struct Values: Decodable, Sendable {
    let key: String?
    let values: [String]?
    let matchOptions: [String]?
  }

  /// What a negation holds.
  indirect enum Inner: Decodable, Sendable {
    case expression(CostExpression)

    init(from decoder: any Decoder) throws {
      self = .expression(try CostExpression(from: decoder))
    }

    var expression: CostExpression {
      switch self {
      case .expression(let expression): expression
      }
    }
  }

  /// - Throws: What the service says of an expression it cannot read. [CE.errors]
  func check() throws(ServiceError) {
    let roots = [or != nil, and != nil, not != nil, dimensions != nil, tags != nil]
    guard roots.count(where: { $0 }) == 1 else {
      throw .validation(
        "Expression has zero or more than one roots. Only one root operator is allowed for each "
          + "expression: \"and\", \"or\", \"not\", \"tag\" or \"dimensionValue\"")
    }
    for (name, parts) in [("And", and), ("Or", or)] {
      guard let parts else { continue }
      guard parts.count >= 2 else {
        throw .validation("\(name) expression must have at least 2 operands")
      }
      for part in parts { try part.check() }
    }
    try not?.expression.check()
    try dimensions.map(Self.checkDimension)
    guard let options = (dimensions ?? tags)?.matchOptions else { return }
    let admitted = ["EQUALS", "CASE_SENSITIVE"] + (tags == nil ? [] : ["ABSENT"])
    if let option = options.first(where: { !admitted.contains($0) }) {
      throw .notSimulated("the match option \(option) of GetCostAndUsage")
    }
  }

  private static func checkDimension(_ values: Values) throws(ServiceError) {
    let key = values.key ?? ""
    if key == "RESOURCE_ID" { throw .validation("Dimension \(key) is not allowed.") }
    guard CostDimension(rawValue: key) != nil else {
      throw .notSimulated("the dimension \(key) of GetCostAndUsage")
    }
  }

  func admits(_ entry: BillEntry, in view: CostView) -> Bool {
    if let or { return or.contains { $0.admits(entry, in: view) } }
    if let and { return and.allSatisfy { $0.admits(entry, in: view) } }
    if let not { return !not.expression.admits(entry, in: view) }
    if let dimensions, let dimension = CostDimension(rawValue: dimensions.key ?? "") {
      return dimensions.values?.contains(dimension.value(of: entry.heading)) ?? false
    }
    guard let tags else { return true }
    let value = view.value(ofTag: tags.key ?? "", of: entry)
    if tags.matchOptions?.contains("ABSENT") ?? false { return value == nil }
    return value.map { tags.values?.contains($0) ?? false } ?? false
  }
}
