/// Planning changes of single connections: each asks nobody, and gives the same for the same values.
extension Change {
  /// The fields a wrong value of which shows in a test.
  static let testedFields: Set<String> = [
    "endpoint", "proxy", "username", "usesApiToken", "authMethod", "appId", "installationId",
    "organization", "org", "enterprise", "clientId", "cloudId", "accessKeyId", "region", "bucket",
    "reportPrefix", "promptLogBucket", "promptLogPrefix",
  ]

  /// Whether something changes that a test can judge.
  public static func needsTest(_ changes: RequestBody, of plugin: PluginDescriptor) -> Bool {
    guard plugin.test.isAvailable else { return false }
    return changes.holdsSecret || changes.members.contains { testedFields.contains($0.name) }
  }

  /// A new connection.
  ///
  /// - Parameters:
  ///   - body: Its fields, `name` among them. Its name must have been looked for in the list: DevLake's
  ///     answer to a taken one speaks of something else.
  ///   - plugin: The plugin it belongs to.
  ///   - tests: Whether it is tested before it is saved.
  public static func creation(
    _ body: RequestBody,
    of plugin: PluginDescriptor,
    tests: Bool = true
  ) -> Change {
    var name = ""
    if case .json(let value)? = body["name"] { name = value.string ?? "" }
    return Change(
      action: .create,
      plugin: plugin,
      key: nil,
      name: name,
      before: nil,
      fields: body.createdFields,
      candidate: tests && plugin.test.isAvailable ? plugin.candidate(in: body) : nil,
      steps: [.create(body)],
      isTestedAgain: false,
      precondition: .none
    )
  }

  /// Other values for a connection; what DevLake has already is left out.
  ///
  /// - Parameters:
  ///   - connection: The connection as DevLake has it.
  ///   - plugin: Its plugin.
  ///   - changes: The fields to change, with their new values.
  ///   - action: What the audit log and reports call it.
  ///   - saved: What is saved where that is more than what is tested: a new token among several.
  ///   - tests: Whether the new values are tested before they are saved.
  ///   - precondition: What must still be true of the connection when it is saved.
  ///   - overwritesSecret: Whether a secret that someone else sets in the meantime is replaced.
  public static func update(
    _ connection: Connection,
    of plugin: PluginDescriptor,
    to changes: RequestBody,
    action: Action = .update,
    saving saved: RequestBody? = nil,
    tests: Bool = true,
    precondition: Precondition? = nil,
    overwritesSecret: Bool = false
  ) -> Change {
    let effective = connection.effective(changes)
    let body = saved ?? effective
    var name = connection.name
    if case .json(let value)? = effective["name"] { name = value.string ?? name }
    let isTested = tests && needsTest(effective, of: plugin)
    // A plugin that merges cannot bring back old values, and without a secret nothing that was tested
    // can reach what someone else has made of the connection.
    let isReadAgain = plugin.patch != .merge || effective.holdsSecret
    return Change(
      action: action,
      plugin: plugin,
      key: connection.key,
      name: name,
      before: connection,
      fields: connection.differences(effective),
      candidate: isTested && !effective.isEmpty ? plugin.candidate(in: effective) : nil,
      steps: body.isEmpty || effective.isEmpty ? [] : [.patch(body)],
      isTestedAgain: isTested && !effective.isEmpty,
      precondition: precondition
        ?? (isReadAgain ? .compatible(overwritesSecret: overwritesSecret) : .none)
    )
  }

  /// A new secret for a connection, in the field of the authentication it uses.
  ///
  /// - Returns: `nil` when the plugin's connections have no secret.
  public static func rotation(
    of connection: Connection,
    _ plugin: PluginDescriptor,
    to secret: Secret,
    overwritesSecret: Bool = false
  ) -> Change? {
    // A candidate in another field passes the test with the stored secret.
    guard let method = plugin.authMethod(named: connection.authMethod) else { return nil }
    var changes = RequestBody()
    changes[method.secretField] = .secret(secret)
    return update(
      connection,
      of: plugin,
      to: changes,
      action: .rotate,
      overwritesSecret: overwritesSecret
    )
  }

  /// Some of a connection's tokens less: there is nothing new to test before, and what is left is
  /// tested afterwards.
  public static func retirement(
    of connection: Connection,
    _ plugin: PluginDescriptor,
    saving saved: RequestBody
  ) -> Change {
    var change = update(
      connection,
      of: plugin,
      to: saved,
      action: .rotate,
      saving: saved,
      tests: false
    )
    change.isTestedAgain = true
    return change
  }

  /// The end of a connection, when nobody has changed it since.
  public static func deletion(
    of connection: Connection,
    _ plugin: PluginDescriptor,
    precondition: Precondition = .none
  ) -> Change {
    Change(
      action: .delete,
      plugin: plugin,
      key: connection.key,
      name: connection.name,
      before: connection,
      fields: [],
      candidate: nil,
      steps: [.delete()],
      isTestedAgain: false,
      precondition: precondition
    )
  }

