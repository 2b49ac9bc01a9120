import DevLakeKit

/// Fetches the secrets of new and saved connections, and asks a person for them.
struct SecretFetcher {
  let session: Session
  let call: Call
  let plugin: PluginDescriptor
  /// Whether a person whose answer is no such secret is asked again.
  var asksAgain = false

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
    token: Given,
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
    _ given: Given,
    question: String
  ) async throws(Failure) -> Secret {
    let resolver = CredentialResolver(sources: session.secretSources())
    return try await find(field, flag, [], reference, given, question, resolver)
  }

  /// The secret nobody named: a person is asked; without one, the env file and the environment.
  func unnamedSecret(for field: PluginField, question: String) async throws(Failure) -> Secret {
    if session.conversation.canAsk {
      let resolver = CredentialResolver(sources: session.secretSources())
      return try await find(field, "--token", [], nil, nil, question, resolver)
    }
    let (file, path) = try session.envFile(for: call)
    let resolver = CredentialResolver(
      sources: session.secretSources(asks: false),
      envFile: file,
      envFilePath: path
    )
    return try await find(
      field,
      "--token",
      plugin.tokenVariables(of: field),
      nil,
      nil,
      question,
      resolver
    )
  }

  /// Looks in the documented order, and says where it was found; a person's answer needs no saying.
  func find(
    _ field: PluginField,
    _ flag: String,
    _ keys: [String],
    _ reference: SecretReference?,
    _ given: Given?,
    _ question: String,
    _ resolver: CredentialResolver
  ) async throws(Failure) -> Secret {
    let request = CredentialResolver.Request(
      subject: "\(plugin.secretNoun(of: field)) for \(plugin.displayName)",
      flag: flag,
      keys: keys,
      question: question,
      allowsMultipleLines: field.kind == .pem
    )
    while true {
      do throws(Failure) {
        return try await find(request, field, reference, given, resolver)
      } catch {
        // What stands in a file or behind an option is as wrong the second time.
        guard asksAgain, reference == nil, error.diagnostic.code == .invalid,
          !resolver.hasStored(under: keys)
        else { throw error }
        session.conversation.note("   \(error.diagnostic.message)")
      }
    }
  }

  private func find(
    _ request: CredentialResolver.Request,
    _ field: PluginField,
    _ reference: SecretReference?,
    _ given: Given?,
    _ resolver: CredentialResolver
  ) async throws(Failure) -> Secret {
    let found: Resolution<Secret>
    do throws(CredentialError) {
      found = try await session.find(request, reference, with: resolver)
    } catch {
      throw Failure(error, at: given)
    }
    session.note(found, keepsEnvFile: call.keepsEnvFile)
    if reference == nil, found.origin != .prompt {
      session.conversation.note("   🔑 \(plugin.secretLabel(of: field)) from \(found.origin)")
    }
    return try checked(found.value, field, given)
  }

  /// The secret in the form DevLake can keep.
  func checked(
    _ secret: Secret,
    _ field: PluginField,
    _ given: Given?
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
