import DevLakeKit
import ShellLanguage

/// Asks a person for what the options of `create` leave open.
///
/// Each answer becomes the option it stands for, so that everything behind is the same for a person
/// and a script. With `--plugin` only what is required is asked; without, everything.
struct CreateWizard {
  let session: Session
  /// Whether a person is asked for what could be left out, too.
  let asksEverything: Bool
  let answers: WizardAnswers

  init(_ session: Session, _ call: Call) {
    self.session = session
    answers = WizardAnswers(session.conversation, unanswered: "nothing was created")
    asksEverything =
      session.conversation.canAsk && call.option("plugin") == nil && session.selectedPlugin == nil
  }

  /// The call with the person's answers in it; what is answered is not asked again.
  func complete(_ call: Call) async throws(Failure) -> Call {
    guard session.conversation.canAsk else { return call }
    while true {
      answers.begin()
      do throws(Failure) {
        return try await asked(call)
      } catch {
        guard answers.goesBack else { throw error }
      }
    }
  }

  private func asked(_ call: Call) async throws(Failure) -> Call {
    var call = call
    if asksEverything { answer(&call, "plugin", try await pluginName()) }
    let name = call.text("plugin") ?? session.selectedPlugin?.id ?? ""
    let plugin = session.plugin(name)
    // Whether it needs one is known by the service that is chosen.
    let dependsOnService = plugin.endpoint?.choices.contains(where: \.needsOrganization) == true
    if !dependsOnService {
      try await askOrganization(&call, plugin, isWanted: asksEverything)
    }
    let service = try await askEndpoint(&call, plugin, isWanted: asksEverything)
    if dependsOnService { try await askOrganization(&call, plugin, of: service) }
    try await askMethod(&call, plugin)
    try await askMissing(&call, plugin)
    if let option = plugin.listedByTest.flatMap({ plugin.field($0.field)?.option }),
      call.option(option) == nil, let given = answers.given(option)
    {
      answer(&call, option, given)
    }
    if asksEverything { try await askNameAndProxy(&call, plugin) }
    try await askSecretFile(&call, plugin)
    return call
  }

  private func answer(_ call: inout Call, _ option: String, _ text: String) {
    let source = SourceText(name: "<answer>", text: text)
    call.add(
      option: option,
      ArgumentValue(
        value: .text(text),
        span: SourceSpan(lower: 0, upper: text.utf8.count),
        source: source
      )
    )
  }

  private func pluginName() async throws(Failure) -> String {
    _ = try await session.connected()
    if session.inventory.serverPlugins == nil { _ = try await session.survey() }
    let server = session.inventory.serverPlugins
    var plugins = PluginRegistry.standard.plugins.filter { plugin in
      server.map { $0.contains(plugin.id) } ?? plugin.isDocumented
    }
    // Of those the catalog lacks, the ones that have turned out to have connections.
    let others = (server ?? []).filter { PluginRegistry.standard[$0] == nil }.sorted()
    plugins += others.filter { session.inventory[$0] != nil }.map(PluginDescriptor.generic)
    let menu = Menu(
      title: "Which plugin",
      items: plugins.map {
        .init(
          label: $0.isKnown ? "\($0.displayName) (\($0.id))" : $0.id,
          names: [$0.id, $0.displayName] + $0.aliases
        )
      }
    )
    let former = answers.former("plugin")
    let index = try await answers.choose("plugin", "Plugin", menu)
    // What was answered for another plugin is no answer here.
    if let former, former != "\(index)" { answers.keepOnly(["plugin"]) }
    return plugins[index].id
  }

