import Glibc

extension PseudoTerminal {
  /// `POSIX_SPAWN_SETSID`, which Glibc keeps from Swift.
  private static let newSession: CInt = 0x80

  static func openTerminal(
    columns: Int,
    rows: Int
  ) throws -> (primary: CInt, replica: CInt, name: String) {
    var (primary, replica): (CInt, CInt) = (-1, -1)
    var size = winsize(
      ws_row: UInt16(rows),
      ws_col: UInt16(columns),
      ws_xpixel: 0,
      ws_ypixel: 0
    )
    guard openpty(&primary, &replica, nil, nil, &size) == 0 else {
      throw Failure.system("openpty", errno)
    }
    // Children of other tests must not keep this terminal open.
    for end in [primary, replica] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var name = [CChar](repeating: 0, count: 64)
    let code = ttyname_r(replica, &name, name.count)
    guard code == 0 else { throw Failure.system("ttyname_r", code) }
    let path = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return (primary, replica, String(decoding: path, as: UTF8.self))
  }

  static func spawn(
    _ arguments: [String],
    environment: [String: String],
    folder: String?,
    terminal: String
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    InheritedDescriptors.close(in: &actions)

    // Glibc keeps the file action for a folder from Swift, and the runner must not move itself.
    let words = folder.map { ["/usr/bin/env", "-C", $0] + arguments } ?? arguments
    let argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    let envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for string in argv + envp { free(string) } }
    var pid: pid_t = 0
    let code = SpawnAttributes.withFreshSignals(flags: newSession) { attributes in
      posix_spawn(&pid, words[0], &actions, &attributes, argv, envp)
    }
    guard code == 0 else { throw Failure.system("posix_spawn \(words[0])", code) }
    return pid
  }
}

/// Leaves the text of a terminal's bytes: no escape sequences, no carriage returns or bells.
struct EscapeFilter {
  private enum State {
    case text
    case escape
    case control
    case string
  }

  private var state = State.text
  private var incomplete: [UInt8] = []

  mutating func text(of bytes: some Sequence<UInt8>) -> String {
    for byte in bytes { take(byte) }
    // A character may come in two pieces; then its first bytes wait for the rest.
    var complete = incomplete.count
    let tail = incomplete.suffix(3)
    if let lead = tail.lastIndex(where: { $0 >= 0xC0 }) {
      let length = incomplete[lead] >= 0xF0 ? 4 : incomplete[lead] >= 0xE0 ? 3 : 2
      if lead + length > incomplete.count { complete = lead }
    }
    defer { incomplete.removeFirst(complete) }
    return String(decoding: incomplete[..<complete], as: UTF8.self)
  }

  private mutating func take(_ byte: UInt8) {
    switch (state, byte) {
    case (.text, 0x1B): state = .escape
    case (.text, 0x0D), (.text, 0x07): break
    case (.text, _): incomplete.append(byte)
    case (.escape, UInt8(ascii: "[")): state = .control
    case (.escape, UInt8(ascii: "]")): state = .string
    case (.escape, _): state = .text
    case (.control, 0x40...0x7E), (.string, 0x07): state = .text
    case (.string, 0x1B): state = .escape
    case (.control, _), (.string, _): break
    }
  }
}
