#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What the file system refused, as data; `description` is one line for a person.
@nonexhaustive
public enum FileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was tried with a file.
  public enum Action: String, Sendable {
    case read
    case write
    case delete
    case lock
  }

  /// Nothing has that name.
  case missing(path: String)
  /// The name belongs to something else, for example `"a directory"`.
  case notAFile(path: String, kind: String)
  /// The file has more bytes than it may have.
  case tooLarge(path: String, limit: Int)
  /// Another program held the lock for the whole time that was allowed.
  case locked(path: String)
  /// The system said no; `reason` is its own text, for example `"Permission denied"`.
  case refused(Action, path: String, reason: String)

  /// The file it is about.
  public var path: String {
    switch self {
    case .missing(let path), .notAFile(let path, _), .tooLarge(let path, _), .locked(let path),
      .refused(_, let path, _):
      path
    }
  }

  /// What happened, in one line.
  public var description: String {
    switch self {
    case .missing(let path): "no file '\(path)'"
    case .notAFile(let path, let kind): "'\(path)' is \(kind), not a file"
    case .tooLarge(let path, let limit): "'\(path)' is larger than \(limit / 1024) KiB"
    case .locked(let path): "another program has locked '\(path)'; try again"
    case .refused(let action, let path, let reason): "cannot \(action) '\(path)': \(reason)"
    }
  }

  /// The error for the `errno` a call has left behind.
  init(_ action: Action, _ path: String, code: Int32 = errno) {
    self =
      code == ENOENT && action == .read
      ? .missing(path: path)
      : .refused(action, path: path, reason: String(cString: strerror(code)))
  }
}
