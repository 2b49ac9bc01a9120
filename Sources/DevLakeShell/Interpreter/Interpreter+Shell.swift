import DevLakeKit
import ShellLanguage

/// What leaves the shell: `!command`, `| command`, `> file`.
extension Interpreter {
  /// Runs `!TEXT`; its output goes where results go.
  func runSystem(_ text: Located<String>, in frame: Frame) async throws(Failure) -> ExitCode {
    try refuseIfRestricted(.system, at: text.span, frame)
    return try await runShell(text, input: nil, frame)
  }

  /// Runs a command, then hands its result to a shell command.
  ///
  /// A command without a result starts no reader. Its own failure counts before the reader's.
  func run(
    _ simple: SimpleCommand,
    pipedTo text: Located<String>,
    _ frame: Frame
  ) async throws(Failure) -> ExitCode {
    try refuseIfRestricted(.pipe, at: text.span, frame)
    let collected = CollectedResults()
    var inner = frame
    inner.results = .text(collected)
    let code = try await run(simple, in: inner)
    guard code != .interrupted, session.requestedExit == nil else { return code }
    let error = session.lastError
    let readerCode = try await runShell(text, input: collected.text, frame)
    guard code.isSuccess else {
      (session.lastExitCode, session.lastFailureCode, session.lastError) = (code, code, error)
      return code
    }
    return readerCode
  }

  /// Runs a command whose result is written to a file, which is opened before the command begins.
  func run(
    _ simple: SimpleCommand,
    into word: Word,
    appends: Bool,
    _ frame: Frame
  ) async throws(Failure) -> ExitCode {
    try refuseIfRestricted(.redirection, at: word.span, frame)
    let value = try await expansion(of: [word], in: frame).value(of: word)
    guard let path = value.text, !path.isEmpty, !path.utf8.contains(0) else {
      throw .usage("'>' needs the name of a file", at: given(word, frame))
    }
    console.flush()
    let collected = CollectedResults()
    var inner = frame
    inner.results = .text(collected)
    do throws(FileFailure) {
      let folder = session.world.workingDirectory
      let file = try ResultFile(path.hasPrefix("/") ? path : folder + "/" + path, appends: appends)
      let code: ExitCode
      do throws(Failure) {
        code = try await run(simple, in: inner)
      } catch {
        file.abandon()
        throw .command(error)
      }
      try file.write(collected.text)
      return code
    } catch {
      switch error {
      case .command(let failure): throw failure
      case .system(let reason):
        throw Failure(
          Diagnostic(
            code: .refused,
            message: "cannot write '\(path)': \(reason)",
            span: word.span,
            source: frame.source
          ),
          exitCode: .failure
        )
      }
    }
  }

  private func runShell(
    _ text: Located<String>,
    input: String?,
    _ frame: Frame
  ) async throws(Failure) -> ExitCode {
    console.flush()
    let isCaptured: Bool
    if case .console = frame.results { isCaptured = false } else { isCaptured = true }
    let command = SystemCommand(
      text: text.value,
      environment: try ChildEnvironment(session: session).variables(for: text, in: frame.source),
      folder: session.world.workingDirectory
    )
    let ending = await session.conversation.lendTerminal {
      await command.run(input: input, isCaptured: isCaptured)
    }
    let output = String(decoding: ending.output, as: UTF8.self)
    switch frame.results {
    case .console: break
    case .values(let values): values.add(Self.data(ofOutput: output))
    case .text(let collected): collected.add(output)
    case .outputs(let collected): collected.add(.text(output))
    }
    if ending.isInterrupted { await waitForOwnInterrupt() }
    if Task.isCancelled || ending.isInterrupted { throw .interrupted }
    guard let reason = ending.failure else {
      session.lastExitCode = .success
      return .success
    }
    throw Failure(
      Diagnostic(code: .refused, message: reason, span: text.span, source: frame.source),
      exitCode: .failure
    )
  }

  /// Waits until the Ctrl-C that ended a child has ended this task as well.
  ///
  /// The terminal sends the signal to the child and to the shell. The shell's is served on another
  /// thread, which first ends the row with the terminal's `^C` and then cancels the task: on a busy
  /// machine the child is gone long before that, and what is said here would stand behind the `^C`.
  /// Nothing comes where somebody has interrupted the child alone; hence the limit.
  private func waitForOwnInterrupt() async {
    // A sleep that is cancelled throws: the signal has come.
    guard (try? await Task.sleep(for: .seconds(2))) != nil else { return }
    session.conversation.progress?.passEcho()
  }

  /// What another program wrote, as a value: a JSON list or record is one, anything else a text.
  private static func data(ofOutput output: String) -> JSONValue {
    let text = String(output.hasSuffix("\n") ? output.dropLast() : output[...])
    guard let first = text.first(where: { !$0.isWhitespace }), first == "[" || first == "{",
      let data = try? JSONValue(parsing: Array(text.utf8))  // anything else is a text
    else { return .string(text) }
    return data
  }

  private func refuseIfRestricted(
    _ way: WayOut,
    at span: SourceSpan,
    _ frame: Frame
  ) throws(Failure) {
    guard session.options.isRestricted else { return }
    throw Checker.restricted(way.rawValue, at: span, frame.source)
  }

  private func given(_ word: Word, _ frame: Frame) -> Given {
    Given(value: nil, span: word.span, source: frame.source)
  }
}
