import Foundation
import Glibc
import Synchronization
import Testing

@testable import DevLakeShell
@testable import LineEditing

/// A terminal for an editor in the test's own process: a script types and looks, as a person does.
///
/// The editor has a thread of its own, and so has the script: nothing else waits for them. One editor
/// at a time, as there is one terminal's guard in a process.
final class EditorTerminal: Sendable {
  private let primary: CInt
  private let replica: CInt
  private let screen: Mutex<ScreenModel>
  private let seconds = 10.0

  struct Timeout: Error, CustomStringConvertible {
    let wanted: String
    let screen: String
    var description: String { "waited for \(wanted.debugDescription), the screen is\n\(screen)" }
  }

  init(columns: Int, rows: Int) throws {
    var (primary, replica): (CInt, CInt) = (-1, -1)
    var size = winsize(
      ws_row: UInt16(rows),
      ws_col: UInt16(columns),
      ws_xpixel: 0,
      ws_ypixel: 0
    )
    try #require(openpty(&primary, &replica, nil, nil, &size) == 0)
    (self.primary, self.replica) = (primary, replica)
    screen = Mutex(ScreenModel(columns: columns, rows: rows))
  }

  deinit {
    close(primary)
    close(replica)
  }

  var modes: termios {
    var modes = termios()
    tcgetattr(replica, &modes)
    return modes
  }

  /// Types keys; what the terminal has no room for yet is typed as it is read.
  func type(_ keys: String) {
    var rest = Array(keys.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(primary, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Waits until the screen shows a text somewhere, without blanks at the rows' ends.
  func expect(_ text: String) throws { try wait(for: text) { $0.text.contains(text) } }

  /// Waits until the screen shows just this, empty rows at its end apart.
  func expectScreen(_ text: String) throws { try wait(for: text) { $0.text == text } }

  func expect(cursor column: Int, _ row: Int) throws {
    try wait(for: "cursor at \(column),\(row)") { $0.column == column && $0.row == row }
  }

  func expectRaw(_ bytes: String) throws { try wait(for: bytes) { $0.log.contains(bytes) } }

  /// Whether the editor has sent these bytes.
  func hasSeen(_ bytes: String) -> Bool { screen.withLock { $0.log.contains(bytes) } }

  /// Changes the size, as a terminal that does not wrap its rows anew.
  func resize(columns: Int, rows: Int) {
    screen.withLock { $0.resize(columns: columns, rows: rows) }
    var size = winsize(
      ws_row: UInt16(rows),
      ws_col: UInt16(columns),
      ws_xpixel: 0,
      ws_ypixel: 0
    )
    _ = ioctl(primary, UInt(TIOCSWINSZ), &size)
    // Not the controlling terminal of this process, so the kernel does not send it.
    kill(getpid(), SIGWINCH)
  }

  private func wait(for wanted: String, _ isMet: (ScreenModel) -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while !screen.withLock({ isMet($0) }) {
      guard ContinuousClock.now < deadline else {
        throw Timeout(wanted: wanted, screen: screen.withLock { $0.text })
      }
      look(for: 50)
    }
  }

  /// Takes what the editor has drawn.
  private func look(for milliseconds: CInt) {
    var poller = pollfd(fd: primary, events: Int16(POLLIN), revents: 0)
    guard poll(&poller, 1, milliseconds) > 0 else { return }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = read(primary, &buffer, buffer.count)
    guard count > 0 else { return }
    screen.withLock { $0.feed(buffer[..<count]) }
  }

  /// Runs an editor on a fresh terminal while a script uses it.
  ///
  /// The prompts are `1> `, `2> ` and so on, so that none is taken for another.
  /// - Returns: What was read, up to the end of input or `count` entries.
  static func session(
    columns: Int = 40,
    rows: Int = 10,
    settings: LineEditorSettings = LineEditorSettings(readsPreferences: false),
    count: Int = 1,
    remembered: [String] = [],
    configure: @escaping @Sendable (LineEditor) -> Void = { _ in },
    finish: @escaping @Sendable (LineEditor) -> Void = { _ in },
    script: @escaping @Sendable (EditorTerminal, LineEditorMailbox) throws -> Void
  ) async throws -> [LineEditor.Input] {
    try await withCheckedThrowingContinuation { continuation in
      queue.async {
        let result = Result {
          let terminal = try EditorTerminal(columns: columns, rows: rows)
          let editor = try #require(
            LineEditor(input: terminal.replica, output: terminal.replica, settings: settings)
          )
          configure(editor)
          for entry in remembered { editor.remember(entry) }
          defer { finish(editor) }
          return try run(editor, on: terminal, count, script)
        }
        continuation.resume(with: result)
      }
    }
  }

  private static let queue = DispatchQueue(label: "editors")

  private static func run(
    _ editor: LineEditor,
    on terminal: EditorTerminal,
    _ count: Int,
    _ script: @escaping @Sendable (EditorTerminal, LineEditorMailbox) throws -> Void
  ) throws -> [LineEditor.Input] {
    let finished = DispatchSemaphore(value: 0)
    let mailbox = editor.mailbox
    let outcome = Outcome()
    Thread.detachNewThread {
      do {
        try script(terminal, mailbox)
      } catch {
        outcome.error.withLock { $0 = error }
        // The editor must not wait for keys that never come.
        terminal.type("\u{3}")
        for _ in 0..<count { terminal.type("\u{3}\u{4}") }
      }
      finished.signal()
    }
    var inputs: [LineEditor.Input] = []
    while inputs.count < count, inputs.last != .end {
      let input = editor.read(prompt: "\(inputs.count + 1)> ")
      inputs.append(input)
      if case .line(let line) = input { editor.remember(line) }
    }
    finished.wait()
    if let error = outcome.error.withLock({ $0 }) { throw error }
    return inputs
  }

  private final class Outcome: Sendable {
    let error = Mutex<(any Error)?>(nil)
  }
}
