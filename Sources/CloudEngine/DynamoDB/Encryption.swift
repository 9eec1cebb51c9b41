// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// Encryption under a KMS key; a table under the AWS owned key has none of it. [DDB.sse]
struct Encryption: Codable, Hashable, Sendable {
  let keyARN: String
}

/// A change of a table's key under way: the table stays ACTIVE and usable. [DDB.sse.change]
struct EncryptionChange: Codable, Hashable, Sendable {
  /// When it began, which tells it from another one.
  let since: Instant
  /// The key to come; nil is the AWS owned one.
  let target: Encryption?

  /// When the new key is shown, and when the change is done.
  static let switching: Duration = .seconds(10)
  static let duration: Duration = .seconds(22)
}

/// A key that a table was under, and until when; recovery to before then needs it still.
struct FormerEncryption: Codable, Hashable, Sendable {
  let until: Instant
  let encryption: Encryption?
}

/// How often a table's key was changed: four times in 24 hours, then once in six hours.
/// [DDB.sse.limit]
struct EncryptionChanges: Codable, Hashable, Sendable {
  static let free = 4
  static let window: Duration = .hours(24)
  static let pause: Duration = .hours(6)

  private var windowStart: Instant?
  private var last: Instant?
  private var count = 0

  /// Counts a change now.
  ///
  /// - Parameters:
  ///   - now: The present.
  ///   - isLimited: False for the way back to the AWS owned key, which is never refused.
  /// - Throws: LimitExceeded, with the times that decide it.
  mutating func note(at now: Instant, isLimited: Bool) throws(ServiceError) {
    if let windowStart, now - windowStart < Self.window, let last {
      let next = last + Self.pause
      if isLimited, count >= Self.free, now < next {
        throw .limitExceeded(
          "Subscriber limit exceeded: Encryption mode changes are limited in the 24h window ending "
            + "at \((windowStart + Self.window).rfc3339Milliseconds). After the first \(Self.free) "
            + "change, each subsequent change in the same window can be performed at most once "
            + "every 21600 seconds. Number of updates today: \(count). Last change at "
            + "\(last.rfc3339Milliseconds). Next changes can be made at "
            + "\(min(next, windowStart + Self.window).rfc3339Milliseconds).")
      }
    } else {
      windowStart = now
      count = 0
    }
    last = now
    count += 1
  }
}

// MARK: - Keys as tables use them

extension Encryption {
  /// The AWS managed key `alias/aws/dynamodb` of a place; the same one for all its tables.
  static func managed(in place: Place) -> Encryption {
    Encryption(
      keyARN: ARN.key(
        UUIDText.derived(from: "\(place.account)/\(place.region)/aws/dynamodb"), in: place))
  }

  /// True for the AWS managed key of whichever place.
  var isManaged: Bool {
    guard let arn = ARN(keyARN) else { return false }
    return self == Self.managed(in: Place(account: arn.account, region: arn.region))
  }

  static let managedAlias = "alias/aws/dynamodb"
}

extension SSESpecification {
  /// Refuses a specification that makes no sense, whatever keys there are. [DDB.sse]
  func check() throws(ServiceError) {
    if sseType == "AES256" { throw .invalidValues("SSEType AES256 is not supported") }
    if enabled ?? false {
      if kmsMasterKeyId != nil, sseType == nil {
        throw .invalidValues("SSEType KMS is required if KMSMasterKeyId is specified")
      }
      return
    }
    if sseType != nil { throw .invalidValues("SSEType can not be specified if Enabled is false") }
    if kmsMasterKeyId != nil {
      throw .invalidValues("KMSMasterKeyId can not be specified if Enabled is false")
    }
  }
}

