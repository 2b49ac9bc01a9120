import DevLakeKit
import ShellLanguage

/// Runs what an invocation asks for, through whichever door it comes.
@MainActor
struct Shell {
  nonisolated static let version = ProgramVersion.current

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
  /// What runs before the first prompt of a person; `nil`: nothing.
  var startupFile: String?

  var console: Console { interpreter.console }

  /// Does it, and returns the process's exit code.
  func run() async -> ExitCode {
    var code: ExitCode
    do throws(Failure) {
      code = try await enter()
    } catch {
      code = interpreter.report(error)
    }
    console.flush()
    // As for any program: nobody is told, and nobody is told that all was done.
    if console.isReaderGone { return .readerLeft }
    if code.isSuccess { session.cleanUpEnvFiles() }
    console.flush()
    return console.hasLostResults && code.isSuccess ? .failure : code
  }

  private func enter() async throws(Failure) -> ExitCode {
    for (name, value) in invocation.variables {
      guard !BuiltInVariables.names.contains(name) else {
        throw .usage("--set: '\(name)' is set by the shell", help: "choose another name")
      }
      session.set(name, .text(value))
    }
    switch invocation.door {
    case .version(let isJSON):
      console.write(Self.versionText(isJSON: isJSON))
      return .success
    case .help:
      console.write(
        OutputFormat.table.render(ProgramHelp.output(.standard), for: interpreter.results)
      )
      return .success
    case .command(let command, let source):
      return await run([Self.program(of: command, source)])
    case .program(let pieces):
      var programs: [Program] = []
      for piece in pieces { programs.append(try program(of: piece)) }
      let code = await run(programs)
      guard invocation.staysInteractive, session.requestedExit == nil, !invocation.checksOnly else {
        return code
      }
      return await runInput()
    case .input:
      guard invocation.checksOnly else { return await runInput() }
      return await run([try program(of: .file("-", arguments: []))])
    }
  }

  /// What `--version` shows.
  static func versionText(isJSON: Bool) -> String {
    isJSON
      ? versionRecord(SourceStamp.ofThisProgram).text + "\n" : "devlake-shell \(version)\n"
  }

  /// What `--version --json` shows; the source is `null` for a program that does not know its own.
  static func versionRecord(_ source: SourceStamp?) -> JSONValue {
    [
      "name": "devlake-shell",
      "version": .string(version),
      "commit": source.map { .string($0.commit) } ?? .null,
      "date": source.map { .string($0.date) } ?? .null,
      "modified": source.map { .bool($0.isModified) } ?? .null,
    ]
  }

  /// A source with its tree, and the arguments it was given.
  struct Program {
    let source: SourceText
    let parsed: ParseResult
    var arguments: [String] = []
    /// How its one command wants mistakes written; `nil`: as the session does.
    var format: OutputFormat?
  }

  /// The words of the process's arguments: nothing in them is an operator or expanded.
  private static func program(of command: SimpleCommand, _ source: SourceText) -> Program {
    let script = Script(statements: [.list(.command(PipedCommand(command: command)))])
    return Program(
      source: source,
      parsed: ParseResult(script: script, mistakes: [], incompleteness: nil, closingMistakes: []),
      format: command.machineFormat
    )
  }

  private func program(of piece: Invocation.Piece) throws(Failure) -> Program {
    switch piece {
    case .text(let text):
      let source = SourceText(name: "<argument>", text: text)
      return Program(source: source, parsed: Parser.parse(source))
    case .file(let path, let arguments):
      let source: SourceText
      if path == "-" {
        var text = ""
        while case .line(let line) = standardInput.next(prompt: "") { text += line + "\n" }
        source = SourceText(name: standardInput.name, text: text)
      } else {
        if let ending = ["yaml", "yml", "json", "csv"].first(where: { path.hasSuffix("." + $0) }) {
          throw .usage(
            "'\(path)' is \(ending.uppercased()), not a script",
            help: ending == "csv"
              ? "read it in a script with 'read FILE', or create connections with: create --from \(path)"
              : "apply it with: devlake-shell apply \(path)"
          )
        }
        source = SourceText(name: path, text: try readFile(path))
      }
      return Program(source: source, parsed: Parser.parse(source), arguments: arguments)
    }
  }

