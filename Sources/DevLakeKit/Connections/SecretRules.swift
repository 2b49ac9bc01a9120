/// What a secret must be like so that DevLake can keep it.
///
/// A GitHub token too short for DevLake's masking makes every later read of the list panic: the row
/// is stored, and `GET /plugins/github/connections` is 500 for everyone (measured). Such a secret
/// is refused before it is sent anywhere.
package enum SecretRules {
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
  package static func checked(
    _ secret: Secret,
    for field: PluginField
  ) throws(FieldMistake) -> Secret {
    try secret.reveal { (value) throws(FieldMistake) in
      guard !value.isEmpty else { throw .secret("the \(field.name) is empty") }
      if value.contains("****") {
        throw .secret("the \(field.name) looks like DevLake's mask; give the secret itself")
      }
      if field.kind == .json { return try headers(value, for: field) }
      if field.mask != .githubToken || field.kind == .pem { try check(value, of: field) }
      if field.name == PluginField.proxy.name { try ProxyRules.check(value) }
      switch field.mask {
      case .githubToken where field.kind != .pem: return try tokens(value, of: field)
      case .githubPEM:
        guard value.utf8.count >= shortestKey, value.contains("-----BEGIN") else {
          throw .secret(
            "the private key is not a PEM file; give the whole file, as file:key.pem"
          )
        }
      default: break
      }
      return secret
    }
  }

  /// Refuses what no service gives out, and a slip of a hand or of a copy brings in: what is saved
  /// is what was meant, or nothing.
  private static func check(_ value: String, of field: PluginField) throws(FieldMistake) {
    for scalar in value.unicodeScalars {
      guard let fault = fault(of: scalar, in: field) else { continue }
      throw .secret("the \(field.name) has \(fault)")
    }
  }

  /// What is wrong with a character of a secret; a private key has line breaks and blanks.
  private static func fault(of scalar: Unicode.Scalar, in field: PluginField) -> String? {
    let kind = field.kind
    switch scalar.value {
    case 0x21..<0x7F: return nil
    case 0x09 where kind == .pem, 0x0A where kind == .pem, 0x0D where kind == .pem: return nil
    case 0x20 where kind == .pem || kind == .json || field.allowsBlanks: return nil
    case 0x20: return "a space in it; copy the secret again without it"
    case 0x0A, 0x0D: return "a line break in it; it must be one line"
    case 0xFFFD: return "bytes in it that are not UTF-8 text; copy the secret again"
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control: return "a control character in it; copy the secret again"
    case .format, .spaceSeparator, .lineSeparator, .paragraphSeparator:
      return "an invisible character in it; copy the secret again without it"
    default:
      return "a non-ASCII character in it; a secret consists of letters, digits and punctuation "
        + "without accents"
    }
  }

  /// A list of `{key, value}`, as DevLake takes it: neither a text nor an object (measured).
  private static func headers(
    _ text: String,
    for field: PluginField
  ) throws(FieldMistake) -> Secret {
    let shape = "'\(field.name)' is a JSON list such as [{\"key\": \"X-Name\", \"value\": \"...\"}]"
    let elements: [JSONValue]
    do {
      elements = try JSONValue(parsing: Array(text.utf8)).array ?? []
    } catch {
      throw .secret(shape)
    }
    guard !elements.isEmpty else { throw .secret(shape) }
    for element in elements {
      guard element["key"]?.string?.trimmingBlanks.isEmpty == false,
        element["value"]?.string?.trimmingBlanks.isEmpty == false
      else { throw .secret(shape + ", each with both") }
    }
    return Secret(JSONValue.array(elements).text)
  }

  private static func tokens(
    _ value: String,
    of field: PluginField
  ) throws(FieldMistake) -> Secret {
    let tokens = value.split(separator: ",", omittingEmptySubsequences: false)
      .map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
    for token in tokens {
      try check(token, of: field)
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
