import DevLakeKit

/// A connection that is to be made, from the options of a call.
struct ConnectionDraft {
  let plugin: PluginDescriptor
  let organization: String?
  let enterprise: String?
  /// The last day on which its secret is good, where someone has said so.
  let expires: CalendarDay?
  private(set) var body = RequestBody()

  let call: Call
  let session: Session
  /// Whether a person answers all the questions: what can be left out is asked, too.
  var asksEverything = false
  /// What the person has answered so far; `nil`: there is nobody.
  var answers: WizardAnswers?
  private let fields: GivenFields
  private let method: AuthMethod?
  private let resolver: SecretResolver
  private var username: Resolution<String>?
  /// The secrets that were looked for with those of other connections, by the option that wants them.
  private var found: [String: Secret] = [:]

  init(_ call: Call, _ plugin: PluginDescriptor, _ session: Session) async throws(Failure) {
    self.plugin = plugin
    self.call = call
    self.session = session
    fields = try GivenFields(call, of: plugin, in: session)
    try fields.checkHeaders(nil, plugin)
    let (file, path) = try session.envFile(for: call)
    resolver = SecretResolver(
      sources: session.secretSources(),
      envFile: file,
      envFilePath: path,
      redactor: session.redactor
    )
    organization = try Self.organization(call, plugin)
    expires = try call.expires(in: session)
    let givenEnterprise = plugin.field("enterprise") == nil ? nil : call.text("enterprise")
    enterprise = givenEnterprise.flatMap { $0.isEmpty ? nil : $0 }
    username = nil
    let given = Set(
      fields.values.map(\.field) + fields.secrets.map(\.field.name)
        + (fields.headers.isEmpty ? [] : plugin.headersField.map { [$0.name] } ?? [])
    )
    var names = Array(given)
    if plugin.authMethods.contains(where: { $0.identityFields.contains("username") }) {
      username = try await Self.username(fields, plugin, resolver)
      if username != nil { names.append("username") }
    }
    if let chosen = fields["authMethod"]?.string {
      method = plugin.authMethod(named: chosen)
    } else if let decided = plugin.decidedMethod(given: names.filter(given.contains)) {
      // What is given outranks what the environment has.
      method = decided
    } else if let endpoint = fields["endpoint"]?.string,
      let service = plugin.endpoint?.choice(for: endpoint)?.authMethod,
      !plugin.authMethods.contains(where: { $0.identityFields.contains(where: names.contains) })
    {
      method = plugin.authMethod(named: service)
    } else {
      method = plugin.authMethod(given: names)
    }
    try build()
  }

  /// An option that must be given and is not.
  struct Missing: Equatable {
    /// The option's name, or `field NAME` for what has no option of its own.
    var option: String
    var placeholder: String

    var flag: String {
      option.hasPrefix("field ")
        ? "--\(option)=\(placeholder)" : "--\(option) \(placeholder)"
    }
  }

  /// What must be there and is not, but for the secret.
  var missing: [Missing] {
    var missing: [Missing] = []
    if plugin.requiresOrganization, organization == nil {
      missing.append(Missing(option: "org", placeholder: "ORG"))
    }
    if plugin.needsOrganizationOrEnterprise, organization == nil, enterprise == nil {
      missing.append(Missing(option: "org", placeholder: "ORG or --enterprise SLUG"))
    }
    for field in plugin.fields where isRequired(field) && body[field.name] == nil {
      if field.name == "name" || field.name == plugin.organizationField
        || field.name == method?.secretField
        || fields.secrets.contains(where: { $0.field.name == field.name })
      {
        continue
      }
      // DevLake makes it of another field, which is named.
      if field.name == "endpoint", method?.name == plugin.endpoint?.derivation?.authMethod,
        method != nil
      {
        continue
      }
      missing.append(
        Missing(
          option: field.option ?? "field \(field.name)",
          placeholder: field.option == nil ? "VALUE" : Self.placeholder(of: field)
        )
      )
    }
    return missing
  }

