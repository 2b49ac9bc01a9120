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

  init(_ session: Session, _ call: Call) {
    self.session = session
    asksEverything =
      session.conversation.canAsk && call.option("plugin") == nil && session.selectedPlugin == nil
  }

  /// The call with the person's answers in it.
  func complete(_ call: Call) async throws(Failure) -> Call {
    guard session.conversation.canAsk else { return call }
    var call = call
    if asksEverything { answer(&call, "plugin", try await pluginName()) }
    let name = call.text("plugin") ?? session.selectedPlugin?.id ?? ""
    let plugin = session.plugin(name)
    try await askOrganization(&call, plugin, isWanted: asksEverything)
    try await askEndpoint(&call, plugin, isWanted: asksEverything)
    try await askMissing(&call, plugin)
    if asksEverything { try await askNameAndProxy(&call, plugin) }
    try await askSecretFile(&call, plugin)
    return call
  }

  private func answer(_ call: inout Call, _ option: String, _ text: String) {
    let source = SourceText(name: "<answer>", text: text)
    call.add(
      option: option,
      Given(
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
    // Of those the catalogue lacks, the ones that have turned out to have connections.
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
    guard let index = try await menu.choose(with: session.conversation) else {
      throw .unasked("no plugin was chosen", flags: ["--plugin PLUGIN"])
    }
    return plugins[index].id
  }

  private func askOrganization(
    _ call: inout Call,
    _ plugin: PluginDescriptor,
    isWanted: Bool
  ) async throws(Failure) {
    let isAddressed = call.text("endpoint").flatMap { plugin.organization(inAddress: $0) } != nil
    if plugin.needsOrganizationOrEnterprise {
      // A pair of which one is needed: asked as such, and said when both are left out.
      while call.text("org") == nil, call.text("enterprise") == nil {
        let organization = try await ask("Organization (Enter if there is only an enterprise): ")
        if !organization.isEmpty { answer(&call, "org", organization) }
        if !isWanted, !organization.isEmpty { break }
        let enterprise = try await ask(
          organization.isEmpty
            ? "Enterprise slug (needed without an organization): "
            : "Enterprise slug (Enter for none): "
        )
        if !enterprise.isEmpty { answer(&call, "enterprise", enterprise) }
        if organization.isEmpty, enterprise.isEmpty {
          session.conversation.note(
            "   \(plugin.displayName) needs an organization or an enterprise"
          )
        }
      }
      return
    }
    guard call.text("org") == nil, !isAddressed else { return }
    if plugin.requiresOrganization {
      answer(&call, "org", try await askUntilGiven("\(plugin.displayName) organization: "))
    } else if isWanted {
      let organization = try await ask(
        plugin.organizationField == nil
          ? "Organization, to name the connection (Enter for none): "
          : "Organization (Enter for none): "
      )
      if !organization.isEmpty { answer(&call, "org", organization) }
    }
  }

  private func askEndpoint(
    _ call: inout Call,
    _ plugin: PluginDescriptor,
    isWanted: Bool
  ) async throws(Failure) {
    guard var rules = plugin.endpoint, call.option("endpoint") == nil else { return }
    guard isWanted || rules.standard == nil else { return }
    if rules.choices.count > 1 {
      let menu = Menu(
        title: "Which \(plugin.displayName)",
        items: rules.choices.map { .init(label: $0.label) }
      )
      guard let index = try await menu.choose(with: session.conversation) else {
        throw .unasked("no \(plugin.displayName) was chosen", flags: ["--endpoint URL"])
      }
      let choice = rules.choices[index]
      if let method = choice.authMethod, plugin.storesAuthMethod,
        call.option("auth-method") == nil
      {
        answer(&call, "auth-method", method)
      }
      if let method = choice.authMethod, method == rules.derivation?.authMethod {
        // DevLake makes the endpoint itself, of what is asked next.
        return
      }
      if let endpoint = choice.endpoint {
        answer(&call, "endpoint", endpoint)
        return
      }
      rules.example = choice.example ?? rules.example
    } else if let standard = rules.standard {
      let endpoint = try await endpoint("Endpoint [\(standard)]: ", rules, standard: standard)
      answer(&call, "endpoint", endpoint)
      return
    }
    answer(
      &call,
      "endpoint",
      try await endpoint("Endpoint (like \(rules.example)): ", rules)
    )
  }

  private func endpoint(
    _ question: String,
    _ rules: EndpointRules,
    standard: String = ""
  ) async throws(Failure) -> String {
    var asked = question
    while true {
      let answer = try await ask(asked)
      let text = answer.isEmpty ? standard : answer
      if text.isEmpty {
        // What was refused is not repeated.
        asked = question
        continue
      }
      do throws(EndpointMistake) {
        return try rules.normalized(text)
      } catch {
        asked = "\(error.description)\n\(question)"
      }
    }
  }

  /// Asks for every field that is required and not there yet; the secret is asked for later.
  private func askMissing(_ call: inout Call, _ plugin: PluginDescriptor) async throws(Failure) {
    let draft = try await ConnectionDraft(call, plugin, session)
    for missing in draft.missing where missing.option != "token" {
      let label = plugin.fields.first { $0.option == missing.option }?.help ?? missing.option
      let text = try await askUntilGiven(
        missing.option == "username"
          ? "\(plugin.usernameLabel): " : "\(label.prefix(1).uppercased() + label.dropFirst()): "
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
    let proxy = try await valid("Proxy (Enter for none): ") { text in
      Self.mistake { () throws(FieldMistake) in try ProxyRules.check(text) }
    }
    if !proxy.isEmpty { answer(&call, "proxy", proxy) }
  }

  /// The usual name, with a number behind it where somebody has it already.
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
    let answer = try await valid(question) { text in
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
    let path = try await valid("New file for its key, which DevLake returns only once: ") { text in
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

  /// Asks until `complaint` has nothing to say of the answer.
  private func valid(
    _ question: String,
    _ complaint: (String) -> String?
  ) async throws(Failure) -> String {
    var text = try await ask(question)
    while let mistake = complaint(text) { text = try await ask("\(mistake)\n\(question)") }
    return text
  }

  private static func mistake(_ check: () throws(FieldMistake) -> Void) -> String? {
    do throws(FieldMistake) {
      try check()
      return nil
    } catch {
      return error.description
    }
  }

  private func askUntilGiven(_ question: String) async throws(Failure) -> String {
    while true {
      let answer = try await ask(question)
      if !answer.isEmpty { return answer }
    }
  }

  private func ask(_ question: String) async throws(Failure) -> String {
    guard let answer = try await session.conversation.askOpenly(question) else {
      throw .unasked("the questions were not answered; nothing was created", flags: [])
    }
    return answer
  }
}
