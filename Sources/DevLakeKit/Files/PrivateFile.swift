import Glibc

/// A file for its owner alone, written in one step: for what may hold secrets.
///
/// It is never written through a link, nor in the place of somebody else's file, a folder or a device.
public struct PrivateFile: Sendable {
  private let path: String

  /// Takes the file's path.
  public init(_ path: String) { self.path = path }

  /// Makes sure that the file can be written, before what will be in it is asked for.
  public func check() throws(FileError) {
    var status = stat()
    if lstat(path, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFLNK { throw .notAFile(path: path, kind: "a link") }
      guard status.isRegularFile else { throw .notAFile(path: path, kind: status.kind) }
      guard status.st_uid == geteuid() else {
        throw .refused(.write, path: path, reason: "it belongs to somebody else")
      }
    }
    guard access(StoredFile(path).folder, W_OK | X_OK) == 0 else { throw FileError(.write, path) }
  }

  /// Puts `bytes` into it, mode 0600, in the place of what was there.
  public func write(_ bytes: [UInt8]) throws(FileError) {
    try check()
    try StoredFile(exactly: path).replace(with: bytes, keepsMode: false)
  }
}
