import DevLakeKit

// The examples of DevLakeKit.docc/DevLakeKit.md, letter for letter: a test compares the two.

func verdicts(at text: String, apiKey: Secret? = nil) async throws -> [ConnectionKey: Verdict] {
  let client = try await DevLakeClient(url: ServerURL(text), apiKey: apiKey)
  let administrator = Administrator(client: client)
  var verdicts: [ConnectionKey: Verdict] = [:]
  for connection in try await client.allConnections() {
    let plugin = PluginRegistry.standard.descriptor(for: connection.key.plugin)
    verdicts[connection.key] = try await administrator.test(connection.key.id, of: plugin)
  }
  return verdicts
}

func rotate(
  _ id: Int,
  to token: Secret,
  at text: String,
  log: String
) async throws -> ChangeOutcome {
  let client = try await DevLakeClient(url: ServerURL(text))
  return try await changes(of: client, log: log).rotate(id, of: .github, to: token)
}

func changes(of client: DevLakeClient, log folder: String) -> Changes {
  let context = AuditJournal.Context(
    instance: client.baseURL.text,
    user: "ada",
    command: "nightly renewal"
  )
  let log = AuditLog(path: folder + "/audit.ndjson")
  var changes = Changes(in: client)
  changes.journal = AuditJournal(log, context, folder: folder)
  return changes
}

func apply(
  _ yaml: String,
  in client: DevLakeClient,
  log: String
) async throws -> ChangeResults {
  let file = try ConnectionsFile(parsing: yaml)
  if let mistake = file.mistakes.first { throw mistake }
  let sources = SecretSources(
    environment: ["CI_PASSWORD": "secret"],
    workingDirectory: "."
  )
  let changes = changes(of: client, log: log)
  let plan = try await changes.plan(file, secrets: SecretResolver(sources: sources))
  return await changes.apply(plan)
}

func problems(of client: DevLakeClient, now: Int) async throws -> [Finding] {
  let context = Examination.Context(now: now)
  return try await Administrator(client: client).examine(context)
    .filter { $0.severity != .ok }
}

func secret(_ text: String, in environment: [String: String]) async throws -> Secret {
  let resolver = SecretResolver(
    sources: SecretSources(environment: environment, workingDirectory: "."),
    envFile: try EnvFile.load(".devlake.env")
  )
  let reference = try SecretReference(text)
  let request = SecretRequest(subject: "token", flag: "token", reference: reference)
  return try await resolver.resolve([request])[0].get().value
}
