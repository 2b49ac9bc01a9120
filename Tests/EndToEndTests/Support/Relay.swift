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

  /// Where it listens.
  let port: Int
  private let requests = Mutex<[String]>([])

  private init(port: Int) { self.port = port }

  /// The heads of the CONNECT requests so far.
  var heads: [String] { requests.withLock { $0 } }

  /// Runs `body` while bytes are carried to `target` on this machine.
  static func with<Result>(
    _ door: Door,
    to target: Int,
    _ body: (Relay) async throws -> Result
  ) async throws -> Result {
    let context: NIOSSLContext? =
      if case .tls(let configuration) = door {
        try NIOSSLContext(configuration: configuration)
      } else {
        nil
      }
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .bind(host: "127.0.0.1", port: 0) { channel in
        channel.eventLoop.makeCompletedFuture {
          if let context {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
          }
          return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    let relay = Relay(port: listener.channel.localAddress?.port ?? 0)
    async let serving: Void = withTaskExecutorPreference(ServerThreads.shared) {
      await relay.serve(listener, door, target)
    }
    let result: Result
    do {
      result = try await body(relay)
    } catch {
      try? await listener.channel.close()
      await serving
      throw error
    }
    // Not cancelled: connections that were accepted and never served would trap.
    try? await listener.channel.close()
    await serving
    return result
  }

  private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

  /// A client that leaves in the middle of anything ends its own connection only.
  private func serve(
    _ listener: NIOAsyncChannel<Connection, Never>,
    _ door: Door,
    _ target: Int
  ) async {
    try? await withThrowingDiscardingTaskGroup { group in
      try await listener.executeThenClose { connections in
        for try await connection in connections {
          group.addTask { try? await self.carry(connection, door, target) }
        }
      }
    }
  }

  private func carry(_ client: Connection, _ door: Door, _ target: Int) async throws {
    try await client.executeThenClose { inbound, outbound in
      var chunks = inbound.makeAsyncIterator()
      if door.asksByConnect {
        // A client waits for the answer to CONNECT, so nothing stands behind the head.
        var head = ""
        while !head.contains("\r\n\r\n"), let chunk = try await chunks.next() {
          head += String(buffer: chunk)
        }
        let answer = door.answer(to: head)
        self.requests.withLock { $0.append(head) }
        try await outbound.write(ByteBuffer(string: answer))
        guard answer.hasPrefix("HTTP/1.1 200 ") else { return }
      }
      let server = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(host: "127.0.0.1", port: target) { channel in
          channel.eventLoop.makeCompletedFuture {
            try Connection(wrappingChannelSynchronously: channel)
          }
        }
      try await server.executeThenClose { answers, questions in
        async let _: Void = {
          for try await chunk in answers { try await outbound.write(chunk) }
          outbound.finish()
        }()
        // The client leaves first; then what is on its way back has no reader.
        while let chunk = try await chunks.next() { try await questions.write(chunk) }
      }
    }
  }
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
