import Glibc

/// A child process whose controlling terminal is a fresh pseudo-terminal.
///
/// `POSIX_SPAWN_SETSID` makes the child a session leader without a terminal; the replica, opened
/// by its name, then becomes its controlling terminal. So Ctrl-C, Ctrl-Z and changes of the size
/// behave as they do for a person. The environment is what is given and nothing else.
///
/// Nothing here sleeps: every wait is for output, the terminal's modes or the child's end, and
/// ends at one deadline with the transcript in the failure.
final class PseudoTerminal {
  enum Failure: Error, CustomStringConvertible {
    case system(String, CInt)
    case timeout(waitingFor: String, transcript: String)
    case closed(waitingFor: String, transcript: String)

    var description: String {
      switch self {
      case .system(let call, let code): "\(call): \(String(cString: strerror(code)))"
      case .timeout(let wanted, let transcript):
        "no \(wanted.debugDescription) in time; the transcript is\n\(transcript)"
      case .closed(let wanted, let transcript):
        "the child ended before \(wanted.debugDescription); the transcript is\n\(transcript)"
      }
    }
  }

  let pid: pid_t
  /// What the child has written, without escape sequences and carriage returns.
  private(set) var transcript = ""
  /// What the child has written, byte for byte.
  private(set) var bytes: [UInt8] = []

  private let primary: CInt
  private let deadline: Duration
  private var matched = 0
  private var filter = EscapeFilter()
  private var status: CInt?
  private var isClosed = false

  /// - Parameters:
  ///   - arguments: The program's path and its arguments.
  ///   - deadline: How long one wait may take; long, as only a failure uses it up.
  init(
    _ arguments: [String],
    environment: [String: String],
    folder: String? = nil,
    columns: Int = 80,
    rows: Int = 24,
    deadline: Duration = .seconds(20)
  ) throws {
    let terminal = try Self.openTerminal(columns: columns, rows: rows)
    defer { close(terminal.replica) }
    do {
      pid = try Self.spawn(
        arguments,
        environment: environment,
        folder: folder,
        terminal: terminal.name
      )
    } catch {
      close(terminal.primary)
      throw error
    }
    (primary, self.deadline) = (terminal.primary, deadline)
  }

  deinit {
    if status == nil {
      kill(pid, SIGKILL)
      var status: CInt = 0
      waitpid(pid, &status, 0)
    }
    close(primary)
  }

  /// Types keys; what the terminal has no room for yet is typed while output is read.
  func type(_ keys: String) throws { try type(Array(keys.utf8)) }

  /// The same, for keys that send no UTF-8.
  func type(_ keys: [UInt8]) throws {
    var rest = keys[...]
    while !rest.isEmpty {
      var poller = pollfd(fd: primary, events: Int16(POLLIN | POLLOUT), revents: 0)
      guard poll(&poller, 1, milliseconds) > 0 else { throw timeout("room to type") }
      if poller.revents & Int16(POLLIN) != 0 { _ = look(for: 0) }
      guard poller.revents & Int16(POLLOUT) != 0 else { continue }
      // Small pieces, as a full terminal blocks the writer whatever it has promised.
      let count = rest.prefix(512).withUnsafeBytes { write(primary, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Failure.system("write", errno) }
      rest = rest.dropFirst(count)
    }
  }

  /// Reads until a text appears behind the last match.
  ///
  /// - Returns: What was read since then, the text included.
  @discardableResult
  func expect(_ text: String) throws -> String {
    var found: String?
    try wait(for: text) {
      found = self.match(text)
      return found != nil
    }
    return found ?? ""
  }

  /// Waits for a prompt, and until keys are read one by one.
  ///
  /// Typed before, they would be echoed by the kernel as well.
  @discardableResult
  func prompt(_ text: String) throws -> String {
    let read = try expect(text)
    try wait(for: "raw mode") { self.modes.c_lflag & tcflag_t(ICANON | ECHO) == 0 }
    return read
  }

  /// Waits until a claim holds; the child's output is read meanwhile.
  func wait(for wanted: String, until holds: () throws -> Bool) throws {
    let end = ContinuousClock.now + deadline
    while try !holds() {
      guard ContinuousClock.now < end else { throw timeout(wanted) }
      if !look(for: 5), isClosed, try !holds() {
        throw Failure.closed(waitingFor: wanted, transcript: transcript)
      }
    }
  }

  /// The modes the terminal has now.
  var modes: termios {
    var modes = termios()
    _ = tcgetattr(primary, &modes)
    return modes
  }

  func resize(columns: Int, rows: Int) {
    var size = winsize(
      ws_row: UInt16(rows),
      ws_col: UInt16(columns),
      ws_xpixel: 0,
      ws_ypixel: 0
    )
    _ = ioctl(primary, UInt(TIOCSWINSZ), &size)
  }

  func send(_ signal: CInt) { kill(pid, signal) }

  /// Waits for the child's end: its status, or 128 and the signal's number as shells say it.
  func exitStatus() throws -> CInt {
    let end = ContinuousClock.now + deadline
    while status == nil {
      guard ContinuousClock.now < end else { throw timeout("the child's end") }
      // A child that still writes would wait for a reader for ever.
      if !look(for: 5), isClosed { _ = poll(nil, 0, 1) }
      var raw: CInt = 0
      if waitpid(pid, &raw, WNOHANG) == pid { status = raw }
    }
    while look(for: 0) {}
    let raw = status ?? 0
    return raw & 0x7F == 0 ? (raw >> 8) & 0xFF : 128 + raw & 0x7F
  }

  private func match(_ text: String) -> String? {
    let rest = Array(transcript.utf8)[matched...]
    guard let place = rest.firstRange(of: Array(text.utf8)) else { return nil }
    defer { matched = place.upperBound }
    return String(decoding: rest[..<place.upperBound], as: UTF8.self)
  }

  /// Takes what the child has written; false when nothing came.
  private func look(for milliseconds: CInt) -> Bool {
    guard !isClosed else { return false }
    var poller = pollfd(fd: primary, events: Int16(POLLIN), revents: 0)
    guard poll(&poller, 1, milliseconds) > 0 else { return false }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = read(primary, &buffer, buffer.count)
    guard count > 0 else {
      isClosed = errno != EINTR
      return false
    }
    bytes += buffer[..<count]
    transcript += filter.text(of: buffer[..<count])
    return true
  }

  private func timeout(_ wanted: String) -> Failure {
    .timeout(waitingFor: wanted, transcript: transcript)
  }

  private var milliseconds: CInt { CInt(deadline.components.seconds * 1000) }
}
