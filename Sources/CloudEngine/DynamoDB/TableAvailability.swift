// SPDX-License-Identifier: GPL-3.0-or-later

/// What a request wants of a table; the table's state decides whether it may. [DDB.table.status]
enum TableUse: Hashable {
  case delete
  /// A change of settings; one of the stream has words of its own.
  case update(ofStream: Bool)
  case changeTimeToLive
  case describeTimeToLive
}

extension Table {
  /// True while reads and writes of items are taken, as far as the table's state goes; its key may
  /// still stand in the way.
  var acceptsItems: Bool {
    switch status {
    case .active, .updating, .inaccessible: true
    case .creating, .deleting, .archiving, .archived: false
    }
  }

  /// The state the table comes back to after a change. [DDB.kms.states]
  var restingStatus: Status { keyLoss?.noticedAt == nil ? .active : .inaccessible }

  /// Refuses a use that the table's state does not allow.
  ///
  /// This is the one place where states are looked at; the words differ by operation, and what is
  /// being restored is not there yet for any of them but the deletion.
  ///
  /// - Throws: ResourceInUse, ResourceNotFound or a validation error.
  func require(_ use: TableUse) throws(ServiceError) {
    if isBeingFilled, use != .delete { throw .tableNotFoundByTables(name) }
    switch (use, status) {
    case (_, .active), (_, .inaccessible): break
    case (.describeTimeToLive, .creating):
      throw .validation(
        "Cannot describe time to live while table is in CREATING state: "
          + "Current table state is CREATING")
    case (.describeTimeToLive, _): break
    case (.changeTimeToLive, .creating): throw .inUse("Table \(name) is being created")
    case (.changeTimeToLive, .updating): break
    case (_, .creating): throw .inUse("Table is being created: \(name)")
    case (_, .deleting): throw .inUse("Table is being deleted: \(name)")
    case (_, .archiving): throw .inUse("Table is being archived: \(name)")
    case (.delete, .archived): break
    case (_, .archived): throw .inUse("Table is archived: \(name)")
    case (.delete, .updating):
      throw .inUse("Table: \(name) is in the process of being updated.")
    case (.update(ofStream: false), .updating):
      throw .inUse("Table IOPS are currently being updated. Table: \(name)")
    case (.update(ofStream: true), .updating):
      throw .inUse(
        "Can't enable or disable stream while table IOPS are being updated. Table: \(name)")
    }
    if use == .delete { try requireNothingUnderWay() }
  }

  private func requireNothingUnderWay() throws(ServiceError) {
    guard settings.globalIndexes.allSatisfy({ $0.status == .active }) else {
      throw .inUse("Cannot delete table while indexes are being created, updated, or deleted.")
    }
    if encryptionChange != nil { throw .inUse("Server-Side Encryption is still being updated") }
  }
}
