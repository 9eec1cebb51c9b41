// SPDX-License-Identifier: GPL-3.0-or-later

import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// Where requests wait for the one thread that has them performed, so that those which come while it
/// waits for the disk go into the next commit together.
///
/// What needs no world is done where the request is read, by as many threads as read.
final class AnswerQueue: Sendable {
  let answers: EndpointAnswers

  private let worker = NIOThreadPool(numberOfThreads: 1)
  private let waiting = NIOLockedValueBox<[Entry]>([])

  private struct Entry: Sendable {
    let waiting: EndpointAnswers.Waiting
    let eventLoop: any EventLoop
    let deliver: @Sendable (WireAnswer) -> Void
  }

  /// - Parameter answers: What answers.
  init(_ answers: EndpointAnswers) {
    self.answers = answers
    worker.start()
  }

  /// Has a request answered.
  ///
  /// - Parameters:
  ///   - request: What came.
  ///   - eventLoop: The one this is called on.
  ///   - deliver: Gets the answer there, later.
  func add(
    _ request: WireRequest, on eventLoop: any EventLoop,
    deliver: @escaping @Sendable (WireAnswer) -> Void
  ) {
    let entry = Entry(
      waiting: EndpointAnswers.Waiting(request, answers.read(request, mayWait: false)),
      eventLoop: eventLoop, deliver: deliver)
    let isFirst = waiting.withLockedValue { waiting in
      waiting.append(entry)
      return waiting.count == 1
    }
    // Once the loop has read what else there is, so that it comes along.
    if isFirst { eventLoop.execute { self.worker.submit { _ in self.performWaiting() } } }
  }

  /// Takes no more, and returns when everything is answered.
  func close() throws { try worker.syncShutdownGracefully() }

  private func performWaiting() {
    let batch = waiting.withLockedValue { waiting in
      defer { waiting = [] }
      return waiting
    }
    let outcomes = answers.perform(batch.map(\.waiting))
    var rest = Array(zip(batch, outcomes))[...]
    // One wake-up for all that came by one thread.
    while let eventLoop = rest.first?.0.eventLoop {
      let own = rest.filter { $0.0.eventLoop === eventLoop }
      rest = rest.filter { $0.0.eventLoop !== eventLoop }[...]
      eventLoop.execute { [answers] in
        for (entry, outcome) in own {
          entry.deliver(answers.answer(outcome, to: entry.waiting.request))
        }
      }
    }
  }
}
