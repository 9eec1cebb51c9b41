// SPDX-License-Identifier: GPL-3.0-or-later

import NIOCore
import NIOHTTP1

/// One connection: gathers a request, has it answered, sends the answer, and so on.
///
/// The pipeline before it lets one request through at a time, so answers keep the requests' order.
final class HTTPExchange: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let queue: AnswerQueue
  private let port: Int
  private let limits: EndpointLimits

  private var head: HTTPRequestHead?
  private var body: [UInt8] = []
  /// True once a request was refused before its end; what is left of it is not looked at.
  private var isRefused = false
  private let patience: Patience

  init(
    queue: AnswerQueue, port: Int, limits: EndpointLimits, patience: Patience
  ) {
    self.queue = queue
    self.port = port
    self.limits = limits
    self.patience = patience
  }

  // MARK: Requests

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      patience.expectSoon()
      self.head = head
      body.removeAll(keepingCapacity: true)
      isRefused = false
      if let refusal = refusal(of: head) { return refuse(context, refusal) }
      if head.headers.first(name: "Expect")?.lowercased() == "100-continue" {
        context.writeAndFlush(
          wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))),
          promise: nil)
      }
    case .body(var buffer):
      guard !isRefused else { return }
      guard body.count + buffer.readableBytes <= limits.bodyByteCount else {
        return refuse(context, Self.plain(413, "RequestEntityTooLarge"))
      }
      body += buffer.readBytes(length: buffer.readableBytes) ?? []
    case .end:
      patience.rest()
      guard !isRefused, let head else { return }
      answer(context, head)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // What is no HTTP, or has lengths that contradict each other, ends the connection.
    context.close(promise: nil)
  }

  /// What refuses a request before its body: requests of web pages, and heads that are too long.
  private func refusal(of head: HTTPRequestHead) -> WireAnswer? {
    var byteCount = head.uri.utf8.count
    for (name, value) in head.headers { byteCount += name.utf8.count + value.utf8.count + 4 }
    guard byteCount <= limits.headByteCount, head.headers.count <= limits.headerCount else {
      return Self.plain(431, "RequestHeaderFieldsTooLarge")
    }
    guard let host = head.headers.first(name: "Host"), LoopbackHost.isOurs(host, port: port) else {
      return Self.plain(403, "The host has to be 127.0.0.1:\(port)")
    }
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

  private func refuse(_ context: ChannelHandlerContext, _ answer: WireAnswer) {
    isRefused = true
    send(context, answer, keepsAlive: false)
  }

  private func answer(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) {
    var headers = WireHeaders()
    for (name, value) in head.headers { headers.add(name, value) }
    let request = WireRequest(
      method: head.method.rawValue, target: head.uri, headers: headers, body: body)
    let keepsAlive = head.isKeepAlive
    if queue.answers.areImmediate {
      return send(context, queue.answers.answer(request), keepsAlive: keepsAlive)
    }
    let bound = NIOLoopBound((context, self), eventLoop: context.eventLoop)
    queue.add(request) { answer in
      let (context, exchange) = bound.value
      exchange.send(context, answer, keepsAlive: keepsAlive)
    }
  }

  private func send(_ context: ChannelHandlerContext, _ answer: WireAnswer, keepsAlive: Bool) {
    var headers = HTTPHeaders(answer.headers.fields.map { ($0.name, $0.value) })
    // What answers HEAD says the length of a body that it does not have.
    if headers.first(name: "Content-Length") == nil, answer.status != 204 {
      headers.add(name: "Content-Length", value: "\(answer.body.count)")
    }
    headers.add(name: "Server", value: "Server")
    if !keepsAlive { headers.add(name: "Connection", value: "close") }
    let head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if !answer.body.isEmpty {
      context.write(
        wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(bytes: answer.body)))),
        promise: nil)
    }
    let sent = context.writeAndFlush(wrapOutboundOut(.end(nil)))
    if keepsAlive {
      patience.expectLater()
    } else {
      let channel = context.channel
      sent.whenComplete { _ in channel.close(promise: nil) }
    }
  }
}