  /// `-c` and `-f` are one program: checked as one, then run in the order written.
  private func run(_ programs: [Program]) async -> ExitCode {
    let library = ScriptLibrary()
    let statementCounts = StatementCounts()
    var (checker, frames) = check(programs, library, statementCounts)
    if await learnsPlugins(for: checker) {
      (checker, frames) = check(programs, library, statementCounts)
    }
    checker.settlePlugins()
    interpreter.drawWarnings(of: checker)
    guard checker.mistakes.isEmpty else {
      interpreter.draw(checker.mistakes, as: programs.first?.format)
      return .usage
    }
    if invocation.checksOnly { return .success }
    var last = ExitCode.success
    for (program, frame) in zip(programs, frames) {
      let code = await run(program.parsed.script, in: frame, with: interpreter)
      if !code.isSuccess { last = code }
      if interpreter.isEnding { break }
      if !code.isSuccess, !invocation.keepsGoing || code == .interrupted { break }
    }
    return finish(statementCounts, last)
  }

  /// Asks the server for its plugins where a check came upon one the catalog lacks.
  func learnsPlugins(for checker: Checker) async -> Bool {
    var isLearnt = false
    _ = await interrupts.cancellable { () async -> ExitCode in
      isLearnt = await session.learnsPlugins(for: checker)
      return .success
    }
    return isLearnt
  }

  private func check(
    _ programs: [Program],
    _ library: ScriptLibrary,
    _ statementCounts: StatementCounts
  ) -> (Checker, [Frame]) {
    var checker = Checker(interpreter: interpreter, library: library)
    checker.checksOnly = invocation.checksOnly
    var frames: [Frame] = []
    for program in programs {
      let frame = frame(for: program, library, statementCounts)
      // What a script will be given is not known where it is only checked.
      let isFile = program.source.name != "<argument>"
      let isOpen = invocation.checksOnly && program.arguments.isEmpty && isFile
      checker.check(
        program.source,
        program.parsed,
        in: frame,
        arguments: isOpen ? nil : program.arguments.count
      )
      frames.append(frame)
    }
    return (checker, frames)
  }

  private func frame(
    for program: Program,
    _ library: ScriptLibrary,
    _ statementCounts: StatementCounts
  ) -> Frame {
    var frame = Frame(
      source: program.source,
      arguments: program.arguments,
      library: library,
      statementCounts: statementCounts,
      keepsGoing: invocation.keepsGoing
    )
    if case .command = invocation.door { frame.namesVerdicts = false }
    let name = program.source.name
    if !name.hasPrefix("<") {
      let place = name.hasPrefix("/") ? name : session.world.workingDirectory + "/" + name
      frame.running = [ScriptFile.identity(of: place)]
    }
    return frame
  }

  /// The code of a program that has ended: what `exit` named, 4 when some of many failed.
  func finish(_ statementCounts: StatementCounts, _ code: ExitCode) -> ExitCode {
    if code == .interrupted { return code }
    if let requested = session.requestedExit, let named = requested.code { return named }
    guard invocation.keepsGoing, statementCounts.failed > 0 else { return code }
    session.conversation.note(
      "\(statementCounts.failed) of \(statementCounts.ran) statements failed"
    )
    return .partial
  }

  func run(_ script: Script, in frame: Frame, with interpreter: Interpreter) async -> ExitCode {
    await interrupts.cancellable { () async -> ExitCode in
      let code = await interpreter.run(script, in: frame)
      // A write that was under way is awaited and may be done; the program was ended all the same.
      return Task.isCancelled ? .interrupted : code
    }
  }
}
