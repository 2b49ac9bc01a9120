import Glibc

/// The record of what was changed from this machine: one JSON line per change, in the order made.
///
/// Each line is on the disk before the caller goes on; shells at once lose no line. The file is the
/// owner's only (0600) and never a link or device.
public struct AuditLog: Sendable {
  private let path: String

  /// Takes the file's path; its folder is made with mode 0700 when it is missing.
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
  /// - Throws: ``FileError`` when it cannot be written; the change itself is made by then.
  public func append(_ record: JSONObject) throws(FileError) {
    makeFolder()
    let file = try OpenFile(
      path,
      O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW,
      mode: 0o600,
      action: .write
    )
    guard try file.status().isRegularFile else { throw FileError(.write, path, code: EINVAL) }
    try Self.lock(file, patience: .seconds(10))
    // A line that was cut must not take this one with it.
    let start = Self.endsInsideLine(file) ? "\n" : ""
    try file.store(Array((start + JSONValue.object(record).text + "\n").utf8))
  }

  /// Waits for other shells, but not for one that stands still.
  private static func lock(
    _ file: borrowing OpenFile,
    patience: Duration
  ) throws(FileError) {
    let deadline = LockPatience.deadline(for: file.path, usual: patience)
    while flock(file.descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EINTR || errno == EWOULDBLOCK else { throw FileError(.lock, file.path) }
      // Ctrl-C ends the wait, never the first attempt: a finished change is still to be recorded.
      guard !Task.isCancelled else { throw .locked(path: file.path) }
      guard ContinuousClock.now < deadline else {
        LockPatience.giveUp(file.path)
        throw .locked(path: file.path)
      }
      usleep(1000)
    }
    LockPatience.isFree(file.path)
  }

  private static func endsInsideLine(_ file: borrowing OpenFile) -> Bool {
    var last: UInt8 = 0
    let end = lseek(file.descriptor, 0, SEEK_END)
    guard end > 0, pread(file.descriptor, &last, 1, end - 1) == 1 else { return false }
    return last != UInt8(ascii: "\n")
  }

  /// Reads the log; nothing when there is no file.
  public func contents() throws(FileError) -> Contents {
    let file: OpenFile
    do throws(FileError) {
      file = try OpenFile(path, O_RDONLY | O_NOFOLLOW)
    } catch {
      if access(path, F_OK) != 0, errno == ENOENT { return Contents() }
      throw error
    }
    guard try file.status().isRegularFile else { throw FileError(.read, path, code: EINVAL) }
    var bytes: [UInt8] = []
    while case .bytes(let chunk) = try file.chunk() { bytes += chunk }
    var contents = Contents()
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where !line.isEmpty {
      // What is no JSON object with a time is told by its number.
      if let record = (try? JSONValue(parsing: line))?.object, record["time"]?.string != nil {
        contents.records.append(record)
      } else {
        contents.brokenLines.append(index + 1)
      }
    }
    return contents
  }

  private func makeFolder() {
    let parts = path.split(separator: "/").dropLast()
    var folder = ""
    for part in parts {
      folder += "/" + part
      // Those that are there answer EEXIST; what is really wrong shows when the file is opened.
      mkdir(folder, 0o700)
    }
  }

  /// The time now, RFC 3339 with seconds, UTC.
  public static var now: String { time(Glibc.time(nil)) }

  /// A time in seconds since 1970, RFC 3339 with seconds, UTC.
  public static func time(_ seconds: Int) -> String {
    var seconds = seconds
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let date = "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
    return "\(date)T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
  }
}
