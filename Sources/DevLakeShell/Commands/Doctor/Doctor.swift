import DevLakeKit
import ShellLanguage

/// One examination of a DevLake and its connections; whatever fails on the way is a finding.
struct Doctor {
  let session: Session
  let call: Call
  private(set) var findings: [Finding] = []
  private(set) var connections: [Connection] = []
  /// Whether every connection DevLake has was seen, so that one a blueprint names besides is gone.
  private var isComplete = false
  /// Why DevLake itself cannot be used, and so no connection was looked at.
  private(set) var obstacle: Failure?

  init(session: Session, call: Call) {
    self.session = session
    self.call = call
  }

  /// - Throws: Only for mistakes in the words of the command, and Ctrl-C.
  mutating func run() async throws(Failure) {
    examineFiles()
    let instance: DevLakeInstance
    do throws(Failure) {
      instance = try await session.connected()
    } catch {
      return try note(error, .reachable)
    }
    findings.append(
      Finding(
        .reachable,
        .ok,
        "DevLake \(instance.version) answers at \(instance.url) (\(instance.source))"
      )
    )
    if instance.url.isOpen {
      findings.append(
        Finding(
          .encryption,
          .warning,
          "\(instance.url) is not encrypted: secrets can be read in transit; put TLS in front of it"
        )
      )
    }
    let examination = InstanceExamination(of: instance.client)
    findings += await examination.findings()
    findings += await examination.keyFindings(
      now: session.world.now(),
      within: call.integer("days") ?? Examination.Context(now: 0).warningDays
    )
    do throws(Failure) {
      try await choose()
    } catch {
      try note(error, .list)
      return
    }
    await examine(Administrator(client: instance.client))
  }

  /// A failure becomes a finding, unless it is about what was typed.
  private mutating func note(_ failure: Failure, _ check: Finding.Check) throws(Failure) {
    switch failure.exitCode {
    case .usage, .unasked, .interrupted: throw failure
    case .unreachable, .timeout: obstacle = failure
    default: break
    }
    let isTold = findings.contains { finding in
      finding.severity == .error
        && (failure.diagnostic.message.hasSuffix(finding.message)
          || (finding.check == .migration && failure.diagnostic.status == 428))
    }
    if isTold { return }
    findings.append(
      Finding(
        failure.diagnostic.status == 428 ? .migration : check,
        .error,
        failure.diagnostic.message,
        // Where DevLake is, only a person can say.
        remedy: failure.diagnostic.status == 428 ? .migrate : nil
      )
    )
  }

  /// Files that cannot be read keep nobody from working, and so nobody would notice.
  private mutating func examineFiles() {
    do throws(Failure) {
      _ = try session.namedInstances()
    } catch {
      findings.append(Finding(.files, .warning, error.diagnostic.message))
    }
    for problem in session.journal.stateFiles.read().problems {
      findings.append(Finding(.files, .warning, problem.description))
    }
  }

  /// Whether every connection is looked at.
  private var looksAtAll: Bool {
    call.all(argument: "SEL").isEmpty && call.option("plugin") == nil && call.option("id") == nil
      && call.all(option: "where").isEmpty
  }

  /// Finds the connections that are looked at.
  private mutating func choose() async throws(Failure) {
    guard !looksAtAll else {
      let inventory = try await session.survey()
      connections = inventory.connections
      isComplete = inventory.failures.isEmpty
      return await note(inventory.failures)
    }
    if let plugin = call.option("plugin"), call.option("id") == nil,
      call.all(argument: "SEL").isEmpty, call.all(option: "where").isEmpty
    {
      connections = try await session.connections(of: session.plugin(plugin.text), at: plugin)
      return
    }
    for target in try await Selection(session: session, call: call).targets() {
      if let known = target.connection {
        connections.append(known)
        continue
      }
      do throws(Failure) {
        connections.append(try await session.connection(target, at: call.place(of: target)))
      } catch {
        try await note(error, of: target)
      }
    }
  }

  /// A connection that is there and cannot be read is a finding; one that is not there is a mistake.
  private mutating func note(
    _ failure: Failure,
    of target: ConnectionTarget
  ) async throws(Failure) {
    guard failure.exitCode == .failure, failure.diagnostic.code != .notFound else { throw failure }
    let administrator = try await session.administrator()
    // What cannot be found out is told as it came.
    if (try? await administrator.isBroken(target.id, of: target.plugin)) == true {
      return findings.append(Finding.brokenRow(target.key))
    }
    var finding = Finding(
      .list,
      .error,
      plugin: target.plugin.id,
      failure.diagnostic.message
    )
    finding.id = target.id
    findings.append(finding)
  }

