// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

extension Bench {
  /// Makes a symmetric key, with an alias if one is given, and returns its ARN.
  @discardableResult
  mutating func makeKey(alias: String? = nil, _ more: String = "") throws -> String {
    let answer = try call("CreateKey", "{\(more)}", service: "kms")
    if let alias {
      try call(
        "CreateAlias",
        "{'AliasName':'\(alias)','TargetKeyId':'\(try answer.text("KeyMetadata.KeyId"))'}",
        service: "kms")
    }
    return try answer.text("KeyMetadata.Arn")
  }

  /// Asks the key service for something about one key.
  @discardableResult
  mutating func key(
    _ operation: String, _ arn: String, _ more: String = "", in region: String? = nil
  ) throws -> Document {
    try call(
      operation, "{'KeyId':'\(arn)'\(more)}", service: "kms", as: region.map(inRegion))
  }

  mutating func keyState(_ arn: String) throws -> String {
    try key("DescribeKey", arn).show("KeyMetadata.KeyState")
  }
}

@Suite("Keys")
struct KeyTests {
  @Test("a new key is symmetric, enabled and the customer's, and is found by every name it has")
  func creation() throws {
    var bench = Bench()
    let arn = try bench.makeKey(alias: "alias/orders", "'Description':'for orders'")
    let id = String(arn.suffix(36))
    let shown = """
      {'KeyMetadata':{'AWSAccountId':'123456789012','KeyId':'\(id)','Arn':'\(arn)',\
      'CreationDate':1780315200.0,'Enabled':true,'Description':'for orders',\
      'KeyUsage':'ENCRYPT_DECRYPT','KeyState':'Enabled','Origin':'AWS_KMS',\
      'KeyManager':'CUSTOMER','CustomerMasterKeySpec':'SYMMETRIC_DEFAULT',\
      'KeySpec':'SYMMETRIC_DEFAULT','EncryptionAlgorithms':['SYMMETRIC_DEFAULT'],\
      'MultiRegion':false}}
      """
    for name in [
      id, arn, "alias/orders", "arn:aws:kms:us-east-1:123456789012:alias/orders",
    ] {
      #expect(try bench.key("DescribeKey", name).show() == shown)
    }
  }

  @Test(
    "a key's spec decides what it can be used for",
    arguments: [
      (
        "'KeySpec':'HMAC_256','KeyUsage':'GENERATE_VERIFY_MAC'", "MacAlgorithms", "['HMAC_SHA_256']"
      ),
      (
        "'KeySpec':'RSA_2048','KeyUsage':'ENCRYPT_DECRYPT'", "EncryptionAlgorithms",
        "['RSAES_OAEP_SHA_1','RSAES_OAEP_SHA_256']"
      ),
      (
        "'KeySpec':'ECC_NIST_P384','KeyUsage':'SIGN_VERIFY'", "SigningAlgorithms",
        "['ECDSA_SHA_384']"
      ),
      (
        "'CustomerMasterKeySpec':'ECC_NIST_P256','KeyUsage':'KEY_AGREEMENT'",
        "KeyAgreementAlgorithms", "['ECDH']"
      ),
      ("'KeySpec':'SM2','KeyUsage':'ENCRYPT_DECRYPT'", "EncryptionAlgorithms", "['SM2PKE']"),
      ("'KeySpec':'SM2','KeyUsage':'SIGN_VERIFY'", "SigningAlgorithms", "['SM2DSA']"),
      (
        "'KeySpec':'ECC_NIST_P521','KeyUsage':'SIGN_VERIFY'", "SigningAlgorithms",
        "['ECDSA_SHA_512']"
      ),
      (
        "'KeySpec':'ECC_SECG_P256K1','KeyUsage':'SIGN_VERIFY'", "SigningAlgorithms",
        "['ECDSA_SHA_256']"
      ),
      (
        "'KeySpec':'ECC_NIST_EDWARDS25519','KeyUsage':'SIGN_VERIFY'", "SigningAlgorithms",
        "['ED25519_SHA_512','ED25519_PH_SHA_512']"
      ),
      (
        "'KeySpec':'ML_DSA_65','KeyUsage':'SIGN_VERIFY'", "SigningAlgorithms",
        "['ML_DSA_SHAKE_256']"
      ),
    ] as [(String, String, String)])
  func specs(input: String, member: String, algorithms: String) throws {
    var bench = Bench()
    let answer = try bench.call("CreateKey", "{\(input)}", service: "kms")
    #expect(answer.show("KeyMetadata.\(member)") == algorithms)
  }

