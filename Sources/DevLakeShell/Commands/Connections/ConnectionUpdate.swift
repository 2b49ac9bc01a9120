import DevLakeKit

/// What the options of `update` are to change.
struct ConnectionUpdate {
  /// What goes to the state file, as DevLake keeps none.
  let organization: String?
  let enterprise: String?

  private let call: Call
  private let plugin: PluginDescriptor
  private let session: Session
  private let fields: GivenFields
  private let cleared: [String]

  init(_ call: Call, _ plugin: PluginDescriptor, _ session: Session) throws(Failure) {
    self.call = call
    self.plugin = plugin
    self.session = session
    try Self.checkAddress(call, plugin)
    fields = try GivenFields(call, of: plugin, in: session)
    let keepsOrganization = plugin.organizationField != nil
    let keepsEnterprise = plugin.field("enterprise") != nil
    var toClear = call.all(option: "clear")
    // What only the state file has is emptied there.
    let owners = ["organization", "org"].filter { _ in !keepsOrganization }
    let clearsOrganization = toClear.contains { owners.contains($0.text) }
    let clearsEnterprise = !keepsEnterprise && toClear.contains { $0.text == "enterprise" }
    toClear.removeAll {
      owners.contains($0.text) || (!keepsEnterprise && $0.text == "enterprise")
    }
    organization = clearsOrganization ? "" : keepsOrganization ? nil : call.text("org")
    enterprise = clearsEnterprise ? "" : keepsEnterprise ? nil : call.text("enterprise")
    cleared = try toClear.map { (given) throws(Failure) in try Self.clearable(given, plugin) }
  }

  /// An address of a plugin that keeps none says the organization, which has its own option.
  private static func checkAddress(_ call: Call, _ plugin: PluginDescriptor) throws(Failure) {
    guard let given = call.option("endpoint"), plugin.endpoint == nil,
      let named = plugin.organization(inAddress: given.text), named != call.text("org")
    else { return }
    throw .invalid(
      "DevLake stores no endpoint for \(plugin.displayName)",
      at: given,
      help: "change the organization with --org \(named)"
    )
  }

  var isEmpty: Bool {
    fields.values.isEmpty && fields.secrets.isEmpty && fields.headers.isEmpty && cleared.isEmpty
      && ["token", "expires", "org", "enterprise", "clear"].allSatisfy { call.option($0) == nil }
      && fields.inapplicable.isEmpty
  }

  /// What changes, a line each, before any secret is fetched.
  func summary(of connection: Connection) -> [String] {
    var changes: [FieldChange] = []
    func add(_ field: String, _ before: JSONValue, _ after: JSONValue) {
      changes.append(FieldChange(field: field, before: before, after: after))
    }
    for (field, value) in fields.values {
      add(field, connection.shown(field) ?? .null, value)
    }
    let remembered = session.remembered(connection.key)
    if let organization {
      add("organization", .string(remembered?.organization ?? ""), .string(organization))
    } else if let field = plugin.organizationField, let organization = call.text("org") {
      add(field, connection.shown(field) ?? .null, .string(organization))
    }
    if let enterprise {
      add("enterprise", .string(remembered?.enterprise ?? ""), .string(enterprise))
    }
    if call.option("token") != nil { add("token", .null, .string(Secret.placeholder)) }
    return ChangeReport.Entry.lines(of: changes).map { String($0.drop { $0 == " " }) }
  }

  func warn() {
    for name in fields.inapplicable where name != "enterprise" {
      session.conversation.warn("--\(name) has no meaning for \(plugin.displayName)")
    }
    if organization != nil || enterprise != nil {
      session.conversation.note(
        "   DevLake stores no \(organization != nil ? "organization" : "enterprise") for "
          + "\(plugin.displayName): it is saved in the state file"
      )
    }
  }

  /// Keeps what was made for this change from being lost.
  func hold(_ changes: RequestBody, of connection: Connection) throws(Failure) {
    var made: [KeptSecrets.Made] = []
    for member in changes.members {
      guard case .secret(let secret) = member.value, let field = plugin.field(member.name),
        field.kind != .json
      else { continue }
      made.append((connection, plugin, field, secret))
    }
    let places =
      fields.secrets.map(\.given) + (call.option("token").map { [$0] } ?? [])
    try session.keptSecrets?.hold(made, from: places)
  }

