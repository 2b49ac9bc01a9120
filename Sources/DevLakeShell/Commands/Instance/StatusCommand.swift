import DevLakeKit
import ShellLanguage

/// Tells how DevLake is: `status`.
struct StatusCommand: Command {
  let signature = Signature(
    name: "status",
    abstract: "Show the DevLake in use: version, readiness, plugins, connections",
    discussion:
      "Exit code 3 when it is not ready, 4 when some plugins do not report their connections.",
    options: [.instances],
    examples: [
      .init(input: "status", purpose: "the state of DevLake"),
      .init(input: "status --instances all", purpose: "the state of each named instance"),
    ],
    topic: .instance
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    let instance = try await session.connected()
    let facts = await Self.facts(instance.client)
    var inventory: Survey?
    if case .success(false) = facts.isMigrating { inventory = try await session.survey() }
    if case .failure(let error) = facts.isMigrating { throw Failure(error) }
    // Of a DevLake that tells no list the number of connections is not known, and not 0.
    let isCounted = inventory.map { !$0.plugins.isEmpty || $0.failures.isEmpty } ?? false
    let isMigrating = (try? facts.isMigrating.get()) ?? false  // failures have left above
    let companions = Companions(instance.url)
    let data: JSONObject = [
      "url": .string(instance.url.text), "source": .string(instance.source.description),
      "version": .string(instance.version), "ready": facts.isReady.map { .bool($0) } ?? .null,
      "migrationPending": .bool(isMigrating), "auth": .string(instance.client.access.name),
      "plugins": (session.inventory.serverPlugins?.count).map { .integer($0) } ?? .null,
      "connections": isCounted ? .object(Self.counts(inventory?.connections ?? [])) : .null,
      "configUi": companions.configUI ?? .null,
      "grafana": companions.grafana ?? .null,
      "restriction": session.restriction.map { .string($0) } ?? .null,
    ]
    let output = Output(data: .object(data), view: .lines(Self.lines(data)))
    var result = CommandResult(output)
    guard let inventory else {
      result.exitCode = .unreachable
      result.error =
        Failure(APIError(.migration(isRunning: false), call: "GET /plugins")).diagnostic
      return result
    }
    if let (_, error) = inventory.failures.first {
      result.exitCode = isCounted ? .partial : .unreachable
      result.error = Failure(error).diagnostic
      result.error?.message = inventory.failureTexts.joined(separator: "; ")
      result.showsFailure = false
      if let help = await instance.client.whatOpensLogin(error) {
        result.error?.help = help.options
      }
    } else if facts.isReady == false {
      result.exitCode = .unreachable
      result.error = Diagnostic(code: .unreachable, message: "DevLake is not ready")
    } else if !inventory.isComplete {
      result.exitCode = .partial
    }
    return result
  }

  private static func counts(_ connections: [Connection]) -> JSONObject {
    var counts = JSONObject()
    for connection in connections {
      let plugin = connection.key.plugin
      counts[plugin] = .integer((counts[plugin]?.int ?? 0) + 1)
    }
    return counts
  }

  private static func facts(
    _ client: DevLakeClient
  ) async -> (
    isReady: Bool?, isMigrating: Result<Bool, APIError>
  ) {
    async let ready = readiness(client)
    do throws(APIError) {
      let isMigrating = try await client.isMigrationPending()
      return (await ready, .success(isMigrating))
    } catch {
      return (await ready, .failure(error))
    }
  }

  private static func readiness(_ client: DevLakeClient) async -> Bool? {
    try? await client.isReady()  // unknown is one of the answers
  }

  private static func readiness(_ isReady: Bool?) -> String {
    switch isReady {
    case true?: "ready"
    case false?: "not ready"
    case nil: "unknown whether it is ready"
    }
  }

  private static func lines(_ data: JSONObject) -> [String] {
    func text(_ name: String) -> String { data[name].flatMap { Value.data($0).text } ?? "" }
    var lines = ["DevLake \(text("version")) at \(text("url")) (\(text("source")))"]
    if !text("restriction").isEmpty { lines.append("   \(text("restriction"))") }
    let isMigrating = data["migrationPending"]?.bool == true
    lines.append(
      isMigrating
        ? "   a database migration is pending: run 'connect --migrate'"
        : "   \(readiness(data["ready"]?.bool)), "
          + (text("plugins").isEmpty ? "DevLake does not report its" : text("plugins")) + " plugins"
    )
    if let counts = data["connections"]?.object?.members {
      let total = counts.reduce(0) { $0 + ($1.value.int ?? 0) }
      lines.append(
        "   \(total) connections" + (counts.isEmpty ? "" : ": ")
          + counts.map { "\($0.key) \($0.value.text)" }.joined(separator: ", ")
      )
    }
    return lines + companions(data)
  }

  private static func companions(_ data: JSONObject) -> [String] {
    [("configUi", "config-ui"), ("grafana", "Grafana")].compactMap { name, label in
      data[name]?.string.map { "   \(label): \($0)" }
    }
  }
}

/// Where config-ui and Grafana are, by the ports DevLake's own deployment gives them.
private struct Companions {
  let configUI: JSONValue?
  let grafana: JSONValue?

  init(_ url: ServerURL) {
    let known = [(8080, "", 4000, 3002), (8085, "", 4004, 3004), (4000, "/api", 4000, 3002)]
    let found = known.first { url.isLoopback && url.port == $0.0 && url.path == $0.1 }
    configUI = found.map { .string(url.at(port: $0.2).text) }
    grafana = found.map { .string(url.at(port: $0.3).text) }
  }
}