  /// The end of a row of which DevLake cannot tell anything but that it is there.
  public static func deletion(ofBroken key: ConnectionKey, _ plugin: PluginDescriptor) -> Change {
    Change(
      action: .delete,
      plugin: plugin,
      key: key,
      name: "",
      before: nil,
      fields: [],
      candidate: nil,
      steps: [.delete()],
      isTestedAgain: false,
      precondition: .none,
      remark: "a row that broke the list"
    )
  }

  /// The end of a connection and of everything that depends on it: out of the blueprints, its scopes
  /// with the data collected for them, then the connection itself.
  ///
  /// - Throws: Where a part of what depends on it is not known, or cannot be removed.
  public static func cascade(
    _ connection: Connection,
    _ plugin: PluginDescriptor,
    _ impact: Impact
  ) throws(DeletionObstacle) -> Change {
    if let reason = plugin.deletion.impossible { throw .impossible(reason) }
    guard let blueprints = impact.blueprints, let scopes = impact.scopes else {
      throw .unknownDependents
    }
    var steps = blueprints.filter(\.isGuarded).map(Step.detach)
    for scope in scopes {
      guard let id = scope.id else { throw .unknownScopes }
      steps.append(.deleteScope(scope, id: id))
    }
    return Change(
      action: .delete,
      plugin: plugin,
      key: connection.key,
      name: connection.name,
      before: connection,
      fields: [],
      candidate: nil,
      steps: steps + [.delete(scopeConfigs: impact.scopeConfigs ?? [])],
      isTestedAgain: false,
      precondition: .none
    )
  }

  /// A request that has no plan of its own; of what it is about only its route tells.
  public static func sending(_ method: String, _ route: Route, body: RequestBody?) -> Change {
    let subject = route.subject
    let plugin = PluginRegistry.standard.descriptor(for: subject.plugin ?? "")
    let action: Action =
      switch method {
      case "POST": .create
      case "DELETE": .delete
      default: .update
      }
    return Change(
      action: action,
      plugin: plugin,
      key: subject.id.map { ConnectionKey(plugin: plugin.id, id: $0) },
      name: route.shown,
      before: nil,
      fields: [],
      candidate: nil,
      steps: [.send(ChangeRequest(method, route, body: body), route)],
      isTestedAgain: false,
      precondition: .none
    )
  }

  /// What a connections file makes of a connection.
  ///
  /// - Parameters:
  ///   - planned: What ``ConnectionPlanner`` planned for it.
  ///   - tests: Whether what is new is tested.
  ///   - overwritesSecret: Whether a secret that someone else may have set in the meantime is replaced.
  public init(_ planned: PlannedChange, tests: Bool = true, overwritesSecret: Bool = false) {
    let plugin = planned.plugin
    switch (planned.action, planned.connection) {
    case (.create, _): self = .creation(planned.body, of: plugin, tests: tests)
    case (.delete, let connection?):
      self = .deletion(of: connection, plugin, precondition: .unchanged())
    case (.update, let connection?), (.rotate, let connection?):
      self = .update(
        connection,
        of: plugin,
        to: planned.body,
        action: planned.action == .rotate ? .rotate : .update,
        saving: planned.body,
        tests: tests,
        precondition: .unchanged(overwritesSecret: overwritesSecret)
      )
    case (_, let connection):
      self = Change(
        action: .update,
        plugin: plugin,
        key: connection?.key,
        name: planned.name,
        before: connection,
        fields: [],
        candidate: nil,
        steps: [],
        isTestedAgain: false,
        precondition: .none
      )
    }
    fields = planned.fields
  }
}

/// Why a connection is not deleted, known before anything is sent.
@nonexhaustive
public enum DeletionObstacle: Error, Sendable, Equatable {
  /// The plugin's connections cannot be deleted.
  case impossible(String)
  /// DevLake does not say what depends on it.
  case unknownDependents
  /// How the plugin's scopes are deleted is not known.
  case unknownScopes
  /// Enabled blueprints use it in a plan, which DevLake itself does not look at.
  case usedInPlans([Impact.Blueprint])
}

extension Impact {
  /// What stands against a deletion that DevLake itself would carry out: an enabled blueprint that
  /// names the connection in a plan of its own would fail from then on, and what is not known may be
  /// such a one.
  public var obstacle: DeletionObstacle? {
    guard let blueprints, scopes != nil else { return .unknownDependents }
    let users = blueprints.filter { $0.isEnabled && $0.isAdvanced }
    return users.isEmpty ? nil : .usedInPlans(users)
  }
}

extension RequestBody {
  /// What is set by a creation with this body; secrets are `***`.
  var createdFields: [FieldChange] {
    members.map { member in
      switch member.value {
      case .secret: FieldChange(field: member.name, before: .null, after: "***")
      case .json(let value):
        FieldChange(
          field: member.name,
          before: .null,
          after: Connection.withoutCredentials(value)
        )
      }
    }
  }
}
