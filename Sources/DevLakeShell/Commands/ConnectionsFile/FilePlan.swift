import DevLakeKit
import ShellLanguage

/// A connections file compared with what DevLake has: the part `plan` and `apply` have in common.
struct FilePlan {
  let text: ConnectionsFileText
  let file: ConnectionsFile
  let planner: ConnectionPlanner
  private(set) var secrets: FileSecrets
  private(set) var changes: [PlannedChange] = []
  /// The connections of the file's plugins that are not in the file.
  private(set) var unlisted: [Connection] = []

  private let session: Session
  private let call: Call

  /// Reads and checks the file; every mistake is found before anything is sent.
  init(_ call: Call, _ session: Session) async throws(Failure) {
    self.call = call
    self.session = session
    guard let given = call.argument("FILE") else {
      throw .usage("'\(call.signature.name)' needs FILE", at: call.whole)
    }
    text = try await ConnectionsFileText(given, in: session)
    if call.flag("prune"), ExportMarks.isCut(text.source.text) {
      throw .invalid(
        "'\(given.text)' is a truncated export: its last line is missing, and --prune would "
          + "delete what is not in it",
        at: given,
        help: "export again, or remove --prune"
      )
    }
    planner = ConnectionPlanner(
      policy: call.text("secrets").flatMap(ConnectionPlanner.SecretPolicy.init) ?? .changed
    )
    var (file, mistakes) = try await text.parsed(in: session)
    secrets = FileSecrets(session, call, folder: text.folder)
    // What a program writes must not run or read anything here: its references are not followed.
    let wanted = session.options.isAgent ? [] : file.connections.flatMap(\.secrets)
    // A command is not run for a file that is refused anyway.
    let isWrong = mistakes.contains { $0.severity == .error }
    try await secrets.fetch(!isWrong ? wanted : wanted.filter { !$0.reference.runsCommand })
    var unusable: [ConnectionsFileMistake] = []
    for secret in wanted { unusable += secrets.mistake(in: secret).map { [$0] } ?? [] }
    mistakes += text.diagnostics(unusable, file)
    if let failure = session.failure(mistakes) { throw failure }
    self.file = file
  }

  /// Asks DevLake what it has, and finds out what is to be done.
  ///
  /// - Parameter asks: Whether secrets that someone must give are asked for now.
  mutating func compare(asks: Bool) async throws(Failure) {
    let actual = try await connections()
    let (matches, rest) = planner.match(file.connections, with: actual)
    if asks {
      for match in matches {
        for secret in planner.neededSecrets(of: match) {
          try await secrets.ask(for: secret, of: match.desired.name)
        }
      }
    }
    changes = []
    for match in matches {
      let found = match.desired.secretsByField.map { ($0.field.name, secrets.finding($0.parts)) }
      var change = planner.change(match, secrets: Dictionary(found) { $1 }, others: rest)
      note(end: match, &change)
      change.noteDeadlines(at: session.world.now())
      changes.append(change)
    }
    unlisted = rest
    if call.flag("prune") { try await prune() }
  }

  /// Says where the file and this machine differ about the end of a secret; that is never a change.
  private func note(end match: ConnectionPlanner.Match, _ change: inout PlannedChange) {
    guard let day = match.desired.expires else { return }
    if day.days(after: session.world.now()) < 0 {
      change.notes.append("the file says that its secret ended on \(day.text)")
    }
    guard let actual = match.actual, !change.body.holdsSecret else { return }
    let life = session.life(of: actual)
    guard let known = life.expires, known != day else { return }
    change.notes.append(
      "its secret ends on \(day.text) as the file says, on \(known.text) as "
        + (life.source == .devLake ? "DevLake says" : "was recorded here")
    )
  }

  /// The connections that are there and get no new secret.
  var keysToKeep: Set<ConnectionKey> {
    Set(
      changes.filter { !$0.body.holdsSecret && $0.action != .delete }.compactMap(\.connection?.key)
    )
  }

  /// What the file says of the ends of secrets that DevLake has already.
  func rememberEnds(of keys: Set<ConnectionKey>) {
    session.remember(
      changes.compactMap { change in
        guard let connection = change.connection, keys.contains(connection.key),
          let day = change.desired?.expires, session.life(of: connection).expires != day
        else { return nil }
        return (connection, day)
      }
    )
  }

