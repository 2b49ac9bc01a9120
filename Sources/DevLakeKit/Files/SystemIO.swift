#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads what is there, at most as many bytes as `buffer` has.
///
/// A signal that arrives during the call is not an error: the read is made again.
///
/// - Returns: The number of bytes, 0 at the end, -1 with the reason in `errno`.
package func readSome(_ descriptor: CInt, into buffer: inout [UInt8]) -> Int {
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    if count >= 0 || errno != EINTR { return count }
  }
}

/// Writes all of `bytes`, in as many calls as the system needs.
///
/// - Returns: Whether all of them were written; if not, the reason is in `errno`.
package func writeAll(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = writeSome(rest, to: descriptor)
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { return false }
    rest = rest.dropFirst(count)
  }
  return true
}

/// Writes what the system accepts at once.
///
/// - Returns: The number of bytes, or -1 with the reason in `errno`.
package func writeSome(_ bytes: ArraySlice<UInt8>, to descriptor: CInt) -> Int {
  bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
}
