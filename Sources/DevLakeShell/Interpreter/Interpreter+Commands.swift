import DevLakeKit
import ShellLanguage

/// Commands, what joins them and where their results go.
extension Interpreter {
  func run(_ list: CommandList, in frame: Frame) async throws(Failure) -> ExitCode {
    switch list {
    case .command(let piped): return try await run(piped, in: frame)
    case .both(let left, let right):
      let code = await attempt(left, in: frame)
      return code.isSuccess && !isEnding ? try await run(right, in: frame) : code
    case .either(let left, let right):
      let code = await attempt(left, in: frame)
      return code.isSuccess || isEnding || code == .interrupted
        ? code : try await run(right, in: frame)
    }
  }

  private func attempt(_ list: CommandList, in frame: Frame) async -> ExitCode {
    do throws(Failure) {
      return try await run(list, in: frame)
    } catch {
      return report(error, in: frame)
    }
  }

  func run(_ piped: PipedCommand, in frame: Frame) async throws(Failure) -> ExitCode {
    switch piped.destination {
    case nil: return try await run(piped.command, in: frame)
    case .file(let word)?: return try await run(piped.command, into: word, appends: false, frame)
    case .appendedFile(let word)?:
      return try await run(piped.command, into: word, appends: true, frame)
    case .pipe(let text)?: return try await run(piped.command, pipedTo: text, frame)
    }
  }

  /// Runs one command and writes its result.
  func run(_ simple: SimpleCommand, in frame: Frame) async throws(Failure) -> ExitCode {
    do throws(Failure) {
      var binder = Binder(
        registry: registry,
        source: frame.source,
        expand: { (_, _) throws(Failure) in nil },
        allowsAbbreviations: allowsAbbreviations && frame.inclusions.isEmpty,
        isRestricted: session.options.isRestricted
      )
      let expansion = try await expansion(of: binder.ownWords(of: simple), in: frame)
      binder.expand = { (word, kind) throws(Failure) in try expansion.value(of: word, as: kind) }
      let (command, call) = try binder.bind(simple)
      return try await run(command, call, in: frame)
    } catch {
      var failure = error
      if let format = simple.machineFormat { failure.format = format }
      throw failure
    }
  }

  private func run(
    _ command: any Command,
    _ call: Call,
    in frame: Frame
  ) async throws(Failure) -> ExitCode {
    if call.flag("help") {
      show(HelpText.command(command.signature), as: .table, in: frame)
      return .success
    }
    if let script = command as? any ScriptCommand {
      return try await script.run(call, with: self, in: frame)
    }
    try checkNewFiles(call)
    let usedBefore = session.usedCredentials.envFileKeys
    let result: CommandResult
    do throws(Failure) {
      result = try selected(try await perform(command, call), by: call)
    } catch {
      session.usedCredentials.envFileKeys = usedBefore
      throw error.located(in: call)
    }
    // What a key served for has failed: it stays where it is, whatever a script makes of that.
    if !result.exitCode.isSuccess { session.usedCredentials.envFileKeys = usedBefore }
    show(result.output, as: format(of: call), in: frame)
    for note in result.notes { say(note, in: frame) }
    session.lastExitCode = result.exitCode
    if !result.exitCode.isSuccess {
      session.lastFailureCode = result.exitCode
      session.lastError = result.error ?? .failed(call)
    }
    return result.exitCode
  }

  /// A file that an option makes must not be there: said before anything is sent or asked.
  private func checkNewFiles(_ call: Call) throws(Failure) {
    for option in call.signature.options where option.effect == .makesFile {
      guard let given = call.option(option.name) else { continue }
      do throws(SecretFileError) {
        try SecretFile.check(newAt: session.secretSources().path(given.text))
      } catch {
        throw .usage("--\(option.name): \(error.description)", at: given)
      }
    }
  }

  private func perform(_ command: any Command, _ call: Call) async throws(Failure) -> CommandResult
  {
    // What waits for the network shows first what is there; `echo` does not wait.
    if command.signature.topic != .shell { console.flush() }
    session.conversation.progress?.begin()
    defer { session.conversation.progress?.end() }
    let typing = command.signature.mayAskForSecret ? session.conversation.typing : nil
    typing?.begin()
    defer { typing?.end() }
    session.memory = nil
    session.conversation.writes(asJSON: format(of: call).isJSON)
    defer { session.conversation.writes(asJSON: session.settings.format.isJSON) }
    session.commandTimeout = call.text("timeout").flatMap(Double.init).map { .seconds($0) }
    defer { session.commandTimeout = nil }
    let answersYes = session.answersYes
    if call.flag("yes") { session.answersYes = true }
    defer { session.answersYes = answersYes }
    guard let url = call.option("url"), call.signature.name != "connect" else {
      return try await command.run(call, in: session)
    }
    let address = try url.url()
    session.takeArrival()
    let before = session.leave()
    defer { session.comeBack(to: before) }
    session.namedAddress = (address, .option)
    return try await command.run(call, in: session)
  }

  private func say(_ note: String, in frame: Frame) {
    guard case .outputs(let collected) = frame.results else {
      return session.conversation.note(note)
    }
    collected.add(.note(note))
  }

  private func format(of call: Call) -> OutputFormat {
    if call.flag("json") { return .json }
    return call.text("output").flatMap(OutputFormat.init(rawValue:)) ?? session.settings.format
  }

  private func show(_ output: Output, as format: OutputFormat, in frame: Frame) {
    switch frame.results {
    case .console: show(output.redacted(by: session.redactor), as: format)
    case .values(let values): if !output.isNothing { values.add(output.data) }
    case .text(let text):
      text.add(format.render(output.redacted(by: session.redactor), for: .file))
    case .outputs(let collected):
      if !output.isNothing { collected.add(.output(output.redacted(by: session.redactor), format)) }
    }
  }
}

extension SimpleCommand {
  /// The format its own options ask for, as far as they are written plainly.
  var machineFormat: OutputFormat? { OutputFormat(written: words.map { $0.plain ?? "" }) }
}

extension Failure {
  /// The failure with the command's place where it has none, and with the places of its secrets.
  fileprivate func located(in call: Call) -> Failure {
    var failure = placed(at: call.nameSpan, in: call.source)
    failure.diagnostic.hidden += call.secretSpans
    let names = call.connectionsBehindVariables
    if !names.isEmpty, !failure.isReported {
      failure.diagnostic.message += " (\(names.joined(separator: ", ")))"
    }
    return failure
  }
}

extension Diagnostic {
  /// A command whose result tells itself what failed.
  fileprivate static func failed(_ call: Call) -> Diagnostic {
    Diagnostic(
      code: .refused,
      message: "'\(call.signature.name)' failed",
      span: call.nameSpan,
      source: call.source
    )
  }
}
