#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension StateFileStore {
  /// Where a connection is to be recorded.
  enum Target {
    case file(Entry)
    case foreign(Outcome)
  }

  /// The instance's file that knows the connection, else its first file, else a new local one.
  ///
  /// A broken azure file is in nobody's way; a broken local one would have to be overwritten.
  func target(
    for connection: StateFile.Connection,
    of url: ServerURL
  ) throws(StateFileError) -> Target {
    let own = read().entries.filter { $0.file.belongs(to: url) }
    let holder = own.first {
      $0.file.connection(plugin: connection.plugin, id: connection.id) != nil
    }
    if let entry = holder ?? own.first { return .file(entry) }
    if let local = try readFile(Self.localName) {
      return .foreign(.foreign(path: local.path, backend: local.file.displayedBackend))
    }
    return .file(Entry(path: path(Self.localName), file: StateFile(instance: url)))
  }

  private func path(_ name: String) -> String {
    folder + (folder.hasSuffix("/") ? "" : "/") + name
  }

  func readFile(_ name: String) throws(StateFileError) -> Entry? {
    let path = path(name)
    // Every command that shows connections looks for both files; mostly there is none.
    if access(path, F_OK) != 0, errno == ENOENT { return nil }
    let bytes: [UInt8]?
    do throws(FileError) {
      // A hundred bytes a connection: a large installation has more than a mebibyte of them.
      bytes = try StoredFile(path).read(limit: 64 << 20)?.bytes
    } catch {
      throw .file(error)
    }
    guard let bytes else { return nil }
    do throws(StateFileFault) {
      return Entry(path: path, file: try StateFile(parsing: bytes))
    } catch {
      throw .broken(path: path, error)
    }
  }

  /// What tells that a file is another one than before: each is replaced as a whole.
  package struct Stamp: Equatable, Sendable {
    private let inode: UInt64
    private let size: Int
    private let seconds: Int
    private let nanoseconds: Int

    /// The stamp of the file at `path`; `nil`: there is none.
    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      inode = UInt64(status.st_ino)
      size = Int(status.st_size)
      seconds = Int(status.st_mtim.tv_sec)
      nanoseconds = Int(status.st_mtim.tv_nsec)
    }
  }

  /// The stamps of the files, so that they are read again only when one has changed.
  package var stamps: [Stamp?] { Self.fileNames.map { Stamp(path($0)) } }

  func write(_ entry: Entry) throws(StateFileError) {
    do throws(FileError) {
      try StoredFile(entry.path).replace(with: entry.file.bytes)
    } catch {
      throw .file(error)
    }
  }

  /// Runs `body` while no other shell changes these files, wherever links lead them.
  func locked<Result>(
    patience: Duration,
    _ body: () throws(StateFileError) -> Result
  ) throws(StateFileError) -> Result {
    let folders = Set(([folder] + Self.fileNames.map { StoredFile(path($0)).folder }).map(real))
    var locks: [FileLock] = []
    defer { for lock in locks { lock.release() } }
    let end = ContinuousClock.now + patience
    // Always in the same order, so that two shells never wait for each other.
    for folder in folders.sorted() {
      do throws(FileError) {
        locks.append(try FileLock.acquire(folder: folder, patience: end - .now))
      } catch {
        throw .file(error)
      }
    }
    return try body()
  }

  private func real(_ folder: String) -> String { StoredFile(folder).path }

  /// The time now in RFC 3339, UTC: `2026-11-22T13:07:15Z`.
  var timestamp: String {
    var seconds = now?() ?? time(nil)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let date = "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
    return "\(date)T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
  }
}
