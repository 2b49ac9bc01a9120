import Glibc

/// A file that tells of a rotation of several connections, named as its run in the log.
///
/// It goes when the rotation has come to its end. Until then it is locked, and the lock ends with the
/// process, however that ends: a file that is left and not locked tells of a rotation that was cut off.
package final class RotationMark: Sendable {
  private let path: String
  private let descriptor: Int32

  /// Makes the mark.
  ///
  /// - Parameters:
  ///   - run: ``ChangeJournal/run`` of the rotation.
  ///   - folder: The folder of the log.
  /// - Returns: `nil` where the file cannot be made: the log is then not to be had either.
  package init?(of run: String, instance: String, in folder: String) {
    path = Self.folder(folder) + "/" + run
    AuditLog.makeFolders(to: path)
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return nil }
    flock(descriptor, LOCK_EX | LOCK_NB)
    let line = Array((instance + "\n").utf8)
    guard write(descriptor, line, line.count) == line.count, fsync(descriptor) == 0 else {
      unlink(path)
      return nil
    }
  }

  deinit { if descriptor >= 0 { closeUnlocked(descriptor) } }

  /// The rotation has come to its end.
  package func end() { unlink(path) }

  /// The runs of rotations of a DevLake that were cut off.
  package static func cutOff(of instance: String, in folder: String) -> [String] {
    let folder = self.folder(folder)
    return AttemptMarker.unheld(in: folder).filter { run in
      guard let bytes = try? StoredFile(exactly: folder + "/" + run).read(limit: 1 << 16)?.bytes
      else { return false }
      return bytes == Array((instance + "\n").utf8)
    }
  }

  /// Forgets rotations that were cut off.
  package static func remove(_ runs: [String], in folder: String) {
    for run in runs { unlink(self.folder(folder) + "/" + run) }
  }

  private static func folder(_ folder: String) -> String { folder + "/rotations" }
}
