/// Compares what a connections file wants with what DevLake has.
///
/// It asks nobody and sends nothing: the same file, connections and secrets give the same plan.
public struct ConnectionPlanner: Sendable {
  /// Which secrets of connections that exist are set.
  public enum SecretPolicy: String, Sendable, CaseIterable {
    /// Those that DevLake's mask tells to be others.
    case changed
    /// All the file names.
    case always
    /// None.
    case never
  }

  /// The outcome of looking for a secret.
  public enum Finding: Sendable {
    case found(Secret)
    /// Nothing was found, for this reason.
    case missing(reason: String)
    /// It is not looked for before it is needed.
    case postponed
  }

  /// A connection of the file, and the one of DevLake it is about.
  public struct Match: Sendable {
    /// What the file says.
    public let desired: DesiredConnection
    /// What DevLake has; `nil`: nothing yet.
    public let actual: Connection?
  }

  /// Which secrets are set.
  public let policy: SecretPolicy

  /// Creates a connection planner with the policy.
  public init(policy: SecretPolicy = .changed) { self.policy = policy }
}

extension ConnectionPlanner {
  /// Finds for each connection of the file the one it is about: that of its name, else of a name
  /// MySQL takes for the same, else of its former name.
  ///
  /// - Returns: The matches in the file's order, and the connections no one is about.
  public func match(
    _ desired: [DesiredConnection],
    with actual: [Connection]
  ) -> (matches: [Match], rest: [Connection]) {
    var rest = actual
    var found = [Connection?](repeating: nil, count: desired.count)
    let rules: [(DesiredConnection, Connection) -> Bool] = [
      { $0.name == $1.name },
      { ConnectionName.collides($0.name, $1.name) },
      { desired, connection in
        desired.renamedFrom.map { ConnectionName.collides($0, connection.name) } ?? false
      },
    ]
    for rule in rules {
      for (index, wish) in desired.enumerated() where found[index] == nil {
        let place = rest.firstIndex { $0.key.plugin == wish.plugin.id && rule(wish, $0) }
        if let place { found[index] = rest.remove(at: place) }
      }
    }
    return (zip(desired, found).map { Match(desired: $0, actual: $1) }, rest)
  }

  /// The fields whose secrets must be there to do what the file says.
  public func neededSecrets(of match: Match) -> [DesiredSecret] {
    guard let actual = match.actual else { return match.desired.secrets }
    if policy == .always { return match.desired.secrets }
    guard changesMethod(match.desired, actual) else { return [] }
    return match.desired.secrets.filter { $0.field.name == match.desired.authMethod?.secretField }
  }

  /// What becomes of one connection of the file.
  ///
  /// - Parameters:
  ///   - match: The file's entry and the connection it is about, if there is one.
  ///   - secrets: What came of looking for its secrets, by field.
  ///   - others: The connections of its plugin that no one of the file is about.
  public func change(
    _ match: Match,
    secrets: [String: Finding],
    others: [Connection] = []
  ) -> PlannedChange {
    guard let actual = match.actual else { return creation(match, secrets, others) }
    let desired = match.desired
    var change = PlannedChange(.unchanged, desired.plugin, name: desired.name)
    change.connection = actual
    change.desired = desired
    compareFields(&change, desired, actual)
    compareSecrets(&change, match, secrets)
    if changesMethod(desired, actual), let method = desired.authMethod {
      for name in desired.plugin.secretsLeftBehind(in: actual, using: method)
      where change.body[name] == nil {
        change.body[name] = .json("")
      }
    }
    if let old = desired.renamedFrom, actual.name == desired.name,
      let former = others.first(where: { $0.key.plugin == actual.key.plugin && $0.name == old })
    {
      change.notes.append(
        "'renamedFrom' is ignored: \(former.key) still has the former name"
      )
    }
    if let obstacle = desired.plugin.obstacleToReplacing(actual, with: change.body),
      !change.body.isEmpty
    {
      change.problems.append(
        ConnectionsFileMistake(message: "\(actual.key): \(obstacle)", place: desired.place)
      )
    }
    addMethodProblems(&change, desired, actual)
    change.fields = actual.differences(change.body)
    if !change.body.isEmpty {
      let isSecretOnly = change.body.members.allSatisfy {
        if case .secret = $0.value { true } else { false }
      }
      change.action = isSecretOnly ? .rotate : .update
    }
    return change
  }

