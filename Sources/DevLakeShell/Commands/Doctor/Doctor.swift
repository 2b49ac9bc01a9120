import DevLakeKit
import ShellLanguage

/// One examination of a DevLake and its connections; whatever fails on the way is a finding.
struct Doctor {
  let session: Session
  let call: Call
  private(set) var findings: [Finding] = []
  private(set) var connections: [Connection] = []
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
          "\(instance.url) is not encrypted: secrets can be read in transit",
          fix: "connect https://\(instance.url.text.dropFirst("http://".count))"
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
        fix: Self.fix(for: failure)
      )
    )
  }

  private static func fix(for failure: Failure) -> String {
    switch failure.diagnostic.status {
    case 428: "connect --migrate"
    case 404: "list"
    default: "connect URL"
    }
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

  /// Finds the connections that are looked at.
  private mutating func choose() async throws(Failure) {
    let isChosen =
      !call.all(argument: "SEL").isEmpty || call.option("plugin") != nil
      || call.option("id") != nil || !call.all(option: "where").isEmpty
    guard isChosen else {
      let inventory = try await session.survey()
      connections = inventory.connections
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
      failure.diagnostic.message,
      fix: "show \(target.key)"
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
    var plugins: [PluginDescriptor] = []
    for plugin in connections.map({ session.plugin($0.key.plugin) })
    where !plugins.contains(where: { $0.id == plugin.id }) {
      plugins.append(plugin)
    }
    findings += plugins.filter(\.keepsSecretInClear).map(Finding.clearSecrets)
    var context = Examination.Context(now: session.world.now())
    context.asksServices = !call.flag("no-test") && session.restriction != "read-only"
    context.lives = Dictionary(connections.map { ($0.key, session.life(of: $0)) }) { $1 }
    context.warningDays = call.integer("days") ?? context.warningDays
    // A key that may not see the blueprints cannot tell what is unused.
    // Without blueprints nothing is said of what is unused; the instance's own check names the reason.
    context.used = try? await administrator.usedConnections(among: connections.map(\.key))
    let examinations = connections.map {
      Examination(of: $0, session.plugin($0.key.plugin), by: administrator, context)
    }
    let found = await sideBySide(
      examinations,
      atMost: call.integer("parallel") ?? session.settings.parallel,
      showing: session.conversation.progress,
      named: connections.map(\.key.description)
    ) { await $0.findings() }
    findings += found.joined()
  }
}