  /// What must be there and is not is named all at once; nothing is sent.
  func requireEverything() throws(Failure) {
    let listed = lacksListed.flatMap { plugin.field($0.field)?.option }
    var flags = missing.filter { $0.option != listed }.map(\.flag)
    try checkExclusion()
    if plugin.headersField != nil, fields.headers.isEmpty, !session.conversation.canAsk,
      call.option("token") == nil, lacksSecret
    {
      flags.append("--token REF or --header-secret NAME=REF")
    }
    guard !flags.isEmpty else { return try checkName() }
    if !session.conversation.canAsk, call.option("token") == nil, lacksSecret,
      let secretField
    {
      flags.append("\(flag(of: secretField)) REF")
    }
    var failure = Failure.unasked("a \(plugin.displayName) connection needs more", flags: flags)
    failure.diagnostic.message = message(flags)
    throw failure
  }

  /// A token and headers at once would both be sent for ever.
  private func checkExclusion() throws(Failure) {
    guard let field = plugin.headersField,
      !fields.headers.isEmpty || fields.secrets.contains(where: { $0.field.name == field.name }),
      call.option("token") != nil || fields.secrets.contains(where: { $0.field.name == "token" })
        || (!fields.headers.isEmpty
          && fields.secrets.contains(where: { $0.field.name == field.name }))
    else { return }
    throw .usage(
      "a \(plugin.displayName) connection uses a token or headers, and DevLake would send both "
        + "for ever",
      at: call.option("header-secret") ?? call.option("token"),
      help: "remove one of them"
    )
  }

  /// A name made of a long organization can be too long although nobody gave a name.
  private func checkName() throws(Failure) {
    do throws(FieldMistake) {
      try ConnectionName.check(name)
    } catch {
      throw .invalid(
        error.description,
        at: call.option("name") ?? call.option("org") ?? call.option("enterprise"),
        help: "choose a name with --name"
      )
    }
  }

  private func message(_ flags: [String]) -> String {
    let host = fields["endpoint"]?.string.flatMap { plugin.endpoint?.choice(for: $0)?.label }
    if let host, flags.contains(where: { $0.hasPrefix("--username") }) {
      return "\(host) requires an email address with the token: --username is missing"
    }
    let names = flags.map { $0.contains(" or ") ? $0 : String($0.prefix { $0 != " " }) }
    let article = "AEIO".contains(plugin.displayName.prefix(1)) ? "an" : "a"
    return "\(article) \(plugin.displayName) connection cannot be created without "
      + names.joined(separator: ", ")
  }

  private var lacksSecret: Bool {
    guard let secretField else { return false }
    if fields.secrets.contains(where: { $0.field.name == secretField.name }) { return false }
    if !fields.headers.isEmpty, secretField.kind == .json { return false }
    return !resolver.hasStored(under: plugin.tokenVariables(of: secretField))
  }

  private var secretField: PluginField? {
    if let chosen = call.text("secret-field") {
      return plugin.field(chosen) ?? PluginField(chosen, .text, mask: .generic, help: chosen)
    }
    return method.flatMap { plugin.field($0.secretField) }
  }

  private func flag(of field: PluginField) -> String { "--\(plugin.secretOption(of: field))" }

  private func isRequired(_ field: PluginField) -> Bool {
    switch field.requirement {
    case .always: true
    case .with(let name): method?.name == name
    case .optional: false
    }
  }

  /// Warns of options that do nothing for this plugin.
  func warn() {
    for name in fields.inapplicable {
      session.conversation.warn("--\(name) has no meaning for \(plugin.displayName)")
    }
  }

  var name: String {
    fields["name"]?.string
      ?? plugin.defaultName(organization: organization, enterprise: enterprise)
  }

  /// The scopes were said just before.
  private func question(for field: PluginField) -> String {
    "\(plugin.secretLabel(of: field)) for \(plugin.displayName) \"\(ServerText.line(name))\": "
  }

