/// One field of a plugin's connections.
public struct PluginField: Sendable, Identifiable {
  /// DevLake's JSON name, for example `rateLimitPerHour`.
  public let name: String
  /// What it holds.
  public var kind: Kind = .text
  /// When a connection cannot be made without it.
  public var requirement: Requirement = .optional
  /// How DevLake hides its value; `nil`: it is not a secret.
  public var mask: Mask?
  /// The option of `create` and `update` that sets it, without `--`; `nil`: `--field NAME=VALUE`.
  public var option: String?
  /// What DevLake uses when it is not given.
  public var standard: JSONValue?
  /// Whether a PATCH with the empty string clears it, though it is a secret.
  ///
  /// DevLake keeps every other secret then, or refuses the PATCH.
  public var isClearedByEmpty = false
  /// How a person calls it where the plugin's usual word is about another secret.
  public var label: String?
  /// Where this secret is looked for; `nil`: where the plugin's usual one is.
  public var variables: [String]?
  /// Whether a blank inside its value is not a slip, as in `Bearer …` of a header.
  public var allowsBlanks = false
  /// One line about it, no full stop.
  public var help: String

  /// DevLake's JSON name.
  public var id: String { name }
  /// Whether its value is never shown.
  public var isSecret: Bool { mask != nil }

  /// What a field holds.
  public enum Kind: Sendable, Equatable {
    case text
    case integer
    case boolean
    /// An RFC 3339 time, or null.
    case date
    /// One of these words.
    case choice([String])
    /// A private key in PEM form, several lines.
    case pem
    /// JSON of its own shape.
    case json
  }

  /// When a connection cannot be made without a field.
  public enum Requirement: Sendable, Equatable {
    case optional
    case always
    /// With the authentication of that name.
    case with(authMethod: String)
  }

  /// How DevLake hides a secret in its answers.
  public enum Mask: Sendable, Equatable {
    /// First and last two characters shown, stars between, length kept.
    case generic
    /// The empty string.
    case empty
    /// A GitHub token: prefix, eight characters and the end shown; several joined by commas.
    case githubToken
    /// First and last 50 characters of a PEM shown.
    case githubPEM
    /// The password inside a URL starred.
    case databaseURL
    /// Not at all: DevLake returns it in clear.
    case none
  }

  /// Creates a plugin field with DevLake's name and a line of help; the rest is set as needed.
  public init(
    _ name: String,
    _ kind: Kind = .text,
    _ requirement: Requirement = .optional,
    mask: Mask? = nil,
    option: String? = nil,
    standard: JSONValue? = nil,
    label: String? = nil,
    variables: [String]? = nil,
    help: String
  ) {
    self.name = name
    self.kind = kind
    self.requirement = requirement
    self.mask = mask
    self.option = option
    self.standard = standard
    self.label = label
    self.variables = variables
    self.help = help
  }
}

extension PluginField {
  /// The connection's name: unique per plugin, at most 100 characters (DevLake: varchar(100)).
  public static let connectionName = PluginField(
    "name",
    .text,
    .always,
    option: "name",
    help: "what the connection is called"
  )
  /// The address of the service's API.
  public static let endpoint = PluginField(
    "endpoint",
    .text,
    .always,
    option: "endpoint",
    help: "address of the service's API"
  )
  /// An HTTP proxy between DevLake and the service.
  public static let proxy = PluginField(
    "proxy",
    option: "proxy",
    standard: "",
    help: "proxy DevLake uses to reach the service (http:// or socks5://)"
  )
  /// Requests per hour; 0 is automatic.
  public static let rateLimit = PluginField.rateLimit(standard: 0)
  /// Requests per hour where DevLake puts `standard` in the place of a missing number.
  public static func rateLimit(standard: JSONValue) -> PluginField {
    PluginField(
      "rateLimitPerHour",
      .integer,
      option: "rate-limit",
      standard: standard,
      help: "requests per hour, 0 for automatic"
    )
  }
  /// An access token.
  public static func token(
    _ requirement: Requirement = .always,
    mask: Mask = .generic
  ) -> PluginField {
    PluginField("token", .text, requirement, mask: mask, help: "access token")
  }
  /// The user's name of a pair of name and password.
  public static func username(_ requirement: Requirement = .always) -> PluginField {
    PluginField("username", .text, requirement, option: "username", help: "user name")
  }
  /// The password, or the token that is in its place.
  public static func password(_ requirement: Requirement = .always) -> PluginField {
    PluginField("password", .text, requirement, mask: .empty, help: "password or API token")
  }
  /// The id of an application that authenticates with a key of its own.
  public static let appId = PluginField(
    "appId",
    .text,
    .always,
    option: "app-id",
    help: "id of the application"
  )
  /// The secret key of such an application.
  public static let secretKey = PluginField(
    "secretKey",
    .text,
    .always,
    mask: .generic,
    option: "secret-key",
    help: "secret key of the application"
  )

  /// The value of one header in a list of them.
  public static func header(_ name: String) -> PluginField {
    var field = PluginField(name, .text, mask: .generic, help: name)
    field.allowsBlanks = true
    return field
  }

  /// The fields nearly every plugin begins with: name, endpoint, proxy, rate limit.
  public static let common: [PluginField] = [.connectionName, .endpoint, .proxy, .rateLimit]
}