  @Test("states change as asked, and each state refuses what does not fit it")
  func states() throws {
    var bench = Bench()
    let arn = try bench.makeKey()
    let pending = "KMSInvalidStateException: \(arn) is pending deletion."
    func refusal(_ operation: String) -> String {
      var fork = bench
      return fork.refusal(operation, "{'KeyId':'\(arn)'}", service: "kms")
    }
    #expect(
      refusal("CancelKeyDeletion")
        == "KMSInvalidStateException: \(arn) is not pending deletion.")
    for _ in 0..<2 {
      try bench.key("DisableKey", arn)
      #expect(try bench.keyState(arn) == "'Disabled'")
    }
    for _ in 0..<2 {
      try bench.key("EnableKey", arn)
      #expect(try bench.keyState(arn) == "'Enabled'")
    }
    let answer = try bench.key("ScheduleKeyDeletion", arn, ",'PendingWindowInDays':7")
    #expect(
      answer.show()
        == "{'KeyId':'\(arn)','DeletionDate':1780920000.0,'KeyState':'PendingDeletion',"
        + "'PendingWindowInDays':7}")
    for operation in ["EnableKey", "DisableKey", "ScheduleKeyDeletion"] {
      #expect(refusal(operation) == pending)
    }
    let other = try bench.makeKey(alias: "alias/used")
    for (operation, alias) in [("CreateAlias", "alias/new"), ("UpdateAlias", "alias/used")] {
      #expect(
        bench.refusal(
          operation, "{'AliasName':'\(alias)','TargetKeyId':'\(arn)'}", service: "kms") == pending)
    }
    #expect(try bench.key("DescribeKey", "alias/used").show("KeyMetadata.Arn") == "'\(other)'")
    bench.wait(.days(6))
    #expect(try bench.key("CancelKeyDeletion", arn).show() == "{'KeyId':'\(arn)'}")
    #expect(try bench.keyState(arn) == "'Disabled'")
    bench.wait(.days(30))
    #expect(try bench.keyState(arn) == "'Disabled'")
  }

  @Test("a key and its aliases are there to the last millisecond of the waiting period")
  func deletion() throws {
    var bench = Bench()
    let arn = try bench.makeKey(alias: "alias/old")
    let other = try bench.makeKey(alias: "alias/other")
    #expect(
      try bench.key("ScheduleKeyDeletion", arn).show("PendingWindowInDays") == "30")
    bench.wait(.days(30) - .milliseconds(1))
    #expect(try bench.keyState(arn) == "'PendingDeletion'")
    bench.wait(.milliseconds(1))
    #expect(
      bench.refusal("DescribeKey", "{'KeyId':'\(arn)'}", service: "kms")
        == "NotFoundException: Key '\(arn)' does not exist")
    #expect(
      try bench.show("ListAliases", "{}", "Aliases", service: "kms").contains("other"))
    #expect(
      bench.refusal("DescribeKey", "{'KeyId':'alias/old'}", service: "kms")
        == "NotFoundException: Alias arn:aws:kms:us-east-1:123456789012:alias/old is not found.")
    #expect(try bench.keyState(other) == "'Enabled'")
  }

  @Test("nobody disables, deletes or renames the key that AWS manages")
  func managed() throws {
    var bench = try Bench.withOrders()
    #expect(try bench.show("ListKeys", "{}", "Keys", service: "kms") == "[]")
    var sales = try Bench.withSales()
    let key = try sales.call("DescribeKey", "{'KeyId':'alias/aws/dynamodb'}", service: "kms")
    #expect(key.show("KeyMetadata.KeyManager") == "'AWS'")
    let arn = try key.text("KeyMetadata.Arn")
    #expect(
      try sales.show(
        "DescribeTable", "{'TableName':'sales'}", "Table.SSEDescription.KMSMasterKeyArn")
        == "'\(arn)'")
    let before = sales.cloud.fingerprint()
    for (operation, more) in [
      ("DisableKey", ""), ("EnableKey", ""), ("ScheduleKeyDeletion", ""),
    ] {
      #expect(
        sales.refusal(operation, "{'KeyId':'\(arn)'\(more)}", service: "kms")
          .hasPrefix("AccessDeniedException: User: "))
    }
    #expect(
      sales.refusal("DeleteAlias", "{'AliasName':'alias/aws/dynamodb'}", service: "kms")
        .hasPrefix("AccessDeniedException: User: "))
    #expect(sales.cloud.fingerprint() == before)
  }

  @Test("pages concatenate to the list, and each Region has its own keys")
  func listing() throws {
    var bench = Bench()
    for number in 0..<5 { try bench.makeKey(alias: "alias/k\(number)") }
    let ireland = bench.inRegion("eu-west-1")
    try bench.call("CreateKey", "{}", service: "kms", as: ireland)
    for (operation, list) in [("ListKeys", "Keys"), ("ListAliases", "Aliases")] {
      let all = try bench.call(operation, "{}", service: "kms")
      #expect(all.show("Truncated") == "false")
      var pages: [Document] = []
      var marker = ""
      repeat {
        let page = try bench.call(operation, "{'Limit':2\(marker)}", service: "kms")
        pages += page.at(list)?.array ?? []
        marker = page.at("NextMarker")?.string.map { ",'Marker':'\($0)'" } ?? ""
        #expect(page.show("Truncated") == (marker.isEmpty ? "false" : "true"))
      } while !marker.isEmpty
      #expect(.array(pages) == all.at(list))
      #expect(pages.count == 5)
    }
    #expect(
      try bench.call("ListKeys", "{}", service: "kms", as: ireland).at("Keys")?.array?.count == 1)
  }

  @Test("an alias points where it is pointed, at the same kind of key alone")
  func aliases() throws {
    var bench = Bench()
    let first = try bench.makeKey(alias: "alias/app")
    let second = try bench.makeKey()
    let signing = try bench.makeKey(alias: nil, "'KeySpec':'RSA_2048','KeyUsage':'SIGN_VERIFY'")
    bench.wait(.seconds(5))
    try bench.call(
      "UpdateAlias", "{'AliasName':'alias/app','TargetKeyId':'\(second)'}", service: "kms")
    #expect(try bench.key("DescribeKey", "alias/app").show("KeyMetadata.Arn") == "'\(second)'")
    #expect(
      try bench.show("ListAliases", "{'KeyId':'\(second)'}", "Aliases.0", service: "kms")
        == "{'AliasName':'alias/app','AliasArn':'arn:aws:kms:us-east-1:123456789012:alias/app',"
        + "'TargetKeyId':'\(second.suffix(36))','CreationDate':1780315200.0,"
        + "'LastUpdatedDate':1780315205.0}")
    #expect(
      try bench.show("ListAliases", "{'KeyId':'\(first)'}", "Aliases", service: "kms") == "[]")
    #expect(
      bench.refusal(
        "UpdateAlias", "{'AliasName':'alias/app','TargetKeyId':'\(signing)'}", service: "kms"
      )
      .hasPrefix("ValidationException"))
    try bench.call("DeleteAlias", "{'AliasName':'alias/app'}", service: "kms")
    #expect(try bench.keyState(second) == "'Enabled'")
  }
}
