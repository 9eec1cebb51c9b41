// SPDX-License-Identifier: GPL-3.0-or-later

internal import Glibc

/// A program run in the foreground, with this process's terminal.
package enum ChildProcess {
  /// Runs a program and waits for its end; Ctrl-C is the program's alone meanwhile, and an end that is
  /// asked for is passed on to it.
  ///
  /// - Parameters:
  ///   - words: The program, looked up on the path, and its arguments.
  ///   - environment: All of its environment.
  /// - Returns: Its exit status, 128 and the signal for one that was killed; nil if it could not be
  ///   started.
  package static func run(_ words: [String], environment: [String: String]) -> Int32? {
    var arguments = words.map { strdup($0) } + [nil]
    var variables = environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") }
    variables.append(nil)
    defer { for pointer in arguments + variables { free(pointer) } }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // What this process handles, ignores or holds back is as usual in the child; threads of a pool
    // hold back nearly all.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var usual = sigset_t()
    sigemptyset(&usual)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGCONT, SIGPIPE, SIGXFSZ] { sigaddset(&usual, number) }
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var child: pid_t = 0
    let failure = posix_spawnp(&child, words[0], nil, &attributes, &arguments, &variables)
    guard failure == 0 else { return nil }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
      guard errno == EINTR else { return nil }
      // Who ends this process means the program too.
      if Signals.isEnding { kill(child, SIGTERM) }
    }
    _ = Signals.takeInterrupt()
    let signal = status & 0x7f
    return signal == 0 ? (status >> 8) & 0xff : 128 + signal
  }
}
