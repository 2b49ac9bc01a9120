/// A credential, and where it was found.
public struct Resolution<Value: Sendable & Equatable>: Sendable, Equatable {
  /// The credential itself.
  public let value: Value
  /// The place that had it.
  public let origin: CredentialOrigin
  /// What to say on standard error about that place.
  public let warnings: [SecretWarning]

  init(value: Value, origin: CredentialOrigin, warnings: [SecretWarning] = []) {
    self.value = value
    self.origin = origin
    self.warnings = warnings
  }

  /// The key to delete from the env file once the credential has served.
  public var envFileKey: String? {
    if case .envFile(let key, _) = origin { key } else { nil }
  }
}

extension Resolution where Value == Secret {
  /// The environment variable the secret is in, which children must not get.
  public var secretVariable: String? {
    switch origin {
    case .option(let reference): reference.variable
    case .environment(let key): key
    case .given, .envFile, .prompt: nil
    }
  }
}

/// Where a credential can come from, in the order the places are tried.
public enum CredentialOrigin: Sendable, Equatable, CustomStringConvertible {
  /// An option with a reference to a secret.
  case option(SecretReference)
  /// An option with the value itself.
  case given
  /// A key of the env file.
  case envFile(key: String, path: String)
  /// An environment variable.
  case environment(key: String)
  /// A person.
  case prompt

  /// The place for a message such as `token from …`; nothing in it is secret.
  public var description: String {
    switch self {
    case .option(let reference):
      switch reference.place {
      case .bare, .text: "the command line"
      case .standardInput: "standard input"
      case .prompt: "the terminal"
      case .environment, .file, .command: reference.description
      }
    case .given: "the command line"
    case .envFile(let key, let path): "'\(key)' in '\(path)'"
    case .environment(let key): "environment variable '\(key)'"
    case .prompt: "the terminal"
    }
  }
}
