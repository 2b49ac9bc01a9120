import DevLakeKit

/// Runs what an invocation asks for, through whichever door it comes.
@MainActor
struct Shell {
  static let version = "0.1.0"

  let invocation: Invocation
  let session: Session
  let interpreter: Interpreter
  let interrupts: Interrupts
  /// Reads a file whole.
  let readFile: (String) throws(Failure) -> String
  /// Standard input, line by line.
  let standardInput: any LineSource
  /// Makes the lines of a person at a terminal; `nil`: there is none.
  let terminal: (@MainActor () -> (any LineSource)?)?

  private var console: Console { interpreter.console }

  /// Does it, and returns the process's exit code.
  func run() async -> ExitCode {
    var code: ExitCode
    do throws(Failure) {
      code = try await enter()
    } catch {
      code = interpreter.report(error)
    }
    if let requested = session.requestedExit, code != .interrupted { code = requested }
    if code.isSuccess { session.cleanUpEnvFiles() }
    console.flush()
    return console.hasLostResults && code.isSuccess ? .failure : code
  }

  private func enter() async throws(Failure) -> ExitCode {
    for (name, value) in invocation.variables { session.variables[name] = .text(value) }
    switch invocation.door {
    case .version(let isJSON):
      let data: JSONValue = ["name": "devlake-shell", "version": .string(Self.version)]
      console.write(isJSON ? data.text + "\n" : "devlake-shell \(Self.version)\n")
      return .success
    case .help:
      console.write(OutputFormat.table.render(ProgramHelp.output, for: interpreter.results))
      return .success
    case .command(let command, let source): return try await runOne(command, source)
    case .program(let pieces):
      let code = try await run(pieces)
      guard invocation.staysInteractive, session.requestedExit == nil else { return code }
      return await runInput()
    case .input: return await runInput()
    }
  }

  private func runOne(
    _ command: SimpleCommand,
    _ source: SourceText
  ) async throws(Failure)
    -> ExitCode
  {
    if invocation.checksOnly {
      let binder = Binder(
        registry: interpreter.registry,
        source: source,
        expand: { (_) throws(Failure) in nil }
      )
      _ = try binder.bind(command)
      return .success
    }
    return await interrupts.cancellable { () async -> ExitCode in
      do throws(Failure) {
        return try await interpreter.run(command, from: source)
      } catch {
        return interpreter.report(error)
      }
    }
  }

  /// `-c` and `-f` are one program: checked as one, then run in the order written.
  private func run(_ pieces: [Invocation.Piece]) async throws(Failure) -> ExitCode {
    var checker = Checker(
      registry: interpreter.registry,
      variables: Set(session.variables.keys)
    )
    var scripts: [(Script, SourceText)] = []
    var mistakes: [Diagnostic] = []
    for piece in pieces {
      let source = try source(of: piece)
      let checked = checker.check(source)
      scripts.append((checked.script, source))
      mistakes += checked.mistakes
    }
    guard mistakes.isEmpty else {
      for mistake in mistakes { interpreter.draw(mistake) }
      return .usage
    }
    if invocation.checksOnly { return .success }
    var tally = Interpreter.Tally()
    var last = ExitCode.success
    for (script, source) in scripts {
      let (code, after) = await runCancellable(script, source, tally)
      tally = after
      if !code.isSuccess { last = code }
      if session.requestedExit != nil { return code }
      if !code.isSuccess, !invocation.keepsGoing || code == .interrupted { break }
    }
    return finish(tally, last)
  }

  private func source(of piece: Invocation.Piece) throws(Failure) -> SourceText {
    switch piece {
    case .text(let text): return SourceText(name: "<argument>", text: text)
    case .file("-", _):
      var text = ""
      while case .line(let line) = standardInput.next(prompt: "") { text += line + "\n" }
      return SourceText(name: standardInput.name, text: text)
    case .file(let path, _): return SourceText(name: path, text: try readFile(path))
    }
  }

