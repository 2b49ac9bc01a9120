#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Whether a file can be believed that decides where secrets go or what is run.
///
/// One that someone else owns, or may write, is someone else's word. A file of root's is trusted as
/// the system is. Where each user has a group of their own, with the number of the user, that group
/// is nobody else: so it is where files are made with a umask of 002.
package enum FileTrust {
  /// Why the file at `path` cannot be trusted, and what to do about it; `nil`: it can, or it is not
  /// there.
  package static func hazard(ofFileAt path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return hazard(status, path)
  }

  static func hazard(_ status: stat, _ path: String) -> String? {
    guard status.isRegularFile else { return nil }
    if status.st_uid != geteuid(), status.st_uid != 0 {
      return "it belongs to another user; run: chown \(geteuid()) '\(path)'"
    }
    let isOwnGroup = status.st_gid == status.st_uid
    if status.st_mode & S_IWOTH != 0 || (status.st_mode & S_IWGRP != 0 && !isOwnGroup) {
      return "others can write it; run: chmod go-w '\(path)'"
    }
    return nil
  }
}
