import DevLakeKit
import ShellLanguage

/// Repeats a command: `watch 5 test all`.
struct WatchCommand: ScriptCommand {
  let signature = Signature(
    name: "watch",
    abstract: "Repeat a command at an interval and mark what changed",
    discussion: """
      Every word from COMMAND on is that command's own; options of watch stand before it. On a \
      terminal the last result fills the screen, below a row with the time, the run and what \
      changed; q and Ctrl-C leave it. Elsewhere such a line stands above each result. Changed lines \
      are marked. A run that fails does not end it, a mistake in COMMAND does.
      """,
    arguments: [
      .init(name: "SECONDS", kind: .interval),
      .init(name: "COMMAND", kind: .commandLine, isRepeated: true),
    ],
    options: [
      .init(name: "until-ok", kind: .flag, help: "stop after the first run that succeeds"),
      .init(
        name: "count",
        kind: .integer(1...1_000_000),
        placeholder: "N",
        help: "stop after N runs, with the exit code of the last"
      ),
      .init(name: "changes", kind: .flag, help: "show a result only if it changed"),
    ],
    examples: [
      .init(input: "watch 5 test all", purpose: "until Ctrl-C"),
      .init(
        input: "watch --until-ok --count 60 5 test jenkins/1",
        purpose: "waits up to five minutes until it passes"
      ),
    ],
    topic: .shell
  )

  func run(
    _ call: Call,
    with interpreter: Interpreter,
    in frame: Frame
  ) async throws(Failure) -> ExitCode {
    guard let inner = call.inner,
      let seconds = call.argument("SECONDS").flatMap({ Double($0.text) })
    else { throw .usage("'watch' needs SECONDS and COMMAND", at: call.whole) }
    let count = call.integer("count")
    if count == nil, !call.flag("until-ok"), !frame.results.areShown {
      throw .usage(
        "'watch' never ends, so its result would never be written",
        at: call.whole,
        help: "use --count N or --until-ok"
      )
    }
    let format = interpreter.session.settings.format
    let screen =
      frame.results.areShown && !format.isForMachines ? WatchScreen(interpreter) : nil
    var watch = Watch(
      interpreter: interpreter,
      frame: frame,
      showsChangesOnly: call.flag("changes"),
      seconds: seconds,
      screen: screen
    )
    do throws(Failure) {
      let code = try await repeated(inner, &watch, call, seconds, screen)
      screen?.leave()
      watch.end()
      return code
    } catch {
      screen?.leave()
      // Whoever leaves what they watch is not told that they did.
      guard screen != nil, error.exitCode == .interrupted else { throw error }
      // Leaving is no error to be told, and still what the last line came to.
      interpreter.session.outcome.fail(.interrupted, error.diagnostic)
      return .interrupted
    }
  }

  private func repeated(
    _ inner: SimpleCommand,
    _ watch: inout Watch,
    _ call: Call,
    _ seconds: Double,
    _ screen: WatchScreen?
  ) async throws(Failure) -> ExitCode {
    let (interpreter, count) = (watch.interpreter, call.integer("count"))
    while true {
      let code = try await watch.run(inner)
      if interpreter.isEnding || code == .usage || code == .unasked { return code }
      if call.flag("until-ok"), code.isSuccess { return code }
      if let count, watch.runs >= count { return code }
      interpreter.console.flush()
      do {
        if let screen {
          guard try await screen.wait(.seconds(seconds)) else {
            watch.forget()
            return code
          }
        } else {
          try await interpreter.session.world.pause(.seconds(seconds))
        }
      } catch {
        throw .interrupted
      }
    }
  }
}
