import DevLakeKit
import ShellLanguage

/// Secrets in a word that are known by the name before them: `PRIVATE-TOKEN: …`, `access_token=…`,
/// `"key":"…"`.
enum NamedSecrets {
  /// The places of the values in the word.
  static func spans(in word: TypedWord) -> [SourceSpan] {
    let bytes = Array(word.text.utf8)
    var spans: [SourceSpan] = []
    for index in bytes.indices where bytes[index] == colon || bytes[index] == equals {
      // Not a comparison, and not the scheme of a URL.
      if bytes[index] == equals, isComparison(bytes, index) { continue }
      if bytes[index...].starts(with: Array("://".utf8)) { continue }
      let name = name(before: index, in: bytes)
      let isMember = bytes[index] == colon && isKey(name)
      guard isSecret(name) || isMember, let value = value(after: index, in: bytes) else { continue }
      spans.append(
        SourceSpan(
          lower: word.span.lower + value.lowerBound,
          upper: word.span.lower + value.upperBound
        )
      )
    }
    return spans
  }

  private static let colon = UInt8(ascii: ":")
  private static let equals = UInt8(ascii: "=")

  /// Whether a name, quotes and blanks around it apart, is that of a secret.
  static func isSecret(_ name: String) -> Bool {
    SecretNames.isSecret(name) || PluginRegistry.standard.secretFields.contains(name)
      || ["pass", "pwd"].contains(name.lowercased())
  }

  /// Whether a member of a body is called `key` and nothing more; a variable of that name holds
  /// anything.
  static func isKey(_ name: String) -> Bool { name.lowercased() == "key" }

  private static func isComparison(_ bytes: [UInt8], _ index: Int) -> Bool {
    let operators = Array("=!<>~".utf8)
    return (index > 0 && operators.contains(bytes[index - 1]))
      || (index + 1 < bytes.count && bytes[index + 1] == equals)
  }

  private static func name(before index: Int, in bytes: [UInt8]) -> String {
    var end = index
    while end > 0, isBlankOrQuote(bytes[end - 1]) { end -= 1 }
    var start = end
    while start > 0, isNamePart(bytes[start - 1]) { start -= 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// What is behind the sign: a quoted text, or all to the next blank or mark; `nil` where that
  /// is nothing, a reference, or no text.
  private static func value(after index: Int, in bytes: [UInt8]) -> Range<Int>? {
    var start = index + 1
    while start < bytes.count, isBlankOrQuote(bytes[start]) { start += 1 }
    let quote = bytes[start - 1]
    let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
    var end = start
    while end < bytes.count {
      if isQuoted ? bytes[end] == quote : isEnd(bytes[end]) { break }
      end += 1
    }
    // The scheme of `Authorization: Bearer …` is not secret, what follows it is.
    if !isQuoted, end < bytes.count, bytes[end] == 0x20 {
      let word = String(decoding: bytes[start..<end], as: UTF8.self).lowercased()
      if ["bearer", "basic", "token", "digest"].contains(word) {
        start = end + 1
        end = bytes[start...].firstIndex(where: isEnd) ?? bytes.count
      }
    }
    // The backslash before a closing quote inside quotes is the quote's.
    if isQuoted, end > start, bytes[end - 1] == UInt8(ascii: "\\") { end -= 1 }
    let text = String(decoding: bytes[start..<end], as: UTF8.self)
    guard !text.isEmpty, !["true", "false", "null", "***"].contains(text),
      !["{", "[", "<"].contains(where: text.hasPrefix), !TypedWord.isReference(text)
    else { return nil }
    return start..<end
  }

  private static func isNamePart(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }

  private static func isBlankOrQuote(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
      || byte == UInt8(ascii: "\\")
  }

  private static func isEnd(_ byte: UInt8) -> Bool {
    byte <= 0x20 || Array("\"'&,;}]\\".utf8).contains(byte)
  }
}
