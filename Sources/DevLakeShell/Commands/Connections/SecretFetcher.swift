import DevLakeKit

/// Fetches the secrets of new and saved connections, and asks a person for them.
struct SecretFetcher {
  let session: Session
  let call: Call
  let plugin: PluginDescriptor
  /// Whether a person whose answer is no such secret is asked again.
  var asksAgain = false
  /// What the person has answered before, to go back to.
  var answers: WizardAnswers?

  static func question(
    _ plugin: PluginDescriptor,
    _ field: PluginField,
    _ connection: Connection
  ) -> String {
    let names = plugin.requiredScopes(of: field)
    let scopes = names.isEmpty ? "" : " (scopes: \(names.joined(separator: ", ")))"
    return
      "\(plugin.secretLabel(of: field)) for \(connection.key) \"\(ServerText.line(connection.name))\""
      + "\(scopes): "
  }

  /// The secret `--token` names, or the value a script has.
  func secret(
    for field: PluginField,
    token: ArgumentValue,
    question: String
  ) async throws(Failure) -> Secret {
    if case .secret(let secret)? = token.value { return try checked(secret, field, token) }
    let reference = try session.secretReference(of: token, flag: "--token")
    return try await secret(for: field, flag: "--token", reference, token, question: question)
  }

  /// The secret a reference leads to.
  func secret(
    for field: PluginField,
    flag: String,
    _ reference: SecretReference,
    _ given: ArgumentValue,
    question: String
  ) async throws(Failure) -> Secret {
    try await find(field, flag, [], reference, given, question)
  }

  /// A secret of several that are wanted at once.
  struct Wanted {
    let field: PluginField
    let flag: String
    let reference: SecretReference
    let given: ArgumentValue
  }

  /// The secrets several references lead to, followed in parallel; what a person is asked for, one
  /// after the other.
  func secrets(_ wanted: [Wanted], question: String) async throws(Failure) -> [Secret] {
    guard wanted.count > 1 else {
      return try await one(wanted, question)
    }
    let requests = wanted.map {
      request($0.field, $0.flag, [], $0.reference, question)
    }
    let resolver = try session.resolver(for: requests, of: call)
    let outcomes = try await session.find(requests, with: resolver)
    var secrets: [Secret] = []
    for (wanted, outcome) in zip(wanted, outcomes) {
      switch outcome {
      case .failure(let error): throw Failure(error, at: wanted.given)
      case .success(let found):
        session.note(found, keepsEnvFile: call.keepsEnvFile)
        secrets.append(try checked(found.value, wanted.field, wanted.given))
      }
    }
    return secrets
  }

  private func one(_ wanted: [Wanted], _ question: String) async throws(Failure) -> [Secret] {
    guard let only = wanted.first else { return [] }
    return [
      try await secret(
        for: only.field,
        flag: only.flag,
        only.reference,
        only.given,
        question: question
      )
    ]
  }

  /// The values of headers, in their order.
  func headers(
    _ headers: [GivenFields.Header],
    question: String
  ) async throws(Failure) -> [(name: String, value: Secret)] {
    let wanted = headers.map { header in
      Wanted(
        // Each is one line of its own, whatever the field that holds all of them is.
        field: PluginField.header(header.name),
        flag: header.flag,
        reference: header.reference,
        given: header.given
      )
    }
    let values = try await secrets(wanted, question: question)
    return zip(headers, values).map { ($0.name, $1) }
  }

  /// The secret nobody named: a person is asked, unless they have named an env file; without one, the
  /// env file and the environment.
  func unnamedSecret(for field: PluginField, question: String) async throws(Failure) -> Secret {
    let asks = session.conversation.canAsk && call.option("env-file") == nil
    let keys = asks ? [] : plugin.tokenVariables(of: field)
    return try await find(field, "--token", keys, nil, nil, question)
  }

  /// Looks in the documented order, and says where it was found; a person's answer needs no saying.
  func find(
    _ field: PluginField,
    _ flag: String,
    _ keys: [String],
    _ reference: SecretReference?,
    _ given: ArgumentValue?,
    _ question: String
  ) async throws(Failure) -> Secret {
    let request = request(field, flag, keys, reference, question)
    let resolver = try session.resolver(for: [request], of: call)
    while true {
      do throws(Failure) {
        return try await find(request, field, given, resolver)
      } catch {
        // What is in a file or behind an option is as wrong the second time.
        guard asksAgain, reference == nil, error.diagnostic.code == .invalid,
          !resolver.hasStored(under: keys)
        else { throw error }
        session.conversation.note("   \(error.diagnostic.message)")
      }
    }
  }

  func request(
    _ field: PluginField,
    _ flag: String,
    _ keys: [String],
    _ reference: SecretReference?,
    _ question: String
  ) -> SecretRequest {
    SecretRequest(
      subject: "\(plugin.secretNoun(of: field)) for \(plugin.displayName)",
      flag: flag,
      reference: reference,
      keys: keys,
      question: question,
      allowsMultipleLines: field.kind == .pem
    )
  }

  private func find(
    _ request: SecretRequest,
    _ field: PluginField,
    _ given: ArgumentValue?,
    _ resolver: SecretResolver
  ) async throws(Failure) -> Secret {
    let found: Resolution<Secret>
    do throws(CredentialError) {
      found = try await session.find(request, with: resolver)
    } catch {
      throw Failure(error, at: given)
    }
    session.note(found, keepsEnvFile: call.keepsEnvFile)
    if found.origin == .prompt { try noteTyped(found.value) }
    if request.reference == nil, found.origin != .prompt {
      session.conversation.note("   🔑 \(plugin.secretLabel(of: field)) from \(found.origin)")
    }
    return try checked(found.value, field, given)
  }

  /// A person has typed it; what leads back in a wizard is not a secret.
  func noteTyped(_ secret: Secret) throws(Failure) {
    guard let answers else { return }
    if secret.reveal({ $0 == WizardAnswers.back }) {
      try answers.takeBack()
      throw .invalid("there is no question before", at: nil)
    }
    answers.hasSecret = true
  }

  /// The secret in the form DevLake can keep.
  func checked(
    _ secret: Secret,
    _ field: PluginField,
    _ given: ArgumentValue?
  ) throws(Failure) -> Secret {
    do throws(FieldMistake) {
      return try SecretRules.checked(secret, for: field)
    } catch {
      throw .invalid(error.description, at: given)
    }
  }
}

extension Call {
  /// Whether the keys of the env file stay: the person says so, or nothing is done yet.
  var keepsEnvFile: Bool { flag("skip-cleanup") || flag("dry-run") }
}
