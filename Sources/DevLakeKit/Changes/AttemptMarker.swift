import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that is there, and locked, while a program has writes under way.
///
/// The lock ends with the process, however that ends, and in every container: a number of a process
/// would mean another one in the next. A file that is left and not locked tells that someone was
/// killed between the two lines of an attempt in the log.
final class AttemptMarker: Sendable {
  /// What the attempts of this program are called by.
  let name: String
  private let folder: String
  private let state = Mutex<(count: Int, descriptor: Int32)>((0, -1))

  init(folder: String) {
    self.folder = folder + "/attempts"
    name = "\(getpid())-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
  }

  deinit {
    let descriptor = state.withLock { $0.descriptor }
    if descriptor >= 0 { closeUnlocked(descriptor) }
  }

  private var path: String { folder + "/" + name }

  /// One more write is under way.
  ///
  /// Where the file cannot be made nothing is said: the log itself is then not available either.
  func hold() {
    state.withLock { state in
      state.count += 1
      guard state.descriptor < 0 else { return }
      mkdir(folder, 0o700)
      let flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
      var descriptor = open(path, flags, 0o600)
      if descriptor < 0, errno == ENOENT {
        AuditLog.makeFolders(to: path)
        descriptor = open(path, flags, 0o600)
      }
      guard descriptor >= 0 else { return }
      flock(descriptor, LOCK_EX | LOCK_NB)
      state.descriptor = descriptor
    }
  }

  /// One fewer; with the last the file goes.
  func release() {
    state.withLock { state in
      state.count -= 1
      guard state.count == 0, state.descriptor >= 0 else { return }
      unlink(path)
      closeUnlocked(state.descriptor)
      state.descriptor = -1
    }
  }

  /// The names of the marks nobody holds any more.
  static func abandoned(in folder: String) -> [String] {
    unheld(in: folder + "/attempts")
  }

  /// The names of the files in a folder that nobody holds a lock of, in their order.
  static func unheld(in folder: String) -> [String] {
    guard let listing = opendir(folder) else { return [] }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard !name.hasPrefix("."), isAbandoned(folder + "/" + name) else { continue }
      names.append(name)
    }
    return names.sorted()
  }

  private static func isAbandoned(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { closeUnlocked(descriptor) }
    return flock(descriptor, LOCK_EX | LOCK_NB) == 0
  }

  /// Takes an abandoned mark away once its attempts are settled.
  static func remove(_ name: String, in folder: String) { unlink(folder + "/attempts/" + name) }
}
