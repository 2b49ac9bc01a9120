import DevLakeKit
import ShellLanguage

/// Finds the secrets in what was written, for history and for the source lines of messages.
///
/// The words are read by the language's rules for quotes, not by a pattern over the text: an option
/// that takes a secret is known by its signature, a mistyped one by its likeness to it, and each word
/// is looked at by itself. So it works for what cannot be parsed, too.
struct SecretScanner {
  let registry: CommandRegistry

  /// The places of the secrets; references such as `env:NAME` are none.
  func spans(in text: String) -> [SourceSpan] {
    var spans: [SourceSpan] = []
    var words = Self.words(of: text)
    for index in words.indices {
      let word = words[index]
      let next = index + 1 < words.count ? words[index + 1] : nil
      // A secret that is 'let' begins nothing, or the redacted text would be read otherwise.
      let known = spans.count
      defer {
        for place in [index, index + 1] where place < words.count && words[place].text == "let" {
          if spans[known...].contains(words[place].span) { words[place].text = "<redacted>" }
        }
      }
      // What follows `let --secret` is a name; the value comes after it.
      if Self.isLetOption(words, index) {
        if let next, let value = Self.valueOfName(next) { spans.append(value) }
        continue
      }
      spans += secrets(word, next, isAfterSecretLet: Self.isSecretLet(words[..<index]))
      spans += EmbeddedSecrets.spans(in: word.text).map {
        SourceSpan(lower: word.span.lower + $0.lower, upper: word.span.lower + $0.upper)
      }
    }
    return spans
  }

  /// The entry with every secret replaced by `<redacted>`, as history keeps it: nothing is left in it
  /// that would be replaced.
  ///
  /// Where a quote stays open, what is replaced changes what the rest is taken for.
  func redacted(_ entry: String) -> String {
    var entry = entry
    for _ in 0..<20 {
      let source = SourceText(name: DiagnosticRenderer.prompt, text: entry)
      let next = source.redacting(spans(in: entry))
      if next == entry { return entry }
      entry = next
    }
    return SourceText.redacted
  }

