/// A connection as a connections file wants it.
public struct DesiredConnection: Sendable {
  /// The plugin it belongs to.
  public let plugin: PluginDescriptor
  /// What it is to be called.
  public let name: String
  /// What it was called before, where the file gives it a new name.
  public let renamedFrom: String?
  /// The fields the file gives, by DevLake's names, in the types DevLake wants; no secrets.
  public let values: JSONObject
  /// Where the secrets it gives stand.
  public let secrets: [DesiredSecret]
  /// What goes to the state file, where DevLake keeps none.
  public let organization: String?
  /// The same for the enterprise.
  public let enterprise: String?
  /// The last day on which its secret is good.
  public let expires: CalendarDay?
  /// How it authenticates; `nil` when its plugin needs no secret.
  public let authMethod: AuthMethod?
  /// Where its name stands.
  public let place: TextPlace
  /// Where its authentication stands, if it is named.
  var methodPlace: TextPlace?
  /// Where its plugin stands.
  public let pluginPlace: TextPlace

  /// The secrets of each field for which some are given, in the file's order; only a field that keeps
  /// headers has several.
  public var secretsByField: [(field: PluginField, parts: [DesiredSecret])] {
    var fields: [(field: PluginField, parts: [DesiredSecret])] = []
    for secret in secrets {
      if let index = fields.firstIndex(where: { $0.field.name == secret.field.name }) {
        fields[index].parts.append(secret)
      } else {
        fields.append((secret.field, [secret]))
      }
    }
    return fields
  }

  /// The reference given for a field.
  public func secret(_ field: String) -> DesiredSecret? { secrets.first { $0.field.name == field } }

  /// The authentication it names, where the catalog lacks that.
  var unknownMethod: String? {
    guard plugin.storesAuthMethod, authMethod == nil else { return nil }
    return values["authMethod"]?.string
  }

  /// That an authentication the catalog lacks cannot be chosen.
  var methodMistake: ConnectionsFileMistake? {
    guard let name = unknownMethod else { return nil }
    let words = plugin.authMethods.map(\.name).joined(separator: " or ")
    return ConnectionsFileMistake(
      message: "'authMethod' must be \(words), not '\(ServerText.line(name))'",
      place: methodPlace ?? place
    )
  }

  /// What its authentication needs, or uses, of the fields.
  func uses(_ field: PluginField) -> Bool {
    if unknownMethod != nil { return true }
    guard case .with(let method) = field.requirement else { return true }
    return method == authMethod?.name
  }

  /// Whether it cannot be made without the field.
  func requires(_ field: PluginField) -> Bool {
    switch field.requirement {
    case .always: true
    case .with(let method): method == authMethod?.name
    case .optional: false
    }
  }
}

/// A secret of a connections file: a reference, never the secret.
public struct DesiredSecret: Sendable {
  /// The field it belongs in.
  public let field: PluginField
  /// Where it is.
  public let reference: SecretReference
  /// Where the reference stands.
  public let place: TextPlace
  /// The header whose value it is, where the field keeps a list of them.
  public var header: String?
}

/// Something wrong in a connections file, with its place.
public struct ConnectionsFileMistake: Error, Sendable, Equatable {
  /// What is wrong, one line.
  public let message: String
  /// Where it is.
  public let place: TextPlace
  /// What to do, where that is known.
  public var help: String?
  /// A word nobody knows, and the words it may have been meant to be.
  public var unknown: Unknown?
  /// How much it matters.
  public var weight = Weight.error

  /// Creates a connections file mistake with what is wrong and where, and what else is known of it.
  public init(
    message: String,
    place: TextPlace,
    help: String? = nil,
    unknown: Unknown? = nil,
    weight: Weight = .error
  ) {
    self.message = message
    self.place = place
    self.help = help
    self.unknown = unknown
    self.weight = weight
  }

  /// A word nobody knows.
  public struct Unknown: Sendable, Equatable {
    /// The word.
    public let word: String
    /// The words there are.
    public let known: [String]
    /// Whether it stands for a plugin, of which the server may have more.
    public var isPlugin = false
  }

  /// How much a mistake matters.
  public enum Weight: Sendable, Equatable {
    /// Nothing can be done with the file.
    case error
    /// It is said, no more.
    case warning
    /// An error where the unknown word is near a known one; else DevLake may know better.
    case errorIfMistyped
  }
}
