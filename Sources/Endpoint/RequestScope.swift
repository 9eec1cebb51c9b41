// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine

/// What a request's signature says of the one who sends it: account, Region and service.
///
/// Signatures are read for their scope and not checked: nobody is kept out of a world on the
/// machine it is on. [SIGV4.scope]
package struct RequestScope: Hashable, Sendable {
  package let caller: Caller
  /// The service's name in the scope, such as `dynamodb`.
  package let signingName: String

  /// The account of every access key id that names none.
  package static let defaultAccount = "123456789012"

  /// Reads the scope of a request.
  ///
  /// - Parameters:
  ///   - request: Signed in its headers or beforehand.
  ///   - issued: Whose an access key id is that STS issued here, or how it is refused once its time
  ///     is over; nil for a key that was not issued here.
  /// - Returns: The scope, or how the services refuse the request.
  package static func of(
    _ request: WireRequest, issued: (String) -> Result<RoleSession, ServiceError>?
  ) -> Result<RequestScope, ServiceError> {
    guard let credential = credential(of: request) else {
      return .failure(.missingToken)
    }
    let parts = Array(credential.utf8).split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false
    ).map { String(decoding: $0, as: UTF8.self) }
    guard parts.count == 5, !parts[0].isEmpty else { return .failure(.incompleteSignature) }
    let (key, region, service) = (parts[0], parts[2], parts[3])
    guard Partition(ofRegion: region) != nil else { return .failure(.unknownRegion(region)) }
    if key.hasPrefix("ASIA"), let found = issued(key) {
      return found.flatMap { session in
        guard token(of: request) == session.token else { return .failure(.invalidToken) }
        return .success(RequestScope(caller: session.caller(in: region), signingName: service))
      }
    }
    guard let account = account(ofKey: key) else { return .failure(.realKeys) }
    return .success(
      RequestScope(caller: Caller(account: account, region: region), signingName: service))
  }

  /// The account an access key id stands for; nil for what looks like a real key.
  static func account(ofKey key: String) -> String? {
    if key.utf8.count == 12, key.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return key }
    guard key.hasPrefix("AKIA") || key.hasPrefix("ASIA") else { return defaultAccount }
    let own = Caller(account: defaultAccount, region: "us-east-1").accessKeyID
    return key == own ? defaultAccount : nil
  }

  /// The session token that goes with issued keys.
  private static func token(of request: WireRequest) -> String? {
    request.headers["X-Amz-Security-Token"]
      ?? RequestTarget(request.target)["X-Amz-Security-Token"]
  }

  /// `KEY/DATE/REGION/SERVICE/aws4_request`, from the header or, where the request was signed
  /// beforehand, from the query.
  private static func credential(of request: WireRequest) -> String? {
    if let header = request.headers["Authorization"] {
      guard header.hasPrefix("AWS4-HMAC-SHA256") else { return "" }
      let name = Array("Credential=".utf8)
      var rest = Array(header.utf8)[...]
      while !rest.starts(with: name) {
        if rest.popFirst() == nil { return "" }
      }
      let value = rest.dropFirst(name.count).prefix {
        $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: " ")
      }
      return String(decoding: value, as: UTF8.self)
    }
    let query = RequestTarget(request.target)
    if let credential = query["X-Amz-Credential"] { return credential }
    // What S3's clients sign beforehand in the old way says no Region.
    return query["AWSAccessKeyId"].map { "\($0)//us-east-1/s3/aws4_request" }
  }
}

extension ServiceError {
  static let missingToken = ServiceError(
    code: "MissingAuthenticationTokenException", message: "Request is missing Authentication Token")
  static let incompleteSignature = ServiceError(
    code: "IncompleteSignatureException",
    message: "Authorization header requires 'Credential' parameter in the form "
      + "KEY/DATE/REGION/SERVICE/aws4_request.")
  static let invalidToken = ServiceError(
    code: "UnrecognizedClientException",
    message: "The security token included in the request is invalid.")
  static let realKeys = ServiceError(
    code: "UnrecognizedClientException",
    message: "The security token included in the request is invalid. These look like real keys; "
      + "nothing was sent on.")

  static func unknownRegion(_ region: String) -> ServiceError {
    ServiceError(
      code: "InvalidSignatureException",
      message: "Credential should be scoped to a valid Region, not '\(region)'.")
  }
}