  /// What changes in DevLake, secrets fetched.
  func changes(of connection: Connection) async throws(Failure) -> RequestBody {
    var body = RequestBody()
    try fields.checkHeaders(nil, plugin)
    try fields.checkDoubtful(plugin) { connection.shown($0) != nil }
    for (field, value) in fields.values {
      body[field] = .json(value)
      // What DevLake masks is a secret, whatever it is called.
      if plugin.field(field) == nil, connection.masks(field), let text = value.string {
        body[field] = .secret(Secret(text))
      }
    }
    for name in cleared {
      try checkCleared(name, connection)
      body[name] = .json(plugin.field(name)?.emptyValue ?? "")
    }
    if let field = plugin.organizationField, let organization = call.text("org") {
      body[field] = .json(.string(organization))
    }
    let resolver = SecretFetcher(session: session, call: call, plugin: plugin)
    for (field, reference, given) in fields.secrets {
      body[field.name] = .secret(
        try await resolver.secret(
          for: field,
          flag: "--\(field.option ?? "field")",
          reference,
          given,
          question: SecretFetcher.question(plugin, field, connection)
        )
      )
    }
    if !fields.headers.isEmpty, let field = plugin.headersField {
      let given = try await resolver.headers(
        fields.headers,
        question: SecretFetcher.question(plugin, field, connection)
      )
      body[field.name] = .secret(
        fields.replacesHeaders
          ? Headers.secret(given) : connection.headers(in: field.name, with: given)
      )
    }
    if let token = call.option("token") {
      let field = try tokenField(of: connection, token)
      body[field.name] = .secret(
        try await resolver.secret(
          for: field,
          token: token,
          question: SecretFetcher.question(plugin, field, connection)
        )
      )
    }
    try checkMethod(body, connection)
    try checkUse(body, connection)
    try followGateway(&body, connection)
    if let name = fields["authMethod"]?.string, name != connection.authMethod,
      !call.flag("keep-old"), let method = plugin.authMethod(named: name)
    {
      for field in plugin.secretsLeftBehind(in: connection, using: method) where body[field] == nil
      {
        body[field] = .json("")
      }
    }
    try await checkName(connection)
    return body
  }

  /// The field `--token` is for: that of the authentication the connection has, or is given.
  private func tokenField(
    of connection: Connection,
    _ token: ArgumentValue
  ) throws(Failure) -> PluginField {
    guard !plugin.authMethods.isEmpty else {
      throw .invalid("\(plugin.displayName) connections have no secret", at: token)
    }
    if plugin.storesAuthMethod, let name = fields["authMethod"]?.string,
      let method = plugin.authMethod(named: name), let field = plugin.field(method.secretField)
    {
      return field
    }
    do throws(UnknownSecretField) {
      return try plugin.secretField(of: connection, chosen: call.text("secret-field"))
    } catch {
      throw Failure(error, at: call.option("secret-field") ?? token)
    }
  }

  /// A secret the authentication does not use is stored with status 200 and never used (measured).
  private func checkUse(_ body: RequestBody, _ connection: Connection) throws(Failure) {
    if let reason = plugin.obstacleToSecrets(in: body, of: connection) {
      throw .conflict("\(connection.key): \(reason.message)", help: reason.help)
    }
  }