  private func finish(_ tally: Interpreter.Tally, _ code: ExitCode) -> ExitCode {
    guard invocation.keepsGoing, tally.failed > 0, code != .interrupted else { return code }
    interpreter.session.conversation.note("\(tally.failed) of \(tally.ran) statements failed")
    return .partial
  }

  private func runCancellable(
    _ script: Script,
    _ source: SourceText,
    _ tally: Interpreter.Tally
  ) async -> (ExitCode, Interpreter.Tally) {
    await interrupts.cancellable { () async -> (ExitCode, Interpreter.Tally) in
      var tally = tally
      let code = await interpreter.run(script, from: source, &tally)
      return (code, tally)
    }
  }

  private func runInput() async -> ExitCode {
    guard let terminal, let lines = terminal() else { return await runLines(standardInput) }
    await greet()
    return await runLines(lines)
  }

  /// Reads statements as they come, and runs each as soon as it is complete.
  private func runLines(_ lines: any LineSource) async -> ExitCode {
    var tally = Interpreter.Tally()
    var last = ExitCode.success
    var text = ""
    var firstLine = 1
    var lineCount = 0
    while true {
      console.flush()
      let read = lines.next(prompt: prompt)
      switch read {
      case .interrupted:
        text = ""
        continue
      case .line(let line):
        lineCount += 1
        text += text.isEmpty ? line : "\n" + line
      case .end:
        guard !text.isEmpty else { return finish(tally, lines.isInteractive ? .success : last) }
      }
      let source = SourceText(name: lines.name, text: text, firstLine: firstLine)
      let parsed = Parser.parse(source)
      if parsed.incompleteness != nil, read != .end { continue }
      text = ""
      firstLine = lineCount + 1
      let code = await run(parsed, source, &tally)
      if session.requestedExit != nil { return code }
      if lines.isInteractive {
        session.cleanUpEnvFiles()
      } else if !code.isSuccess {
        last = code
        if !invocation.keepsGoing || code == .interrupted { return code }
      }
      if read == .end { return finish(tally, lines.isInteractive ? .success : last) }
    }
  }

  private func run(
    _ parsed: ParseResult,
    _ source: SourceText,
    _ tally: inout Interpreter.Tally
  ) async -> ExitCode {
    guard parsed.allMistakes.isEmpty else {
      for mistake in parsed.allMistakes {
        interpreter.draw(
          Diagnostic(
            code: .usage,
            message: mistake.message,
            span: mistake.span,
            source: source,
            help: mistake.help
          )
        )
      }
      tally.ran += 1
      tally.failed += 1
      return .usage
    }
    let (code, after) = await runCancellable(parsed.script, source, tally)
    tally = after
    return code
  }

  private var prompt: String {
    var prompt = "devlake"
    if case .named(let name)? = session.instance?.source { prompt += "@\(name)" }
    if let plugin = session.selectedPlugin { prompt += "/\(plugin.id)" }
    if session.instance == nil { prompt += " (disconnected)" }
    return prompt + "> "
  }

  /// One line on where the person is; a DevLake that is away is said, and the shell goes on.
  private func greet() async {
    let patience = Duration.seconds(3)
    let line = await interrupts.cancellable { () async -> String in
      // A plugin that hangs must not keep a person from the prompt.
      session.commandTimeout = patience
      defer { session.commandTimeout = nil }
      do throws(Failure) {
        // In this order: both together ask less often.
        let inventory = try await session.inventory()
        let instance = try await session.connected()
        return "DevLake \(instance.version) at \(instance.url) (\(instance.source)) · "
          + "\(inventory.connections.count) connections"
      } catch {
        return "not connected: \(error.diagnostic.message)"
          + (error.diagnostic.help.map { "; \($0)" } ?? "")
      }
    }
    session.conversation.note("devlake-shell \(Self.version) · \(line)")
  }
}
