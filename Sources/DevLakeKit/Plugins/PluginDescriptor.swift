/// Everything that is known about one DevLake plugin.
///
/// Commands, completion, help, credential lookup and the administration read this value; none of
/// them names a plugin. What is here was read in DevLake's source and, where
/// ``Evidence/measured``, seen on a real server (commit 420e494b).
public struct PluginDescriptor: Sendable, Identifiable {
  /// The name in DevLake's URLs, for example `gh-copilot`.
  public let id: String
  /// The name for people, for example `GitHub Copilot`; default connection names begin with it.
  public let displayName: String
  /// Other names a person may type for it.
  public var aliases: [String] = []
  /// Whether the catalog has it; `false` for the generic form.
  public var isKnown = true
  /// Whether the documents of the connection commands list it.
  public var isDocumented = false
  /// How sure these facts are.
  public var evidence: Evidence = .source
  /// Every field a person can set, `name` and those of ``PluginField/common`` included, in the
  /// order DevLake answers with.
  public var fields: [PluginField]
  /// The ways to authenticate, the usual one first; empty when the plugin needs no secret.
  public var authMethods: [AuthMethod]
  /// Whether the choice among ``authMethods`` is stored in the field `authMethod`.
  public var storesAuthMethod = false
  /// What an endpoint must look like; `nil`: the plugin has no endpoint field.
  public var endpoint: EndpointRules?
  /// What an organization means for it.
  public var organization: OrganizationUse = .label(isRequired: false)
  /// What is before the organization in the service's address: `https://dev.azure.com/`.
  ///
  /// Only for plugins without an endpoint field. An endpoint given for one is checked against it by
  /// ``organization(inAddress:)`` and not sent.
  public var organizationAddress: String?
  /// Whether one of organization and enterprise must be given.
  public var needsOrganizationOrEnterprise = false
  /// What a PATCH does with fields that are not sent.
  public var patch: PatchKind = .merge
  /// What DevLake does with one of its own masks sent back as the secret.
  public var maskEcho: MaskEcho = .kept
  /// What its test tells, and what it does not.
  package var test = TestBehaviour()
  /// What collection needs beyond an accepted credential.
  package var reach = ReachRules()
  /// Where the secret is looked for when no option names it: variables, first hit wins.
  public var tokenVariables: [String] = []
  /// Where the user name is looked for when no option names it.
  public var usernameVariables: [String] = []
  /// The scopes its token needs; empty when it has no scopes or needs none.
  public var requiredScopes: [String] = []
  /// The scopes a wider scope includes.
  public var includedScopes: [String: [String]] = [:]
  /// What the service tells of the credential through DevLake's `proxy/rest`.
  package var credentialReports: [CredentialReport] = []
  /// The fields in which DevLake keeps when the credential ends, the one that counts first.
  public var expiryFields: [String] = []
  /// The days on which a service stops taking what some connections have.
  public var deadlines: [ServiceDeadline] = []
  /// Whether DevLake keeps its secret unencrypted in the database (measured).
  public var keepsSecretInClear = false
  /// The plugins whose presence tells a server new enough to encrypt it (measured); empty: none does.
  public var encryptedBeside: [String] = []
  /// What to say of the credential besides its scopes, for example `+ read:enterprise for …`.
  public var credentialNote: String?
  /// How its secrets begin, where the service made them recognisable.
  ///
  /// They are hidden wherever they stand; at least eight letters, digits, `_` or `-` follow.
  public var secretBeginnings: [String] = []
  /// How a person calls its secret: `Token`, `Password`, `API key`.
  public var secretLabel = "Token"
  /// How a person calls its user name: `User name`, `E-mail address`.
  public var usernameLabel = "User name"
  /// Where the answer to a creation carries a secret DevLake gives only this once, member by member
  /// from the outside in; empty: nowhere.
  public var issuedSecret: [String] = []
  /// The fields in which DevLake tells addresses that other programs send to, and what is sent there.
  public var addressFields: [(field: String, what: String)] = []
  /// The most characters a connection's name may have.
  public var nameLimit = 100
  /// The requests per hour config-ui sets when its switch is turned on; `nil`: no such field.
  public var interfaceRateLimit: Int?
  /// A field whose values the test of a new connection lists while it is empty; `nil`: none.
  public var listedByTest: ListedField?
  /// The name of the field that identifies its scopes; `nil`: no scopes.
  public var scopeIdField: String?
  /// What keeps a connection from being deleted.
  package var deletion = DeletionGuards()
  /// Whether config-ui offers it.
  public var isInInterface = true
  /// The plugin that took its place in newer servers; its connections are not carried over.
  public var successor: String?
  /// What else an administrator should know, a sentence each.
  public var notes: [String] = []

  /// A field whose values a test lists: the installations of a GitHub App.
  public struct ListedField: Sendable, Equatable {
    /// The field's name.
    public let field: String
    /// The list's name in the answer.
    public let list: String
    /// The name of the value in an element.
    public let value: String
    /// Where the name for people is in an element, member by member from the outside in.
    public let label: [String]

