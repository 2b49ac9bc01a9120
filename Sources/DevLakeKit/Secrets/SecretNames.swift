/// Tells by its name what people keep a secret in: a variable, a header field, a member of a body, a
/// key of a file.
///
/// DevLake's own fields have ``SecretFields``, which is narrower: those names are known, these are
/// chosen freely, and what is taken for a secret by mistake is only hidden.
package enum SecretNames {
  /// Whether the name says so: `GITHUB_PAT`, `DB_PASS`, `sshKey`, `PRIVATE-TOKEN`.
  package static func isSecret(_ name: String) -> Bool {
    if SecretFields.isSecret(name) { return !tellsAbout(name) }
    let words = words(of: name)
    guard let last = words.last else { return false }
    if words.contains(where: { $0.hasPrefix("CREDENTIAL") || $0 == "CREDS" || $0 == "PASSPHRASE" })
    {
      return true
    }
    switch last {
    // The working folder is `PWD` and `OLDPWD`.
    case "PWD": return words.count > 1
    case "PASS", "PASSWD", "PAT", "AUTH", "AUTHORIZATION", "COOKIE", "BEARER", "JWT", "CRED":
      return true
    case "KEY", "KEYS":
      guard let kind = words.dropLast().last else { return false }
      return !plainKeys.contains(kind)
    default:
      return last.hasSuffix("PASSWD")
        || (last.hasSuffix("PASS") && !["BYPASS", "COMPASS"].contains(last))
    }
  }

  /// What a key can be of that opens nothing.
  private static let plainKeys: Set<String> = [
    "PUBLIC", "PUB", "SORT", "CACHE", "PRIMARY", "FOREIGN", "PARTITION", "PROJECT", "BOARD",
    "ISSUE",
    "ORG", "ORGANIZATION", "REPO", "MAP", "HOT", "SPACE",
  ]

  /// `tokenExpiresAt` tells when, `usesApiToken` whether; neither tells what.
  private static func tellsAbout(_ name: String) -> Bool {
    name.hasSuffix("At")
      || ["uses", "has", "is"].contains { prefix in
        name.hasPrefix(prefix) && name.dropFirst(prefix.count).first?.isUppercase == true
      }
  }

  /// The words of a name, in capitals and without numbers behind them: `sshKey2` is `SSH`, `KEY`.
  private static func words(of name: String) -> [String] {
    var words: [String] = []
    var word = ""
    var previous: Character?
    for character in name {
      let isPart = character.isLetter || character.isNumber
      let begins = character.isUppercase && previous?.isLowercase == true
      if !isPart || begins {
        if !word.isEmpty { words.append(word) }
        word = ""
      }
      if isPart { word.append(character) }
      previous = character
    }
    if !word.isEmpty { words.append(word) }
    return words.map { word in
      let letters = word.prefix { !$0.isNumber }
      return (letters.isEmpty ? word[...] : letters).uppercased()
    }
    .filter { !$0.allSatisfy(\.isNumber) }
  }
}
