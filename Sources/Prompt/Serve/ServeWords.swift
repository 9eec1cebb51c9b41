// SPDX-License-Identifier: GPL-3.0-or-later

internal import Documents
internal import Endpoint
internal import StateStore
internal import Terminal

/// Where the endpoint listens unless it is told otherwise.
private let usualPort = 8_000

extension Console {
  /// `serve`, `serve --port 8001`, `serve -- CMD`: the endpoint for other clients.
  func serve(_ call: Call) throws -> Int32 {
    let (port, command) = try Self.serveArguments(call)
    return try withEndpoint(port: port ?? (command.isEmpty ? usualPort : 0)) { server in
      guard command.isEmpty else { return try runChild(command, port: server.port) }
      say("Listening on \(Self.address(server.port)), on the world \(try learner.currentWorld()).")
      say(
        "In another terminal: eval \"$(rewind env\(server.port == usualPort ? "" : " --port \(server.port)"))\""
      )
      say("Ctrl-C ends it.")
      try out.flush()
      Signals.waitForEnd()
      return 0
    }
  }

  /// `shell`: the user's shell, whose aws commands and programs talk to this world.
  func shell(_ call: Call) throws -> Int32 {
    try call.takesNothing()
    let program = settings.environment["SHELL"] ?? "/bin/sh"
    return try withEndpoint(port: 0) { server in
      say("aws and every SDK talk to this world here. \"exit\" comes back.")
      try out.flush()
      return try runChild([program], port: server.port)
    }
  }

  /// `env`: what a shell has to set so that clients find the endpoint.
  func printEnvironment(_ call: Call) throws -> Int32 {
    let (port, command) = try Self.serveArguments(call)
    guard command.isEmpty else { throw call.misuse() }
    let variables = Self.clientEnvironment(port: port ?? usualPort)
    if settings.printsJSON {
      answer(Document(members: variables.map { ($0.name, .string($0.value)) }))
      return 0
    }
    for (name, value) in variables { say("export \(name)=\(value)") }
    return 0
  }

  // MARK: Arguments and variables

  private static func serveArguments(_ call: Call) throws -> (port: Int?, command: [String]) {
    var port: Int?
    var arguments = call.arguments
    while let first = arguments.popFirst() {
      switch first {
      case "--":
        guard !arguments.isEmpty else { throw call.misuse("Nothing stands after \"--\".") }
        return (port, Array(arguments))
      case "--port":
        guard let text = arguments.popFirst(), let number = Int(text), (0...65_535) ~= number else {
          throw call.misuse("--port takes a number up to 65535.")
        }
        port = number
      default: throw call.misuse("\"\(first)\" is not known here.")
      }
    }
    return (port, [])
  }

  private static func address(_ port: Int) -> String { "http://127.0.0.1:\(port)" }

  /// The variables that lead the AWS CLI and the SDKs here, and away from the user's own files.
  private static func clientEnvironment(port: Int) -> [(name: String, value: String)] {
    [
      ("AWS_ENDPOINT_URL", address(port)), ("AWS_ACCESS_KEY_ID", StartCloud.account),
      ("AWS_SECRET_ACCESS_KEY", "rewind"), ("AWS_REGION", StartCloud.region),
      ("AWS_DEFAULT_REGION", StartCloud.region), ("AWS_CONFIG_FILE", "/dev/null"),
      ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"), ("AWS_EC2_METADATA_DISABLED", "true"),
    ]
  }

  private func runChild(_ words: [String], port: Int) throws -> Int32 {
    var environment = settings.environment
    for name in ["AWS_PROFILE", "AWS_SESSION_TOKEN"] { environment[name] = nil }
    for (name, value) in Self.clientEnvironment(port: port) { environment[name] = value }
    guard let status = ChildProcess.run(words, environment: environment) else {
      throw PromptRefusal("\(plain(words[0])) cannot be started.", status: 2)
    }
    return status
  }

  // MARK: The server

  /// Gives the world to an endpoint for as long as something lasts.
  private func withEndpoint(
    port: Int, _ body: (EndpointServer) throws -> Int32
  ) throws -> Int32 {
    let world = try learner.currentWorld()
    Signals.catchInteractiveSignals()
    let shared = try lendWorld()
    let status = Result {
      let backend = SessionBackend(session: shared, world: world)
      let server = try EndpointServer(answers: EndpointAnswers(backend), port: port)
      defer { try? server.close() }
      return try body(server)
    }
    // Reads that wait for the next commit are saved now; that it failed is said.
    try shared.close()
    return try status.get()
  }
}
