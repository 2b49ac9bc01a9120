/// Why there is no credential; `description` is one line for a person, without anything secret.
@nonexhaustive
public enum CredentialError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No place had it, and nobody could be asked.
  case missing(MissingCredential)
  /// The place that should have it was no use; `flag` is the option that named the place, if any.
  case unusable(flag: String?, SecretReferenceError)

  /// What happened and what to do.
  public var description: String {
    switch self {
    case .missing(let missing): missing.description
    case .unusable(_, .interrupted): SecretReferenceError.interrupted.description
    case .unusable(let flag?, let error): "\(flag): \(error)"
    case .unusable(nil, let error): error.description
    }
  }
}

/// A credential no place had, with every place that was looked at.
public struct MissingCredential: Sendable, Equatable, CustomStringConvertible {
  /// What was looked for: `"token for GitHub"`.
  public let subject: String
  /// The option that gives it.
  public let flag: String
  /// The names tried in the env file and in the environment.
  public let keys: [String]
  /// The env file, or where it would be.
  public let envFilePath: String?
  /// Whether there is an env file.
  public let envFileExists: Bool

  /// What was looked for, where, and what to do.
  public var description: String {
    guard !keys.isEmpty else { return "no \(subject): pass \(flag)" }
    let places =
      envFilePath.map { path in
        "in '\(path)'\(envFileExists ? "" : " (no such file)") or in the environment"
      } ?? "in the environment"
    return "no \(subject): pass \(flag), or set \(keys.joined(separator: " or ")) \(places)"
  }
}
