// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
package import Documents
package import Simulation

/// The one way from a command to a cloud: closures that whoever owns the cloud lends.
package struct Door {
  /// Sends a request; the answer is as on the wire.
  package var perform: (ServiceRequest) -> Result<Document, ServiceError>
  /// The cloud's present instant.
  package var now: () -> Instant
  /// Lets virtual time pass.
  package var advance: (Duration) -> Void
  /// Whose an access key id is that STS issued here, or how it is refused; nil for another key.
  package var roleSession: (String) -> Result<RoleSession, ServiceError>? = { _ in nil }
  /// What is still under way, with the instant at which it ends.
  package var pending: () -> [(Instant, String)]

  package init(
    perform: @escaping (ServiceRequest) -> Result<Document, ServiceError>,
    now: @escaping () -> Instant, advance: @escaping (Duration) -> Void,
    pending: @escaping () -> [(Instant, String)]
  ) {
    self.perform = perform
    self.now = now
    self.advance = advance
    self.pending = pending
  }
}

/// Whose credentials a command carries, by the name after `--profile`.
package struct Profile: Hashable, Sendable {
  package var account: String
  /// The Region of commands that name none; nil where the profile has none.
  package var region: String?
  package var principal: Principal

  package init(account: String, region: String?, principal: Principal = .administrator) {
    self.account = account
    self.region = region
    self.principal = principal
  }
}

/// What a command line may refer to besides its own words.
package struct CommandContext {
  /// Credentials and Region where no profile is named.
  package var profile: Profile
  /// The profiles by name; `default` is `profile` unless listed.
  package var profiles: [String: Profile]
  /// What `aws configure set` has left.
  package var configuration = Configuration()
  /// Those of `readVariables` that have a value; the first two win over a profile's Region, as in the CLI.
  package var environment: [String: String]
  /// The bytes of a file that `file://` or `fileb://` names; throws `FileFailure`.
  package var readFile: (String) throws(FileFailure) -> [UInt8]
  /// Makes or replaces a file of the host; nil where commands must leave no trace outside the world.
  package var writeFile: ((String, [UInt8]) throws(FileFailure) -> Void)?
  /// The value of a YAML text, nil for a text that is none; JSON alone unless whoever owns the
  /// context has more.
  package var readYAML: (String) -> ParameterValue? = { try? CommandJSON.parse($0) }
  /// Columns of the terminal, for tables; 80 where there is none.
  package var terminalWidth: Int
  /// Whether the answer is shown where colours are.
  package var showsColour = false
  /// Names that exist, for "Did you mean".
  package var liveNames: LiveNames

  /// The environment variables that commands look at.
  package static let readVariables = [
    "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_DEFAULT_OUTPUT", "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CLI_ERROR_FORMAT", "AWS_PAGER",
  ]

  package init(
    profile: Profile, profiles: [String: Profile] = [:], environment: [String: String] = [:],
    readFile: @escaping (String) throws(FileFailure) -> [UInt8] = { path throws(FileFailure) in
      throw .notFound
    },
    terminalWidth: Int = 80, liveNames: LiveNames = LiveNames()
  ) {
    self.profile = profile
    self.profiles = profiles
    self.environment = environment
    self.readFile = readFile
    self.terminalWidth = terminalWidth
    self.liveNames = liveNames
  }
}

/// Why a file could not be read, in the numbers and words of the C library that the CLI shows.
package enum FileFailure: Error, Hashable, Sendable {
  case notFound
  case denied
  case isDirectory
  case tooLarge(limitBytes: Int)
  case other(number: Int, text: String)

  /// The words of the CLI: `[Errno 2] No such file or directory: 'nope.json'`.
  func message(path: String) -> String {
    let file = path.pythonRepr
    return switch self {
    case .notFound: "[Errno 2] No such file or directory: \(file)"
    case .denied: "[Errno 13] Permission denied: \(file)"
    case .isDirectory: "[Errno 21] Is a directory: \(file)"
    case .tooLarge(let limit): "[Errno 27] File too large: \(file) (more than \(limit) bytes)"
    case .other(let number, let text): "[Errno \(number)] \(text): \(file)"
    }
  }
}

/// Names and ARNs that exist in the world, by what they name.
package struct LiveNames: Hashable, Sendable {
  package var tables: [String] = []
  package var tableARNs: [String] = []
  package var indexes: [String] = []
  package var backupARNs: [String] = []
  package var streamARNs: [String] = []
  package var exportARNs: [String] = []
  package var vaults: [String] = []
  package var recoveryPointARNs: [String] = []
  package var backupPlanIDs: [String] = []
  package var roleARNs: [String] = []
  package var profiles: [String] = []
  package var buckets: [String] = []

  package init() {}

  /// Every ARN known, for options that take any resource.
  package var resourceARNs: [String] { tableARNs + backupARNs + recoveryPointARNs }
}

/// What became of a command.
package struct CommandOutcome: Sendable {
  /// What the AWS CLI would print, byte for byte.
  package var stdout: String
  /// Contents of an object that are no text, to be printed as they are, before `stdout`.
  package var contents: [UInt8] = []
  /// Whether `stdout` has the codes of `TableColour`.
  package var hasColour = false
  package var stderr: String
  /// The AWS CLI's exit status: 0, 252, 253, 254, 255.
  package var status: Int32
  /// Whether the engine accepted at least one request.
  package var isAccepted: Bool
  /// Whether an accepted request may have changed a resource.
  package var isChange: Bool
  /// The requests that were sent, refused ones too, in order.
  package var requests: [ServiceRequest]
  /// What `aws configure set` asks to be kept, in order.
  package var configured: [ConfigurationChange] = []
  /// What to say to a learner after a failure, a sentence each: "Did you mean orders?".
  package var coaching: [String]

  package init(
    stdout: String = "", stderr: String = "", status: Int32 = 0, isAccepted: Bool = false,
    isChange: Bool = false, requests: [ServiceRequest] = [], coaching: [String] = []
  ) {
    self.stdout = stdout
    self.stderr = stderr
    self.status = status
    self.isAccepted = isAccepted
    self.isChange = isChange
    self.requests = requests
    self.coaching = coaching
  }
}
