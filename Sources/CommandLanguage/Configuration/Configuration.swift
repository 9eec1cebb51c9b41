// SPDX-License-Identifier: GPL-3.0-or-later

/// What `aws configure set` has left in a world: values by profile and name, as a `config` file has
/// them.
///
/// They are kept among the world's names, under names that no line can set.
package struct Configuration: Hashable, Sendable {
  private static let prefix = "configure:"

  /// By profile, then by name (`region`, `s3.addressing_style`).
  package private(set) var profiles: [String: [String: String]] = [:]

  /// The settings among a world's names.
  package init(names: [String: String] = [:]) {
    for (name, value) in names where Self.isSetting(name) {
      let parts = name.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      profiles[String(parts[1]), default: [:]][String(parts[2])] = value
    }
  }

  /// Whether a world's name is a setting and not one that a line has set.
  package static func isSetting(_ name: String) -> Bool { name.hasPrefix(prefix) }

  /// The settings that commands go by; any other is kept and has no effect.
  static let effective: [(name: String, summary: String)] = [
    ("region", "where commands go that name no Region"), ("output", "json, text, table, yaml …"),
    ("aws_access_key_id", "an account id: the profile is that account's"),
    ("role_arn", "the profile is that role's"), ("source_profile", "whose word the role goes by"),
    ("role_session_name", "the session's name in the audit trail"),
    ("cli_timestamp_format", "iso8601 or wire"),
    ("cli_binary_format", "base64 or raw-in-base64-out"),
    ("cli_error_format", "enhanced, legacy, json …"),
  ]

  /// A value of a profile.
  subscript(profile: String, name: String) -> String? { profiles[profile]?[name] }
}

/// One value that a command has set.
package struct ConfigurationChange: Hashable, Sendable {
  let profile: String
  let name: String
  package let value: String

  /// The world's name that keeps it.
  package var worldName: String { "configure:\(profile):\(name)" }
}

/// What must not be kept: credentials of the real world.
package enum RealCredentials {
  /// What is said instead of keeping them.
  package static let refusal = "Not needed here; never type real keys."

  /// Whether a value of this name may be a real key, and so is refused.
  ///
  /// Account ids, keys and tokens that STS issued here, and short stand-ins are none.
  ///
  /// - Parameters:
  ///   - name: `AWS_SECRET_ACCESS_KEY`, `aws_access_key_id` and the like, in any case.
  ///   - value: Its value.
  ///   - isIssued: Whether an access key id was issued here.
  /// - Returns: True for what must be refused.
  package static func mayBe(
    _ name: String, _ value: String, isIssued: (String) -> Bool
  ) -> Bool {
    switch name.lowercased() {
    case "aws_access_key_id":
      (value.hasPrefix("AKIA") || value.hasPrefix("ASIA")) && !isIssued(value)
    case "aws_secret_access_key", "aws_session_token":
      value.utf8.count >= 20 && !value.hasPrefix("rewind")
    default: false
    }
  }
}
