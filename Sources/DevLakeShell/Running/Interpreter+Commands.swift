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
    guard let destination = piped.destination else {
      return try await run(piped.command, in: frame)
    }
    return try await send(to: destination, frame) { (inner) throws(Failure) in
      try await run(piped.command, in: inner)
    }
  }

  /// Runs a block or gives a value, and writes the results where they go.
  func run(_ redirected: Redirected, in frame: Frame) async throws(Failure) -> ExitCode {
    try await send(to: redirected.destination, frame) { (inner) throws(Failure) in
      // A failure inside is told there; what one statement alone did not give is not a result.
      let code = await run(Script(statements: [redirected.statement]), in: inner)
      guard code.isSuccess || session.outcome.isVerdict || frame.keepsGoing else {
        throw .reported(code)
      }
      return code
    }
  }

  /// Runs something whose results go to a file or a shell command.
  private func send(
    to destination: Destination,
    _ frame: Frame,
    _ body: (Frame) async throws(Failure) -> ExitCode
  ) async throws(Failure) -> ExitCode {
    switch destination {
    case .file(let word): try await write(into: word, appends: false, frame, body)
    case .appendedFile(let word): try await write(into: word, appends: true, frame, body)
    case .pipe(let text): try await pipe(to: text, frame, body)
    }
  }

  /// Runs one command and writes its result.
  func run(_ simple: SimpleCommand, in frame: Frame) async throws(Failure) -> ExitCode {
    do throws(Failure) {
      var binder = Binder(
        registry: registry.signatures,
        source: frame.source,
        expand: { (_, _) throws(Failure) in nil },
        allowsAbbreviations: allowsAbbreviations && frame.inclusions.isEmpty,
        isRestricted: session.options.isRestricted,
        definitions: session.definitions.mapValues(\.signature)
      )
      let expansion = try await expansion(of: binder.ownWords(of: simple), in: frame)
      binder.expand = { (word, kind) throws(Failure) in
        try expansion.expanded(word, as: kind)
      }
      binder.serverPlugins = session.inventory.serverPlugins ?? []
      let call = try await bound(simple, binder)
      let name = call.signature.name
      let defined: (any Command)? = session.definitions[name]
      guard let command = registry[name] ?? defined else { throw binder.unknown(simple.name) }
      return try await run(command, call, in: frame)
    } catch {
      var failure = error
      if let format = simple.machineFormat { failure.format = format }
      throw failure
    }
  }

  /// A word near a plugin of the catalog is a mistake only where the server has no such plugin.
  private func bound(
    _ simple: SimpleCommand,
    _ binder: Binder
  ) async throws(Failure) -> Call {
    do throws(Failure) {
      return try binder.bind(simple)
    } catch {
      guard let word = error.diagnostic.unknownPlugin else { throw error }
      var binder = binder
      // The DevLake the command names itself is asked by the command.
      let namesInstance = simple.words.contains { word in
        word.literal.map { $0.hasPrefix("--url") || $0.hasPrefix("--instance") } ?? false
      }
      if namesInstance {
        binder.serverPlugins.append(word)
      } else {
        guard let names = await session.pluginsOfServer() else { throw error }
        binder.serverPlugins = names
      }
      return try binder.bind(simple)
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
    session.outcome.begin()
    let scoped = try session.scoped(to: call, as: format(of: call))
    let result: CommandResult
    do throws(Failure) {
      let whole = try await perform(command, call, in: scoped)
        .marked(lacking: scoped.findings.gaps)
      var found = try selected(whole, by: call, in: frame, scoped)
      found.output.isSafe = call.flag("safe") || frame.isSafe
      result = found
    } catch {
      throw error.located(in: call)
    }
    // What a key served for that has failed leaves it where it is, whatever a script makes of that.
    if result.exitCode.isSuccess { session.keepServedKeys(scoped.findings) }
    show(result.output, as: format(of: call), in: frame)
    for note in result.notes { say(note, in: frame) }
    // Nobody looks at what cron mails because something was said.
    if messages.isTerminal {
      // Once a session is enough.
      for remark in result.remarks where session.isFirstTime(remark) { say(remark, in: frame) }
    }
    guard !result.exitCode.isSuccess else {
      session.outcome.succeed()
      return .success
    }
    session.outcome.judge(
      result.exitCode,
      result.error ?? .failed(call),
      UnsaidVerdict(
        diagnostic: .verdict(result.error, call, keepsHelp: !result.showsFailure),
        format: format(of: call),
        isInResult: result.showsFailure,
        wasShown: frame.results.areSeen && result.showsFailure
      )
    )
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

  /// Tells a verdict that ends what runs, in one line: its result may have gone to a file.
  ///
  /// Not where the verdict is an answer, nor at the end of a `try`, which it ends anyway, nor where
  /// the person who typed the command sees the result.
  func tellVerdict(_ code: ExitCode, in frame: Frame) {
    guard let verdict = session.outcome.takeVerdict() else { return }
    guard !code.isSuccess, !frame.isSilent, !frame.isCondition else { return }
    if frame.isTried, verdict.isInResult { return }
    guard frame.namesVerdicts || !verdict.wasShown else { return }
    var diagnostic = verdict.diagnostic
    diagnostic.includeChain = frame.inclusions
    draw([diagnostic], as: verdict.format)
  }

  /// Runs a command where its instance lets it.
  private func perform(
    _ command: any Command,
    _ call: Call,
    in session: Session
  ) async throws(Failure) -> CommandResult {
    // What waits shows first what is there; `echo` does not wait, and `sleep` does not for DevLake.
    let sleeps = call.signature.arguments.contains { $0.kind == .pause }
    if sleeps || command.signature.topic != .shell { console.flush() }
    if !sleeps { session.conversation.progress?.begin() }
    defer { if !sleeps { session.conversation.progress?.end() } }
    let typing = command.signature.mayAskForSecret ? session.conversation.typing : nil
    typing?.begin()
    defer { typing?.end() }
    session.conversation.draws(for: saying)
    if call.signature.option("instances") != nil, call.option("instances") != nil,
      !(command is any LocalFleetCommand)
    {
      return try await Fleet(call, session).result(of: command, call)
    }
    try await session.permit(call)
    return try await command.run(call, in: session)
  }

  private func say(_ note: String, in frame: Frame) {
    switch frame.results {
    case .outputs(let collected): collected.add(.note(note))
    case .none: break
    case .console, .values, .text: session.conversation.note(note)
    }
  }

  func format(of call: Call) -> OutputFormat { call.format ?? session.format }

  func show(_ output: Output, as format: OutputFormat, in frame: Frame) {
    guard !output.isNothing else { return }
    switch frame.results {
    case .console: show(output.redacted(by: session.redactor), as: format)
    case .values(let values): values.add(output.data)
    case .text(let text):
      let shown = format.render(output.redacted(by: session.redactor), for: .file)
      text.add(session.heldSecrets.hiding(shown), as: format)
    case .outputs(let collected):
      collected.add(.output(output.redacted(by: session.redactor), format))
    case .none: break
    }
  }
}

extension CommandResult {
  /// A result that lacks the connections of a plugin says so in its code, and besides.
  func marked(lacking gaps: [Session.Gap]) -> CommandResult {
    guard let first = gaps.first else { return self }
    var result = self
    if result.exitCode.isSuccess || result.exitCode == .failure { result.exitCode = .partial }
    let reasons = Self.reasons(of: gaps).joined(separator: "; ")
    result.error = Diagnostic(
      code: first.diagnostic.code,
      message:
        "\(result.error.map { "\($0.message); " } ?? "")\(reasons); the result is incomplete",
      help: first.diagnostic.help
    )
    result.showsFailure = false
    return result
  }

  /// What the plugins' lists failed with, a reason that many share told once.
  private static func reasons(of gaps: [Session.Gap]) -> [String] {
    let told = gaps.map { gap in
      let message = gap.diagnostic.message
      let name = "\(gap.plugin): "
      return (gap.plugin, message.hasPrefix(name) ? String(message.dropFirst(name.count)) : nil)
    }
    let plain = zip(gaps, told).filter { $0.1.1 == nil }.map(\.0.diagnostic.message)
    return Survey.grouped(told.compactMap { plugin, reason in reason.map { (plugin, $0) } })
      + plain
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
  /// What a result that is not a success tells, in one line.
  ///
  /// - Parameter keepsHelp: Whether what helps is said here: the result does not.
  fileprivate static func verdict(
    _ error: Diagnostic?,
    _ call: Call,
    keepsHelp: Bool
  ) -> Diagnostic {
    var diagnostic = error ?? .failed(call)
    if !diagnostic.message.hasPrefix("'") {
      diagnostic.message = "'\(call.signature.name)' failed: \(diagnostic.message)"
    }
    if diagnostic.span == nil {
      diagnostic.span = call.nameSpan
      diagnostic.source = call.source
    }
    if !keepsHelp { diagnostic.help = nil }
    diagnostic.isBrief = true
    return diagnostic
  }

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

extension Call {
  /// The format its own options ask for.
  var format: OutputFormat? {
    flag("json") ? .json : text("output").flatMap(OutputFormat.init(rawValue:))
  }
}