extension Cloud {
  /// The encryption a request asks for in the caller's place; nil is the AWS owned key.
  ///
  /// The key may be named by id, ARN, alias or alias ARN. It must be symmetric, usable, and in the
  /// same Region and account as the table. [DDB.sse] [DDB.kms.errors]
  ///
  /// - Parameters:
  ///   - specification: The request's; nil keeps what there is.
  ///   - current: What there is.
  ///   - caller: Who asks, at the table's own Region.
  /// - Returns: The encryption asked for.
  /// - Throws: The service's refusals of a specification that makes no sense or of the key.
  func encryption(
    _ specification: SSESpecification?, current: Encryption?, for caller: Caller
  ) throws(ServiceError) -> Encryption? {
    guard let specification else { return current }
    try specification.check()
    guard specification.enabled ?? false else { return nil }
    let managed = Encryption.managed(in: caller.place)
    guard let reference = specification.kmsMasterKeyId else { return managed }
    if reference == managed.keyARN || reference == Encryption.managedAlias
      || reference == ARN.alias(Encryption.managedAlias, in: caller.place)
    {
      return managed
    }
    let key: EncryptionKey
    do throws(ServiceError) {
      key = try self.key(reference, for: caller, action: "CreateGrant", aliases: true)
    } catch {
      throw error.passedOn(at: now)
    }
    if let refusal = key.refusalOfUse { throw refusal.passedOn(at: now) }
    guard key.isSymmetric else { throw .keyNotSymmetric(key.arn, at: now) }
    return Encryption(keyARN: key.arn)
  }

  /// What DynamoDB answers where an encryption's key is needed now; nil while it can be used.
  ///
  /// The AWS owned key and the AWS managed one can always be used.
  func refusal(of encryption: Encryption?) -> ServiceError? {
    guard let encryption, !encryption.isManaged else { return nil }
    guard let key = key(arn: encryption.keyARN) else {
      return ServiceError.keyNotFound(encryption.keyARN).passedOn(at: now)
    }
    return key.refusalOfUse?.passedOn(at: now)
  }

  /// Refuses where an encryption's key is needed and cannot be used. [DDB.kms.errors]
  func requireUsable(_ encryption: Encryption?) throws(ServiceError) {
    if let refusal = refusal(of: encryption) { throw refusal }
  }

  /// Makes the AWS managed key show among the account's keys once something is under it.
  /// [KMS.managed]
  mutating func noteUse(of encryption: Encryption?, in place: Place) {
    guard let encryption, encryption == Encryption.managed(in: place),
      let id = ARN(encryption.keyARN)?.resource.dropFirst(4), self[place].keys[String(id)] == nil
    else { return }
    self[place].keys[String(id)] = EncryptionKey(
      id: String(id), place: place, createdAt: now, manager: .service,
      description: "Default key that protects my DynamoDB data when no other key is defined",
      usage: EncryptionKey.symmetric.usage, spec: EncryptionKey.symmetric.spec)
    self[place].aliases[Encryption.managedAlias] = KeyAlias(
      name: Encryption.managedAlias, keyID: String(id), createdAt: now, updatedAt: now)
  }
}

// MARK: - Words

extension ServiceError {
  /// The key service's refusal as DynamoDB passes it on. [DDB.kms.errors]
  func passedOn(at now: Instant) -> ServiceError {
    switch code {
    case "DisabledException":
      .validation("KMS key disabled error: " + keyServiceText(named: code, at: now))
    case "AccessDeniedException":
      .accessDenied(
        "KMS key access denied error: " + keyServiceText(named: "AWSKMSException", at: now))
    default: .validation("KMS validation error: " + keyServiceText(named: code, at: now))
    }
  }

  /// A key that is asymmetric or for message codes; the service takes it for a failure of its own
  /// and answers these words with status 500, here they stand in a refusal like the others.
  static func keyNotSymmetric(_ arn: String, at now: Instant) -> ServiceError {
    let inner = ServiceError.validation(
      "EncryptionContext is supported only when creating a grant for a symmetric encryption KMS "
        + "key.")
    return .validation(
      "KMS internal error: " + inner.keyServiceText(named: "AWSKMSException", at: now))
  }

  private func keyServiceText(named name: String, at now: Instant) -> String {
    let id = UUIDText.derived(from: "\(now.milliseconds)/\(code)/\(message)")
    return "com.amazonaws.services.kms.model.\(name): \(message) (Service: AWSKMS; Status Code: "
      + "\(status); Error Code: \(code); Request ID: \(id); Proxy: null)"
  }
}

/// Identifiers that follow from a text, for what must not draw from the cloud's source.
enum UUIDText {
  /// A UUID's text that is always the same for the same text.
  static func derived(from text: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    let digits = String(hash, radix: 16)
    let hex = String(repeating: "0", count: 16 - digits.count) + digits
    return "\(hex.prefix(8))-\(hex.dropFirst(8).prefix(4))-4\(hex.suffix(3))-8\(hex.prefix(3))-"
      + "\(hex.suffix(12))"
  }
}
