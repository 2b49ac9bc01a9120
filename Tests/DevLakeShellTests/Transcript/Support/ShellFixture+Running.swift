import DevLakeKit

@testable import DevLakeShell

extension ShellFixture {
  /// Runs lines as `devlake-shell -c` does.
  func run(
    _ lines: String,
    _ options: [String] = [],
    answers: [ScriptedConversation.Answer]? = nil
  ) async -> Transcript {
    await run(arguments: options + ["-c", lines], answers: answers)
  }

  /// Runs the words after the program's name as one command.
  func run(
    words: String...,
    input: String? = nil,
    answers: [ScriptedConversation.Answer]? = nil
  ) async -> Transcript {
    await run(arguments: words, input: input ?? "", answers: answers)
  }

  /// Runs what is typed at a prompt.
  func type(
    _ lines: String...,
    answers: [ScriptedConversation.Answer] = []
  ) async -> Transcript {
    await run(arguments: [], typed: lines, answers: answers)
  }

  /// Runs a shell, put together as the program does it.
  ///
  /// - Parameter answers: What a person answers; `nil`: nobody is there.
  @MainActor
  func run(
    arguments: [String],
    input: String = "",
    typed: [String]? = nil,
    answers: [ScriptedConversation.Answer]? = nil
  ) async -> Transcript {
    let (results, messages) = (CollectedText(), CollectedText())
    let redactor = Redactor()
    let console = Console(
      results: results,
      messages: messages,
      hiding: { redactor.hiding($0) }
    )
    let conversation: ScriptedConversation
    let code: ExitCode
    do throws(Failure) {
      let invocation = try Invocation(arguments)
      conversation = ScriptedConversation(console, invocation.session.settings, answers)
      code = await shell(invocation, console, conversation, input, typed, redactor).run()
    } catch {
      var renderer = DiagnosticRenderer(for: .file)
      return Transcript(
        stdout: "",
        stderr: renderer.render(SecretScanner(registry: .standard).hiding(in: error.diagnostic)),
        exitCode: error.exitCode,
        questions: []
      )
    }
    return Transcript(
      stdout: results.text,
      stderr: messages.text,
      exitCode: code,
      questions: conversation.questions,
      offers: conversation.offers
    )
  }

  @MainActor
  private func shell(
    _ invocation: Invocation,
    _ console: Console,
    _ conversation: ScriptedConversation,
    _ input: String,
    _ typed: [String]?,
    _ redactor: Redactor
  ) async -> Shell {
    let session = Session(
      world: world(for: invocation, input, redactor),
      options: invocation.session,
      conversation: conversation
    )
    let interpreter = Interpreter(
      registry: .standard,
      session: session,
      console: console,
      results: results,
      messages: messages,
      keepsGoing: invocation.keepsGoing
    )
    var terminal: (@MainActor () -> (any LineSource)?)?
    if let typed { terminal = { ScriptedLines(typed, isInteractive: true) } }
    return Shell(
      invocation: invocation,
      session: session,
      interpreter: interpreter,
      interrupts: await Interrupts {},
      readFile: { (path) throws(Failure) in
        guard let text = folder.text(path) else { throw .usage("cannot read '\(path)'") }
        return text
      },
      standardInput: ScriptedLines(input.split(separator: "\n").map(String.init)),
      terminal: terminal
    )
  }

  private func world(
    for invocation: Invocation,
    _ input: String,
    _ redactor: Redactor
  ) -> World {
    var world = World(
      environment: variables,
      workingDirectory: folder.path,
      transport: transport
    )
    world.redactor = redactor
    world.configurationFolder = configurationFolder
    // What runs on this machine is none of a test's business.
    world.probesLocalAddresses = false
    world.pause = pause
    if let now { world.now = { now } }
    if case .command = invocation.door {
      world.hasVisibleArguments = true
      world.readLines = { take in
        for line in input.split(separator: "\n") { take(.line(Array(line.utf8))) }
        take(.end)
      }
      world.readStandardInput = { (wholeInput) async throws(SecretReferenceError) in
        guard !input.isEmpty, !wholeInput else { return input.isEmpty ? nil : Array(input.utf8) }
        return Array(input.utf8.prefix { $0 != UInt8(ascii: "\n") })
      }
    }
    return world
  }
}
