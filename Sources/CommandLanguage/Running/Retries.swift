// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine

/// Which refusals the CLI's standard retry mode answers by sending the request again. [CLI.retries]
enum Retries {
  /// How often a request is sent again: three attempts in all.
  static let max = 2

  private static let codes: Set<String> = [
    "RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete", "Throttling",
    "ThrottlingException", "ThrottledException", "RequestThrottledException",
    "TooManyRequestsException", "ProvisionedThroughputExceededException",
    "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded",
    "LimitExceededException", "RequestThrottled", "SlowDown", "EC2ThrottledException",
    // Marked as worth repeating in DynamoDB's model.
    "ReplicatedWriteConflictException",
  ]

  static func follow(_ error: ServiceError) -> Bool {
    codes.contains(error.code) || [500, 502, 503, 504].contains(error.status)
  }
}
