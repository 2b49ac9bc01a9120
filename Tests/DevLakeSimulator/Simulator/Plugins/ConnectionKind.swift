import DevLakeKit

/// What DevLake's code for the connections of one plugin does; each plugin is one such value.
struct ConnectionKind: Sendable {
  /// Which of DevLake's two families of connection code a plugin uses.
  enum Family: Sendable {
    /// The newer one: 201, 400 for what is missing, weak decoding.
    case dataSource
    /// The older one: 200, 500 for what is missing, strict decoding.
    case legacy
  }

  /// What PATCH does with fields that the body leaves out.
  enum Patch: Sendable {
    /// They keep their values.
    case merges
    /// These are emptied (github).
    case replaces([String])
  }

  /// The plugin's slug.
  let plugin: String
  /// The stem of its Go types, as in `GithubConnection`.
  let model: String
  var family = Family.dataSource
  /// The fields beyond `name`, in the order of the answers.
  let fields: [Field]
  var patch = Patch.merges
  /// The database table, when it is not `_tool_{plugin}_connections`.
  var table: String?
  /// The longest name the table takes, in characters.
  var nameLimit: Int? = 100
  /// Whether POST without a body brings the handler down (github).
  var panicsWithoutBody = false
  /// Whether a secret is restored on PATCH only while the auth method stays (jira).
  var restoresOnlyWithSameAuthMethod = false
  /// The words around a missing name and around what ``check`` finds, status 400 (kiro).
  var payloadWords: (payload: String, check: String)?
  /// The words around a PATCH that cannot be decoded (argocd), status 400.
  var patchDecodingWords: String?
  /// The handler's own checks after the fields' requirements, status 400.
  var check: @Sendable (JSONObject) -> String? = { _ in nil }
  /// What POST starts from when there is a body (asana).
  var complete: @Sendable (inout JSONObject) -> Void = { _ in }
  /// What POST puts into empty values before they are checked (asana).
  var fill: @Sendable (inout JSONObject) -> Void = { _ in }
  /// What is changed before a row is saved.
  var settle: @Sendable (inout JSONObject) -> Void = { _ in }
  /// What is changed before a row is saved by PATCH only (cursor, claude_code).
  var settlePatch: @Sendable (inout JSONObject) -> Void = { _ in }
  /// What is made of the values, or wrong with them, before the fields' requirements (jira).
  var adapt: @Sendable (inout JSONObject, Purpose) -> Failure? = { _, _ in nil }
  var test: ConnectionTest?
  /// What the service answers to a `GET` that DevLake passes on, by its path.
  var service: ServiceRoutes?
  var scopes: ScopeKind?
  /// The scope config that comes with every new connection (argocd).
  var defaultScopeConfig: String?
  var quirks: Set<Quirk> = []

  /// What values are wanted for.
  enum Purpose: Sendable {
    case saving
    case testing
  }

  /// What a single plugin does unlike the others of its family.
  enum Quirk: Sendable {
    /// GET of an unknown id answers 404 with an empty connection instead of an error.
    case unknownIsEmptyConnection
    /// DELETE always fails on a column that does not exist.
    case deleteFails
    /// DELETE answers success, again and again, and never 404.
    case deleteSucceedsAlways
    /// POST hands out an API key and the addresses to push to; PATCH answers the name alone.
    case issuesKey
  }

  /// What is wrong with values, for a plugin with ``payloadWords``.
  func payloadFailure(_ values: JSONObject, includesName: Bool) -> Failure? {
    guard let words = payloadWords else { return nil }
    if includesName,
      let complaints = FieldValidator(kind: self).complaints(testing: values, includesName: true)
    {
      return Failure(
        400,
        [.own(words.payload, 400), .own("error validating target"), .foreign(complaints)]
      )
    }
    return check(values).map { Failure(400, [.own(words.check, 400), .own($0, 400)]) }
  }

  var connectionType: String { "\(model)Connection" }
  var tableName: String {
    table ?? "_tool_\(plugin.replacing("-", with: "_"))_connections"
  }

  /// The connection with every field at its default.
  var blank: JSONObject {
    JSONObject([("name", "")] + fields.map { ($0.name, $0.initial) })
  }
}

/// One field of a connection.
struct Field: Sendable {
  enum Kind: Sendable {
    case text
    case integer
    case boolean
    case time
    /// A list of `{key, value}`, the values secret.
    case pairs
    /// Made by the server; what a body says is ignored.
    case derived
  }

  enum Requirement: Sendable {
    case none
    case always
    /// Only with that auth method, and never on a test.
    case authMethod(String)
    /// One of these words.
    case oneOf([String])
  }

  /// The JSON name.
  let name: String
  /// The Go name.
  let goName: String
  /// The Go types between the connection and the field, as validation errors spell them.
  let holder: String
  var kind = Kind.text
  var requirement = Requirement.none
  var secret: Secret?
  /// The value of a field that was never set.
  var initial: JSONValue = ""
  /// The longest text the column takes.
  var limit: Int?
  /// Whether an empty value is left out of answers.
  var omitsEmpty = false
  /// Under how many names the decoder complains about it.
  var decoderNames: [String]?

  /// A secret's mask and what PATCH makes of it.
  struct Secret: Sendable {
    var mask: Mask
    /// Whether a mask that comes back stands for the stored secret.
    var restoresMask = true
    /// Whether an empty value stands for the stored secret.
    var restoresEmpty = true
  }
}

extension Field {
  static func endpoint(holder: String = "RestConnection", limit: Int? = nil) -> Field {
    Field(
      name: "endpoint",
      goName: "Endpoint",
      holder: holder,
      requirement: .always,
      limit: limit
    )
  }
  static let proxy = Field(name: "proxy", goName: "Proxy", holder: "RestConnection")
  static let rateLimit = Field(
    name: "rateLimitPerHour",
    goName: "RateLimitPerHour",
    holder: "RestConnection",
    kind: .integer,
    initial: 0
  )
  static let username = Field(
    name: "username",
    goName: "Username",
    holder: "BasicAuth",
    requirement: .always
  )
  static let password = Field(
    name: "password",
    goName: "Password",
    holder: "BasicAuth",
    requirement: .always,
    secret: Secret(mask: .empty)
  )

  static func token(
    holder: String = "AccessToken",
    requirement: Requirement = .always,
    secret: Secret = Secret(mask: .generic)
  ) -> Field {
    Field(
      name: "token",
      goName: "Token",
      holder: holder,
      requirement: requirement,
      secret: secret
    )
  }

  static func text(
    _ name: String,
    _ goName: String,
    holder: String = "",
    requirement: Requirement = .none,
    secret: Secret? = nil
  ) -> Field {
    Field(name: name, goName: goName, holder: holder, requirement: requirement, secret: secret)
  }

  /// The same field under another requirement.
  func required(_ requirement: Requirement) -> Field {
    var copy = self
    copy.requirement = requirement
    return copy
  }

  static func number(_ name: String, _ goName: String) -> Field {
    Field(name: name, goName: goName, holder: "", kind: .integer, initial: 0)
  }

  static let restFields: [Field] = [.endpoint(), .proxy, .rateLimit]
}
