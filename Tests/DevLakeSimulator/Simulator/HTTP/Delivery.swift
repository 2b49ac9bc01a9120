import NIOCore
import NIOHTTP1
import NIOPosix

/// The way back to a client: an answer, or what goes wrong with it.
struct Delivery: Sendable {
  let channel: any Channel
  let keepsAlive: Bool
  let isHead: Bool

  /// Sends the whole answer.
  func send(_ answer: Answer) {
    channel.write(HTTPServerResponsePart.head(head(answer)), promise: nil)
    if !isHead, !answer.body.isEmpty {
      let buffer = channel.allocator.buffer(bytes: answer.body)
      channel.write(HTTPServerResponsePart.body(.byteBuffer(buffer)), promise: nil)
    }
    let sent = channel.writeAndFlush(HTTPServerResponsePart.end(nil))
    if !keepsAlive { sent.whenComplete { _ in channel.close(promise: nil) } }
  }

  /// Sends the head and the first bytes of the body, then closes.
  func send(_ answer: Answer, cutAfter count: Int) {
    var head = head(answer)
    head.headers.replaceOrAdd(name: "Content-Length", value: String(answer.body.count))
    channel.write(HTTPServerResponsePart.head(head), promise: nil)
    let buffer = channel.allocator.buffer(bytes: answer.body.prefix(count))
    channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(buffer)))
      .whenComplete { _ in channel.close(promise: nil) }
  }

  /// Closes without an answer.
  func close() { channel.close(promise: nil) }

  /// Closes with a reset: a socket that lingers for zero seconds sends RST instead of FIN.
  func reset() {
    guard let socket = channel as? any SocketOptionProvider else {
      channel.close(promise: nil)
      return
    }
    socket.setSoLinger(linger(l_onoff: 1, l_linger: 0))
      .whenComplete { _ in channel.close(promise: nil) }
  }

  private func head(_ answer: Answer) -> HTTPResponseHead {
    var headers = HTTPHeaders()
    if let type = answer.contentType { headers.add(name: "Content-Type", value: type) }
    for header in answer.headers { headers.add(name: header.name, value: header.value) }
    // Go's server sends what is longer than its buffer in chunks, as NIO does without a length.
    if answer.body.count <= 2048 {
      headers.add(name: "Content-Length", value: String(answer.body.count))
    }
    if !keepsAlive { headers.add(name: "Connection", value: "close") }
    return HTTPResponseHead(
      version: .http1_1,
      status: .init(statusCode: answer.status),
      headers: headers
    )
  }
}
