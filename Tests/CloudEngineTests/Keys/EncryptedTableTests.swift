// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents
import Simulation
import Testing

extension Bench {
  /// Asks for another key of a table: a specification's members, such as `'Enabled':false`.
  @discardableResult
  mutating func changeKey(_ specification: String, of table: String = "orders") throws -> Document {
    try call("UpdateTable", Self.keyChange(specification, of: table))
  }

  static func keyChange(_ specification: String, of table: String = "orders") -> String {
    "{'TableName':'\(table)','SSESpecification':{\(specification)}}"
  }

  static func under(_ key: String) -> String {
    "'Enabled':true,'SSEType':'KMS','KMSMasterKeyId':'\(key)'"
  }

  mutating func encryption(of table: String = "orders") throws -> String {
    try show("DescribeTable", "{'TableName':'\(table)'}", "Table.SSEDescription")
  }

  /// A bench with `orders`, ACTIVE, under a customer managed key, whose ARN comes back.
  static func withKeyedOrders() throws -> (Bench, key: String) {
    var bench = Bench()
    let key = try bench.makeKeyedTable()
    return (bench, key)
  }

  /// Makes a table, ACTIVE, under a new customer managed key, whose ARN comes back.
  mutating func makeKeyedTable(_ name: String = "orders") throws -> String {
    let key = try makeKey(alias: "alias/\(name)")
    let input = Bench.ordersInput.replacing("'orders'", with: "'\(name)'").dropLast()
    try call("CreateTable", input + ",'SSESpecification':{\(Self.under("alias/\(name)"))}}")
    wait(.seconds(10))
    return key
  }
}

/// A text with what differs from request to request taken out.
func withoutRequestID(_ text: String) -> String {
  guard let start = text.firstRange(of: "Request ID: ") else { return text }
  return String(text[..<start.upperBound]) + "…" + text[start.upperBound...].dropFirst(36)
}

/// What DynamoDB says of a key that the key service refuses.
func keyWords(_ kind: String, _ code: String, _ message: String) -> String {
  "\(kind): com.amazonaws.services.kms.model.\(code): \(message) (Service: AWSKMS; Status Code: "
    + "400; Error Code: \(code); Request ID: …; Proxy: null)"
}

func disabledWords(_ arn: String) -> String {
  Words.validation + keyWords("KMS key disabled error", "DisabledException", "\(arn) is disabled.")
}

