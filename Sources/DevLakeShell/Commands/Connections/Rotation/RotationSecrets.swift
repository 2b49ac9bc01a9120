import DevLakeKit
import ShellLanguage

/// Fetches the secrets of a bulk rotation: each reference once, whoever shares it.
struct RotationSecrets {
  let session: Session
  let call: Call

  /// The secrets, in the wishes' order, in the form DevLake can keep.
  ///
  /// - Throws: Only when the person gives up; what is not available is a failure at its place.
  func fetch(
    _ wishes: [RotationRequest],
    for fields: [PluginField]
  ) async throws(Failure) -> [Result<Secret, Failure>] {
    let requests = zip(wishes, fields).map(request)
    let resolver = try session.resolver(for: requests, of: call)
    let found = try await session.find(requests, with: resolver)
    return zip(zip(wishes, fields), found).map { pair, outcome in
      let (wish, field) = pair
      let place = wish.isFromFile ? wish.place : call.option("token") ?? wish.place
      switch outcome {
      case .success(let resolution):
        session.note(resolution, keepsEnvFile: call.keepsEnvFile)
        return checked(resolution.value, field, wish.place)
      case .failure(.unusable(_, let error)):
        return .failure(.invalid(error.description, at: place).hiding(place))
      case .failure(let error): return .failure(Failure(error, at: place).hiding(place))
      }
    }
  }

  private func request(_ wish: RotationRequest, _ field: PluginField) -> SecretRequest {
    let reference: SecretReference
    switch wish.source {
    case .secret(let secret): reference = SecretReference(holding: secret)
    case .reference(let written): reference = written
    }
    return SecretRequest(
      subject: "secret",
      flag: "--token",
      reference: reference,
      question: wish.isFromFile ? question(wish, field) : "Secret for all: ",
      allowsMultipleLines: field.kind == .pem,
      // Every `prompt` of a file is a question of its own, the one of `--token` is one for all.
      owner: wish.isFromFile ? "\(wish.target.key)" : ""
    )
  }

  private func question(_ wish: RotationRequest, _ field: PluginField) -> String {
    wish.target.connection.map { SecretFetcher.question(wish.target.plugin, field, $0) }
      ?? "Secret: "
  }

  private func checked(
    _ secret: Secret,
    _ field: PluginField,
    _ place: ArgumentValue
  ) -> Result<Secret, Failure> {
    do throws(FieldMistake) {
      return .success(try SecretRules.checked(secret, for: field))
    } catch {
      return .failure(.invalid(error.description, at: place).hiding(place))
    }
  }
}
