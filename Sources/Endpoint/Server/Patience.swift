// SPDX-License-Identifier: GPL-3.0-or-later

import NIOCore

/// How long a connection is waited for: it stands where bytes come in, before anything makes sense of
/// them, so that half a head is noticed.
///
/// A head, and then its body, has to be whole within the limits' patience. Between two requests of a
/// kept connection there may be more time; its first byte ends that.
final class Patience: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private enum State {
    /// Nothing is expected: a request is being answered.
    case resting
    /// Something begun has to end.
    case soon
    /// Something may begin.
    case later
  }

  private let limits: EndpointLimits
  private var state = State.resting
  /// True if something came while nothing was expected: the next request has begun.
  private var hasMore = false
  /// When the connection is closed; moved with every request, so one timer looks now and then.
  private var deadline: NIODeadline?
  private var timer: Scheduled<Void>?

  init(limits: EndpointLimits) { self.limits = limits }

  func channelActive(context: ChannelHandlerContext) {
    expectSoon()
    look(context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if state == .later { expectSoon() }
    if state == .resting { hasMore = true }
    context.fireChannelRead(data)
  }

  /// Closes the connection unless what has begun ends soon.
  func expectSoon() {
    state = .soon
    deadline = .now() + .seconds(limits.patience)
  }

  /// Closes the connection unless something begins in time.
  func expectLater() {
    defer { hasMore = false }
    if hasMore { return expectSoon() }
    state = .later
    deadline = .now() + .seconds(limits.idleSeconds)
  }

  /// Waits for nothing.
  func rest() {
    state = .resting
    deadline = nil
  }

  private func look(_ context: ChannelHandlerContext) {
    if let deadline, deadline <= .now() { return context.close(promise: nil) }
    let next = min(deadline ?? .distantFuture, .now() + .seconds(limits.patience))
    let bound = NIOLoopBound((context, self), eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleTask(deadline: next) {
      let (context, patience) = bound.value
      patience.look(context)
    }
  }
}
