import DevLakeKit
import ShellLanguage

/// All connections of a DevLake, and the plugins whose list failed.
struct Survey: Sendable {
  var connections: [Connection] = []
  var failures: [(plugin: PluginDescriptor, error: APIError)] = []
  /// The plugins that have connections, whether or not there are any.
  var plugins: [PluginDescriptor] = []
  /// Why the server's list of plugins is not available, so that one may be missing here; `nil` where
  /// it was read, or DevLake is known not to tell it.
  var unlisted: APIError?
  /// The list of each plugin that has one, empty ones too.
  var lists: [(plugin: PluginDescriptor, connections: [Connection])] = []
  /// The plugins the server says it has; `nil` where it does not tell.
  var serverPlugins: [String]?
  /// What a person should know of how it came about.
  var warning: String?

  /// Whether nothing is missing.
  var isComplete: Bool { failures.isEmpty && unlisted == nil }
}

extension Survey {
  /// What the answers come to.
  ///
  /// One list that fails is that plugin's trouble; all of them are the server's, and thrown.
  init(_ sweep: ConnectionSweep, of client: DevLakeClient) throws(Failure) {
    var lists = sweep.lists
    let failures = lists.compactMap(\.1.failure)
    if let first = failures.first,
      first.isCancellation || (failures.count == lists.count && first.isAboutServer)
    {
      throw Failure(first)
    }
    lists.removeAll { plugin, list in list.failure.map { sweep.isHidden(plugin, $0) } == true }
    switch sweep.names {
    case .success(let names):
      serverPlugins = names
    case .failure(let error):
      if error.isCancellation { throw Failure(error) }
      if case .unauthorized(status: 403, _) = error.kind { break }
      if lists.allSatisfy({ $0.1.failure?.kind == .noRoute }) { throw .noneOfTheRoutes(client) }
      warning = "the list of plugins: \(error.description); those of the catalog are shown"
      // A DevLake that is older than that route is no fault.
      if error.kind != .noRoute { unlisted = error }
    }
    for (plugin, list) in lists {
      switch list {
      case .success(let connections):
        self.lists.append((plugin, connections))
        plugins.append(plugin)
      case .failure(let error):
        if error.kind != .noRoute { self.failures.append((plugin, error)) }
      }
    }
    // Each list is in order already.
    let found = self.lists.map(\.connections).filter { !$0.isEmpty }
    connections = Array(found.sorted { $0[0].key < $1[0].key }.joined())
  }
}

extension Session {
  /// Lists the connections of every plugin, in parallel: the plugins of the catalog at once with
  /// the server's own list of plugins, then those the catalog lacks.
  func survey() async throws(Failure) -> Survey {
    let (client, sweep) = try await firstSweep()
    let progress = conversation.progress?.ofSweep
    let completed = await sweep.completed(by: client, progress)
    let survey: Survey
    do throws(Failure) {
      survey = try Survey(completed, of: client)
    } catch {
      var failure = error
      if let refused = completed.lists.lazy.compactMap(\.1.failure).first,
        let help = await client.whatOpensLogin(refused)
      {
        failure.diagnostic.help = help.options
      }
      throw failure
    }
    inventory.take(survey)
    if let warning = survey.warning { conversation.warn(warning) }
    return survey
  }

  /// The first round of questions, and whom they went to.
  private func firstSweep() async throws(Failure) -> (DevLakeClient, ConnectionSweep) {
    let progress = conversation.progress?.ofSweep
    return try await firstRead { client in (client, await ConnectionSweep(client, progress)) }
  }

  /// Reads from the DevLake to talk to, in the round trip that finds it.
  ///
  /// Where the address was given, nobody waits for the answer that DevLake is there: its version and
  /// what is read are asked for together, and the latter again only when `/api` belongs in front.
  ///
  /// - Parameter read: Changes nothing.
  func firstRead<Value: Sendable>(
    _ read: @escaping @Sendable (DevLakeClient) async -> Value
  ) async throws(Failure) -> Value {
    guard server.instance == nil, let address = try explicitAddress() else {
      return await read(try await connected().client)
    }
    let named = try await client(for: address.url, address.source)
    let guess = within(scope, named.at(Discovery.guess(for: named.baseURL)))
    async let value = read(guess)
    let found = try await Self.probe(named, address.source)
    server.found(found)
    guard found.url == guess.baseURL else {
      await settleOpenAttempts(on: found)
      return await read(within(scope, found.client))
    }
    let answers = await value
    await settleOpenAttempts(on: found)
    return answers
  }

  /// Lists the connections of some plugins, in parallel; what failed is in its place.
  func lists(
    of plugins: [PluginDescriptor]
  ) async throws(Failure) -> [(PluginDescriptor, Result<[Connection], APIError>)] {
    let client = try await connected().client
    let lists = await ConnectionSweep.lists(of: plugins, client, conversation.progress?.ofSweep)
    for (plugin, list) in lists {
      if case .success(let connections) = list { inventory.note(connections, of: plugin.id) }
      if let error = list.failure, error.isCancellation || error.isAboutServer {
        throw Failure(error)
      }
    }
    return lists
  }
}

extension Result {
  /// The error, if it is one.
  var failure: Failure? {
    if case .failure(let error) = self { error } else { nil }
  }
}

extension Failure {
  /// Something tells a version as DevLake does, and has nothing of what DevLake has.
  fileprivate static func noneOfTheRoutes(_ client: DevLakeClient) -> Failure {
    Failure(
      APIError(
        .foreign(reason: "\(client.baseURL) has neither plugins nor connections (404)"),
        call: "GET /plugins"
      )
    )
  }
}

extension Survey {
  /// The failures, those of the same reason in one line: an API key that sees one plugin would give
  /// dozens.
  var failureLines: [String] { failureTexts.map { "❌ \($0)" } }

  /// The same as sentences.
  var failureTexts: [String] {
    Self.grouped(failures.map { ($0.plugin.id, $0.error.description) })
  }

  /// Each reason once, after the plugins it is true of.
  static func grouped(_ failures: [(plugin: String, reason: String)]) -> [String] {
    var reasons: [(reason: String, plugins: [String])] = []
    for (plugin, reason) in failures {
      if let index = reasons.firstIndex(where: { $0.reason == reason }) {
        reasons[index].plugins.append(plugin)
      } else {
        reasons.append((reason, [plugin]))
      }
    }
    return reasons.map { "\(naming($0.plugins)): \($0.reason)" }
  }

  /// The plugins by name, or, where they would fill the screen, the first few and how many more.
  private static func naming(_ plugins: [String]) -> String {
    let named = plugins.count > 12 ? 6 : plugins.count
    let rest = plugins.count > named ? " and \(plugins.count - named) more" : ""
    return plugins.prefix(named).joined(separator: ", ") + rest
  }
}

extension ProgressLine {
  /// Shows which lists are awaited.
  var ofSweep: ConnectionSweep.Progress {
    ConnectionSweep.Progress(expect: { self.expect($0) }, finish: { self.finish($0) })
  }
}

/// Works on many things at once and returns the results in the things' order.
func inParallel<Item: Sendable, Outcome: Sendable>(
  _ items: [Item],
  atMost limit: Int,
  showing progress: ProgressLine? = nil,
  named names: [String] = [],
  _ work: @escaping @Sendable (Item) async -> Outcome
) async -> [Outcome] {
  progress?.expect(names)
  let finished = { (index: Int) in
    if !names.isEmpty { progress?.finish(names[index]) }
  }
  return await concurrently(items, atMost: limit, finished: finished, work)
}
