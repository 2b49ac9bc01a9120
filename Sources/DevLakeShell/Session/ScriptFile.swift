#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Script files on disk.
enum ScriptFile {
  /// The text of a file, without the byte order mark some editors put before it; one that cannot be
  /// read is a mistake of usage.
  ///
  /// - Parameter mustBeUTF8: Whether any other text is a mistake, as data is: the parser finds it in a
  ///   script itself.
  static func read(
    _ path: String,
    shownAs name: String,
    mustBeUTF8: Bool = false
  ) throws(Failure) -> String {
    guard !path.utf8.contains(0) else { throw .usage("'\(name)' is not a file name") }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(name) }
    defer { close(descriptor) }
    guard let bytes = StandardInput.readAll(descriptor) else { throw unreadable(name) }
    if mustBeUTF8, String(validating: bytes, as: UTF8.self) == nil {
      throw .usage("'\(name)' is not UTF-8")
    }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    return String(decoding: bytes.dropFirst(bytes.starts(with: mark) ? 3 : 0), as: UTF8.self)
  }

  /// Whether someone beside the owner may read a file.
  static func isReadableByOthers(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      && status.st_mode & (S_IRGRP | S_IROTH) != 0
  }

  /// The path without links, so that one file has one name.
  static func identity(of path: String) -> String {
    guard let found = realpath(path, nil) else { return path }
    defer { free(found) }
    return String(cString: found)
  }

  private static func unreadable(_ name: String) -> Failure {
    .usage("cannot read '\(name)': \(String(cString: strerror(errno)).lowercased())")
  }
}
