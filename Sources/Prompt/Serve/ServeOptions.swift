// SPDX-License-Identifier: GPL-3.0-or-later

internal import StateStore

/// What stands after `serve`, `shell` and `env`.
struct ServeOptions {
  /// Nil for the usual one.
  var port: Int?
  /// The program to run, and its arguments; empty for none.
  var command: [String] = []
  var clock = ServedClock.polling
  /// Whether the world is a new one in memory alone.
  var isInMemory = false

  /// How virtual time may be asked to go beside `--instant`, and how fast at most.
  private static let speeds = 1...86_400

  /// Reads the words; what is not among `known` is refused.
  ///
  /// - Throws: A misuse.
  init(_ call: Call, known: Set<String>) throws {
    var arguments = call.arguments
    while let first = arguments.popFirst() {
      guard known.contains(first) else {
        throw call.misuse("\"\(first)\" is not known here.")
      }
      switch first {
      case "--":
        guard !arguments.isEmpty else { throw call.misuse("Nothing stands after \"--\".") }
        command = Array(arguments)
        return
      case "--port":
        guard let text = arguments.popFirst(), let number = Int(text), (0...65_535) ~= number else {
          throw call.misuse("--port takes a number up to 65535.")
        }
        port = number
      case "--memory": isInMemory = true
      case "--instant": try choose(.instant, call)
      case "--real-time": try choose(.driven(speed: 1), call)
      default:
        guard let text = arguments.popFirst(), let speed = Int(text), Self.speeds ~= speed else {
          throw call.misuse("--speed takes virtual seconds in a real one, 1 to 86400.")
        }
        try choose(.driven(speed: speed), call)
      }
    }
  }

  private mutating func choose(_ clock: ServedClock, _ call: Call) throws {
    guard self.clock == .polling else {
      throw call.misuse("--instant, --speed and --real-time exclude each other.")
    }
    self.clock = clock
  }
}

/// How virtual time goes while a world is served.
enum ServedClock: Hashable {
  /// By requests and looks.
  case polling
  /// By requests; transitions end with what began them.
  case instant
  /// By the host's clock, so many virtual seconds in one.
  case driven(speed: Int)

  var pace: Pace {
    switch self {
    case .polling: .ofPolling
    case .instant: .instant
    case .driven: .ofWallClock
    }
  }

  /// What moves the clock beside requests, beginning now; nil for nothing.
  var drive: ClockDrive? {
    guard case .driven(let speed) = self else { return nil }
    return ClockDrive(speed: speed) { ConsoleSettings.ticks() }
  }

  /// How it is named to those who ask.
  var name: String {
    switch self {
    case .polling: "polling"
    case .instant: "instant"
    case .driven(let speed): "speed \(speed)"
    }
  }
}
