#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The right to apply a file to one DevLake from this machine, held by one shell at a time.
///
/// A `flock` on a file of its own, so that it ends with the process however that ends. Who holds it
/// is in the file. Shells on other machines are not kept out: DevLake itself has no lock.
package final class InstanceLock: Sendable {
  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  // The file stays: a lock is taken for as long as an `apply` runs, and whoever comes second is told
  // at once, so nobody waits on a file that could be deleted.
  deinit { closeUnlocked(descriptor) }

  /// Takes the lock, or says at once who has it.
  ///
  /// - Parameters:
  ///   - folder: The shell's state folder; `locks` is made in it.
  ///   - url: The DevLake.
  ///   - holder: Who takes it, one line for whoever comes second.
  package static func acquire(
    in folder: String,
    for url: String,
    holder: String
  ) throws(InstanceLockError) -> InstanceLock {
    let path = folder + "/locks/\(fileName(url)).lock"
    AuditLog.makeFolders(to: path)
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else { throw .unusable(FileError(.write, path)) }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      if code == EINTR { continue }
      let text = content(descriptor)
      close(descriptor)
      guard code == EWOULDBLOCK else { throw .unusable(FileError(.lock, path, code: code)) }
      throw .held(by: text, path: path)
    }
    let bytes = Array((holder + "\n").utf8)
    ftruncate(descriptor, 0)
    // Who holds it is said for comfort; that it is held does not depend on it.
    _ = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    return InstanceLock(descriptor: descriptor)
  }

  private static func content(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    let line = bytes.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }
    return ServerText.line(String(decoding: line, as: UTF8.self))
  }

  /// The URL in letters a file name may have; two URLs never share one.
  private static func fileName(_ url: String) -> String {
    url.utf8.map { byte in
      let scalar = Unicode.Scalar(byte)
      let isPlain =
        scalar.isASCII
        && (scalar.properties.isAlphabetic || "0123456789.-".unicodeScalars.contains(scalar))
      return isPlain ? String(scalar) : "_" + String(byte, radix: 16)
    }
    .joined()
  }
}

/// Why the lock of an instance is not available.
package enum InstanceLockError: Error, Sendable, Equatable {
  /// Another shell has it; what it wrote of itself.
  case held(by: String, path: String)
  /// The file cannot be used.
  case unusable(FileError)
}
