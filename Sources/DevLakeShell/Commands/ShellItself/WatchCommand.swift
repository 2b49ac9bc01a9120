import DevLakeKit

/// Repeats a command: `watch 5 test all`.
struct WatchCommand: ScriptCommand {
  let signature = Signature(
    name: "watch",
    abstract: "Repeat a command every so many seconds, and mark what changed",
    discussion: """
      Every word from COMMAND on is that command's own; options of watch stand before it. A line \
      above each result says when it was and what changed; changed lines are marked. On a terminal \
      a result that is the same as before is not shown again. A run that fails does not end it, a \
      mistake in COMMAND does. Ctrl-C ends it.
      """,
    arguments: [
      .init(name: "SECONDS", kind: .interval),
      .init(name: "COMMAND", kind: .commandLine, isRepeated: true),
    ],
    options: [
      .init(name: "until-ok", kind: .flag, help: "end with the first run that succeeds"),
      .init(
        name: "count",
        kind: .integer(1...1_000_000),
        placeholder: "N",
        help: "end after N runs, with the exit code of the last"
      ),
      .init(name: "changes", kind: .flag, help: "show a result only when it changed"),
    ],
    examples: [
      .init(input: "watch 5 test all", purpose: "until Ctrl-C"),
      .init(
        input: "watch --until-ok --count 60 5 test jenkins/1",
        purpose: "waits up to five minutes for it to pass"
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
        "'watch' never ends, so its result would go nowhere",
        at: call.whole,
        help: "give --count N or --until-ok"
      )
    }
    var watch = Watch(
      interpreter: interpreter,
      frame: frame,
      showsChangesOnly: call.flag("changes")
    )
    while true {
      let code = try await watch.run(inner)
      if interpreter.isEnding || code == .usage || code == .unasked { return code }
      if call.flag("until-ok"), code.isSuccess { return code }
      if let count, watch.runs >= count { return code }
      interpreter.console.flush()
      do {
        try await interpreter.session.world.pause(.seconds(seconds))
      } catch {
        throw .interrupted
      }
    }
  }
}
