#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A regular file that is read whole and replaced whole, so that no reader ever sees half of it.
///
/// A symbolic link is written through: its target is replaced, the link stays.
package struct StoredFile: Sendable {
  /// A file's bytes, and who may see them.
  struct Contents: Sendable {
    let bytes: [UInt8]
    let isReadableByOthers: Bool
    /// Why what it says cannot be trusted, as ``FileTrust`` tells.
    let hazard: String?
  }

  /// The file itself, links followed as far as they lead.
  package let path: String

  /// The file `path` leads to, whether it exists or not.
  package init(_ path: String) {
    guard let resolved = realpath(path, nil) else {
      self.path = path
      return
    }
    self.path = String(cString: resolved)
    free(resolved)
  }

  /// The file at `path` itself, which is not a link.
  init(exactly path: String) { self.path = path }

  /// The folder the file is in.
  package var folder: String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// All of it; `nil` when there is no such file.
  func read(limit: Int = 1 << 20) throws(FileError) -> Contents? {
    do throws(FileError) {
      let file = try OpenFile(path, O_RDONLY)
      let status = try file.status()
      guard status.isRegularFile else { throw .notAFile(path: path, kind: status.kind) }
      var bytes: [UInt8] = []
      while case .bytes(let chunk) = try file.chunk() {
        bytes += chunk
        guard bytes.count <= limit else { throw .tooLarge(path: path, limit: limit) }
      }
      return Contents(
        bytes: bytes,
        isReadableByOthers: status.isReadableByOthers,
        hazard: FileTrust.hazard(status, path)
      )
    } catch .missing {
      return nil
    }
  }

  /// All of a file that decides where secrets go or what is run; `nil` when there is none.
  ///
  /// - Throws: ``FileError/refused(_:path:reason:)`` where others own it or may write it.
  func readTrusted(limit: Int = 1 << 20) throws(FileError) -> Contents? {
    let contents = try read(limit: limit)
    if let hazard = contents?.hazard { throw .refused(.read, path: path, reason: hazard) }
    return contents
  }

  /// Puts `bytes` in the file's place in one step; a new file is for its owner alone.
  ///
  /// - Parameter keepsMode: Whether those who could see the old file see this one.
  package func replace(with bytes: [UInt8], keepsMode: Bool = true) throws(FileError) {
    var old = stat()
    let exists = lstat(path, &old) == 0
    if exists, !old.isRegularFile {
      // `init` has followed every link that leads somewhere, so this one does not.
      let isLink = old.st_mode & S_IFMT == S_IFLNK
      throw .notAFile(path: path, kind: isLink ? "a dangling link" : old.kind)
    }
    removeLeftovers()
    let temporary = path + ".\(getpid()).\(UInt32.random(in: 0...UInt32.max)).tmp"
    do throws(FileError) {
      let file = try OpenFile(
        temporary,
        O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
        mode: 0o600,
        action: .write
      )
      if exists, keepsMode { Self.keepOwnerAndMode(of: old, for: file.descriptor) }
      // On the disk before it has the name: some file systems do the rename first, and after a loss of
      // power the name would lead to an empty file.
      try file.store(bytes)
      guard rename(temporary, path) == 0 else { throw FileError(.write, path) }
    } catch {
      unlink(temporary)
      // The person knows the file, not the name beside it.
      if case .refused(_, _, let reason) = error {
        throw .refused(.write, path: path, reason: reason)
      }
      throw error
    }
    syncFolder()
  }

  /// Deletes the file; that it was gone already is no error.
  func delete() throws(FileError) {
    guard unlink(path) == 0 || errno == ENOENT else { throw FileError(.delete, path) }
    syncFolder()
  }

  /// Deletes what a shell that was killed while it replaced the file has left beside it: an env
  /// file's secrets must not stay in a copy nobody knows.
  private func removeLeftovers() {
    guard let listing = opendir(folder) else { return }
    defer { closedir(listing) }
    let prefix = path.dropFirst(folder == "/" ? 1 : folder.utf8.count + 1) + "."
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasPrefix(prefix), name.hasSuffix(".tmp") else { continue }
      let parts = name.dropFirst(prefix.count).split(separator: ".")
      guard parts.count == 3, let owner = pid_t(parts[0]), UInt32(parts[1]) != nil else { continue }
      // Signal 0 only asks. EPERM is the process of another user, so only ESRCH means that it is gone;
      // a number that was given to another process since keeps the copy until the next time.
      guard kill(owner, 0) != 0, errno == ESRCH else { continue }
      unlink(folder + "/" + name)
    }
  }

  /// A group that cannot be kept must not hand its rights to another.
  ///
  /// Only root may give a file away; anyone may give it to a group of their own, so that is tried
  /// alone. `fchown` comes first because it clears the set-ID bits, which `mode` leaves out anyway.
  private static func keepOwnerAndMode(of old: stat, for descriptor: Int32) {
    var mode = old.st_mode & 0o777
    if fchown(descriptor, old.st_uid, old.st_gid) != 0,
      fchown(descriptor, uid_t.max, old.st_gid) != 0
    {
      mode &= 0o707
    }
    fchmod(descriptor, mode)
  }

  /// A rename is on the disk only when its folder is; some file systems cannot, and then it waits.
  private func syncFolder() {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
