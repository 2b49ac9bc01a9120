/// One secret that is wanted, and the places that may have it.
public struct SecretRequest: Sendable, Equatable {
  /// What it is, for messages: `"token for GitHub"`.
  public var subject: String
  /// What names it for the person, for messages: an option, or the field of a file.
  public var flag: String
  /// Where someone says it is; `nil`: nobody does, so ``keys`` are looked up and a person is asked.
  public var reference: SecretReference?
  /// The names in the env file and in the environment, best first; only without a ``reference``.
  public var keys: [String]
  /// What to ask a person, with its colon and blank.
  public var question: String
  /// Whether the value may have line breaks; only a PEM key has.
  public var allowsMultipleLines: Bool
  /// Whose secret it is: each owner is asked by itself, everything else is fetched once for all.
  public var owner: String

  /// Describes what is wanted.
  public init(
    subject: String,
    flag: String,
    reference: SecretReference? = nil,
    keys: [String] = [],
    question: String = "Secret: ",
    allowsMultipleLines: Bool = false,
    owner: String = ""
  ) {
    self.subject = subject
    self.flag = flag
    self.reference = reference
    self.keys = keys
    self.question = question
    self.allowsMultipleLines = allowsMultipleLines
    self.owner = owner
  }

  /// Whether the env file is looked into for it.
  public var readsEnvFile: Bool {
    if let reference { return reference.variable != nil }
    return !keys.isEmpty
  }

  /// Whether it needs the one standard input, or the person for certain.
  var asks: Bool { reference?.place == .prompt || reference?.place == .standardInput }

  /// Whether another request is answered by the same secret.
  func isAnswered(with other: SecretRequest) -> Bool {
    guard reference == other.reference, allowsMultipleLines == other.allowsMultipleLines else {
      return false
    }
    switch reference?.place {
    case nil: return keys == other.keys && owner == other.owner
    case .prompt?: return owner == other.owner
    default: return true
    }
  }
}
