import Glibc

/// Why a redirected command came to nothing: the command itself, or its file.
enum FileFailure: Error {
  case command(Failure)
  case system(String)
}

/// The file behind `>` and `>>`: private when it is new, and untouched until there is a result.
final class ResultFile {
  private let descriptor: CInt
  private let path: String
  private let isNew: Bool
  private let appends: Bool

  /// Opens it; links are followed, and a device or pipe is written to as it is.
  init(_ path: String, appends: Bool) throws(FileFailure) {
    self.path = path
    self.appends = appends
    let flags = O_WRONLY | O_CLOEXEC | O_NOCTTY | (appends ? O_APPEND : 0)
    let fresh = open(path, flags | O_CREAT | O_EXCL, 0o600)
    isNew = fresh >= 0
    // Not blocking: a pipe nobody reads would hold the shell for ever.
    descriptor = fresh >= 0 ? fresh : open(path, flags | O_CREAT | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else {
      throw .system(errno == ENXIO ? "nobody reads this pipe" : Self.reason)
    }
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
  }

  deinit { close(descriptor) }

  func write(_ text: String) throws(FileFailure) {
    var status = stat()
    if !appends, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      guard ftruncate(descriptor, 0) == 0 else { throw .system(Self.reason) }
    }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      // A reader of a pipe may leave when it has seen enough.
      if count < 0, errno == EPIPE { return }
      guard count > 0 else { throw .system(Self.reason) }
      rest = rest.dropFirst(count)
    }
  }

  /// Whether something stands in the file already.
  var hasContent: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      && status.st_size > 0
  }

  /// Takes back a file that was made for a result that never came.
  func abandon() {
    if isNew { unlink(path) }
  }

  private static var reason: String { String(cString: strerror(errno)).lowercased() }
}