  /// What must not be sent because it would be stored and not used, or in a way nobody knows.
  private func addMethodProblems(
    _ change: inout PlannedChange,
    _ desired: DesiredConnection,
    _ actual: Connection
  ) {
    let plugin = desired.plugin
    if let obstacle = plugin.obstacleToSecrets(in: change.body, of: actual) {
      change.problems.append(
        ConnectionsFileMistake(
          message: "\(actual.key): \(obstacle.message)",
          place: desired.place,
          help: obstacle.help
        )
      )
    }
    guard plugin.isKnown, change.body.holdsSecret || change.body["authMethod"] != nil else {
      return
    }
    if desired.unknownMethod != nil, desired.unknownMethod != actual.authMethod,
      let mistake = desired.methodMistake
    {
      change.problems.append(mistake)
      return
    }
    guard
      desired.authMethod == nil || desired.authMethod?.name == actual.authMethod
        || !plugin.storesAuthMethod
    else { return }
    do throws(UnknownSecretField) {
      _ = try plugin.knownSecretField(of: actual, besides: change.body.secretNames)
    } catch {
      guard !error.usesHeaders else { return }
      change.problems.append(
        ConnectionsFileMistake(
          message: error.description,
          place: desired.place,
          help: "set that secret by itself"
        )
      )
    }
  }

  private func changesMethod(_ desired: DesiredConnection, _ actual: Connection) -> Bool {
    desired.plugin.storesAuthMethod && desired.authMethod?.name != actual.authMethod
  }

  /// A field the file leaves out is to have DevLake's default; but times are DevLake's own doing,
  /// and what another authentication uses is left alone.
  private func compareFields(
    _ change: inout PlannedChange,
    _ desired: DesiredConnection,
    _ actual: Connection
  ) {
    if desired.name != actual.name { change.body["name"] = .json(.string(desired.name)) }
    let plugin = desired.plugin
    for field in plugin.fields where !field.isSecret && field.name != "name" {
      if desired.secret(field.name) != nil { continue }
      let given = desired.values[field.name]
      if given == nil {
        guard plugin.isKnown, desired.uses(field), field.kind != .date, field.kind != .json else {
          continue
        }
      }
      if let given, given == 0, plugin.makesItsOwn(of: field) {
        change.notes.append(
          "\(field.name) 0 means \(plugin.standard(of: field).text) here: DevLake keeps no 0"
        )
      }
      let wanted = plugin.canonical(given ?? plugin.standard(of: field), of: field)
      let stored = plugin.canonical(actual.stored[field.name] ?? .null, of: field)
      if wanted != stored { change.body[field.name] = .json(wanted) }
    }
    for member in desired.values.members where plugin.field(member.key) == nil {
      guard let stored = actual.stored[member.key] else {
        change.notes.append("DevLake keeps no '\(ServerText.line(member.key))'; it is not set")
        continue
      }
      if stored != member.value { change.body[member.key] = .json(member.value) }
    }
  }

  private func compareSecrets(
    _ change: inout PlannedChange,
    _ match: Match,
    _ secrets: [String: Finding]
  ) {
    guard let actual = match.actual else { return }
    let needed = neededSecrets(of: match).map(\.field.name)
    if changesMethod(match.desired, actual), let method = match.desired.authMethod,
      !needed.contains(method.secretField), policy != .always
    {
      change.problems.append(
        ConnectionsFileMistake(
          message: "\(method.name) needs its own secret: '\(method.secretField)' is missing",
          place: match.desired.place
        )
      )
    }
    for (field, parts) in match.desired.secretsByField {
      let name = field.name
      let isNeeded = needed.contains(name)
      if policy == .never, !isNeeded { continue }
      switch secrets[name] ?? .postponed {
      case .found(let value):
        let evidence = SecretEvidence(value, of: field, shown: actual.stored[name])
        if isNeeded || evidence == .other {
          change.body[name] = .secret(value)
          change.secrets.append((name, .changed))
        } else if evidence == .unknown {
          change.secrets.append((name, .unknown))
          change.notes.append("\(name) unknown, DevLake's mask shows too little to tell")
        } else {
          change.secrets.append((name, .unchanged))
        }
      case .missing(let reason):
        change.secrets.append((name, .unresolved))
        if isNeeded {
          change.problems.append(
            ConnectionsFileMistake(
              message: "\(name) is needed: \(reason)",
              place: parts.first?.place ?? match.desired.place
            )
          )
        } else {
          change.notes.append("\(name) not compared: \(reason)")
        }
      case .postponed:
        change.secrets.append((name, isNeeded ? .changed : .unknown))
        if isNeeded { change.body[name] = .secret(Secret(Secret.placeholder)) }
        change.notes.append(
          isNeeded
            ? "\(name): asked for when applied" : "\(name) not compared: it is not asked for"
        )
      }
    }
  }
}
