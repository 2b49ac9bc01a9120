import LineEditing
import Synchronization

/// One line on a terminal's standard error while something takes over half a second.
///
/// How many are done, how fast, when all will be, and which is still awaited; gone without a trace when it ends, and away while
/// a person is asked. Safe from every thread.
final class ProgressLine: Sendable {
  private struct State {
    var what = ""
    var total = 0
    var done = 0
    var waiting: [String] = []
    /// The cells of what is shown; 0: nothing is.
    var cells = 0
    var isPaused = false
    /// Since when something is awaited.
    var start = ContinuousClock.now
    /// Since when those that are counted are worked on.
    var counting = ContinuousClock.now
    var ticker: Task<Void, Never>?
  }

  /// How long nothing is shown.
  private static let patience = Duration.milliseconds(500)
  private static let interval = Duration.milliseconds(250)

  private let state = Mutex(State())
  private let width: @Sendable () -> Int
  private let isUTF8: Bool
  private let write: @Sendable (String) -> Void
  private let observe: @Sendable (Step) -> Void

  /// What is told to who wants to know and has no terminal.
  enum Step: Sendable {
    case expected(Int)
    case finished(String)
  }

  /// Creates a line; `width` is called for each drawing, as the terminal's width in cells may change.
  init(
    width: @escaping @Sendable () -> Int,
    isUTF8: Bool,
    write: @escaping @Sendable (String) -> Void,
    observe: @escaping @Sendable (Step) -> Void = { _ in }
  ) {
    self.width = width
    self.isUTF8 = isUTF8
    self.write = write
    self.observe = observe
  }

  /// A command begins; nothing shows yet.
  func begin() {
    clear()
    let ticker = Task.detached { [weak self] in
      // A cancelled sleep ends the line's life.
      while (try? await Task.sleep(for: Self.interval)) != nil {
        guard let self else { return }
        self.draw(at: .now)
      }
    }
    state.withLock {
      $0.ticker?.cancel()
      $0 = State(ticker: ticker)
    }
  }

  /// Someone else has the terminal, such as a question: nothing is drawn until ``resume()``.
  func pause() {
    state.withLock { $0.isPaused = true }
    clear()
  }

  /// What was awaited before the pause is there; from now on something else is.
  func resume() {
    state.withLock { state in
      state.isPaused = false
      state.start = .now
      state.total = 0
      state.waiting = []
    }
  }

  /// Several things are worked on at once from now.
  func expect(_ names: [String]) {
    state.withLock {
      $0.total = names.count
      $0.done = 0
      $0.counting = .now
      $0.waiting = names
    }
    observe(.expected(names.count))
  }

  /// One of them is done.
  func finish(_ name: String) {
    state.withLock {
      $0.done += 1
      if let index = $0.waiting.firstIndex(of: name) { $0.waiting.remove(at: index) }
    }
    observe(.finished(name))
  }

  /// Shows a text until other text comes or a command begins.
  func say(_ text: String) {
    state.withLock { show(text, &$0) }
  }

  private func show(_ text: String, _ state: inout State) {
    let columns = max(10, width())
    // Room for the `^C` of the terminal, which would go on in the next row.
    let clipped = TerminalText.sanitized(text)
      .clipped(to: columns - 3, ellipsis: isUTF8 ? "…" : "...")
    write(start(of: state, columns) + clipped + "\u{1B}[K")
    state.cells = DisplayWidth.cells(of: clipped)
  }

  /// To where what is shown begins; a terminal that is narrower now has made more rows of it.
  private func start(of state: State, _ columns: Int) -> String {
    let rows = (state.cells + columns - 1) / columns
    return rows > 1 ? "\r\u{1B}[\(rows - 1)A\u{1B}[J" : "\r"
  }

  /// Makes room for other text on the terminal.
  func clear() {
    state.withLock { state in
      guard state.cells > 0 else { return }
      write(start(of: state, max(10, width())) + "\u{1B}[K")
      state.cells = 0
    }
  }

  /// Ctrl-C was pressed: its echo goes with the line, or what follows begins below it.
  ///
  /// - Parameter isEchoed: Whether the terminal has shown it itself.
  func passEcho(isEchoed: Bool = true) {
    state.withLock { state in
      guard state.cells > 0 else { return write(isEchoed ? "\n" : "^C\n") }
      write(start(of: state, max(10, width())) + "\u{1B}[K")
      state.cells = 0
    }
  }

  /// The command is over.
  func end() {
    state.withLock { $0.ticker?.cancel() }
    clear()
    state.withLock { $0 = State() }
  }

  /// Draws the line, if something has been awaited for long enough at that moment.
  func draw(at moment: ContinuousClock.Instant) {
    state.withLock { state in
      guard state.ticker?.isCancelled == false, !state.isPaused else { return }
      let elapsed = moment - state.start
      guard elapsed >= Self.patience else { return }
      var text = isUTF8 ? "… " : "... "
      if state.total > 1 {
        text += "\(state.done) of \(state.total)"
        let pace = Self.pace(state, moment - state.counting)
        if let pace {
          text += ", " + pace
        } else if let slow = state.waiting.first {
          text += ", waiting for \(slow)"
        }
      } else {
        text += "waiting for \(state.waiting.first ?? "DevLake")"
      }
      text += ", \(elapsed.components.seconds) s (Ctrl-C ends it)"
      show(text, &state)
    }
  }

  /// How fast, and how long the rest takes at that pace; `nil` where that tells nothing yet.
  private static func pace(_ state: State, _ elapsed: Duration) -> String? {
    guard elapsed >= .seconds(2), state.done >= 5, state.total - state.done > 1 else { return nil }
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    let rate = Double(state.done) / seconds
    let rest = Int((Double(state.total - state.done) / rate).rounded(.up))
    return "\(speed(rate)), \(time(rest)) left"
  }

  /// A rate a second in the unit in which it is not nearly nothing.
  private static func speed(_ rate: Double) -> String {
    let (number, unit) =
      switch rate {
      case 0.1...: (rate, "second")
      case (0.1 / 60)...: (rate * 60, "minute")
      default: (rate * 3600, "hour")
      }
    let shown = number < 10 ? "\((number * 10).rounded() / 10)" : "\(Int(number.rounded()))"
    return "\(shown) a \(unit)"
  }

  private static func time(_ seconds: Int) -> String {
    switch seconds {
    case ..<90: "\(seconds) s"
    case ..<5400: "\((seconds + 30) / 60) min"
    default: "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    }
  }
}
