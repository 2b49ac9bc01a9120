/// Tells by their names which fields hold secrets, where no catalog does.
package enum SecretFields {
  /// Whether a field of that name is taken for a secret: `(?i)token|secret|password|apikey`.
  package static func isSecret(_ name: String) -> Bool {
    // Letters outside ASCII have lower cases among these, too: the Kelvin sign is a `k`.
    let bytes = name.utf8.allSatisfy { $0 < 0x80 } ? name.utf8 : name.lowercased().utf8
    return words.contains { holds(bytes, $0) }
  }

  /// The same of a value that is written: whether something is on or off is not a secret.
  package static func isSecret(_ name: String, holding text: String) -> Bool {
    !["true", "false", "null"].contains(text.lowercased()) && isSecret(name)
  }

  /// Whether a field of that name holds a secret, and not only when one ends.
  static func namesSecret(_ name: String) -> Bool { isSecret(name) && !isTime(name) }

  private static let words: [StaticString] = ["token", "secret", "password", "apikey"]

  /// Whether the word is in the bytes, in whatever case.
  ///
  /// Every field of every connection is asked: the library's own search takes twenty times as long.
  private static func holds(_ bytes: String.UTF8View, _ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    var matched = 0
    for byte in bytes {
      let lower = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
      // The first letter of each is in it once, so that only the byte itself can begin again.
      if lower != word.utf8Start[matched] { matched = 0 }
      if lower == word.utf8Start[matched] { matched += 1 }
      if matched == count { return true }
    }
    return false
  }

  /// `tokenExpiresAt` tells when, not what.
  static func isTime(_ name: String) -> Bool { name.hasSuffix("At") }
}
