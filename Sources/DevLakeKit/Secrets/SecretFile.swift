#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A new file for a secret that is given only once: mode 0600 from birth, never one that exists.
///
/// It is made before the secret is asked for, so that a secret is never given with no place for it.
package struct SecretFile: ~Copyable {
  private let descriptor: CInt
  private let path: String
  private var isKept = false
  /// A file without a name that holds room on the disk; below 0: none.
  private var reserve: CInt

  /// Makes the file.
  ///
  /// - Parameter size: Bytes to set aside, so that a full disk shows before there is a secret.
  /// - Throws: ``SecretFileError`` when it exists already or cannot be made.
  package init(creatingAt path: String, reserving size: Int = 4096) throws(SecretFileError) {
    (descriptor, reserve) = try Self.open(path, reserving: size)
    self.path = path
  }

  private static func open(
    _ path: String,
    reserving size: Int
  ) throws(SecretFileError) -> (file: CInt, reserve: CInt) {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
    let descriptor = Glibc.open(path, flags, 0o600)
    guard descriptor >= 0 else {
      throw errno == EEXIST
        ? .exists(path: path)
        : .system(path: path, reason: String(cString: strerror(errno)).lowercased())
    }
    do throws(SecretFileError) {
      return (descriptor, try room(size, beside: path))
    } catch {
      close(descriptor)
      unlink(path)
      throw error
    }
  }

  /// Whether a file could be made there, as far as that can be told without making it.
  ///
  /// - Throws: ``SecretFileError`` when something of that name is there, or its folder is not.
  package static func check(newAt path: String) throws(SecretFileError) {
    var status = stat()
    if lstat(path, &status) == 0 { throw .exists(path: path) }
    guard access(StoredFile(exactly: path).folder, W_OK | X_OK) == 0 else {
      throw .system(path: path, reason: String(cString: strerror(errno)).lowercased())
    }
  }

  /// Writes the secret and a line end, and sees to it that it is on the disk.
  package mutating func write(_ secret: Secret) throws(SecretFileError) {
    try secret.reveal { (value) throws(SecretFileError) in try write(Array((value + "\n").utf8)) }
  }

  /// Writes bytes as they are, and sees to it that they are on the disk.
  package mutating func write(_ bytes: [UInt8]) throws(SecretFileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = writeSome(rest, to: descriptor)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == ENOSPC || errno == EDQUOT, reserve >= 0 {
        close(reserve)
        reserve = -1
        continue
      }
      guard count > 0 else { throw failed }
      rest = rest.dropFirst(count)
    }
    guard fsync(descriptor) == 0 else { throw failed }
    isKept = true
  }

  /// Removes it after all: nobody needs what stands in it.
  package mutating func discard() { isKept = false }

  /// Room on the disk for what will be written, so that a full disk shows before there is a secret.
  ///
  /// The file itself must end where its text does, so another one, which has no name any more, holds the
  /// room.
  ///
  /// - Returns: That file; -1 where the file system sets nothing aside.
  /// - Throws: ``SecretFileError`` where the disk is full.
  private static func room(_ size: Int, beside path: String) throws(SecretFileError) -> CInt {
    let name = path + ".\(getpid()).\(UInt32.random(in: 0...UInt32.max)).tmp"
    let descriptor = Glibc.open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    var code = errno
    if descriptor >= 0 {
      unlink(name)
      code = posix_fallocate(descriptor, 0, size)
      guard code != 0 else { return descriptor }
      close(descriptor)
    }
    guard code == ENOSPC || code == EDQUOT else { return -1 }
    throw .system(path: path, reason: String(cString: strerror(code)).lowercased())
  }

  private var failed: SecretFileError {
    .system(path: path, reason: String(cString: strerror(errno)).lowercased())
  }

  deinit {
    close(descriptor)
    if reserve >= 0 { close(reserve) }
    if !isKept { unlink(path) }
  }
}

/// Why a secret cannot be put into a file.
package enum SecretFileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Something of that name is there.
  case exists(path: String)
  /// The system refused.
  case system(path: String, reason: String)

  /// What happened, one line.
  package var description: String {
    switch self {
    case .exists(let path): "'\(path)' exists; name a new file"
    case .system(let path, let reason): "cannot write '\(path)': \(reason)"
    }
  }
}
