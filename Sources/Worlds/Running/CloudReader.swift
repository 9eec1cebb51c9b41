// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
package import Documents

/// Looks at one place of a copy of a cloud; what it asks leaves no trace in the original.
package struct CloudReader: Sendable {
  private let cloud: Cloud
  package let place: Place

  package init(_ cloud: Cloud, _ place: Place) {
    self.cloud = cloud
    self.place = place
  }

  /// The answer to a reading request; nil where it is refused.
  package func ask(_ operation: String, _ input: Document, service: String = "dynamodb")
    -> Document?
  {
    var copy = cloud
    return try? copy.perform(
      ServiceRequest(
        service: service, operation: operation, input: input,
        caller: Caller(account: place.account, region: place.region)))
  }

  /// The backups of a table, or of all, as `list-backups` shows them, system ones included.
  package func backups(of table: String?) -> [Document] {
    var result: [Document] = []
    var start: Document?
    repeat {
      var input: [(String, Document)] = [("BackupType", "ALL")]
      if let table { input.append(("TableName", .string(table))) }
      if let start { input.append(("ExclusiveStartBackupArn", start)) }
      guard let page = ask("ListBackups", Document(members: input)) else { break }
      result += page["BackupSummaries"]?.array ?? []
      start = page["LastEvaluatedBackupArn"]
    } while start != nil
    return result
  }

  package var tableNames: [String] { cloud[place].tableNames }

  package func table(_ name: String) -> Table? { cloud[place].table(named: name) }
}
