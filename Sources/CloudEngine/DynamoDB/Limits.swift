// SPDX-License-Identifier: GPL-3.0-or-later

/// Returns how much throughput the account and one table of it may be given here. [DDB.limits]
package struct DescribeLimits: DynamoDBOperation {
  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let accountMaxReadCapacityUnits: Int64
    let accountMaxWriteCapacityUnits: Int64
    let tableMaxReadCapacityUnits: Int64
    let tableMaxWriteCapacityUnits: Int64
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    Output(
      accountMaxReadCapacityUnits: Limits.unitsPerAccount,
      accountMaxWriteCapacityUnits: Limits.unitsPerAccount,
      tableMaxReadCapacityUnits: Limits.unitsPerTable,
      tableMaxWriteCapacityUnits: Limits.unitsPerTable)
  }
}

/// Returns where this Region's requests go. [DDB.endpoints]
package struct DescribeEndpoints: DynamoDBOperation {
  package static var isReadOnly: Bool { true }

  struct Endpoint: Encodable, Sendable {
    let address: String
    let cachePeriodInMinutes: Int64
  }

  package struct Output: Encodable, Sendable { let endpoints: [Endpoint] }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    Output(endpoints: [
      Endpoint(
        address: "dynamodb.\(caller.region).amazonaws.com", cachePeriodInMinutes: 1_440)
    ])
  }
}
