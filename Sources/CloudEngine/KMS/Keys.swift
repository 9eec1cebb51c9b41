// SPDX-License-Identifier: GPL-3.0-or-later

import PersistentCollections
import Simulation

/// An operation of AWS Key Management Service.
package protocol KeyOperation: Operation {}

extension KeyOperation {
  package static var service: String { "kms" }
}

/// Makes a customer managed key in the caller's account and Region.
///
/// It has no material and encrypts nothing by itself: tables and objects are put under it. Policies
/// and tags are taken and not looked at. [KMS.key]
package struct CreateKey: KeyOperation {
  let description: String?
  let keyUsage: String?
  let customerMasterKeySpec: String?
  let keySpec: String?
  let origin: String?
  let multiRegion: Bool?

  package static var acceptedWithoutEffect: [String] {
    ["Policy", "BypassPolicyLockoutSafetyCheck", "Tags", "Tags.TagKey", "Tags.TagValue"]
  }

  package struct Output: Encodable, Sendable { let keyMetadata: KeyMetadata }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    if let origin, origin != "AWS_KMS" { throw .notSimulated("Origin \(origin) of CreateKey") }
    if multiRegion == true { throw .notSimulated("MultiRegion of CreateKey") }
    let spec = keySpec ?? customerMasterKeySpec ?? EncryptionKey.symmetric.spec
    if let customerMasterKeySpec, customerMasterKeySpec != spec {
      throw .validation(
        "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. "
          + "CustomerMasterKeySpec is deprecated.")
    }
    let usages = KeyMetadata.usages(of: spec)
    guard
      let usage = keyUsage
        ?? (spec == EncryptionKey.symmetric.spec ? EncryptionKey.symmetric.usage : nil)
    else {
      throw .validation(
        "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.")
    }
    guard usages.contains(usage) else {
      throw .validation("KeyUsage \(usage) is not compatible with KeySpec \(spec)")
    }
    // Every refusal is above this line.
    let key = EncryptionKey(
      id: cloud.identifiers.uuid("key"), place: caller.place, createdAt: cloud.now,
      manager: .customer, description: description ?? "", usage: usage, spec: spec)
    cloud[caller.place].keys[key.id] = key
    cloud.meters.set(.key, of: key.billed, bytes: 1, at: cloud.now)
    return Output(keyMetadata: KeyMetadata(key))
  }
}

/// Returns what is known of a key, named by id, ARN, alias or alias ARN. [KMS.key]
package struct DescribeKey: KeyOperation {
  let keyId: String

  package static var isReadOnly: Bool { true }
  package static var acceptedWithoutEffect: [String] { ["GrantTokens"] }
  package struct Output: Encodable, Sendable { let keyMetadata: KeyMetadata }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let key = try cloud.key(keyId, for: caller, action: Self.name, aliases: true)
    return Output(keyMetadata: KeyMetadata(key))
  }
}

/// Lists the keys of the caller's account and Region, those of AWS included. [KMS.key]
package struct ListKeys: KeyOperation {
  let limit: Int?
  let marker: String?

  package static var isReadOnly: Bool { true }

  package struct Output: Encodable, Sendable {
    let keys: [Entry]
    let nextMarker: String?
    let truncated: Bool
  }

  struct Entry: Encodable, Sendable {
    let keyId: String
    let keyArn: String
  }

  package func perform(in cloud: inout Cloud, as caller: Caller) throws(ServiceError) -> Output {
    let start: String? = try PageToken.mark(in: marker, otherwise: .keyMarkerInvalid)
    let page = Page(cloud[caller.place].keys.entries(after: start), limit: limit ?? 100) { $0.key }
    return Output(
      keys: page.shown.map { Entry(keyId: $0.key, keyArn: ARN.key($0.key, in: caller.place)) },
      nextMarker: page.nextToken, truncated: page.nextToken != nil)
  }
}

