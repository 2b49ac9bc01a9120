import DevLakeKit
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// An HTTP server on loopback whose answers a closure makes: what stands in front of DevLake, or in
/// its place.
enum HTTPFront {
  /// Makes an answer; the request's `url` is its path with the query.
  typealias Answer = @Sendable (HTTPRequest) async throws -> HTTPResponse

  /// Runs `body` with the URL of such a server.
  static func with<Result>(
    _ answer: @escaping Answer,
    _ body: (String) async throws -> Result
  ) async throws -> Result {
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .bind(host: "127.0.0.1", port: 0) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          return try Connection(wrappingChannelSynchronously: channel)
        }
      }
    let port = listener.channel.localAddress?.port ?? 0
    async let serving: Void = withTaskExecutorPreference(ServerThreads.shared) {
      await serve(listener, answer)
    }
    let result: Result
    do {
      result = try await body("http://127.0.0.1:\(port)")
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

  private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

  /// A client that leaves in the middle of anything ends its own connection only.
  private static func serve(
    _ listener: NIOAsyncChannel<Connection, Never>,
    _ answer: @escaping Answer
  ) async {
    try? await withThrowingDiscardingTaskGroup { group in
      try await listener.executeThenClose { connections in
        for try await connection in connections {
          group.addTask { try? await talk(connection, answer) }
        }
      }
    }
  }

  private static func talk(_ connection: Connection, _ answer: Answer) async throws {
    try await connection.executeThenClose { inbound, outbound in
      var request = HTTPRequest(method: "", url: "")
      for try await part in inbound {
        switch part {
        case .head(let head):
          request = HTTPRequest(
            method: head.method.rawValue,
            url: head.uri,
            headers: head.headers.map { ($0.name, $0.value) }
          )
        case .body(let bytes): request.body = (request.body ?? []) + Array(bytes.readableBytesView)
        case .end:
          let response = try await answer(request)
          var headers = HTTPHeaders(
            response.headers.filter { !hopByHop.contains($0.name.lowercased()) }
          )
          headers.add(name: "Content-Length", value: "\(response.body.count)")
          let status = HTTPResponseStatus(statusCode: response.status)
          try await outbound.write(
            .head(.init(version: .http1_1, status: status, headers: headers))
          )
          try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: response.body))))
          try await outbound.write(.end(nil))
        }
      }
    }
  }

  private static let hopByHop: Set<String> = ["content-length", "transfer-encoding", "connection"]
}

extension HTTPFront {
  static func page(_ text: String, status: Int = 200) -> HTTPResponse {
    HTTPResponse(
      status: status,
      headers: [("Content-Type", "text/html")],
      body: Array("<!DOCTYPE html><title>\(text)</title>".utf8)
    )
  }

  static func json(_ text: String, status: Int = 200) -> HTTPResponse {
    HTTPResponse(
      status: status,
      headers: [("Content-Type", "application/json")],
      body: Array(text.utf8)
    )
  }

  /// Answers as config-ui's nginx: DevLake below `/api`, its own page everywhere else, and with a
  /// login HTTP Basic for all but `/api/rest/`.
  static func configUI(of devLake: String, login: String? = nil) -> Answer {
    let transport = AsyncHTTPTransport()
    return { request in
      let shown = request.headers.first { $0.name.lowercased() == "authorization" }?.value
      if let login, !request.url.hasPrefix("/api/rest/"),
        shown != "Basic " + Data(login.utf8).base64EncodedString()
      {
        return page("401 Authorization Required", status: 401)
      }
      guard request.url.hasPrefix("/api/") else { return page("DevLake") }
      var passed = request
      passed.url = devLake + request.url.dropFirst(4)
      passed.headers.removeAll { ["host", "content-length"].contains($0.name.lowercased()) }
      do {
        return try await transport.send(passed, within: .seconds(20))
      } catch {
        return page("502 Bad Gateway", status: 502)
      }
    }
  }
}
