// SPDX-License-Identifier: GPL-3.0-or-later

/// What went wrong with the machine or with the stored state; the process exits with status 5.
///
/// Every case carries the path concerned. `message` says what is wrong, `advice` what to do next.
package enum StateError: Error, Hashable, Sendable {
  /// The disk, or the quota, is full; the last command was not saved.
  case diskFull(path: String)
  /// A write or its flush to the disk failed; the last command was not saved.
  case failedWrite(path: String, reason: String)
  /// A file or folder cannot be opened or made.
  case unusable(path: String, reason: String)
  /// What is stored is not what was written; `what` names the place and the difference.
  case damaged(path: String, what: String)
  /// Another process owns this world.
  case heldByAnother(path: String, owner: String)
  /// A later version of Rewind wrote this; nothing was touched.
  case newerFormat(path: String, found: Int, known: Int)
  /// An earlier write of this process failed, so nothing more is accepted.
  case stopped(cause: String)
  /// There is no world at this path.
  case noWorld(path: String)
  /// A learner's or world's name that cannot be a file name here.
  case invalidName(String)
  /// None of REWIND_HOME, XDG_STATE_HOME and HOME says where state may live.
  case noHome
}

extension StateError {
  /// The exit status of a process that meets one: the machine or the state.
  package static let exitStatus: Int32 = 5

  /// What is wrong, in one sentence.
  package var message: String {
    switch self {
    case .diskFull(let path): "The disk is full: \(path) could not be written."
    case .failedWrite(let path, let reason): "Writing \(path) failed: \(reason)."
    case .unusable(let path, let reason): "\(path) cannot be used: \(reason)."
    case .damaged(let path, let what): "\(path) is damaged: \(what)."
    case .heldByAnother(let path, let owner): "\(path) is in use by \(owner)."
    case .newerFormat(let path, let found, let known):
      "\(path) has format \(found); this version of rewind knows formats up to \(known)."
    case .stopped(let cause): "An earlier write failed, so no more commands are taken. \(cause)"
    case .noWorld(let path): "There is no world at \(path)."
    case .invalidName(let name): "\(Self.quoted(name)) cannot be the name of a learner or world."
    case .noHome: "There is no folder for rewind's state."
    }
  }

  /// What to do next, in one line.
  package var advice: String {
    switch self {
    case .diskFull: "Free some space and start rewind again; the last command was not saved."
    case .failedWrite, .stopped:
      "Check the disk and start rewind again; it goes on from the last saved command."
    case .unusable(let path, _): "Check the owner and the permissions of \(path)."
    case .damaged:
      "\"rewind doctor --verify\" lists all damage; put back a copy, or move it away to start anew."
    case .heldByAnother: "Leave rewind there first, or choose another world or --learner."
    case .newerFormat: "Use the newer rewind; nothing was changed."
    case .noWorld: "Start it first, or choose another world."
    case .invalidName: "Use 1 to 64 of the characters a-z, 0-9 and -."
    case .noHome: "Set REWIND_HOME to a folder."
    }
  }

  private static func quoted(_ name: String) -> String {
    "\"" + name.unicodeScalars.prefix(80).map { $0.escaped(asASCII: true) }.joined() + "\""
  }
}

extension StateError: CustomStringConvertible {
  package var description: String { "\(message) \(advice)" }
}
