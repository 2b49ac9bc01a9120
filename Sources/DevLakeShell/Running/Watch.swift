import DevLakeKit
import LineEditing
import ShellLanguage

/// The runs of a command that is repeated: each is compared with the one before.
struct Watch {
  let interpreter: Interpreter
  let frame: Frame
  /// Whether a result that is the same as before is left out.
  let showsChangesOnly: Bool
  /// How often it has run.
  private(set) var runs = 0
  private var previous: WatchedRun?
  /// When the result shown last came.
  private var shownAt = ""
  /// Where a person watches; `nil`: the results are written one below the other.
  private let screen: WatchScreen?
  private let seconds: Double

  init(
    interpreter: Interpreter,
    frame: Frame,
    showsChangesOnly: Bool,
    seconds: Double,
    screen: WatchScreen?
  ) {
    self.interpreter = interpreter
    self.frame = frame
    self.showsChangesOnly = showsChangesOnly
    self.seconds = seconds
    self.screen = screen
  }

  private var session: Session { interpreter.session }

  /// Runs it once and shows what came of it; a failure is told and is the code.
  mutating func run(_ command: SimpleCommand) async throws(Failure) -> ExitCode {
    let run: WatchedRun
    if let screen {
      if runs == 0 { screen.show(status(of: command, "")) { _ in [] } }
      run = try await screen.whileRunning { () async throws(Failure) in try await once(command) }
    } else {
      run = try await once(command)
    }
    runs += 1
    let change = WatchedChange(from: previous, to: run)
    if let screen {
      show(run, change, command, on: screen)
      previous = run
      return run.code
    }
    let time = AuditLog.time(session.world.now())
    if previous == nil || change.isChange || !leavesOutRepetition {
      show(run, change, time, command)
      shownAt = time
    } else {
      session.conversation.progress?.say("\(time) the same since \(shownAt) (run \(runs))")
    }
    previous = run
    return run.code
  }

  /// What was watched to its end stays to be read when the screen is gone.
  mutating func end() {
    guard screen != nil, let run = previous else { return }
    let (change, time) = (WatchedChange(from: nil, to: run), AuditLog.time(session.world.now()))
    for element in run.elements {
      switch element {
      case .output(let output, let format): show(output, format, change)
      case .text(let text): write(text)
      case .note(let note): session.conversation.note(note)
      }
    }
    if let failure = run.failure { interpreter.report(failure, in: frame) }
    session.conversation.note("── \(time) · run \(runs)")
    previous = nil
  }

  /// The person has left: nothing is to be shown any more.
  mutating func forget() { previous = nil }

  /// Whether a result that is the same as before is left out: always where a person watches.
  private var leavesOutRepetition: Bool {
    showsChangesOnly || (frame.results.areShown && interpreter.results.isTerminal)
  }

  private func once(_ command: SimpleCommand) async throws(Failure) -> WatchedRun {
    let collected = CollectedOutputs()
    var inner = frame
    inner.results = .outputs(collected)
    // Every run would seem to differ.
    var quiet = interpreter
    quiet.session = session.scoped { $0.showsTimes = false }
    var failure: Failure?
    var code = ExitCode.success
    do throws(Failure) {
      code = try await quiet.run(command, in: inner)
    } catch {
      failure = error
      code = error.exitCode
    }
    if Task.isCancelled || code == .interrupted { throw .interrupted }
    return WatchedRun(elements: collected.elements, failure: failure, code: code)
  }

  private func show(
    _ run: WatchedRun,
    _ change: WatchedChange,
    _ time: String,
    _ command: SimpleCommand
  ) {
    session.conversation.note(
      "── \(time) · \(name(of: command)) · run \(runs)"
        + (change.summary.map { " · \($0)" } ?? "")
    )
    for element in run.elements {
      switch element {
      case .output(let output, let format): show(output, format, change)
      case .text(let text): write(text)
      case .note(let note): session.conversation.note(note)
      }
    }
    for line in change.gone { session.conversation.note("   gone: \(line)") }
    if let failure = run.failure { interpreter.report(failure, in: frame) }
  }