  private mutating func build() throws(Failure) {
    body["name"] = .json(.string(name))
    if let endpoint = try gatewayEndpoint() ?? fields["endpoint"]?.string
      ?? plugin.endpoint?.standard
    {
      body["endpoint"] = .json(.string(endpoint))
    }
    if let proxy = fields["proxy"] {
      body["proxy"] = .json(proxy)
    } else if plugin.field("proxy") != nil {
      body["proxy"] = .json("")
    }
    if plugin.field("rateLimitPerHour") != nil {
      let standard = plugin.field("rateLimitPerHour")?.standard ?? 0
      body["rateLimitPerHour"] = .json(fields["rateLimitPerHour"] ?? standard)
    }
    if plugin.storesAuthMethod, let method { body["authMethod"] = .json(.string(method.name)) }
    if let field = plugin.organizationField, let organization {
      body[field] = .json(.string(organization))
    }
    if plugin.field("enterprise") != nil, let enterprise {
      body["enterprise"] = .json(.string(enterprise))
    }
    if let username, method?.identityFields.contains("username") == true {
      body["username"] = .json(.string(username.value))
    }
    for (field, value) in fields.values where body[field] == nil { body[field] = .json(value) }
    if let derivation = plugin.endpoint?.derivation, method?.name != derivation.authMethod {
      // It has gone into the endpoint.
      body[derivation.field] = nil
    }
    for field in plugin.fields where body[field.name] == nil && field.kind == .boolean {
      if let standard = field.standard { body[field.name] = .json(standard) }
    }
  }

  /// The address of the gateway, where its id is given; DevLake takes no other with OAuth2.
  private func gatewayEndpoint() throws(Failure) -> String? {
    guard let derivation = plugin.endpoint?.derivation else { return nil }
    let option = plugin.field(derivation.field)?.option ?? derivation.field
    guard let id = fields[derivation.field]?.string else {
      guard method?.name == derivation.authMethod, let given = call.option("endpoint") else {
        return nil
      }
      throw .usage(
        "DevLake derives the endpoint from an \(derivation.authMethod) connection itself",
        at: given,
        help: "give --\(option) instead"
      )
    }
    let endpoint: String
    do throws(FieldMistake) {
      endpoint = try derivation.endpoint(for: id)
    } catch {
      throw .invalid(error.description, at: call.option(option))
    }
    if let given = fields["endpoint"]?.string, given != endpoint {
      throw .usage(
        "'--endpoint' and '--\(option)' name two addresses",
        at: call.option("endpoint"),
        help: "remove --endpoint"
      )
    }
    return endpoint
  }

  /// The secrets of a draft of the same kind, which need not be given again.
  mutating func takeSecrets(from other: ConnectionDraft?) {
    guard let other, other.plugin.id == plugin.id, other.method == method else { return }
    for (name, value) in other.body.members where body[name] == nil {
      if case .secret = value { body[name] = value }
    }
  }

  /// The field that only the test of its secret can list, where it is needed and not given.
  var lacksListed: PluginDescriptor.ListedField? {
    guard let listed = plugin.listedByTest, session.conversation.canAsk,
      let field = plugin.field(listed.field), isRequired(field), body[listed.field] == nil
    else { return nil }
    return listed
  }

  /// What will be made, a line each: all that is not empty or DevLake's own default.
  var summary: [String] {
    var lines = ["\(plugin.displayName) connection \"\(ServerText.line(name))\""]
    for (label, owner) in [("organization", organization), ("enterprise", enterprise)] {
      guard let owner, body[label] == nil, body["org"] == nil else { continue }
      lines.append("\(label): \(ServerText.line(owner))")
    }
    for member in body.shown.object?.members ?? [] where member.key != "name" {
      let (name, value) = (member.key, member.value)
      let isEmpty = value.isNull || value == "" || value == plugin.field(name)?.standard
      guard !isEmpty || name == "endpoint", value != 0, let text = Value.data(value).text else {
        continue
      }
      lines.append("\(name): \(ServerText.line(text))")
    }
    return lines
  }

