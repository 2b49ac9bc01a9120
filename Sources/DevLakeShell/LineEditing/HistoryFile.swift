#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The history's file while it is open and locked.
struct HistoryFile: ~Copyable {
  /// Why the file could not be used.
  enum Failure: Error, Equatable, CustomStringConvertible {
    case notRegular(String)
    case busy(String)
    case system(String, code: CInt)

    var description: String {
      switch self {
      case .notRegular(let path): "'\(path)' is a link or no regular file"
      case .busy(let path): "'\(path)' is locked by another program"
      case .system(let path, let code): "'\(path)': \(String(cString: strerror(code)))"
      }
    }
  }

  /// A place in a certain file; another file at the same path has none of its places.
  struct Position: Equatable {
    fileprivate var device: UInt
    fileprivate var node: UInt
    fileprivate var offset: Int
  }

  /// What was read, and where it ended.
  struct Content {
    var bytes: [UInt8]
    var end: Position
    /// Whether it is the whole file, not what was added behind a place.
    var isWhole: Bool
  }

  private let descriptor: CInt
  private let path: String

  /// Opens and locks the file.
  ///
  /// Nil when it is not there and not to be made, by which reading needs no right to write.
  ///
  /// - Parameter waits: Whether a lock that another program holds is waited for.
  init?(path: String, creates: Bool, waits: Bool = true) throws(Failure) {
    if creates { Self.makeFolder(of: path) }
    while true {
      // Not followed, not waited for (a pipe), never the controlling terminal.
      let access = creates ? O_RDWR | O_CREAT | O_APPEND : O_RDONLY
      let flags = access | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
      let descriptor = open(path, flags, 0o600)
      guard descriptor >= 0 else {
        let code = errno
        if code == ENOENT, !creates { return nil }
        throw code == ELOOP ? .notRegular(path) : .system(path, code: code)
      }
      do throws(Failure) {
        let opened = try Self.regular(descriptor, path: path, isOwned: creates)
        try Self.lock(descriptor, shared: !creates, waits: waits, path: path)
        var current = stat()
        // Compacted between opening and locking: what is locked is no longer the history.
        if lstat(path, &current) == 0, current.st_ino == opened.st_ino {
          self.descriptor = descriptor
          self.path = path
          return
        }
        close(descriptor)
      } catch {
        close(descriptor)
        throw error
      }
    }
  }

  deinit { close(descriptor) }

  /// What the file has behind a place, or all of it when it is another file.
  func read(from position: Position?) throws(Failure) -> Content {
    let status = try status()
    let size = Int(status.st_size)
    var start = 0
    if let position, position.node == status.st_ino, position.device == status.st_dev,
      position.offset <= size
    {
      start = position.offset
    }
    var bytes = [UInt8](repeating: 0, count: size - start)
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        pread(
          descriptor,
          buffer.baseAddress?.advanced(by: filled),
          buffer.count - filled,
          off_t(start + filled)
        )
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .system(path, code: errno) }
      if count == 0 { break }
      filled += count
    }
    bytes.removeLast(bytes.count - filled)
    let end = Position(device: status.st_dev, node: status.st_ino, offset: start + filled)
    return Content(bytes: bytes, end: end, isWhole: start == 0)
  }

  /// Adds a line at the end; all of it or nothing.
  func append(_ line: String) throws(Failure) -> Position {
    let before = try status()
    var text = line
    if before.st_size > 0, try lastByte(before.st_size) != UInt8(ascii: "\n") {
      // A line that was cut short must not swallow this one.
      text = "\n" + line
    }
    do throws(Failure) {
      try Self.append(text, to: descriptor, path: path)
    } catch {
      // A full disk: half a line would be read as another one.
      _ = ftruncate(descriptor, before.st_size)
      throw error
    }
    let after = try status()
    return Position(device: after.st_dev, node: after.st_ino, offset: Int(after.st_size))
  }

  /// Puts a new file in this one's place, whole or not at all.
  func replace(with text: String) throws(Failure) -> Position {
    let temporary = path + ".new"
    _ = unlink(temporary)
    let copy = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard copy >= 0 else { throw .system(temporary, code: errno) }
    defer { close(copy) }
    do throws(Failure) {
      try Self.append(text, to: copy, path: temporary)
      guard fsync(copy) == 0, rename(temporary, path) == 0 else {
        throw .system(path, code: errno)
      }
    } catch {
      _ = unlink(temporary)
      throw error
    }
    var status = stat()
    guard fstat(copy, &status) == 0 else { throw .system(path, code: errno) }
    return Position(device: status.st_dev, node: status.st_ino, offset: Int(status.st_size))
  }

  private func status() throws(Failure) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(path, code: errno) }
    return status
  }

  private func lastByte(_ size: off_t) throws(Failure) -> UInt8 {
    var byte: UInt8 = 0
    guard pread(descriptor, &byte, 1, size - 1) == 1 else { throw .system(path, code: errno) }
    return byte
  }
}
