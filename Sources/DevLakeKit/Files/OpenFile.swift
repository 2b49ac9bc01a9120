#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// An open file that closes itself; children never inherit it.
struct OpenFile: ~Copyable {
  /// The number the system knows it by.
  let descriptor: Int32
  /// What it was opened as, for messages.
  let path: String

  /// Opens `path` without waiting.
  ///
  /// `open` of a named pipe that nobody writes to waits for a writer, and of a terminal makes it the
  /// controlling one: `O_NONBLOCK` and `O_NOCTTY` prevent both. For a regular file neither does anything.
  init(
    _ path: String,
    _ flags: Int32,
    mode: mode_t = 0,
    action: FileError.Action = .read
  ) throws(FileError) {
    let flags = flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
    var number = open(path, flags, mode)
    while number < 0, errno == EINTR { number = open(path, flags, mode) }
    guard number >= 0 else { throw FileError(action, path) }
    descriptor = number
    self.path = path
  }

  /// Takes over the reading end of a pipe.
  init(reading descriptor: Int32) {
    self.descriptor = descriptor
    path = "pipe"
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
  }

  deinit { close(descriptor) }

  /// The file's kind, mode and owner.
  borrowing func status() throws(FileError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(.read, path) }
    return status
  }

  /// Whether someone beside the owner may read the file; a warning at most, so no error counts.
  var isReadableByOthers: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.isReadableByOthers
  }

  /// What one read gave.
  enum Chunk {
    case bytes([UInt8])
    case end
    /// A pipe whose writer has not written yet.
    case notYet
  }

  /// Reads what is there now.
  borrowing func chunk() throws(FileError) -> Chunk {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    let count = readSome(descriptor, into: &buffer)
    if count == 0 { return .end }
    if count > 0 { return .bytes(Array(buffer.prefix(count))) }
    guard errno == EAGAIN else { throw FileError(.read, path) }
    return .notYet
  }

  /// Writes all of `bytes` and waits until the disk has them.
  borrowing func store(_ bytes: [UInt8]) throws(FileError) {
    guard writeAll(bytes, to: descriptor), fsync(descriptor) == 0 else {
      throw FileError(.write, path)
    }
  }
}

extension stat {
  /// Whether it is a file with bytes in it, no folder, pipe or device.
  var isRegularFile: Bool { st_mode & S_IFMT == S_IFREG }
  /// Whether it is a pipe or a terminal, which can be read once.
  var isStream: Bool { st_mode & S_IFMT == S_IFIFO || st_mode & S_IFMT == S_IFCHR }
  /// Whether someone beside the owner may read it.
  var isReadableByOthers: Bool { isRegularFile && st_mode & (S_IRGRP | S_IROTH) != 0 }
  /// What it is, for a message.
  var kind: String {
    switch st_mode & S_IFMT {
    case S_IFDIR: "a directory"
    case S_IFIFO: "a pipe"
    case S_IFCHR, S_IFBLK: "a device"
    case S_IFSOCK: "a socket"
    default: "something else"
    }
  }
}
