import DevLakeKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Why a redirected command came to nothing: the command itself, or its file.
enum FileFailure: Error {
  case command(Failure)
  case system(String)
}

/// The file behind `>` and `>>`, untouched until there is a whole result.
///
/// A regular file is replaced in one step, so that whatever keeps the result from being written whole
/// (a full disk, a limit, a signal) leaves the old one as it was; through a link it is the file the
/// link leads to, with its mode and owner. A device, a pipe, and a file whose folder takes no other
/// file are written in place.
struct ResultFile: ~Copyable {
  private enum Way {
    case replacing(StoredFile)
    case inPlace(CInt)
  }

  private let way: Way
  private let appends: Bool

  /// Looks whether it can be written, and changes nothing.
  init(_ path: String, appends: Bool) throws(FileFailure) {
    self.appends = appends
    let file = StoredFile(path)
    var status = stat()
    let exists = stat(path, &status) == 0
    let isRegular = exists && status.st_mode & S_IFMT == S_IFREG
    if exists, access(path, W_OK) != 0 { throw .system(Self.reason) }
    if !appends, isRegular || (!exists && !Self.isLink(path)), access(file.folder, W_OK | X_OK) == 0
    {
      way = .replacing(file)
      return
    }
    let flags = O_WRONLY | O_CLOEXEC | O_NOCTTY | O_CREAT | (appends ? O_APPEND : 0)
    // Not blocking: a pipe nobody reads would hold the shell for ever.
    let descriptor = open(path, flags | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else {
      throw .system(errno == ENXIO ? "no process reads this pipe" : Self.reason)
    }
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
    way = .inPlace(descriptor)
  }

  deinit { if case .inPlace(let descriptor) = way { close(descriptor) } }

  /// Writes the result, whole or not at all where that is possible.
  borrowing func write(_ text: String) throws(FileFailure) {
    switch way {
    case .replacing(let file):
      do throws(FileError) {
        try file.replace(with: Array(text.utf8))
      } catch {
        if case .refused(_, _, let reason) = error { throw .system(reason.lowercased()) }
        throw .system(error.description)
      }
    case .inPlace(let descriptor): try Self.write(text, to: descriptor, appends)
    }
  }

  private static func write(
    _ text: String,
    to descriptor: CInt,
    _ appends: Bool
  ) throws(FileFailure) {
    var status = stat()
    let isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    if isRegular {
      // Another shell that appends waits for its turn; one that stands still is not waited for.
      var waited = 0
      while flock(descriptor, LOCK_EX | LOCK_NB) != 0, waited < 10_000, !Task.isCancelled {
        usleep(1000)
        waited += 1
      }
      if !appends, ftruncate(descriptor, 0) != 0 { throw .system(reason) }
    }
    let start = isRegular ? lseek(descriptor, 0, SEEK_END) : -1
    // A reader of a pipe may leave when it has seen enough.
    guard !writeAll(Array(text.utf8), to: descriptor), errno != EPIPE else { return }
    let reason = reason
    // What was there before stays as it was.
    if start >= 0 { ftruncate(descriptor, start) }
    throw .system(reason)
  }

  /// Whether something is in the file already.
  var hasContent: Bool {
    guard case .inPlace(let descriptor) = way else { return false }
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      && status.st_size > 0
  }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  private static var reason: String { String(cString: strerror(errno)).lowercased() }
}
