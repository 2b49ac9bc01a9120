/// What becomes of one connection when a connections file is applied.
public struct PlannedChange: Sendable {
  /// What is done; the raw value is the `action` programs read.
  public enum Action: String, Sendable, CaseIterable {
    case create, update, rotate, delete, unchanged
  }

  /// What is known of a secret the file names.
  public enum SecretState: String, Sendable {
    /// It is new, or another one than DevLake has.
    case changed
    /// It is the one DevLake has.
    case unchanged
    /// DevLake's mask shows too little to tell.
    case unknown
    /// It could not be fetched, so it is left alone.
    case unresolved
  }

  /// What is done.
  public var action: Action
  /// The plugin of the connection.
  public let plugin: PluginDescriptor
  /// What it is called afterwards.
  public let name: String
  /// The connection as DevLake has it; `nil` for a new one.
  public var connection: Connection?
  /// What the file says; `nil` for one that is not in it.
  public var desired: DesiredConnection?
  /// What a creation, or a change, sends.
  public var body = RequestBody()
  /// What changes, as it may be shown.
  public var fields: [FieldChange] = []
  /// What is known of its secrets, in the order of the file.
  public var secrets: [(field: String, state: SecretState)] = []
  /// What a person should know of it, a sentence each.
  public var notes: [String] = []
  /// What keeps it from being done.
  public var problems: [ConnectionsFileMistake] = []

  /// Says under which deadlines of its service it falls, as it will be.
  ///
  /// - Parameter now: The time in seconds since 1970.
  public mutating func noteDeadlines(at now: Int) {
    guard let desired else { return }
    let method = plugin.authMethod(
      named: desired.authMethod?.name ?? connection?.authMethod
    )
    var secret: String?
    if let field = method?.secretField {
      if case .secret(let new)? = body[field], new.reveal({ $0 != Secret.placeholder }) {
        secret = new.reveal { String($0.prefix(4)) }
      } else {
        secret = connection?.stored[field]?.string
      }
    }
    notes += plugin.deadlineNotes(
      at: now,
      value: { name in
        if case .json(let value)? = body[name] { return value }
        return desired.values[name] ?? (plugin.isKnown ? nil : connection?.stored[name])
      },
      secret: secret
    )
  }

  init(_ action: Action, _ plugin: PluginDescriptor, name: String) {
    self.action = action
    self.plugin = plugin
    self.name = name
  }
}

extension PlannedChange {
  /// A connection the file does not name, to be deleted.
  public static func deletion(_ connection: Connection, of plugin: PluginDescriptor) -> Self {
    var change = PlannedChange(.delete, plugin, name: connection.name)
    change.connection = connection
    return change
  }

  /// The same connection, kept because of `reason`.
  public func kept(because reason: String) -> PlannedChange {
    var change = self
    change.action = .unchanged
    change.notes.append(reason)
    return change
  }
}
