#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// `close(2)`, which a method of the pipe hides.
private let systemClose = close

/// The two ends of a pipe, which children do not inherit.
struct ChildPipe {
  private(set) var reader: CInt = -1
  private(set) var writer: CInt = -1

  /// No pipe.
  static let none = ChildPipe()

  /// A new pipe; ``none`` where the system has no more.
  static func make() -> ChildPipe {
    var ends: [CInt] = [-1, -1]
    guard pipe(&ends) == 0 else { return none }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var made = ChildPipe()
    (made.reader, made.writer) = (ends[0], ends[1])
    return made
  }

  var isOpen: Bool { reader >= 0 || writer >= 0 }

  /// For our own end only: a child that does not read must not stop us from reading it.
  func doNotBlockWriter() { _ = fcntl(writer, F_SETFL, fcntl(writer, F_GETFL) | O_NONBLOCK) }

  mutating func closeReader() { Self.closeEnd(&reader) }
  mutating func closeWriter() { Self.closeEnd(&writer) }

  mutating func close() {
    closeReader()
    closeWriter()
  }

  private static func closeEnd(_ end: inout CInt) {
    guard end >= 0 else { return }
    _ = systemClose(end)
    end = -1
  }
}
