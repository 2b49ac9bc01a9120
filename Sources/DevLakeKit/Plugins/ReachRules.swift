/// What collection needs of a service beyond an accepted credential, and how a plugin tells of it.
public struct ReachRules: Sendable, Equatable {
  /// Where DevLake's `proxy/rest` finds one scope at the service, with members of the scope in
  /// braces: `projects/{gitlabId}`; `nil`: it cannot be asked.
  public var scopePath: String?
  /// What the answers of the service mean, the first that fits first.
  public var explanations: [Explanation] = []
  /// With which authentication a credential that sees nothing is broken, as a GitHub App that is
  /// installed nowhere.
  public var authMethodThatSees: String?

  /// What it means when a service lets the credential in and does not let it read.
  public struct Explanation: Sendable, Equatable {
    /// The service's statuses.
    public let statuses: [Int]
    /// With which authentication; `nil`: any.
    public var authMethod: String?
    /// Only while this field is empty or false, as DevLake shows it.
    public var unlessSet: String?
    /// Why the test failed.
    public let cause: Verdict.Cause
    /// What is so, a clause.
    public let message: String
    /// What to do, a clause.
    public let hint: String

    /// Creates an explanation of answers with one of `statuses`.
    public init(
      _ statuses: [Int],
      authMethod: String? = nil,
      unlessSet: String? = nil,
      _ cause: Verdict.Cause,
      _ message: String,
      hint: String
    ) {
      self.statuses = statuses
      self.authMethod = authMethod
      self.unlessSet = unlessSet
      self.cause = cause
      self.message = message
      self.hint = hint
    }
  }

  /// Creates the rules; without arguments nothing is known, which is the usual case.
  public init(
    scopePath: String? = nil,
    explanations: [Explanation] = [],
    authMethodThatSees: String? = nil
  ) {
    self.scopePath = scopePath
    self.explanations = explanations
    self.authMethodThatSees = authMethodThatSees
  }

  /// The path of a scope; `nil` when it cannot be asked, or the scope lacks a member.
  func path(of scope: JSONObject) -> String? {
    guard var rest = scopePath?[...] else { return nil }
    var path = ""
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let value = scope[String(rest[rest.index(after: open)..<close])]
      guard let text = value?.string ?? value?.int.map(String.init), !text.isEmpty, text != "0"
      else { return nil }
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      path += rest[..<open] + parts.map { String($0).percentEncoded }.joined(separator: "/")
      rest = rest[rest.index(after: close)...]
    }
    return path + rest
  }
}
