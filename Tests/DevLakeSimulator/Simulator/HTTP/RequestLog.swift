import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The requests so far, kept for tests and, when a file is given, written to it line by line.
final class RequestLog: Sendable {
  private let entries = Mutex<[LoggedRequest]>([])
  private let descriptor: Int32?

  /// A log.
  ///
  /// - Throws: ``SimulatorError/unwritableLog(_:)`` when the file cannot be opened.
  init(file: String?) throws(SimulatorError) {
    guard let file else {
      descriptor = nil
      return
    }
    let opened = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard opened >= 0 else {
      throw .unwritableLog("\(file): \(String(cString: strerror(errno)))")
    }
    descriptor = opened
  }

  deinit {
    if let descriptor { close(descriptor) }
  }

  var all: [LoggedRequest] { entries.withLock { $0 } }

  func append(_ entry: LoggedRequest) {
    entries.withLock { entries in
      if let descriptor {
        // One write a line, so that lines never mix and a reader never sees a part of one.
        let line = Array(entry.line.utf8)
        _ = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        // A demo may run for weeks: with a file, nothing piles up in memory.
        return
      }
      entries.append(entry)
    }
  }
}
