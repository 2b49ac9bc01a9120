import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Plain http through a proxy: the request goes to the proxy, with the whole URL in its first line.
///
/// The client itself leads every request through a tunnel (CONNECT), which proxies allow to port 443
/// only (squid's default). Here it takes the proxy for the server, and a handler between it and the
/// encoder writes the URL. The client's hook for that is named a debug initializer; it is called once
/// for each connection, when its handlers are in place and before the first request.
struct AbsoluteForm: Sendable {
  private let proxy: TransportOptions.Proxy

  init(_ proxy: TransportOptions.Proxy) { self.proxy = proxy }

  /// The request as the proxy gets it; `nil` for a URL that is not plain http.
  func message(_ request: HTTPRequest) -> HTTPRequest? {
    guard let (server, target) = ServerURL.parts(ofRequest: request.url), server.scheme == .http
    else { return nil }
    var message = request
    message.url = "http://" + proxy.address + (target.hasPrefix("/") ? target : "/" + target)
    message.headers.append((Self.targetField, server.address))
    if !message.headers.contains(where: { $0.name.lowercased() == "host" }) {
      message.headers.append(("Host", server.address))
    }
    if let credentials = proxy.credentials {
      let value = credentials.password.reveal {
        HTTPClient.Authorization.basic(username: credentials.username, password: $0).headerValue
      }
      message.headers.append(("Proxy-Authorization", value))
    }
    return message
  }

  /// What the proxy's own answer means; `nil` for an answer that may be the server's.
  func failure(_ response: HTTPResponse, _ address: String) -> TransportError? {
    func failure(_ reason: String) -> TransportError {
      .proxy(address: proxy.address, variable: proxy.variable, reason: reason)
    }
    switch response.status {
    case 407: return failure(TransportError.proxyLogin(proxy))
    case 403:
      // DevLake's own 403 is JSON.
      guard response.body.first(where: { $0 > 0x20 }) != UInt8(ascii: "{") else { return nil }
      return failure("or a gateway behind it refuses to connect to \(address) (403)")
    default: return nil
    }
  }

  /// Makes the connections of `configuration` carry whole URLs.
  static func prepare(_ configuration: inout HTTPClient.Configuration) {
    configuration.proxy = nil
    configuration.http1_1ConnectionDebugInitializer = { channel in
      channel.eventLoop.makeCompletedFuture {
        let pipeline = channel.pipeline.syncOperations
        let encoder = try pipeline.handler(type: HTTPRequestEncoder.self)
        try pipeline.addHandler(AbsoluteFormHandler(), position: .after(encoder))
      }
    }
  }

  /// A field that carries the server's `host:port` from the request to the handler; it is never sent.
  fileprivate static let targetField = "devlake-shell-target"
}

/// Puts the server in front of the path in a request's first line.
private final class AbsoluteFormHandler: ChannelOutboundHandler {
  typealias OutboundIn = HTTPClientRequestPart
  typealias OutboundOut = HTTPClientRequestPart

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard case .head(var head) = unwrapOutboundIn(data),
      let authority = head.headers.first(name: AbsoluteForm.targetField)
    else { return context.write(data, promise: promise) }
    head.headers.remove(name: AbsoluteForm.targetField)
    head.uri = "http://" + authority + head.uri
    context.write(wrapOutboundOut(.head(head)), promise: promise)
  }
}
