// SPDX-License-Identifier: GPL-3.0-or-later

import ItemModel
import PersistentCollections
import Simulation

/// Switches Contributor Insights on or off, for a table or one of its global indexes.
///
/// Switching on again changes the mode; asking for what is there already changes nothing.
/// [DDB.insights]
package struct UpdateContributorInsights: DynamoDBOperation {
  let tableName: TableReference
  let indexName: String?
  let contributorInsightsAction: Action
  let contributorInsightsMode: ContributorInsights.Mode?

  enum Action: String, Decodable, Sendable {
    case enable = "ENABLE"
    case disable = "DISABLE"
  }

  package static var standing: OperationStanding { .settingsOnly }
  package struct Output: Encodable, Sendable {
    let tableName: String
    let indexName: String?
    let contributorInsightsStatus: ContributorInsights.Status
    let contributorInsightsMode: ContributorInsights.Mode?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let id = try cloud.insightsTable(tableName, index: indexName, for: caller)
    let table = cloud[id.place][id]
    try requireChangeable(table)
    let entry = table.insights(ofIndex: indexName)
    guard let changed = changed(entry, at: cloud.now) else {
      return output(entry, of: id)
    }
    // Every refusal is above this line.
    cloud[id.place][id].keep(changed)
    cloud.agenda.schedule(
      .insightsSettle(id, index: indexName), at: cloud.now + Delays.togglingInsights)
    return output(changed, of: id)
  }

  /// Insights are switched off in any state, and on when table and index are there.
  private func requireChangeable(_ table: Table) throws(ServiceError) {
    let isReady = table.status == .active || table.status == .updating
    let mayEnd = contributorInsightsAction == .disable && table.status == .deleting
    guard isReady || mayEnd else { throw .insightsState("TableStatus") }
    guard let indexName, let position = table.settings.globalIndex(named: indexName) else { return }
    switch table.settings.globalIndexes[position].status {
    case .active, .updating, .deleting: break
    case .creating, .allocating, .backfilling: throw .insightsState("IndexStatus")
    }
  }

  /// The entry with the change under way; nil where there is nothing to change.
  private func changed(_ entry: ContributorInsights?, at now: Instant) -> ContributorInsights? {
    let mode = contributorInsightsMode ?? .accessedAndThrottled
    switch (contributorInsightsAction, entry?.status) {
    case (.disable, nil), (.disable, .disabled), (.disable, .disabling): return nil
    case (.enable, .enabled) where entry?.mode == mode,
      (.enable, .enabling) where entry?.mode == mode:
      return nil
    default: break
    }
    var result =
      entry
      ?? ContributorInsights(index: indexName, mode: mode, status: .enabling, rulesSince: now)
    result.settlesAt = now + Delays.togglingInsights
    if contributorInsightsAction == .disable {
      result.status = .disabling
      return result
    }
    // Another mode keeps the rules that both have, and their names.
    if result.status != .enabled { result.rulesSince = now }
    result.mode = mode
    result.status = .enabling
    result.lacksRules = false
    return result
  }

  private func output(_ entry: ContributorInsights?, of id: TableID) -> Output {
    Output(
      tableName: id.name, indexName: indexName,
      contributorInsightsStatus: entry?.status ?? .disabled, contributorInsightsMode: entry?.mode)
  }
}

/// Returns how Contributor Insights stand with a table or one of its global indexes. [DDB.insights]
package struct DescribeContributorInsights: DynamoDBOperation {
  let tableName: TableReference
  let indexName: String?

  package static var isReadOnly: Bool { true }

  struct FailureException: Encodable, Sendable {
    let exceptionName = "LimitExceededException"
    let exceptionDescription =
      "Amazon CloudWatch Contributor Insights rule limit reached. Please disable Contributor "
      + "Insights for other tables/indexes OR disable other CloudWatch Contributor Insights rules "
      + "before retrying."

    private enum CodingKeys: CodingKey { case exceptionName, exceptionDescription }
  }

  package static var standing: OperationStanding { .settingsOnly }
  package struct Output: Encodable, Sendable {
    let tableName: String
    let indexName: String?
    let contributorInsightsRuleList: [String]?
    let contributorInsightsStatus: ContributorInsights.Status
    let lastUpdateDateTime: Timestamp?
    let failureException: FailureException?
    let contributorInsightsMode: ContributorInsights.Mode?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let id = try cloud.insightsTable(tableName, index: indexName, for: caller)
    let table = cloud[id.place][id]
    let entry = table.insights(ofIndex: indexName)
    return Output(
      tableName: id.name, indexName: indexName,
      contributorInsightsRuleList: entry.flatMap {
        $0.status == .enabled ? $0.rules(of: table) : nil
      },
      contributorInsightsStatus: entry?.status ?? .disabled,
      lastUpdateDateTime: entry?.changedAt.map(Timestamp.init),
      failureException: entry?.lacksRules == true ? FailureException() : nil,
      contributorInsightsMode: entry?.mode)
  }
}