@Suite("Tables under keys")
struct EncryptedTableTests {
  @Test("a key is named by id, ARN, alias or alias ARN, and the table keeps its ARN")
  func naming() throws {
    var bench = Bench()
    let arn = try bench.makeKey(alias: "alias/app")
    for (position, name) in [
      String(arn.suffix(36)), arn, "alias/app", "arn:aws:kms:us-east-1:123456789012:alias/app",
    ].enumerated() {
      let input = Bench.ordersInput.replacing("'orders'", with: "'orders-\(position)'").dropLast()
      let answer = try bench.call(
        "CreateTable", input + ",'SSESpecification':{\(Bench.under(name))}}")
      #expect(
        answer.show("TableDescription.SSEDescription")
          == "{'Status':'ENABLED','SSEType':'KMS','KMSMasterKeyArn':'\(arn)'}")
    }
    let other = try bench.makeKey()
    try bench.call(
      "UpdateAlias", "{'AliasName':'alias/app','TargetKeyId':'\(other)'}", service: "kms")
    #expect(try bench.encryption(of: "orders-2").contains(arn), "a table never follows an alias")
  }

  /// Keys that no table can be under: a name for one, how it is made, and the refusal.
  private static let unusable:
    [(String, @Sendable (inout Bench) throws -> String, @Sendable (String) -> String)] = [
      (
        "disabled",
        {
          let arn = try $0.makeKey()
          try $0.key("DisableKey", arn)
          return arn
        }, disabledWords
      ),
      (
        "pending deletion",
        {
          let arn = try $0.makeKey()
          try $0.key("ScheduleKeyDeletion", arn)
          return arn
        },
        {
          Words.validation
            + keyWords(
              "KMS validation error", "KMSInvalidStateException", "\($0) is pending deletion.")
        }
      ),
      (
        "none",
        { _ in "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-4000-8000-000000000000" },
        {
          Words.validation
            + keyWords("KMS validation error", "NotFoundException", "Key '\($0)' does not exist")
        }
      ),
      (
        "no alias", { _ in "alias/none" },
        { _ in
          Words.validation
            + keyWords(
              "KMS validation error", "NotFoundException",
              "Alias arn:aws:kms:us-east-1:123456789012:alias/none is not found.")
        }
      ),
      (
        "another Region's",
        { bench in
          let caller = bench.inRegion("eu-west-1")
          return try bench.call("CreateKey", "{}", service: "kms", as: caller)
            .text("KeyMetadata.Arn")
        },
        { _ in
          Words.validation
            + keyWords("KMS validation error", "NotFoundException", "Invalid arn eu-west-1")
        }
      ),
      (
        "another account's",
        { _ in "arn:aws:kms:us-east-1:999999999999:key/00000000-0000-4000-8000-000000000000" },
        {
          "AccessDeniedException: KMS key access denied error: "
            + "com.amazonaws.services.kms.model.AWSKMSException: User: "
            + "arn:aws:iam::123456789012:user/admin is not authorized to perform: kms:CreateGrant on "
            + "resource: \($0) because no resource-based policy allows the kms:CreateGrant action "
            + "(Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; Request ID: …; "
            + "Proxy: null)"
        }
      ),
      (
        "asymmetric",
        { try $0.makeKey(alias: nil, "'KeySpec':'RSA_2048','KeyUsage':'ENCRYPT_DECRYPT'") },
        { _ in
          "ValidationException: KMS internal error: com.amazonaws.services.kms.model.AWSKMSException: "
            + "EncryptionContext is supported only when creating a grant for a symmetric encryption "
            + "KMS key. (Service: AWSKMS; Status Code: 400; Error Code: ValidationException; "
            + "Request ID: …; Proxy: null)"
        }
      ),
    ]

  @Test("a key that cannot be used is refused wherever one is named, and nothing changes")
  func refusedKeys() throws {
    for (name, make, words) in Self.unusable {
      var bench = try Bench.withOrders()
      try bench.recovery(true)
      let backup = try bench.backup()
      let key = try make(&bench)
      bench.wait(.seconds(400))
      let before = bench.cloud.fingerprint()
      let override = ",'SSESpecificationOverride':{\(Bench.under(key))}"
      for (operation, input) in [
        (
          "CreateTable",
          Bench.ordersInput.replacing("'orders'", with: "'fresh'").dropLast()
            + ",'SSESpecification':{\(Bench.under(key))}}"
        ),
        ("UpdateTable", Bench.keyChange(Bench.under(key))),
        (
          "RestoreTableFromBackup",
          "{'TargetTableName':'copy','BackupArn':'\(backup)'\(override)}"
        ),
        (
          "RestoreTableToPointInTime",
          "{'TargetTableName':'copy','SourceTableName':'orders','UseLatestRestorableTime':true"
            + "\(override)}"
        ),
      ] {
        #expect(
          withoutRequestID(bench.refusal(operation, input)) == words(key), "\(name), \(operation)")
        #expect(bench.cloud.fingerprint() == before, "\(name), \(operation)")
      }
    }
  }

  @Test("a change of key takes 22 s, shows the old key and then the new one, and stays ACTIVE")
  func change() throws {
    var bench = try Bench.withOrders()
    let (first, second) = (try bench.makeKey(), try bench.makeKey())
    let description = "{'Status':'%','SSEType':'KMS','KMSMasterKeyArn':'$'}"
    func shown(_ status: String, _ key: String) -> String {
      description.replacing("%", with: status).replacing("$", with: key)
    }
    let answer = try bench.changeKey(Bench.under(first))
    #expect(answer.show("TableDescription.TableStatus") == "'ACTIVE'")
    #expect(answer.show("TableDescription.SSEDescription") == "{'Status':'UPDATING'}")
    bench.wait(.seconds(10))
    #expect(try bench.encryption() == shown("UPDATING", first))
    try bench.changeKey(Bench.under(first))
    #expect(
      bench.refusal("UpdateTable", Bench.keyChange("'Enabled':false"))
        == Words.inUse + "Server-Side Encryption is still being updated")
    #expect(
      bench.refusal("DeleteTable", "{'TableName':'orders'}")
        == Words.inUse + "Server-Side Encryption is still being updated")
    bench.wait(.seconds(12))
    #expect(try bench.encryption() == shown("ENABLED", first))
    try bench.changeKey(Bench.under(second))
    #expect(try bench.encryption() == shown("UPDATING", first))
    bench.wait(.seconds(22))
    #expect(try bench.encryption() == shown("ENABLED", second))
    try bench.changeKey("'Enabled':false")
    bench.wait(.seconds(10))
    #expect(try bench.encryption() == "{'Status':'UPDATING'}")
    bench.wait(.seconds(12))
    #expect(try bench.encryption() == "absent")
  }

  @Test("four changes in 24 hours, then one in six; the way to the AWS owned key is always open")
  func limit() throws {
    var (bench, key) = try Bench.withKeyedOrders()
    let other = try bench.makeKey()
    let first = bench.now
    for number in 0..<4 {
      try bench.changeKey(Bench.under(number.isMultiple(of: 2) ? other : key))
      bench.wait(.minutes(1))
    }
    let before = bench.cloud.fingerprint()
    // The limit is looked at before the key.
    for asked in [other, "alias/none"] {
      #expect(
        bench.refusal("UpdateTable", Bench.keyChange(Bench.under(asked)))
          == Words.limit + "Encryption mode changes are limited in the 24h window ending at "
          + "\((first + .hours(24)).rfc3339Milliseconds). After the first 4 change, each "
          + "subsequent change in the same window can be performed at most once every 21600 "
          + "seconds. Number of updates today: 4. Last change at "
          + "\((first + .minutes(3)).rfc3339Milliseconds). Next changes can be made at "
          + "\((first + .minutes(3) + .hours(6)).rfc3339Milliseconds).")
    }
    #expect(bench.cloud.fingerprint() == before)
    var fork = bench
    try fork.changeKey("'Enabled':false")
    bench.cloud.advance(to: first + .minutes(3) + .hours(6) - .milliseconds(1))
    #expect(
      bench.refusal("UpdateTable", Bench.keyChange(Bench.under(other))).hasPrefix(Words.limit))
    bench.wait(.milliseconds(1))
    try bench.changeKey(Bench.under(other))
    bench.cloud.advance(to: first + .hours(24))
    for asked in [key, other, key, other] {
      try bench.changeKey(Bench.under(asked))
      bench.wait(.minutes(1))
    }
    #expect(
      bench.refusal("UpdateTable", Bench.keyChange(Bench.under(key))).hasPrefix(Words.limit))
  }

  @Test("the very key by its ARN is refused as no change, by another name it is one")
  func sameKey() throws {
    var (bench, key) = try Bench.withKeyedOrders()
    #expect(
      bench.refusal("UpdateTable", Bench.keyChange(Bench.under(key)))
        == Words.values + "Table is already encrypted with given KMSMasterKeyId. Use "
        + "KMSMasterKeyId parameter if you want to change Master Key")
    try bench.changeKey(Bench.under("alias/orders"))
    bench.wait(.seconds(22))
    #expect(
      try bench.encryption()
        == "{'Status':'ENABLED','SSEType':'KMS','KMSMasterKeyArn':'\(key)'}")
  }

  @Test("a backup stays under the key its table had, and recovery needs the key of its second")
  func backupsKeepTheirKey() throws {
    var (bench, old) = try Bench.withKeyedOrders()
    try bench.recovery(true)
    try bench.put("a", 1)
    let backup = try bench.backup()
    bench.wait(.minutes(1))
    let under = bench.now
    let new = try bench.makeKey()
    try bench.changeKey(Bench.under(new))
    bench.wait(.minutes(10))
    #expect(
      try bench.show(
        "DescribeBackup", "{'BackupArn':'\(backup)'}",
        "BackupDescription.SourceTableFeatureDetails.SSEDescription.KMSMasterKeyArn")
        == "'\(old)'")
    try bench.key("DisableKey", old)
    let toThen =
      "{'SourceTableName':'orders','TargetTableName':'then','RestoreDateTime':"
      + "\(under.epochSeconds),'SSESpecificationOverride':{}}"
    let fromBackup = "{'TargetTableName':'copy','BackupArn':'\(backup)'}"
    let before = bench.cloud.fingerprint()
    #expect(
      withoutRequestID(bench.refusal("RestoreTableToPointInTime", toThen)) == disabledWords(old))
    #expect(
      withoutRequestID(bench.refusal("RestoreTableFromBackup", fromBackup)) == disabledWords(old))
    #expect(
      withoutRequestID(
        bench.refusal(
          "RestoreTableFromBackup", fromBackup.dropLast() + ",'SSESpecificationOverride':{}}"))
        == disabledWords(old), "a new key for the copy does not open the backup")
    #expect(bench.cloud.fingerprint() == before)
    try bench.call(
      "RestoreTableToPointInTime",
      "{'SourceTableName':'orders','TargetTableName':'now','UseLatestRestorableTime':true}")
    #expect(try bench.encryption(of: "now").contains(new))
    try bench.key("EnableKey", old)
    try bench.call("RestoreTableFromBackup", fromBackup)
    #expect(try bench.encryption(of: "copy").contains(old))
    try bench.call("RestoreTableToPointInTime", toThen)
    bench.wait(.minutes(10))
    #expect(try bench.contents(of: "then") == ["a=1"])
    #expect(try bench.encryption(of: "then") == "absent")
  }

  @Test("between Regions the copy takes a key of its own Region")
  func regions() throws {
    var (bench, key) = try Bench.withKeyedOrders()
    let backup = try bench.backup()
    let ireland = bench.inRegion("eu-west-1")
    let local = try bench.call("CreateKey", "{}", service: "kms", as: ireland)
      .text("KeyMetadata.Arn")
    func input(_ key: String) -> String {
      "{'TargetTableName':'copy','BackupArn':'\(backup)','SSESpecificationOverride':"
        + "{\(Bench.under(key))}}"
    }
    #expect(
      withoutRequestID(bench.refusal("RestoreTableFromBackup", input(key), as: ireland))
        == Words.validation
        + keyWords("KMS validation error", "NotFoundException", "Invalid arn us-east-1"))
    let answer = try bench.call("RestoreTableFromBackup", input(local), as: ireland)
    #expect(
      answer.show("TableDescription.SSEDescription.KMSMasterKeyArn") == "'\(local)'")
  }
}
