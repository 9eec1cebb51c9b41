// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine

/// The subcommands of `aws configure` that look at or set a world's own settings.
enum ConfigureCommand: String, CaseIterable {
  case list, get, set
  case listProfiles = "list-profiles"

  /// Those that ask for real credentials or write files of the CLI.
  static let refused = [
    "add-model", "export-credentials", "import", "mfa-login", "sso", "sso-session", "wizard",
  ]

  var summary: String {
    switch self {
    case .list: "profile, keys and Region that commands go by, and where they come from"
    case .get: "one setting"
    case .set: "gives a setting a value, kept with this world"
    case .listProfiles: "the names that --profile takes"
    }
  }
}

extension CommandRun {
  /// `aws configure …`: the world's own settings; no file of the CLI is read or written.
  mutating func configure(_ words: [String], globals: GlobalOptions) throws(CommandError) {
    guard let name = words.first else { throw .general(RealCredentials.refusal) }
    if name == "help" {
      outcome.stdout = HelpText.configure()
      return
    }
    guard let command = ConfigureCommand(rawValue: name) else {
      guard !ConfigureCommand.refused.contains(name) else {
        throw .general(
          "aws configure \(name) is not simulated by Rewind. \(RealCredentials.refusal)")
      }
      throw .invalidChoice(
        "subcommand", name,
        of: ConfigureCommand.allCases.map(\.rawValue) + ConfigureCommand.refused)
    }
    let positionals: [String] =
      switch command {
      case .get: ["varname"]
      case .set: ["varname", "value"]
      case .list, .listProfiles: []
      }
    let parsed = try OptionParser([], positionals: positionals).parse(Array(words.dropFirst()))
    guard parsed.rest.isEmpty else { throw .unknownOptions(parsed.rest) }
    switch command {
    case .list: try listConfiguration(globals)
    case .listProfiles:
      outcome.stdout = context.profileNames.map { $0 + "\n" }.joined()
    case .get: try getSetting(parsed.positionals[0], globals)
    case .set: try set(parsed.positionals[0], to: parsed.positionals[1], globals)
    }
  }

  // MARK: Looking

  private mutating func listConfiguration(_ globals: GlobalOptions) throws(CommandError) {
    let name = context.profileName(globals.profile)
    try context.checkProfile(name)
    typealias Row = (name: String, value: String, origin: Credentials.Origin?)
    let profileOrigin = Credentials.Origin(
      type: globals.profile == nil ? "env" : "manual",
      location: globals.profile == nil ? "['AWS_PROFILE', 'AWS_DEFAULT_PROFILE']" : "--profile")
    var rows: [Row] = [
      name.map { ("profile", $0, profileOrigin) } ?? ("profile", "<not set>", nil)
    ]
    let credentials = try? context.credentials(globals.profile, issued: door.roleSession)
    let region = context.region(globals.region, profile: name)
    for (index, label) in ["access_key", "secret_key"].enumerated() {
      guard let credentials else {
        rows.append((label, "<not set>", nil))
        continue
      }
      let caller = Caller(
        account: credentials.account, region: region?.value ?? "us-east-1",
        principal: credentials.principal)
      // There are no secrets here, so the last letters of one are stars too.
      let end = index == 0 ? String(caller.accessKeyID.suffix(4)) : "****"
      rows.append((label, String(repeating: "*", count: 16) + end, credentials.origin))
    }
    rows.append(region.map { ("region", $0.value, $0.origin) } ?? ("region", "<not set>", nil))
    outcome.stdout = Self.row("NAME", "VALUE", "TYPE", "LOCATION")
    for row in rows {
      outcome.stdout += Self.row(
        row.name, row.value, row.origin?.type ?? "None", row.origin?.location ?? "None")
    }
  }

  private static func row(
    _ name: String, _ value: String, _ type: String, _ location: String
  ) -> String {
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.unicodeScalars.count))
    }
    return "\(padded(name, 10)) : \(padded(value, 24)) : \(padded(type, 16)) : \(location)\n"
  }

  /// `aws configure get`: the value alone, or status 1 where there is none.
  private mutating func getSetting(
    _ written: String, _ globals: GlobalOptions
  ) throws(CommandError) {
    let (profile, name) = scoped(written, globals)
    if !written.contains(".") { try context.checkProfile(profile) }
    guard let value = context.setting(name, of: profile) else {
      outcome.status = 1
      return
    }
    outcome.stdout = value + "\n"
  }

  // MARK: Setting

  private mutating func set(
    _ written: String, to value: String, _ globals: GlobalOptions
  ) throws(CommandError) {
    let (profile, name) = scoped(written, globals)
    let issued = door.roleSession
    guard !RealCredentials.mayBe(name, value, isIssued: { issued($0) != nil }) else {
      throw .general(RealCredentials.refusal)
    }
    guard !profile.isEmpty, !profile.contains(":"), !name.isEmpty else {
      throw .general("A profile's name here is a text without a colon, and a setting has a name.")
    }
    outcome.configured.append(ConfigurationChange(profile: profile, name: name, value: value))
  }

  /// `profile.NAME.region`, `default.region` and `region` as a profile and a name in it.
  private func scoped(
    _ written: String, _ globals: GlobalOptions
  ) -> (profile: String, name: String) {
    let parts = written.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let current = context.profileName(globals.profile) ?? "default"
    if parts.count > 2, parts[0] == "profile" {
      return (parts[1], parts.dropFirst(2).joined(separator: "."))
    }
    if parts.count > 1, context.profileNames.contains(parts[0]) {
      return (parts[0], parts.dropFirst().joined(separator: "."))
    }
    return (current, written)
  }
}
