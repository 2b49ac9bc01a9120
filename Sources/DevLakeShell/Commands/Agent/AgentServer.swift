import DevLakeKit

/// Answers a client of the Model Context Protocol until its input ends.
///
/// One task reads what comes and writes what goes, so that lines never mix; each call of a tool is a
/// task of its own with a session of its own, which ends when the client cancels it. Requests of
/// revision 2026-07-28 carry their version themselves; a client that begins with `initialize` speaks an
/// older one, in which the version was agreed once.
struct AgentServer {
  let interpreter: Interpreter

  /// The revisions without a handshake, newest first.
  static let versions = ["2026-07-28"]
  /// Those that begin with `initialize`, newest first.
  static let handshakeVersions = ["2025-11-25", "2025-06-18"]
  /// How many tools run at once; further calls wait for their turn.
  static let callsAtOnce = 8

  private enum Event: Sendable {
    case input(InputLine)
    /// Something to write on the way to a result.
    case message(JSONValue)
    case finished(AgentRequest.ID, JSONValue)
  }

  /// What the loop knows of its client.
  private struct State {
    var hasHandshake = false
    var running: [AgentRequest.ID: Task<Void, Never>] = [:]
    var isOver = false
  }

  func serve(
    _ readLines: (@escaping @Sendable (InputLine) -> Void) -> Void
  ) async -> ExitCode {
    let (events, inlet) = AsyncStream<Event>.makeStream()
    readLines { inlet.yield(.input($0)) }
    let slots = RequestSlots(Self.callsAtOnce)
    var state = State()
    for await event in events {
      switch event {
      case .message(let message): write(message)
      case .finished(let id, let answer):
        // One that was cancelled wants no answer.
        if state.running.removeValue(forKey: id) != nil { write(answer) }
      case .input(.line(let line)): take(line, &state, slots, inlet)
      case .input(.tooLong):
        write(AgentFault(.request, "this line is longer than 8 MiB").json)
        state.isOver = true
      case .input(.end): state.isOver = true
      }
      if state.isOver && state.running.isEmpty || interpreter.console.isReaderGone { break }
    }
    for task in state.running.values { task.cancel() }
    inlet.finish()
    return Task.isCancelled ? .interrupted : .success
  }

  private func write(_ message: JSONValue) {
    interpreter.console.write(interpreter.session.redactor.hiding(message).text + "\n")
    interpreter.console.flush()
  }

