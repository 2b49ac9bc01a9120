import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A server on loopback that carries bytes on to another port: behind TLS, or as an HTTP proxy.
final class Relay: Sendable {
  /// How a client gets through.
  enum Door: Sendable {
    /// It speaks TLS; the other side gets the plain bytes.
    case tls(TLSConfiguration)
    /// It asks with CONNECT, whatever the host; with a user and password if there is one to show.
    case proxy(authorization: String? = nil)
    /// It asks with CONNECT and is told 403.
    case refusingProxy
  }

  private let listener: any Channel
  private let collected: Heads
  /// Where it listens.
  var port: Int { listener.localAddress?.port ?? 0 }

  private init(_ door: Door, to target: Int) async throws {
    let context: NIOSSLContext? =
      if case .tls(let configuration) = door {
        try NIOSSLContext(configuration: configuration)
      } else {
        nil
      }
    let heads = Heads()
    listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let context { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
          try pipeline.addHandler(RelayHandler(door, to: target, heads))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    collected = heads
  }

  /// The heads of the CONNECT requests so far.
  var heads: [String] { collected.all }

  /// Runs `body` while bytes are carried to `target` on this machine.
  static func with<Result>(
    _ door: Door,
    to target: Int,
    _ body: (Relay) async throws -> Result
  ) async throws -> Result {
    let relay = try await Relay(door, to: target)
    defer { relay.listener.close(promise: nil) }
    return try await body(relay)
  }
}

/// What clients have asked a proxy for.
private final class Heads: Sendable {
  private let texts = Mutex<[String]>([])
  var all: [String] { texts.withLock { $0 } }
  func add(_ text: String) { texts.withLock { $0.append(text) } }
}

extension Relay.Door {
  fileprivate var asksByConnect: Bool {
    if case .tls = self { false } else { true }
  }

  /// The proxy's answer to the head of a CONNECT request.
  fileprivate func answer(to head: String) -> String {
    switch self {
    case .refusingProxy: return "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
    case .proxy(let authorization?) where !head.contains("Basic \(authorization)"):
      return "HTTP/1.1 407 Proxy Authentication Required\r\n"
        + "Proxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0\r\n\r\n"
    case .proxy, .tls: return "HTTP/1.1 200 OK\r\n\r\n"
    }
  }
}

/// One client's side of a relay; it belongs to its event loop, and the other side runs on the same.
private final class RelayHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let door: Relay.Door
  private let target: Int
  private let heads: Heads
  private var head = ""
  private var isOpen = false
  private var waiting: [ByteBuffer] = []
  private var server: (any Channel)?

  init(_ door: Relay.Door, to target: Int, _ heads: Heads) {
    (self.door, self.target, self.heads) = (door, target, heads)
  }

  func channelActive(context: ChannelHandlerContext) {
    if !door.asksByConnect { open(context) }
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    guard !isOpen else { return send(bytes) }
    head += String(buffer: bytes)
    guard head.contains("\r\n\r\n") else { return }
    // A client waits for the answer to CONNECT, so nothing stands behind the head.
    heads.add(head)
    let answer = door.answer(to: head)
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
    if answer.hasPrefix("HTTP/1.1 200 ") { open(context) } else { head = "" }
  }

  func channelInactive(context: ChannelHandlerContext) {
    server?.close(promise: nil)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A client that leaves in the middle of anything ends its own connection only.
    context.close(promise: nil)
  }

  private func send(_ bytes: ByteBuffer) {
    guard let server else { return waiting.append(bytes) }
    server.writeAndFlush(bytes, promise: nil)
  }

  private func open(_ context: ChannelHandlerContext) {
    isOpen = true
    let client = context.channel
    let this = NIOLoopBound(self, eventLoop: context.eventLoop)
    ClientBootstrap(group: context.eventLoop)
      .channelInitializer { $0.pipeline.addHandler(ReturnHandler(to: client)) }
      .connect(host: "127.0.0.1", port: target)
      .whenComplete { result in
        guard case .success(let server) = result else { return client.close(promise: nil) }
        this.value.server = server
        for bytes in this.value.waiting { server.writeAndFlush(bytes, promise: nil) }
        this.value.waiting = []
        if !client.isActive { server.close(promise: nil) }
      }
  }
}

/// The way back: what the server says goes to the client.
private final class ReturnHandler: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer
  private let client: any Channel

  init(to client: any Channel) { self.client = client }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    client.writeAndFlush(unwrapInboundIn(data), promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) { client.close(promise: nil) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
