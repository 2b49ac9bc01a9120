import DevLakeKit

extension Session {
  /// Why a plugin's list is not available.
  func listFailure(
    _ error: APIError,
    _ plugin: PluginDescriptor,
    _ given: ArgumentValue? = nil
  ) -> Failure {
    switch error.kind {
    case .noRoute where plugin.successor != nil:
      let successor = plugin.successor ?? ""
      return .notFound(
        "this DevLake has no plugin '\(plugin.id)': newer servers have \(successor) instead",
        at: given,
        help:
          "its connections are not migrated; create them again with 'create --plugin \(successor)'"
      )
    case .noRoute where plugin.isKnown:
      return .notFound(
        "this DevLake has no plugin '\(plugin.id)'",
        at: given,
        help: "'plugins' lists those it has"
      )
    case .noRoute:
      let near = Suggestion.closest(
        to: plugin.id,
        among: (inventory.serverPlugins ?? []) + PluginRegistry.standard.names
      )
      return .notFound(
        "no plugin named '\(plugin.id)', or it has no connections",
        at: given,
        help: near.map { "did you mean '\($0)'?" } ?? "'plugins' lists them"
      )
    case .brokenDown where plugin.canHoldBrokenRows:
      var failure = Failure(error, doing: plugin.id)
      let keys = inventory.brokenRows(of: plugin.id).map {
        ConnectionKey(plugin: plugin.id, id: $0)
      }
      guard let first = keys.first else {
        failure.diagnostic.help =
          "a stored secret too short for DevLake's masking breaks the list, but no such row was found"
        return failure
      }
      let names = keys.map(\.description).joined(separator: ", ")
      failure.diagnostic.message =
        keys.count == 1
        ? Self.explanation(of: first)
        : "\(names) have secrets too short for DevLake's masking, which breaks the list for everyone"
      failure.diagnostic.help =
        "delete it: " + keys.map { "'delete \($0) --force'" }.joined(separator: ", ")
      return failure
    default: return Failure(error, doing: plugin.id)
    }
  }

  /// One connection as DevLake has it now.
  func connection(
    _ target: ConnectionTarget,
    at given: ArgumentValue? = nil
  ) async throws(Failure)
    -> Connection
  {
    let connection = try await firstRead { client in
      await Result(awaiting: { () async throws(APIError) in
        try await client.connection(target.id, of: target.plugin)
      })
    }
    do throws(APIError) {
      return try connection.get()
    } catch {
      throw await explained(error, target, given)
    }
  }

  /// Why a connection is not available, found out where the error itself does not tell.
  func explained(
    _ error: APIError,
    _ target: ConnectionTarget,
    _ given: ArgumentValue? = nil
  ) async -> Failure {
    // When that cannot be found out, the first error says more.
    if case .brokenDown = error.kind, let administrator = try? await administrator(),
      (try? await administrator.isBroken(target.id, of: target.plugin)) == true
    {
      return brokenRowFailure(target.key)
    }
    return missing(error, target, given)
  }

  /// Why a connection is not available.
  func missing(
    _ error: APIError,
    _ target: ConnectionTarget,
    _ given: ArgumentValue? = nil
  ) -> Failure {
    switch error.status {
    case 404 where error.kind == .noRoute: return listFailure(error, target.plugin, given)
    case 404:
      var failure = Failure.notFound(
        "no connection \(target.key)",
        at: given,
        help: "'list --plugin \(target.plugin.id)' shows what is there"
      )
      failure.diagnostic.status = 404
      return failure
    default: return Failure(error, doing: target.key.description)
    }
  }

  /// What `--where`, `list` and the language see of a connection.
  func fields(of connection: Connection) -> JSONObject {
    let remembered = remembered(connection.key)
    var fields = connection.fields(
      organization: remembered?.organization,
      enterprise: remembered?.enterprise
    )
    let life = life(of: connection)
    if let day = life.expires {
      fields["expires"] = .string(day.text)
      fields["expiresSource"] = .string(life.source.rawValue)
    }
    if let age = life.age(at: world.now()) { fields["secretAge"] = .integer(age) }
    return fields
  }

  /// What the state file remembers of a connection.
  func remembered(_ key: ConnectionKey) -> StateFile.Connection? {
    server.instance.flatMap { journal.remembered(key, of: $0.url) }
  }

  func target(_ connection: Connection) -> ConnectionTarget {
    ConnectionTarget(
      plugin: plugin(connection.key.plugin),
      id: connection.key.id,
      connection: connection
    )
  }

  /// Whether a word is the name of a plugin, as far as is known without asking.
  func knows(plugin name: String) -> Bool {
    PluginRegistry.standard[name] != nil || inventory.serverPlugins?.contains(name) == true
      || inventory[name] != nil
  }

  /// Why nothing can be told of a row that breaks the list.
  func brokenRowFailure(_ key: ConnectionKey) -> Failure {
    var failure = Failure(
      Diagnostic(
        code: .refused,
        message: Self.explanation(of: key),
        help: "delete it: 'delete \(key) --force'"
      ),
      exitCode: .failure
    )
    failure.diagnostic.status = 500
    return failure
  }

  static func explanation(of key: ConnectionKey) -> String {
    "\(key) has a secret too short for DevLake's masking: every answer with it is HTTP 500, and "
      + "so is the list, for everyone; only deleting it helps"
  }
}