/// A key as the service shows it. [KMS.key]
package struct KeyMetadata: Encodable, Sendable {
  let awsAccountId: String
  let keyId: String
  let arn: String
  let creationDate: Timestamp
  let enabled: Bool
  let description: String
  let keyUsage: String
  let keyState: String
  let deletionDate: Timestamp?
  let origin = "AWS_KMS"
  let keyManager: String
  let customerMasterKeySpec: String
  let keySpec: String
  let encryptionAlgorithms: [String]?
  let signingAlgorithms: [String]?
  let keyAgreementAlgorithms: [String]?
  let multiRegion = false
  let macAlgorithms: [String]?

  private enum CodingKeys: CodingKey {
    case awsAccountId, keyId, arn, creationDate, enabled, description, keyUsage, keyState
    case deletionDate, origin, keyManager, customerMasterKeySpec, keySpec, encryptionAlgorithms
    case signingAlgorithms, keyAgreementAlgorithms, multiRegion, macAlgorithms
  }

  init(_ key: EncryptionKey) {
    (awsAccountId, keyId, arn) = (key.place.account, key.id, key.arn)
    creationDate = Timestamp(key.createdAt)
    enabled = key.state == .enabled
    (description, keyUsage) = (key.description, key.usage)
    keyState = key.state.shown
    deletionDate = key.state.deletion.map(Timestamp.init)
    keyManager = key.manager.rawValue
    (customerMasterKeySpec, keySpec) = (key.spec, key.spec)
    let algorithms = Self.algorithms(of: key.spec, for: key.usage)
    encryptionAlgorithms = key.usage == "ENCRYPT_DECRYPT" ? algorithms : nil
    signingAlgorithms = key.usage == "SIGN_VERIFY" ? algorithms : nil
    keyAgreementAlgorithms = key.usage == "KEY_AGREEMENT" ? algorithms : nil
    macAlgorithms = key.usage == "GENERATE_VERIFY_MAC" ? algorithms : nil
  }

  /// What keys of a spec can be used for; every key for one thing alone. [KMS.key]
  static func usages(of spec: String) -> [String] {
    switch spec {
    case EncryptionKey.symmetric.spec: [EncryptionKey.symmetric.usage]
    case _ where spec.hasPrefix("HMAC_"): ["GENERATE_VERIFY_MAC"]
    case _ where spec.hasPrefix("RSA_"): ["ENCRYPT_DECRYPT", "SIGN_VERIFY"]
    case _ where spec.hasPrefix("ECC_NIST_P"): ["SIGN_VERIFY", "KEY_AGREEMENT"]
    case "SM2": ["ENCRYPT_DECRYPT", "SIGN_VERIFY", "KEY_AGREEMENT"]
    default: ["SIGN_VERIFY"]
    }
  }

  private static func algorithms(of spec: String, for usage: String) -> [String] {
    switch (spec, usage) {
    case (EncryptionKey.symmetric.spec, _): [EncryptionKey.symmetric.spec]
    case (_, "KEY_AGREEMENT"): ["ECDH"]
    case ("SM2", "ENCRYPT_DECRYPT"): ["SM2PKE"]
    case ("SM2", _): ["SM2DSA"]
    case (_, "ENCRYPT_DECRYPT"): ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]
    case (_, "GENERATE_VERIFY_MAC"): ["HMAC_SHA_" + spec.dropFirst(5)]
    case ("ECC_NIST_P384", _): ["ECDSA_SHA_384"]
    case ("ECC_NIST_P521", _): ["ECDSA_SHA_512"]
    case ("ECC_NIST_EDWARDS25519", _): ["ED25519_SHA_512", "ED25519_PH_SHA_512"]
    case _ where spec.hasPrefix("ML_DSA_"): ["ML_DSA_SHAKE_256"]
    case _ where spec.hasPrefix("RSA_"):
      ["256", "384", "512"].flatMap { ["RSASSA_PKCS1_V1_5_SHA_\($0)", "RSASSA_PSS_SHA_\($0)"] }
        .sorted()
    default: ["ECDSA_SHA_256"]
    }
  }
}

extension EncryptionKey.State {
  /// The state as the service names it.
  package var shown: String {
    switch self {
    case .enabled: "Enabled"
    case .disabled: "Disabled"
    case .pendingDeletion: "PendingDeletion"
    }
  }

  var deletion: Instant? {
    guard case .pendingDeletion(let instant) = self else { return nil }
    return instant
  }
}