  /// Everything DevLake has of the plugins the file names.
  private func connections() async throws(Failure) -> [Connection] {
    var plugins: [PluginDescriptor] = []
    for connection in file.connections
    where !plugins.contains(where: { $0.id == connection.plugin.id }) {
      plugins.append(connection.plugin)
    }
    var all: [Connection] = []
    var mistakes: [Diagnostic] = []
    for (plugin, list) in try await session.lists(of: plugins) {
      switch list {
      case .success(let connections): all += connections
      case .failure(let error) where error.kind == .noRoute:
        mistakes.append(missing(plugin, error))
      case .failure(let error): throw session.listFailure(error, plugin)
      }
    }
    if var failure = session.failure(mistakes) {
      failure.exitCode = .failure
      throw failure
    }
    return all.sorted { $0.key < $1.key }
  }

  /// A plugin the server lacks, under its place in the file.
  private func missing(_ plugin: PluginDescriptor, _ error: APIError) -> Diagnostic {
    var diagnostic = session.listFailure(error, plugin).diagnostic
    if let place = file.connections.first(where: { $0.plugin.id == plugin.id })?.pluginPlace {
      diagnostic.span = text.span(of: place)
      diagnostic.source = text.source
      diagnostic.hidden = file.secretPlaces.map(text.secretSpan)
    }
    return diagnostic
  }
}

extension FilePlan {
  /// Plans the deletion of what the file does not name, but for what is in use.
  private mutating func prune() async throws(Failure) {
    let administrator = try await session.administrator()
    let candidates = unlisted.map { (connection: $0, plugin: session.plugin($0.key.plugin)) }
    let limit = call.integer("parallel") ?? session.settings.parallel
    let impacts = await inParallel(
      candidates,
      atMost: limit,
      showing: session.conversation.progress,
      named: candidates.map(\.connection.key.description)
    ) { candidate in
      do throws(APIError) {
        return Result<Impact, APIError>.success(
          try await administrator.impact(of: candidate.connection.key, candidate.plugin)
        )
      } catch {
        return .failure(error)
      }
    }
    for (candidate, impact) in zip(candidates, impacts) {
      let deletion = PlannedChange.deletion(candidate.connection, of: candidate.plugin)
      switch impact {
      case .failure(let error): throw Failure(error, doing: candidate.connection.key.description)
      case .success(let impact):
        let reason = Self.reason(toKeep: impact, candidate.plugin)
        changes.append(reason.map { deletion.kept(because: $0) } ?? deletion)
      }
    }
    hintAtRenames()
    unlisted = []
  }

  /// Why a connection that is not in the file is kept all the same.
  private static func reason(toKeep impact: Impact, _ plugin: PluginDescriptor) -> String? {
    let start = "not in the file, but kept: "
    if let reason = plugin.deletion.impossible { return start + reason }
    guard let scopes = impact.scopes, let blueprints = impact.blueprints else {
      return start + "DevLake does not report what depends on it"
    }
    if !scopes.isEmpty {
      return start + "it has \(scopes.count) scope\(scopes.count == 1 ? "" : "s")"
    }
    guard let blueprint = blueprints.first else { return nil }
    return start + "blueprint '\(ServerText.line(blueprint.name))' uses it"
  }

  /// A deletion beside a creation of the same plugin may be meant as a new name.
  private mutating func hintAtRenames() {
    for index in changes.indices where changes[index].action == .create {
      let plugin = changes[index].plugin.id
      let deletions = changes.filter { $0.action == .delete && $0.plugin.id == plugin }
      guard deletions.count == 1, let deletion = deletions.first else { continue }
      changes[index].notes.append(
        "if this is a new name of \(deletion.title), write renamedFrom: "
          + "\"\(ServerText.line(deletion.name))\""
      )
    }
  }
}

extension FilePlan {
  /// Everything that keeps the plan from being done, in words.
  var problems: [Diagnostic] { text.diagnostics(changes.flatMap(\.problems), file) }

  /// Says what the plan leaves alone without a word.
  func noteStrangers() {
    guard !unlisted.isEmpty else { return }
    let count = unlisted.count == 1 ? "1 connection" : "\(unlisted.count) connections"
    session.conversation.note(
      "   \(count) of these plugins \(unlisted.count == 1 ? "is" : "are") not in the file; "
        + "--prune plans to delete what is not in use"
    )
  }
}

extension SecretReference {
  fileprivate var runsCommand: Bool { if case .command = place { true } else { false } }
}

extension Signature.Argument {
  /// A connections file.
  static let connectionsFile = Signature.Argument(name: "FILE", kind: .file)
}

extension Signature.Option {
  static let secretPolicy = Signature.Option(
    name: "secrets",
    kind: .choice(ConnectionPlanner.SecretPolicy.allCases.map(\.rawValue)),
    placeholder: "changed|always|never",
    help: "which secrets of existing connections to set; changed by default"
  )
  static let prune = Signature.Option(
    name: "prune",
    kind: .flag,
    help: "delete unused connections of the file's plugins that are not in the file"
  )
}
