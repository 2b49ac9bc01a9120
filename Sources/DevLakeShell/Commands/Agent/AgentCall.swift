import DevLakeKit
import ShellLanguage
import Synchronization

/// One call of a tool: its values checked, its command run, its result told.
struct AgentCall: Sendable {
  let sessionSeed: SessionSeed
  private let tool: any AgentTool
  private let call: Result<Call, Failure>
  private let notes: AgentConversation

  /// Reads a request; what is wrong with the values themselves is the tool's error, so that the agent
  /// reads it and can do better.
  init(
    _ request: AgentRequest,
    _ interpreter: Interpreter,
    send: @escaping @Sendable (JSONValue) -> Void
  ) throws(AgentFault) {
    let name = request.params["name"]?.string ?? ""
    guard let tool = AgentTools(registry: interpreter.registry)[name] else {
      throw AgentFault(.params, "no tool '\(AgentText.cleaned(name))'", id: request.id)
    }
    let arguments = request.params["arguments"] ?? .object([:])
    guard let values = arguments.object else {
      throw AgentFault(.params, "'arguments' is an object", id: request.id)
    }
    self.tool = tool
    notes = AgentConversation(progressToken: request.meta["progressToken"], send: send)
    var text: String?
    do throws(Failure) {
      let words = try AgentArguments(values, of: tool.signature)
      text = words.file
      call = .success(try words.call(tool, in: interpreter.registry))
    } catch {
      call = .failure(error)
    }
    sessionSeed = Self.seed(interpreter.session, notes, file: text)
  }

  /// A session that only reads, asks nobody, and reads no stream of the process.
  private static func seed(
    _ session: Session,
    _ conversation: AgentConversation,
    file: String?
  ) -> SessionSeed {
    var options = session.options
    options.settings = session.settings
    options.settings.isVerbose = false
    options.answersYes = false
    options.isAgent = true
    var world = session.world
    world.readLines = nil
    world.readStandardInput = nil
    if let file {
      world.readStandardInput = { _ async throws(SecretReferenceError) in Array(file.utf8) }
    }
    world.screenRows = nil
    world.screenColumns = nil
    world.resultsAreOnTerminal = false
    return SessionSeed(world: world, options: options, conversation: conversation)
  }

  /// Runs the command, and gives the result as `tools/call` wants it.
  func run(in session: Session) async -> JSONObject {
    let outcome = await Result(awaiting: { () async throws(Failure) in try await result(session) })
    let structured: JSONObject
    var isError = false
    switch outcome {
    case .success(let result):
      structured = self.structured(result)
      // A failed test is a result; that DevLake is out of reach is none.
      isError = [.unreachable, .unasked, .usage, .timeout].contains(result.exitCode)
    case .failure(let failure):
      structured = self.structured(failure)
      isError = true
    }
    return [
      "content": [["type": "text", "text": .string(AgentText.block(structured))]],
      "structuredContent": .object(structured), "isError": .bool(isError),
    ]
  }

  private func result(_ session: Session) async throws(Failure) -> CommandResult {
    let call = try call.get()
    // The one route besides GET that changes nothing; the gate lets it through for these two alone.
    let session = session.scoped {
      $0.allowsTests = ["test", "doctor"].contains(call.signature.name)
    }
    if call.option("instances") != nil {
      return try await Fleet(call, session).result(of: tool, call)
    }
    return try await tool.run(call, in: session).marked(lacking: session.findings.gaps)
  }

  private func structured(_ result: CommandResult) -> JSONObject {
    let data = result.output.data
    let records = data.array ?? (data.isNull ? [] : [data])
    return whole(
      result.exitCode,
      records: records,
      failures: result.output.failures,
      error: result.error,
      notes: result.notes + result.remarks
    )
  }

  private func structured(_ failure: Failure) -> JSONObject {
    whole(failure.exitCode, error: failure.diagnostic)
  }

  private func whole(
    _ code: ExitCode,
    records: [JSONValue] = [],
    failures: [JSONValue] = [],
    error: Diagnostic?,
    notes: [String] = []
  ) -> JSONObject {
    var whole: JSONObject = [
      "warning": .string(AgentText.warning), "ok": .bool(code.isSuccess),
      "exitCode": .integer(code.rawValue), "records": AgentText.cleaned(.array(records)),
      "failures": AgentText.cleaned(.array(failures)),
    ]
    if let error {
      var told: JSONObject = [
        "code": .string(error.code.rawValue), "message": .string(AgentText.cleaned(error.message)),
      ]
      if let help = error.help { told["help"] = .string(AgentText.cleaned(help)) }
      whole["error"] = .object(told)
    }
    whole["notes"] = .array((self.notes.all + notes).map { .string(AgentText.cleaned($0)) })
    return whole
  }
}

/// What is said while a tool runs: notes are part of its result, progress is told at once.
final class AgentConversation: Conversation {
  private struct State {
    var notes: [String] = []
    var done = 0
    var total = 0
  }

  private let state = Mutex(State())
  private let token: JSONValue?
  private let send: @Sendable (JSONValue) -> Void

  init(progressToken: JSONValue?, send: @escaping @Sendable (JSONValue) -> Void) {
    // A token is a text or a number; nothing is sent under another one.
    token = AgentRequest.ID(progressToken)?.json
    self.send = send
  }

  let canAsk = false

  var all: [String] { state.withLock { $0.notes } }

  func ask(_ question: String) async throws(Failure) -> String? {
    throw .unasked("a question cannot be asked of an agent", flags: [])
  }

  func askSecret(_ question: String) async throws(Failure) -> Secret? {
    throw .unasked("a secret cannot be asked of an agent", flags: [])
  }

  var progress: ProgressLine? {
    guard token != nil else { return nil }
    return ProgressLine(
      width: { 80 },
      isUTF8: true,
      write: { _ in },
      observe: { [weak self] step in self?.take(step) }
    )
  }

  /// What is done grows with each line, as the protocol wants it; what is expected may grow, too.
  private func take(_ step: ProgressLine.Step) {
    guard let token else { return }
    switch step {
    case .expected(let count): state.withLock { $0.total += count }
    case .finished(let name):
      let (done, total) = state.withLock { state in
        state.done += 1
        return (state.done, max(state.done, state.total))
      }
      send([
        "jsonrpc": "2.0", "method": "notifications/progress",
        "params": [
          "progressToken": token, "progress": .integer(done), "total": .integer(total),
          "message": .string(AgentText.cleaned(name)),
        ],
      ])
    }
  }

  func note(_ text: String) {
    state.withLock { $0.notes.append(String(text.drop { $0 == " " })) }
  }

  func report(_ diagnostic: Diagnostic) {
    note(diagnostic.message + (diagnostic.help.map { " (\($0))" } ?? ""))
  }

  func writes(asJSON isJSON: Bool) {}
}
