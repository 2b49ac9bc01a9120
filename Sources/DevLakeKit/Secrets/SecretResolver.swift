/// Finds secrets, and user names, by one rule: where someone says they are, else in the env file,
/// then in the environment, then the person at the keyboard is asked.
///
/// `env:NAME` is looked up in the env file first, too, whichever command, option or file it stands
/// in. Everything found is made known to the redactor before it is handed out.
///
///     let resolver = SecretResolver(sources: sources, envFile: try EnvFile.load(".devlake.env"))
///     let found = await resolver.resolve(rows.map { SecretRequest(subject: …, reference: $0.ref) })
public struct SecretResolver: Sendable {
  private let sources: SecretSources
  private let envFile: EnvFile?
  private let envFilePath: String?
  private let parallel: Int
  private let redactor: Redactor?

  /// Creates a resolver.
  ///
  /// - Parameters:
  ///   - sources: The environment, and how to ask.
  ///   - envFile: The env file, if there is one.
  ///   - envFilePath: Where an env file would be, for the message when nothing was found.
  ///   - parallel: How many places are asked at once.
  ///   - redactor: Is told every secret that is found.
  public init(
    sources: SecretSources,
    envFile: EnvFile? = nil,
    envFilePath: String? = nil,
    parallel: Int = 16,
    redactor: Redactor? = nil
  ) {
    self.sources = sources
    self.envFile = envFile
    self.envFilePath = envFilePath ?? envFile?.path
    self.parallel = max(1, parallel)
    self.redactor = redactor
  }

  /// Whether the env file or the environment has something under one of these names.
  public func hasStored(under keys: [String]) -> Bool {
    keys.contains {
      envFile?.value(for: $0) != nil || sources.environment[$0]?.isEmpty == false
    }
  }

  /// Finds many secrets, each place asked once, whoever shares it.
  ///
  /// Files and commands are read in parallel; then, one after the other and in their order, the
  /// person and standard input. Whoever gives up answers none of the questions that follow.
  ///
  /// - Parameters:
  ///   - requests: What is wanted, with the places to look in.
  ///   - finished: Told of each place that has answered, for a progress line.
  /// - Returns: What came of each request, in the requests' order.
  public func resolve(
    _ requests: [SecretRequest],
    finished: (@Sendable (SecretRequest) -> Void)? = nil
  ) async -> [Result<Resolution<Secret>, CredentialError>] {
    var unique: [SecretRequest] = []
    var places: [Int] = []
    var seen: [String: [Int]] = [:]
    for request in requests {
      // Only what reads alike is compared: a thousand rows are no million comparisons.
      let key = request.reference?.description ?? request.keys.joined(separator: " ")
      if let place = seen[key]?.first(where: { unique[$0].isAnswered(with: request) }) {
        places.append(place)
        continue
      }
      seen[key, default: []].append(unique.count)
      places.append(unique.count)
      unique.append(request)
    }
    var outcomes = await fetch(unique.filter { !mayAsk($0) }, finished)[...]
    var isInterrupted = outcomes.contains(where: \.isInterruption)
    var found: [Result<Resolution<Secret>, CredentialError>] = []
    for request in unique {
      if !mayAsk(request), let outcome = outcomes.popFirst() {
        found.append(outcome)
      } else if isInterrupted {
        found.append(.failure(.unusable(flag: request.flag, .interrupted)))
      } else {
        let outcome = await outcome(of: request)
        isInterrupted = outcome.isInterruption
        found.append(outcome)
        finished?(request)
      }
    }
    return places.map { found[$0] }
  }

  /// Finds one secret.
  ///
  /// - Throws: ``CredentialError``: a place that names a secret but holds none ends the search.
  public func resolve(
    _ request: SecretRequest
  ) async throws(CredentialError) -> Resolution<Secret> {
    try await outcome(of: request).get()
  }

  /// Finds a user name, which is not a secret and may be shown.
  ///
  /// - Parameters:
  ///   - request: What is wanted, and the places that may hold it.
  ///   - option: The value of the flag, as it stands.
  ///   - ask: Asks a person, showing what is typed; `nil` off a terminal.
  public func userName(
    for request: SecretRequest,
    option: String? = nil,
    ask: (@Sendable (String) async throws(SecretReferenceError) -> String?)? = nil
  ) async throws(CredentialError) -> Resolution<String> {
    if let option {
      let name = try check(Secret(option), "the user name", request, flag: request.flag)
      return Resolution(value: name.reveal { $0 }, origin: .given)
    }
    if let found = try stored(request) {
      return Resolution(
        value: found.value.reveal { $0 },
        origin: found.origin,
        warnings: found.warnings
      )
    }
    guard let ask else { throw .missing(missing(request)) }
    let answer = try await wrap(nil) { () async throws(SecretReferenceError) in
      try await ask(request.question)
    }
    guard let answer else { throw .missing(missing(request)) }
    let name = try check(Secret(answer), "the answer", request)
    return Resolution(value: name.reveal { $0 }, origin: .prompt)
  }