  private func askOrganization(
    _ call: inout Call,
    _ plugin: PluginDescriptor,
    isWanted: Bool
  ) async throws(Failure) {
    let isAddressed = call.text("endpoint").flatMap { plugin.organization(inAddress: $0) } != nil
    if plugin.needsOrganizationOrEnterprise {
      return try await askPair(&call, plugin, isWanted: isWanted)
    }
    guard call.text("org") == nil, !isAddressed else { return }
    if plugin.requiresOrganization {
      answer(
        &call,
        "org",
        try await askUntilGiven(
          "org",
          "Organization",
          "\(plugin.displayName) organization: ",
          completing: session.valuesInUse("organization")
        )
      )
    } else if isWanted {
      let organization = try await answers.ask(
        "org",
        "Organization",
        plugin.organizationField == nil
          ? "Organization, to name the connection (Enter for none): "
          : "Organization (Enter for none): ",
        completing: session.valuesInUse("organization")
      )
      if !organization.isEmpty { answer(&call, "org", organization) }
    }
  }

  /// A pair of which one is needed: asked as such, and said when both are left out.
  private func askPair(
    _ call: inout Call,
    _ plugin: PluginDescriptor,
    isWanted: Bool
  ) async throws(Failure) {
    while call.text("org") == nil, call.text("enterprise") == nil {
      let organization = try await answers.ask(
        "org",
        "Organization",
        "Organization (Enter if there is only an enterprise): ",
        completing: session.valuesInUse("organization")
      )
      if !organization.isEmpty {
        answer(&call, "org", organization)
        guard isWanted else { return }
      }
      let enterprise = try await answers.ask(
        "enterprise",
        "Enterprise",
        organization.isEmpty
          ? "Enterprise slug (needed without an organization): "
          : "Enterprise slug (Enter for none): ",
        completing: session.valuesInUse("enterprise")
      )
      if !enterprise.isEmpty { answer(&call, "enterprise", enterprise) }
      if organization.isEmpty, enterprise.isEmpty {
        answers.forget("org")
        answers.forget("enterprise")
        session.conversation.note(
          "   \(plugin.displayName) needs an organization or an enterprise"
        )
      }
    }
  }

  /// The organization where only one of the services has any.
  private func askOrganization(
    _ call: inout Call,
    _ plugin: PluginDescriptor,
    of service: EndpointRules.Choice?
  ) async throws(Failure) {
    let chosen = service ?? call.text("endpoint").flatMap { plugin.endpoint?.choice(for: $0) }
    guard chosen?.needsOrganization == true, call.text("org") == nil else { return }
    answer(
      &call,
      "org",
      try await askUntilGiven(
        "org",
        "Organization",
        "Organization key on \(chosen?.label ?? ""): ",
        completing: session.valuesInUse("organization", of: plugin)
      )
    )
  }

  /// - Returns: The kind of service that was chosen; `nil`: none was.
  private func askEndpoint(
    _ call: inout Call,
    _ plugin: PluginDescriptor,
    isWanted: Bool
  ) async throws(Failure) -> EndpointRules.Choice? {
    guard var rules = plugin.endpoint, call.option("endpoint") == nil else { return nil }
    guard isWanted || rules.standard == nil else { return nil }
    // DevLake makes it of this one.
    if let derivation = rules.derivation,
      call.option(plugin.field(derivation.field)?.option ?? derivation.field) != nil
    {
      return nil
    }
    var chosen: EndpointRules.Choice?
    if rules.choices.count > 1 {
      let menu = Menu(
        title: "Which \(plugin.displayName)",
        items: rules.choices.map { .init(label: $0.label) }
      )
      let choice = rules.choices[try await answers.choose("service", "Service", menu)]
      chosen = choice
      if let method = choice.authMethod, plugin.storesAuthMethod,
        call.option("auth-method") == nil
      {
        answer(&call, "auth-method", method)
      }
      if let derivation = rules.derivation {
        // DevLake makes the endpoint itself, of what is asked next.
        if choice.authMethod == derivation.authMethod { return choice }
        if choice.isGateway {
          let option = plugin.field(derivation.field)?.option ?? derivation.field
          let id = try await answers.ask(option, "Cloud id", "Cloud id of the site: ") { text in
            text.isEmpty
              ? ""
              : Self.mistake { () throws(FieldMistake) in
                _ = try derivation.endpoint(for: text)
              }
          }
          answer(&call, option, id)
          return choice
        }
      }
      if let endpoint = choice.endpoint {
        answer(&call, "endpoint", endpoint)
        return choice
      }
      rules.example = choice.example ?? rules.example
    } else if let standard = rules.standard {
      let endpoint = try await endpoint(
        "Endpoint [\(standard)]: ",
        rules,
        standard: standard,
        plugin
      )
      answer(&call, "endpoint", endpoint)
      return chosen
    }
    answer(
      &call,
      "endpoint",
      try await endpoint("Endpoint (like \(rules.example)): ", rules, plugin)
    )
    return chosen
  }

