import DevLakeKit
import ShellLanguage

/// Statements that come one after the other: from a person, or from a program that drives the shell.
extension Shell {
  func runInput() async -> ExitCode {
    guard let terminal, let lines = terminal() else {
      return await interrupts.cancellable { () async -> ExitCode in
        await runLines(standardInput)
      }
    }
    await runStartupFile()
    if let requested = session.requestedExit { return requested.code ?? .success }
    await greet(lines)
    return await runLines(lines)
  }

  /// What is wrong with the start-up file is told, and keeps nobody from working.
  private func runStartupFile() async {
    guard let startupFile else { return }
    do throws(Failure) {
      if let hazard = FileTrust.hazard(ofFileAt: startupFile) {
        throw Failure.usage("'\(startupFile)' is not run: \(hazard)")
      }
      let source = SourceText(name: startupFile, text: try readFile(startupFile))
      _ = await run(source, Parser.parse(source), StatementCounts(), with: interpreter)
    } catch {
      interpreter.report(error)
    }
  }

  /// Reads statements as they come, and runs each as soon as it is complete.
  private func runLines(_ lines: any LineSource) async -> ExitCode {
    var interpreter = interpreter
    interpreter.allowsAbbreviations = lines.isInteractive
    let statementCounts = StatementCounts()
    var last = ExitCode.success
    var text = ""
    var open: OpenEntry?
    var firstLine = 1
    var lineCount = 0
    while true {
      console.flush()
      if console.isReaderGone { return finish(statementCounts, last) }
      let read = interrupts.idle { lines.next(prompt: session.prompt) }
      switch read {
      case nil: return finish(statementCounts, .interrupted)
      case .interrupted:
        (text, open) = ("", nil)
        continue
      case .line(let line):
        lineCount += 1
        if open == nil {
          text = line
        } else if open?.add(line) == false {
          continue
        } else {
          text = open?.text ?? line
        }
      case .end:
        guard let rest = open else {
          return finish(statementCounts, lines.isInteractive ? .success : last)
        }
        text = rest.text
      }
      let source = SourceText(name: lines.name, text: text, firstLine: firstLine)
      let parsed = Parser.parse(source)
      open = parsed.incompleteness.map { OpenEntry(text, $0) }
      if open != nil, read != .end { continue }
      (text, open) = ("", nil)
      firstLine = lineCount + 1
      let start = ContinuousClock.now
      let code = await run(
        source,
        parsed,
        statementCounts,
        with: interpreter,
        isTyped: lines.isInteractive
      )
      if lines.isInteractive, session.settings.showsTime {
        session.conversation.note("Time: \(Self.shown(ContinuousClock.now - start))")
      }
      if session.requestedExit != nil { return finish(statementCounts, code) }
      if lines.isInteractive {
        if code.isSuccess { session.cleanUpEnvFiles() } else { session.keepEnvFiles() }
      } else if !code.isSuccess {
        last = code
        if !invocation.keepsGoing || code == .interrupted { return finish(statementCounts, code) }
      }
      if read == .end { return finish(statementCounts, lines.isInteractive ? .success : last) }
    }
  }

  /// Milliseconds below ten seconds, else seconds with one digit behind the point.
  nonisolated static func shown(_ time: Duration) -> String {
    let milliseconds =
      time.components.seconds * 1000 + time.components.attoseconds / 1_000_000_000_000_000
    if milliseconds < 10_000 { return "\(milliseconds) ms" }
    return "\(milliseconds / 1000).\(milliseconds / 100 % 10) s"
  }

  /// Checks what was entered, and runs it if there is no mistake in it.
  private func run(
    _ source: SourceText,
    _ parsed: ParseResult,
    _ statementCounts: StatementCounts,
    with interpreter: Interpreter,
    isTyped: Bool = false
  ) async -> ExitCode {
    var frame = Frame(
      source: source,
      library: ScriptLibrary(),
      statementCounts: statementCounts,
      keepsGoing: invocation.keepsGoing
    )
    frame.namesVerdicts = !isTyped
    frame.isTyped = isTyped
    var checker = Checker(interpreter: interpreter, library: frame.library)
    checker.check(source, parsed, in: frame, arguments: 0)
    if await learnsPlugins(for: checker) {
      checker = Checker(interpreter: interpreter, library: frame.library)
      checker.check(source, parsed, in: frame, arguments: 0)
    }
    checker.settlePlugins()
    interpreter.drawWarnings(of: checker)
    if checker.mistakes.isEmpty {
      return await run(parsed.script, in: frame, with: interpreter)
    }
    interpreter.draw(checker.mistakes, as: parsed.script.onlyCommand?.machineFormat)
    session.outcome.fail(.usage, checker.mistakes.first)
    statementCounts.ran += 1
    statementCounts.failed += 1
    return .usage
  }
}

extension Script {
  /// The command, where there is nothing else.
  fileprivate var onlyCommand: SimpleCommand? {
    guard statements.count == 1, case .list(.command(let piped)) = statements[0] else {
      return nil
    }
    return piped.command
  }
}
