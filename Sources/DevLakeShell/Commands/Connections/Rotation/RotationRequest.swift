import DevLakeKit
import ShellLanguage

/// One connection that is to get a new secret, and where the secret is.
struct RotationRequest {
  var target: ConnectionTarget
  let source: Source
  /// Where a mistake about it is shown.
  let place: ArgumentValue
  /// Whether it is in a file, on a line of its own.
  let isFromFile: Bool
  /// The last day on which the new secret is good, where the file says so.
  var expires: CalendarDay?

  /// Whether its secret is given only once: by a command, or through a pipe.
  func makesSecret(_ call: Call) -> Bool {
    guard case .reference(let reference) = source else { return false }
    if case .command = reference.place { return true }
    return reference.place == .standardInput
  }

  /// Where the new secret is.
  enum Source {
    case secret(Secret)
    case reference(SecretReference)
  }
}

/// Finds the connections a bulk rotation is about, as DevLake has them now.
struct RotationRequests {
  let session: Session
  let call: Call

  /// The connections that share one secret: `--token REF`.
  func sharing(
    _ token: ArgumentValue,
    _ targets: [ConnectionTarget]
  ) async throws(Failure) -> [RotationRequest] {
    let source: RotationRequest.Source
    if case .secret(let secret)? = token.value {
      source = .secret(secret)
    } else {
      source = .reference(try session.secretReference(of: token, flag: "--token"))
    }
    var wishes = targets.map { target in
      RotationRequest(
        target: target,
        source: source,
        place: call.place(of: target),
        isFromFile: false
      )
    }
    let connections = try await connections(of: targets)
    var mistakes: [Failure] = []
    for (index, found) in connections.enumerated() {
      switch found {
      case .success(let connection): wishes[index].target.connection = connection
      case .failure(let error):
        mistakes.append(session.missing(error, targets[index], wishes[index].place))
      }
    }
    try session.throwAll(mistakes)
    return wishes
  }

  private func connections(
    of targets: [ConnectionTarget]
  ) async throws(Failure) -> [Result<Connection, APIError>] {
    let client = try await session.administrator().client
    return await inParallel(
      targets,
      atMost: session.settings.parallel,
      showing: session.conversation.progress,
      named: targets.map(\.key.description)
    ) { target in
      await Result(awaiting: { () async throws(APIError) in
        try await client.connection(target.id, of: target.plugin)
      })
    }
  }

  /// The connections of a file, each with a reference of its own: `--from FILE`.
  func standing(in given: ArgumentValue) async throws(Failure) -> [RotationRequest] {
    let file = try await read(given)
    try session.throwAll(file.mistakes.map { Failure($0, exitCode: .usage) })
    var plugins: [PluginDescriptor] = []
    for row in file.rows where !plugins.contains(where: { $0.id == row.plugin.id }) {
      plugins.append(row.plugin)
    }
    let lists = try await lists(of: plugins)
    var wishes: [RotationRequest] = []
    var mistakes: [Failure] = []
    var places: [ConnectionKey: SourceSpan] = [:]
    for row in file.rows {
      do throws(Failure) {
        let connection = try find(row, lists)
        if let day = row.expires, day.days(after: session.world.now()) < 0 {
          throw .invalid("'expires' \(day.text) is in the past", at: row.connection)
        }
        if let earlier = places.updateValue(row.connection.span, forKey: connection.key) {
          throw .invalid(file.repeated(earlier), at: row.connection)
        }
        wishes.append(
          RotationRequest(
            target: session.target(connection),
            source: .reference(row.reference),
            place: row.place,
            isFromFile: true,
            expires: row.expires
          )
        )
      } catch {
        mistakes.append(error.hiding(row.place))
      }
    }
    try session.throwAll(mistakes)
    return wishes
  }

