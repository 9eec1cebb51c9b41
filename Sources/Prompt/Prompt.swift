// SPDX-License-Identifier: GPL-3.0-or-later

internal import CommandLanguage
internal import Simulation
internal import StateStore
internal import Terminal

extension Console {
  /// The prompt to show now, as `promptText` has it, wherever the world is open.
  func promptNow() throws -> String {
    guard profile.isInteractive, owned != nil || held != nil else { return "rewind> " }
    do {
      return try atWorld({ try $0.look().prompt }, here: promptText)
    } catch StateError.heldByAnother {
      // What is typed next says so.
      letGo()
      return "rewind> "
    }
  }

  /// The prompt: place, other place, fork, days since the start, virtual clock.
  ///
  /// `bad-deploy vault/eu-west-1 what-if +35d Fri 10 Apr 14:41Z> `. Before a world is open it is
  /// `rewind> `.
  func promptText() throws -> String {
    guard let session, profile.isInteractive else { return "rewind> " }
    var parts = [session.folder.id]
    if let lab = labDesk.title(session) { parts = [lab] }
    if let place = otherPlace(session) { parts.append(place) }
    if session.isFork { parts.append("what-if") }
    let days = (session.now - session.opening.start.clock).wholeMilliseconds / 86_400_000
    if days > 0 { parts.append("+\(days)d") }
    parts.append(session.now.promptText)
    return plain(parts.joined(separator: " ")) + "> "
  }

  /// Where commands go that name no place, if that was changed by `export`.
  func otherPlace(_ session: Session) -> String? {
    let variables = session.variables
    let usual = defaultProfile(session)
    let profileName = variables["AWS_PROFILE"].flatMap { $0.isEmpty ? nil : $0 }
    let region = [variables["AWS_REGION"], variables["AWS_DEFAULT_REGION"]]
      .compactMap { $0 }.first { !$0.isEmpty }
    let place = [profileName, region == usual.region ? nil : region].compactMap { $0 }
    return place.isEmpty ? nil : place.joined(separator: "/")
  }
}