  /// Shows a run on the screen that the person watches.
  private mutating func show(
    _ run: WatchedRun,
    _ change: WatchedChange,
    _ command: SimpleCommand,
    on screen: WatchScreen
  ) {
    let clock = WallClock.text(session.world.now())
    if change.isChange { shownAt = clock }
    let news =
      runs == 1
      ? ""
      : change.isChange
        ? "\(change.summary ?? "changed") at \(clock)"
        : "no change since \(shownAt)"
    if let failure = run.failure { interpreter.report(failure, in: frame) }
    let said = screen.takeMessages().flatMap { $0.split(separator: "\n").map(String.init) }
    let hiding = session.heldSecrets
    screen.show(status(of: command, news)) { medium in
      Self.rows(of: run, change, for: medium, hiding: hiding.hiding)
        + said.map { .init(TerminalText.sanitized($0), drawn: $0) }
    }
  }

  private func status(of command: SimpleCommand, _ change: String) -> WatchScreen.Status {
    WatchScreen.Status(
      run: runs,
      change: change,
      command: name(of: command),
      seconds: Duration.seconds(seconds).seconds
    )
  }

  private static func rows(
    of run: WatchedRun,
    _ change: WatchedChange,
    for medium: Medium,
    hiding: (String) -> String
  ) -> [WatchScreen.Row] {
    var plain = medium
    plain.hasColor = false
    func rows(_ line: String) -> [WatchScreen.Row] {
      zip(plain.rows(line), medium.rows(line)).map { .init($0, drawn: $1) }
    }
    let result = run.elements.flatMap { element -> [WatchScreen.Row] in
      switch element {
      case .output(let output, let format):
        let (text, drawn) = (format.render(output, for: plain), format.render(output, for: medium))
        return change.rows(hiding(text), drawn: hiding(drawn), for: medium)
      case .text(let text):
        return text.split(separator: "\n", omittingEmptySubsequences: false)
          .map { .init(plain.line(String($0))) }
      case .note(let note): return rows(note)
      }
    }
    return result + change.gone.flatMap { rows("   gone: \($0)") }
  }

  /// The command as it was written, without its secrets.
  private func name(of command: SimpleCommand) -> String {
    let bytes = Array(frame.source.text.utf8)
    let (lower, upper) = (command.span.lower, min(command.span.upper, bytes.count))
    let text = lower < upper ? String(decoding: bytes[lower..<upper], as: UTF8.self) : ""
    let shown = SecretScanner(registry: interpreter.registry.signatures).redacted(text)
    return ServerText.line(shown.count > 60 ? shown.prefix(59) + "…" : shown)
  }

  private func show(_ output: Output, _ format: OutputFormat, _ change: WatchedChange) {
    if case .values(let values) = frame.results { return values.add(output.data) }
    let medium = frame.results.areShown ? interpreter.drawing : .file
    var plain = medium
    plain.hasColor = false
    let text = format.render(output, for: medium)
    write(
      format.isForMachines
        ? text : change.marked(format.render(output, for: plain), drawn: text, for: medium)
    )
  }

  private func write(_ text: String) {
    switch frame.results {
    case .console: interpreter.console.write(text)
    case .text(let collected): collected.add(text)
    case .values, .outputs, .none: break
    }
  }
}

/// What one run of a repeated command came to.
struct WatchedRun {
  let elements: [CollectedOutputs.Element]
  let failure: Failure?
  let code: ExitCode
}

extension Frame.Results {
  /// Whether someone sees the results as they come.
  var areShown: Bool { if case .console = self { true } else { false } }

  /// Whether someone sees them, at once or through the command that repeats.
  var areSeen: Bool {
    switch self {
    case .console, .outputs: true
    case .values, .text, .none: false
    }
  }
}
