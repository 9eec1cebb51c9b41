// SPDX-License-Identifier: GPL-3.0-or-later

internal import CloudEngine
internal import Documents
internal import Endpoint
internal import Simulation
internal import StateStore
internal import Terminal

/// Where the endpoint listens unless it is told otherwise.
private let usualPort = 8_000

extension Console {
  /// `serve`, `serve --port 8001`, `serve -- CMD`: the endpoint for other clients.
  func serve(_ call: Call) throws -> Int32 {
    let options = try ServeOptions(
      call, known: ["--", "--port", "--memory", "--instant", "--speed", "--real-time"])
    let command = options.command
    return try withEndpoint(options, port: command.isEmpty ? usualPort : 0) { server, world in
      guard command.isEmpty else { return try runChild(command, port: server.port, options) }
      say("Listening on \(Self.address(server.port)), on \(world).")
      let port = server.port == usualPort ? "" : " --port \(server.port)"
      say("In another terminal: \(environmentCommand(port))")
      say("Ctrl-C ends it.")
      try out.flush()
      Signals.waitForEnd()
      return 0
    }
  }

  /// `shell`: the user's shell, whose aws commands and programs talk to this world.
  func shell(_ call: Call) throws -> Int32 {
    let options = try ServeOptions(
      call, known: ["--memory", "--instant", "--speed", "--real-time"])
    let program = settings.environment["SHELL"] ?? "/bin/sh"
    return try withEndpoint(options, port: 0) { server, _ in
      say("aws and every SDK talk to this world here. \"exit\" comes back.")
      try out.flush()
      return try runChild([program], port: server.port, options)
    }
  }

  /// What leads a shell here.
  private func environmentCommand(_ options: String = "") -> String {
    "eval \"$(\(Self.typed([settings.calledAs])) env\(options))\""
  }

  /// `env`: what a shell has to set so that clients find the endpoint.
  func printEnvironment(_ call: Call) throws -> Int32 {
    let options = try ServeOptions(call, known: ["--port"])
    let variables = Self.clientEnvironment(port: options.port ?? usualPort)
    if settings.printsJSON {
      answer(Document(members: variables.map { ($0.name, .string($0.value)) }))
      return 0
    }
    say("unset \(Self.foreignVariables.joined(separator: " "))")
    for (name, value) in variables { say("export \(name)=\(value)") }
    // AWS CLIs before 2.13 do not look at the variable.
    say(#"aws() { command aws ${AWS_ENDPOINT_URL:+"--endpoint-url=$AWS_ENDPOINT_URL"} "$@"; }"#)
    return 0
  }

  // MARK: Variables

  private static func address(_ port: Int) -> String { "http://127.0.0.1:\(port)" }

  /// What the user's own AWS accounts may have set, and nothing here knows.
  private static let foreignVariables = ["AWS_PROFILE", "AWS_SESSION_TOKEN"]

  /// The variables that lead the AWS CLI and the SDKs here, and away from the user's own files.
  private static func clientEnvironment(port: Int) -> [(name: String, value: String)] {
    [
      ("AWS_ENDPOINT_URL", address(port)), ("AWS_ACCESS_KEY_ID", StartCloud.account),
      ("AWS_SECRET_ACCESS_KEY", "rewind"), ("AWS_REGION", StartCloud.region),
      ("AWS_DEFAULT_REGION", StartCloud.region), ("AWS_CONFIG_FILE", "/dev/null"),
      ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"), ("AWS_EC2_METADATA_DISABLED", "true"),
    ]
  }

  private func runChild(_ words: [String], port: Int, _ options: ServeOptions) throws -> Int32 {
    var environment = settings.environment
    for name in Self.foreignVariables { environment[name] = nil }
    for (name, value) in Self.clientEnvironment(port: port) { environment[name] = value }
    let ours = ConsoleSettings.program.map { [$0, "--learner", settings.learner, "aws"] }
    let client = try ClientFolder(environment, ours: options.isInMemory ? nil : ours)
    defer { client?.remove() }
    if let client { environment["PATH"] = "\(client.path):\(environment["PATH"] ?? "")" }
    guard let status = ChildProcess.run(words, environment: environment) else {
      throw PromptRefusal("\(plain(words[0])) cannot be started.", status: 2)
    }
    return status
  }

  // MARK: The server

  /// Gives a world to an endpoint for as long as something lasts.
  ///
  /// - Parameters:
  ///   - options: Which world, how its time goes, and where to listen.
  ///   - usual: Where to listen if they do not say.
  ///   - body: Gets the endpoint, and which world it has, in words.
  /// - Returns: What `body` returns.
  /// - Throws: `EndpointError`, `StateError`, what `body` throws.
  private func withEndpoint(
    _ options: ServeOptions, port usual: Int, _ body: (EndpointServer, String) throws -> Int32
  ) throws -> Int32 {
    Signals.catchInteractiveSignals()
    EndpointAnswers.prepare()
    let clock = options.clock
    func run(_ backend: any EndpointBackend, _ world: String) throws -> Int32 {
      let server = try EndpointServer(
        answers: EndpointAnswers(backend), port: options.port ?? usual)
      defer { try? server.close() }
      return try body(server, world)
    }
    guard !options.isInMemory else {
      let start = Cloud(
        seed: settings.newSeed(), clock: try (settings.clock ?? settings.hostNow()).flooredToSecond)
      let world = MemoryWorld(start: start, pace: clock.pace, drive: clock.drive)
      return try run(
        MemoryBackend(world: world, clock: clock),
        "a new world in memory, which ends with this")
    }
    // An endpoint is served where the world is.
    try atWorld(
      { held in
        _ = try held.look()
        throw PromptRefusal(
          "The world \(held.folder.id) is open in \(held.owner).",
          advice: "Type \"serve\" or \"shell\" there. Where it serves already, "
            + "\(environmentCommand()) leads clients to it. --memory serves a new world.",
          status: StateError.exitStatus)
      }, here: { _ = try self.world() })
    guard let owned else { preconditionFailure("the world was opened above") }
    isReachable = true
    listen()
    let (shared, world) = (owned.shared, owned.session.folder.id)
    shared.drive(by: clock.drive)
    defer { shared.drive(by: nil) }
    let status = Result {
      try run(SessionBackend(session: shared, world: world, clock: clock), "the world \(world)")
    }
    // Reads that wait for the next commit are saved now; that it failed is said.
    try shared.exclusively { try $0.flush() }
    return try status.get()
  }
}
