import DevLakeKit
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// An HTTP server on loopback whose answers a closure makes: what stands in front of DevLake, or in
/// its place.
enum HTTPFront {
  /// Makes an answer; the request's `url` is its path with the query, and the header field
  /// `X-Connection` tells the connections apart.
  typealias Answer = @Sendable (HTTPRequest) async throws -> HTTPResponse

  /// Runs `body` with the URL of such a server.
  ///
  /// - Parameter keepsConnections: Whether a connection stays; otherwise it is closed a moment after
  ///   an answer, which does not say so.
  static func with<Result>(
    _ answer: @escaping Answer,
    keepsConnections: Bool = true,
    _ body: (String) async throws -> Result
  ) async throws -> Result {
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(FrontHandler(answer, keepsConnections))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    defer { listener.close(promise: nil) }
    return try await body("http://127.0.0.1:\(listener.localAddress?.port ?? 0)")
  }

  fileprivate static let hopByHop: Set<String> = [
    "content-length", "transfer-encoding", "connection",
  ]
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

/// One client's connection: a request, its answer, and so on.
private final class FrontHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let answer: HTTPFront.Answer
  private let keepsConnection: Bool
  private var request = HTTPRequest(method: "", url: "")

  init(_ answer: @escaping HTTPFront.Answer, _ keepsConnection: Bool) {
    (self.answer, self.keepsConnection) = (answer, keepsConnection)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      request = HTTPRequest(
        method: head.method.rawValue,
        url: head.uri,
        headers: head.headers.map { ($0.name, $0.value) }
          + [("X-Connection", "\(context.channel.remoteAddress?.port ?? 0)")]
      )
    case .body(let bytes): request.body = (request.body ?? []) + Array(bytes.readableBytesView)
    case .end: Self.play(answer, request, on: context.channel, keepsConnection)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A client that leaves in the middle of anything ends its own connection only.
    context.close(promise: nil)
  }

  private static func play(
    _ answer: @escaping HTTPFront.Answer,
    _ request: HTTPRequest,
    on channel: any Channel,
    _ keepsConnection: Bool
  ) {
    Task(executorPreference: ServerThreads.shared) {
      guard let response = try? await answer(request) else {
        // No answer is what the test wanted to see, or what it will complain about.
        return channel.close(promise: nil)
      }
      var headers = HTTPHeaders(
        response.headers.filter { !HTTPFront.hopByHop.contains($0.name.lowercased()) }
      )
      headers.add(name: "Content-Length", value: "\(response.body.count)")
      let status = HTTPResponseStatus(statusCode: response.status)
      let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
      channel.write(HTTPServerResponsePart.head(head), promise: nil)
      let body = ByteBuffer(bytes: response.body)
      channel.write(HTTPServerResponsePart.body(.byteBuffer(body)), promise: nil)
      let end = channel.eventLoop.makePromise(of: Void.self)
      if !keepsConnection {
        end.futureResult.whenComplete { _ in
          channel.eventLoop.scheduleTask(in: .milliseconds(20)) { channel.close(promise: nil) }
        }
      }
      channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: end)
    }
  }
}
