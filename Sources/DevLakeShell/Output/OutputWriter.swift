import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Writes text to a file descriptor, in large pieces when it is buffered.
///
/// A write that is interrupted, partial or told to come back later is continued. `SIGPIPE` must be
/// ignored in the process; a reader that left is then a ``failure``, after which text is dropped.
final class OutputWriter: TextSink {
  /// What `write(2)` does: the bytes it took, or an error number.
  typealias SystemWrite =
    @Sendable (_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Result<Int, OutputFailure>

  /// Buffered text is written when this much is there.
  static let bufferSize = 64 * 1024

  private struct State {
    var buffer: [UInt8] = []
    var failure: OutputFailure?
  }

  private let descriptor: Int32
  private let isBuffered: Bool
  private let systemWrite: SystemWrite
  private let state = Mutex(State())

  init(
    descriptor: Int32,
    isBuffered: Bool,
    systemWrite: @escaping SystemWrite = OutputWriter.write
  ) {
    self.descriptor = descriptor
    self.isBuffered = isBuffered
    self.systemWrite = systemWrite
  }

  var failure: OutputFailure? { state.withLock { $0.failure } }

  func write(_ text: String) {
    state.withLock { state in
      guard state.failure == nil else { return }
      state.buffer.append(contentsOf: text.utf8)
      if !isBuffered || state.buffer.count >= Self.bufferSize { empty(&state) }
    }
  }

  func flush() { state.withLock { empty(&$0) } }

  private func empty(_ state: inout State) {
    var rest = state.buffer[...]
    while state.failure == nil, !rest.isEmpty {
      switch systemWrite(descriptor, rest) {
      case .success(let count): rest = rest.dropFirst(count)
      case .failure(.system(EINTR)): continue
      case .failure(.system(EAGAIN)): waitUntilWritable()
      case .failure(.system(EPIPE)): state.failure = .readerLeft
      case .failure(let failure): state.failure = failure
      }
    }
    state.buffer.removeAll(keepingCapacity: true)
  }

  /// A terminal or pipe that another process made non-blocking takes only what fits.
  private func waitUntilWritable() {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = poll(&request, 1, -1)
  }

  private static func write(
    _ descriptor: Int32,
    _ bytes: ArraySlice<UInt8>
  ) -> Result<Int, OutputFailure> {
    let count = bytes.withUnsafeBytes { systemWriteCall(descriptor, $0.baseAddress, $0.count) }
    return count >= 0 ? .success(count) : .failure(.system(errno))
  }
}

/// `write(2)`, which a method of the writer hides.
private let systemWriteCall = write
