// SPDX-License-Identifier: GPL-3.0-or-later

/// How a service is asked for: enough to tell whom a request is for before its model is read.
package struct ServiceDoor: Hashable, Sendable {
  /// The name after `aws` on the command line.
  package let cliName: String
  /// How requests travel, in the model's words.
  package let protocolName: String
  /// The name in a signature's scope; several services may share one.
  package let signingName: String
  /// What precedes the operation's name in `X-Amz-Target`, where the service is asked so.
  package let targetPrefix: String?

  /// The service itself.
  ///
  /// - Complexity: O(1), but the first use of a service reads its model.
  package var service: Service? { Service.named(cliName) }
}