  private func read(_ given: ArgumentValue) async throws(Failure) -> RotationFile {
    let path = session.secretSources().path(given.text)
    let text = try ScriptFile.read(path, shownAs: given.text)
    var file = RotationFile(
      name: given.text,
      text: text,
      serverPlugins: session.inventory.serverPlugins ?? []
    )
    // Near the name of a plugin, and perhaps one the server has.
    if file.mistakes.areAllUnknownPlugins,
      let names = await session.pluginsOfServer()
    {
      file = RotationFile(name: given.text, text: text, serverPlugins: names)
    }
    if file.holdsSecret, ScriptFile.isReadableByOthers(path) {
      session.warnOnce(SecretWarning.readableByOthers(path: given.text).description)
    }
    return file
  }

  private func lists(
    of plugins: [PluginDescriptor]
  ) async throws(Failure) -> [String: Result<[Connection], APIError>] {
    let client = try await session.administrator().client
    let lists = await inParallel(
      plugins,
      atMost: session.settings.parallel,
      showing: session.conversation.progress,
      named: plugins.map(\.id)
    ) { plugin in
      await Result(awaiting: { () async throws(APIError) in
        try await client.connections(of: plugin)
      })
    }
    for (plugin, list) in zip(plugins, lists) {
      switch list {
      case .success(let connections): session.inventory.note(connections, of: plugin.id)
      // Without the server the file is not wrong.
      case .failure(let error) where error.isAboutServer || error.isCancellation:
        throw Failure(error, doing: plugin.id)
      case .failure(let error) where plugin.canHoldBrokenRows && error.status == 500:
        throw await session.brokenListFailure(error, plugin)
      case .failure: break
      }
    }
    return Dictionary(uniqueKeysWithValues: zip(plugins.map(\.id), lists))
  }

  private func find(
    _ row: RotationFile.Row,
    _ lists: [String: Result<[Connection], APIError>]
  ) throws(Failure) -> Connection {
    let listed: [Connection]
    switch lists[row.plugin.id] {
    case .success(let connections)?: listed = connections
    case .failure(let error)?: throw session.listFailure(error, row.plugin, row.pluginPlace)
    case nil: listed = []
    }
    let text = row.connection.text
    if let id = ConnectionKey.id(text) {
      if let found = listed.first(where: { $0.key.id == id }) { return found }
      throw .notFound(
        "no connection \(row.plugin.id)/\(id)",
        at: row.connection,
        help: "'list --plugin \(row.plugin.id)' shows what is there"
      )
    }
    let name = text.hasPrefix("name:") ? String(text.dropFirst(5)) : text
    let found = listed.filter { $0.name == name }
    guard let connection = found.first else { throw unknown(name, row, listed) }
    guard found.count == 1 else {
      throw .invalid(
        "'\(name)' is the name of several connections",
        at: row.connection,
        help: "write the id: \(found.map { "\($0.key.id)" }.joined(separator: " or "))"
      )
    }
    return connection
  }

  private func unknown(
    _ name: String,
    _ row: RotationFile.Row,
    _ listed: [Connection]
  ) -> Failure {
    // With the columns in another order this name would be a secret.
    if ConnectionKey.id(row.place.text) != nil
      || listed.contains(where: { $0.name == row.place.text })
    {
      return .invalid(
        "the ID or name is after the reference",
        at: row.place,
        help: "write \(RotationFile.header), in this order"
      ).hiding(row.connection)
    }
    let near = Suggestion.closest(to: name, among: listed.map(\.name))
    return .notFound(
      "no connection of \(row.plugin.id) is named '\(name)'",
      at: row.connection,
      help: near.map { "did you mean '\($0)'?" }
        ?? "'list --plugin \(row.plugin.id)' shows what is there"
    )
  }
}

extension Session {
  /// Ends a command with all that is wrong at once: all but the last are said right away.
  func throwAll(_ mistakes: [Failure]) throws(Failure) {
    guard let last = mistakes.last else { return }
    for mistake in mistakes.dropLast() { conversation.report(mistake.diagnostic) }
    throw last
  }
}
