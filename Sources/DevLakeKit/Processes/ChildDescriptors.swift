import Glibc

/// Keeps what this process has open from its children.
///
/// The sockets of the HTTP client lack the flag that closes them (measured): a child could use the
/// connections to DevLake, and would keep them open.
enum ChildDescriptors {
  /// Sets the flag for everything but the standard streams; to be called before a child is started.
  static func withhold() {
    guard let folder = opendir("/proc/self/fd") else {
      for descriptor in (STDERR_FILENO + 1)..<1024 { withhold(descriptor) }
      return
    }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let descriptor = CInt(name), descriptor > STDERR_FILENO { withhold(descriptor) }
    }
  }

  private static func withhold(_ descriptor: CInt) {
    let flags = fcntl(descriptor, F_GETFD)
    if flags >= 0, flags & FD_CLOEXEC == 0 { _ = fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC) }
  }
}
