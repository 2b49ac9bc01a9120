/// Turns what a place gave into a secret, or says what is wrong with it.
struct SecretText {
  /// No token, password or key is longer, in bytes.
  static let maximumLength = 65_536

  /// What the text was found in, for messages: `the file 'x'`.
  let place: String
  /// Whether line breaks belong to the value, as in a PEM key.
  let allowsMultipleLines: Bool

  /// Reads bytes that may begin with a byte order mark and end with one line break.
  func secret(fromLines bytes: [UInt8]) throws(SecretReferenceError) -> Secret {
    guard bytes.count <= Self.maximumLength else { throw .unusable(.tooLong, place) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .unusable(.notText, place)
    }
    var scalars = text.unicodeScalars
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    if scalars.last == "\n" { scalars.removeLast() }
    // Also of a line that was taken out of a text of Windows, without its line feed.
    if scalars.last == "\r" { scalars.removeLast() }
    return try secret(String(scalars))
  }

  /// Accepts `text` as it stands, or throws.
  func secret(_ text: String) throws(SecretReferenceError) -> Secret {
    let scalars = text.unicodeScalars
    guard text.utf8.count <= Self.maximumLength else { throw .unusable(.tooLong, place) }
    guard !scalars.allSatisfy(\.properties.isWhitespace) else { throw .unusable(.empty, place) }
    for scalar in scalars where scalar.properties.generalCategory == .control {
      let isLineBreak = scalar == "\n" || scalar == "\r"
      if allowsMultipleLines, isLineBreak || scalar == "\t" { continue }
      throw .unusable(isLineBreak ? .holdsLineBreak : .holdsControlCharacter, place)
    }
    if !allowsMultipleLines,
      scalars.first?.properties.isWhitespace == true
        || scalars.last?.properties.isWhitespace == true
    {
      throw .unusable(.hasBlanksAround, place)
    }
    return Secret(text)
  }
}
