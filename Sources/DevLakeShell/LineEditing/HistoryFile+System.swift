#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension HistoryFile {
  static func regular(
    _ descriptor: CInt,
    path: String,
    isOwned: Bool
  ) throws(Failure) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(path, code: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular(path) }
    // An older file that others can read; one with a second name may be someone's own.
    if isOwned, status.st_mode & 0o077 != 0, status.st_nlink == 1, status.st_uid == geteuid() {
      _ = fchmod(descriptor, 0o600)
    }
    return status
  }

  /// Waits two seconds at most: a session that hangs must not hold up the others.
  static func lock(
    _ descriptor: CInt,
    shared: Bool,
    waits: Bool,
    path: String
  ) throws(Failure) {
    for _ in 0..<(waits ? 400 : 1) {
      if flock(descriptor, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 { return }
      guard errno == EWOULDBLOCK || errno == EINTR else { throw .system(path, code: errno) }
      if waits { usleep(5_000) }
    }
    throw .busy(path)
  }

  static func append(_ text: String, to descriptor: CInt, path: String) throws(Failure) {
    // Else a limit on the size of files ends the process instead of the write.
    let former = signal(SIGXFSZ, SIG_IGN)
    defer { signal(SIGXFSZ, former) }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .system(path, code: errno) }
      rest = rest.dropFirst(count)
    }
  }

  /// Makes the folders that are missing, for their owner alone; failures show at the opening.
  static func makeFolder(of path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    var folder = ""
    for (index, part) in parts.enumerated() {
      folder += index == 0 ? String(part) : "/" + part
      if !folder.isEmpty { _ = mkdir(folder, 0o700) }
    }
  }
}