  /// Whether a person may have to answer, or the one standard input is read.
  private func mayAsk(_ request: SecretRequest) -> Bool {
    request.asks || (request.reference == nil && !hasStored(under: request.keys))
  }

  /// Asks places that ask nobody, in parallel.
  private func fetch(
    _ requests: [SecretRequest],
    _ finished: (@Sendable (SecretRequest) -> Void)?
  ) async -> [Result<Resolution<Secret>, CredentialError>] {
    // One alone needs no task, which would start on another thread.
    guard requests.count > 1 else {
      guard let request = requests.first else { return [] }
      let outcome = await outcome(of: request)
      finished?(request)
      return [outcome]
    }
    return await withTaskGroup(
      of: (Int, Result<Resolution<Secret>, CredentialError>).self
    ) { group in
      var next = 0
      func start() {
        guard next < requests.count else { return }
        let index = next
        next += 1
        group.addTask { (index, await outcome(of: requests[index])) }
      }
      for _ in 0..<parallel { start() }
      var outcomes = [Result<Resolution<Secret>, CredentialError>?](
        repeating: nil,
        count: requests.count
      )
      while let (index, outcome) = await group.next() {
        outcomes[index] = outcome
        finished?(requests[index])
        start()
      }
      return outcomes.compactMap(\.self)
    }
  }

  private func outcome(
    of request: SecretRequest
  ) async -> Result<Resolution<Secret>, CredentialError> {
    do throws(CredentialError) {
      let found = try await find(request)
      redactor?.learn(found.value)
      return .success(found)
    } catch {
      return .failure(error)
    }
  }

  private func find(
    _ request: SecretRequest
  ) async throws(CredentialError) -> Resolution<Secret> {
    if let reference = request.reference {
      if let name = reference.variable, let found = try kept(name, request) { return found }
      let found = try await wrap(request.flag) { () async throws(SecretReferenceError) in
        try await reference.resolve(
          in: sources,
          allowsMultipleLines: request.allowsMultipleLines,
          question: request.question,
          envFilePath: envFile?.path
        )
      }
      return Resolution(
        value: found.secret,
        origin: .option(reference),
        warnings: found.warnings
      )
    }
    if let found = try stored(request) { return found }
    guard let ask = sources.ask else { throw .missing(missing(request)) }
    let answer = try await wrap(nil) { () async throws(SecretReferenceError) in
      try await ask(request.question)
    }
    guard let answer else { throw .missing(missing(request)) }
    return Resolution(value: try check(answer, "the answer", request), origin: .prompt)
  }

  /// Looks in the env file, then in the environment; a variable that is empty counts as unset.
  private func stored(_ request: SecretRequest) throws(CredentialError) -> Resolution<Secret>? {
    for key in request.keys {
      if let found = try kept(key, request) { return found }
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

  /// The value of a key in the env file.
  private func kept(
    _ key: String,
    _ request: SecretRequest
  ) throws(CredentialError) -> Resolution<Secret>? {
    guard let envFile, let value = envFile.value(for: key) else { return nil }
    return Resolution(
      value: try check(value, "'\(key)' in '\(envFile.path)'", request),
      origin: .envFile(key: key, path: envFile.path),
      warnings: envFile.warnings
    )
  }

  private func check(
    _ value: Secret,
    _ place: String,
    _ request: SecretRequest,
    flag: String? = nil
  ) throws(CredentialError) -> Secret {
    let text = SecretText(place: place, allowsMultipleLines: request.allowsMultipleLines)
    do throws(SecretReferenceError) {
      return try value.reveal { value throws(SecretReferenceError) in try text.secret(value) }
    } catch {
      throw .unusable(flag: flag, error)
    }
  }

  private func missing(_ request: SecretRequest) -> MissingCredential {
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

extension Result where Success == Resolution<Secret>, Failure == CredentialError {
  /// Whether a person gave up.
  package var isInterruption: Bool {
    if case .failure(.unusable(_, .interrupted)) = self { true } else { false }
  }
}