  private func endpoint(
    _ question: String,
    _ rules: EndpointRules,
    standard: String = "",
    _ plugin: PluginDescriptor
  ) async throws(Failure) -> String {
    let known = session.valuesInUse(
      "endpoint",
      of: plugin,
      or: [standard] + rules.choices.compactMap(\.endpoint)
    )
    let answer = try await answers.ask(
      "endpoint",
      "Endpoint",
      question,
      completing: known
    ) { text in
      // What was refused is not repeated.
      if text.isEmpty, standard.isEmpty { return "" }
      return Self.mistake { () throws(FieldMistake) in
        try rules.check(text.isEmpty ? standard : text)
      }
    }
    do throws(EndpointMistake) {
      return try rules.normalized(answer.isEmpty ? standard : answer)
    } catch {
      throw .invalid(error.description, at: nil)
    }
  }

  /// How DevLake signs in, where that is a choice of its own: a token, or a GitHub App.
  private func askMethod(_ call: inout Call, _ plugin: PluginDescriptor) async throws(Failure) {
    guard asksEverything, plugin.storesAuthMethod, plugin.authMethods.count > 1,
      call.option("auth-method") == nil,
      plugin.endpoint?.choices.contains(where: { $0.authMethod != nil }) != true
    else { return }
    let menu = Menu(
      title: "How DevLake signs in",
      items: plugin.authMethods.map { method in
        let secret = plugin.field(method.secretField).map(plugin.secretLabel(of:)) ?? method.name
        return .init(label: "\(method.name) (\(secret.lowercased()))", names: [method.name])
      }
    )
    let method = plugin.authMethods[try await answers.choose("auth-method", "Signs in with", menu)]
    answer(&call, "auth-method", method.name)
  }

  /// Asks for every field that is required and not there yet; the secret is asked for later.
  private func askMissing(_ call: inout Call, _ plugin: PluginDescriptor) async throws(Failure) {
    let draft = try await ConnectionDraft(call, plugin, session)
    let listed = plugin.listedByTest.flatMap { plugin.field($0.field)?.option }
    for missing in draft.missing where missing.option != "token" && missing.option != listed {
      let label = plugin.fields.first { $0.option == missing.option }?.help ?? missing.option
      let name =
        missing.option == "username"
        ? plugin.usernameLabel : label.prefix(1).uppercased() + label.dropFirst()
      let field = plugin.fields.first { $0.option == missing.option }?.name ?? missing.option
      let text = try await askUntilGiven(
        missing.option,
        name,
        "\(name): ",
        completing: session.valuesInUse(field, of: plugin)
      )
      if missing.option.hasPrefix("field ") {
        answer(&call, "field", "\(missing.option.dropFirst(6))=\(text)")
      } else {
        answer(&call, missing.option, text)
      }
    }
  }

  private func askNameAndProxy(_ call: inout Call, _ plugin: PluginDescriptor) async throws(Failure)
  {
    if call.option("name") == nil {
      let standard = plugin.defaultName(
        organization: call.text("org"),
        enterprise: call.text("enterprise")
      )
      let name = try await name(try await free(standard, plugin), plugin)
      if !name.isEmpty { answer(&call, "name", name) }
    }
    guard call.option("proxy") == nil, plugin.field("proxy") != nil else { return }
    let proxy = try await answers.ask(
      "proxy",
      "Proxy",
      "Proxy (Enter for none): ",
      completing: session.valuesInUse("proxy")
    ) { text in
      Self.mistake { () throws(FieldMistake) in try ProxyRules.check(text) }
    }
    if !proxy.isEmpty { answer(&call, "proxy", proxy) }
  }

