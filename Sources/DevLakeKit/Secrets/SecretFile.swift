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

  /// Makes the file.
  ///
  /// - Throws: ``SecretFileError`` when it exists already or cannot be made.
  package init(creatingAt path: String) throws(SecretFileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw errno == EEXIST
        ? .exists(path: path)
        : .system(path: path, reason: String(cString: strerror(errno)).lowercased())
    }
    self.descriptor = descriptor
    self.path = path
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
    guard writeAll(bytes, to: descriptor), fsync(descriptor) == 0 else { throw failed }
    isKept = true
  }

  private var failed: SecretFileError {
    .system(path: path, reason: String(cString: strerror(errno)).lowercased())
  }

  deinit {
    close(descriptor)
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