  /// Fetches the secrets, in the documented order; a person is asked last.
  mutating func resolveSecrets(asks: Bool) async throws(Failure) {
    if let username {
      session.note(userName: username, keepsEnvFile: call.keepsEnvFile)
    }
    for (field, reference, given) in fields.secrets where body[field.name] == nil {
      body[field.name] = .secret(
        try await secret(field, "--\(field.option ?? field.name)", [], reference, given)
      )
    }
    if !fields.headers.isEmpty, let field = plugin.headersField, body[field.name] == nil {
      body[field.name] = .secret(
        Headers.secret(try await fetcher.headers(fields.headers, question: question(for: field)))
      )
    }
    guard let field = secretField, body[field.name] == nil else { return }
    if case .optional = field.requirement, call.option("token") == nil, lacksSecret {
      guard asksEverything else { return }
      let question = "\(plugin.secretLabel(of: field)) (Enter for none): "
      guard let secret = try await session.conversation.askSecret(question) else { return }
      try fetcher.noteTyped(secret)
      body[field.name] = .secret(try fetcher.checked(secret, field, nil))
      return
    }
    let scopes = plugin.requiredScopes(of: field)
    if asks, !scopes.isEmpty {
      session.conversation.note(
        "   💡 Ensure your PAT has these scopes: \(scopes.joined(separator: ", "))"
          + (plugin.credentialNote.map { " (\($0))" } ?? "")
      )
    }
    var reference: SecretReference?
    let token = call.option("token")
    if let token {
      if case .secret(let secret)? = token.value {
        body[field.name] = .secret(try fetcher.checked(secret, field, token))
        return
      }
      reference = try session.secretReference(of: token, flag: "--token")
    }
    body[field.name] = .secret(
      try await secret(field, flag(of: field), plugin.tokenVariables(of: field), reference, token)
    )
    if let token, case .secret(let secret)? = body[field.name], token.makesSecret {
      try session.keptSecrets?.hold(secret, field, of: plugin, named: name)
    }
  }

  private var fetcher: SecretFetcher {
    SecretFetcher(
      session: session,
      call: call,
      plugin: plugin,
      asksAgain: session.conversation.canAsk,
      answers: answers
    )
  }

  private func secret(
    _ field: PluginField,
    _ flag: String,
    _ keys: [String],
    _ reference: SecretReference?,
    _ given: ArgumentValue?
  ) async throws(Failure) -> Secret {
    if let secret = found[flag] { return secret }
    return try await fetcher.find(field, flag, keys, reference, given, question(for: field))
  }

  /// The secrets that references name and nobody has to be asked for.
  func references() throws(Failure) -> [SecretFetcher.Wanted] {
    var wanted = fields.secrets.map { field, reference, given in
      SecretFetcher.Wanted(
        field: field,
        flag: "--\(field.option ?? field.name)",
        reference: reference,
        given: given
      )
    }
    if let field = secretField, body[field.name] == nil, let token = call.option("token") {
      let reference = try session.secretReference(of: token, flag: "--token")
      wanted.append(.init(field: field, flag: "--token", reference: reference, given: token))
    }
    return wanted.filter { !FileSecrets.isPostponed($0.reference) }
  }

  func request(for wanted: SecretFetcher.Wanted) -> SecretRequest {
    fetcher.request(wanted.field, wanted.flag, [], wanted.reference, "")
  }

  /// Sets the field to a secret that was found.
  mutating func take(
    _ resolution: Resolution<Secret>,
    for wanted: SecretFetcher.Wanted
  ) throws(Failure) {
    session.note(resolution, keepsEnvFile: call.keepsEnvFile)
    found[wanted.flag] = try fetcher.checked(resolution.value, wanted.field, wanted.given)
  }

  private static func placeholder(of field: PluginField) -> String {
    switch field.name {
    case "endpoint": "URL"
    case "username": "NAME"
    default: field.isSecret ? "REF" : "VALUE"
    }
  }

  private static func username(
    _ fields: GivenFields,
    _ plugin: PluginDescriptor,
    _ resolver: SecretResolver
  ) async throws(Failure) -> Resolution<String>? {
    let request = SecretRequest(
      subject: "user name for \(plugin.displayName)",
      flag: "--username",
      keys: plugin.usernameVariables,
      question: ""
    )
    do throws(CredentialError) {
      return try await resolver.userName(for: request, option: fields["username"]?.string)
    } catch {
      if case .missing = error { return nil }
      throw Failure(error)
    }
  }

  /// `--org`, or the organization the address names; both must agree.
  private static func organization(
    _ call: Call,
    _ plugin: PluginDescriptor
  ) throws(Failure) -> String? {
    let named = call.text("org").flatMap { $0.isEmpty ? nil : $0 }
    guard plugin.organizationAddress != nil, let given = call.option("endpoint"),
      let addressed = plugin.organization(inAddress: given.text)
    else { return named }
    if let named, named != addressed {
      throw .invalid(
        "--org says '\(named)', but --endpoint '\(addressed)'",
        at: given,
        help: "use the same organization in both"
      )
    }
    return named ?? addressed
  }
}
