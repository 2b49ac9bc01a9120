import DevLakeKit

/// Secrets inside the JSON body of `api`.
enum BodySecrets {
  /// Whether a word is JSON, or the beginning of it, with a member that is named like a secret and
  /// has a text.
  static func areIn(_ word: String) -> Bool {
    guard word.contains(where: { $0 == "{" || $0 == "[" }) else { return false }
    var rest = word.replacing("\\\"", with: "\"")[...]
    while let open = rest.firstIndex(of: "\"") {
      let name = rest[rest.index(after: open)...].prefix { $0 != "\"" }
      guard name.endIndex < rest.endIndex else { return false }
      rest = rest[rest.index(after: name.endIndex)...]
      let value = rest.drop { $0 == ":" || $0.isWhitespace }
      guard value.count < rest.count, value.first == "\"" else { continue }
      if NamedSecrets.isSecret(String(name)) || NamedSecrets.isKey(String(name)) { return true }
    }
    return false
  }
}
