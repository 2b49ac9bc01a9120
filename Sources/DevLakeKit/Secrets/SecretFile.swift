import Glibc

/// A new file for a secret that is given only once: mode 0600 from birth, never one that exists.
///
/// It is made before the secret is asked for, so that a secret is never given with no place for it.
public struct SecretFile: ~Copyable {
  private let descriptor: CInt
  private let path: String
  private var isKept = false
  /// A file without a name that holds room on the disk; below 0: none.
  private var reserve: CInt

  /// Makes the file.
  ///
  /// - Throws: ``SecretFileError`` when it exists already or cannot be made.
  /// - Parameter size: The room to set aside, so that a full disk shows before there is a secret.
  public init(creatingAt path: String, reserving size: Int = 4096) throws(SecretFileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw errno == EEXIST
        ? .exists(path: path)
        : .system(path: path, reason: String(cString: strerror(errno)).lowercased())
    }
    let reserve = Self.reserve(size, beside: path)
    if reserve < 0, errno == ENOSPC || errno == EDQUOT {
      let reason = String(cString: strerror(errno)).lowercased()
      close(descriptor)
      unlink(path)
      throw .system(path: path, reason: reason)
    }
    self.descriptor = descriptor
    self.path = path
    self.reserve = reserve
  }

  /// Whether a file could be made there, as far as that can be told without making it.
  ///
  /// - Throws: ``SecretFileError`` when something of that name is there, or its folder is not.
  public static func check(newAt path: String) throws(SecretFileError) {
    var status = stat()
    if lstat(path, &status) == 0 { throw .exists(path: path) }
    guard access(StoredFile(exactly: path).folder, W_OK | X_OK) == 0 else {
      throw .system(path: path, reason: String(cString: strerror(errno)).lowercased())
    }
  }

  /// Writes the secret and a line end, and sees to it that it is on the disk.
  public mutating func write(_ secret: Secret) throws(SecretFileError) {
    try secret.reveal { (value) throws(SecretFileError) in try write(Array((value + "\n").utf8)) }
  }

  /// Writes bytes as they are, and sees to it that they are on the disk.
  public mutating func write(_ bytes: [UInt8]) throws(SecretFileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
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
  public mutating func discard() { isKept = false }

  /// Room on the disk for what will be written, so that a full disk shows before there is a secret.
  ///
  /// The file itself must end where its text does, so that the room is held by another one that has no
  /// name any more.
  private static func reserve(_ size: Int, beside path: String) -> CInt {
    let name = path + ".\(getpid()).\(UInt32.random(in: 0...UInt32.max)).tmp"
    let descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return -1 }
    unlink(name)
    let code = posix_fallocate(descriptor, 0, size)
    guard code != 0 else { return descriptor }
    close(descriptor)
    errno = code
    return -1
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
public enum SecretFileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Something of that name is there.
  case exists(path: String)
  /// The system refused.
  case system(path: String, reason: String)

  /// What happened, one line.
  public var description: String {
    switch self {
    case .exists(let path): "'\(path)' exists; name a new file"
    case .system(let path, let reason): "cannot write '\(path)': \(reason)"
    }
  }
}
