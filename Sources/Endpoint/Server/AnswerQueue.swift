// SPDX-License-Identifier: GPL-3.0-or-later

import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// Where requests wait for the one thread that has them answered, so that those which come while it
/// waits for the disk go into the next commit together.
final class AnswerQueue: Sendable {
  let answers: EndpointAnswers

  private let eventLoop: any EventLoop
  private let worker = NIOThreadPool(numberOfThreads: 1)
  private let waiting = NIOLockedValueBox<[Entry]>([])

  private struct Entry: Sendable {
    let request: WireRequest
    let deliver: @Sendable (WireAnswer) -> Void
  }

  /// - Parameters:
  ///   - answers: What answers.
  ///   - eventLoop: Where requests come from and answers go.
  init(_ answers: EndpointAnswers, eventLoop: any EventLoop) {
    self.answers = answers
    self.eventLoop = eventLoop
    worker.start()
  }

  /// Has a request answered; called on the event loop, which then gets the answer.
  func add(_ request: WireRequest, deliver: @escaping @Sendable (WireAnswer) -> Void) {
    let isFirst = waiting.withLockedValue { waiting in
      waiting.append(Entry(request: request, deliver: deliver))
      return waiting.count == 1
    }
    // Once the loop has read what else there is, so that it comes along.
    if isFirst { eventLoop.execute { self.worker.submit { _ in self.answerWaiting() } } }
  }

  /// Takes no more, and returns when everything is answered.
  func close() throws { try worker.syncShutdownGracefully() }

  private func answerWaiting() {
    let batch = waiting.withLockedValue { waiting in
      defer { waiting = [] }
      return waiting
    }
    let answers = answers.answer(together: batch.map(\.request))
    eventLoop.execute {
      for (entry, answer) in zip(batch, answers) { entry.deliver(answer) }
    }
  }
}
