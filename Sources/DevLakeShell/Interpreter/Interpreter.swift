import DevLakeKit

/// Runs statements against a session, and writes what they come to.
///
/// It does not know where they came from: a person, a file, arguments and a pipe run alike.
struct Interpreter {
  let registry: CommandRegistry
  let session: Session
  let console: Console
  /// How results and messages are drawn.
  let results: Medium
  let messages: Medium
  /// Whether the shell goes on after a failed command.
  var keepsGoing = false
  /// Whether a unique beginning of a command's name is enough.
  var allowsAbbreviations = false

  /// How many statements ran and how many of them failed.
  struct Tally: Equatable {
    var ran = 0
    var failed = 0
    /// The exit code of the last failure.
    var worst = ExitCode.success
  }

  /// Runs the statements in order; stops at the first failure unless told to keep going.
  ///
  /// - Returns: The code of the last statement that failed, or success.
  func run(_ script: Script, from source: SourceText, _ tally: inout Tally) async -> ExitCode {
    var last = ExitCode.success
    for statement in script.statements {
      tally.ran += 1
      let code = await run(statement, from: source)
      if session.requestedExit != nil { return code }
      if !code.isSuccess {
        last = code
        tally.failed += 1
        tally.worst = code
        if !keepsGoing || code == .interrupted || Task.isCancelled { return code }
      }
    }
    return last
  }

  private func run(_ statement: Statement, from source: SourceText) async -> ExitCode {
    do throws(Failure) {
      switch statement {
      case .assignment(let assignment): return try assign(assignment, source)
      case .list(let list): return try await run(list, source)
      case .loop, .conditional, .attempt, .system:
        throw .usage("this statement is not supported yet")
      }
    } catch {
      return report(error)
    }
  }

  private func assign(_ assignment: Assignment, _ source: SourceText) throws(Failure) -> ExitCode {
    session.variables[assignment.name.value] = try Expansion(session: session, source: source)
      .typedValue(assignment.value)
    return .success
  }

  private func run(_ list: CommandList, _ source: SourceText) async throws(Failure) -> ExitCode {
    switch list {
    case .command(let piped): return try await run(piped, source)
    case .both, .either: throw .usage("'&&' and '||' are not supported yet")
    }
  }

  private func run(_ piped: PipedCommand, _ source: SourceText) async throws(Failure) -> ExitCode {
    guard piped.destination == nil else {
      throw .usage("redirection and pipes are not supported yet")
    }
    return try await run(piped.command, from: source)
  }

  /// Runs one command and writes its result.
  func run(_ simple: SimpleCommand, from source: SourceText) async throws(Failure) -> ExitCode {
    let expansion = Expansion(session: session, source: source)
    let binder = Binder(
      registry: registry,
      source: source,
      expand: { (word) throws(Failure) in try expansion.value(of: word) },
      allowsAbbreviations: allowsAbbreviations
    )
    let (command, call) = try binder.bind(simple)
    if call.flag("help") {
      show(HelpText.command(command.signature), as: .table)
      return .success
    }
    let result: CommandResult
    do throws(Failure) {
      result = try selected(try await perform(command, call), by: call)
    } catch {
      throw error.located(in: call)
    }
    show(result.output, as: format(of: call))
    session.lastExitCode = result.exitCode
    session.lastError = result.error
    return result.exitCode
  }

  private func perform(_ command: any Command, _ call: Call) async throws(Failure) -> CommandResult
  {
    console.flush()
    session.memory = nil
    session.commandTimeout = call.text("timeout").flatMap(Double.init).map { .seconds($0) }
    defer { session.commandTimeout = nil }
    let answersYes = session.answersYes
    if call.flag("yes") { session.answersYes = true }
    defer { session.answersYes = answersYes }
    guard let url = call.option("url"), call.signature.name != "connect" else {
      return try await command.run(call, in: session)
    }
    let before = (session.instance, session.namedAddress, session.cache)
    defer { (session.instance, session.namedAddress, session.cache) = before }
    session.disconnect()
    session.namedAddress = (url.text, .option)
    return try await command.run(call, in: session)
  }

  private func format(of call: Call) -> OutputFormat {
    if call.flag("json") { return .json }
    return call.text("output").flatMap(OutputFormat.init(rawValue:)) ?? session.settings.format
  }

  /// Draws why a command has no result, and returns its code.
  func report(_ failure: Failure) -> ExitCode {
    session.lastExitCode = failure.exitCode
    session.lastError = failure.diagnostic
    draw(failure.diagnostic)
    return failure.exitCode
  }

  func draw(_ diagnostic: Diagnostic) {
    let diagnostic = SecretScanner(registry: registry).hiding(in: diagnostic)
    var renderer = DiagnosticRenderer(for: messages, showsDetail: session.settings.isVerbose)
    console.writeMessage(
      session.settings.format.isJSON
        ? renderer.renderJSON(diagnostic) : renderer.render(diagnostic)
    )
  }
}

extension Failure {
  /// The failure with the command's place where it has none, and with the places of its secrets.
  fileprivate func located(in call: Call) -> Failure {
    var failure = self
    if failure.diagnostic.span == nil {
      failure.diagnostic.span = call.nameSpan
      failure.diagnostic.source = call.source
    }
    failure.diagnostic.hidden += call.secretSpans
    return failure
  }
}
