import DevLakeKit

/// Takes the secrets out of an entry before it is kept.
///
/// The words are read by the language, not by a pattern over the text: an option that takes a secret
/// is known by its signature, a mistyped one by its likeness to it, and where the entry cannot be
/// read each word is looked at by itself.
struct HistoryRedaction {
  let registry: CommandRegistry

  /// The entry with every secret replaced by `<redacted>`; references such as `env:NAME` stay.
  func redacted(_ entry: String) -> String {
    let source = SourceText(name: DiagnosticRenderer.prompt, text: entry)
    var spans: [SourceSpan] = []
    let words = Self.words(of: entry)
    for (index, word) in words.enumerated() {
      let next = index + 1 < words.count ? words[index + 1] : nil
      spans += secrets(word, next, isAfterSecretLet: Self.isSecretLet(words[..<index]))
    }
    return source.redacting(spans)
  }

  private struct RawWord {
    var text: String
    var span: SourceSpan
  }

  private func secrets(
    _ word: RawWord,
    _ next: RawWord?,
    isAfterSecretLet: Bool
  ) -> [SourceSpan] {
    if isAfterSecretLet { return Self.isReference(word.text) ? [] : [word.span] }
    if word.text.hasPrefix("-"), word.text != "-" {
      let name = word.text.drop { $0 == "-" }.prefix { $0 != "=" }
      if let equals = word.text.firstIndex(of: "=") {
        let value = String(word.text[word.text.index(after: equals)...])
        let offset = word.text.utf8.distance(from: word.text.startIndex, to: equals) + 1
        let span = SourceSpan(lower: word.span.lower + offset, upper: word.span.upper)
        if name == "field" || name == "set" { return field(value, span) }
        return isSecretOption(String(name)) && !Self.isReference(value) ? [span] : []
      }
      guard let next else { return [] }
      if name == "field" || name == "set" { return field(next.text, next.span) }
      return isSecretOption(String(name)) && !Self.isReference(next.text) ? [next.span] : []
    }
    return Self.looksSecret(word.text) ? [word.span] : []
  }

  /// The value of `--field token=…`.
  private func field(_ text: String, _ span: SourceSpan) -> [SourceSpan] {
    guard let equals = text.firstIndex(of: "=") else { return [] }
    let name = text[..<equals].drop { $0 == "'" || $0 == "\"" }
    let value = text[text.index(after: equals)...]
    guard SecretFields.isSecret(String(name)), !Self.isReference(String(value)) else { return [] }
    return [span]
  }

  /// Whether an option of that name takes a secret, or is a mistyped one that does.
  private func isSecretOption(_ name: String) -> Bool {
    let signatures = registry.commands.map(\.signature) + [Invocation.signature]
    let options = signatures.flatMap(\.allOptions)
    if let option = options.first(where: { $0.name == name }) { return option.kind == .secret }
    if SecretFields.isSecret(name) { return true }
    let secret = Set(options.filter { $0.kind == .secret }.map(\.name))
    return Suggestion.closest(to: name, among: secret.sorted()) != nil
  }

  /// Whether a value only says where the secret is.
  private static func isReference(_ text: String) -> Bool {
    let value = text.drop { $0 == "'" || $0 == "\"" }
    return value.hasPrefix("env:") || value.hasPrefix("file:") || value.hasPrefix("cmd:")
      || value == "-" || value == "prompt" || value.hasPrefix("$") || value.isEmpty
  }

  /// Tokens that are known by their beginnings, wherever they stand.
  private static func looksSecret(_ text: String) -> Bool {
    let beginnings = [
      "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "ATATT",
      "text:", "-----BEGIN",
    ]
    let value = text.drop { $0 == "'" || $0 == "\"" }
    return beginnings.contains { value.hasPrefix($0) && value.count > $0.count }
  }

  private static func isSecretLet(_ before: ArraySlice<RawWord>) -> Bool {
    guard before.count >= 4 else { return false }
    let last = before.suffix(4).map(\.text)
    return last[0] == "let" && last[1] == "--secret" && last[3] == "="
  }

  /// The words of a text, quotes kept, whether or not it can be parsed: an open quote runs to the end.
  private static func words(of text: String) -> [RawWord] {
    let bytes = Array(text.utf8)
    var words: [RawWord] = []
    var index = 0
    while index < bytes.count {
      if isSeparator(bytes[index]) {
        index += 1
        continue
      }
      let start = index
      var quote: UInt8?
      while index < bytes.count, quote != nil || !isSeparator(bytes[index]) {
        let byte = bytes[index]
        if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "'"), index + 1 < bytes.count {
          index += 1
        } else if let open = quote {
          if byte == open { quote = nil }
        } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
          quote = byte
        }
        index += 1
      }
      words.append(
        RawWord(
          text: String(decoding: bytes[start..<index], as: UTF8.self),
          span: SourceSpan(lower: start, upper: index)
        )
      )
    }
    return words
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D || byte == UInt8(ascii: ";")
  }
}
