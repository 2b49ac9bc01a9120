import Foundation
import Testing

/// The plainest of HTTP clients: one socket, one request, and whatever bytes come back.
///
/// The replay sends requests that a proper client refuses to (`//plugins`, a BOM before the JSON),
/// and the tests of the faults look at what a proper client hides.
struct SocketClient {
  /// An answer as it came.
  struct Reply: Sendable {
    var status: Int
    var headers: [(name: String, value: String)]
    var body: [UInt8]

    func header(_ name: String) -> String? {
      headers.first { $0.name.lowercased() == name }?.value
    }
    var text: String { String(decoding: body, as: UTF8.self) }
  }

  /// How a request without a whole answer ended.
  enum Ending: Error, Equatable {
    case refused
    case reset
    /// Closed after these bytes.
    case closed(after: [UInt8])
    case silent
  }

  let port: UInt16
  /// How long to wait for the next byte, in seconds.
  var patience = 10

  init(_ url: String) throws {
    port = try #require(UInt16(url.split(separator: ":").last ?? ""))
  }

  /// Sends a request and reads its answer.
  ///
  /// - Throws: ``Ending`` when there is no whole answer.
  func send(
    _ method: String,
    _ target: String,
    headers: [(name: String, value: String)] = [],
    body: [UInt8]? = nil
  ) throws -> Reply {
    let socket = try connected()
    defer { close(socket) }
    var request = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    for header in headers { request += "\(header.name): \(header.value)\r\n" }
    if let body { request += "Content-Length: \(body.count)\r\n" }
    try write(Array((request + "\r\n").utf8) + (body ?? []), to: socket)
    return try Self.reply(in: try readAll(from: socket), isHead: method == "HEAD")
  }

  private func connected() throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var limit = timeval(tv_sec: patience, tv_usec: 0)
    setsockopt(
      descriptor,
      SOL_SOCKET,
      SO_RCVTIMEO,
      &limit,
      socklen_t(MemoryLayout<timeval>.size)
    )
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else {
      close(descriptor)
      throw Ending.refused
    }
    return descriptor
  }

  private func write(_ bytes: [UInt8], to socket: Int32) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Ending.reset }
      rest = rest.dropFirst(count)
    }
  }

  private func readAll(from socket: Int32) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(socket, &buffer, buffer.count, 0)
      if count == 0 { return bytes }
      guard count > 0 else {
        throw errno == EAGAIN ? Ending.silent : Ending.reset
      }
      bytes.append(contentsOf: buffer[..<count])
    }
  }

  private static func reply(in bytes: [UInt8], isHead: Bool) throws -> Reply {
    let data = Data(bytes)
    guard let end = data.range(of: Data("\r\n\r\n".utf8)) else {
      throw Ending.closed(after: bytes)
    }
    let lines = String(decoding: data[..<end.lowerBound], as: UTF8.self)
      .components(separatedBy: "\r\n")
    let status = try #require(Int(lines[0].split(separator: " ")[1]))
    let headers = lines.dropFirst().map { line in
      let parts = line.split(separator: ":", maxSplits: 1)
      return (
        name: String(parts[0]), value: parts[1].trimmingCharacters(in: .whitespaces)
      )
    }
    var reply = Reply(status: status, headers: headers, body: Array(data[end.upperBound...]))
    if isHead { return reply }
    if reply.header("transfer-encoding") == "chunked" {
      guard let body = unchunked(reply.body) else { throw Ending.closed(after: bytes) }
      reply.body = body
    } else if let length = reply.header("content-length").flatMap({ Int($0) }),
      reply.body.count < length
    {
      throw Ending.closed(after: bytes)
    }
    return reply
  }

  private static func unchunked(_ bytes: [UInt8]) -> [UInt8]? {
    var body: [UInt8] = []
    var position = 0
    while let end = bytes[position...].firstIndex(of: 13), end + 1 < bytes.count {
      let digits = String(decoding: bytes[position..<end], as: UTF8.self)
      guard let size = Int(digits, radix: 16) else { return nil }
      let start = end + 2
      if size == 0 { return body }
      guard start + size + 2 <= bytes.count else { return nil }
      body.append(contentsOf: bytes[start..<start + size])
      position = start + size + 2
    }
    return nil
  }
}
