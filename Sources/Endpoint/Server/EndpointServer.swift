// SPDX-License-Identifier: GPL-3.0-or-later

import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NIOPosix

/// What the endpoint takes at most.
package struct EndpointLimits: Sendable {
  package var headByteCount = 16 * 1024
  package var headerCount = 100
  package var bodyByteCount = 16 * 1024 * 1024
  package var connections = 64
  /// How many seconds a client may take to send a request's head, and again for its body.
  package var patience: Int64 = 10
  /// How many seconds a connection is kept between two requests.
  package var idleSeconds: Int64 = 120

  package init() {}
}

/// Why the endpoint could not be opened, or what is behind it failed; for the one who runs it.
package struct EndpointError: Error, CustomStringConvertible {
  package let description: String

  package init(description: String) { self.description = description }
}

/// The endpoint on the loopback addresses: HTTP/1.1, two threads that read and write, another that waits
/// for the disk.
///
/// ```swift
/// let server = try EndpointServer(answers: EndpointAnswers(backend), port: 8000)
/// print(server.port)
/// try server.close()
/// ```
package final class EndpointServer: Sendable {
  /// The port that is listened on.
  package let port: Int

  /// Threads that read requests and write answers; what lies between is done one at a time.
  private static let readerCount = 2

  private let group: MultiThreadedEventLoopGroup
  private let queue: AnswerQueue
  private let channels: [any Channel]

  /// Opens the endpoint.
  ///
  /// - Parameters:
  ///   - answers: What answers.
  ///   - port: Where to listen; 0 takes a free one.
  ///   - limits: What is taken at most.
  /// - Throws: `EndpointError` for a port that is taken.
  package init(
    answers: EndpointAnswers, port: Int, limits: EndpointLimits = EndpointLimits()
  ) throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: Self.readerCount)
    let queue = AnswerQueue(answers)
    let open = NIOLockedValueBox(0)
    func listen(_ host: String, _ port: Int) throws -> any Channel {
      let chosen = NIOLockedValueBox(port)
      let bootstrap = ServerBootstrap(group: group)
        .serverChannelOption(ChannelOptions.backlog, value: 256)
        .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
        .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            let number = chosen.withLockedValue { $0 }
            try channel.pipeline.syncOperations.addHandler(
              ConnectionLimit(open: open, most: limits.connections))
            let patience = Patience(limits: limits)
            try channel.pipeline.syncOperations.addHandler(patience)
            try channel.pipeline.syncOperations.addHandler(
              ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
            try channel.pipeline.syncOperations.addHandler(
              HTTPExchange(queue: queue, port: number, limits: limits, patience: patience))
          }
        }
      let channel = try bootstrap.bind(host: host, port: port).wait()
      chosen.withLockedValue { $0 = channel.localAddress?.port ?? port }
      return channel
    }
    guard let first = try? listen("127.0.0.1", port) else {
      try? queue.close()
      try? group.syncShutdownGracefully()
      throw EndpointError(
        description: "Port \(port) is taken. Give another one: serve --port 8001")
    }
    self.group = group
    self.queue = queue
    self.port = first.localAddress?.port ?? port
    // A machine without IPv6 is served on the other address alone.
    let second = try? listen("::1", self.port)
    channels = [first] + (second.map { [$0] } ?? [])
  }

  /// Takes no more requests, and ends when those under way are answered.
  package func close() throws {
    for channel in channels { try? channel.close().wait() }
    try queue.close()
    try group.syncShutdownGracefully()
  }
}

/// Closes connections beyond the most there may be.
private final class ConnectionLimit: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let open: NIOLockedValueBox<Int>
  private let most: Int

  init(open: NIOLockedValueBox<Int>, most: Int) {
    self.open = open
    self.most = most
  }

  func channelActive(context: ChannelHandlerContext) {
    let count = open.withLockedValue { count in
      count += 1
      return count
    }
    if count > most { context.close(promise: nil) }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    open.withLockedValue { $0 -= 1 }
    context.fireChannelInactive()
  }
}
