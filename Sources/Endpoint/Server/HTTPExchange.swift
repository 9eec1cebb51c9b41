// SPDX-License-Identifier: GPL-3.0-or-later

import NIOCore
import NIOHTTP1

/// One connection: gathers a request, has it answered, sends the answer, and so on.
///
/// The next request is not looked at before the answer is on its way, so answers keep the requests'
/// order.
final class HTTPExchange: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = Never
  typealias OutboundOut = ByteBuffer

  private enum State {
    case reading
    case answering
    /// Nothing more is answered; what still comes is thrown away.
    case ended
  }

  /// What has come and was not looked at.
  private enum Arrival {
    case part(HTTPServerRequestPart)
    /// No HTTP, or lengths that contradict each other.
    case fault
  }

  private let queue: AnswerQueue
  private let port: Int
  private let limits: EndpointLimits
  private let patience: Patience

  private var state = State.reading
  private var arrivals: CircularBuffer<Arrival> = []
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []
  /// The last `Host` that was found to be ours.
  private var ownHost: String?
  /// True once the client has said that it sends no more.
  private var isInputClosed = false
  private var isReadHeld = false

  init(queue: AnswerQueue, port: Int, limits: EndpointLimits, patience: Patience) {
    self.queue = queue
    self.port = port
    self.limits = limits
    self.patience = patience
  }

  // MARK: Requests

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    arrive(context, .part(unwrapInboundIn(data)))
  }

  func read(context: ChannelHandlerContext) {
    // Who sends the next requests before the answer is not read on until they have theirs.
    isReadHeld = state == .answering && !arrivals.isEmpty
    if !isReadHeld { context.read() }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? ChannelEvent, event == .inputClosed {
      // Who has sent all its requests still gets their answers.
      isInputClosed = true
      if state != .answering { context.close(promise: nil) }
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError else { return context.close(promise: nil) }
    arrive(context, .fault)
  }

  private func arrive(_ context: ChannelHandlerContext, _ arrival: Arrival) {
    guard state != .ended else { return }
    guard state == .reading, arrivals.isEmpty else { return arrivals.append(arrival) }
    take(context, arrival)
  }

  private func take(_ context: ChannelHandlerContext, _ arrival: Arrival) {
    switch arrival {
    case .part(.head(let head)):
      patience.expectSoon()
      self.head = head
      body = []
      if let refusal = refusal(of: head) {
        refuse(context, refusal)
      } else if head.headers.first(name: "Expect")?.lowercased() == "100-continue" {
        let bytes = context.channel.allocator.buffer(string: AnswerWriter.goOn)
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
      }
    case .part(.body(let buffer)):
      guard body.count + buffer.readableBytes <= limits.bodyByteCount else {
        return refuse(context, Self.plain(413, "RequestEntityTooLarge"))
      }
      body += buffer.readableBytesView
    case .part(.end):
      patience.rest()
      guard let head else { preconditionFailure("an end follows its head") }
      self.head = nil
      answer(context, head)
    case .fault: refuse(context, Self.plain(400, "This is no HTTP/1.1"))
    }
  }

  /// What refuses a request before its body: requests of web pages, and heads that are too long.
  private func refusal(of head: HTTPRequestHead) -> WireAnswer? {
    var byteCount = head.uri.utf8.count
    for (name, value) in head.headers { byteCount += name.utf8.count + value.utf8.count + 4 }
    guard byteCount <= limits.headByteCount, head.headers.count <= limits.headerCount else {
      return Self.plain(431, "RequestHeaderFieldsTooLarge")
    }
    guard let host = head.headers.first(name: "Host"),
      host == ownHost || LoopbackHost.isOurs(host, port: port)
    else { return Self.plain(403, "The host has to be 127.0.0.1:\(port)") }
    ownHost = host
    let site = head.headers.first(name: "Sec-Fetch-Site") ?? "none"
    guard head.headers.first(name: "Origin") == nil, ["none", "same-origin"].contains(site) else {
      return Self.plain(403, "Web pages are not answered")
    }
    return nil
  }

  private static func plain(_ status: Int, _ text: String) -> WireAnswer {
    WireAnswer(
      status: status, headers: ["Content-Type": "text/plain"], body: Array((text + "\n").utf8))
  }

  // MARK: Answers

  private func answer(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) {
    var headers = WireHeaders()
    headers.reserve(head.headers.count)
    for (name, value) in head.headers { headers.add(name, value) }
    let request = WireRequest(
      method: head.method.rawValue, target: head.uri, headers: headers, body: body)
    let keepsAlive = head.isKeepAlive
    if queue.answers.areImmediate {
      return send(context, queue.answers.answer(request), keepsAlive: keepsAlive)
    }
    state = .answering
    let bound = NIOLoopBound((context, self), eventLoop: context.eventLoop)
    queue.add(request, on: context.eventLoop) { answer in
      let (context, exchange) = bound.value
      exchange.state = .reading
      exchange.send(context, answer, keepsAlive: keepsAlive)
      exchange.goOn(context)
    }
  }

  /// Looks at what came meanwhile, until there is another answer to wait for.
  private func goOn(_ context: ChannelHandlerContext) {
    while state == .reading, let arrival = arrivals.popFirst() { take(context, arrival) }
    if isReadHeld { read(context: context) }
    if isInputClosed, state == .reading { context.close(promise: nil) }
  }

  private func send(_ context: ChannelHandlerContext, _ answer: WireAnswer, keepsAlive: Bool) {
    let bytes = context.channel.allocator.buffer(
      bytes: AnswerWriter.bytes(of: answer, keepsAlive: keepsAlive))
    guard !keepsAlive else {
      context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
      return patience.expectLater()
    }
    state = .ended
    let channel = context.channel
    context.writeAndFlush(wrapOutboundOut(bytes)).whenComplete { _ in
      channel.close(promise: nil)
    }
  }

  /// Sends the last answer of a connection of which something may still be on the way: closed at once, it
  /// would be reset, and the answer lost.
  private func refuse(_ context: ChannelHandlerContext, _ answer: WireAnswer) {
    state = .ended
    arrivals.removeAll()
    patience.expectSoon()
    let bytes = context.channel.allocator.buffer(
      bytes: AnswerWriter.bytes(of: answer, keepsAlive: false))
    context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    context.close(mode: .output, promise: nil)
    if isInputClosed { context.close(promise: nil) }
    // What is read from now on is thrown away.
    if isReadHeld { read(context: context) }
  }
}
