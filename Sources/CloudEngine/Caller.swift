// SPDX-License-Identifier: GPL-3.0-or-later

/// An account and one Region of it: where resources live and whose they are.
package struct Place: Hashable, Comparable, Sendable, Codable {
  package let account: String
  package let region: String

  /// - Parameters:
  ///   - account: A 12-digit account id.
  ///   - region: A Region's code, such as `eu-west-1`.
  package init(account: String, region: String) {
    self.account = account
    self.region = region
  }

  /// The partition of the Region; a Region that does not exist counts as a commercial one.
  var partition: Partition { Partition.holding(region) }

  package static func < (left: Place, right: Place) -> Bool {
    left.account == right.account ? left.region < right.region : left.account < right.account
  }
}

/// Who makes a request: a user, a role session, or the account's root.
package struct Principal: Hashable, Sendable, Codable {
  package enum Kind: String, Sendable, Codable {
    case user = "IAMUser", role = "AssumedRole", root = "Root"
  }

  package let kind: Kind
  package let name: String
  package let session: String
  /// The access key id that the session was issued; nil for credentials that were always there.
  package let issuedKey: String?

  package static let administrator = Principal(kind: .user, name: "admin")

  /// - Parameters:
  ///   - kind: What the credentials belong to.
  ///   - name: The user's or role's name; unused for root.
  ///   - session: The session's name, for a role.
  ///   - issuedKey: The access key id that STS issued for it, if it did.
  package init(
    kind: Kind, name: String, session: String = "session", issuedKey: String? = nil
  ) {
    self.kind = kind
    self.name = name
    self.session = session
    self.issuedKey = issuedKey
  }
}

/// The credentials and the Region a request is made with.
package struct Caller: Hashable, Sendable, Codable {
  package let place: Place
  package let principal: Principal

  package init(account: String, region: String, principal: Principal = .administrator) {
    self.place = Place(account: account, region: region)
    self.principal = principal
  }

  package var account: String { place.account }
  package var region: String { place.region }

  /// The name this principal goes by in the audit trail.
  package var userName: String {
    switch principal.kind {
    case .user: principal.name
    case .role: principal.session
    case .root: "root"
    }
  }

  /// The caller's own ARN, as `sts get-caller-identity` shows it.
  package var arn: String {
    let partition = place.partition.rawValue
    return switch principal.kind {
    case .user: "arn:\(partition):iam::\(account):user/\(principal.name)"
    case .role:
      "arn:\(partition):sts::\(account):assumed-role/\(principal.name)/\(principal.session)"
    case .root: "arn:\(partition):iam::\(account):root"
    }
  }

  /// The ARN of the role behind a session; that of the user of this name for another principal.
  var roleARN: String {
    let kind = principal.kind == .role ? "role" : "user"
    return "arn:\(place.partition.rawValue):iam::\(account):\(kind)/\(principal.name)"
  }

  /// The unique id behind the name: stable for one principal, of the shape the service uses.
  package var userID: String {
    switch principal.kind {
    case .user: "AIDA" + Self.letters(account + "/" + principal.name)
    case .role: "AROA" + Self.letters(account + "/" + principal.name) + ":" + principal.session
    case .root: account
    }
  }

  /// The access key id that stands for these credentials; a documentation form, never a real key.
  package var accessKeyID: String {
    if let issued = principal.issuedKey { return issued }
    return (principal.kind == .role ? "ASIA" : "AKIA") + Self.letters(account + "#" + userName)
  }

  private static func letters(_ text: String) -> String {
    var state: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    var result = ""
    for _ in 0..<16 {
      result.append(alphabet[Int(state >> 59)])
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    }
    return result
  }
}

/// A group of Regions that share nothing with any other: restores and copies stay inside one.
package enum Partition: String, Sendable, CaseIterable, Codable {
  case commercial = "aws"
  case china = "aws-cn"
  case government = "aws-us-gov"

  /// The Regions of each partition that a world may use. [DDB.restore.regions]
  package var regions: [String] {
    switch self {
    case .commercial:
      [
        "af-south-1", "ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
        "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3",
        "ap-southeast-4", "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2",
        "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3",
        "il-central-1", "me-central-1", "me-south-1", "sa-east-1", "us-east-1", "us-east-2",
        "us-west-1", "us-west-2",
      ]
    case .china: ["cn-north-1", "cn-northwest-1"]
    case .government: ["us-gov-east-1", "us-gov-west-1"]
    }
  }

  /// The partition a Region belongs to; nil for a Region that does not exist.
  package init?(ofRegion region: String) {
    guard let found = Self.byRegion[region] else { return nil }
    self = found
  }

  /// Asked for with every ARN that is made.
  private static let byRegion = Dictionary(
    uniqueKeysWithValues: allCases.flatMap { partition in
      partition.regions.map { ($0, partition) }
    })

  /// The partition of a Region; one that does not exist counts as a commercial one.
  static func holding(_ region: String) -> Partition {
    // Only theirs begin so: looking a Region up takes ten times as long.
    guard region.hasPrefix("cn-") || region.hasPrefix("us-gov-") else { return .commercial }
    return Partition(ofRegion: region) ?? .commercial
  }

  /// Regions between which the service does no native cross-Region restore. [DDB.restore.regions]
  static let withoutCrossRegionRestore = ["ap-east-1", "me-south-1"]
}
