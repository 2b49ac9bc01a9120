import DevLakeKit
import DevLakeSimulator
import Foundation
import Testing

@testable import DevLakeShell
@testable import ShellLanguage

/// Runs the shell in this process, in a folder of its own, against a simulator of its own.
struct ScriptHarness: Sendable {
  /// What a run came to.
  struct Outcome: Equatable, Sendable {
    var output: String
    var messages: String
    var code: Int32
    /// `GET /plugins`, …, in the order they came.
    var requests: [String] = []
  }

  var environment: [String: String] = [:]
  /// Files of the folder, by name.
  var files: [String: String] = [:]
  var seed = Seed.demo

  /// Runs `devlake-shell ARGUMENTS`, with `input` piped in.
  @MainActor
  func run(_ arguments: [String], input: String = "") async throws -> Outcome {
    let lines = TextLines(input)
    return try await run(arguments, lines: lines, isPrompt: false, input: input).outcome
  }

  /// Runs the shell as a person at a terminal would.
  @MainActor
  func prompt(
    _ input: String,
    _ arguments: [String] = [],
    startupFile: String? = nil
  ) async throws -> Outcome {
    let lines = TextLines(input, isInteractive: true)
    return try await run(arguments, lines: lines, isPrompt: true, startupFile: startupFile).outcome
  }

  /// Runs the shell on lines of any kind, and leaves the folder for a look inside.
  @MainActor
  func run<Result: Sendable>(
    _ arguments: [String],
    lines: any LineSource,
    isPrompt: Bool = false,
    startupFile: String? = nil,
    console: Console? = nil,
    input: String = "",
    inspecting inspect: @Sendable (String) throws -> Result = { _ in () }
  ) async throws -> (outcome: Outcome, seen: Result) {
    let folder = NSTemporaryDirectory() + "lake-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in files {
      let path = folder + "/" + name
      let parent = (path as NSString).deletingLastPathComponent
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      // Programs the scripts call stand in bin/.
      let mode = name.hasPrefix("bin/") ? 0o755 : 0o644
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
    return try await Simulator.with(seed: seed, era: .may2026) { simulator in
      var outcome = try await run(
        arguments,
        in: folder,
        simulator.url,
        lines,
        isPrompt,
        startupFile.map { "\(folder)/\($0)" },
        console,
        input
      )
      outcome.requests = simulator.requests.map { "\($0.method) \($0.path)" }
      return (outcome, try inspect(folder))
    }
  }

  @MainActor
  private func run(
    _ arguments: [String],
    in folder: String,
    _ url: String,
    _ lines: any LineSource,
    _ isPrompt: Bool,
    _ startupFile: String?,
    _ given: Console?,
    _ input: String
  ) async throws -> Outcome {
    let (results, messages) = (CollectedText(), CollectedText())
    let redactor = Redactor()
    let console =
      given ?? Console(results: results, messages: messages, hiding: { redactor.hiding($0) })
    var world = World(
      environment: environment,
      workingDirectory: folder,
      transport: { AsyncHTTPTransport(options: $0) }
    )
    world.redactor = redactor
    world.environment["DEVLAKE_URL"] = url
    world.environment["HOME"] = environment["HOME"] ?? folder
    world.environment["PATH"] = folder + "/bin:/usr/bin:/bin"
    world.probesLocalAddresses = false
    let invocation: Invocation
    do throws(Failure) {
      invocation = try Invocation(arguments)
    } catch {
      var renderer = DiagnosticRenderer()
      return Outcome(
        output: "",
        messages: renderer.render(error.diagnostic),
        code: error.exitCode.rawValue
      )
    }
    if invocation.leavesInput {
      world.readStandardInput = { _ async throws(SecretReferenceError) in Array(input.utf8) }
    }
    let settings = invocation.session.settings
    let session = Session(
      world: world,
      options: invocation.session,
      conversation: ConsoleConversation(
        console: console,
        medium: .file,
        isQuiet: settings.isQuiet,
        writesJSON: settings.format.isJSON,
        terminal: nil
      )
    )
    var terminal: (@MainActor () -> (any LineSource)?)?
    if isPrompt { terminal = { lines } }
    let interrupts = await Interrupts {}
    let read: (String) throws(Failure) -> String = { (path) throws(Failure) in
      try ScriptFile.read(path.hasPrefix("/") ? path : folder + "/" + path, shownAs: path)
    }
    let shell = Shell(
      invocation: invocation,
      session: session,
      interpreter: Interpreter(
        registry: .standard,
        session: session,
        console: console,
        results: .file,
        messages: .file,
        keepsGoing: invocation.keepsGoing
      ),
      interrupts: interrupts,
      readFile: read,
      standardInput: lines,
      terminal: terminal,
      startupFile: startupFile
    )
    let code = await shell.run().rawValue
    return Outcome(output: results.text, messages: messages.text, code: code)
  }
}

/// Lines of a text, as a pipe or a person gives them.
@MainActor
final class TextLines: LineSource {
  let name: String
  let isInteractive: Bool
  private var entries: [String]

  /// At a prompt the editor hands on whole entries, as it knows what is complete.
  init(_ text: String, isInteractive: Bool = false) {
    name = isInteractive ? DiagnosticRenderer.prompt : "<stdin>"
    self.isInteractive = isInteractive
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    entries = []
    var entry = ""
    for line in lines {
      entry += entry.isEmpty ? line : "\n" + line
      let source = SourceText(name: "<terminal>", text: entry)
      if isInteractive, Parser.parse(source).incompleteness != nil { continue }
      entries.append(entry)
      entry = ""
    }
    if !entry.isEmpty { entries.append(entry) }
    entries.reverse()
  }

  func next(prompt: String) -> LineRead { entries.popLast().map(LineRead.line) ?? .end }
}