  /// DevLake makes the endpoint of some connections itself and ignores another with status 200.
  private func followGateway(
    _ body: inout RequestBody,
    _ connection: Connection
  ) throws(Failure) {
    guard let derivation = plugin.endpoint?.derivation else { return }
    let method = fields["authMethod"]?.string ?? connection.authMethod
    let stored = connection.shown(derivation.field)?.string ?? ""
    let id = fields[derivation.field]?.string
    if method == derivation.authMethod {
      let follows = (id ?? stored).isEmpty ? nil : try? derivation.endpoint(for: id ?? stored)
      guard let wanted = fields["endpoint"]?.string, wanted != follows else {
        // It follows by itself.
        if id != nil { body["endpoint"] = nil }
        return
      }
      throw .conflict(
        "\(connection.key): DevLake derives the endpoint from an \(derivation.authMethod) connection of "
          + "'\(derivation.field)' and ignores any other",
        at: call.option("endpoint"),
        help: "change it with --\(plugin.field(derivation.field)?.option ?? derivation.field)"
      )
    }
    guard let id else { return }
    body[derivation.field] = nil
    let endpoint: String
    do throws(FieldMistake) {
      endpoint = try derivation.endpoint(for: id)
    } catch {
      throw .invalid(error.description)
    }
    if let given = fields["endpoint"]?.string, given != endpoint {
      throw .usage(
        "'--endpoint' and the gateway's id name two addresses",
        at: call.option("endpoint")
      )
    }
    body["endpoint"] = .json(.string(endpoint))
  }

  /// The secret a connection uses cannot be emptied, only those that other authentication left.
  private func checkCleared(_ name: String, _ connection: Connection) throws(Failure) {
    guard let field = plugin.field(name), field.isSecret, !field.isClearedByEmpty else { return }
    let given = call.all(option: "clear").first { $0.text == name || $0.text == field.option }
    guard plugin.emptiesUnusedSecrets else {
      throw .invalid("DevLake cannot clear the secret '\(name)'", at: given)
    }
    let stored = fields["authMethod"]?.string ?? connection.authMethod
    guard let method = plugin.authMethods.first(where: { $0.name == stored }) else {
      throw .invalid(
        "\(connection.key) authenticates in a way that is not in the catalog, and '\(name)' may "
          + "be what it uses",
        at: given
      )
    }
    guard method.secretField != name else {
      throw .invalid(
        "'\(name)' is the credential \(connection.key) uses (\(method.name)), so it cannot be empty",
        at: given,
        help: "'rotate \(connection.key)' sets another one"
      )
    }
    if fields.secrets.contains(where: { $0.field.name == name }) {
      throw .usage("'\(name)' is set and cleared", at: given)
    }
  }

  /// Another way to authenticate needs its own secret, as DevLake would keep the old one's place empty.
  private func checkMethod(_ body: RequestBody, _ connection: Connection) throws(Failure) {
    guard plugin.storesAuthMethod, let name = fields["authMethod"]?.string,
      name != connection.authMethod, let method = plugin.authMethod(named: name)
    else { return }
    // What DevLake still holds from before serves again.
    let wanted = method.identityFields.filter { field in
      body[field] == nil && !connection.holds(field)
    }
    guard body[method.secretField] != nil, wanted.isEmpty else {
      let option = plugin.field(method.secretField).map(plugin.secretOption) ?? "token"
      let names =
        (body[method.secretField] == nil ? ["--\(option) REF"] : [])
        + wanted.compactMap { plugin.field($0)?.option }.map { "--\($0) VALUE" }
      throw .unasked("\(name) needs its own credential", flags: names)
    }
  }

  private func checkName(_ connection: Connection) async throws(Failure) {
    guard let name = fields["name"]?.string, name != connection.name else { return }
    let others = try await session.connections(of: plugin).filter { $0.key != connection.key }
    guard let other = others.first(where: { ConnectionName.collides($0.name, name) }) else {
      return
    }
    throw .conflict(
      "\(other.key) is named \"\(ServerText.line(other.name))\" already",
      at: call.option("name"),
      help: "choose another name"
    )
  }

  static func clearable(
    _ given: ArgumentValue,
    _ plugin: PluginDescriptor
  ) throws(Failure) -> String {
    let name = given.text
    let found = plugin.fields.first { $0.name == name || $0.option == name }
    guard let field = found else {
      let near = Suggestion.closest(to: name, among: plugin.fields.map(\.name))
      if plugin.isKnown || near != nil {
        throw .invalid(
          "\(plugin.displayName) has no field '\(name)'",
          at: given,
          help: near.map { "did you mean '\($0)'?" }
            ?? "it has \(plugin.fields.map(\.name).joined(separator: ", "))"
        )
      }
      return name
    }
    guard field.requirement != .always else {
      throw .invalid("'\(field.name)' cannot be empty", at: given)
    }
    return field.name
  }
}
