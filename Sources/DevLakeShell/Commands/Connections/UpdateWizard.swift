import DevLakeKit
import ShellLanguage

/// Asks a person what `update` is to change, the current values as defaults.
struct UpdateWizard {
  let session: Session
  let answers: WizardAnswers

  init(session: Session) {
    self.session = session
    answers = WizardAnswers(session.conversation, unanswered: "nothing was changed")
  }

  /// The call with what the person wants changed.
  func complete(
    _ call: Call,
    _ connection: Connection,
    _ plugin: PluginDescriptor
  ) async throws(Failure) -> Call {
    while true {
      answers.begin()
      do throws(Failure) {
        return try await asked(call, connection, plugin)
      } catch {
        guard answers.goesBack else { throw error }
      }
    }
  }

  private func asked(
    _ call: Call,
    _ connection: Connection,
    _ plugin: PluginDescriptor
  ) async throws(Failure) -> Call {
    var call = call
    if answers.order.isEmpty {
      session.conversation.note(
        "   \(connection.key) \"\(ServerText.line(connection.name))\": Enter keeps a value, "
          + "'update --clear FIELD' empties one"
      )
    }
    for field in plugin.fields where isAsked(field) {
      guard let option = field.option, call.option(option) == nil else { continue }
      let current = connection.shown(field.name).flatMap { Value.data($0).text } ?? ""
      let answer = try await ask(field, current, plugin, connection)
      if !answer.isEmpty, answer != current { add(&call, option, answer) }
    }
    try await askLabels(&call, connection, plugin)
    // What cannot be told is not asked for.
    guard call.option("token") == nil, !plugin.authMethods.isEmpty,
      let secretField = try? plugin.secretField(of: connection)
    else { return call }
    let label = plugin.secretLabel(of: secretField)
    let secret = try await answers.askSecret(
      "token",
      label,
      "\(label) [***] (Enter keeps it): "
    ) { secret in
      do throws(FieldMistake) {
        _ = try SecretRules.checked(secret, for: secretField)
        return nil
      } catch {
        return error.description
      }
    }
    if let secret {
      let source = SourceText(name: "<answer>", text: "")
      call.add(
        option: "token",
        ArgumentValue(value: .secret(secret), span: SourceSpan(lower: 0, upper: 0), source: source)
      )
    }
    return call
  }

  /// Names, addresses, owners and users; the rest is for flags.
  private func isAsked(_ field: PluginField) -> Bool {
    ["name", "endpoint", "proxy", "username", "organization", "org", "enterprise"]
      .contains(field.name)
      || (field.kind == .text && field.requirement == .always && !field.isSecret)
  }

  /// Organization and enterprise where DevLake keeps none but the state file does.
  private func askLabels(
    _ call: inout Call,
    _ connection: Connection,
    _ plugin: PluginDescriptor
  ) async throws(Failure) {
    let remembered = session.remembered(connection.key)
    if plugin.organizationField == nil, call.option("org") == nil,
      plugin.requiresOrganization || remembered?.organization != nil
    {
      let current = remembered?.organization ?? ""
      let answer = try await ask(
        "org",
        "Organization",
        current,
        completing: session.valuesInUse("organization")
      )
      if !answer.isEmpty, answer != current { add(&call, "org", answer) }
    }
  }

  private func ask(
    _ field: PluginField,
    _ current: String,
    _ plugin: PluginDescriptor,
    _ connection: Connection
  ) async throws(Failure) -> String {
    let label = field.name.prefix(1).uppercased() + field.name.dropFirst()
    // A name is nobody else's; what a proxy or an organization is called, others share.
    let isShared = ["proxy", "organization", "org", "enterprise"].contains(field.name)
    let known: AnswerCompletion =
      field.name == "name" ? .nothing : session.valuesInUse(field.name, of: isShared ? nil : plugin)
    return try await ask(field.name, label, current, completing: known) {
      (text) throws(Failure) in
      do throws(FieldMistake) {
        switch field.name {
        case "name": try ConnectionName.check(text)
        case "proxy": try ProxyRules.check(text)
        case "endpoint": try plugin.endpoint?.check(text)
        default: break
        }
      } catch {
        return error.description
      }
      guard field.name == "name" else { return nil }
      let others = try await session.connections(of: plugin).filter { $0.key != connection.key }
      let other = others.first { ConnectionName.collides($0.name, text) }
      return other.map { "\($0.key) is named \"\(ServerText.line($0.name))\" already" }
    }
  }

  private func ask(
    _ name: String,
    _ label: String,
    _ current: String,
    completing: AnswerCompletion,
    complaint: (String) async throws(Failure) -> String? = { _ in nil }
  ) async throws(Failure) -> String {
    // On a terminal the present value is there to be changed; what cannot be shown as it is does
    // not.
    let isShown = ServerText.line(current) == current
    return try await answers.ask(
      name,
      label,
      "\(label) [\(current.isEmpty ? "none" : ServerText.line(current))]: ",
      standard: isShown ? current : "",
      completing: completing
    ) { (text) throws(Failure) in
      text.isEmpty || text == current ? nil : try await complaint(text)
    }
  }

  private func add(_ call: inout Call, _ option: String, _ text: String) {
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
}
