import DevLakeKit
import ShellLanguage

/// Asks a person what `update` is to change, the current values as defaults.
struct UpdateWizard {
  let session: Session

  /// The call with what the person wants changed.
  func complete(
    _ call: Call,
    _ connection: Connection,
    _ plugin: PluginDescriptor
  ) async throws(Failure) -> Call {
    var call = call
    session.conversation.note(
      "   \(connection.key) \"\(ServerText.line(connection.name))\": Enter keeps a value, "
        + "'update --clear FIELD' empties one"
    )
    for field in plugin.fields where isAsked(field) {
      guard let option = field.option, call.option(option) == nil else { continue }
      let current = connection.shown(field.name).flatMap { Value.data($0).text } ?? ""
      let answer = try await ask(field, current, plugin)
      if !answer.isEmpty, answer != current { add(&call, option, answer) }
    }
    try await askLabels(&call, connection, plugin)
    // What cannot be told is not asked for.
    guard call.option("token") == nil, !plugin.authMethods.isEmpty,
      let secretField = try? plugin.secretField(of: connection)
    else { return call }
    let question = "\(plugin.secretLabel(of: secretField)) [***] (Enter keeps it): "
    if let secret = try await session.conversation.askSecret(question) {
      let source = SourceText(name: "<answer>", text: "")
      call.add(
        option: "token",
        Given(value: .secret(secret), span: SourceSpan(lower: 0, upper: 0), source: source)
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
      let answer = try await ask("Organization", current)
      if !answer.isEmpty, answer != current { add(&call, "org", answer) }
    }
  }

  private func ask(
    _ field: PluginField,
    _ current: String,
    _ plugin: PluginDescriptor
  ) async throws(Failure) -> String {
    let label = field.name.prefix(1).uppercased() + field.name.dropFirst()
    return try await ask(label, current) { text in
      do throws(FieldMistake) {
        switch field.name {
        case "name": try ConnectionName.check(text)
        case "proxy": try ProxyRules.check(text)
        case "endpoint": try plugin.endpoint?.check(text)
        default: break
        }
        return nil
      } catch {
        return error.description
      }
    }
  }

  private func ask(
    _ label: String,
    _ current: String,
    complaint: (String) -> String? = { _ in nil }
  ) async throws(Failure) -> String {
    // On a terminal the present value stands there to be changed; what cannot be shown as it is does
    // not.
    let isShown = ServerText.line(current) == current
    let question = "\(label) [\(current.isEmpty ? "none" : ServerText.line(current))]: "
    var asked = question
    while true {
      guard
        let answer = try await session.conversation.askOpenly(
          asked,
          prefilled: isShown ? current : ""
        )
      else {
        throw .unasked("the questions were not answered; nothing was changed", flags: [])
      }
      guard !answer.isEmpty, let mistake = complaint(answer) else { return answer }
      asked = "\(mistake)\n\(question)"
    }
  }

  private func add(_ call: inout Call, _ option: String, _ text: String) {
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
}
