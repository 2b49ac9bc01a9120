import DevLakeKit
import LineEditing
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The screen a person watches: the last result, below a row that tells the time, the run and what
/// changed.
///
///     14:03:59  run 12  no change since 14:03:09  test all  (every 5 s, q leaves)
///
/// It is drawn again each second and when the window has another size. What does not fit is left out
/// above: what failed and how many did are at the end of a result.
final class WatchScreen {
  /// One row of a result.
  struct Row: Sendable, Equatable {
    var plain: String
    /// The same with its styles.
    var drawn: String

    init(_ plain: String, drawn: String? = nil) {
      self.plain = plain
      self.drawn = drawn ?? plain
    }
  }

  /// What the row above the result tells.
  struct Status: Sendable, Equatable {
    var run: Int
    var change: String
    var command: String
    var seconds: String
  }

  private let typing: HiddenTyping
  private let interpreter: Interpreter
  private let messages = SaidMessages()
  /// How the rows of the last result are made for a medium; `nil` before the first one.
  private var rows: ((Medium) -> [Row])?
  private var status = Status(run: 0, change: "", command: "", seconds: "")

  /// Takes the screen; `nil` where there is none, or it cannot be drawn on.
  init?(_ interpreter: Interpreter) {
    let session = interpreter.session
    // Where no progress is shown the terminal is a dumb one, or nothing is to be said.
    guard let typing = session.conversation.typing, session.conversation.progress != nil,
      session.world.screenRows?() != nil, session.world.screenColumns?() != nil,
      interpreter.messages.isTerminal, typing.takeScreen()
    else { return nil }
    (self.typing, self.interpreter) = (typing, interpreter)
    let messages = messages
    interpreter.console.divert { messages.add($0) }
  }

  /// Gives the screen back, as it was before.
  func leave() {
    interpreter.console.divert(to: nil)
    typing.leaveScreen()
  }

  /// Runs the command, which `q` ends as Ctrl-C does.
  func whileRunning<Answer, Failure: Error>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws(Failure) -> Answer
  ) async throws(Failure) -> Answer {
    let watch = Self.interruptOnQuit(typing)
    defer { watch.cancel() }
    return try await body()
  }

  /// Interrupts the program when a key leaves the screen, as Ctrl-C does.
  ///
  /// Its own function: the compiler's check of regions cannot read the closure inside a function
  /// that inherits its isolation.
  private static func interruptOnQuit(_ typing: HiddenTyping) -> Task<Void, Never> {
    Task.detached {
      // A cancelled sleep ends the watch.
      while (try? await Task.sleep(for: interval)) != nil {
        if leaves(typing.keys()) {
          kill(getpid(), SIGINT)
          return
        }
      }
    }
  }

  /// What was said since the last look, such as warnings; they would be drawn over.
  func takeMessages() -> [String] { messages.take() }

  /// Shows another result.
  func show(_ status: Status, _ rows: @escaping (Medium) -> [Row]) {
    (self.status, self.rows) = (status, rows)
    draw()
  }

  /// Waits that long with the clock going on; false when the person leaves.
  func wait(_ duration: Duration) async throws -> Bool {
    let end = ContinuousClock.now + duration
    var drawn = ""
    while true {
      if Self.leaves(typing.keys()) { return false }
      let rest = ContinuousClock.now.duration(to: end)
      guard rest > .zero else { return true }
      let now = "\(interpreter.session.world.now()) \(size)"
      if now != drawn { draw() }
      drawn = now
      try await interpreter.session.world.pause(min(rest, Self.interval))
    }
  }

  private static let interval = Duration.milliseconds(100)

  private static func leaves(_ keys: [UInt8]) -> Bool {
    keys.contains(UInt8(ascii: "q")) || keys.contains(UInt8(ascii: "Q"))
  }

  private var size: (rows: Int, columns: Int) {
    let world = interpreter.session.world
    return (world.screenRows?() ?? 24, world.screenColumns?() ?? 80)
  }

  private func draw() {
    var medium = interpreter.drawing
    let (height, width) = size
    medium.width = width
    let result = rows?(medium) ?? []
    let clock = WallClock.text(interpreter.session.world.now())
    let lines = Self.lines(status, at: clock, result, height: height, for: medium)
    let text = lines.map { $0 + "\u{1B}[K" }.joined(separator: "\n")
    // The last row is left to what shows progress.
    interpreter.console.write("\u{1B}[H\(text)\u{1B}[J\u{1B}[\(height);1H")
    interpreter.console.flush()
  }

  /// All rows of the screen but the last.
  static func lines(
    _ status: Status,
    at clock: String,
    _ result: [Row],
    height: Int,
    for medium: Medium
  ) -> [String] {
    let width = medium.width ?? 80
    let parts = [
      clock, status.run == 0 ? "asking" : "run \(status.run)", status.change, status.command,
      "(every \(status.seconds) s, q leaves)",
    ]
    let head = medium.line(parts.filter { !$0.isEmpty }.joined(separator: "  "))
      .clipped(to: width, ellipsis: medium.ellipsis)
    var lines = [TextStyle.bold.applied(to: head, isOn: medium.hasColor)]
    let room = max(1, height - 3)
    var shown = result[...]
    if result.count > room {
      let left = result.count - room + 1
      let note = medium.line("… \(left) more above")
      lines.append(TextStyle.faint.applied(to: note, isOn: medium.hasColor))
      shown = result.suffix(room - 1)
    } else {
      lines.append("")
    }
    for row in shown {
      let fits = DisplayWidth.cells(of: row.plain) <= width
      lines.append(fits ? row.drawn : row.plain.clipped(to: width, ellipsis: medium.ellipsis))
    }
    return Array(lines.prefix(max(1, height - 1)))
  }
}

/// What was said while the screen was taken.
private final class SaidMessages: Sendable {
  private let texts = Mutex<[String]>([])

  func add(_ text: String) { texts.withLock { $0.append(text) } }

  func take() -> [String] {
    texts.withLock { texts in
      defer { texts = [] }
      return texts
    }
  }
}