  private func take(
    _ line: [UInt8],
    _ state: inout State,
    _ slots: RequestSlots,
    _ inlet: AsyncStream<Event>.Continuation
  ) {
    guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) else { return }
    do throws(AgentFault) {
      switch try AgentMessage(line) {
      case .notification("notifications/cancelled", let params):
        guard let id = AgentRequest.ID(params["requestId"]) else { return }
        state.running.removeValue(forKey: id)?.cancel()
      // Others, such as 'notifications/initialized', change nothing here.
      case .notification: return
      case .request(let request):
        guard state.running[request.id] == nil else {
          throw AgentFault(.request, "a request with this id is under way", id: request.id)
        }
        if let answer = try answer(request, &state) {
          write(answer)
        } else {
          state.running[request.id] = try begin(request, state.hasHandshake, slots, inlet)
        }
      }
    } catch {
      write(error.json)
    }
  }

  /// The answer of what needs no DevLake; `nil`: it is a call of a tool.
  private func answer(
    _ request: AgentRequest,
    _ state: inout State
  ) throws(AgentFault) -> JSONValue? {
    if request.method == "initialize" {
      state.hasHandshake = true
      return request.result(try handshake(request))
    }
    let isModern = try isModern(request, hasHandshake: state.hasHandshake)
    switch request.method {
    case "server/discover" where isModern:
      return request.result(finished(discovery, isModern, isCacheable: true))
    case "ping" where !isModern: return request.result([:])
    case "tools/list":
      guard (request.params["cursor"] ?? .null).isNull else {  // layers: a page's cursor
        throw AgentFault(.params, "there is no such cursor", id: request.id)
      }
      let tools = AgentTools(registry: interpreter.registry).list
      return request.result(finished(["tools": .array(tools)], isModern, isCacheable: true))
    case "tools/call": return nil
    default:
      throw AgentFault(.method, "no method '\(AgentText.cleaned(request.method))'", id: request.id)
    }
  }

  /// Whether a request says itself which revision it is of.
  private func isModern(
    _ request: AgentRequest,
    hasHandshake: Bool
  ) throws(AgentFault) -> Bool {
    let meta = request.meta
    guard let version = meta[MetaKey.version] else {
      guard hasHandshake else {
        throw AgentFault(
          .params,
          "params._meta has no '\(MetaKey.version)'; clients of older revisions begin with 'initialize'",
          id: request.id
        )
      }
      return false
    }
    guard let version = version.string, meta[MetaKey.capabilities]?.object != nil else {
      throw AgentFault(
        .params,
        "params._meta needs '\(MetaKey.version)' as a text and '\(MetaKey.capabilities)' as an object",
        id: request.id
      )
    }
    guard Self.versions.contains(version) else {
      throw AgentFault(
        .version,
        "revision '\(AgentText.cleaned(version))' is not served",
        data: [
          "supported": .array(Self.versions.map { .string($0) }), "requested": .string(version),
        ],
        id: request.id
      )
    }
    return true
  }

  private func handshake(_ request: AgentRequest) throws(AgentFault) -> JSONValue {
    guard let wanted = request.params["protocolVersion"]?.string else {
      throw AgentFault(.params, "'initialize' needs 'protocolVersion'", id: request.id)
    }
    let version = Self.handshakeVersions.first { $0 == wanted } ?? Self.handshakeVersions[0]
    return [
      "protocolVersion": .string(version), "capabilities": ["tools": [:]],
      "serverInfo": Self.identity, "instructions": .string(AgentText.instructions),
    ]
  }

  private var discovery: JSONObject {
    [
      "supportedVersions": .array(Self.versions.map { .string($0) }),
      "capabilities": ["tools": [:]], "instructions": .string(AgentText.instructions),
    ]
  }

  static let identity: JSONValue = [
    "name": "devlake-shell", "title": "Connections of Apache DevLake",
    "version": .string(ProgramVersion.current),
  ]

  /// A result with what its revision wants besides.
  private func finished(
    _ result: JSONObject,
    _ isModern: Bool,
    isCacheable: Bool = false
  ) -> JSONValue {
    guard isModern else { return .object(result) }
    var result = result
    result["resultType"] = "complete"
    if isCacheable {
      // What this program can do stays the same as long as it runs.
      result["ttlMs"] = 3_600_000
      result["cacheScope"] = "private"
    }
    result["_meta"] = [MetaKey.server: Self.identity]
    return .object(result)
  }

  /// Begins the call of a tool.
  private func begin(
    _ request: AgentRequest,
    _ hasHandshake: Bool,
    _ slots: RequestSlots,
    _ inlet: AsyncStream<Event>.Continuation
  ) throws(AgentFault) -> Task<Void, Never> {
    let isModern = try isModern(request, hasHandshake: hasHandshake)
    let call = try AgentCall(request, interpreter) { inlet.yield(.message($0)) }
    let (id, session) = (request.id, call.sessionSeed)
    return Task.detached {
      guard await slots.take() else { return }
      let result = await call.run(in: session.session())
      slots.give()
      var whole = result
      if isModern {
        whole["resultType"] = "complete"
        whole["_meta"] = [MetaKey.server: Self.identity]
      }
      inlet.yield(.finished(id, request.result(.object(whole))))
    }
  }

  /// The protocol's own members of `_meta`.
  private enum MetaKey {
    static let version = "io.modelcontextprotocol/protocolVersion"
    static let capabilities = "io.modelcontextprotocol/clientCapabilities"
    static let server = "io.modelcontextprotocol/serverInfo"
  }
}
