import DevLakeKit
import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Standard input as a place of secrets: `--token -`.
enum StandardInput {
  /// All of it, or its first line.
  static func read(wholeInput: Bool) -> [UInt8]? {
    guard let bytes = readAll(STDIN_FILENO), !bytes.isEmpty else { return nil }
    return wholeInput ? bytes : Array(bytes.prefix { $0 != UInt8(ascii: "\n") })
  }

  /// The most that is read at once: a device or a pipe may go on for ever.
  private static let limit = 256 << 20

  /// Everything to the end; `nil` where that is not available, with the reason in `errno`.
  static func readAll(_ descriptor: CInt) -> [UInt8]? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = readSome(descriptor, into: &chunk)
      if count == 0 { return bytes }
      if count < 0 { return nil }
      bytes += chunk[..<count]
      guard bytes.count <= limit else {
        errno = EFBIG
        return nil
      }
    }
  }

  /// The longest line that is taken.
  private static let longestLine = 8 << 20

  /// Hands over line after line, on a thread of its own: a read of standard input cannot be cancelled,
  /// and the threads of tasks are few.
  static func readLines(_ take: @escaping @Sendable (InputLine) -> Void) {
    DispatchQueue(label: "standard-input").async {
      var pending: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 65536)
      while true {
        let count = readSome(STDIN_FILENO, into: &chunk)
        guard count > 0 else { break }
        for byte in chunk[..<count] {
          if byte == UInt8(ascii: "\n") {
            take(.line(pending))
            pending = []
          } else {
            pending.append(byte)
          }
        }
        guard pending.count <= longestLine else { return take(.tooLong) }
      }
      if !pending.isEmpty { take(.line(pending)) }
      take(.end)
    }
  }
}