  /// The diagnostic with the secrets of its source line hidden, in the line and in its sentences.
  func hiding(in diagnostic: Diagnostic) -> Diagnostic {
    guard let source = diagnostic.source, let span = diagnostic.span else { return diagnostic }
    var diagnostic = diagnostic
    let bytes = Array(source.text.utf8)
    let place = min(max(0, span.lower), bytes.count)
    let newline = UInt8(ascii: "\n")
    let start = bytes[..<place].lastIndex(of: newline).map { $0 + 1 } ?? 0
    let end = bytes[place...].firstIndex(of: newline) ?? bytes.count
    let line = String(decoding: bytes[start..<end], as: UTF8.self)
    for secret in spans(in: line) {
      let moved = SourceSpan(lower: secret.lower + start, upper: secret.upper + start)
      diagnostic.hidden.append(moved)
      let text = String(decoding: bytes[moved.lower..<moved.upper], as: UTF8.self)
      let bare = text.filter { $0 != "'" && $0 != "\"" }
      guard bare.utf8.count >= 4 else { continue }
      diagnostic.message = diagnostic.message.replacing(bare, with: Secret.placeholder)
      diagnostic.help = diagnostic.help?.replacing(bare, with: Secret.placeholder)
    }
    return diagnostic
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
        if Self.pairOptions.contains(String(name)) { return Self.secretMember(value, span) }
        if name == "field" || name == "set" { return field(value, span) }
        if isSecretOption(String(name)) { return Self.isReference(value) ? [] : [span] }
        return Self.credentials(in: RawWord(text: value, span: span)).map { [$0] } ?? []
      }
      guard let next else { return [] }
      if Self.pairOptions.contains(String(name)) { return Self.secretMember(next.text, next.span) }
      if name == "field" || name == "set" { return field(next.text, next.span) }
      return isSecretOption(String(name)) && !Self.isReference(next.text) ? [next.span] : []
    }
    if let span = Self.credentials(in: word) { return [span] }
    if Self.looksSecret(word.text) || BodySecrets.areIn(word.text) { return [word.span] }
    // The hyphens were forgotten: `token=…`.
    return word.text.contains("=") ? field(word.text, word.span) : []
  }

  /// Options that take NAME=REF, where only what stands behind the `=` is a secret.
  private static let pairOptions: Set<String> = ["secret", "replace"]

  /// The value of `--secret NAME=REF`, unless it only says where the secret is.
  private static func secretMember(_ text: String, _ span: SourceSpan) -> [SourceSpan] {
    isReferredTo(by: text) ? [] : [span]
  }

  /// Whether `NAME=REF` holds no secret, but says where it is.
  static func isReferredTo(by pair: String) -> Bool {
    guard let equals = pair.firstIndex(of: "=") else { return true }
    return isReference(String(pair[pair.index(after: equals)...]))
  }

  /// What stands before `@` in a URL.
  private static func credentials(in word: RawWord) -> SourceSpan? {
    guard let scheme = word.text.ranges(of: "://").first else { return nil }
    let authority = word.text[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
    guard let at = authority.lastIndex(of: "@") else { return nil }
    let utf8 = word.text.utf8
    let lower = utf8.distance(from: utf8.startIndex, to: scheme.upperBound)
    let upper = utf8.distance(from: utf8.startIndex, to: at)
    return SourceSpan(lower: word.span.lower + lower, upper: word.span.lower + upper)
  }

  /// The value of `--field token=…`.
  private func field(_ text: String, _ span: SourceSpan) -> [SourceSpan] {
    guard let equals = text.firstIndex(of: "=") else { return [] }
    let name = text[..<equals].drop { $0 == "'" || $0 == "\"" }
    let value = text[text.index(after: equals)...]
    let bare = value.filter { $0 != "'" && $0 != "\"" }
    guard SecretFields.isSecret(String(name), holding: bare), !Self.isReference(String(value))
    else { return [] }
    return [span]
  }

  /// Whether an option of that name takes a secret, or is a mistyped one that does.
  private func isSecretOption(_ name: String) -> Bool {
    let signatures = registry.commands.map(\.signature) + [Invocation.signature]
    let options = signatures.flatMap(\.allOptions)
    if let option = options.first(where: { $0.name == name }) { return option.kind == .secret }
    if SecretFields.isSecret(name) { return true }
    let secret = Set(options.filter { [.secret, .numberedSecret].contains($0.kind) }.map(\.name))
    return Suggestion.closest(to: name, among: secret.sorted()) != nil
  }

  /// Whether a value only says where the secret is.
  private static func isReference(_ text: String) -> Bool {
    let value = text.drop { $0 == "'" || $0 == "\"" }
    return value.hasPrefix("env:") || value.hasPrefix("file:") || value.hasPrefix("cmd:")
      || value == "-" || value == "prompt" || value.hasPrefix("$") || value.isEmpty
  }

  /// Whether an answer to an open question may be a secret meant for another one: it begins as a
  /// token does, or has a long piece of letters and digits as no name has.
  static func mayBeSecret(_ text: String) -> Bool {
    if looksSecret(text) { return true }
    return text.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.contains { piece in
      piece.utf8.count >= 16 && piece.contains(where: \.isNumber)
        && piece.contains(where: \.isLetter)
    }
  }

  /// Tokens that are known by their beginnings, wherever they stand.
  private static func looksSecret(_ text: String) -> Bool {
    let beginnings = [
      "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "ATATT",
      "text:", "-----BEGIN",
    ]
    let value = text.drop { $0 == "'" || $0 == "\"" }
    if URLCredentials.read(String(value)) != nil { return true }
    return beginnings.contains { value.hasPrefix($0) && value.count > $0.count }
  }

  /// Whether the word is the option of `let --secret`, mistyped or not.
  private static func isLetOption(_ words: [RawWord], _ index: Int) -> Bool {
    guard index > 0, words[index].text.hasPrefix("-"), !words[index].text.contains("=") else {
      return false
    }
    let before = words[index - 1].text
    if before == "let" { return true }
    let isLike = Suggestion.closest(to: words[index].text, among: ["--secret"]) != nil
    return (words[index].text == "--secret" || isLike)
      && index + 2 < words.count && words[index + 2].text == "="
  }

  private static func isSecretLet(_ before: ArraySlice<RawWord>) -> Bool {
    guard before.count >= 4, before.last?.text == "=" else { return false }
    return isLetOption(Array(before), before.count - 3)
  }

  /// The place of what stands behind `NAME=`, where the blanks were forgotten.
  private static func valueOfName(_ word: RawWord) -> SourceSpan? {
    guard let equals = word.text.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    // Where a quote begins before it, that is no name.
    if word.text[..<equals].contains(where: { $0 == "'" || $0 == "\"" }) { return word.span }
    let offset = word.text.utf8.distance(from: word.text.startIndex, to: equals) + 1
    let span = SourceSpan(lower: word.span.lower + offset, upper: word.span.upper)
    let value = String(word.text[word.text.utf8.index(after: equals)...])
    return span.lower < span.upper && !isReference(value) ? span : nil
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
      // A line that is continued: the backslash is no word.
      if bytes[index...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "\n")]) {
        index += 2
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
