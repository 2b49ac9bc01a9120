import DevLakeKit
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

  init(interpreter: Interpreter, frame: Frame, showsChangesOnly: Bool) {
    self.interpreter = interpreter
    self.frame = frame
    self.showsChangesOnly = showsChangesOnly
  }

  private var session: Session { interpreter.session }

  /// Runs it once and shows what came of it; a failure is told and is the code.
  mutating func run(_ command: SimpleCommand) async throws(Failure) -> ExitCode {
    let run = try await once(command)
    runs += 1
    let change = WatchedChange(from: previous, to: run)
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

  /// Whether a result that is the same as before is left out: always where a person watches.
  private var leavesOutRepetition: Bool {
    showsChangesOnly || (frame.results.areShown && interpreter.results.isTerminal)
  }

  private func once(_ command: SimpleCommand) async throws(Failure) -> WatchedRun {
    let collected = CollectedOutputs()
    var inner = frame
    inner.results = .outputs(collected)
    let showsTimes = session.showsTimes
    session.showsTimes = false
    defer { session.showsTimes = showsTimes }
    var failure: Failure?
    var code = ExitCode.success
    do throws(Failure) {
      code = try await interpreter.run(command, in: inner)
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
    let text = format.render(output, for: medium)
    write(format.isForMachines ? text : change.marked(text, for: medium))
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
  /// Whether somebody sees the results as they come.
  var areShown: Bool { if case .console = self { true } else { false } }

  /// Whether somebody sees them, at once or through the command that repeats.
  var areSeen: Bool {
    switch self {
    case .console, .outputs: true
    case .values, .text, .none: false
    }
  }
}
