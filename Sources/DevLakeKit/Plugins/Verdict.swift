/// What a test of a connection came to.
public struct Verdict: Sendable, Equatable {
  /// The outcome.
  public var outcome: Outcome
  /// What DevLake or the service says, one line.
  public var message: String
  /// What a person can do about it, one sentence.
  public var hint: String?
  /// The user the service knows the credential as.
  public var login: String?
  /// How long the test took, in milliseconds.
  public var elapsedMilliseconds = 0
  /// Whether DevLake reports success where it would for any page that answers.
  public var isOnlyReported = false
  /// What the credential sees of the service, a clause; `nil` where that was not asked.
  public var reach: String?
  /// What it has to be one of and is not: the numbers of a GitHub App's installations.
  public var choices: [Int] = []
  /// Why it failed; `nil` when it did not.
  public var cause: Cause?
  /// What each of several tokens came to, by their numbers; see ``TokenPool``.
  public var tokens: [TokenVerdict] = []

  /// The outcomes; the raw value is the `verdict` programs read.
  public enum Outcome: String, Sendable {
    /// The service accepted the credential.
    case passed
    /// It did not, or could not be asked.
    case failed
    /// The service was never asked with the credential.
    case unverified
    /// No answer in time: DevLake itself waits for ever (measured).
    case timeout
  }

  /// What one of several tokens came to.
  public struct TokenVerdict: Sendable, Equatable {
    /// Whether this token works.
    public let isPassed: Bool
    /// What DevLake says of it.
    public let message: String
    /// The user it belongs to.
    public let login: String?
    /// Whether it works for public repositories only.
    public let isLimited: Bool
    /// Its place, from 1, among the tokens as they were given or stored.
    public let position: Int
    /// What DevLake shows of it.
    let mask: String?

    /// What is known of its scopes; `nil`: nothing.
    public var scopes: Scopes? {
      if isLimited { return .publicOnly }
      guard isPassed else {
        let words = ["scope", "permission", "field(s)"]
        return words.contains { message.lowercased().contains($0) } ? .lacking : nil
      }
      // DevLake looks at the scopes of classic tokens only (measured).
      return mask?.hasPrefix("ghp_") == true ? .sufficient : .unchecked
    }

    /// What is known of a token's scopes; the raw value is the `scopes` programs read.
    public enum Scopes: String, Sendable {
      case sufficient
      case publicOnly = "public-only"
      case lacking
      case unchecked = "not-checked"
    }
  }

  /// The users to whom several of the tokens belong, with the tokens' numbers: they share one limit.
  public var sharedLogins: [(login: String, numbers: [Int])] {
    var shared: [(login: String, numbers: [Int])] = []
    for (index, token) in tokens.enumerated() {
      guard let login = token.login else { continue }
      if let place = shared.firstIndex(where: { $0.login == login }) {
        shared[place].numbers.append(index + 1)
      } else {
        shared.append((login, [index + 1]))
      }
    }
    return shared.filter { $0.numbers.count > 1 }
  }

  /// Creates a verdict with the outcome and what is said of it.
  public init(_ outcome: Outcome, _ message: String, hint: String? = nil, login: String? = nil) {
    self.outcome = outcome
    self.message = message
    self.hint = hint
    self.login = login
  }

  /// Whether nothing speaks against the connection: `unverified` is not a failure.
  public var isFailure: Bool { outcome == .failed || outcome == .timeout }
}
