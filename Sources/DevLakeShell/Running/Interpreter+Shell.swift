import DevLakeKit
import ShellLanguage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What leaves the shell: `!command`, `| command`, `> file`.
extension Interpreter {
  /// Runs `!TEXT`; its output goes where results go.
  func runSystem(_ text: Located<String>, in frame: Frame) async throws(Failure) -> ExitCode {
    try refuseIfRestricted(.system, at: text.span, frame)
    if let code = try await runOnTerminal(text, in: frame) { return code }
    return try await runShell(text, input: nil, frame)
  }

  /// Runs something, then hands its results to a shell command.
  ///
  /// What has no result starts no reader. Its own failure counts before the reader's.
  func pipe(
    to text: Located<String>,
    _ frame: Frame,
    _ body: (Frame) async throws(Failure) -> ExitCode
  ) async throws(Failure) -> ExitCode {
    try refuseIfRestricted(.pipe, at: text.span, frame)
    // What cannot be handed over is said before anything runs.
    _ = try environment(for: text, frame)
    let collected = CollectedResults()
    var inner = frame
    inner.results = .text(collected)
    let code = try await body(inner)
    if code == .interrupted || session.requestedExit != nil && collected.text.isEmpty {
      return code
    }
    let outcome = session.outcome
    guard code.isSuccess else {
      do throws(Failure) {
        _ = try await runShell(text, input: collected.text, frame)
      } catch {
        if error.exitCode == .interrupted { throw error }
      }
      session.outcome = outcome
      return code
    }
    do throws(Failure) {
      return try await runShell(text, input: collected.text, frame)
    } catch {
      // What `grep` and its like say when nothing is found; who typed it sees that nothing came.
      guard frame.isTyped, error.childCode?.rawValue == 1 else { throw error }
      var told = error
      told.isReported = true
      throw told
    }
  }

  /// Runs something whose results are written to a file, which is opened before that begins.
  func write(
    into word: Word,
    appends: Bool,
    _ frame: Frame,
    _ body: (Frame) async throws(Failure) -> ExitCode
  ) async throws(Failure) -> ExitCode {
    try refuseIfRestricted(.redirection, at: word.span, frame)
    let value = try await expansion(of: [word], in: frame).value(of: word)
    guard let path = value.text, !path.isEmpty, !path.utf8.contains(0) else {
      throw .usage("'>' needs a file name", at: given(word, frame))
    }
    console.flush()
    let collected = CollectedResults()
    var inner = frame
    inner.results = .text(collected)
    do throws(FileFailure) {
      let file = try ResultFile(session.world.path(path), appends: appends)
      let code: ExitCode
      do throws(Failure) {
        code = try await body(inner)
      } catch {
        throw .command(error)
      }
      let needsMark = appends && collected.hasYAML && file.hasContent
      try file.write((needsMark ? YAMLRenderer.separator : "") + collected.text)
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

  /// Runs what a person has typed behind `!` with their terminal, as an editor and a pager need it;
  /// `nil`: it was not typed, or there is no terminal to lend.
  private func runOnTerminal(
    _ text: Located<String>,
    in frame: Frame
  ) async throws(Failure) -> ExitCode? {
    guard frame.isTyped, frame.callDepth == 0, case .console = frame.results else { return nil }
    console.flush()
    let command = LentCommand(
      command: text.value,
      environment: try environment(for: text, frame),
      folder: session.world.workingDirectory
    )
    let ending = await withTaskCancellationHandler {
      await session.conversation.lendTerminal { command.run() }
    } onCancel: {
      command.interrupt()
    }
    switch ending {
    case .unavailable: return nil
    case .exit(0):
      session.outcome.succeed()
      return .success
    case .signal(SIGINT):
      // The terminal has echoed the key.
      session.conversation.progress?.passEcho()
      throw .interrupted
    case .exit(let code):
      throw failed("exited with code \(code)", code, text, frame)
    case .signal(let number):
      throw failed("was ended by signal \(number)", 128 + number, text, frame)
    }
  }

  private func failed(
    _ what: String,
    _ code: Int32,
    _ text: Located<String>,
    _ frame: Frame
  ) -> Failure {
    var failure = Failure(
      Diagnostic(
        code: .refused,
        message: "the shell command \(what)",
        span: text.span,
        source: frame.source
      ),
      exitCode: .failure
    )
    failure.childCode = ExitCode(rawValue: code)
    return failure
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
      environment: try environment(for: text, frame),
      folder: session.world.workingDirectory
    )
    // The wait belongs to the loan: the terminal's echo must still be what it was at the key.
    let ending = await session.conversation.lendTerminal { () async -> SystemCommand.Ending in
      let ending = await command.run(input: input, isCaptured: isCaptured)
      if ending.isInterrupted { await waitForOwnInterrupt() }
      return ending
    }
    let output = String(decoding: ending.output, as: UTF8.self)
    switch frame.results {
    case .console: break
    // One value however many lines: `read` and `parse` make data of text.
    case .values(let values):
      values.add(.string(output.hasSuffix("\n") ? String(output.dropLast()) : output))
    case .none: break
    case .text(let collected): collected.add(output)
    case .outputs(let collected): collected.add(.text(output))
    }
    if Task.isCancelled || ending.isInterrupted { throw .interrupted }
    guard let reason = ending.failure else {
      session.outcome.succeed()
      return .success
    }
    var failure = Failure(
      Diagnostic(code: .refused, message: reason, span: text.span, source: frame.source),
      exitCode: .failure
    )
    failure.childCode = ending.exitCode.map { ExitCode(rawValue: $0) }
    throw failure
  }

  /// Waits until the Ctrl-C that ended a child has ended this task as well.
  ///
  /// The terminal sends the signal to the child and to the shell. The shell's is served on another
  /// thread, which first ends the row with the terminal's `^C` and then cancels the task: on a busy
  /// machine the child is gone long before that, and what is said here would be behind the `^C`.
  /// Nothing comes where someone has interrupted the child alone; hence the limit.
  private func waitForOwnInterrupt() async {
    // A sleep that is cancelled throws: the signal has come.
    guard (try? await Task.sleep(for: .seconds(2))) != nil else { return }
    session.conversation.progress?.passEcho()
  }

  /// The variables a shell command gets.
  ///
  /// - Throws: When it names one that cannot be handed over.
  private func environment(
    for text: Located<String>,
    _ frame: Frame
  ) throws(Failure) -> [String: String] {
    try ChildEnvironment(session: session, locals: frame.locals)
      .variables(for: text, in: frame.source)
  }

  private func refuseIfRestricted(
    _ way: WayOut,
    at span: SourceSpan,
    _ frame: Frame
  ) throws(Failure) {
    guard session.options.isRestricted else { return }
    throw Failure.restricted(way.rawValue, at: span, frame.source)
  }

  private func given(_ word: Word, _ frame: Frame) -> ArgumentValue {
    ArgumentValue(value: nil, span: word.span, source: frame.source)
  }
}
