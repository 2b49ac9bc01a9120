import Glibc

/// The record of what was changed from this machine: one JSON line per change, in the order made.
///
/// Each line is on the disk before the caller goes on; shells at once lose no line. The file is the
/// owner's only (0600) and never a link or device.
public struct AuditLog: Sendable {
  private let path: String

  /// Takes the file's path; its folder is made with mode 0700 when it is missing.
  public init(path: String) { self.path = path }

  /// Appends one record.
  ///
  /// - Throws: ``FileError`` when it cannot be written; the change itself is made by then.
  public func append(_ record: JSONObject) throws(FileError) {
    makeFolder()
    let file = try OpenFile(
      path,
      O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW,
      mode: 0o600,
      action: .write
    )
    let status = try file.status()
    guard status.st_mode & S_IFMT == S_IFREG else { throw FileError(.write, path, code: EINVAL) }
    while flock(file.descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw FileError(.lock, path) }
    }
    try file.store(Array((JSONValue.object(record).text + "\n").utf8))
  }

  /// Reads every record, oldest first; lines that are none are left out.
  ///
  /// - Returns: No record when there is no file.
  public func records() throws(FileError) -> [JSONObject] {
    let file: OpenFile
    do throws(FileError) {
      file = try OpenFile(path, O_RDONLY | O_NOFOLLOW)
    } catch {
      if access(path, F_OK) != 0, errno == ENOENT { return [] }
      throw error
    }
    var bytes: [UInt8] = []
    while case .bytes(let chunk) = try file.chunk() { bytes += chunk }
    return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
      // A line cut by a full disk is no record.
      (try? JSONValue(parsing: line))?.object
    }
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