  /// The usual name, with a number behind it where someone has it already.
  private func free(_ usual: String, _ plugin: PluginDescriptor) async throws(Failure) -> String {
    let others = try await session.connections(of: plugin).map(\.name)
    var (name, number) = (usual, 2)
    while others.contains(where: { ConnectionName.collides($0, name) }) {
      name = "\(usual) (\(number))"
      number += 1
    }
    return name
  }

  /// A name nobody has yet.
  private func name(
    _ standard: String,
    _ plugin: PluginDescriptor
  ) async throws(Failure) -> String {
    let others = try await session.connections(of: plugin)
    let question = "Connection name [\(ServerText.line(standard))]: "
    let answer = try await answers.ask("name", "Name", question) { text in
      let name = text.isEmpty ? standard : text
      if let mistake = Self.mistake({ () throws(FieldMistake) in try ConnectionName.check(name) }) {
        return mistake
      }
      let other = others.first { ConnectionName.collides($0.name, name) }
      return other.map { "\($0.key) is named \"\(ServerText.line($0.name))\" already" }
    }
    return answer.isEmpty ? standard : answer
  }

  /// A place for the secret DevLake gives with a new connection, and only then.
  private func askSecretFile(_ call: inout Call, _ plugin: PluginDescriptor) async throws(Failure) {
    guard !plugin.issuedSecret.isEmpty, call.option("secret-file") == nil else { return }
    let sources = session.secretSources()
    let path = try await answers.ask(
      "secret-file",
      "File for its key",
      "New file for its key, which DevLake returns only once: ",
      completing: .files
    ) { text in
      if text.isEmpty { return "a file is required because the key is never shown" }
      do throws(SecretFileError) {
        // Made and gone again: whether it can be written is known before the key is asked for.
        _ = try SecretFile(creatingAt: sources.path(text))
        return nil
      } catch {
        return error.description
      }
    }
    answer(&call, "secret-file", path)
  }

  private static func mistake(_ check: () throws(FieldMistake) -> Void) -> String? {
    do throws(FieldMistake) {
      try check()
      return nil
    } catch {
      return error.description
    }
  }

  private func askUntilGiven(
    _ name: String,
    _ label: String,
    _ question: String,
    completing: AnswerCompletion
  ) async throws(Failure) -> String {
    try await answers.ask(name, label, question, completing: completing) { $0.isEmpty ? "" : nil }
  }
}

/// What comes after the questions.
extension CreateWizard {
  /// Shows what will be made, before anything is sent, and lets the person change it.
  func confirm(_ draft: ConnectionDraft) async throws(Failure) -> WizardAnswers.Wish {
    try await answers.confirm("This is what will be made:", draft.summary, "Create it?")
  }

  /// Asks for a field whose values the test of a new connection lists.
  ///
  /// - Returns: Whether it has been asked for; the draft has it in the next round.
  func askListed(_ draft: ConnectionDraft) async throws(Failure) -> Bool {
    guard let listed = draft.lacksListed, let field = draft.plugin.field(listed.field),
      let option = field.option
    else { return false }
    let administrator = try await session.administrator()
    let found: [(value: String, label: String)]
    do throws(APIError) {
      found = try await administrator.values(of: listed, for: draft.body, draft.plugin)
    } catch {
      throw Failure(error, doing: "the list of \(listed.list)")
    }
    let label = field.help.prefix(1).uppercased() + field.help.dropFirst()
    guard !found.isEmpty else {
      _ = try await answers.ask(option, label, "\(label): ") { text in
        Int(text) == nil && field.kind == .integer ? "'\(text)' is not a number" : nil
      }
      return true
    }
    let menu = Menu(
      title: "Which of the \(listed.list)",
      items: found.map { .init(label: "\($0.label) (\($0.value))", names: [$0.value, $0.label]) }
    )
    let index = try await answers.choose(option + " list", label, menu)
    answers.forget(option + " list")
    answers.record(option, label, found[index].value, shown: found[index].label)
    return true
  }
}
