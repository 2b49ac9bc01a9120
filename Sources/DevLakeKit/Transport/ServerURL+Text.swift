/// Addresses inside other texts, which may be no addresses at all.
extension ServerURL {
  /// Where the user name and password of the first URL in a text stand; a quote or a blank ends a URL.
  ///
  /// It hides rather too much: a password may be written with a `/`, `?` or `#` that no URL can have
  /// there, and a URL that is refused must not be shown with it either.
  public static func credentials(in text: Substring) -> Range<Substring.Index>? {
    credentials(in: text) { "\"'<>".unicodeScalars.contains($0) || $0.properties.isWhitespace }
  }

  /// The same for a word that a person wrote, in which a quote may be a part of the password.
  public static func credentials(inWord text: Substring) -> Range<Substring.Index>? {
    credentials(in: text) { _ in false }
  }

  private static func credentials(
    in text: Substring,
    until isEnd: (Unicode.Scalar) -> Bool
  ) -> Range<Substring.Index>? {
    var text = text
    while let mark = text.firstRange(of: "://") {
      // Scalars: a mark that is put upon an '@' does not make it another one.
      let url = text[mark.upperBound...].unicodeScalars.prefix { !isEnd($0) }
      let authority = url.prefix { !"/?#".unicodeScalars.contains($0) }
      // No port has letters: behind that colon stands a password.
      let port = authority.split(separator: ":", omittingEmptySubsequences: false).dropFirst().last
      let isPassword = port.map { !$0.allSatisfy { ("0"..."9").contains($0) } && $0.last != "]" }
      let at = authority.lastIndex(of: "@") ?? (isPassword == true ? url.lastIndex(of: "@") : nil)
      if let at { return mark.upperBound..<at }
      text = text[mark.upperBound...]
    }
    return nil
  }

  /// The server of a request's URL, which begins with the text of a server's, and what is asked there.
  static func parts(ofRequest url: String) -> (server: ServerURL, target: Substring)? {
    guard let parts = Parts(url[...]),
      let server = try? ServerURL("\(parts.scheme)://\(parts.authority)")
    else { return nil }
    return (server, parts.rest)
  }

  /// Host and port of a request's URL, which begins with the text of a server's.
  static func address(ofRequest url: String) -> String {
    Parts(url[...]).map { String($0.hostAndPort) } ?? url
  }
}
