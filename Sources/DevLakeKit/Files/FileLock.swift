#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Gives up the `flock` of a file and closes it.
///
/// Not by closing alone: a child that is just being started has a copy of the descriptor until it
/// becomes its program, and the lock would last until then. Whoever came next was told that a lock is
/// held that nobody has.
func closeUnlocked(_ descriptor: Int32) {
  flock(descriptor, LOCK_UN)
  close(descriptor)
}

/// The right to change the small files of a folder, held by one shell at a time.
///
/// It is a `flock` on a file beside them, because a lock on a file that is replaced locks nothing.
/// The file is deleted on release; whoever waited on the deleted one notices and starts again.
struct FileLock: Sendable {
  private let descriptor: Int32
  private let path: String

  /// Waits until `folder` is ours, for at most `patience`.
  ///
  /// - Throws: ``FileError/locked(path:)`` when the time is over, ``FileError/refused(_:path:reason:)``
  ///   when nothing can be written in the folder.
  static func acquire(
    folder: String,
    patience: Duration = .seconds(10)
  ) throws(FileError) -> FileLock {
    let path = folder + "/.devlake-shell.lock"
    let deadline = LockPatience.deadline(for: path, usual: patience)
    var pause: useconds_t = 500
    while true {
      if let lock = try attempt(path, in: folder) {
        LockPatience.isFree(path)
        return lock
      }
      // Ctrl-C ends the wait, never the first attempt: a finished change is still to be recorded.
      guard !Task.isCancelled else { throw .locked(path: path) }
      guard ContinuousClock.now < deadline else {
        LockPatience.giveUp(path)
        throw .locked(path: path)
      }
      usleep(pause)
      pause = min(pause * 2, 5_000)
    }
  }

  /// Lets the next one in.
  func release() {
    // In this order: closed first, the file could be locked by the next one and then be deleted under
    // it, and a third would make a new file and have the lock as well.
    unlink(path)
    closeUnlocked(descriptor)
  }

  /// One attempt; `nil` while someone else has it.
  private static func attempt(_ path: String, in folder: String) throws(FileError) -> FileLock? {
    var descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
    if descriptor < 0, errno == EACCES {
      // Another user's lock can be waited for by reading it.
      descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      if descriptor < 0, errno == ENOENT { errno = EACCES }
    }
    guard descriptor >= 0 else { throw FileError(.write, folder) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      if code == EWOULDBLOCK || code == EINTR { return nil }
      throw FileError(.lock, path, code: code)
    }
    // A lock belongs to the file, not to its name: whoever waited on a file that was deleted in the
    // meantime has a lock that keeps nobody out.
    var held = stat()
    var named = stat()
    guard fstat(descriptor, &held) == 0, lstat(path, &named) == 0,
      held.st_ino == named.st_ino, held.st_dev == named.st_dev
    else {
      closeUnlocked(descriptor)
      return nil
    }
    return FileLock(descriptor: descriptor, path: path)
  }
}
