import DevLakeKit

extension Session {
  /// Where secrets may come from for the command that runs.
  func secretSources(asks: Bool = true) -> SecretSources {
    let conversation = conversation
    var ask: SecretSources.Question?
    if asks, conversation.canAsk {
      ask = { (question) async throws(SecretReferenceError) -> Secret? in
        do throws(Failure) {
          return try await conversation.askNeededSecret(question)
        } catch {
          throw .interrupted
        }
      }
    }
    return SecretSources(
      environment: world.environment,
      workingDirectory: world.workingDirectory,
      readStandardInput: world.readStandardInput,
      ask: ask,
      isRestricted: options.isRestricted
    )
  }

  /// The env file of a command: the one it names, which must be there, or the folder's, which may.
  func envFile(for call: Call?) throws(Failure) -> (file: EnvFile?, path: String) {
    let named = call?.option("env-file")
    let name = named?.text ?? options.envFile
    let path = secretSources().path(name ?? ".devlake.env")
    do throws(EnvFileError) {
      if name != nil { return (try EnvFile.load(named: path), path) }
      return (try EnvFile.load(path), path)
    } catch {
      var help: String?
      if case .file(.missing) = error { help = "check --env-file" }
      throw .invalid(error.description, at: named, help: help)
    }
  }

  /// What finds the secrets of a command, in its env file, too, where one of them can be there.
  ///
  /// - Parameters:
  ///   - requests: All that the command wants.
  ///   - folder: Where relative paths start and commands run; `nil`: the working directory.
  /// - Throws: When an env file is named and nothing would be looked up in it.
  func resolver(
    for requests: [SecretRequest],
    of call: Call?,
    asks: Bool = true,
    folder: String? = nil
  ) throws(Failure) -> SecretResolver {
    var sources = secretSources(asks: asks)
    if let folder { sources.workingDirectory = folder }
    var (file, path): (EnvFile?, String?) = (nil, nil)
    if requests.contains(where: \.readsEnvFile) {
      (file, path) = try envFile(for: call)
    } else if let named = call?.option("env-file") {
      throw .usage(
        "'--env-file' has no effect: every secret is given in another way",
        at: named,
        help: "remove it, or refer to its keys with env:NAME"
      )
    }
    return SecretResolver(
      sources: sources,
      envFile: file,
      envFilePath: path,
      parallel: settings.parallel,
      redactor: redactor
    )
  }

  /// The secret an option or a process option refers to.
  ///
  /// - Parameter keepsEnvFile: Whether a key of the env file stays there although it has served.
  func secret(
    reference text: String,
    subject: String,
    flag: String,
    question: String = "Secret: ",
    keepsEnvFile: Bool = true
  ) async throws(Failure) -> Secret {
    let request = SecretRequest(
      subject: subject,
      flag: flag,
      reference: try secretReference(text, flag: flag),
      question: question
    )
    let resolver = try resolver(for: [request], of: nil)
    do throws(CredentialError) {
      let found = try await find(request, with: resolver)
      note(found, keepsEnvFile: keepsEnvFile)
      return found.value
    } catch {
      throw Failure(error)
    }
  }

  /// Looks for a secret; the command of a `cmd:` has the terminal in the meantime, and may ask there.
  func find(
    _ request: SecretRequest,
    with resolver: SecretResolver
  ) async throws(CredentialError) -> Resolution<Secret> {
    conversation.progress?.pause()
    defer { conversation.progress?.resume() }
    guard case .command? = request.reference?.place else {
      return try await resolver.resolve(request)
    }
    return try await conversation.lendTerminal { () async throws(CredentialError) in
      try await resolver.resolve(request)
    }
  }

  /// Looks for many secrets in parallel, each place once; progress shows what is awaited.
  ///
  /// - Throws: When the person gives up; what is not available is a failure in its place.
  func find(
    _ requests: [SecretRequest],
    with resolver: SecretResolver
  ) async throws(Failure) -> [Result<Resolution<Secret>, CredentialError>] {
    let progress = conversation.progress
    progress?.expect(requests.map(\.name))
    let outcomes = await resolver.resolve(requests) { progress?.finish($0.name) }
    if outcomes.contains(where: \.isInterruption) { throw .interrupted }
    return outcomes
  }

  /// Reads a reference; one that spells the secret out is warned about where others can see it.
  func secretReference(
    _ text: String,
    flag: String,
    at given: ArgumentValue? = nil
  ) throws(Failure) -> SecretReference {
    do throws(SecretReferenceError) {
      let reference = try SecretReference(text)
      warnIfVisible(reference, flag: flag)
      return reference
    } catch {
      throw .invalid("\(flag): \(error.description)", at: given)
    }
  }

  /// The reference of an option, or the secret a script has.
  func secretReference(
    of given: ArgumentValue,
    text: String? = nil,
    flag: String
  ) throws(Failure) -> SecretReference {
    if case .secret(let secret)? = given.value { return SecretReference(holding: secret) }
    return try secretReference(text ?? given.text, flag: flag, at: given)
  }

  /// Remembers which places gave a secret, and says what is to be said about them.
  func note(_ found: Resolution<Secret>, keepsEnvFile: Bool = false) {
    if let variable = found.secretVariable { noteSecret(variable: variable) }
    for warning in found.warnings { warnOnce(warning.description) }
    guard case .envFile(let key, let path) = found.origin else { return }
    // A variable of the same name is meant for the same secret.
    noteSecret(variable: key)
    if !keepsEnvFile { findings.note(key, inFileAt: path, found.value) }
  }

  /// Remembers the env file a user name came from, for cleaning up.
  func note(userName found: Resolution<String>, keepsEnvFile: Bool) {
    for warning in found.warnings { warnOnce(warning.description) }
    guard !keepsEnvFile, case .envFile(let key, let path) = found.origin else { return }
    findings.note(key, inFileAt: path, Secret(found.value))
  }

  /// A secret among the arguments of a process can be read by everyone on the machine.
  func warnIfVisible(_ reference: SecretReference, flag: String) {
    guard reference.isSpelledOut, world.hasVisibleArguments else { return }
    warnOnce(
      "\(flag) shows the secret to everyone who can run ps",
      help: "use env:NAME, file:PATH, cmd:COMMAND or - instead"
    )
  }
}

extension Failure {
  /// No secret could be found: exit 5, as a person would have been asked; a wrong place is exit 2.
  init(_ error: CredentialError, at given: ArgumentValue? = nil) {
    switch error {
    case .missing(let missing):
      self.init(
        Diagnostic(
          code: .refused,
          message: missing.description,
          help: "\(missing.flag) must be env:NAME, file:PATH, cmd:COMMAND, - or the secret itself"
        ),
        exitCode: .unasked
      )
    case .unusable(_, .interrupted): self = .interrupted
    case .unusable(_, .nobodyToAsk):
      self = .unasked(error.description, flags: []).placed(at: given)
    case .unusable: self = .invalid(error.description, at: given)
    }
  }
}

extension SecretRequest {
  /// How progress calls it; nothing in it is secret.
  fileprivate var name: String { reference?.description ?? subject }
}
