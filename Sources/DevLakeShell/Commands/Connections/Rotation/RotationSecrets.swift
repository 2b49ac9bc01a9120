import DevLakeKit
import ShellLanguage

/// Fetches the secrets of a bulk rotation: each reference once, whoever shares it.
struct RotationSecrets {
  let session: Session
  let call: Call

  /// One reference to be fetched.
  private struct Errand: Sendable {
    let reference: SecretReference
    let allowsMultipleLines: Bool
    let question: String
    let place: Given
  }

  /// The secrets, in the wishes' order, in the form DevLake can keep.
  ///
  /// - Throws: Only when the person gives up; what cannot be had is a failure at its place.
  func fetch(
    _ wishes: [RotationWish],
    for fields: [PluginField]
  ) async throws(Failure) -> [Result<Secret, Failure>] {
    var errands: [String: Errand] = [:]
    var order: [String] = []
    let keys = zip(wishes, fields).map { wish, field -> String? in
      guard case .reference(let reference) = wish.source else { return nil }
      let key = key(reference, field, wish)
      guard errands[key] == nil else { return key }
      order.append(key)
      errands[key] = Errand(
        reference: reference,
        allowsMultipleLines: field.kind == .pem,
        question: wish.isFromFile ? question(wish, field) : "Secret for all: ",
        place: wish.isFromFile ? wish.place : call.option("token") ?? wish.place
      )
      return key
    }
    let found = try await run(order.compactMap { errands[$0] })
    let secrets = Dictionary(uniqueKeysWithValues: zip(order, found))
    return zip(zip(wishes, fields), keys).map { pair, key in
      let (wish, field) = pair
      switch (wish.source, key.flatMap { secrets[$0] }) {
      case (.secret(let secret), _): return checked(secret, field, wish.place)
      case (.reference, .success(let secret)?): return checked(secret, field, wish.place)
      case (.reference, .failure(let failure)?): return .failure(failure)
      case (.reference, nil): return .failure(.usage("no secret", at: wish.place))
      }
    }
  }

  /// The same for references that lead to the same secret; every `prompt` of a file asks anew.
  private func key(
    _ reference: SecretReference,
    _ field: PluginField,
    _ wish: RotationWish
  ) -> String {
    let kind = field.kind == .pem ? "lines " : "line "
    if reference.place == .prompt, wish.isFromFile { return kind + "prompt \(wish.target.key)" }
    return kind + wish.place.text
  }

  private func question(_ wish: RotationWish, _ field: PluginField) -> String {
    wish.target.connection.map { SecretFetcher.question(wish.target.plugin, field, $0) }
      ?? "Secret: "
  }

  /// Commands and files side by side; what asks a person or reads standard input one by one.
  private func run(_ errands: [Errand]) async throws(Failure) -> [Result<Secret, Failure>] {
    let sources = session.secretSources()
    let (file, path) = try namedEnvFile()
    let outcomes = await sideBySide(
      errands,
      atMost: errands.contains(where: \.reference.asks) ? 1 : session.settings.parallel,
      showing: session.conversation.progress,
      named: errands.map(\.reference.description)
    ) { errand -> Result<ResolvedSecret, SecretReferenceError> in
      if let key = errand.reference.variable, let secret = file?.value(for: key) {
        return .success(ResolvedSecret(secret: secret))
      }
      do throws(SecretReferenceError) {
        return .success(
          try await errand.reference.resolve(
            in: sources,
            allowsMultipleLines: errand.allowsMultipleLines,
            question: errand.question
          )
        )
      } catch {
        return .failure(error)
      }
    }
    var secrets: [Result<Secret, Failure>] = []
    for (errand, outcome) in zip(errands, outcomes) {
      switch outcome {
      case .success(let found):
        note(errand.reference, found, file, path)
        secrets.append(.success(found.secret))
      case .failure(.interrupted): throw .interrupted
      case .failure(let error):
        secrets.append(.failure(.invalid(error.description, at: errand.place).hiding(errand.place)))
      }
    }
    return secrets
  }

  /// Remembers what served, for children and for cleaning up.
  private func note(
    _ reference: SecretReference,
    _ found: ResolvedSecret,
    _ file: EnvFile?,
    _ path: String
  ) {
    for warning in found.warnings { session.warnOnce(warning.description) }
    guard let variable = reference.variable else { return }
    session.usedCredentials.variables.insert(variable)
    if file?.value(for: variable) != nil, !call.flag("skip-cleanup") {
      session.usedCredentials.envFileKeys[path, default: []].insert(variable)
    }
  }

  /// The env file is looked into only where it is named: several connections never get what happens
  /// to lie around.
  private func namedEnvFile() throws(Failure) -> (EnvFile?, String) {
    guard call.option("env-file") != nil else { return (nil, "") }
    return try session.envFile(for: call)
  }

  private func checked(
    _ secret: Secret,
    _ field: PluginField,
    _ place: Given
  ) -> Result<Secret, Failure> {
    do throws(FieldMistake) {
      return .success(try SecretRules.checked(secret, for: field))
    } catch {
      return .failure(.invalid(error.description, at: place).hiding(place))
    }
  }
}

extension SecretReference {
  /// Whether it needs the person or the one standard input.
  fileprivate var asks: Bool { place == .prompt || place == .standardInput }
}
