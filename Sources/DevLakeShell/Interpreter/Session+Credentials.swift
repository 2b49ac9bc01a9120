import DevLakeKit

extension Session {
  /// Where secrets may come from for the command that runs.
  func secretSources(asks: Bool = true) -> SecretSources {
    let conversation = conversation
    var ask: SecretSources.Question?
    if asks, conversation.canAsk {
      ask = { (question) async throws(SecretReferenceError) -> Secret? in
        do throws(Failure) {
          return try await conversation.askSecret(question)
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
  func envFile(for call: Call) throws(Failure) -> (file: EnvFile?, path: String) {
    let named = call.option("env-file")
    let name = named?.text ?? options.envFile
    let path = secretSources().path(name ?? ".devlake.env")
    do throws(EnvFileError) {
      if name != nil { return (try EnvFile.load(named: path), path) }
      return (try EnvFile.load(path), path)
    } catch {
      throw .invalid(error.description, at: named)
    }
  }

  /// The secret an option or a process option refers to.
  func secret(
    reference text: String,
    subject: String,
    flag: String,
    question: String = "Secret: "
  ) async throws(Failure) -> Secret {
    let request = CredentialResolver.Request(
      subject: subject,
      flag: flag,
      keys: [],
      question: question
    )
    let reference = try secretReference(text, flag: flag)
    do throws(CredentialError) {
      let resolver = CredentialResolver(sources: secretSources())
      let found = try await find(request, reference, with: resolver)
      note(found)
      return found.value
    } catch {
      throw Failure(error)
    }
  }

  /// Looks for a secret; the command of a `cmd:` has the terminal meanwhile, and may ask there.
  func find(
    _ request: CredentialResolver.Request,
    _ reference: SecretReference?,
    with resolver: CredentialResolver
  ) async throws(CredentialError) -> Resolution<Secret> {
    conversation.progress?.pause()
    defer { conversation.progress?.resume() }
    return try await resolver.secret(for: request, option: reference)
  }

  /// Reads a reference; one that spells the secret out is warned about where others can see it.
  func secretReference(
    _ text: String,
    flag: String,
    at given: Given? = nil
  ) throws(Failure) -> SecretReference {
    do throws(SecretReferenceError) {
      let reference = try SecretReference(text)
      warnIfVisible(reference, flag: flag)
      return reference
    } catch {
      throw .invalid("\(flag): \(error.description)", at: given)
    }
  }

  /// Remembers which places gave a secret, and says what is to be said about them.
  func note(_ found: Resolution<Secret>, keepsEnvFile: Bool = false) {
    if let variable = found.secretVariable { usedCredentials.variables.insert(variable) }
    noteOrigin(of: found, keepsEnvFile: keepsEnvFile)
  }

  /// Remembers the env file a value came from, for cleaning up.
  func noteOrigin<Found>(of found: Resolution<Found>, keepsEnvFile: Bool = false) {
    for warning in found.warnings { warnOnce(warning.description) }
    if !keepsEnvFile, case .envFile(let key, let path) = found.origin {
      usedCredentials.envFileKeys[path, default: []].insert(key)
    }
  }

  /// A secret among the arguments of a process can be read by everybody on the machine.
  func warnIfVisible(_ reference: SecretReference, flag: String) {
    guard reference.isSpelledOut, world.hasVisibleArguments else { return }
    warnOnce(
      "\(flag) shows the secret to everybody who can run ps",
      help: "give env:NAME, file:PATH, cmd:COMMAND or - instead"
    )
  }
}

extension Failure {
  /// No secret could be found: exit 5, as a person would have been asked; a wrong place is exit 2.
  init(_ error: CredentialError, at given: Given? = nil) {
    switch error {
    case .missing(let missing):
      self.init(
        Diagnostic(
          code: .refused,
          message: missing.description,
          help: "\(missing.flag) takes env:NAME, file:PATH, cmd:COMMAND, - or the secret itself"
        ),
        exitCode: .unasked
      )
    case .unusable(_, .interrupted): self = .interrupted
    case .unusable(_, .nobodyToAsk):
      self = .invalid(error.description, at: given)
      exitCode = .unasked
    case .unusable: self = .invalid(error.description, at: given)
    }
  }
}