/// Lists the tables and indexes of the caller's Region, or of one table, that have Contributor
/// Insights: all that are not DISABLED. [DDB.insights.list]
package struct ListContributorInsights: DynamoDBOperation {
  let tableName: TableReference?
  let nextToken: String?
  let maxResults: Int?

  package static var isReadOnly: Bool { true }

  struct Summary: Encodable, Sendable {
    let tableName: String
    let indexName: String?
    let contributorInsightsStatus: ContributorInsights.Status
    let contributorInsightsMode: ContributorInsights.Mode

    /// What stands for the summary in a token; a name holds no slash.
    var position: String { tableName + "/" + (indexName ?? "") }
  }

  package static var standing: OperationStanding { .settingsOnly }
  package struct Output: Encodable, Sendable {
    let contributorInsightsSummaries: [Summary]
    let nextToken: String?
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    if let maxResults, maxResults < 1 {
      throw .validation("MaxResults must be greater than or equal to 1")
    }
    let listed = try tables(in: cloud, for: caller).flatMap { table in
      (table.contributorInsights ?? []).filter { $0.status != .disabled }.map { entry in
        Summary(
          tableName: table.name, indexName: entry.index,
          contributorInsightsStatus: entry.status, contributorInsightsMode: entry.mode)
      }
    }
    var start = 0
    if let nextToken {
      guard let last = listed.firstIndex(where: { Self.token(for: $0) == nextToken }) else {
        throw .validation("Invalid NextToken")
      }
      start = last + 1
    }
    let page = listed[start...].prefix(maxResults ?? 100)
    return Output(
      contributorInsightsSummaries: Array(page),
      nextToken: page.endIndex < listed.count ? page.last.map(Self.token) : nil)
  }

  private static func token(for summary: Summary) -> String {
    Base64.text(of: Array(summary.position.utf8))
  }

  private func tables(in cloud: Cloud, for caller: Caller) throws(ServiceError) -> [Table] {
    guard let tableName else { return Array(cloud[caller.place].tables.values) }
    let id = try cloud.insightsTable(tableName, index: nil, for: caller)
    return [cloud[id.place][id]]
  }
}

extension Cloud {
  /// The table whose insights, or whose index's, a request is about.
  ///
  /// - Throws: ResourceNotFound for a table that is not there or still being filled, and for an index
  ///   that is not there, not allocated yet, or local.
  fileprivate func insightsTable(
    _ reference: TableReference, index: String?, for caller: Caller
  ) throws(ServiceError) -> TableID {
    let id = try table(reference, for: caller)
    let table = self[id.place][id]
    if table.isBeingFilled { throw .tableNotFoundByTables(id.name) }
    guard let index else { return id }
    guard let position = table.settings.globalIndex(named: index),
      table.settings.globalIndexes[position].status != .allocating
    else {
      throw ServiceError(
        code: "ResourceNotFoundException",
        message:
          "Requested resource not found: Index: \(index) not found for table: \(id.name)")
    }
    return id
  }
}

extension ServiceError {
  /// What the service says of a table or an index that is not ready; it calls the feature by an
  /// earlier name.
  fileprivate static func insightsState(_ what: String) -> ServiceError {
    .validation(
      "Table or Index is not in a valid state to update Key Access Insights: \(what) must be ACTIVE "
        + "to enable ContributorInsights.")
  }
}