    /// Creates a remote choice with the members of the answer that describe it.
    public init(field: String, list: String, value: String, label: [String]) {
      (self.field, self.list, self.value, self.label) = (field, list, value, label)
    }
  }

  /// How sure the facts about a plugin are.
  public enum Evidence: String, Sendable {
    /// Every route was driven on a real server.
    case measured
    /// The main routes were driven on a real server.
    case measuredBriefly = "measured-briefly"
    /// Read in DevLake's source.
    case source
    /// Newer than the server everything was measured on.
    case newer
  }

  /// What an organization means for a plugin.
  public enum OrganizationUse: Sendable, Equatable {
    /// DevLake keeps none: it names the connection and goes to the state file.
    case label(isRequired: Bool)
    /// DevLake stores it in `field`.
    case stored(field: String, isRequired: Bool)
  }

  /// What a PATCH does with the fields it does not carry.
  public enum PatchKind: Sendable, Equatable {
    /// They are kept: send what changes and nothing else.
    case merge
    /// They are wiped, but for `except`: read, change, send everything, masks included.
    case replace(except: [String])
  }

  /// What DevLake does with one of its own masks sent back as the secret.
  public enum MaskEcho: Sendable, Equatable {
    /// It keeps the stored secret.
    case kept
    /// It stores the mask: the connection is broken from then on.
    case stored
    /// The mask is the empty string and the PATCH is refused.
    case refused
  }

  /// Creates a plugin descriptor with what is different for this plugin; the rest is set by assignment.
  public init(
    id: String,
    displayName: String,
    fields: [PluginField],
    authMethods: [AuthMethod],
    endpoint: EndpointRules? = nil
  ) {
    self.id = id
    self.displayName = displayName
    self.fields = fields
    self.authMethods = authMethods
    self.endpoint = endpoint
  }
}

extension PluginDescriptor {
  /// The field of that name.
  public func field(_ name: String) -> PluginField? { fields.first { $0.name == name } }

  /// The names of the fields whose values are never shown.
  public var secretFields: [String] { fields.filter(\.isSecret).map(\.name) }

  /// The authentication of that name.
  ///
  /// - Returns: The usual one where the plugin stores no choice; `nil` for a name the catalog
  ///   lacks: which field holds the secret then is not known, and nothing is guessed.
  public func authMethod(named name: String?) -> AuthMethod? {
    guard storesAuthMethod else { return authMethods.first }
    return authMethods.first { $0.name == name }
  }

  /// Whether DevLake answers a PATCH with the time of the change before.
  ///
  /// Its older connection code does; the same code deletes while pipelines run (both measured).
  public var answersWithOldTime: Bool { !deletion.runningPipeline }

  /// The field in which it keeps headers with secret values, if it has one.
  public var headersField: PluginField? {
    authMethods.lazy.compactMap { self.field($0.secretField) }.first { $0.kind == .json }
  }

  /// Its secret's name inside a sentence: `token`, `API key`.
  public var secretNoun: String { Self.noun(secretLabel) }

  /// The option one of its secrets is given with: `token`, or `secret-key` for the PEM of an App.
  public func secretOption(of field: PluginField) -> String {
    field.kind == .pem || field.variables != nil ? field.option ?? "token" : "token"
  }

  /// How a person calls one of its secrets: as ``secretLabel`` says, unless it is not the usual one.
  public func secretLabel(of field: PluginField) -> String {
    if field.kind == .pem { return "Private key" }
    if let label = field.label { return label }
    if authMethods.contains(where: { $0.secretField == field.name }) { return secretLabel }
    return field.help.prefix(1).uppercased() + field.help.dropFirst()
  }

  /// The same inside a sentence.
  public func secretNoun(of field: PluginField) -> String { Self.noun(secretLabel(of: field)) }

  /// Where one of its secrets is looked for when no option names it; what they hold are tokens.
  public func tokenVariables(of field: PluginField) -> [String] {
    field.kind == .pem ? [] : field.variables ?? tokenVariables
  }

  /// The scopes that secret needs: only tokens have any.
  public func requiredScopes(of field: PluginField) -> [String] {
    field.kind == .pem ? [] : requiredScopes
  }

  private static func noun(_ label: String) -> String {
    let second = label.dropFirst().first
    return second?.isUppercase == true ? label : label.prefix(1).lowercased() + label.dropFirst()
  }

  /// The field DevLake keeps the organization in, if it keeps one.
  public var organizationField: String? {
    if case .stored(let field, _) = organization { field } else { nil }
  }

  /// Whether a connection cannot be made without an organization.
  public var requiresOrganization: Bool {
    switch organization {
    case .label(let isRequired), .stored(_, let isRequired): isRequired
    }
  }

  /// The name a connection gets when its owner gives none: `GitHub - my-org`.
  public func defaultName(organization: String?, enterprise: String?) -> String {
    guard let owner = organization ?? enterprise, !owner.isEmpty else { return displayName }
    return "\(displayName) - \(owner)"
  }
}
