import DevLakeKit
import NIOCore
import NIOHTTP1

/// Reads the requests of one connection and answers them in order.
final class RequestHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let server: RequestServer
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []

  init(server: RequestServer) { self.server = server }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      body = []
    case .body(var part):
      if let bytes = part.readBytes(length: part.readableBytes) { body.append(contentsOf: bytes) }
    case .end:
      guard let head else { return }
      let request = Request(
        method: head.method.rawValue,
        uri: head.uri,
        headers: head.headers.map { (name: $0.name, value: $0.value) },
        body: body
      )
      body = []
      let delivery = Delivery(
        channel: context.channel,
        keepsAlive: head.isKeepAlive,
        isHead: head.method == .HEAD
      )
      server.serve(request, delivery)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
