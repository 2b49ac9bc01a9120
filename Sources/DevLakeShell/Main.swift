import DevLakeKit
import LineEditing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The program: reads the process's arguments, environment and streams, and hands over to the shell.
@main
struct Main {
  @MainActor
  static func main() async {
    // Before anything secret is read.
    ProcessMemory.keepToItself()
    // A reader that leaves early shows as an error of `write`, which the console knows.
    signal(SIGPIPE, SIG_IGN)
    // So does a file that may not grow (`ulimit -f`), as a full disk does.
    signal(SIGXFSZ, SIG_IGN)
    // Swift's crash reporter takes this one, too; it is a person's wish to end the program.
    signal(SIGQUIT, SIG_DFL)
    ProcessFacts.keepStandardStreamsTaken()
    let process = ProcessFacts()
    let progress = process.progress
    let redactor = Redactor()
    let console = Console.standard(
      hiding: { redactor.hiding($0) },
      makeRoom: { progress?.clear() }
    )
    if CommandLine.arguments.dropFirst().first == "__complete" {
      await complete(Array(CommandLine.arguments.dropFirst(2)), process, console, redactor)
    }
    if CommandLine.arguments.dropFirst().first == "__manual" {
      let date = CommandLine.arguments.dropFirst(2).first ?? ""
      console.write(ManualPage(registry: .standard, version: Shell.version, date: date).text)
      console.flush()
      exit(console.hasLostResults ? ExitCode.failure.rawValue : ExitCode.success.rawValue)
    }
    let invocation: Invocation
    do throws(Failure) {
      invocation = try Invocation(Array(CommandLine.arguments.dropFirst()))
      try checkCertificates(invocation.session.certificateFile)
    } catch {
      let diagnostic = SecretScanner(registry: .standard).hiding(in: error.diagnostic)
      var renderer = DiagnosticRenderer(for: process.messages(.auto))
      console.writeMessage(
        process.wantsJSON
          ? renderer.renderJSON(diagnostic) : renderer.render(diagnostic)
      )
      exit(error.exitCode.rawValue)
    }
    if case .version(let isJSON) = invocation.door {
      // Nothing of the shell is needed for that, and making it takes longer than the answer.
      console.write(Shell.versionText(isJSON: isJSON))
      console.flush()
      if console.isReaderGone { exit(ExitCode.readerLeft.rawValue) }
      exit(console.hasLostResults ? ExitCode.failure.rawValue : ExitCode.success.rawValue)
    }
    let code = await shell(invocation, process, console, redactor, progress).run()
    console.flush()
    EndingSignals.endIfPending(code)
    exit(code.rawValue)
  }

  /// Answers another shell's question for completions, and ends.
  @MainActor
  private static func complete(
    _ words: [String],
    _ process: ProcessFacts,
    _ console: Console,
    _ redactor: Redactor
  ) async -> Never {
    let silent = ConsoleConversation(
      console: console,
      medium: .file,
      isQuiet: true,
      writesJSON: false,
      terminal: nil
    )
    let session = Session(
      world: process.world(nil, redactor),
      options: CompletionDoor.options(in: words),
      conversation: silent,
      scope: CommandScope(tellsOpenAttempts: false)
    )
    let door = CompletionDoor(session: session, registry: .standard)
    for line in await door.lines(for: words) { console.write(line + "\n") }
    console.flush()
    exit(ExitCode.success.rawValue)
  }

  /// A wrong `--ca-cert` is said at once, not at the first request.
  private static func checkCertificates(_ path: String?) throws(Failure) {
    guard let path else { return }
    do throws(CertificateFileError) {
      try AsyncHTTPTransport.checkCertificates(inFileAt: path)
    } catch {
      throw .usage("--ca-cert: \(error.description)", help: error.help)
    }
  }

  @MainActor
  private static func shell(
    _ invocation: Invocation,
    _ process: ProcessFacts,
    _ console: Console,
    _ redactor: Redactor,
    _ progress: ProgressLine?
  ) async -> Shell {
    let settings = invocation.session.settings
    let messages = process.messages(settings.color)
    let canAsk = process.hasPerson && !invocation.session.isNonInteractive
    let conversation = ConsoleConversation(
      console: console,
      medium: messages,
      isQuiet: settings.isQuiet,
      writesJSON: invocation.writesJSON,
      progress: settings.isQuiet ? nil : progress,
      typing: canAsk ? HiddenTyping(terminal: STDIN_FILENO) : nil,
      terminal: canAsk ? editorSettings(process) : nil
    )
    let session = Session(
      world: process.world(invocation, redactor),
      options: invocation.session,
      conversation: conversation
    )
    if invocation.session.isInsecure {
      conversation.warn("--insecure: the server's certificate is not checked")
    }
    let interpreter = Interpreter(
      registry: .standard,
      session: session,
      console: console,
      results: process.results(settings.color),
      messages: messages,
      keepsGoing: invocation.keepsGoing
    )
    let prompt = PromptInterrupts()
    let interrupts = await Interrupts(
      echo: { process.endEchoedRow(progress, console) },
      insist: {
        guard prompt.isAttached else { return false }
        // A write that is in flight is awaited or looked up; nobody is to think that nothing happens.
        console.writeMessage("the command is being ended; Ctrl-\\ ends the shell at once\n")
        return true
      },
      leave: { prompt.interrupt() }
    )
    let files: (String) throws(Failure) -> String = { (path) throws(Failure) in
      try process.read(path)
    }
    var lines: (@MainActor () -> (any LineSource)?)?
    if canAsk { lines = { terminal(session, console, process, prompt) } }
    return Shell(
      invocation: invocation,
      session: session,
      interpreter: interpreter,
      interrupts: interrupts,
      readFile: files,
      standardInput: DescriptorLines(descriptor: STDIN_FILENO),
      terminal: lines,
      startupFile: invocation.readsStartupFile ? process.startupFile : nil
    )
  }

  /// The editor on standard input and standard error; `nil` when they are not terminal it can use.
  @MainActor
  private static func terminal(
    _ session: Session,
    _ console: Console,
    _ process: ProcessFacts,
    _ prompt: PromptInterrupts
  ) -> (any LineSource)? {
    let editor = LineEditor(
      input: STDIN_FILENO,
      output: STDERR_FILENO,
      settings: editorSettings(process)
    )
    guard let editor else { return nil }
    prompt.attach(editor.mailbox)
    session.keep(process.historyPath.map { SessionHistory(store: HistoryStore(path: $0)) })
    return TerminalLines(
      editor: editor,
      console: console,
      session: session,
      registry: .standard,
      ellipsis: process.messages(.auto).ellipsis
    )
  }

  private static func editorSettings(_ process: ProcessFacts) -> LineEditorSettings {
    LineEditorSettings(program: "devlake-shell", environment: process.environment)
  }
}
