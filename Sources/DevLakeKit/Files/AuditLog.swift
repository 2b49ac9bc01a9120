#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The record of what was changed from this machine: one JSON line per change, in the order made.
///
/// Each line is on the disk before the caller goes on; shells at once lose no line. The file is the
/// owner's only (0600) and never a link or device.
public struct AuditLog: Sendable {
  private let path: String

  /// Creates an audit log with the file's path; its folder is made with mode 0700 when it is missing.
  public init(path: String) { self.path = path }

  /// What was read of the log.
  public struct Contents: Sendable {
    /// Every record, oldest first.
    public var records: [JSONObject] = []
    /// The numbers of the lines that are none, from 1: cut by a full disk, or written by hand.
    public var brokenLines: [Int] = []

    /// An empty log.
    public init() {}
  }

  /// Appends one record.
  ///
  /// - Throws: ``FileError`` when it cannot be written.
  public func append(_ record: JSONObject) throws(FileError) {
    let file = try opened()
    let deadline = LockPatience.deadline(for: path, usual: .seconds(10))
    while try !Self.lock(file.descriptor, path) {
      // Ctrl-C ends the wait, never the first attempt: a finished change is still to be recorded.
      guard !Task.isCancelled else { throw .locked(path: path) }
      guard ContinuousClock.now < deadline else {
        LockPatience.giveUp(path)
        throw .locked(path: path)
      }
      usleep(1000)
    }
    LockPatience.isFree(path)
    defer { flock(file.descriptor, LOCK_UN) }
    try Self.store([record], in: file)
  }

  /// Appends several at once, and waits for other shells as long as `patience` allows.
  ///
  /// - Throws: ``FileError`` when they cannot be written; none of them is then in the log.
  func append(_ records: [JSONObject], _ budget: LockBudget) async throws(FileError) {
    let file = try opened()
    let descriptor = file.descriptor
    // One that was held for a whole wait is tried once.
    let isHeldForEver = LockPatience.deadline(for: path, usual: .seconds(1)) <= .now
    let patience = isHeldForEver ? LockBudget(.zero) : budget
    let isLocked = try await patience.acquire { () throws(FileError) -> Bool? in
      try Self.lock(descriptor, path) ? true : nil
    }
    guard isLocked == true else {
      if !Task.isCancelled { LockPatience.giveUp(path) }
      throw .locked(path: path)
    }
    LockPatience.isFree(path)
    defer { flock(descriptor, LOCK_UN) }
    try Self.store(records, in: file)
  }

  private func opened() throws(FileError) -> OpenFile {
    Self.makeFolders(to: path)
    let file = try OpenFile(
      path,
      O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW,
      mode: 0o600,
      action: .write
    )
    guard try file.status().isRegularFile else { throw FileError(.write, path, code: EINVAL) }
    return file
  }

  /// One attempt; another shell has it when it fails.
  private static func lock(_ descriptor: Int32, _ path: String) throws(FileError) -> Bool {
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      guard errno == EWOULDBLOCK else { throw FileError(.lock, path) }
      return false
    }
    return true
  }

  private static func store(
    _ records: [JSONObject],
    in file: borrowing OpenFile
  ) throws(FileError) {
    // A line that was cut must not take this one with it.
    var text = endsInsideLine(file) ? "\n" : ""
    for record in records { text += JSONValue.object(record).text + "\n" }
    let end = lseek(file.descriptor, 0, SEEK_END)
    do throws(FileError) {
      try file.store(Array(text.utf8))
    } catch {
      // Half a line would be told as a broken one for ever; on a full disk it can at least go.
      if end >= 0 { ftruncate(file.descriptor, end) }
      throw error
    }
  }

  private static func endsInsideLine(_ file: borrowing OpenFile) -> Bool {
    var last: UInt8 = 0
    let end = lseek(file.descriptor, 0, SEEK_END)
    guard end > 0, pread(file.descriptor, &last, 1, end - 1) == 1 else { return false }
    return last != UInt8(ascii: "\n")
  }

  /// The records in whose lines one of some texts stands, oldest first; nothing when there is no file.
  ///
  /// Of a log of a hundred thousand lines only those are parsed that are of use.
  func records(with texts: [String]) throws(FileError) -> [JSONObject] {
    guard let bytes = try bytes() else { return [] }
    let needles = texts.map { Array($0.utf8) }
    return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let isWanted = needles.contains { Self.holds(line, $0) }
      // What is not a record is told by `audit`.
      return isWanted ? (try? JSONValue(parsing: line))?.object : nil
    }
  }

  /// Reads the log; nothing when there is no file.
  public func contents() throws(FileError) -> Contents {
    guard let bytes = try bytes() else { return Contents() }
    var contents = Contents()
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where !line.isEmpty {
      // What is not JSON object with a time is told by its number.
      if let record = (try? JSONValue(parsing: line))?.object, record["time"]?.string != nil {
        contents.records.append(record)
      } else {
        contents.brokenLines.append(index + 1)
      }
    }
    return contents
  }

  /// All of it; `nil` when there is no file.
  private func bytes() throws(FileError) -> [UInt8]? {
    let file: OpenFile
    do throws(FileError) {
      file = try OpenFile(path, O_RDONLY | O_NOFOLLOW)
    } catch {
      if access(path, F_OK) != 0, errno == ENOENT { return nil }
      throw error
    }
    guard try file.status().isRegularFile else { throw FileError(.read, path, code: EINVAL) }
    var bytes: [UInt8] = []
    while case .bytes(let chunk) = try file.chunk() { bytes += chunk }
    return bytes
  }

  private static func holds(_ line: ArraySlice<UInt8>, _ text: [UInt8]) -> Bool {
    line.withUnsafeBytes { line in
      guard var place = line.baseAddress, let first = text.first else { return false }
      let end = place + line.count
      while let found = memchr(place, Int32(first), end - place) {
        guard end - UnsafeRawPointer(found) >= text.count else { return false }
        if memcmp(found, text, text.count) == 0 { return true }
        place = UnsafeRawPointer(found) + 1
      }
      return false
    }
  }

  /// Makes the folders a file is in, each for its owner alone.
  static func makeFolders(to path: String) {
    var folder = ""
    for part in path.split(separator: "/").dropLast() {
      folder += "/" + part
      // Those that are there answer EEXIST; what is really wrong shows when the file is opened.
      mkdir(folder, 0o700)
    }
  }

  /// The time now, RFC 3339 with seconds, UTC.
  public static var now: String { Timestamp.text(systemTime(nil)) }

  /// A time in seconds since 1970, RFC 3339 with seconds, UTC.
  public static func time(_ seconds: Int) -> String { Timestamp.text(seconds) }
}

/// `time(2)`, which a method of the log hides.
private let systemTime = time
