// SPDX-License-Identifier: GPL-3.0-or-later

/// Returns whose credentials a request is made with; nobody can be refused it. [STS.identity]
package struct GetCallerIdentity: Operation {
  package static var service: String { "sts" }
  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let userId: String
    let account: String
    let arn: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    Output(userId: caller.userID, account: caller.account, arn: caller.arn)
  }
}
