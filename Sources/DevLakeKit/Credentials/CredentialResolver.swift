/// Finds a secret or a user name: the option, then the env file, then the environment, then the
/// person at the keyboard.
public struct CredentialResolver: Sendable {
  /// What is looked for, and under which names.
  public struct Request: Sendable, Equatable {
    /// What it is, for messages: `"token for GitHub"`.
    public var subject: String
    /// The option that gives it: `"--token"`.
    public var flag: String
    /// The names in the env file and in the environment, best first.
    public var keys: [String]
    /// What to ask a person, with its colon and blank.
    public var question: String
    /// Whether the value may have line breaks; only a PEM key has.
    public var allowsMultipleLines: Bool

    /// Describes what is looked for.
    public init(
      subject: String,
      flag: String,
      keys: [String],
      question: String,
      allowsMultipleLines: Bool = false
    ) {
      self.subject = subject
      self.flag = flag
      self.keys = keys
      self.question = question
      self.allowsMultipleLines = allowsMultipleLines
    }
  }

  private let sources: SecretSources
  private let envFile: EnvFile?
  private let envFilePath: String?

  /// Creates a resolver.
  ///
  /// - Parameters:
  ///   - sources: The environment, and how to ask.
  ///   - envFile: The env file, if there is one.
  ///   - envFilePath: Where an env file would be, for the message when nothing was found.
  public init(sources: SecretSources, envFile: EnvFile? = nil, envFilePath: String? = nil) {
    self.sources = sources
    self.envFile = envFile
    self.envFilePath = envFilePath ?? envFile?.path
  }

  /// Whether the env file or the environment has something under one of these names.
  public func hasStored(under keys: [String]) -> Bool {
    keys.contains {
      envFile?.value(for: $0) != nil || sources.environment[$0]?.isEmpty == false
    }
  }

  /// Finds a secret.
  ///
  /// - Parameters:
  ///   - request: What is wanted, and the places that may hold it.
  ///   - option: What stands behind the flag, which wins over every other place.
  /// - Throws: ``CredentialError``: a place that names a secret but holds none ends the search.
  public func secret(
    for request: Request,
    option: SecretReference? = nil
  ) async throws(CredentialError) -> Resolution<Secret> {
    if let option {
      let found = try await wrap(request.flag) { () async throws(SecretReferenceError) in
        try await option.resolve(
          in: sources,
          allowsMultipleLines: request.allowsMultipleLines,
          question: request.question
        )
      }
      return Resolution(value: found.secret, origin: .option(option), warnings: found.warnings)
    }
    if let found = try stored(request) { return found }
    guard let ask = sources.ask else { throw .missing(missing(request)) }
    let answer = try await wrap(nil) { () async throws(SecretReferenceError) in
      try await ask(request.question)
    }
    guard let answer else { throw .missing(missing(request)) }
    return Resolution(value: try check(answer, "the answer", request), origin: .prompt)
  }

  /// Finds a user name, which is no secret and may be shown.
  ///
  /// - Parameters:
  ///   - request: What is wanted, and the places that may hold it.
  ///   - option: The value of the flag, as it stands.
  ///   - ask: Asks a person, showing what is typed; `nil` off a terminal.
  public func userName(
    for request: Request,
    option: String? = nil,
    ask: (@Sendable (String) async throws(SecretReferenceError) -> String?)? = nil
  ) async throws(CredentialError) -> Resolution<String> {
    if let option {
      let name = try check(Secret(option), "the user name", request, flag: request.flag)
      return Resolution(value: name.reveal { $0 }, origin: .given)
    }
    if let found = try stored(request) {
      return Resolution(value: found.value.reveal { $0 }, origin: found.origin)
    }
    guard let ask else { throw .missing(missing(request)) }
    let answer = try await wrap(nil) { () async throws(SecretReferenceError) in
      try await ask(request.question)
    }
    guard let answer else { throw .missing(missing(request)) }
    let name = try check(Secret(answer), "the answer", request)
    return Resolution(value: name.reveal { $0 }, origin: .prompt)
  }

  /// Looks in the env file, then in the environment; a variable that is empty counts as unset.
  private func stored(_ request: Request) throws(CredentialError) -> Resolution<Secret>? {
    if let envFile {
      for key in request.keys {
        guard let value = envFile.value(for: key) else { continue }
        let place = "'\(key)' in '\(envFile.path)'"
        return Resolution(
          value: try check(value, place, request),
          origin: .envFile(key: key, path: envFile.path),
          warnings: envFile.warnings
        )
      }
    }
    for key in request.keys {
      guard let value = sources.environment[key], !value.isEmpty else { continue }
      let place = "environment variable '\(key)'"
      return Resolution(
        value: try check(Secret(value), place, request),
        origin: .environment(key: key)
      )
    }
    return nil
  }

  private func check(
    _ value: Secret,
    _ place: String,
    _ request: Request,
    flag: String? = nil
  ) throws(CredentialError) -> Secret {
    let text = SecretText(place: place, allowsMultipleLines: request.allowsMultipleLines)
    do throws(SecretReferenceError) {
      return try value.reveal { value throws(SecretReferenceError) in try text.secret(value) }
    } catch {
      throw .unusable(flag: flag, error)
    }
  }

  private func missing(_ request: Request) -> MissingCredential {
    MissingCredential(
      subject: request.subject,
      flag: request.flag,
      keys: request.keys,
      envFilePath: envFilePath,
      envFileExists: envFile != nil
    )
  }

  private func wrap<Result: Sendable>(
    _ flag: String?,
    _ body: () async throws(SecretReferenceError) -> Result
  ) async throws(CredentialError) -> Result {
    do throws(SecretReferenceError) {
      return try await body()
    } catch {
      throw .unusable(flag: flag, error)
    }
  }
}
