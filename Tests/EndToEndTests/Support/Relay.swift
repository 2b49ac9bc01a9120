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
    /// It speaks TLS, and its connection is cut where the other side ends: TLS does not end before.
    case cuttingTLS(TLSConfiguration)
    /// It asks with CONNECT, whatever the host; with a user and password if there is one to show.
    case proxy(authorization: String? = nil)
    /// It asks with CONNECT and is told 403.
    case refusingProxy
    /// It asks for tunnels to port 443 only, as squid's usual rules say; other requests carry the whole
    /// URL.
    case squid(authorization: String? = nil)
  }

  private let listener: any Channel
  private let collected: Heads
  /// Where it listens.
  var port: Int { listener.localAddress?.port ?? 0 }

  private init(_ door: Door, to target: Int) async throws {
    let context: NIOSSLContext? =
      switch door {
      case .tls(let configuration), .cuttingTLS(let configuration):
        try NIOSSLContext(configuration: configuration)
      default: nil
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

  /// The heads of the requests to the proxy so far.
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
    switch self {
    case .tls, .cuttingTLS: false
    default: true
    }
  }

  /// The proxy's answer to the head of a CONNECT request.
  fileprivate func answer(to head: String) -> String {
    switch self {
    case .refusingProxy: return "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
    case .proxy(let authorization?) where !head.contains("Basic \(authorization)"),
      .squid(let authorization?) where !head.contains("Basic \(authorization)"):
      return "HTTP/1.1 407 Proxy Authentication Required\r\n"
        + "Proxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0\r\n\r\n"
    case .squid where head.hasPrefix("CONNECT ") && !head.hasPrefix("CONNECT devlake.test:443 "):
      return "HTTP/1.1 403 Forbidden\r\nX-Squid-Error: ERR_ACCESS_DENIED 0\r\n"
        + "Content-Length: 0\r\n\r\n"
    case .proxy, .tls, .cuttingTLS, .squid: return "HTTP/1.1 200 OK\r\n\r\n"
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
  private var isTunnel = true
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
    guard !isOpen else { return send(isTunnel ? bytes : passed(bytes)) }
    head += String(buffer: bytes)
    guard head.contains("\r\n\r\n") else { return }
    isTunnel = head.hasPrefix("CONNECT ")
    let answer = door.answer(to: head)
    if !isTunnel, answer.hasPrefix("HTTP/1.1 200 ") {
      let request = passed(ByteBuffer(string: head))
      open(context)
      return send(request)
    }
    // A client waits for the answer to CONNECT, so nothing stands behind the head.
    heads.add(
      String(head.prefix(upTo: head.firstRange(of: "\r\n\r\n")?.upperBound ?? head.endIndex))
    )
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

  /// A request with the path alone in its first line, and without what is the proxy's.
  ///
  /// The client sends a head in one piece, and each request when the one before is answered.
  private func passed(_ bytes: ByteBuffer) -> ByteBuffer {
    let text = String(buffer: bytes)
    guard let end = text.firstRange(of: "\r\n\r\n"), text.contains(" HTTP/1.1\r\n") else {
      return bytes
    }
    heads.add(String(text[..<end.upperBound]))
    var lines = text[..<end.lowerBound].split(separator: "\r\n").map(String.init)
    lines.removeAll { $0.lowercased().hasPrefix("proxy-") }
    var words = lines[0].split(separator: " ").map(String.init)
    if let mark = words[1].firstRange(of: "://") {
      words[1] = String(words[1][mark.upperBound...].drop { $0 != "/" })
    }
    lines[0] = words.joined(separator: " ")
    return ByteBuffer(string: lines.joined(separator: "\r\n") + text[end.lowerBound...])
  }

  private func send(_ bytes: ByteBuffer) {
    guard let server else { return waiting.append(bytes) }
    server.writeAndFlush(bytes, promise: nil)
  }

  private func open(_ context: ChannelHandlerContext) {
    isOpen = true
    let client = context.channel
    let this = NIOLoopBound(self, eventLoop: context.eventLoop)
    var cuts = false
    if case .cuttingTLS = door { cuts = true }
    let back = ReturnHandler(to: client, cuts: cuts)
    ClientBootstrap(group: context.eventLoop)
      .channelInitializer { $0.pipeline.addHandler(back) }
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
  private let cuts: Bool

  init(to client: any Channel, cuts: Bool) { (self.client, self.cuts) = (client, cuts) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    client.writeAndFlush(unwrapInboundIn(data), promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    guard cuts else { return client.close(promise: nil) }
    // Both sides share a loop. In front of the handler of TLS nobody says that it ends.
    let pipeline = client.pipeline.syncOperations
    guard let tls = try? pipeline.context(handlerType: NIOSSLServerHandler.self) else { return }
    tls.close(promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
