/// What a secret must be like so that DevLake can keep it.
///
/// A GitHub token too short for DevLake's masking makes every later read of the list panic: the row
/// is stored, and `GET /plugins/github/connections` is 500 for everybody (measured). Such a secret
/// is refused before it is sent anywhere.
public enum SecretRules {
  /// The shortest token per prefix that DevLake can mask, in characters (boundaries measured).
  private static let shortest: [(prefix: String, length: Int)] = [
    ("github_pat_", 85), ("ghp_", 32), ("gho_", 32), ("ghu_", 32), ("ghs_", 32), ("ghr_", 32),
  ]
  /// The shortest private key that DevLake can mask, in bytes.
  private static let shortestKey = 100

  /// Checks a secret for a field, and puts it into the form DevLake wants.
  ///
  /// - Returns: The secret; of several GitHub tokens, joined by commas, blanks around each are
  ///   dropped because DevLake would take them for part of the token.
  public static func checked(
    _ secret: Secret,
    for field: PluginField
  ) throws(FieldMistake) -> Secret {
    try secret.reveal { (value) throws(FieldMistake) in
      guard !value.isEmpty else { throw .secret("the \(field.name) is empty") }
      if value.contains("****") {
        throw .secret("the \(field.name) looks like DevLake's mask; give the secret itself")
      }
      if field.kind != .pem, value.unicodeScalars.contains(where: { $0 == "\n" || $0 == "\r" }) {
        throw .secret("the \(field.name) has a line break in it; give one line")
      }
      if field.name == PluginField.proxy.name { try ProxyRules.check(value) }
      switch field.mask {
      case .githubToken: return try tokens(value)
      case .githubPEM:
        guard value.utf8.count >= shortestKey, value.contains("-----BEGIN") else {
          throw .secret(
            "the private key is no PEM; give the whole file, as --secret-key file:key.pem"
          )
        }
      default: break
      }
      return secret
    }
  }

  private static func tokens(_ value: String) throws(FieldMistake) -> Secret {
    let tokens = value.split(separator: ",", omittingEmptySubsequences: false)
      .map { String($0.trimmingBlanks) }
    for token in tokens {
      guard !token.isEmpty else {
        throw .secret("one of the tokens between the commas is empty")
      }
      for (prefix, length) in shortest where token.hasPrefix(prefix) {
        guard token.unicodeScalars.count >= length else {
          throw .secret(
            "the token is too short to be a GitHub token: \(prefix)… has at least \(length) "
              + "characters, and a shorter one would break DevLake's list of connections"
          )
        }
      }
    }
    return Secret(tokens.joined(separator: ","))
  }
}
