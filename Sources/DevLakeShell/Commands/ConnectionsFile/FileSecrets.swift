import DevLakeKit

/// The secrets a connections file refers to, each reference followed once.
///
/// `env:NAME` is looked for in the env file first, then in the environment, as every credential is.
struct FileSecrets {
  private let session: Session
  private let call: Call
  private let folder: String
  private var found: [(reference: SecretReference, outcome: Outcome)] = []
  /// What a person answered, by the place of the reference: two `prompt` are two questions.
  private var asked: [TextPlace: Outcome] = [:]

  /// What came of following a reference.
  private enum Outcome: Sendable {
    case found(Resolution<Secret>)
    case missing(String)
  }

  init(_ session: Session, _ call: Call, folder: String) {
    self.session = session
    self.call = call
    self.folder = folder
  }

  /// Whether a reference is followed only when its secret is needed: a person, or a pipe, gives it.
  static func isPostponed(_ reference: SecretReference) -> Bool {
    reference.place == .prompt || reference.place == .standardInput
  }

  /// Follows the references that ask nobody, side by side where none can ask for a passphrase.
  mutating func fetch(_ secrets: [DesiredSecret]) async throws(Failure) {
    var references: [(SecretReference, PluginField)] = []
    for secret in secrets where !Self.isPostponed(secret.reference) {
      if !references.contains(where: { $0.0 == secret.reference }) {
        references.append((secret.reference, secret.field))
      }
    }
    let resolver = try resolver(asks: false)
    let outcomes = await sideBySide(
      references,
      atMost: session.conversation.canAsk ? 1 : session.settings.parallel,
      showing: session.conversation.progress,
      named: references.map(\.0.description)
    ) { reference, field in
      await Self.outcome(of: reference, field, resolver)
    }
    for ((reference, _), outcome) in zip(references, outcomes) {
      if case .failure(let error) = outcome { throw Failure(error) }
      if case .success(let outcome) = outcome { keep(outcome, of: reference) }
    }
  }

  /// Asks for a secret, or takes it from standard input; each once.
  mutating func ask(for secret: DesiredSecret, of name: String) async throws(Failure) {
    guard Self.isPostponed(secret.reference) else { return }
    if secret.reference.place == .standardInput, self[secret.reference] != nil { return }
    let question = "\(secret.field.name) for \"\(ServerText.line(name))\": "
    let outcome = await Self.outcome(
      of: secret.reference,
      secret.field,
      try resolver(asks: true),
      question
    )
    if case .failure(let error) = outcome { throw Failure(error) }
    if case .success(let outcome) = outcome {
      asked[secret.place] = outcome
      if secret.reference.place == .standardInput { keep(outcome, of: secret.reference) }
    }
  }

  /// What is known of a secret, in the form DevLake can keep.
  func finding(_ secret: DesiredSecret) -> ConnectionPlanner.Finding {
    switch asked[secret.place] ?? self[secret.reference] {
    case nil: return .postponed
    case .missing(let reason)?: return .missing(reason: reason)
    case .found(let resolution)?:
      do throws(FieldMistake) {
        return .found(try SecretRules.checked(resolution.value, for: secret.field))
      } catch {
        return .missing(reason: error.description)
      }
    }
  }

  /// Why the secret found for a reference can never be kept; `nil` for none found.
  func mistake(in secret: DesiredSecret) -> ConnectionsFileMistake? {
    guard case .found? = self[secret.reference], case .missing(let reason) = finding(secret) else {
      return nil
    }
    return ConnectionsFileMistake(message: reason, place: secret.place)
  }

  /// Remembers that a secret has served, for the cleaning of the env file.
  func noteUse(of secret: DesiredSecret) {
    guard case .found(let resolution)? = asked[secret.place] ?? self[secret.reference] else {
      return
    }
    session.note(resolution, keepsEnvFile: call.flag("skip-cleanup"))
  }

  private subscript(reference: SecretReference) -> Outcome? {
    found.last { $0.reference == reference }?.outcome
  }

  private mutating func keep(_ outcome: Outcome, of reference: SecretReference) {
    if case .found(let resolution) = outcome {
      session.note(resolution, keepsEnvFile: true)
      if case .envFile(let key, _) = resolution.origin {
        session.usedCredentials.variables.insert(key)
      }
    }
    found.append((reference, outcome))
  }

  private func resolver(asks: Bool) throws(Failure) -> CredentialResolver {
    let (file, path) = try session.envFile(for: call)
    var sources = session.secretSources(asks: asks)
    sources.workingDirectory = folder
    return CredentialResolver(sources: sources, envFile: file, envFilePath: path)
  }

  private static func outcome(
    of reference: SecretReference,
    _ field: PluginField,
    _ resolver: CredentialResolver,
    _ question: String = ""
  ) async -> Result<Outcome, CredentialError> {
    let request = CredentialResolver.Request(
      subject: field.name,
      flag: field.name,
      keys: reference.variable.map { [$0] } ?? [],
      question: question,
      allowsMultipleLines: field.kind == .pem
    )
    do throws(CredentialError) {
      // A variable is looked for in the env file, too; every other place is the reference's own.
      let option = reference.variable == nil ? reference : nil
      return .success(.found(try await resolver.secret(for: request, option: option)))
    } catch {
      switch error {
      case .unusable(_, .interrupted): return .failure(error)
      case .unusable(_, let reason): return .success(.missing(reason.description))
      case .missing(let missing):
        let name = reference.variable ?? ""
        let place = missing.envFileExists ? ", and no key of '\(missing.envFilePath ?? "")'" : ""
        return .success(.missing("$\(name) is not set\(place)"))
      }
    }
  }
}
