// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
import Documents
import ServiceModel

/// Whose credentials a command carries, and where each part came from.
struct Credentials {
  /// Where the CLI found a value, in the words of `aws configure list`.
  struct Origin: Hashable {
    let type: String
    let location: String

    static let environment = Origin(type: "env", location: "")
    static let world = Origin(type: "shared-credentials-file", location: "")
    static let assumedRole = Origin(type: "assume-role", location: "")
    static let settings = Origin(type: "config-file", location: "the world's settings")
  }

  var account: String
  var principal: Principal
  var origin: Origin
}

extension CommandContext {
  /// The profile that a command names by its option or its environment.
  func profileName(_ option: String?) -> String? { option ?? value(of: "AWS_PROFILE") }

  /// Every profile that can be named, `default` first.
  package var profileNames: [String] {
    let others = Set(profiles.keys).union(configuration.profiles.keys).subtracting(["default"])
    return ["default"] + others.sorted(by: PythonText.precedes)
  }

  func value(of variable: String) -> String? {
    environment[variable].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// A setting of a profile: what was set here, else what the world has.
  func setting(_ name: String, of profile: String?) -> String? {
    let profile = profile ?? "default"
    if let written = configuration[profile, name] { return written }
    let known = profiles[profile] ?? (profile == "default" ? self.profile : nil)
    switch name {
    case "region": return known?.region
    case "aws_access_key_id": return known?.account
    default: return nil
    }
  }

  /// - Throws: `.general` for a profile there is none of.
  func checkProfile(_ name: String?) throws(CommandError) {
    guard let name, name != "default", profiles[name] == nil,
      configuration.profiles[name] == nil
    else { return }
    throw .general("The config profile (\(name)) could not be found")
  }

  /// The Region of a command, in the CLI's order of precedence.
  func region(_ option: String?, profile: String?) -> (value: String, origin: Credentials.Origin)? {
    if let option { return (option, Credentials.Origin(type: "manual", location: "--region")) }
    if let region = value(of: "AWS_REGION") ?? value(of: "AWS_DEFAULT_REGION") {
      return (
        region,
        Credentials.Origin(type: "env", location: "['AWS_REGION', 'AWS_DEFAULT_REGION']")
      )
    }
    guard let region = setting("region", of: profile), !region.isEmpty else { return nil }
    return (region, .settings)
  }

  /// The credentials of a command, in the CLI's order of precedence: a profile that an option names,
  /// keys of the environment, the profile that the environment names.
  ///
  /// - Parameters:
  ///   - option: The value of `--profile`.
  ///   - issued: Whose an access key id is that STS issued here.
  /// - Returns: The account and who asks there.
  /// - Throws: `.service` for keys that are not of this world or whose time is over.
  func credentials(
    _ option: String?, issued: (String) -> Result<RoleSession, ServiceError>?
  ) throws(CommandError) -> Credentials {
    if option == nil, let key = value(of: "AWS_ACCESS_KEY_ID") {
      return try credentials(
        ofKey: key, token: value(of: "AWS_SESSION_TOKEN"), .environment, issued)
    }
    var visited: [String] = []
    return try credentials(ofProfile: profileName(option) ?? "default", issued, &visited)
  }

  private func credentials(
    ofProfile name: String, _ issued: (String) -> Result<RoleSession, ServiceError>?,
    _ visited: inout [String]
  ) throws(CommandError) -> Credentials {
    if let arn = configuration[name, "role_arn"] {
      return try credentials(ofRole: arn, profile: name, issued, &visited)
    }
    if let key = configuration[name, "aws_access_key_id"] {
      return try credentials(
        ofKey: key, token: configuration[name, "aws_session_token"], .world, issued)
    }
    let known = profiles[name] ?? profiles["default"] ?? profile
    return Credentials(account: known.account, principal: known.principal, origin: .world)
  }

  /// A profile with `role_arn` is that role's, on the word of its source profile.
  private func credentials(
    ofRole arn: String, profile name: String,
    _ issued: (String) -> Result<RoleSession, ServiceError>?, _ visited: inout [String]
  ) throws(CommandError) -> Credentials {
    guard let source = configuration[name, "source_profile"] else {
      throw .general(
        "Partial credentials found in assume-role, missing: source_profile or credential_source")
    }
    guard !visited.contains(name) else {
      throw .general(
        "Infinite loop in credential configuration detected. Attempting to load from profile "
          + "\(name) which has already been visited. Visited profiles: \(visited.pythonList)")
    }
    visited.append(name)
    guard source == "default" || profileNames.contains(source) else {
      throw .general(
        "The source profile \"\(source)\" must have credentials. "
          + "The source_profile \"\(source)\" referenced in the profile \"\(name)\" does not exist."
      )
    }
    if source != name { _ = try credentials(ofProfile: source, issued, &visited) }
    guard let role = RoleName(arn) else {
      throw .service(
        ServiceError(code: "ValidationError", message: "Request ARN is invalid"),
        operation: "AssumeRole")
    }
    let session = configuration[name, "role_session_name"] ?? "botocore-session"
    return Credentials(
      account: role.account,
      principal: Principal(kind: .role, name: role.name, session: session), origin: .assumedRole)
  }

  private func credentials(
    ofKey key: String, token: String?, _ origin: Credentials.Origin,
    _ issued: (String) -> Result<RoleSession, ServiceError>?
  ) throws(CommandError) -> Credentials {
    if let found = issued(key) {
      switch found {
      case .success(let session):
        guard session.token == token else { throw Self.refused("") }
        return Credentials(
          account: session.account, principal: session.principal, origin: origin)
      case .failure(let error): throw .service(error, operation: Self.pendingOperation)
      }
    }
    if key.utf8.count == 12, key.utf8.allSatisfy(\.isDigit) {
      return Credentials(account: key, principal: .administrator, origin: origin)
    }
    guard !key.hasPrefix("AKIA"), !key.hasPrefix("ASIA") else {
      throw Self.refused(" These look like real keys; nothing was sent on.")
    }
    return Credentials(account: profile.account, principal: profile.principal, origin: origin)
  }

  /// Stands for the operation's name where the credentials are looked at before it is known.
  static let pendingOperation = ""

  private static func refused(_ more: String) -> CommandError {
    .service(
      ServiceError(
        code: "UnrecognizedClientException",
        message: "The security token included in the request is invalid." + more),
      operation: pendingOperation)
  }

  /// Who asks where no option says otherwise: for what the prompt itself looks up.
  ///
  /// - Parameter issued: Whose an access key id is that STS issued here.
  /// - Returns: The caller; nil where the settings name nobody or no Region.
  package func caller(issued: (String) -> Result<RoleSession, ServiceError>?) -> Caller? {
    guard let credentials = try? credentials(nil, issued: issued),
      let region = region(nil, profile: profileName(nil))?.value,
      Partition(ofRegion: region) != nil
    else { return nil }
    return Caller(
      account: credentials.account, region: region, principal: credentials.principal)
  }
}

extension CommandRun {
  /// Credentials and Region of the command.
  func caller(
    _ globals: GlobalOptions, service: Service, operation: String
  ) throws(CommandError) -> Caller {
    let name = context.profileName(globals.profile)
    try context.checkProfile(name)
    guard let region = context.region(globals.region, profile: name)?.value, !region.isEmpty else {
      throw .configuration(
        code: "NoRegion",
        message: "You must specify a region. You can also configure your region by running "
          + "\"aws configure\".")
    }
    guard Self.isHostLabel(region) else {
      throw .general("Provided region_name '\(region)' doesn't match a supported format.")
    }
    guard let partition = Partition(ofRegion: region) else {
      throw .general(
        "Could not connect to the endpoint URL: "
          + "\"https://\(service.endpointPrefix).\(region).amazonaws.com/\"")
    }
    guard globals.signsRequests else {
      let host = "\(service.endpointPrefix).\(region).amazonaws.com"
      throw .general(
        "--no-sign-request is not simulated by Rewind: \(host)"
          + (partition == .china ? ".cn" : "") + " answers signed requests only.")
    }
    do throws(CommandError) {
      let credentials = try context.credentials(globals.profile, issued: door.roleSession)
      return Caller(
        account: credentials.account, region: region, principal: credentials.principal)
    } catch .service(let error, CommandContext.pendingOperation) {
      throw .service(error, operation: operation)
    }
  }

  private static func isHostLabel(_ text: String) -> Bool {
    let bytes = text.utf8
    return bytes.count <= 63 && bytes.first != UInt8(ascii: "-")
      && bytes.last != UInt8(ascii: "-") && !bytes.allSatisfy(\.isDigit)
      && bytes.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") }
  }
}

extension [String] {
  /// As Python prints a list of texts.
  fileprivate var pythonList: String { "[" + map(\.pythonRepr).joined(separator: ", ") + "]" }
}
