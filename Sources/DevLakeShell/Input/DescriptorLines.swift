#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The lines of a file descriptor, each handed on as soon as it is there.
@MainActor
final class DescriptorLines: LineSource {
  let name = "<stdin>"
  let isInteractive = false

  private let descriptor: CInt
  private var buffer: [UInt8] = []
  /// Where the next line begins: what was handed on is dropped only when more is read.
  private var start = 0
  private var searched = 0
  private var hasEnded = false

  init(descriptor: CInt) { self.descriptor = descriptor }

  func next(prompt: String) -> LineRead {
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer {
          start = end + 1
          searched = start
        }
        return .line(String(decoding: buffer[start..<end], as: UTF8.self))
      }
      searched = buffer.count
      if hasEnded {
        guard start < buffer.count else { return .end }
        defer { start = buffer.count }
        return .line(String(decoding: buffer[start...], as: UTF8.self))
      }
      fill()
    }
  }

  private func fill() {
    buffer.removeSubrange(..<start)
    searched -= start
    start = 0
    var chunk = [UInt8](repeating: 0, count: 65536)
    let count = read(descriptor, &chunk, chunk.count)
    if count > 0 {
      buffer += chunk[..<count]
    } else if count < 0, errno == EINTR {
      return
    } else if count < 0, errno == EAGAIN {
      var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      _ = poll(&poller, 1, -1)
    } else {
      hasEnded = true
    }
  }
}