  /// The lists that failed; rows that break theirs are looked for one by one.
  private mutating func note(_ failures: [(plugin: PluginDescriptor, error: APIError)]) async {
    var rest: [(plugin: PluginDescriptor, error: APIError)] = []
    for (plugin, error) in failures {
      let broken = await brokenRows(of: plugin, error)
      findings += broken.map { Finding.brokenRow(ConnectionKey(plugin: plugin.id, id: $0)) }
      if broken.isEmpty { rest.append((plugin, error)) }
    }
    findings += Finding.failures(of: rest).filter { !findings.contains($0) }
    if connections.isEmpty, let away = rest.first(where: { $0.error.kind == .databaseAway }) {
      obstacle = Failure(away.error)
    }
  }

  private func brokenRows(of plugin: PluginDescriptor, _ error: APIError) async -> [Int] {
    guard case .brokenDown = error.kind, let client = session.server.instance?.client else {
      return []
    }
    // What cannot be found stays a list that fails.
    return (try? await Administrator(client: client).brokenConnections(of: plugin)) ?? []
  }

  private mutating func examine(_ administrator: Administrator) async {
    findings += NameExamination.findings(connections)
    findings += await clearSecrets()
    var context = Examination.Context(now: session.world.now())
    context.asksServices = !call.flag("no-test") && session.restriction != "read-only"
    context.lives = Dictionary(connections.map { ($0.key, session.life(of: $0)) }) { $1 }
    context.isDeep = call.flag("deep")
    context.warningDays = call.integer("days") ?? context.warningDays
    // A key that may not see the blueprints cannot tell what is unused: nothing is said of that then.
    let blueprints = try? await BlueprintUses(by: administrator)
    context.used = blueprints?.used(among: connections.map(\.key))
    let examinations = connections.map {
      Examination(of: $0, session.plugin($0.key.plugin), by: administrator, context)
    }
    let outcomes = await inParallel(
      examinations,
      atMost: call.integer("parallel") ?? session.settings.parallel,
      showing: session.conversation.progress,
      named: connections.map(\.key.description)
    ) { await $0.outcome() }
    findings += outcomes.flatMap(\.findings)
    let entries = zip(connections, outcomes).map { connection, outcome in
      ScopeExamination.Entry(connection, session.plugin(connection.key.plugin), outcome.scopes)
    }
    findings += ScopeExamination(
      entries,
      blueprints: blueprints?.all ?? [],
      isComplete: isComplete
        && !findings.contains { finding in
          finding.severity >= .warning && (finding.check == .list || finding.check == .access)
        }
    )
    .findings()
    noteUnseen(context, outcomes, hasBlueprints: blueprints != nil)
  }

  /// Plugins whose secrets are in clear in the database, as far as this server is one of those.
  private func clearSecrets() async -> [Finding] {
    var plugins: [PluginDescriptor] = []
    for plugin in connections.map({ session.plugin($0.key.plugin) })
    where plugin.keepsSecretInClear && !plugins.contains(where: { $0.id == plugin.id }) {
      plugins.append(plugin)
    }
    guard !plugins.isEmpty else { return [] }
    let server = await session.pluginsOfServer() ?? []
    return plugins.filter { plugin in !plugin.encryptedBeside.contains(where: server.contains) }
      .map(Finding.clearSecrets)
  }

  /// What was not looked at is said, so that nobody takes silence for health.
  private mutating func noteUnseen(
    _ context: Examination.Context,
    _ outcomes: [Examination.Outcome],
    hasBlueprints: Bool
  ) {
    func note(_ text: String) { findings.append(Finding(.unseen, .note, text)) }
    if !connections.isEmpty, !context.asksServices {
      note("no connection was tested, and no service was asked when its credential ends")
    } else if !connections.isEmpty, !context.isDeep {
      note("what the credentials can read was not asked: 'doctor --deep' does")
    }
    if !connections.isEmpty, !hasBlueprints {
      note("DevLake does not show its blueprints, so what is unused is not reported")
    }
    let withoutScopes = zip(connections, outcomes).filter { connection, outcome in
      outcome.scopes == nil && session.plugin(connection.key.plugin).scopeIdField != nil
    }
    .map(\.0.key.description)
    if !withoutScopes.isEmpty {
      note("DevLake does not show the scopes of \(withoutScopes.joined(separator: ", "))")
    }
  }
}
