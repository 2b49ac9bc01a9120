extension ServerText {
  /// The text without the user names and passwords of the URLs in it.
  package static func withoutCredentials(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "@")) else { return text }
    var result = ""
    var rest = text[...]
    while let place = ServerURL.credentials(in: rest) {
      result += rest[..<place.lowerBound] + "***"
      rest = rest[place.upperBound...]
    }
    return result + rest
  }
}
