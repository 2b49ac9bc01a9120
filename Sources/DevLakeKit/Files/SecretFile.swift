import Glibc

/// A new file for a secret that is given only once: mode 0600 from birth, never one that exists.
///
/// It is made before the secret is asked for, so that a secret is never given with no place for it.
public struct SecretFile: ~Copyable {
  private let descriptor: CInt
  private let path: String
  private var isKept = false

  /// Makes the file.
  ///
  /// - Throws: ``SecretFileError`` when it exists already or cannot be made.
  public init(creatingAt path: String) throws(SecretFileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw errno == EEXIST
        ? .exists(path: path)
        : .system(path: path, reason: String(cString: strerror(errno)).lowercased())
    }
    self.descriptor = descriptor
    self.path = path
  }

  /// Writes the secret and a line end, and sees to it that it is on the disk.
  public mutating func write(_ secret: Secret) throws(SecretFileError) {
    let isWritten = secret.reveal { value -> Bool in
      var bytes = Array((value + "\n").utf8)[...]
      while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        bytes = bytes.dropFirst(count)
      }
      return fsync(descriptor) == 0
    }
    guard isWritten else {
      throw .system(path: path, reason: String(cString: strerror(errno)).lowercased())
    }
    isKept = true
  }

  deinit {
    close(descriptor)
    if !isKept { unlink(path) }
  }
}

/// Why a secret cannot be put into a file.
public enum SecretFileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Something of that name is there.
  case exists(path: String)
  /// The system refused.
  case system(path: String, reason: String)

  /// What happened, one line.
  public var description: String {
    switch self {
    case .exists(let path): "'\(path)' exists; a secret is written to a new file only"
    case .system(let path, let reason): "cannot write '\(path)': \(reason)"
    }
  }
}
