import DevLakeKit

/// The secrets a connections file refers to, each reference followed once.
///
/// `env:NAME` is looked for in the env file first, then in the environment, as every credential is.
struct FileSecrets {
  private let session: Session
  private let call: Call
  private let folder: String
  /// By what the references read, so that ten thousand of them are no hundred million comparisons;
  /// those that spell a secret out read alike.
  private var found: [String: [(reference: SecretReference, outcome: Outcome)]] = [:]
  /// What a person answered, by the place of the reference: two `prompt` are two questions.
  private var asked: [TextPlace: Outcome] = [:]

  /// The outcome of following a reference.
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

  /// Follows the references that ask nobody, in parallel.
  mutating func fetch(_ secrets: [DesiredSecret]) async throws(Failure) {
    let wanted = secrets.filter { !Self.isPostponed($0.reference) }
    let requests = wanted.map { Self.request($0) }
    let resolver = try session.resolver(for: requests, of: call, asks: false, folder: folder)
    let outcomes = try await session.find(requests, with: resolver)
    for (secret, outcome) in zip(wanted, outcomes) where self[secret.reference] == nil {
      keep(Self.outcome(outcome), of: secret.reference)
    }
  }

  /// Asks for a secret, or takes it from standard input; each once.
  mutating func ask(for secret: DesiredSecret, of name: String) async throws(Failure) {
    guard Self.isPostponed(secret.reference) else { return }
    if secret.reference.place == .standardInput, self[secret.reference] != nil { return }
    let request = Self.request(
      secret,
      "\(ServerText.line(secret.header ?? secret.field.name)) for \"\(ServerText.line(name))\": "
    )
    let resolver = try session.resolver(for: [request], of: nil, folder: folder)
    let outcome: Outcome
    do throws(CredentialError) {
      outcome = .found(try await session.find(request, with: resolver))
    } catch {
      if case .unusable(_, .interrupted) = error { throw Failure(error) }
      outcome = Self.outcome(.failure(error))
    }
    asked[secret.place] = outcome
    if secret.reference.place == .standardInput { keep(outcome, of: secret.reference) }
  }

  /// What is known of a secret, in the form DevLake can keep.
  func finding(_ secret: DesiredSecret) -> ConnectionPlanner.Finding {
    switch asked[secret.place] ?? self[secret.reference] {
    case nil: return .postponed
    case .missing(let reason)?: return .missing(reason: reason)
    case .found(let resolution)?:
      do throws(FieldMistake) {
        let field = secret.header.map(PluginField.header) ?? secret.field
        return .found(try SecretRules.checked(resolution.value, for: field))
      } catch {
        return .missing(reason: error.description)
      }
    }
  }

  /// What is known of all secrets of one field: of several headers the list of them.
  func finding(_ parts: [DesiredSecret]) -> ConnectionPlanner.Finding {
    guard let first = parts.first, first.header != nil else {
      return parts.first.map(finding) ?? .postponed
    }
    var headers: [(name: String, value: Secret)] = []
    for part in parts {
      switch finding(part) {
      case .found(let value): headers.append((part.header ?? "", value))
      case .missing(let reason):
        return .missing(reason: "the header '\(ServerText.line(part.header ?? ""))': \(reason)")
      case .postponed: return .postponed
      }
    }
    return .found(Headers.secret(headers))
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
    found[reference.description]?.last { $0.reference == reference }?.outcome
  }

  private mutating func keep(_ outcome: Outcome, of reference: SecretReference) {
    if case .found(let resolution) = outcome { session.note(resolution, keepsEnvFile: true) }
    found[reference.description, default: []].append((reference, outcome))
  }

  private static func request(_ secret: DesiredSecret, _ question: String = "") -> SecretRequest {
    SecretRequest(
      subject: secret.header ?? secret.field.name,
      flag: secret.header ?? secret.field.name,
      reference: secret.reference,
      question: question,
      allowsMultipleLines: secret.field.kind == .pem
    )
  }

  private static func outcome(_ result: Result<Resolution<Secret>, CredentialError>) -> Outcome {
    switch result {
    case .success(let resolution): .found(resolution)
    case .failure(.unusable(_, .variableUnset(let name, nil))): .missing("$\(name) is not set")
    case .failure(.unusable(_, .variableUnset(let name, let path?))):
      .missing("$\(name) is not set, and no key of '\(path)'")
    case .failure(.unusable(_, let reason)): .missing(reason.description)
    case .failure(.missing(let missing)): .missing(missing.description)
    }
  }
}
